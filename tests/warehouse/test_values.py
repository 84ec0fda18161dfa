"""Recording values: only what is new, all of a quarter together, never over what is newer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from threading import Barrier

import pytest
from psycopg2 import errors
from sqlalchemy.exc import IntegrityError

from flows.computing import measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Counted, Failed, Quarter
from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from schemas.card import Measurement, Status
from tests.conftest import Server
from tests.warehouse import steps
from transforms.evidence import Computed, outcome, sealed

At = Callable[[str | None], Warehouse]
TABLES = ("ops.run", "iku.value", "iku.achievement", "iku.rollup")


@pytest.fixture
def computed(warehouse: Warehouse, settings: Settings) -> Warehouse:
    """Return a warehouse in which the first quarter of 2024 is recorded."""
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q1", steps.digital(11)))
    steps.compute(warehouse, 2024, 1)
    return warehouse


def contents(warehouse: Warehouse) -> dict[str, list[tuple[str, ...]]]:
    return {table: steps.table_of(warehouse, table) for table in TABLES}


def test_a_first_run_writes_all_and_the_same_again_nothing(
    warehouse: Warehouse, settings: Settings
):
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q1", steps.digital(11)))
    first = steps.compute(warehouse, 2024, 1)
    # Fourteen values, against three documents each.
    assert steps.written([first]) == (14, 42, 1)
    assert (first.failed, first.superseded) == ((), False)
    before = contents(warehouse)
    assert steps.written([steps.compute(warehouse, 2024, 1)]) == (0, 0, 0)
    after = contents(warehouse)
    assert {name: after[name] for name in TABLES[1:]} == {name: before[name] for name in TABLES[1:]}
    assert len(after["ops.run"]) == 2


def test_a_value_keeps_its_evidence(computed: Warehouse):
    value = computed.rows("SELECT * FROM iku.value WHERE iku = 'IKU.7'")[0]
    assert (value["status"], value["actual"], value["actual_exact"]) == (
        "measured",
        Decimal("91.67"),
        "275/3",
    )
    assert (value["numerator"], value["denominator"]) == (11, 12)
    assert value["tally"]["digital_service"] == [
        {"digital": "no", "digital_siasn": "no", "has_row": True, "services": 1},
        {"digital": "yes", "digital_siasn": "yes", "has_row": True, "services": 11},
    ]
    assert value["loads"] == [1]
    run = computed.rows("SELECT * FROM ops.run")[0]
    assert (run["who"], run["reason"], run["values_written"]) == ("penguji", "uji", 14)
    assert value["recorded_at"] == run["recorded_at"] >= run["known_at"] == value["known_at"]


def test_only_what_changed_is_written_and_nothing_is_touched(
    computed: Warehouse, settings: Settings
):
    before = contents(computed)
    steps.landed(steps.land(computed, settings, "digital_service", "2024-Q1", steps.digital(12)))
    assert steps.written([steps.compute(computed, 2024, 1)]) == (1, 3, 1)
    after = contents(computed)
    assert all(set(before[table]) <= set(after[table]) for table in TABLES)


def test_the_same_figure_from_another_file_is_a_new_value(computed: Warehouse, settings: Settings):
    rows = [{**row, "channel": "SIASN"} for row in steps.digital(11)]
    steps.landed(steps.land(computed, settings, "digital_service", "2024-Q1", rows))
    recorded = steps.compute(computed, 2024, 1)
    # What it says is the same, so the roll-up is too; where it comes from is not.
    assert steps.written([recorded]) == (1, 3, 0)


def test_another_method_text_is_a_new_value(computed: Warehouse):
    known_at = values.moment_of_knowledge(computed, steps.OFFICE)
    quarter = Quarter(steps.OFFICE, 2024, 1, known_at)
    found = measuring.measure(computed, "IKU.7", quarter)
    assert isinstance(found, Computed)
    other = sealed(
        found.iku, found.basis, found.unit, "2024: aturan baru", found.measurement, {}, (), {}
    )
    recorded = recording.record(computed, quarter, [other], [], steps.RUN)
    assert recorded.values_written == 1
    assert steps.shown(computed, "IKU.7", 2024, 1)["metode"] == "2024: aturan baru"


def test_a_run_that_knew_less_writes_nothing_after_one_that_knew_more(
    computed: Warehouse, settings: Settings
):
    early = Quarter(steps.OFFICE, 2024, 1, values.moment_of_knowledge(computed, steps.OFFICE))
    old = steps.measure_all(computed, early)
    steps.landed(steps.land(computed, settings, "digital_service", "2024-Q1", steps.digital(12)))
    steps.compute(computed, 2024, 1)
    before = contents(computed)
    recorded = recording.record(computed, early, old, [], steps.RUN)
    assert recorded.superseded
    assert steps.written([recorded]) == (0, 0, 0)
    assert contents(computed) == before
    assert steps.shown(computed, "IKU.7", 2024, 1)["realisasi"] == Decimal(100)


def test_an_indicator_that_fails_leaves_its_value_and_not_the_others(
    computed: Warehouse, settings: Settings
):
    steps.landed(steps.land(computed, settings, "system_usage", "2024-Q1", steps.usage(12)))
    known_at = values.moment_of_knowledge(computed, steps.OFFICE)
    quarter = Quarter(steps.OFFICE, 2024, 1, known_at)
    found = [
        Failed(item.iku, "rusak") if item.iku == "IKU.7" else item
        for item in steps.measure_all(computed, quarter)
    ]
    recorded = recording.record(computed, quarter, found, [], steps.RUN)
    assert (recorded.values_written, recorded.failed) == (1, (Failed("IKU.7", "rusak"),))
    assert computed.rows("SELECT failed FROM ops.run ORDER BY run_id DESC LIMIT 1")[0] == {
        "failed": [{"iku": "IKU.7", "message": "rusak"}]
    }
    assert steps.shown(computed, "IKU.7", 2024, 1)["realisasi"] == Decimal("91.67")
    assert steps.shown(computed, "IKU.10", 2024, 1)["realisasi"] == Decimal(80)


def test_a_quarter_is_recorded_whole_or_not_at_all(computed: Warehouse, settings: Settings):
    before = contents(computed)
    steps.landed(steps.land(computed, settings, "digital_service", "2024-Q1", steps.digital(12)))
    known_at = values.moment_of_knowledge(computed, steps.OFFICE)
    quarter = Quarter(steps.OFFICE, 2024, 1, known_at)
    found = [item for item in steps.measure_all(computed, quarter) if isinstance(item, Computed)]
    broken = replace(found[-1], tally={"apa": object()}, fingerprint="lain")
    with pytest.raises(TypeError):
        recording.record(computed, quarter, [*found[:-1], broken], [], steps.RUN)
    assert contents(computed) == before
    assert steps.shown(computed, "IKU.7", 2024, 1)["realisasi"] == Decimal("91.67")


def test_a_number_stands_exactly_where_the_status_has_one(server: Server, computed: Warehouse):
    with steps.admin(server, computed.database) as connection:
        for change in ("status = 'not_reported'", "actual = NULL", "actual_exact = NULL"):
            with pytest.raises(errors.CheckViolation):
                steps.ask(connection, f"UPDATE iku.value SET {change} WHERE iku = 'IKU.7'")


def test_an_unknown_status_or_basis_is_refused_by_the_database(computed: Warehouse):
    column_names = "run_id, office, iku, year, quarter, known_at, recorded_at, unit, components"
    with pytest.raises(IntegrityError):
        computed.rows(
            f"INSERT INTO iku.value ({column_names}, tally, method, fingerprint, loads, basis,"
            " status) VALUES (1, 'x', 'IKU.1', 2024, 1, now(), now(), 'percent', '{}', '{}', 'm',"
            " 'f', '{}', 'dikira', 'not_reported') RETURNING value_id"
        )


@pytest.mark.parametrize(
    ("half", "printed"), [(1, Decimal("12.50")), (0, Decimal("12.00")), (3, Decimal("13.50"))]
)
def test_a_count_may_end_in_a_half_and_stays_exact(
    half: int, printed: Decimal, warehouse: Warehouse, settings: Settings
):
    steps.landed(steps.land(warehouse, settings, "system_usage", "2024-Q1", steps.usage(12, half)))
    steps.compute(warehouse, 2024, 1)
    shown = steps.shown(warehouse, "IKU.10", 2024, 1)
    assert (shown["pembilang"], shown["penyebut"]) == (printed, 15)


def test_a_count_that_is_neither_whole_nor_half_is_a_defect():
    third = Measurement(Status.MEASURED, Fraction(1), Fraction(1, 3), Fraction(1))
    with pytest.raises(ValueError, match="no whole or half"):
        outcome(third)


def test_a_retracted_file_leaves_a_value_without_data(computed: Warehouse, settings: Settings):
    loads.retract(computed, 1, "penguji", "salah")
    assert steps.written([steps.compute(computed, 2024, 1)])[0] == 1
    shown = steps.shown(computed, "IKU.7", 2024, 1)
    assert (shown["status"], shown["status_kata"]) == ("not_reported", "belum lapor")
    assert (shown["realisasi"], shown["capaian"]) == (None, None)
    assert shown["sebab_tanpa_capaian"] == "no_actual"


def test_what_is_missing_for_the_target_is_counted(warehouse: Warehouse, settings: Settings):
    steps.landed(steps.land(warehouse, settings, "agency_ip_asn", "2024-Q4", steps.measured(31)))
    steps.compute(warehouse, 2024, 4)
    shown = steps.shown(warehouse, "IKU.2", 2024, 4)
    assert (shown["pembilang"], shown["kekurangan"], shown["yang_dihitung"]) == (31, 3, "instansi")
    assert (shown["target"], shown["status_kata"]) == (Decimal(100), "waspada")


def test_the_roll_up_follows_what_is_shown(computed: Warehouse, settings: Settings):
    def npss() -> dict:
        return dict(
            computed.rows("SELECT * FROM mart.npss WHERE berlaku_sampai IS NULL")[0],
        )

    assert (npss()["iku_terhitung"], npss()["npss"]) == (1, Decimal("100.74"))
    printed = steps.printed({"IKU.7": Decimal("45.5")})
    steps.landed(steps.land(computed, settings, "published_actual", "2024-Q1", printed))
    steps.compute(computed, 2024, 1)
    assert (npss()["iku_terhitung"], npss()["npss"]) == (1, Decimal("50.00"))


NUMBER, NO_NUMBER, RETRACTED = (Decimal(90), [1]), (None, [1]), (None, [])


@pytest.mark.parametrize(
    ("ours", "printed", "shown"),
    [
        (NUMBER, None, "computed"),
        (NO_NUMBER, None, "computed"),
        ((None, []), None, "computed"),  # nothing came that could be counted
        (None, NUMBER, "published"),
        (None, NO_NUMBER, "published"),
        (None, RETRACTED, "published"),
        (NUMBER, NUMBER, "published"),
        (NO_NUMBER, NUMBER, "published"),
        (NUMBER, NO_NUMBER, "computed"),  # a printed N/A hides no number
        (NO_NUMBER, NO_NUMBER, "published"),
        (NUMBER, RETRACTED, "computed"),
        (NO_NUMBER, RETRACTED, "computed"),
        ((None, []), RETRACTED, "computed"),
    ],
)
def test_what_is_shown_of_a_printed_and_a_computed_value(
    ours: tuple | None, printed: tuple | None, shown: str, warehouse: Warehouse
):
    candidates = [
        {"iku": "IKU.7", "basis": basis, "actual": value[0], "loads": value[1]}
        for basis, value in (("computed", ours), ("published", printed))
        if value is not None
    ]
    with warehouse.transaction() as connection:
        found = values.shown(connection, candidates)
    assert {iku: row["basis"] for iku, row in found.items()} == {"IKU.7": shown}


def test_a_tally_is_counted_once_whoever_asks():
    counted, calls, all_ask = Counted(), [], Barrier(4)

    def count() -> list[dict[str, int]]:
        calls.append(1)
        return [{"n": len(calls)}]

    def ask(_: int) -> object:
        all_ask.wait()
        return counted.once("survey_element", 1, count)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == [[{"n": 1}]] * 4
    assert counted.once("survey_element", 2, count) == [{"n": 2}]


def test_a_count_that_failed_is_tried_again():
    counted = Counted()
    with pytest.raises(ZeroDivisionError):
        counted.once("survey_element", 1, lambda: [{"n": 1 // 0}])
    assert counted.once("survey_element", 1, lambda: [{"n": 1}]) == [{"n": 1}]


def test_indicators_of_one_quarter_share_what_was_counted(computed: Warehouse):
    known_at = values.moment_of_knowledge(computed, steps.OFFICE)
    quarter = Quarter(steps.OFFICE, 2024, 1, known_at)
    first = measuring.measure(computed, "IKU.7", quarter)
    quarter.counted.once("digital_service", 1, pytest.fail)  # it is there already
    assert measuring.measure(computed, "IKU.7", quarter) == first
