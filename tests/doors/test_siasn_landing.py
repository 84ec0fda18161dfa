"""From the SIASN service to the value: what the door brings lands, and IKU 9 follows from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from flows.fetching import errands as fetching
from flows.landing import land as landing
from flows.machine import archive
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.doors import siasn_simulator as siasn
from tests.doors.siasn_office import (
    ANA,
    BUDI,
    CITRA,
    PEOPLE,
    SECRETS,
    Clock,
    Fetching,
    introduce,
    said_of,
)
from tests.doors.siasn_simulator import Simulator, said
from tests.warehouse import steps


@pytest.fixture
def service() -> Iterator[Simulator]:
    with siasn.running() as simulator:
        introduce(simulator)
        yield simulator


@pytest.fixture
def fetch(service: Simulator, tmp_path: Path) -> Fetching:
    return Fetching(service, tmp_path, Clock())


@pytest.fixture
def land(fetch: Fetching, warehouse: Warehouse, settings: Settings):
    def land(into: str = "masuk"):
        fetched = fetch(into)
        assert fetched is not None
        return steps.land_file(warehouse, settings, fetched.path, "office_employee", "2024")

    return land


class Office:
    """The office as its configuration says, on a day of 2025."""

    def __init__(self, warehouse: Warehouse, settings: Settings) -> None:
        self.warehouse = warehouse
        self.settings = settings

    def ask(self, period: str) -> fetching.Answer:
        errands = fetching.errands(self.warehouse, self.settings, steps.OFFICE)
        (errand,) = (one for one in errands if one.period.text == period)
        return fetching.fetch(self.warehouse, self.settings, errand, "penguji")

    def kept(self, sha256: str) -> bytes:
        return archive.path_of(self.settings.home, sha256).read_bytes()


@pytest.fixture
def office(
    server: Server,
    database: str,
    at: Callable[[str | None], Warehouse],
    settings: Settings,
    service: Simulator,
    fetch: Fetching,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    steps.backdate_references(server, database)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    told = said_of(service.url, fetch.employees).items()
    config = tmp_path / "config"
    config.mkdir()
    (config / f"{steps.OFFICE}.toml").write_text(
        "[sources.office_employee]\n" + "".join(f'{name} = "{value}"\n' for name, value in told),
        encoding="utf-8",
    )
    return Office(at("2025-04-01T01:00:00+07:00"), settings.model_copy(update={"config": config}))


def test_what_the_configuration_names_is_fetched_kept_landed_and_counted(
    office: Office, fetch: Fetching, service: Simulator
):
    fetch.list((ANA, ""), (BUDI, ""), (CITRA, "P3K"))
    warehouse = office.warehouse
    answer = office.ask("2024")
    assert answer.request is not None
    outcome = steps.landed(landing.land(warehouse, office.settings, answer.request))
    assert outcome.counts.accepted == 3
    steps.compute(warehouse, 2024, 4)
    shown = steps.shown(warehouse, "IKU.9", 2024, 4)
    assert shown["realisasi"] == Decimal("86.27")  # (86.32 + 88.86 + 83.63) / 3
    (load,) = warehouse.rows("SELECT door, file_name, sha256 FROM ops.load")
    assert (load["door"], load["file_name"]) == ("siasn", "siasn_2024_3-dari-3.ndjson")
    kept = office.kept(load["sha256"]).decode()
    assert [kept.count(nip) for nip in PEOPLE] == [1, 1, 1]
    assert not any(word in kept for word in ("1271010101900001", "0812", "Jalan", "@"))
    staged = steps.staged(warehouse, "office_employee", outcome.load_id)
    assert [(row["employee_group"], row["position_status"]) for row in staged] == [
        ("PNS", "01"),
        ("PNS", "01"),
        ("PPPK", None),
    ]
    assert not any(nip in str(staged) for nip in PEOPLE)


def test_both_years_of_a_night_are_read_from_one_pull(office: Office, service: Simulator):
    assert office.ask("2024").request is not None
    assert office.ask("2025").request is None
    assert [path.rpartition("/")[2] for path in service.paths()] == list(PEOPLE)


def test_what_siasn_says_strangely_is_kept_and_nobody_is_named(office: Office, service: Simulator):
    body = {"pesan": f"pegawai {ANA}"}
    service.always = said(body)
    answer = office.ask("2024")
    assert answer.request is None
    assert "bentuk yang tidak dikenal" in answer.problem
    (noted,) = office.warehouse.rows("SELECT * FROM ops.fetch")
    assert (noted["door"], noted["outcome"]) == ("siasn", "refused")
    assert json.loads(office.kept(noted["sha256"])) == body
    assert not any(nip in str(noted) + answer.problem for nip in PEOPLE)


def test_a_workbook_of_the_same_people_says_the_same(
    land, warehouse: Warehouse, settings: Settings
):
    steps.landed(land())
    by_door = steps.table_of(warehouse, "tally.employee_score('kanreg-06', 2024, 4, now())")
    names = {row["employee"] for row in warehouse.rows("SELECT * FROM staging.office_employee")}
    text = steps.csv_text(
        ("NIP", "Kelompok", "Kualifikasi", "Kompetensi", "Kinerja", "Disiplin", "Total"),
        [
            (ANA, "PNS", "20", "36.32", "25", "5", "86.32"),
            (BUDI, "PNS", "25", "33.86", "25", "5", "88.86"),
            (CITRA, "PNS", "15", "33.63", "30", "5", "83.63"),
        ],
    )
    by_hand = steps.landed(steps.land(warehouse, settings, "office_employee", "2024", text))
    staged = steps.staged(warehouse, "office_employee", by_hand.load_id)
    assert {row["employee"] for row in staged} == names
    assert steps.table_of(warehouse, "tally.employee_score('kanreg-06', 2024, 4, now())") == by_door


def test_the_same_answers_land_nothing_new(land, warehouse: Warehouse):
    first = steps.landed(land("satu"))
    again = land("dua")
    assert (again.status, again.load_id) == ("unchanged", first.load_id)
    assert steps.count(warehouse, "ops.load") == 1


def test_a_score_that_cannot_be_right_is_refused_by_its_row(land, service: Simulator):
    service.scores[BUDI]["kompetensi"] = 63.86
    service.scores[CITRA]["kinerja"] = None
    outcome = land()
    assert outcome.status == "refused"
    assert sorted(steps.rules(outcome)) == [
        "ambang_terlampaui", "jumlah_dimensi_berbeda", "terlalu_besar", "wajib_diisi",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["99", "71"])  # 71: see DECISIONS, rule 15
def test_whoever_is_not_active_staff_is_out_of_scope(
    code: str, land, fetch: Fetching, service: Simulator
):
    service.master_data[BUDI]["kedudukanPnsId"] = code
    fetch.list((ANA,), (BUDI,), (CITRA,), heading="NIP")
    counts = steps.landed(land()).counts
    assert (counts.accepted, counts.out_of_scope) == (2, 1)


def test_somebody_without_master_data_is_refused_by_the_row(
    land, fetch: Fetching, service: Simulator
):
    del service.master_data[BUDI]
    fetch.list((ANA,), (BUDI,), (CITRA,), heading="NIP")
    outcome = land()
    assert outcome.status == "refused"
    assert "wajib_diisi" in steps.rules(outcome)


def test_a_broken_pull_is_refused_in_words(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    file = tmp_path / "tarikan.ndjson"
    file.write_text('{"NIP": "1", "Kelompok": "PNS"}\n<html>\n', encoding="utf-8")
    outcome = steps.land_file(warehouse, settings, file, "office_employee", "2024")
    assert outcome.status == "refused"
    assert "kolom_hilang" in steps.rules(outcome)
    file.write_text(
        '{"NIP": "190101012001011001", "Kelompok": "PNS", "Kualifikasi": 20, "Kompetensi": 40,'
        ' "Kinerja": 30, "Disiplin": 5, "Total": 95}\n<html>\n',
        encoding="utf-8",
    )
    outcome = steps.land_file(warehouse, settings, file, "office_employee", "2024")
    assert outcome.status == "refused"
    told = outcome.reasons[0]
    assert told["rule"] == "tarikan_rusak"
    assert told["message"] == "Baris 2 dari hasil penarikan ini tidak dapat dibaca: bukan JSON."
