"""Fetching: which files are asked for, what is kept of the answers, and what lands of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy.exc import ProgrammingError

from flows import tasks
from flows.fetching import errands
from flows.fetching.doors.database import CONNECT_SECONDS
from flows.fetching.doors.door import DoorUnavailable
from flows.fetching.doors.options import DatabaseOptions
from flows.fetching.errands import Answer, Errand
from flows.fetching.office_config import OfficeConfigError
from flows.landing import land as landing
from flows.landing.request import Landing
from flows.machine import archive
from flows.machine.settings import Settings
from flows.quarantine import held
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.doors import web as answers
from tests.doors.web import Web
from tests.warehouse import steps

At = Callable[[str | None], Warehouse]
OFFICE = "kanreg-06"
HEAD = "Layanan,Digital,Digital SIASN\n"
GOOD = HEAD + "L01,Ya,Ya\nL02,Ya,Tidak\n"
BAD = HEAD + "L01,Ya,Ya\nL02,Mungkin,Tidak\n"


@pytest.fixture
def clock(server: Server, database: str, at: At) -> At:
    """Open the warehouse at an instant; its references have been known long before."""
    steps.backdate_references(server, database)
    return at


@pytest.fixture
def october(clock: At) -> Warehouse:
    """Open the warehouse on a day in the fourth quarter of 2024."""
    return clock("2024-10-20T01:00:00+07:00")


@pytest.fixture
def configure(settings: Settings) -> Callable[[str], Settings]:
    """Return what writes the office's configuration and gives the settings that lead to it."""
    settings.config.mkdir()

    def configure(text: str) -> Settings:
        (settings.config / f"{OFFICE}.toml").write_text(text, encoding="utf-8")
        return settings

    return configure


@pytest.fixture
def linked(configure: Callable[[str], Settings], web: Web) -> Settings:
    """Give settings in which one source is behind a link of the web server."""
    return configure(
        f'[sources.digital_service]\ndoor = "http"\naddress = "{web.address}/{{period}}.csv"\n'
    )


def ask(warehouse: Warehouse, settings: Settings, period: str = "2024-Q3") -> Answer:
    """Ask the one door for a period."""
    (errand,) = (
        errand
        for errand in errands.errands(warehouse, settings, OFFICE)
        if errand.period.text == period
    )
    return errands.fetch(warehouse, settings, errand, "penguji")


def land(warehouse: Warehouse, settings: Settings, answer: Answer) -> Landing:
    assert answer.request is not None
    return landing.land(warehouse, settings, answer.request)


