"""A second office is rows and files: seeds and an inbox in a folder, and no line of code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.computing import recording
from flows.computing import store as values
from flows.computing.checks import run_checks
from flows.computing.quarter import Failed, Quarter
from flows.computing.verifying import differences
from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse, lock_offices
from tests.conftest import TEMPLATE, Server
from tests.warehouse import steps
from tests.warehouse.steps import digital, landed, seed_rows, shown, take_inbox
from transforms.indicators import indicators

At = Callable[[str | None], Warehouse]

FIRST, SECOND = steps.OFFICE, "kanreg-99"
AGENCIES = ("91", "91.71", "91.72")
NOW = "2024-07-10T08:00:00+07:00"
SINCE = {"valid_from": "2020-01-01"}


def write_seeds(directory: Path) -> Path:
    """Write all that the warehouse must know of Kantor Regional Contoh."""
    of_it = {"office": SECOND, **SINCE}
    tables: dict[str, list[dict[str, object]]] = {
        "office": [
            {
                **of_it,
                "name": "Kantor Regional Contoh",
                "short_name": "Kanreg Contoh",
                "time_zone": "Asia/Jayapura",
                "satker_code": "999099",
                "ba_code": "088",
            }
        ],
        "agency": [
            {**SINCE, "agency": code, "type": type_, "name": name}
            for code, type_, name in zip(
                AGENCIES,
                ("provinsi", "kota", "kota"),
                ("Provinsi Contoh", "Kota Contoh", "Kota Teladan"),
                strict=True,
            )
        ],
        "office_agency": [{**of_it, "agency": code} for code in AGENCIES],
        "agency_alias": [{**of_it, "agency": "91.72", "alias": "Suri Teladan"}],
        "unit": [{**of_it, "unit": "A", "name": "Bidang Apa Saja"}],
        "survey_service": [
            {
                **of_it,
                "service": code,
                "name": name,
                "kind": kind,
                "unit": "A",
            }
            for code, name, kind in (
                ("SV01", "Penyuluhan Contoh", "pembinaan"),
                ("C2", "Pindah Contoh", "layanan_kepegawaian"),
            )
        ],
        "target": [
            {**of_it, "iku": iku, "document": "pk", "year": 2024, "target": 50, "unit": str(unit)}
            for iku, unit in ((i, ind.card.method(2024).unit) for i, ind in indicators().items())
        ],
    }
    for table, rows in tables.items():
        seed_rows(directory, table, rows)
    return directory


def write_files(settings: Settings) -> None:
    """Drop files of both offices into the inbox, alike but for what they say."""
    for office, agencies, online in ((FIRST, steps.members(), 11), (SECOND, AGENCIES, 6)):
        steps.write(settings, "digital_service", "2024-Q2", digital(online), office=office)
        steps.write(settings, "siasn_integration", "2024-Q2", steps.tied(agencies), office=office)
    ip_asn = steps.place(settings, "agency_ip_asn", "2024-Q2", office=SECOND)
    # Of the second office by name and alias, and one of the first, which is not its own.
    ip_asn.write_text(
        "Instansi,Status Pengukuran\nProv. Contoh,Selesai\nKota Contoh,Belum\n"
        "Suri Teladan,Selesai\nKota Medan,Selesai\n"
    )
    steps.write(settings, "agency_ip_asn", "2024-Q2", steps.measured(17), office=FIRST)
    on = date(2024, 5, 6)
    for office, service, answers in (
        (FIRST, "SV01", "444444444"),
        (SECOND, "Penyuluhan Contoh", "333333333"),
        (SECOND, "Pindah Contoh", "222222222"),
    ):
        part = "utama" if office == FIRST else service.split()[0].lower()
        form = steps.form(answers, service=service, answered_on=on)
        steps.write(settings, "survey_answer", "2024-Q2", [form], part=part, office=office)


@pytest.fixture(scope="module")
def prepared(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make a database in which both offices were landed and computed side by side."""
    folder = tmp_path_factory.mktemp("both")
    settings = server.settings.model_copy(
        update={"home": folder / "home", "inbox": folder / "inbox", "outbox": folder / "outbox"}
    )
    with steps.copy_of(server, TEMPLATE) as name:
        steps.backdate_references(server, name)
        warehouse = steps.open_at(server, name, NOW)
        seeding.seed(warehouse, write_seeds(folder / "kanreg-99"))
        write_files(settings)
        for office in (FIRST, SECOND):
            for outcome in take_inbox(warehouse, settings, office):
                landed(outcome)
            steps.refresh(warehouse, office)
        warehouse.engine.dispose()
        yield name


