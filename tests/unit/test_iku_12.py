"""IKU 12: the SAKIP score."""

from datetime import date
from decimal import Decimal

import pytest

from schemas.card import Status
from transforms.iku.iku_12_sakip_accountability_score import compute


def row(total="68.50", evaluation="12.40", predicate=None):
    return {
        "planning_score": Decimal("24.60"),
        "measurement_score": Decimal("21.00"),
        "reporting_score": Decimal("10.50"),
        "evaluation_score": Decimal(evaluation),
        "total_score": Decimal(total),
        "predicate": predicate,
        "letter_no": "LHE-1",
        "letter_date": date(2023, 11, 1),
    }


def test_the_score_of_the_report():
    measured = compute([row(predicate="B")], 2023)
    assert (measured.status, measured.actual_exact) == (Status.MEASURED, Decimal("68.5"))
    assert measured.components == {
        "predikat": "B",
        "perencanaan": Decimal("24.60"),
        "pengukuran": Decimal("21.00"),
        "pelaporan": Decimal("10.50"),
        "evaluasi": Decimal("12.40"),
        "nomor_lhe": "LHE-1",
        "tanggal_lhe": "2023-11-01",
        "catatan": [],
    }


@pytest.mark.parametrize(("total", "is_noted"), [("68.51", False), ("68.52", True)])
def test_components_make_the_total_within_a_hundredth(total, is_noted):
    measured = compute([row(total)], 2023)
    assert measured.actual_exact == Decimal(total)  # the total stays
    assert bool(measured.components["catatan"]) is is_noted


def test_the_note_says_both_figures():
    assert compute([row("70.00")], 2022).components["catatan"] == [
        "jumlah komponen 68,50, tercetak 70,00"
    ]


def test_up_to_2021_a_fifth_component_made_the_total():
    assert compute([row("70.00")], 2021).components["catatan"] == []


def test_another_predicate_than_printed_is_noted():
    assert compute([row(predicate="bb")], 2023).components["catatan"] == [
        "predikat tercetak BB, menurut tabel B"
    ]


def test_no_report():
    assert compute([], 2023).status is Status.NOT_YET_PUBLISHED
