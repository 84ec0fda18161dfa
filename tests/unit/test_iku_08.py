"""IKU 8: oversight recommendations followed up."""

from decimal import Decimal

from schemas.card import Status
from transforms.iku.iku_08_oversight_recommendations_followed_up import compute


def row(status, recommendations, cohort="this_year", in_quarter=False, term_open=False):
    return {
        "cohort": cohort,
        "issued_in_quarter": in_quarter,
        "status": status,
        "answer_term_open": term_open,
        "recommendations": recommendations,
    }


def test_the_year_is_the_value_and_the_quarter_stands_beside():
    measured = compute(
        [
            row(1, 14, in_quarter=True),
            row(4, 1, in_quarter=True),
            row(3, 2, in_quarter=True, term_open=True),
            row(1, 1),
            row(2, 2, cohort="carried"),
        ]
    )
    assert (measured.numerator, measured.denominator) == (16, 20)
    assert measured.components["triwulan_ini"] == {
        "rekomendasi": 17,
        "ditindaklanjuti": 15,
        "nilai": Decimal("88.24"),
    }
    assert measured.components["belum_jatuh_tempo"] == 2
    assert measured.components["bawaan"] == 2


def test_nothing_issued_in_the_quarter():
    measured = compute([row(1, 1)])
    assert measured.components["triwulan_ini"]["nilai"] is None


def test_no_recommendation_at_all():
    measured = compute([])
    assert measured.status is Status.NOTHING_TO_COUNT
    assert measured.components["catatan"] == ["tidak ada rekomendasi"]