@pytest.fixture
def database(server: Server, prepared: str) -> Iterator[str]:
    with steps.copy_of(server, prepared) as name:
        yield name


@pytest.fixture
def both(at: At) -> Warehouse:
    return at(NOW)


def test_both_are_computed_side_by_side(both: Warehouse):
    expected = {
        "IKU.2": ((17, 34, Decimal("50.00")), (2, 3, Decimal("66.67"))),
        "IKU.6": ((34, 34, Decimal("100.00")), (3, 3, Decimal("100.00"))),
        "IKU.7": ((11, 12, Decimal("91.67")), (6, 12, Decimal("50.00"))),
    }
    for iku, of_each in expected.items():
        for office, figures in zip((FIRST, SECOND), of_each, strict=True):
            line = shown(both, iku, 2024, 2, office=office)
            assert (line["pembilang"], line["penyebut"], line["realisasi"]) == figures
            assert line["status"] == "measured"
    # One code may be a service of guidance here and of the other kind there.
    assert shown(both, "IKU.3", 2024, 2, office=SECOND)["realisasi"] == Decimal(75)
    assert shown(both, "IKU.4", 2024, 2, office=SECOND)["realisasi"] == Decimal(50)
    assert shown(both, "IKU.4", 2024, 2, office=FIRST)["realisasi"] == Decimal(100)


def test_each_has_its_own_targets_name_and_roll_up(both: Warehouse):
    line = shown(both, "IKU.7", 2024, 2, office=SECOND)
    assert (line["target"], line["capaian"]) == (Decimal(50), Decimal("100.00"))
    assert line["nama_kantor"] == "Kantor Regional Contoh"
    # Names in cards carry no office; what the first one printed is its own.
    assert "Medan" not in line["nama"] + line["nama_pendek"]
    assert shown(both, "IKU.7", 2024, 2, office=FIRST)["target"] == Decimal(91)
    rolled_up = both.rows(
        "SELECT kantor, npss FROM mart.npss WHERE triwulan = 2 AND tahun = 2024 ORDER BY kantor"
    )
    assert [row["kantor"] for row in rolled_up] == [FIRST, SECOND]
    assert rolled_up[0]["npss"] != rolled_up[1]["npss"]


def test_rows_of_the_other_office_are_out_of_scope(both: Warehouse):
    load = both.rows(
        "SELECT * FROM ops.load WHERE office = :office AND source = 'agency_ip_asn'", office=SECOND
    )[0]
    assert (load["accepted"], load["out_of_scope"]) == (3, 1)


def test_a_correction_in_one_leaves_the_other_as_it_was(
    both: Warehouse, at: At, settings: Settings
):
    before = [row for row in steps.table_of(both, "iku.value") if FIRST in row]
    later = at("2024-07-12T08:00:00+07:00")
    landed(steps.land(later, settings, "digital_service", "2024-Q2", digital(12), office=SECOND))
    steps.refresh(later, SECOND)
    assert shown(later, "IKU.7", 2024, 2, office=SECOND)["realisasi"] == Decimal(100)
    assert [row for row in steps.table_of(both, "iku.value") if FIRST in row] == before
    assert steps.in_force(both, "digital_service", FIRST)["2024-Q2"] in (
        load["load_id"]
        for load in both.rows("SELECT load_id FROM ops.load WHERE office = :o", o=FIRST)
    )


