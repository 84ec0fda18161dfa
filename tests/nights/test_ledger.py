"""The ledger of what is due: at midnight, at the turn of the year, on the leap day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import pytest

from flows.fetching.store import Due, due_periods
from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse
from tests.conftest import TEMPLATE, Server
from tests.warehouse import steps

At = Callable[[str | None], Warehouse]
OFFICE = steps.OFFICE


@pytest.fixture
def clock(server: Server, database: str, at: At) -> At:
    """Open the warehouse at an instant; its references have been known long before."""
    steps.backdate_references(server, database)
    return at


@pytest.fixture(scope="module")
def untouched(server: Server) -> Iterator[At]:
    """Open, at an instant, the one warehouse to which nothing has come; tests only read it."""
    with steps.copy_of(server, TEMPLATE) as database, ExitStack() as opened:
        steps.backdate_references(server, database)

        def open_at(instant: str | None) -> Warehouse:
            warehouse = steps.open_at(server, database, instant)
            opened.callback(warehouse.engine.dispose)
            return warehouse

        yield open_at


def due(warehouse: Warehouse, source: str, period: str, office: str = OFFICE) -> Due | None:
    """Return the row of a period, None when the ledger does not have it."""
    found = [
        one
        for one in due_periods(warehouse, office)
        if (one.source, one.period) == (source, period)
    ]
    assert len(found) <= 1
    return found[0] if found else None


def state(warehouse: Warehouse, source: str, period: str) -> str | None:
    found = due(warehouse, source, period)
    return found.state if found else None


TURNS = [
    # The source and its period, the last instant before, and the states before and after it.
    ("system_usage", "2024-Q1", "2024-03-31", "running", "awaited"),
    ("system_usage", "2024-Q2", "2024-03-31", None, "running"),
    ("system_usage", "2024-Q1", "2024-04-15", "awaited", "overdue"),
    ("ikpa", "2024-02", "2024-01-31", None, "running"),
    ("ikpa", "2024-02", "2024-02-28", "running", "running"),
    ("ikpa", "2024-02", "2024-02-29", "running", "awaited"),
    ("ikpa", "2024-02", "2024-03-15", "awaited", "overdue"),
    ("ikpa", "2023-02", "2023-03-15", "awaited", "overdue"),
    ("agency_nspk", "2024", "2023-12-31", None, "running"),
    ("agency_nspk", "2024", "2024-12-31", "running", "awaited"),
    ("agency_nspk", "2023", "2024-12-30", "awaited", "overdue"),  # 365 days of a leap year
    ("agency_nspk", "2022", "2023-12-31", "awaited", "overdue"),
    ("published_actual", "2023-Q4", "2023-12-31", "running", "never_due"),
]


@pytest.mark.parametrize(("source", "period", "day", "before", "after"), TURNS)
def test_the_ledger_turns_at_midnight_of_the_office(
    untouched: At, source: str, period: str, day: str, before: str | None, after: str
):
    last_instant = untouched(f"{day}T23:59:59.999999+07:00")
    assert state(last_instant, source, period) == before
    midnight = untouched(f"{day}T17:00:00+00:00")
    assert state(midnight, source, period) == after


def test_the_values_turn_with_the_ledger(clock: At, settings: Settings):
    """On the due day nothing is late yet; with the new quarter its own values begin."""
    for instant, status in (
        ("2024-04-15T16:59:59.999999+00:00", "not_yet_published"),
        ("2024-04-15T17:00:00+00:00", "not_reported"),
    ):
        warehouse = clock(instant)
        steps.refresh(warehouse)
        assert steps.shown(warehouse, "IKU.7", 2024, 1)["status"] == status
    for instant, newest in (
        ("2024-12-31T16:59:59.999999+00:00", (2024, 4)),
        ("2024-12-31T17:00:00+00:00", (2025, 1)),
    ):
        assert max(steps.touched(clock(instant))) == newest


def test_what_is_withdrawn_is_missing_again_and_a_correction_is_not_late(
    clock: At, settings: Settings
):
    slice_ = ("digital_service", "2024-Q1")
    first = clock("2024-04-10T09:00:00+07:00")
    assert due(first, *slice_) == Due(
        *slice_, date(2024, 3, 31), date(2024, 4, 15), 1, True, (), None, "awaited"
    )
    wrong = steps.landed(steps.land(first, settings, *slice_, steps.digital(9)))
    late = clock("2024-05-20T09:00:00+07:00")
    right = steps.landed(steps.land(late, settings, *slice_, steps.digital(11)))
    found = due(late, *slice_)
    assert found is not None
    assert (found.parts, found.state) == (("utama",), "arrived")
    assert found.arrived_at == datetime.fromisoformat("2024-04-10T09:00:00+07:00")
    loads.retract(clock("2024-05-22T09:00:00+07:00"), right.load_id, "penguji", "keliru")
    back = due(clock("2024-05-22T09:00:01+07:00"), *slice_)
    assert back is not None
    assert back.state == "arrived"  # the first file is in force again
    loads.retract(clock("2024-05-23T09:00:00+07:00"), wrong.load_id, "penguji", "keliru")
    gone = due(clock("2024-05-23T09:00:01+07:00"), *slice_)
    assert gone is not None
    assert (gone.parts, gone.arrived_at, gone.state) == ((), None, "overdue")
    # As it was known then.
    assert state(clock("2024-05-22T12:00:00+07:00"), *slice_) == "arrived"
    assert state(clock("2024-04-10T08:59:59+07:00"), *slice_) == "awaited"


def test_a_refused_file_is_not_there(clock: At, settings: Settings):
    warehouse = clock("2024-04-20T09:00:00+07:00")
    bad = "Layanan,Digital,Digital SIASN\nL01,Mungkin,Ya\n"
    assert steps.land(warehouse, settings, "digital_service", "2024-Q1", bad).status == "refused"
    assert state(warehouse, "digital_service", "2024-Q1") == "overdue"


def test_a_part_lacks_until_it_or_the_whole_is_there(clock: At, settings: Settings):
    warehouse = clock("2024-04-10T09:00:00+07:00")
    forms = [steps.form("434434344")]
    steps.landed(steps.land(warehouse, settings, "survey_answer", "2024-Q1", forms, part="pensiun"))
    found = due(warehouse, "survey_answer", "2024-Q1")
    assert found is not None
    lacking = {part: found.lacks(part) for part in ("pensiun", "mutasi", "utama")}
    assert lacking == {"pensiun": False, "mutasi": True, "utama": False}
    whole = Due("x", "2024", date(2024, 12, 31), None, 1, True, ("utama",), None, "arrived")
    assert not whole.lacks("mutasi")


def test_only_this_year_and_the_last_are_asked_for(untouched: At):
    ledger = due_periods(untouched("2024-01-01T00:00:00+07:00"), OFFICE)
    assert {one.period[:4] for one in ledger if one.is_open} == {"2023", "2024"}
    assert {one.period[:4] for one in ledger} == {"2020", "2021", "2022", "2023", "2024"}


def young(warehouse: Warehouse, folder: Path, since: str = "2024-02-10") -> str:
    """Seed an office that has nothing yet."""
    row = next(row for row in steps.seeded("office") if row["office"] == OFFICE)
    new = {**row, "office": "kanreg-77", "name": "Contoh", "valid_from": since}
    seeding.seed(warehouse, steps.seed_rows(folder, "office", [new]))
    return "kanreg-77"


def test_a_young_office_is_asked_for_what_it_can_have(clock: At, tmp_path: Path):
    warehouse = clock("2024-03-05T01:30:00+07:00")
    office = young(warehouse, tmp_path / "seeds")
    found = {
        one.period: one.periods_ago
        for one in due_periods(warehouse, office)
        if one.source in ("ikpa", "digital_service", "agency_nspk")
    }
    # Of a month in which it began it can deliver; of what ended before, nobody does.
    assert found == {"2024-03": 0, "2024-02": 1, "2024-Q1": 0, "2024": 0}
    assert due_periods(warehouse, "kanreg-78") == []


def test_a_year_in_which_nothing_ran_is_in_play(clock: At):
    """There are no targets after 2024; what makes 2025 count is that it lies in between."""
    steps.refresh(clock("2024-12-20T01:30:00+07:00"))
    back = clock("2026-02-10T01:30:00+07:00")
    assert state(back, "digital_service", "2025-Q2") == "overdue"
    assert {(2025, 1), (2025, 4), (2026, 1)} <= steps.touched(back)


def test_the_mart_tells_the_ledger(clock: At, settings: Settings):
    warehouse = clock("2024-10-20T09:00:00+07:00")
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q2", steps.digital()))
    steps.landed(steps.land(warehouse, settings, "system_usage", "2024-Q3", steps.usage()))
    steps.landed(steps.land(warehouse, settings, "system_usage", "2024-Q4", steps.usage()))
    found = {
        row["sumber"]: row
        for row in warehouse.rows("SELECT * FROM mart.kesegaran_sumber")
        if row["kantor"] == OFFICE
    }
    digital = found["digital_service"]
    assert (digital["periode_terakhir"], digital["periode_ditunggu"]) == ("2024-Q2", "2024-Q3")
    assert (digital["keadaan"], digital["jatuh_tempo"]) == ("terlambat", date(2024, 10, 15))
    years_back = "2023-Q1, 2023-Q2, 2023-Q3, 2023-Q4, 2024-Q1"
    assert digital["periode_terlewat"] == years_back
    assert found["system_usage"]["keadaan"] == "lengkap"
    assert found["system_usage"]["periode_terlewat"] == f"{years_back}, 2024-Q2"
    assert (found["agency_nspk"]["keadaan"], found["agency_nspk"]["periode_terlewat"]) == (
        "menunggu",
        "",
    )
    assert "published_actual" not in found


def test_the_running_period_does_not_hide_that_the_ended_one_is_missing(
    clock: At, settings: Settings
):
    warehouse = clock("2024-10-20T09:00:00+07:00")
    steps.landed(steps.land(warehouse, settings, "system_usage", "2024-Q4", steps.usage()))
    (row,) = warehouse.rows(
        "SELECT keadaan, periode_terakhir FROM mart.kesegaran_sumber WHERE sumber = 'system_usage'"
    )
    assert row == {"keadaan": "terlambat", "periode_terakhir": "2024-Q4"}
