"""NDJSON is read like a csv: keys are headings, and numbers are the digits that stand there."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.landing.readers import ndjson_reader, readers
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.tables import Table
from schemas.sources import sources

USAGE = sources()["system_usage"]
SYSTEM, LEVEL = (column.headings[0] for column in USAGE.columns[:2])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tarikan.ndjson"


def read(file: Path, content: str | bytes) -> list[Table]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(ndjson_reader.read_tables(file, USAGE))


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def refusal(file: Path, content: str | bytes) -> tuple[tuple[str, dict[str, str]], ...]:
    with pytest.raises(Unreadable) as caught:
        read(file, content)
    return caught.value.problems


def test_a_row_is_an_object_under_the_headings(file: Path):
    (table,) = read(file, lines({SYSTEM: "SIASN", LEVEL: "0,5"}, {LEVEL: "1", SYSTEM: " SAKTI "}))
    assert table.sheet == "ndjson"
    assert table.headings == {"system": SYSTEM, "utilisation": LEVEL}
    assert table.text["system"].tolist() == ["SIASN", "SAKTI"]
    assert table.text["utilisation"].tolist() == ["0,5", "1"]
    assert table.text.index.tolist() == [1, 2]
    assert table.text.columns.tolist() == [column.name for column in USAGE.columns]


def test_numbers_are_the_digits_that_stand_there(file: Path):
    text = "".join(
        f'{{"{SYSTEM}": "a{place}", "{LEVEL}": {number}}}\n'
        for place, number in enumerate(
            ("0.50", "1", "100000000000000000001", "2.675", "null", "true", "false")
        )
    )
    (table,) = read(file, text)
    assert table.text["utilisation"].tolist() == [
        "0.50", "1", "100000000000000000001", "2.675", "", "TRUE", "FALSE",
    ]  # fmt: skip


def test_what_is_given_stands_in_every_row_and_is_told_once(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ndjson_reader, "CHUNK_ROWS", 2)
    survey = sources()["survey_answer"]
    keys = [column.headings[0] for column in survey.columns if column.name != "answered_on"]
    file.write_text(lines(*[dict.fromkeys(keys, "3")] * 3))
    with pytest.raises(Unreadable, match="nilai_belum_diberikan"):
        list(ndjson_reader.read_tables(file, survey))
    tables = list(ndjson_reader.read_tables(file, survey, {"answered_on": "2024-02-06"}))
    assert [set(table.text["answered_on"]) for table in tables] == [{"2024-02-06"}] * 2
    assert [[rule for rule, _ in table.notes] for table in tables] == [["nilai_diberikan"], []]


def test_escapes_are_characters(file: Path):
    (table,) = read(file, f'{{"{SYSTEM}": "\\u00e9 \\ud83d\\ude00", "{LEVEL}": 1}}')
    assert table.text["system"].tolist() == ["é \N{GRINNING FACE}"]


def test_blank_lines_and_rows_are_no_rows(file: Path):
    rows = [{SYSTEM: name, LEVEL: level} for name, level in (("A", 1), ("", ""))]
    (table,) = read(file, "\n" + lines(*rows) + "\r\n  \n" + lines({SYSTEM: "B", LEVEL: 0}))
    assert table.text["system"].to_dict() == {2: "A", 6: "B"}


def test_a_word_of_totals_is_a_value_like_any_other(file: Path):
    """A database knows no line of totals; a row of it is never left out unseen."""
    rows = [{SYSTEM: name, LEVEL: 1} for name in ("A", "TOTAL", "Jumlah")]
    (table,) = read(file, lines(*rows))
    assert table.text["system"].tolist() == ["A", "TOTAL", "Jumlah"]


def test_it_comes_in_pieces(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ndjson_reader, "CHUNK_ROWS", 3)
    tables = read(file, lines(*({SYSTEM: f"s{n}", LEVEL: 1} for n in range(6))))
    assert [len(table.text) for table in tables] == [3, 3, 0]
    whole = pd.concat([table.text for table in tables])
    assert whole.index.tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "bukan JSON"),
        ("[" * 100_000, "bukan JSON"),
        (f'{{"{SYSTEM}": "A", "{LEVEL}": NaN}}', "bukan JSON"),
        ("5", "bukan objek JSON"),
        ('["a"]', "bukan objek JSON"),
        ("null", "bukan objek JSON"),
        (f'{{"{SYSTEM}": "A"}}', "judul-judulnya lain"),
        (f'{{"{SYSTEM}": "A", "{LEVEL}": 1, "x": 2}}', "judul-judulnya lain"),
        (f'{{"{SYSTEM}": "A", "{SYSTEM}": 1}}', "judul-judulnya lain"),
        (f'{{"{SYSTEM}": "A", "{LEVEL}": {{}}}}', "bukan teks atau angka"),
        (f'{{"{SYSTEM}": "A", "{LEVEL}": []}}', "bukan teks atau angka"),
        (f'{{"{SYSTEM}": "{"a" * (1 << 20)}"}}', "terlalu panjang"),
        (f'{{"{SYSTEM}": "\\ud800", "{LEVEL}": 1}}', "tidak dapat disimpan"),
        (f'{{"{SYSTEM}": "\\u0000", "{LEVEL}": 1}}', "tidak dapat disimpan"),
        (b"\xff\xfe", "bukan UTF-8"),
    ],
)
def test_a_line_that_is_no_row_like_the_first_refuses_the_file(
    line: str | bytes, why: str, file: Path
):
    first = lines({SYSTEM: "A", LEVEL: 1}).encode()
    found = refusal(file, first + (line.encode() if isinstance(line, str) else line))
    assert len(found) == 1
    rule, facts = found[0]
    assert (rule, facts["baris"]) == ("tarikan_rusak", "2")
    assert why in facts["sebab"]


def test_keys_must_be_headings_of_the_source(file: Path):
    assert refusal(file, lines({SYSTEM: "A", "Nomor HP": "0"})) == (
        ("kepala_tidak_ditemukan", {"kolom": f"{SYSTEM}, {LEVEL}"}),
    )
    wrong = refusal(file, f'{{"{SYSTEM}": "A", "{LEVEL}": 1, "{SYSTEM}": "B", "Warna": 1}}')
    assert [rule for rule, _ in wrong] == ["kolom_ganda", "kolom_tak_dikenal"]


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_pull_is_an_empty_file(content: str, file: Path):
    assert refusal(file, content) == (("berkas_kosong", {}),)


def test_ndjson_and_csv_are_read_alike(file: Path, tmp_path: Path):
    rows = [(f"s{n}", f"0,{n}") for n in range(5)]
    csv = tmp_path / "sama.csv"
    csv.write_text(f"{SYSTEM};{LEVEL}\n" + "".join(f"{a};{b}\n" for a, b in rows))
    (one,) = read(file, lines(*({SYSTEM: a, LEVEL: b} for a, b in rows)))
    (other,) = readers.read_tables(csv, csv.name, USAGE)
    pd.testing.assert_frame_equal(
        one.text.reset_index(drop=True), other.text.reset_index(drop=True), check_dtype=False
    )


LINES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from([SYSTEM, LEVEL, "Bukti", "Warna"]), inner),
    ),
    max_leaves=6,
).map(lambda line: json.dumps(line).encode())


@given(st.lists(LINES | st.binary(max_size=12) | st.just(b'{"%s": "A"}' % SYSTEM.encode())))
def test_whatever_comes_is_read_or_refused(rows: list[bytes]):
    with tempfile.TemporaryDirectory() as folder, suppress(Unreadable):
        file = Path(folder) / "tarikan.ndjson"
        file.write_bytes(b"\n".join([lines({SYSTEM: "A", LEVEL: "1"}).strip().encode(), *rows]))
        for table in ndjson_reader.read_tables(file, USAGE):
            assert table.text.map(lambda cell: isinstance(cell, str)).all(axis=None)