def test_a_day_is_a_day_of_the_office(both: Warehouse, at: At):
    # In Papua the third quarter is two hours over when it ends in Medan.
    between = at("2024-09-30T23:00:00+07:00")
    assert max(steps.touched(between, FIRST)) == (2024, 3)
    assert max(steps.touched(between, SECOND)) == (2024, 4)


def test_checks_and_verify_hold_for_both(both: Warehouse):
    assert [one.check for one in run_checks(both) if one.severity == "fail"] == []
    assert differences(both) == (steps.count(both, "iku.value"), [])


def test_seeding_the_first_again_adds_nothing(both: Warehouse, tmp_path: Path):
    assert set(seeding.seed(both, seeding.SEEDS).values()) == {0}
    assert set(seeding.seed(both, write_seeds(tmp_path)).values()) == {0}


def test_the_lock_of_one_does_not_hold_up_the_other(both: Warehouse, settings: Settings):
    with both.transaction() as holding:
        lock_offices(holding, [FIRST])
        steps.landed(
            steps.land(both, settings, "system_usage", "2024-Q2", steps.usage(), office=SECOND)
        )
        steps.compute(both, 2024, 2, office=SECOND)
        with both.transaction() as other:
            lock_offices(other, [SECOND])
            held = both.rows(
                "SELECT count(DISTINCT (classid, objid)) AS n FROM pg_locks"
                " WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
    assert held[0]["n"] == 2


def test_a_load_of_one_cannot_be_taken_for_the_others(both: Warehouse):
    of_second = steps.in_force(both, "digital_service", SECOND)["2024-Q2"]
    loads.retract(both, of_second, "penguji", "salah")
    assert steps.in_force(both, "digital_service", SECOND) == {}
    assert len(steps.in_force(both, "digital_service", FIRST)) == 1


def test_vector_J1_end_to_end(both: Warehouse, at: At, settings: Settings, tmp_path: Path):
    """With 16 systems or 11 services the indicator fails by itself, in every office."""
    later = at("2024-07-11T08:00:00+07:00")
    landed(steps.land(later, settings, "system_usage", "2024-Q2", steps.usage(15)))
    service = next(row for row in steps.seeded("service") if row["service"] == "L12")
    seed_rows(tmp_path / "j1", "service", [{**service, "valid_to": "2024-03-31"}])
    system = {**SINCE, "system": "S99", "name": "Sistem keenam belas", "in_iku_10": "true"}
    seeding.seed(later, seed_rows(tmp_path / "j1", "system", [system]))
    lines = {iku: shown(later, iku, 2024, 2) for iku in ("IKU.7", "IKU.10")}
    for office in (FIRST, SECOND):
        before = steps.count(later, "iku.value")
        known_at = values.moment_of_knowledge(later, office)
        quarter = Quarter(office, 2024, 2, known_at)
        recorded = recording.record(
            later, quarter, steps.measure_all(later, quarter), [], steps.RUN
        )
        failed = {one.iku: one.message for one in recorded.failed if isinstance(one, Failed)}
        # The second office has handed in no list of systems, so there is nothing to refuse.
        assert set(failed) == {"IKU.7", *(("IKU.10",) if office == FIRST else ())}
        assert "11 layanan aktif, harus 12" in failed["IKU.7"]
        assert "16 sistem aktif" in failed.get("IKU.10", "16 sistem aktif")
        # The others were recorded in the same run; of these two nothing was written.
        run = later.rows("SELECT * FROM ops.run ORDER BY run_id DESC LIMIT 1")[0]
        assert {one["iku"] for one in run["failed"]} == set(failed)
        assert steps.count(later, "iku.value") - before == recorded.values_written
    for iku, line in lines.items():
        assert shown(later, iku, 2024, 2)["nilai_id"] == line["nilai_id"]
