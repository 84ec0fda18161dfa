"""Nights with failures, without power, over the year's end: ledger and values right each time."""

from __future__ import annotations

import calendar
import random
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import pytest

from schemas.source import Cadence
from schemas.sources import sources
from tests.conftest import Server
from tests.nights.office import (
    INBOX,
    LIVE,
    SHUTTABLE,
    Night,
    Plan,
    file,
    local,
    office,
    written_twice,
)
from tests.samples import budget
from tests.samples.delivery import Delivery
from tests.warehouse import steps

SEED = 2023
FIRST = date(2023, 12, 29)
NIGHTS = 34  # to 31 January, so that a downtime of thirty nights lies between

# The last quarter of 2023 was due on 15 January; IKU 7 reads digital_service, and so on.
DUE = date(2024, 1, 15)
READS = {
    "IKU.4": ("survey_answer", "2023-Q4"),
    "IKU.7": ("digital_service", "2023-Q4"),
    "IKU.10": ("system_usage", "2023-Q4"),
    "IKU.13": ("ikpa", "2023-12"),
}


def day(number: int) -> date:
    """Return the day on whose early morning a night falls."""
    return FIRST + timedelta(days=number)


def ikpa(year: int, month: int) -> Delivery:
    return budget.ikpa(SEED, year, steps.complete_year().references)[month - 1]


def plan() -> Plan:
    """Lay out what is delivered of the last quarter of 2023, on time or late."""
    forms = [steps.form("434434344", answered_on=date(2023, 11, 6 + n)) for n in range(4)]
    proposals = steps.proposals(date(2023, 9, 8), year=2023)
    files = {
        date(2024, 1, 3): [file("system_usage", "2023-Q4", steps.usage(13, 1))],
        # No longer among the two newest months when it is laid there.
        date(2024, 1, 4): [ikpa(2023, 11)],
        date(2024, 1, 9): [ikpa(2023, 12), file("technical_regulation", "2023-Q4", proposals)],
        date(2024, 1, 12): [file(INBOX, "2023-Q4", forms)],
        date(2024, 1, 19): [file("digital_service", "2023-Q4", steps.digital(11))],
        # Of a quarter that has long ended.
        date(2024, 1, 23): [file("digital_service", "2023-Q2", steps.digital(9))],
        date(2024, 1, 29): [ikpa(2024, 1)],
    }
    members = steps.members()
    tied = {agency: date(2023, 2, 1) for agency in members[:30]}
    return Plan(files, {**tied, members[30]: date(2024, 1, 7)})


def begun(cadence: Cadence, today: date, first_year: int = 2020) -> list[tuple[str, date, date]]:
    """Return the text, first and last day of all periods that have begun, the newest first."""
    months = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.YEARLY: 12}[cadence]
    found = []
    for year in range(first_year, today.year + 1):
        for last in range(months, 13, months):
            first_day = date(year, last - months + 1, 1)
            last_day = date(year, last, calendar.monthrange(year, last)[1])
            text = {1: f"{year}-{last:02}", 3: f"{year}-Q{last // 3}", 12: f"{year}"}[months]
            if first_day <= today:
                found.append((text, first_day, last_day))
    return found[::-1]


def expected_states(today: date, arrived: Collection[tuple[str, str]]) -> dict:
    """Return the state of every source and period from 2020 on, of which there are targets."""
    states = {}
    for code, card in sources().items():
        for text, _, last_day in begun(card.cadence, today):
            if (code, text) in arrived:
                state = "arrived"
            elif last_day >= today:
                state = "running"
            elif card.due_days is None:
                state = "never_due"
            else:
                late = (today - last_day).days > card.due_days
                state = "overdue" if late else "awaited"
            states[code, text] = state
    return states


def arriving(today: date, shut: Collection[str]) -> set[tuple[str, str]]:
    """Return what lies behind a door that is open, or in the inbox."""
    slices = {(one.source, one.period) for one in plan().until(today) if one.source not in shut}
    if LIVE not in shut:
        newest = begun(Cadence.QUARTERLY, today)[:2]
        slices |= {(LIVE, text) for text, _, _ in newest}
    return slices


