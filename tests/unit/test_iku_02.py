"""IKU 2: agencies that measured IP ASN."""

import pytest

from schemas.card import Status
from transforms.iku.iku_02_agencies_measuring_ip_asn import compute


def rows(**agencies):
    return [{"measured": measured, "agencies": n} for measured, n in agencies.items()]


def test_published_2020():
    measured = compute(rows(yes=32, no=2))
    assert measured.status is Status.MEASURED
    assert (measured.numerator, measured.denominator) == (32, 34)
    assert measured.components == {"belum_mengukur": 2, "tanpa_baris": 0}


def test_an_agency_without_a_row_counts_as_no_and_makes_it_provisional():
    measured = compute(rows(yes=32, no=1, no_row=1))
    assert measured.status is Status.PROVISIONAL
    assert (measured.numerator, measured.denominator) == (32, 34)
    assert measured.components["sebab_sementara"] == ["1 instansi tanpa baris"]


def test_no_row_of_any_agency_is_not_zero_percent():
    assert compute(rows(no_row=34)).status is Status.NOT_YET_PUBLISHED
    assert compute([]).status is Status.NOTHING_TO_COUNT


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match="measured is 'ya'"):
        compute(rows(ya=1))
