"""IKU 4: satisfaction with services, shared by units."""

from decimal import Decimal

from schemas.card import Status
from transforms.iku.iku_04_satisfaction_with_services import compute

KIND = "layanan_kepegawaian"


def element(unit, n, total, service="S1", kind=KIND):
    return {
        "kind": kind,
        "service": service,
        "unit": unit,
        "element": "u1",
        "n": n,
        "sum": total,
        "respondents": n,
        "quarter_respondents": n,
    }


def test_respondents_are_pooled_and_units_stand_beside():
    rows = [
        element("MUTASI", 3, 12),
        element("INKA", 1, 3),
        element(None, 1, 2),
        element("INKA", 1, 2, service="S2"),
        element("PSK", 9, 9, kind="pembinaan"),
    ]
    measured = compute(rows, [])
    assert measured.actual_exact * 6 == 19 * 25
    assert measured.components["unit"] == [
        {"unit": "", "jawaban": 1, "ikm": Decimal("50.00"), "mutu": "D"},
        {"unit": "INKA", "jawaban": 2, "ikm": Decimal("62.50"), "mutu": "D"},
        {"unit": "MUTASI", "jawaban": 3, "ikm": Decimal("100.00"), "mutu": "A"},
    ]


def test_nobody_answered():
    measured = compute([], [])
    assert measured.status is Status.NOT_YET_PUBLISHED
    assert "unit" not in measured.components
