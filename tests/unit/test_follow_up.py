"""Follow-up of recommendations by status."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.card import Status
from transforms.rules.follow_up import FollowUp, closed_share, follow_up_of


def row(status, recommendations=1, cohort="this_year", answer_term_open=False):
    return {
        "cohort": cohort,
        "status": status,
        "answer_term_open": answer_term_open,
        "recommendations": recommendations,
    }


def test_statuses_are_added_up():
    found = follow_up_of([row(1, 2), row(4), row(1, 3, cohort="carried"), row(3)])
    assert found == FollowUp(done=5, unfinished=0, untouched=1, impossible=1)
    assert (found.total, found.closed) == (7, 6)


@pytest.mark.parametrize("status", [0, 5, None])
def test_an_unknown_status_is_refused(status):
    with pytest.raises(ValueError, match="status is"):
        follow_up_of([row(status)])


def test_percentages_of_nothing():
    nothing, impossible_only = FollowUp(0, 0, 0, 0), FollowUp(0, 0, 0, 2)
    assert (nothing.v1, nothing.v2, nothing.v3, nothing.v4) == (None, None, None, None)
    assert (impossible_only.v1, impossible_only.v3) == (Decimal("100.00"), None)


@settings(max_examples=100, deadline=None)
@given(*[st.integers(0, 50)] * 4)
def test_the_stricter_variants_are_never_higher(done, unfinished, untouched, impossible):
    found = FollowUp(done, unfinished, untouched, impossible)
    if found.total:
        assert found.v2 <= found.v1 <= found.v4
    if found.v3 is not None:
        assert found.v2 <= found.v3 <= found.v1


def test_what_is_in_its_answer_term_stays_in_the_denominator():
    measured = closed_share(
        [row(1, 3), row(3, 2, answer_term_open=True), row(2, 1, cohort="carried")],
        {"lain": 1},
        when_none="tidak ada",
    )
    assert measured.status is Status.MEASURED
    assert (measured.numerator, measured.denominator) == (3, 6)
    assert measured.components == {
        "sesuai": 3,
        "belum_sesuai": 1,
        "belum_ditindaklanjuti": 2,
        "tidak_dapat_ditindaklanjuti": 0,
        "bawaan": 1,
        "tahun_ini": 5,
        "belum_jatuh_tempo": 2,
        "lain": 1,
        "catatan": [],
    }


def test_no_recommendation_is_never_100_percent():
    measured = closed_share([], {}, when_none="tidak ada")
    assert measured.status is Status.NOTHING_TO_COUNT
    assert measured.components["catatan"] == ["tidak ada"]
