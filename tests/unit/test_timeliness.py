"""Which quarter is read, and what is shown of it: RULES 8.3 line by line."""

from fractions import Fraction

import pytest

from schemas.card import Measurement, Status
from transforms.indicators import indicators
from transforms.rules.formulas import share
from transforms.rules.timeliness import SourceState, quarter_to_read, settle


def card(number):
    return indicators()[f"IKU.{number}"].card


def state(**changed):
    """Return the state of a source that has delivered all, long ago."""
    usual = {
        "source": "any",
        "is_in_force": True,
        "has_data": True,
        "is_overdue": True,
        "has_gap": False,
        "last_quarter": None,
        "period_ended": True,
        "loads": (7,),
    }
    return SourceState(**{**usual, **changed})


DELIVERED = state()
AWAITED = state(is_in_force=False, is_overdue=False)
NOTHING_YET = state(is_in_force=False, is_overdue=False, has_data=False)
LATE = state(is_in_force=False, last_quarter=1)
NEVER = state(is_in_force=False, has_data=False)

YEARLY, CARRIED, POOLED, AVERAGE, REGISTER, EXACT = 11, 6, 3, 10, 8, 13


@pytest.mark.parametrize(
    ("number", "quarter", "of", "read"),
    [
        (YEARLY, 1, DELIVERED, Status.NOT_YET_PUBLISHED),
        (YEARLY, 3, NEVER, Status.NOT_YET_PUBLISHED),
        (YEARLY, 4, DELIVERED, 4),
        (YEARLY, 4, NOTHING_YET, Status.NOT_YET_PUBLISHED),
        (YEARLY, 4, NEVER, Status.NOT_REPORTED),
        (CARRIED, 2, DELIVERED, 2),
        (CARRIED, 2, AWAITED, 2),
        (CARRIED, 2, NOTHING_YET, Status.NOT_YET_PUBLISHED),
        (CARRIED, 2, LATE, 1),
        (CARRIED, 2, NEVER, Status.NOT_REPORTED),
        (CARRIED, 4, LATE, Status.NOT_REPORTED),
        (POOLED, 2, AWAITED, 2),
        (POOLED, 2, LATE, Status.NOT_REPORTED),
        (AVERAGE, 3, LATE, Status.NOT_REPORTED),
        (REGISTER, 1, AWAITED, 1),
        (REGISTER, 1, LATE, Status.NOT_REPORTED),
        (EXACT, 2, NOTHING_YET, Status.NOT_YET_PUBLISHED),
        (EXACT, 2, LATE, Status.NOT_REPORTED),
    ],
)
def test_quarter_to_read(number, quarter, of, read):
    assert quarter_to_read(card(number), quarter, of) == read


def settled(number, of, measurement=None, quarter=2, read=2):
    measurement = share(1, 2) if measurement is None else measurement
    return settle(card(number), measurement, quarter, read, of)


def reasons(measurement):
    return measurement.components["sebab_sementara"]


def test_a_delivered_quarter_that_is_over_is_measured():
    assert settled(POOLED, DELIVERED) == share(1, 2)


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (state(period_ended=False, is_overdue=False), "triwulan belum berakhir"),
        (AWAITED, "data periode ini belum masuk"),
    ],
)
@pytest.mark.parametrize("number", [YEARLY, CARRIED, POOLED, AVERAGE, REGISTER])
def test_what_makes_any_value_provisional(number, of, reason):
    found = settled(number, of)
    assert found.status is Status.PROVISIONAL
    assert found.actual_exact == 50
    assert reasons(found) == [reason]
    assert "triwulan_asal" not in found.components


def test_all_reasons_are_given():
    found = settled(POOLED, state(period_ended=False, is_in_force=False, has_gap=True))
    assert reasons(found) == [
        "triwulan belum berakhir",
        "data periode ini belum masuk",
        "ada triwulan sebelumnya yang belum lapor",
    ]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (POOLED, Status.PROVISIONAL),
        (AVERAGE, Status.PROVISIONAL),
        (REGISTER, Status.MEASURED),
        (CARRIED, Status.MEASURED),
        (EXACT, Status.MEASURED),
    ],
)
def test_a_gap_touches_what_adds_quarters_up(number, status):
    assert settled(number, state(has_gap=True)).status is status


def test_a_carried_value_names_its_quarter():
    found = settled(CARRIED, LATE, quarter=3, read=1)
    assert found.status is Status.PROVISIONAL
    assert found.components["triwulan_asal"] == 1
    assert reasons(found) == ["memakai data Triwulan I"]


def test_the_reasons_of_the_data_are_kept():
    incomplete = Measurement(
        Status.PROVISIONAL, Fraction(50), components={"sebab_sementara": ["1 instansi tanpa baris"]}
    )
    assert settled(CARRIED, DELIVERED, incomplete) == incomplete
    assert reasons(settled(CARRIED, AWAITED, incomplete)) == [
        "1 instansi tanpa baris",
        "data periode ini belum masuk",
    ]


def test_what_the_data_do_not_know_is_not_reported_once_it_is_overdue():
    unknown = Measurement(Status.NOT_YET_PUBLISHED, components={"huruf": {"belum": 34}})
    assert settled(1, state(is_overdue=False), unknown, 4, 4) == unknown
    late = settled(1, state(), unknown, 4, 4)
    assert late.status is Status.NOT_REPORTED
    assert late.components == unknown.components


def test_nothing_to_count_stays_so():
    nothing = share(0, 0)
    assert settled(REGISTER, state(period_ended=False), nothing) == nothing
