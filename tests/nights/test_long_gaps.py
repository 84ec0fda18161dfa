"""After a long gap every quarter that was touched is computed, once, and as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.nights.office import Plan, file, local, office, written_twice
from tests.samples.delivery import Delivery
from tests.samples.workbooks import Row
from tests.warehouse import steps

At = Callable[[str | None], Warehouse]

UNCLOSED = {(2025, 1), (2025, 2), (2025, 3), (2025, 4), (2026, 1)}
"""In March 2026: nspk and others of 2025 are due on the last day of 2026."""


@pytest.fixture
def clock(server: Server, database: str, at: At) -> At:
    steps.backdate_references(server, database)
    return at


@pytest.mark.parametrize(
    ("source", "period", "rows", "touched"),
    [
        # A snapshot and events: the later quarters of its year.
        ("digital_service", "2023-Q2", steps.digital(), {(2023, 2), (2023, 3), (2023, 4)}),
        ("system_usage", "2024-Q4", steps.usage(), {(2024, 4)}),
        # A register: those of the next year too.
        (
            "technical_regulation",
            "2022-Q3",
            steps.proposals(date(2022, 7, 1), year=2022),
            {(2022, 3), (2022, 4), (2023, 1), (2023, 2), (2023, 3), (2023, 4)},
        ),
        # Printed figures: the quarter itself.
        ("published_actual", "2023-Q1", steps.printed({"IKU.7": None}), {(2023, 1)}),
    ],
)
def test_a_file_of_long_ago_touches_what_it_changes(
    clock: At,
    settings: Settings,
    source: str,
    period: str,
    rows: list[Row],
    touched: set[tuple[int, int]],
):
    steps.refresh(clock("2021-06-15T01:30:00+07:00"))
    steps.refresh(clock("2026-03-01T01:30:00+07:00"))  # what had not been closed in 2021 is now
    assert steps.touched(clock("2026-03-02T01:30:00+07:00")) == UNCLOSED
    late = clock("2026-03-02T09:00:00+07:00")
    steps.landed(steps.land(late, settings, source, period, rows))
    night = clock("2026-03-03T01:30:00+07:00")
    assert steps.touched(night) == touched | UNCLOSED
    steps.refresh(night)
    assert steps.touched(clock("2026-03-04T01:30:00+07:00")) == UNCLOSED


def register(period: str, *decided: date | None) -> Delivery:
    rows = steps.proposals(*decided, year=int(period[:4]))
    return file("technical_regulation", period, rows)


@pytest.mark.slow
def test_a_year_without_power_ends_as_a_year_with_it(server: Server, tmp_path: Path):
    """The files lay where they are fetched from; the turn of the year was slept through."""
    plan = Plan(
        {
            date(2023, 10, 4): [file("digital_service", "2023-Q3", steps.digital(8))],
            date(2024, 1, 9): [
                file("digital_service", "2023-Q4", steps.digital(9)),
                file("system_usage", "2023-Q4", steps.usage(12)),
            ],
            date(2024, 4, 30): [
                register("2023-Q4", date(2023, 9, 8)),
                register("2024-Q1", date(2024, 3, 8), None),
            ],
            date(2024, 7, 9): [file("digital_service", "2024-Q2", steps.digital(11))],
        }
    )
    first, last = date(2023, 10, 15), date(2024, 11, 20)
    months = [date(2023, 10 + n, 20) for n in range(3)] + [date(2024, n, 20) for n in range(1, 11)]
    ends, brought = [], []
    for name, between in (("menyala", months), ("padam", [])):
        (tmp_path / name).mkdir()
        with office(server, tmp_path / name, plan) as one:
            for day in [first, *between]:
                one.night(local(day))
            night = one.night(local(last))
            assert written_twice(one.open(local(last))) == []
            ends.append((night.states, night.shown))
            brought.append(night.landed)
    assert brought == [
        [],
        [
            "digital_service 2024-Q2",
            "technical_regulation 2024-Q1",
            "digital_service 2023-Q4",
            "system_usage 2023-Q4",
            "technical_regulation 2023-Q4",
        ],
    ]
    assert ends[0] == ends[1]
