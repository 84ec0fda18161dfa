"""IKU 6: agencies integrated with SIASN."""

import pytest

from schemas.card import Status
from transforms.iku.iku_06_agencies_integrated_with_siasn import compute


def rows(**agencies):
    return [{"mode": mode, "agencies": n} for mode, n in agencies.items()]


def test_published_2023():
    measured = compute(rows(simpegnas=26, webservice=8))
    assert (measured.status, measured.actual_exact) == (Status.MEASURED, 100)
    assert (measured.numerator, measured.denominator) == (34, 34)
    assert measured.components == {
        "simpegnas": 26,
        "webservice": 8,
        "belum_terintegrasi": 0,
        "tanpa_baris": 0,
    }


def test_an_agency_without_a_row_counts_as_no_and_makes_it_provisional():
    measured = compute(rows(simpegnas=6, none=3, no_row=1))
    assert measured.status is Status.PROVISIONAL
    assert (measured.numerator, measured.denominator) == (6, 10)
    assert measured.components["sebab_sementara"] == ["1 instansi tanpa baris"]


def test_no_row_of_any_agency_is_not_zero_percent():
    assert compute(rows(no_row=34)).status is Status.NOT_YET_PUBLISHED
    assert compute([]).status is Status.NOTHING_TO_COUNT


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="mode is 'fax'"):
        compute(rows(fax=1))
