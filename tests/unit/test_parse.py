"""Text of a cell -> a typed value, or a rule that says why not."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.rejections.catalogue import RULES
from schemas.source import Column, FieldType
from transforms.files.columns import parse_columns
from transforms.files.parse import (
    Unreadable,
    is_missing,
    parse_answer,
    parse_choice,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_money,
    parse_month,
    parse_pseudonym,
    parse_volume,
    tidy,
)
from transforms.files.validate import FAILURES


def rule_of(read, text):
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert caught.value.value == text
    return caught.value.rule


def test_vector_R6():
    assert parse_money("12,712,274,000") == Decimal("12712274000")
    assert parse_money("Rp 13.454.430.000,00") == Decimal("13454430000")
    assert parse_volume("180.104") == 180104
    assert parse_decimal("91,67%") == Decimal("91.67")
    assert parse_decimal("3.2") == Decimal("3.2")


def test_vector_K8():
    assert parse_month("NOPEMBER  ") == 11
    assert parse_month("PEBRUARI") == 2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("94,78", "94.78"),
        (" 58,82 % ", "58.82"),
        ("100%", "100"),
        ("85.625", "85.625"),
        ("1.234", "1.234"),
        ("1.234,5", "1234.5"),
        ("12.345.678,90", "12345678.90"),
        ("1,234.5", "1234.5"),
        ("-3,5", "-3.5"),
        ("\N{MINUS SIGN}3,5", "-3.5"),
        ("+3,5", "3.5"),
        ("007", "7"),
        ("94,78\u200b", "94.78"),
        ("\u00a094,78", "94.78"),
        ("0.30000000000000004", "0.30000000000000004"),
    ],
)
def test_a_decimal_is_read_exactly(text, number):
    assert parse_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "N/A", "%", "NaN", "Infinity", "1e5", "0x10", "٣", "½", "--5", "9" * 60),
        *("1.234.567", "1,234,567", "12,", ",5", "1.23,4", "1 234", "sangat baik", "9,4 dari 10"),
    ],
)
def test_what_is_no_decimal_is_not_guessed(text):
    assert rule_of(parse_decimal, text) == "bukan_angka"


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("Rp1.500,-", "1500"),
        ("Rp. 1.000.000", "1000000"),
        ("rp 2.500.000,50", "2500000.50"),
        ("13454430000", "13454430000"),
        ("1.234", "1234"),
        ("1,234", "1234"),
        ("12.71", "12.71"),
        ("12,71", "12.71"),
        ("1,234.50", "1234.50"),
        ("1234,50", "1234.50"),
    ],
)
def test_money(text, rupiah):
    assert parse_money(text) == Decimal(rupiah)


@pytest.mark.parametrize(
    "text",
    ["1.234,567", "1,234.567", "1.234,5", "1.234.56", "1.2345", "1.5", "12.34.567", "Rp", ""],
)
def test_money_that_could_mean_two_things_is_refused(text):
    assert rule_of(parse_money, text) == "bukan_rupiah"


def test_a_volume_groups_by_points():
    assert parse_volume("180.104 Dokumen") == 180104
    assert parse_volume("97 Orang") == 97
    for text in ("1.23", "1,234", "dokumen", "12 dan 13", "-4"):
        assert rule_of(parse_volume, text) == "bukan_volume"


def test_a_whole_number_is_whole():
    assert [parse_integer(text) for text in ("35", "35.0", "35,00", " 4 ")] == [35, 35, 35, 4]
    for text in ("1.234", "3,5", "35 tahun", "50%", str(2**63), ""):
        assert rule_of(parse_integer, text) == "bukan_bilangan_bulat"
    assert parse_integer(str(2**63 - 1)) == 2**63 - 1


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Tidak sesuai", 1),
        ("b. Kurang sesuai", 2),
        ("c) mudah", 3),
        ("D. Sangat  cepat.", 4),
        ("sopan dan ramah", 3),
        ("a. Sangat mahal", 1),
        ("d. Gratis", 4),
        ("a. Tidak ada", 1),
        ("b. Cukup", 2),
    ],
)
def test_an_option_of_a_form_is_an_answer(text, answer):
    assert parse_answer(text) == answer


@pytest.mark.parametrize(
    "text", ["a. Sangat sesuai", "d. Tidak mudah", "Tidak ada", "cukup", "e. Baik", "c. Entah"]
)
def test_an_option_that_may_mean_something_else_is_refused(text):
    assert rule_of(parse_answer, text) == "jawaban_di_luar_skala"


def test_the_stamp_of_an_online_form_is_a_day():
    for text in ("2024/08/05 9:30:15 AM GMT+7", "2024/08/05 11:05:00 PM WIB", "2024/08/05"):
        assert parse_date(text) == date(2024, 8, 5)
    for text in ("2024/08-05", "2024/13/05", "2024/08/05 pagi"):
        assert rule_of(parse_date, text) == "bukan_tanggal"


def test_an_answer_is_one_to_four():
    assert [parse_answer(text) for text in ("1", "4.0", "4,0", " 2")] == [1, 4, 4, 2]
    for text in ("0", "5", "3.5", "-1", "sangat aneh", "33", "a", "c", "baik 3"):
        assert rule_of(parse_answer, text) == "jawaban_di_luar_skala"


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False))
def test_a_written_decimal_is_read_back(number):
    plain = f"{number:f}"
    grouped = f"{number:,f}"
    swapped = grouped.translate(str.maketrans(",.", ".,"))
    for text in (plain, plain.replace(".", ","), grouped, swapped, f"{swapped} %"):
        assert parse_decimal(text) == number


@given(st.integers(0, 10**15 - 1), st.integers(0, 99), st.booleans())
def test_written_money_is_read_back(rupiah, cents, says_cents):
    amount = Decimal(f"{rupiah}.{cents:02}") if says_cents else Decimal(rupiah)
    english = f"{amount:,f}"
    indonesian = english.translate(str.maketrans(",.", ".,"))
    for text in (english, indonesian, f"Rp {indonesian}"):
        assert parse_money(text) == amount
    if not says_cents:
        assert parse_money(f"Rp{indonesian},-") == amount
        assert parse_volume(indonesian) == rupiah


@pytest.mark.parametrize(
    "text",
    [
        "05/01/2024",
        "5/1/2024",
        "05-01-2024",
        "5.1.2024",
        "2024-01-05",
        "2024-01-05T00:00:00",
        "2024-01-05 08:30",
        "05/01/2024 8:30:12",
        "2024-01-05T08:30:00.123456",
        "5 Januari 2024",
        "5  JANUARI  2024",
        "5 Jan 2024",
        "5-Jan-2024",
        "05 January 2024",
        "5 Jan. 2024",
    ],
)
def test_a_date_is_read(text):
    assert parse_date(text) == date(2024, 1, 5)


@pytest.mark.parametrize(
    ("text", "month"),
    [("1 Pebruari 2024", 2), ("1 Nopember 2024", 11), ("1 Agustus 2024", 8), ("1 Mei 2024", 5)],
)
def test_old_and_new_spellings_of_months(text, month):
    assert parse_date(text) == date(2024, month, 1)


@pytest.mark.parametrize(
    "text",
    [
        *("", "kemarin", "2024", "Januari 2024", "5 Januar 2024", "31/02/2024", "13/25/2024"),
        *("05/01/24", "05/01-2024", "0/1/2024", "0024-01-05", "9999-01-05", "45296"),
        "2024-01-05T08:30:00Z",
    ],
)
def test_what_is_no_date_is_not_guessed(text):
    assert rule_of(parse_date, text) == "bukan_tanggal"


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.times())
def test_a_written_date_is_read_back(day, time):
    instant = datetime.combine(day, time)
    for text in (
        day.isoformat(),
        instant.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d %B %Y}",
    ):
        assert parse_date(text) == day


def test_a_month_is_read_by_name_or_number():
    assert [parse_month(text) for text in ("september", "Sept.", "9", "09", "MAY")] == [
        9,
        9,
        9,
        9,
        5,
    ]
    for text in ("", "13", "0", "Septembre", "TW III"):
        assert rule_of(parse_month, text) == "bukan_bulan"


SHAPES = Column(
    "shape", FieldType.CHOICE, ("Bentuk",), choices={"BULAT": "round", "BUNDAR": "round", "X": "x"}
)


def test_a_choice_is_read_whatever_its_case():
    assert parse_choice(" bulat ", SHAPES) == "round"
    assert parse_choice("Bundar", SHAPES) == "round"
    with pytest.raises(Unreadable) as caught:
        parse_choice("kotak", SHAPES)
    assert (caught.value.rule, caught.value.detail) == ("pilihan", "BULAT, X")


def test_a_person_is_the_same_however_the_number_is_spaced():
    assert parse_pseudonym(" 19010101 200101 1 001", str) == "190101012001011001"
    assert parse_pseudonym("'190101012001011001", str) == "190101012001011001"
    for text in ("1.90101012001011E+17", "1,9e17"):
        assert rule_of(lambda text: parse_pseudonym(text, str), text) == "nomor_terpotong"
    assert rule_of(lambda text: parse_pseudonym(text, str), "' ?") == "bentuk"


def test_missing_words():
    assert all(map(is_missing, ["", "  ", "-", "N/A", "n.a.", "\u00a0", "—", "null", "\u200b"]))
    assert not any(map(is_missing, ["0", "nihil", "#N/A", "tidak ada"]))


@given(st.text())
def test_tidy_text_is_one_printable_line(text):
    once = tidy(text)
    assert tidy(once) == once
    assert "  " not in once
    assert once == once.strip()
    assert not any(ord(sign) < 32 for sign in once)


READERS = (
    parse_decimal,
    parse_money,
    parse_volume,
    parse_integer,
    parse_answer,
    parse_date,
    parse_month,
    lambda text: parse_choice(text, SHAPES),
    lambda text: parse_pseudonym(text, str),
)
LOOKALIKES = st.text(alphabet="0123456789.,-/%: RpTJanE+'\u00a0\u0660", max_size=14)


@given(st.one_of(st.text(), LOOKALIKES))
def test_any_text_is_read_or_refused_by_a_known_rule(text):
    for read in READERS:
        try:
            assert read(text) is not None
        except Unreadable as error:
            refused = error.rule
            assert refused in RULES


COLUMNS = (
    Column("name", FieldType.TEXT, ("Nama",)),
    Column("shape", FieldType.CHOICE, ("Bentuk",), choices=SHAPES.choices),
    Column("count", FieldType.INTEGER, ("Jumlah",)),
    Column("u1", FieldType.ANSWER, ("U1",), lenient=True),
    Column("score", FieldType.DECIMAL, ("Nilai",)),
    Column("paid", FieldType.MONEY, ("Rupiah",)),
    Column("day", FieldType.DATE, ("Tanggal",)),
    Column("agency", FieldType.AGENCY, ("Instansi",)),
    Column("person", FieldType.PSEUDONYM, ("NIP",), personal=True),
)
DTYPES = {
    "name": "str",
    "shape": "str",
    "count": "Int64",
    "u1": "Int64",
    "score": "object",
    "paid": "object",
    "day": "datetime64[us]",
    "agency": "str",
    "person": "str",
}


def text_frame(rows, index=None):
    names = [column.name for column in COLUMNS]
    return pd.DataFrame(
        {
            name: pd.array([row[place] for row in rows], dtype="str")
            for place, name in enumerate(names)
        },
        index=index,
    )


def test_columns_are_typed_under_the_same_labels():
    text = text_frame(
        [
            ("a  b", "bulat", "3", "4.0", "94,78", "Rp 1.500,-", "5 Jan 2024", "12.10", "19 01"),
            ("-", "", "N/A", "", "-", "", "", "n.a.", ""),
            ("a b", "X", "3", "1", "94.780", "1500", "2024-01-05", "Kab. Karo", "1901"),
        ],
        index=[7, 8, 12],
    )
    typed, failures = parse_columns(text, COLUMNS, lambda text: f"#{text}")
    assert {name: str(dtype) for name, dtype in typed.dtypes.items()} == DTYPES
    assert list(typed.index) == [7, 8, 12]
    assert list(typed.loc[7]) == [
        "a b", "round", 3, 4, Decimal("94.78"), Decimal(1500), pd.Timestamp(2024, 1, 5), "12.10",
        "#1901",
    ]  # fmt: skip
    assert typed.loc[8].isna().all()
    assert typed.loc[8, "score"] is None
    assert typed.loc[7, "name"] == typed.loc[12, "name"]
    assert typed.loc[7, "person"] == typed.loc[12, "person"]
    assert len(failures) == 0
    assert tuple(failures.columns) == FAILURES


def test_what_cannot_be_read_is_emptied_and_listed_in_the_order_of_the_file():
    good = ("a", "x", "3", "4", "1", "1", "2024-01-05", "x", "1")
    bad = ("#REF!", "kotak", "3,5", "5", "satu", "1.5", "31/02/2024", "#N/A", "1,9E+17")
    typed, failures = parse_columns(text_frame([good, bad, good, bad]), COLUMNS, str)
    assert typed.iloc[[1, 3]].isna().all(axis=None)
    assert typed.iloc[[0, 2]].notna().all(axis=None)
    assert list(failures["index"]) == [1] * 9 + [3] * 9
    assert list(failures["rule"])[:9] == [
        "galat_rumus", "pilihan", "bukan_bilangan_bulat", "jawaban_di_luar_skala", "bukan_angka",
        "bukan_rupiah", "bukan_tanggal", "galat_rumus", "nomor_terpotong",
    ]  # fmt: skip
    assert list(failures["column"])[:9] == list(DTYPES)
    assert list(failures["value"])[:9] == [*bad[:8], None]
    assert set(failures["rule"]) <= set(RULES)


def test_a_file_without_rows_is_typed_too():
    typed, failures = parse_columns(text_frame([]), COLUMNS, str)
    assert {name: str(dtype) for name, dtype in typed.dtypes.items()} == DTYPES
    assert len(typed) == len(failures) == 0


def test_a_cell_that_was_never_there_is_missing():
    text = pd.DataFrame({"u1": pd.array(["4", None, "9"], dtype="str")})
    typed, failures = parse_columns(text, [COLUMNS[3]], str)
    assert typed["u1"].tolist() == [4, pd.NA, pd.NA]
    assert list(failures["index"]) == [2]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.text(), LOOKALIKES)] * len(COLUMNS)), max_size=6))
def test_any_cells_are_typed_or_listed(rows):
    text = text_frame(rows)
    typed, failures = parse_columns(text, COLUMNS, str)
    assert {name: str(dtype) for name, dtype in typed.dtypes.items()} == DTYPES
    failed = set(zip(failures["index"], failures["column"], strict=True))
    for name in DTYPES:
        for label in text.index:
            is_empty = bool(pd.isna(typed.loc[label, name]))
            assert is_empty == (is_missing(text.loc[label, name]) or (label, name) in failed)
    for name in ("score", "paid"):
        assert all(value is None or isinstance(value, Decimal) for value in typed[name])


def test_a_large_file_is_read_by_its_distinct_texts():
    rows = 200_000
    answers = np.random.default_rng(1).integers(1, 5, rows).astype(str)
    read = []

    def pseudonym(text):
        read.append(text)
        return text

    text = pd.DataFrame(
        {
            "u1": pd.array(answers, dtype="str"),
            "person": pd.array(["a", "b"] * (rows // 2), dtype="str"),
        }
    )
    typed, failures = parse_columns(text, [COLUMNS[3], COLUMNS[8]], pseudonym)
    assert len(read) == 2
    assert typed["u1"].sum() == sum(map(int, answers))
    assert len(failures) == 0
