"""IKPA computed once more, on real rows of both regimes and against the slow reference."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.sources.ikpa import INDICATORS
from tests.golden import slow
from transforms.rules.budget_execution import (
    LABELS,
    REGIMES,
    foreign_weights,
    identity_differences,
    recompute,
    recompute_row,
    regime_of,
)
from transforms.rules.formulas import two_decimals


def report(year=2024, values=None, weights=None, **printed):
    """Return a row of `staging.ikpa` that agrees with itself, unless told otherwise."""
    regime = regime_of(year)
    row = {"regime": regime.valid_from, "dispensation_score": Decimal(0)}
    for name in LABELS:
        own = name in regime.weights
        row[f"value_{name}"] = Decimal((values or {}).get(name, 100)) if own else None
        row[f"weight_{name}"] = (
            Decimal((weights or {}).get(name, regime.weights[name])) if own else None
        )
    row["dispensation_score"] = printed.pop("dispensation_score", Decimal(0))
    if any(row[f"weight_{name}"] for name in regime.weights):
        again = recompute_row(row)
        row |= {
            "total_score": two_decimals(again.total),
            "conversion_pct": two_decimals(again.conversion),
            "final_score": two_decimals(again.final),
        }
    return {**row, **printed}


@pytest.mark.parametrize("regime", REGIMES)
def test_the_weights_of_a_regime_make_100(regime):
    assert sum(regime.weights.values()) == 100


def test_the_regime_of_a_year():
    assert [regime_of(year).valid_from for year in (2022, 2023, 2024, 2026)] == [
        2022,
        2022,
        2024,
        2024,
    ]
    with pytest.raises(ValueError, match="IKPA of 2021 cannot be computed again"):
        regime_of(2021)


score = st.decimals(0, 100, places=2)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(REGIMES),
    st.lists(score, min_size=8, max_size=8),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.sampled_from(["0", "0.25", "0.50", "0.75", "1.00"]),
)
def test_equals_the_slow_reference(regime, values, applies, deduction):
    names = list(regime.weights)
    by_name = dict(zip(names, values, strict=False))
    weights = {
        name: Decimal(regime.weights[name] if used else 0)
        for name, used in zip(names, applies, strict=False)
    }
    assume(any(weights.values()))
    found = recompute(by_name, weights, regime, Decimal(deduction))
    printed = {INDICATORS[name]: str(value) for name, value in by_name.items()}
    printed["tidak berlaku"] = ", ".join(INDICATORS[n] for n in names if not weights[n])
    printed["Dispensasi SPM (Pengurang)"] = deduction
    assert found.final == slow.recomputed(printed, regime.valid_from)
    assert 0 <= found.final <= 100
    assert 0 <= found.total <= found.conversion <= 100


def test_an_indicator_without_weight_is_ignored_whatever_it_shows():
    shown = report(values={"cash_supply": 50}, weights={"cash_supply": 0})
    assert recompute_row(shown).final == 100
    assert recompute_row(shown).conversion == 90
    assert recompute_row(shown).aspects["pelaksanaan"] == 100


def test_a_nought_with_a_weight_is_a_real_nought():
    assert recompute_row(report(values={"contract": 0})).final == 90


def test_an_aspect_in_which_nothing_applies_is_left_out():
    shown = report(weights={"output": 0})
    assert list(recompute_row(shown).aspects) == ["perencanaan", "pelaksanaan"]


def test_the_deduction_stops_at_nought():
    shown = report(values=dict.fromkeys(LABELS, 0), dispensation_score=Decimal(1))
    assert recompute_row(shown).final == 0


def test_in_2022_dispensation_is_an_indicator_and_is_not_deducted():
    shown = report(2022, values={"dispensation": 80}, dispensation_score=Decimal(1))
    assert recompute_row(shown).final == 99


def test_no_weight_at_all():
    empty = report(weights=dict.fromkeys(LABELS, 0), conversion_pct=Decimal(100))
    with pytest.raises(ValueError, match="no indicator"):
        recompute_row(empty)
    assert [str(difference) for difference in identity_differences(empty)] == [
        "Konversi Bobot (semua bobot 0) tercetak 100, hitung ulang 0"
    ]


def test_a_report_that_agrees_with_itself():
    assert identity_differences(report(values={"absorption": "96.15"})) == []


@pytest.mark.parametrize("column", ["total_score", "final_score"])
@pytest.mark.parametrize(("by", "differs"), [("0.01", False), ("-0.01", False), ("0.02", True)])
def test_identities_hold_within_a_hundredth(column, by, differs):
    shown = report(values={"absorption": "96.15"})
    shown[column] += Decimal(by)
    assert bool(identity_differences(shown)) is differs


def test_a_tie_may_be_printed_lower():
    values = {"page_three_deviation": "78.44", "absorption": "96.15", "cash_supply": "99.92"}
    shown = report(values=values, weights={"contract": 0, "bill_settlement": 0})
    assert shown["final_score"] == Decimal("94.99")
    assert identity_differences({**shown, "final_score": Decimal("94.98")}) == []


def test_a_difference_is_said_to_an_officer():
    shown = report(total_score=Decimal("95.31"))
    assert [str(difference) for difference in identity_differences(shown)] == [
        "Nilai Total tercetak 95,31, hitung ulang 100,00"
    ]


def test_rows_and_aspects_are_compared_where_they_are_given():
    shown = report(values={"absorption": "96.15"})
    shown |= {"row_absorption": Decimal("19.23"), "aspect_pelaksanaan": Decimal("99.04")}
    assert identity_differences(shown) == []
    shown |= {"row_absorption": Decimal("19.30"), "aspect_pelaksanaan": Decimal("90.00")}
    assert [difference.what for difference in identity_differences(shown)] == [
        "Nilai Akhir Penyerapan Anggaran",
        "Nilai Aspek pelaksanaan",
    ]


def test_a_conversion_that_is_not_the_sum_of_the_weights():
    shown = report(weights={"contract": 0}, conversion_pct=Decimal(100))
    assert [difference.what for difference in identity_differences(shown)] == ["Konversi Bobot"]


def test_weights_are_those_of_the_regime_or_nought():
    assert foreign_weights(report(weights={"contract": 0})) == []
    found = foreign_weights(report(2024, weights={"page_three_deviation": 10}))
    assert [str(difference) for difference in found] == [
        "Bobot Deviasi Halaman III DIPA tercetak 10, hitung ulang 15"
    ]


CASES = Path(__file__).parents[3] / "shared" / "cases" / "ikpa" / "selected.csv"
COLUMNS = {
    "dipa_revision": "revisi_dipa",
    "page_three_deviation": "deviasi_hal3",
    "absorption": "penyerapan",
    "contract": "kontraktual",
    "bill_settlement": "tagihan",
    "cash_supply": "up_tup",
    "output": "capaian_output",
}


@pytest.mark.needs_shared
@pytest.mark.skipif(not CASES.exists(), reason="the published cases are not beside the project")
def test_published_reports_agree_with_themselves():
    with CASES.open(encoding="utf-8") as file:
        rows = [published(case) for case in csv.DictReader(file)]
    assert len(rows) == 23
    assert [identity_differences(row) + foreign_weights(row) for row in rows] == [[]] * 23


def published(case):
    """Return a published case as a row of `staging.ikpa`, with what is printed beside it."""
    regime = regime_of(int(case["period"][:4]))
    row = {
        "regime": regime.valid_from,
        "total_score": Decimal(case["nilai_total"]),
        "conversion_pct": Decimal(case["konversi_bobot"]),
        "dispensation_score": Decimal(case["dispensasi_pengurang"]),
        "final_score": Decimal(case["nilai_akhir"]),
    }
    if not regime.deducts_dispensation:
        row["value_dispensation"] = Decimal(case["n_dispensasi_indikator_2022_23"])
        row["weight_dispensation"] = Decimal(5)
    for name, column in COLUMNS.items():
        row[f"value_{name}"] = Decimal(case[f"n_{column}"])
        row[f"weight_{name}"] = Decimal(case[f"b_{column}"])
        row[f"row_{name}"] = Decimal(case[f"a_{column}"]) if case[f"a_{column}"] else None
    return row
