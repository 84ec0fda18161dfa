"""IKU 5: technical regulations issued."""

import pytest

from schemas.card import Status
from transforms.iku.iku_05_technical_regulations_issued import compute


def row(cohort, state, proposals):
    return {"cohort": cohort, "state": state, "proposals": proposals}


def test_rejected_and_older_proposals_stay_in_the_denominator():
    measured = compute(
        [
            row("this_year", "enacted", 3),
            row("this_year", "undecided", 1),
            row("carried", "enacted", 1),
            row("carried", "rejected", 1),
        ]
    )
    assert measured.status is Status.MEASURED
    assert (measured.numerator, measured.denominator) == (4, 6)
    assert measured.components == {
        "ditolak": 1,
        "belum_diputus": 1,
        "tahun_ini": 4,
        "bawaan": 2,
        "catatan": [],
    }


def test_nothing_proposed_is_not_zero_percent():
    measured = compute([])
    assert measured.status is Status.NOTHING_TO_COUNT
    assert measured.components["catatan"] == ["tidak ada usulan"]


@pytest.mark.parametrize("wrong", [row("next_year", "enacted", 1), row("carried", "done", 1)])
def test_an_unknown_word_is_refused(wrong):
    with pytest.raises(ValueError, match="none of"):
        compute([wrong])
