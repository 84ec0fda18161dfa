"""IKU 10: use of the standard systems."""

from decimal import Decimal

import pytest

from schemas.card import Status
from transforms.iku.iku_10_standard_systems_in_use import compute


def row(quarter, systems, utilisation="1", has_row=True, has_slice=True):
    return {
        "quarter": quarter,
        "has_slice": has_slice,
        "has_row": has_row,
        "utilisation": Decimal(utilisation) if has_row else None,
        "systems": systems,
    }


def test_the_mean_of_the_quarters():
    measured = compute([row(1, 12), row(1, 3, "0"), row(2, 12), row(2, 3, "0.5")])
    assert measured.status is Status.MEASURED
    assert measured.actual_exact == 85
    assert (measured.numerator, measured.denominator) == (Decimal("25.5"), 30)
    assert measured.components == {
        "triwulan": [
            {"triwulan": 1, "nilai": Decimal("80.00"), "tanpa_baris": 0},
            {"triwulan": 2, "nilai": Decimal("90.00"), "tanpa_baris": 0},
        ],
        "tanpa_baris": 0,
    }


def test_a_quarter_that_was_not_reported_is_left_out():
    measured = compute([row(1, 15, has_row=False, has_slice=False), row(2, 15)])
    assert (measured.actual_exact, measured.denominator) == (100, 15)
    assert [quarter["triwulan"] for quarter in measured.components["triwulan"]] == [2]


def test_a_system_without_a_row_is_unused_and_makes_it_provisional():
    measured = compute([row(1, 12), row(1, 3, has_row=False)])
    assert (measured.status, measured.actual_exact) == (Status.PROVISIONAL, 80)
    assert measured.components["sebab_sementara"] == ["triwulan 1: 3 sistem tanpa baris"]


@pytest.mark.parametrize("rows", [[], [row(1, 15, has_row=False, has_slice=False)]])
def test_no_quarter_was_reported(rows):
    assert compute(rows).status is Status.NOT_YET_PUBLISHED


@pytest.mark.parametrize("systems", [14, 16])
def test_there_must_be_fifteen_in_every_quarter(systems):
    with pytest.raises(
        ValueError, match=rf"IKU\.10: {systems} sistem aktif pada triwulan 2, harus 15"
    ):
        compute([row(1, 15), row(2, systems)])


def test_a_system_cannot_be_used_more_than_wholly():
    with pytest.raises(ValueError, match="no share"):
        compute([row(1, 15, "1.5")])
