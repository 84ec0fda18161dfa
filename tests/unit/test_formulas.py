"""Rounding, shares, achievements, words and bands."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.card import Status
from transforms.rules.formulas import (
    ACHIEVEMENT,
    IKPA,
    IP_ASN,
    MUTU,
    NSPK_BY_YEAR,
    SAKIP,
    MissingBecause,
    achievement,
    capped_120,
    counts_by,
    half_up,
    in_indonesian,
    mutu,
    nspk_letter,
    only_row,
    percent_of,
    share,
    status_word,
    two_decimals,
)

FAST = settings(max_examples=200, deadline=None)


@FAST
@given(st.decimals(allow_nan=False, allow_infinity=False, places=7), st.integers(0, 6))
def test_rounding_equals_that_of_decimal_on_exact_decimals(value, places):
    with localcontext(prec=200):
        expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    found = half_up(Fraction(value), places)
    assert found == expected
    assert found.as_tuple().exponent == -places


@FAST
@given(st.fractions(min_value=0), st.integers(0, 6))
def test_rounding_moves_a_value_by_at_most_half_a_step(value, places):
    difference = Fraction(half_up(value, places)) - value
    assert -Fraction(1, 2 * 10**places) < difference <= Fraction(1, 2 * 10**places)


def test_rounding_is_not_cut_to_the_precision_of_the_context():
    with localcontext(prec=4):
        assert two_decimals(Fraction("123456789.125")) == Decimal("123456789.13")


def test_rounding_writes_its_decimals_and_no_minus_before_nought():
    assert str(two_decimals(100)) == "100.00"
    assert str(two_decimals(Fraction(-1, 1000))) == "0.00"
    assert str(two_decimals(Fraction(-1, 200))) == "-0.01"


def test_figures_are_written_as_in_indonesia():
    assert in_indonesian(Decimal("94.78")) == "94,78"
    assert in_indonesian(Decimal(13454430000)) == "13.454.430.000"


@FAST
@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_lies_between_0_and_100(part, whole):
    if part > whole:
        with pytest.raises(ValueError, match="no share"):
            share(part, whole)
        return
    measured = share(part, whole)
    assert measured.status is Status.MEASURED
    assert 0 <= measured.actual_exact <= 100
    assert measured.actual_exact * whole == part * 100
    assert (measured.numerator, measured.denominator) == (part, whole)


def test_nothing_of_nothing_is_no_percentage():
    measured = share(0, 0, {"catatan": ["kosong"]}, provisional=True)
    assert measured.status is Status.NOTHING_TO_COUNT
    assert measured.actual_exact is None
    assert (measured.numerator, measured.denominator) == (0, 0)
    assert measured.components == {"catatan": ["kosong"]}


def test_a_share_below_nought_is_refused():
    with pytest.raises(ValueError, match="no share"):
        share(-1, 3)


def test_incomplete_data_make_a_share_provisional():
    assert share(1, 2, provisional=True).status is Status.PROVISIONAL


def test_a_percentage_for_people_needs_a_whole():
    assert percent_of(1, 3) == Decimal("33.33")
    assert percent_of(0, 0) is None


@pytest.mark.parametrize("target", [0, -1])
def test_no_achievement_without_a_target_above_nought(target):
    with pytest.raises(ValueError, match="no achievement"):
        achievement(Decimal(50), Decimal(target))


def test_cap():
    assert [capped_120(Fraction(value)) for value in (-5, 0, 119, 121)] == [0, 0, 119, 120]


def test_counts_keep_the_order_of_the_categories_and_lose_no_row():
    rows = [{"mode": "b", "n": Decimal(2)}, {"mode": "a", "n": 1}, {"mode": "b", "n": 3}]
    assert list(counts_by(rows, "mode", ("a", "b", "c"), "n").items()) == [
        ("a", 1),
        ("b", 5),
        ("c", 0),
    ]
    with pytest.raises(ValueError, match="mode is 'b'"):
        counts_by(rows, "mode", ("a",), "n")


def test_an_imported_value_is_one_row():
    assert only_row([], "IKU.11") is None
    assert only_row([{"score": 1}], "IKU.11") == {"score": 1}
    with pytest.raises(ValueError, match=r"IKU\.11: 2 rows"):
        only_row([{}, {}], "IKU.11")


@pytest.mark.parametrize(
    ("status", "pct", "missing", "has_class", "word"),
    [
        (Status.MEASURED, "100.00", None, True, "tercapai"),
        (Status.MEASURED, "99.99", None, True, "waspada"),
        (Status.MEASURED, "80.00", None, True, "waspada"),
        (Status.MEASURED, "79.99", None, True, "belum tercapai"),
        (Status.MEASURED, "0", None, True, "belum tercapai"),
        (Status.MEASURED, "100.00", None, False, "terukur"),
        (Status.PROVISIONAL, "100.00", None, True, "sementara"),
        (Status.PROVISIONAL, None, MissingBecause.NO_TARGET, True, "tanpa target"),
        (Status.MEASURED, None, MissingBecause.UNIT_CHANGED, True, "satuan berubah"),
        (Status.NOT_YET_PUBLISHED, None, MissingBecause.NO_ACTUAL, True, "belum terbit"),
        (Status.NOT_REPORTED, None, MissingBecause.NO_ACTUAL, True, "belum lapor"),
        (Status.NOTHING_TO_COUNT, None, MissingBecause.NO_ACTUAL, True, "nihil"),
    ],
)
def test_every_value_has_its_word(status, pct, missing, has_class, word):
    pct = None if pct is None else Decimal(pct)
    assert status_word(status, pct, missing, has_class) == word


SCALES = {
    "achievement": ACHIEVEMENT,
    "mutu": MUTU,
    "ip_asn": IP_ASN,
    "ikpa": IKPA,
    "sakip": SAKIP,
    "nspk": NSPK_BY_YEAR[2022],
}


@pytest.mark.parametrize("name", SCALES)
def test_a_scale_has_no_gap_and_its_bands_fall(name):
    scale = SCALES[name]
    edges = [Decimal(lowest) for lowest, _ in scale.bands]
    assert edges == sorted(edges, reverse=True)
    for (lowest, band), (_, below) in zip(scale.bands, scale.bands[1:], strict=False):
        assert scale.of(Decimal(lowest)) == band
        assert scale.of(Decimal(lowest) - Decimal("0.0050")) == band
        assert scale.of(Decimal(lowest) - Decimal("0.0051")) == below


@pytest.mark.parametrize("name", SCALES)
def test_a_scale_names_nothing_outside_itself(name):
    scale = SCALES[name]
    assert scale.of(Decimal(scale.bands[-1][0]) - Decimal("0.01")) is None
    if scale.highest is not None:
        assert scale.of(Decimal(scale.highest)) == scale.bands[0][1]
        assert scale.of(Decimal(scale.highest) + Decimal("0.01")) is None


def test_an_ikm_and_an_nspk_index_end_at_100():
    assert mutu(Decimal("100.004")) == nspk_letter(Decimal("100.004"), 2022) == "A"
    assert mutu(Decimal("100.01")) is None
    assert nspk_letter(Decimal("100.01"), 2022) is None


def test_an_rb_index_may_pass_100():
    assert SAKIP.of(Decimal(104)) == "AA"


@pytest.mark.parametrize(
    ("value", "letter"),
    [("85.01", "A"), ("85.00", "B"), ("70.18", "B"), ("70", "C"), ("40", "E"), ("24.99", None)],
)
def test_nspk_letters_since_2022(value, letter):
    assert nspk_letter(Decimal(value), 2022) == letter
    assert nspk_letter(Decimal(value), 2024) == letter


def test_older_nspk_letters_are_not_known():
    assert nspk_letter(Decimal("21.00"), 2021) is None