def ledger(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return [
        tuple(row.values())
        for row in warehouse.rows(
            "SELECT source, period, part, door, outcome FROM ops.fetch ORDER BY fetch_id"
        )
    ]


@pytest.mark.parametrize(
    ("source", "day", "asked"),
    [
        ("ikpa", "2024-10-01", ["2024-09", "2024-10"]),
        ("ikpa", "2024-01-31", ["2023-12", "2024-01"]),
        ("digital_service", "2024-09-30", ["2024-Q2", "2024-Q3"]),
        ("digital_service", "2024-01-01", ["2023-Q4", "2024-Q1"]),
        ("agency_nspk", "2024-12-31", ["2023", "2024"]),
    ],
)
def test_the_ended_and_the_running_period_are_asked_for(
    clock: At, configure: Callable[[str], Settings], source: str, day: str, asked: list[str]
):
    settings = configure(f'[sources.{source}]\ndoor = "folder"\naddress = "/bersama/{{period}}"\n')
    found = errands.errands(clock(f"{day}T12:00:00+07:00"), settings, OFFICE)
    assert [errand.period.text for errand in found] == asked


def test_a_day_is_a_day_of_the_office(clock: At, linked: Settings):
    """In Medan the new quarter has begun while it has not yet in UTC."""
    asked = errands.errands(clock("2024-09-30T17:30:00+00:00"), linked, OFFICE)
    assert [str(errand) for errand in asked] == [
        "digital_service 2024-Q3",
        "digital_service 2024-Q4",
    ]


def test_nobody_is_asked_for_what_comes_to_the_inbox(october: Warehouse, configure):
    settings = configure('[sources.ikpa]\ndeliverer = "Bagian Keuangan"\n')
    assert errands.errands(october, settings, OFFICE) == []


def test_a_configuration_that_cannot_be_used_is_told(october: Warehouse, configure):
    with pytest.raises(OfficeConfigError, match=r"kanreg-06\.toml"):
        errands.errands(october, configure("[sources.apa]"), OFFICE)


def test_what_a_door_brings_is_archived_and_lands(october: Warehouse, linked: Settings, web: Web):
    web.answers["/2024-Q3.csv"] = answers.content(GOOD.encode())
    answer = ask(october, linked)
    assert answer.request is not None
    assert answer.request.file.read_text() == GOOD
    assert answer.request.file.is_relative_to(linked.home / "archive")
    assert land(october, linked, answer).status == "landed"
    (load,) = october.rows("SELECT door, file_name, sha256, landed_by FROM ops.load")
    (fetch,) = october.rows("SELECT sha256, message, who FROM ops.fetch")
    assert load == {
        "door": "http",
        "file_name": "2024-Q3.csv",
        "sha256": fetch["sha256"],
        "landed_by": "penguji",
    }
    assert (fetch["message"], fetch["who"]) == ("", "penguji")
    assert ledger(october) == [("digital_service", "2024-Q3", "utama", "http", "fetched")]


def test_nothing_there_yet_is_noted_and_is_no_problem(
    october: Warehouse, linked: Settings, web: Web
):
    answer = ask(october, linked, "2024-Q4")
    assert (answer.request, answer.problem) == (None, "")
    assert ledger(october) == [("digital_service", "2024-Q4", "utama", "http", "nothing")]


def test_what_cannot_be_used_is_kept_with_its_checksum(
    october: Warehouse, linked: Settings, web: Web
):
    page = b"<!doctype html><p>Silakan masuk</p>"
    web.answers["/2024-Q3.csv"] = answers.content(page, "text/html")
    answer = ask(october, linked)
    assert answer.request is None
    assert answer.problem.startswith("digital_service 2024-Q3: 127.0.0.1 memberi halaman web")
    (row,) = october.rows("SELECT outcome, sha256, message FROM ops.fetch")
    assert row["outcome"] == "refused"
    assert "halaman web" in row["message"]
    assert archive.path_of(linked.home, row["sha256"]).read_bytes() == page


def test_every_try_that_fails_is_noted_and_may_be_made_again(
    october: Warehouse, linked: Settings, web: Web
):
    web.answers["/2024-Q3.csv"] = answers.status(503)
    for _ in range(2):
        with pytest.raises(DoorUnavailable, match="503"):
            ask(october, linked)
    web.answers["/2024-Q3.csv"] = answers.content(GOOD.encode())
    assert ask(october, linked).request is not None
    assert [row[-1] for row in ledger(october)] == ["unavailable", "unavailable", "fetched"]


def test_an_error_that_nobody_expected_leaves_its_kind(
    october: Warehouse, configure, web: Web, monkeypatch: pytest.MonkeyPatch
):
    """A line break in a secret is refused by the client, which quotes what it likes."""
    monkeypatch.setenv("IKU_KUNCI", "hunter2\n")
    settings = configure(
        f'[sources.digital_service]\ndoor = "http"\naddress = "{web.address}/{{period}}.csv"\n'
        'headers_env = { "X-Key" = "IKU_KUNCI" }\n'
    )
    with pytest.raises(ValueError, match="headers"):
        ask(october, settings)
    assert ledger(october) == [("digital_service", "2024-Q3", "utama", "http", "refused")]
    (row,) = october.rows("SELECT message, sha256 FROM ops.fetch")
    assert re.fullmatch(
        r"Penarikan terhenti oleh kesalahan program: "
        r"ValueError di flows/fetching/doors/files\.py:\d+\.",
        row["message"],
    )
    assert row["sha256"] is None


def test_an_archive_that_cannot_be_written_is_told_without_names(
    october: Warehouse, configure, tmp_path: Path
):
    share = tmp_path / "Ibu Namarahasia"
    share.mkdir()
    (share / "2024-Q3.csv").write_text(GOOD, encoding="utf-8")
    settings = configure(
        f'[sources.digital_service]\ndoor = "folder"\naddress = "{share}/{{period}}.csv"\n'
    )
    settings.home.mkdir()
    (settings.home / "archive").write_text("bukan folder", encoding="utf-8")
    with pytest.raises(OSError, match="archive"):
        ask(october, settings)
    (row,) = october.rows("SELECT outcome, message FROM ops.fetch")
    assert row["outcome"] == "refused"
    assert re.search(
        r"Error di flows/machine/archive\.py:\d+: (Not a directory|File exists)", row["message"]
    )
    assert str(tmp_path) not in row["message"]


def test_nothing_stays_behind_outside_the_archive(
    october: Warehouse, linked: Settings, web: Web, tmp_path: Path, monkeypatch
):
    private = tmp_path / "sementara"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    web.answers["/2024-Q3.csv"] = answers.content(GOOD.encode())
    ask(october, linked)
    assert list(private.iterdir()) == []


def test_the_ledger_only_grows(october: Warehouse, linked: Settings, web: Web):
    ask(october, linked)
    for query in ("UPDATE ops.fetch SET message = 'x'", "DELETE FROM ops.fetch"):
        with pytest.raises(ProgrammingError) as refusal:
            october.rows(query + " RETURNING fetch_id")
        assert isinstance(refusal.value.orig, psycopg2.errors.InsufficientPrivilege)


def test_the_same_bytes_land_once(october: Warehouse, linked: Settings, web: Web):
    web.answers["/2024-Q3.csv"] = answers.content(GOOD.encode())
    assert [land(october, linked, ask(october, linked)).status for _ in range(2)] == [
        "landed",
        "unchanged",
    ]


def test_a_mended_file_in_the_inbox_is_not_undone_by_the_door(
    october: Warehouse, linked: Settings, web: Web
):
    web.answers["/2024-Q3.csv"] = answers.content(BAD.encode())
    assert land(october, linked, ask(october, linked)).status == "refused"
    steps.place(linked, "digital_service", "2024-Q3").write_text(GOOD, encoding="utf-8")
    assert [landed.status for landed in steps.take_inbox(october, linked)] == ["landed"]
    assert land(october, linked, ask(october, linked)).status == "unchanged"
    assert [landed.status for landed in steps.take_inbox(october, linked)] == ["unchanged"]
    # What is new at the source counts again.
    web.answers["/2024-Q3.csv"] = answers.content(GOOD.replace("Tidak", "Ya").encode())
    assert land(october, linked, ask(october, linked)).status == "landed"
    assert [landed.status for landed in steps.take_inbox(october, linked)] == ["unchanged"]


def test_a_held_pull_says_what_to_type_and_lands_by_it(
    october: Warehouse, linked: Settings, web: Web
):
    def pull(count: int) -> bytes:
        rows = [
            {"Layanan": f"L{n:02}", "Digital": "Ya", "Digital SIASN": "Ya"} for n in range(1, 13)
        ]
        return "".join(f"{json.dumps(row)}\n" for row in rows[:count]).encode()

    settings = linked
    config = settings.config / f"{OFFICE}.toml"
    config.write_text(config.read_text().replace(".csv", ".ndjson"), encoding="utf-8")
    web.answers["/2024-Q3.ndjson"] = answers.content(pull(12))
    assert land(october, settings, ask(october, settings)).status == "landed"
    web.answers["/2024-Q3.ndjson"] = answers.content(pull(5))
    waiting = land(october, settings, ask(october, settings))
    assert waiting.status == "held"
    assert (
        "iku land --source digital_service --period 2024-Q3 --office kanreg-06 --confirm --reason"
        in waiting.reasons[0]["hint"]
    )
    file, name = held.waiting(october, settings, OFFICE, "digital_service", "2024-Q3", "utama")
    assert (file, name) == (waiting.request.file, "2024-Q3.ndjson")
    confirmed = replace(
        waiting.request, file=file, named=name, door="hand", confirmed_because="memang"
    )
    assert landing.land(october, settings, confirmed).counts.accepted == 5
    # The same answer another night is no news.
    assert land(october, settings, ask(october, settings)).status == "unchanged"


def test_a_folder_brings_its_file_with_its_name(october: Warehouse, configure, tmp_path: Path):
    share = tmp_path / "bersama"
    share.mkdir()
    (share / "Layanan 2024-Q3 final.csv").write_text(GOOD, encoding="utf-8")
    settings = configure(
        f'[sources.digital_service]\ndoor = "folder"\naddress = "{share}/*{{period}}*"\n'
    )
    assert land(october, settings, ask(october, settings)).status == "landed"
    (load,) = october.rows("SELECT door, file_name FROM ops.load")
    assert load == {"door": "folder", "file_name": "Layanan 2024-Q3 final.csv"}


def test_an_errand_names_its_part(october: Warehouse, configure, web: Web):
    settings = configure(
        '[sources.survey_answer.parts.mutasi]\ndoor = "http"\n'
        f'address = "{web.address}/{{period}}.csv"\n'
    )
    first, _ = errands.errands(october, settings, OFFICE)
    assert isinstance(first, Errand)
    assert str(first) == "survey_answer 2024-Q3 mutasi"
    errands.fetch(october, settings, first, "penguji")
    assert ledger(october) == [("survey_answer", "2024-Q3", "mutasi", "http", "nothing")]


def test_a_query_may_take_as_long_as_it_was_given():
    (longest,) = [
        rule.le
        for rule in DatabaseOptions.model_fields["timeout_seconds"].metadata
        if hasattr(rule, "le")
    ]
    assert longest + CONNECT_SECONDS < tasks.ASKING


def missed(warehouse: Warehouse, settings: Settings) -> list[str]:
    """Return what is asked for beside the newest periods, when every door was of use."""
    of_use = [errand.feed for errand in errands.errands(warehouse, settings, OFFICE)]
    return [str(errand) for errand in errands.missed(warehouse, settings, OFFICE, of_use)]


def test_older_periods_are_asked_for_until_they_are_there(
    october: Warehouse, linked: Settings, web: Web
):
    years_back = [
        "digital_service 2023-Q4",
        "digital_service 2023-Q3",
        "digital_service 2023-Q2",
        "digital_service 2023-Q1",
    ]
    assert missed(october, linked) == [
        "digital_service 2024-Q2",
        "digital_service 2024-Q1",
        *years_back,
    ]
    steps.landed(steps.land(october, linked, "digital_service", "2024-Q1", GOOD))
    steps.land(october, linked, "digital_service", "2024-Q2", BAD)  # refused, so still missing
    assert missed(october, linked) == ["digital_service 2024-Q2", *years_back]


def test_a_door_that_was_of_no_use_is_not_asked_for_more(october: Warehouse, linked: Settings):
    assert errands.missed(october, linked, OFFICE, []) == []


@pytest.mark.parametrize(
    ("source", "is_asked"),
    [
        ("survey_answer", True),  # events bear their own dates
        ("technical_regulation", True),  # and so does a register
        ("siasn_integration", False),  # today's state is not that of a quarter long gone
    ],
)
def test_what_a_database_says_of_today_stands_for_no_older_period(
    october: Warehouse, configure: Callable[[str], Settings], source: str, is_asked: bool
):
    settings = configure(
        f'[sources.{source}]\ndoor = "database"\naddress = "mysql://iku@skm.contoh.go.id/skm"\n'
        'query = "SELECT a FROM b WHERE c <= :end"\n'
    )
    assert len(errands.errands(october, settings, OFFICE)) == 2
    assert bool(missed(october, settings)) is is_asked


def test_a_part_is_missed_by_itself(october: Warehouse, configure, web: Web):
    settings = configure(
        "".join(
            f'[sources.survey_answer.parts.{part}]\ndoor = "http"\n'
            f'address = "{web.address}/{part}/{{period}}.csv"\n'
            for part in ("mutasi", "pensiun")
        )
    )
    forms = [steps.form("434434344", answered_on=date(2024, 5, 6))]
    steps.landed(steps.land(october, settings, "survey_answer", "2024-Q2", forms, part="mutasi"))
    forms = [steps.form("434434344", answered_on=date(2024, 2, 6))]
    steps.landed(steps.land(october, settings, "survey_answer", "2024-Q1", forms))  # the whole
    assert missed(october, settings)[:2] == [
        "survey_answer 2024-Q2 pensiun",
        "survey_answer 2023-Q4 mutasi",
    ]
