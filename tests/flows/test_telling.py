"""Somebody is told: a digest a day by mail and webhook, failures at once, each message once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from psycopg2 import errors
from pydantic import SecretStr
from sqlalchemy.exc import ProgrammingError

from flows.fetching import store as fetches
from flows.machine.settings import Settings
from flows.telling import telling
from flows.telling.digest import digest
from flows.warehouse import references
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.flows.sinks import Sink, mail_server, webhook
from tests.flows.test_privacy import NAME, NIP, PERSONAL
from tests.warehouse import steps

MONDAY = "2025-01-20T02:00:00+07:00"
MONDAY_NOON = "2025-01-20T12:00:00+07:00"
TUESDAY = "2025-01-21T02:00:00+07:00"
WEDNESDAY = "2025-01-22T02:00:00+07:00"
FRIDAY = "2025-01-31T02:00:00+07:00"

Open = Callable[[str | None], Warehouse]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def mail() -> Iterator[Sink]:
    with mail_server() as sink:
        yield sink


@pytest.fixture
def hook() -> Iterator[Sink]:
    with webhook() as sink:
        yield sink


@pytest.fixture
def old(server: Server, database: str) -> None:
    steps.backdate_references(server, database)


def telling_to(settings: Settings, *sinks: Sink) -> Settings:
    addresses = SecretStr(" ".join(sink.address for sink in sinks))
    return settings.model_copy(update={"notify": addresses})


def night(warehouse: Warehouse, settings: Settings, failure: str = "") -> int:
    """Do what a night's refresh does, without Prefect."""
    steps.take_inbox(warehouse, settings)
    steps.refresh(warehouse)
    return telling.tell(warehouse, settings, steps.OFFICE, "jadwal", failure)


def parts(body: str) -> dict[str, list[str]]:
    """Return the lines of a digest by the heading that they stand under."""
    found: dict[str, list[str]] = {}
    for block in body.replace("\r", "").strip().split("\n\n")[1:]:
        heading, *lines = block.split("\n")
        found[heading.removesuffix(":")] = lines
    return found


def survey(settings: Settings, answers: str) -> None:
    rows = [steps.form(answers, answered_on=date(2024, 8, day)) for day in range(1, 31)]
    steps.write(settings, "survey_answer", "2024-Q3", rows)


@pytest.mark.usefixtures("old")
def test_digest_by_mail_and_webhook(at: Open, settings: Settings, mail: Sink, hook: Sink):
    given = telling_to(settings, mail, hook)
    given.config.mkdir()
    (given.config / f"{steps.OFFICE}.toml").write_text(
        '[sources.ikpa]\ndoor = "inbox"\ndeliverer = "Bagian Keuangan"\n'
        '[sources.digital_service]\ndoor = "inbox"\ndeliverer = "Bidang Informasi"\n',
        encoding="utf-8",
    )
    survey(given, "433344443")
    assert night(at(MONDAY), given) == 0
    survey(given, "444444443")
    wrong = "Layanan,Digital,Digital SIASN\nX,Ya,Ya\n"
    steps.place(given, "digital_service", "2024-Q4").write_text(wrong, encoding="utf-8")
    assert night(at(TUESDAY), given) == 0

    (first, _), (title, body) = mail.got
    assert first.startswith("IKU Kanreg VI 20 Januari 2025: ")
    assert "1 nilai berubah, 1 berkas ditolak" in title
    assert hook.got[1][0] == title
    assert body.split() == hook.got[1][1].split()
    told = parts(body)
    assert told["Yang dijalankan"] == ["- penyegaran 21 Januari 2025 02.00.00: selesai baik"]
    (changed,) = told["Nilai yang berubah"]
    assert changed.startswith("- IKU.4 Triwulan III 2024: 88,89 (sementara)")
    assert " menjadi 97,22 (sementara), +8,33; data baru: survey_answer 2024-Q3" in changed
    (refused,) = told["Yang ditolak dan siapa yang perlu memperbaikinya"]
    assert refused.startswith("- digital_service 2024-Q4: berkas ditolak, ")
    assert "ambang terlampaui" in refused
    assert "layanan tidak dikenal" in refused
    assert "Oleh Bidang Informasi; rinciannya di `iku quarantine --source digital_serv" in refused
    (late,) = [line for line in told["Sumber yang terlambat"] if line.startswith("- ikpa ")]
    assert late == (
        "- ikpa 2024-12, jatuh tempo 15 Januari 2025; 2024-01 sampai 2024-11 (11 periode), "
        "sudah terlewat: dari Bagian Keuangan"
    )
    assert told["Sumber yang tidak dapat diambil"] == ["- tidak ada"]


@pytest.mark.usefixtures("old")
def test_one_digest_a_day_and_a_failure_once(at: Open, settings: Settings, hook: Sink):
    given = telling_to(settings, hook)
    trouble = "tidak dihitung: 2024-Q3"
    for instant in (MONDAY, MONDAY_NOON):
        telling.tell(at(instant), given, steps.OFFICE, "jadwal", trouble)
    assert [title.partition(":")[2].strip() for title, _ in hook.got] == [
        "penyegaran tidak selesai dengan baik",
        "0 nilai berubah, 0 berkas ditolak, 8 sumber terlambat",
    ]
    assert trouble in hook.got[0][1]
    telling.tell(at(MONDAY_NOON), given, steps.OFFICE, "jadwal", "gagal dihitung: IKU.10 2024-Q3")
    assert len(hook.got) == 3
    telling.tell(at(TUESDAY), given, steps.OFFICE, "jadwal", trouble)
    assert len(hook.got) == 5  # it lasts: told again the next day
    assert "penyegaran 20 Januari 2025 12.00.00: " in hook.got[-1][1]


