"""IKU 1: agencies graded A or B on NSPK."""

from decimal import Decimal

import pytest

from schemas.card import Status
from transforms.iku.iku_01_agencies_graded_a_or_b_on_nspk import compute


def row(letter, agencies, score=None):
    return {
        "letter": letter,
        "score": None if score is None else Decimal(score),
        "agencies": agencies,
    }


def test_all_agencies_are_the_denominator_also_those_not_assessed():
    measured = compute([row("A", 5), row("B", 15), row("C", 10), row("tidak_dinilai", 4)], 2022)
    assert measured.status is Status.MEASURED
    assert (measured.numerator, measured.denominator) == (20, 34)
    assert measured.components["huruf"] == {
        "A": 5,
        "B": 15,
        "C": 10,
        "D": 0,
        "E": 0,
        "tidak_dinilai": 4,
        "belum": 0,
    }
    assert "batas_atas" not in measured.components


def test_while_a_letter_is_awaited_it_is_provisional():
    measured = compute([row("A", 9), row("C", 1), row("belum", 24)], 2023)
    assert measured.status is Status.PROVISIONAL
    assert measured.components["batas_atas"] == Decimal("97.06")
    assert measured.components["sebab_sementara"] == ["huruf 24 instansi belum diketahui"]


@pytest.mark.parametrize("others", [[], [row("tidak_dinilai", 2)]])
def test_without_any_letter_nothing_is_known(others):
    measured = compute([row("belum", 32), *others], 2023)
    assert measured.status is Status.NOT_YET_PUBLISHED


def test_none_assessed_is_final_and_nought():
    measured = compute([row("tidak_dinilai", 34)], 2023)
    assert (measured.status, measured.actual_exact) == (Status.MEASURED, 0)


def test_an_office_without_agencies_has_nothing_to_count():
    assert compute([], 2023).status is Status.NOTHING_TO_COUNT


def test_the_delivered_letter_counts_where_its_figure_has_another():
    rows = [row("B", 1, "85.00"), row("B", 2, "85.01"), row("A", 1, "85.005"), row("E", 1, "24.99")]
    measured = compute(rows, 2022)
    assert (measured.numerator, measured.denominator) == (4, 5)
    assert measured.components["huruf_berbeda"] == 3
    assert measured.components["catatan"] == [
        "2 instansi: huruf B, nilai 85,01 (A)",
        "1 instansi: huruf E, nilai 24,99 (tanpa huruf)",
    ]


def test_figures_of_older_years_are_not_compared():
    measured = compute([row("D", 1, "21.00")], 2021)
    assert measured.components["huruf_berbeda"] == 0


def test_an_unknown_letter_is_refused():
    with pytest.raises(ValueError, match="letter is 'F'"):
        compute([row("F", 1)], 2023)
