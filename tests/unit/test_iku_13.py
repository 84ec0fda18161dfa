"""IKU 13: IKPA."""

from decimal import Decimal

import pytest

from schemas.card import Status
from transforms.iku.iku_13_ikpa_budget_execution_score import compute
from transforms.rules.budget_execution import LABELS, regime_of


def row(regime=2024, final="95.36", **changed):
    """Return a report in which all indicators are 95.36."""
    weights = regime_of(regime).weights
    return {
        "satker": "123456",
        "regime": regime,
        **{f"value_{name}": Decimal("95.36") if name in weights else None for name in LABELS},
        **{
            f"weight_{name}": Decimal(weights[name]) if name in weights else None for name in LABELS
        },
        "total_score": Decimal("95.36"),
        "conversion_pct": Decimal(100),
        "dispensation_score": Decimal(0),
        "final_score": Decimal(final),
        **changed,
    }


@pytest.mark.parametrize(("regime", "year"), [(2022, 2022), (2022, 2023), (2024, 2024)])
def test_the_printed_score_is_the_value(regime, year):
    measured = compute([row(regime)], year)
    assert (measured.status, measured.actual_exact) == (Status.MEASURED, Decimal("95.36"))
    assert (measured.numerator, measured.denominator) == (None, None)
    assert measured.components == {
        "kategori": "Sangat Baik",
        "nilai_total": Decimal("95.36"),
        "konversi_bobot": Decimal("100.00"),
        "dispensasi": Decimal("0.00"),
        "nilai_hitung_ulang": Decimal("95.36"),
        "aspek": dict.fromkeys(("perencanaan", "pelaksanaan", "hasil"), Decimal("95.36")),
        "catatan": [],
    }


def test_what_does_not_follow_is_noted_and_the_printed_score_stays():
    measured = compute([row(final="90.00")], 2024)
    assert measured.actual_exact == 90
    assert measured.components["nilai_hitung_ulang"] == Decimal("95.36")
    assert measured.components["catatan"] == ["Nilai Akhir tercetak 90,00, hitung ulang 95,36"]


@pytest.mark.parametrize(("regime", "year"), [(2022, 2024), (2024, 2023)])
def test_a_report_with_the_layout_of_other_years_is_refused(regime, year):
    with pytest.raises(ValueError, match=rf"IKU\.13: laporan memakai aturan {regime}"):
        compute([row(regime)], year)


def test_before_2022_it_is_only_imported():
    measured = compute([row(2022, final="99.43")], 2021)
    assert measured.actual_exact == Decimal("99.43")
    assert list(measured.components) == ["catatan"]


def test_no_report_of_the_month():
    assert compute([], 2024).status is Status.NOT_YET_PUBLISHED