def assert_right(night: Night, today: date, arrived: Collection[tuple[str, str]]) -> None:
    """Compare a night with what should be: the ledger, and whether there are values and why not."""
    assert night.states == expected_states(today, arrived)
    for iku, slice_ in READS.items():
        status = night.status(iku, 2023, 4)
        if slice_ in arrived:
            assert status in ("measured", "provisional"), (iku, today)
        else:
            missing = "not_reported" if today > DUE else "not_yet_published"
            assert status == missing, (iku, today)


@pytest.fixture(scope="module")
def undisturbed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> list[Night]:
    """Return the nights of an office where nothing ever fails."""
    with office(server, tmp_path_factory.mktemp("tenang"), plan()) as calm:
        nights = [calm.night(local(day(number))) for number in range(NIGHTS)]
        assert written_twice(calm.open(local(day(NIGHTS)))) == []
    return nights


@pytest.mark.slow
def test_every_night_is_right_when_nothing_fails(undisturbed: list[Night]):
    arrived: set[tuple[str, str]] = set()
    for number, night in enumerate(undisturbed):
        arrived |= arriving(day(number), ())
        assert_right(night, day(number), arrived)
        assert [answer.problem for answer in night.answers if answer.problem] == []
    expected = {("ikpa", "2023-11"), ("digital_service", "2023-Q2"), *READS.values()}
    assert expected <= arrived


@pytest.mark.slow
def test_thirty_nights_on_which_sources_fail(
    server: Server, tmp_path: Path, undisturbed: list[Night]
):
    dice = random.Random(SEED)
    arrived: set[tuple[str, str]] = set()
    failures = 0
    with office(server, tmp_path, plan()) as troubled:
        for number in range(32):
            fails = 0 < number <= 30
            shut = [source for source in SHUTTABLE if fails and dice.random() < 0.6]
            night = troubled.night(local(day(number)), shut)
            arrived |= arriving(day(number), shut)
            assert_right(night, day(number), arrived)
            useless = {answer.errand.feed.source for answer in night.answers if answer.problem}
            assert useless == set(shut)
            failures += len(useless)
        assert failures > 60
        assert night.shown == undisturbed[number].shown
        assert written_twice(troubled.open(local(day(number)))) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("last_before", "nights_down", "caught_up"),
    [
        (date(2024, 1, 3), 1, ["ikpa 2023-11"]),
        (
            date(2024, 1, 8),
            3,
            ["ikpa 2023-12", "technical_regulation 2023-Q4", "survey_answer 2023-Q4"],
        ),
        (
            date(2023, 12, 31),
            30,
            [
                "digital_service 2023-Q4", "ikpa 2023-12", "ikpa 2024-01",
                "siasn_integration 2024-Q1", "system_usage 2023-Q4",
                "technical_regulation 2023-Q4",
                "ikpa 2023-11", "digital_service 2023-Q2",
                "survey_answer 2023-Q4",
            ],
        ),
    ],
)  # fmt: skip
def test_the_first_night_after_a_downtime_brings_everything_once(
    server: Server,
    tmp_path: Path,
    undisturbed: list[Night],
    last_before: date,
    nights_down: int,
    caught_up: list[str],
):
    """Newest first; what tells of today is asked for today alone, not for every night missed."""
    back = last_before + timedelta(days=nights_down + 1)
    with office(server, tmp_path, plan()) as down:
        for number in range((last_before - FIRST).days + 1):
            down.night(local(day(number)))
        night = down.night(local(back))
        calm = undisturbed[(back - FIRST).days]
        assert night.landed == caught_up
        assert night.asked_of(LIVE) == ["2023-Q4", "2024-Q1"]
        asked = [str(answer.errand) for answer in night.answers]
        assert len(asked) == len(set(asked))
        assert night.states == calm.states
        assert night.shown == calm.shown
        # A run that comes late, as the scheduler had kept it, and one that comes twice.
        for minutes in (0, 7):
            again = down.night(local(back) + timedelta(minutes=minutes))
            assert again.landed == []
            assert (again.ledger, again.shown) == (night.ledger, night.shown)
        assert written_twice(down.open(local(back))) == []