@pytest.mark.usefixtures("old")
def test_sending_is_tried_again_and_nothing_is_sent_twice(
    at: Open, settings: Settings, mail: Sink, hook: Sink
):
    given = telling_to(settings, mail, hook)
    mail.refuses = True
    assert telling.tell(at(MONDAY), given, steps.OFFICE, "jadwal", "") == 1
    assert (len(mail.got), len(hook.got)) == (0, 1)
    mail.refuses = False
    with ThreadPoolExecutor(4) as pool:
        asked = [at(MONDAY_NOON) for _ in range(4)]
        list(pool.map(lambda warehouse: telling.send(warehouse, given), asked))
    assert telling.send(at(TUESDAY), given) == 0
    assert (len(mail.got), len(hook.got)) == (1, 1)
    outcomes = at(None).rows("SELECT outcome FROM ops.message_attempt ORDER BY attempt_id")
    assert sorted(row["outcome"] for row in outcomes) == ["failed", "sent", "sent"]


@pytest.mark.usefixtures("old")
def test_an_old_message_is_not_sent_to_a_new_address(at: Open, settings: Settings, hook: Sink):
    telling.tell(at(MONDAY), settings, steps.OFFICE, "jadwal", "")
    assert telling.send(at(FRIDAY), telling_to(settings, hook)) == 0
    assert hook.got == []
    assert steps.count(at(None), "ops.message") == 1


@pytest.mark.usefixtures("old")
def test_no_personal_data_and_no_address_is_told(
    at: Open, settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    people = f"NIP,Nama,Kelompok,Kualifikasi\n{NIP},{NAME},PNS,20\n"
    steps.place(settings, "office_employee", "2024").write_text(people, encoding="utf-8")
    secret = "json://127.0.0.1:1/rahasia-alamat"
    given = settings.model_copy(update={"notify": SecretStr(f"{secret} apa://rahasia-alamat")})
    warehouse = at(MONDAY)
    assert night(warehouse, given) == 2
    told = str(steps.table_of(warehouse, "ops.message"))
    assert "office_employee 2024: " in told
    assert not [kind for kind, pattern in PERSONAL.items() if pattern.search(told)]
    kept = told + str(steps.table_of(warehouse, "ops.message_attempt")) + repr(given)
    assert "rahasia-alamat" not in kept + "".join(capfd.readouterr())


def test_messages_are_only_added(at: Open, settings: Settings):
    warehouse = at(MONDAY)
    for table in ("ops.message", "ops.message_attempt", "ops.refresh"):
        for statement in (f"DELETE FROM {table} RETURNING 1", f"UPDATE {table} SET at = at"):
            with pytest.raises(ProgrammingError) as refused:
                warehouse.rows(statement)
            is_column = isinstance(refused.value.orig, errors.UndefinedColumn)
            assert is_column or isinstance(refused.value.orig, errors.InsufficientPrivilege)


@pytest.mark.usefixtures("old")
def test_the_first_digest_lists_figures_as_new(at: Open, settings: Settings):
    survey(settings, "433344443")
    warehouse = at(MONDAY)
    steps.take_inbox(warehouse, settings)
    steps.refresh(warehouse)
    news = digest(warehouse, settings, references.offices(warehouse)[steps.OFFICE])
    assert "- IKU.4 Triwulan III 2024: " in news.body
    assert "pertama kali dihitung" in news.body
    assert WEDNESDAY[:10] not in news.key


@pytest.mark.usefixtures("old")
def test_what_lies_in_the_wrong_place_is_counted_and_not_named(at: Open, settings: Settings):
    wrong = settings.inbox / steps.OFFICE / "survey_answer" / "Budi Contoh.csv"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("a,b\n", encoding="utf-8")
    warehouse = at(MONDAY)
    news = digest(warehouse, settings, references.offices(warehouse)[steps.OFFICE])
    (line,) = parts(news.body)["Yang ditolak dan siapa yang perlu memperbaikinya"]
    assert line.startswith("- 1 berkas atau folder di kotak masuk salah nama")
    assert "Budi" not in news.title + news.body


@pytest.mark.usefixtures("old")
def test_a_failed_run_is_told_once_a_day(at: Open, settings: Settings, hook: Sink):
    given = telling_to(settings, hook)
    for instant in (MONDAY, MONDAY_NOON, TUESDAY):
        assert telling.tell_of_run(at(instant), given, "verify", "") == 0
    assert [title for title, _ in hook.got] == ["IKU: putaran “verify” gagal"] * 2
    assert telling.tell_of_run(at(TUESDAY), given, "refresh kanreg-06", steps.OFFICE) == 0
    of = at(None).rows("SELECT office FROM ops.message ORDER BY message_id")
    assert [row["office"] for row in of] == ["", "", steps.OFFICE]


@pytest.mark.usefixtures("old")
def test_a_door_of_no_use_is_told_without_what_it_answered(at: Open, settings: Settings):
    settings.config.mkdir()
    (settings.config / f"{steps.OFFICE}.toml").write_text(
        '[sources.digital_service]\ndoor = "http"\naddress = "https://contoh.invalid/{period}"\n',
        encoding="utf-8",
    )
    warehouse = at(MONDAY)
    fetches.record(
        warehouse, office=steps.OFFICE, source="digital_service", period="2024-Q4", part="utama",
        door="http", outcome="refused", sha256=None, message="Budi Contoh.csv rusak", who="jadwal",
    )  # fmt: skip
    news = digest(warehouse, settings, references.offices(warehouse)[steps.OFFICE])
    (line,) = parts(news.body)["Sumber yang tidak dapat diambil"]
    assert line == (
        "- digital_service 2024-Q4: pintu http, ditanya 20 Januari 2025 02.00.00; "
        "sebabnya di `iku doctor`"
    )
