"""Reading files: every cell as text with the row it stands in, however the file was saved."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import Workbook

from flows.landing.readers import csv_reader, readers
from flows.landing.readers.file_guards import Unreadable
from schemas.sources import sources
from transforms.files.parse import parse_date

SOURCE = sources()["digital_service"]
HEAD = "Layanan,Digital,Digital SIASN\n"

Found = tuple[dict[int, tuple[str, ...]], list[int]]
Read = Callable[..., Found]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return what reads text, bytes or a workbook: the rows by their numbers, and the ragged."""

    def read_it(content: str | bytes | Workbook, name: str = "uji.csv") -> Found:
        file = tmp_path / name
        if isinstance(content, Workbook):
            content.save(file)
        else:
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        rows: dict[int, tuple[str, ...]] = {}
        ragged: list[int] = []
        for table in readers.read_tables(file, name, SOURCE):
            assert list(table.text.columns) == [column.name for column in SOURCE.columns]
            cells = [tuple(map(str, row[:3])) for row in table.text.to_numpy()]
            rows.update(zip(map(int, table.text.index), cells, strict=True))
            ragged += table.ragged
        return rows, ragged

    return read_it


def book(*rows: tuple[object, ...]) -> Workbook:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    return made


def refused(read: Read, content: str | bytes | Workbook, name: str = "uji.csv") -> list[str]:
    with pytest.raises(Unreadable) as refusal:
        read(content, name)
    return [rule for rule, _ in refusal.value.problems]


ONE = {2: ("L01", "Ya", "Tidak")}
TITLE = ("Layanan", "Digital", "Digital SIASN")


@pytest.mark.parametrize(
    "content",
    [
        HEAD + "L01,Ya,Tidak\n",
        HEAD + "L01,Ya,Tidak",
        HEAD + " L01 , Ya,Tidak \n",
        HEAD + '"L01","Ya","Tidak"\n',
        HEAD.replace(",", ";") + "L01;Ya;Tidak\n",
        "\ufeff" + HEAD + "L01,Ya,Tidak\n",
        HEAD.replace("\n", "\r\n") + "L01,Ya,Tidak\r\n",
        "LAYANAN,digital,  Digital   SIASN:\nL01,Ya,Tidak\n",
        "Digital SIASN,Layanan,Digital\nTidak,L01,Ya\n",
        "\ufeff\ufeffLayanan,\u200bDigital,Digital\u00a0SIASN\nL01,Ya,Tidak\n",
    ],
    ids=[
        "plain",
        "no end",
        "spaces",
        "quotes",
        "semicolons",
        "mark",
        "crlf",
        "titles",
        "order",
        "invisible",
    ],
)
def test_a_csv_is_read_as_saved(content: str, read: Read):
    assert read(content) == (ONE, [])


def test_semicolons_with_decimal_commas(tmp_path: Path):
    file = tmp_path / "uji.csv"
    file.write_text("Sistem;Pemanfaatan\nS01;0,5\nS02;1,0\n")
    table = next(readers.read_tables(file, file.name, sources()["system_usage"]))
    assert list(table.text["utilisation"]) == ["0,5", "1,0"]


def test_a_csv_of_windows(read: Read):
    rows, _ = read((HEAD + "Kartu Pegawai – “Karpeg”,Ya,Tidak\n").encode("cp1252"))
    assert rows == {2: ("Kartu Pegawai – “Karpeg”", "Ya", "Tidak")}


def test_a_csv_of_windows_that_shows_it_late(read: Read):
    many = 9_000
    text = HEAD + "L01,Ya,Tidak\n" * many + "Kartu – Pegawai,Ya,Tidak\n"
    rows, _ = read(text.encode("cp1252"))
    assert rows[many + 2] == ("Kartu – Pegawai", "Ya", "Tidak")


def test_accents_at_the_border_of_what_is_looked_at_first(read: Read):
    filler = (1 << 16) - len(HEAD.encode()) - 1
    text = HEAD + "x" * filler + "é,Ya,Tidak\nL02,Ya,Ya\n"
    rows, _ = read(text)
    assert rows[2][0].endswith("xé")
    assert rows[3] == ("L02", "Ya", "Ya")


def test_blank_lines_are_no_rows_and_are_counted(read: Read):
    rows, ragged = read(HEAD + "\nL01,Ya,Tidak\n,,\n\n  ,\t,\nL02,Ya,Ya\n\n")
    assert (rows, ragged) == ({3: ("L01", "Ya", "Tidak"), 7: ("L02", "Ya", "Ya")}, [])


def test_rows_of_another_length_are_told_with_their_numbers(read: Read):
    rows, ragged = read(HEAD + "L01,Ya\nL02,Ya,Ya\n\nL03,Ya,Ya,Ya\nL04,Ya,Tidak\nL05\n")
    assert rows == {3: ("L02", "Ya", "Ya"), 6: ("L04", "Ya", "Tidak")}
    assert ragged == [2, 5, 7]


def test_a_file_of_nothing_but_rows_of_another_length(read: Read):
    assert read(HEAD + "L01,Ya\nL02,Ya,Ya,Ya\n") == ({}, [2, 3])


def test_a_row_with_a_line_break_in_a_cell_is_one_row(read: Read):
    rows, ragged = read(HEAD + '"L01\nlama",Ya,Ya\nL02,Ya\nL03,Ya,Ya\n')
    assert rows == {2: ("L01\nlama", "Ya", "Ya"), 4: ("L03", "Ya", "Ya")}
    assert ragged == [3]


def test_a_heading_with_a_line_break(read: Read):
    assert read('Layanan,Digital,"Digital\nSIASN"\nL01,Ya,Tidak\n') == (ONE, [])


@pytest.mark.parametrize(
    "above",
    ["Laporan\n\n", "Laporan layanan,,\nTahun 2024,,\n", '"Laporan\nlayanan"\n\n', "\n\n"],
)
def test_lines_above_the_heading(above: str, read: Read):
    first = next(
        number
        for number, line in enumerate(read_as_spreadsheet(above + HEAD), 1)
        if line[:1] == ["Layanan"]
    )
    rows, ragged = read(above + HEAD + "L01,Ya,Tidak\nL02,Ya\n")
    assert (rows, ragged) == ({first + 1: ("L01", "Ya", "Tidak")}, [first + 2])


def read_as_spreadsheet(text: str) -> list[list[str]]:
    """Return the rows of a csv as a spreadsheet numbers them."""
    return list(csv.reader(io.StringIO(text)))


CELLS = st.sampled_from(["L01,Ya,Ya", '"L 02\nbaru",Ya,Tidak', "", ",,", "L03,Ya", "L04,a,b,c"])


@given(lines=st.lists(CELLS, max_size=25), chunk=st.sampled_from([64, 100, 1 << 20]))
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_row_numbers_are_those_of_a_spreadsheet(lines: list[str], chunk: int, read: Read):
    text = HEAD + "".join(f"{line}\n" for line in lines)
    numbered = list(enumerate(read_as_spreadsheet(text), 1))[1:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "CHUNK_BYTES", chunk)
        rows, ragged = read(text)
    assert ragged == [number for number, row in numbered if row and len(row) != 3]
    assert rows == {number: tuple(row) for number, row in numbered if len(row) == 3 and any(row)}


@pytest.mark.parametrize(
    "line",
    ["JUMLAH,12,9", "Total,,", "Rata-rata,0,0", ",Jumlah,", " grand total ,1,1", '"Sub Total",1,1'],
)
def test_a_total_is_no_row(line: str, read: Read):
    assert read(HEAD + f"L01,Ya,Tidak\n{line}\n") == (ONE, [])


@pytest.mark.parametrize("word", ["JUMLAH", "Total"])
def test_a_total_under_the_numbering_is_no_row(word: str, read: Read):
    rows, ragged = read(f"No,{HEAD}1,L01,Ya,Tidak\n{word},,12,9\n")
    assert (rows, ragged) == (ONE, [])


def test_a_row_that_only_has_its_number_is_no_row(read: Read):
    assert read(f"No,{HEAD}1,L01,Ya,Tidak\n2,,,\n3,,,\n") == (ONE, [])


def test_a_name_that_begins_like_a_total_is_a_row(read: Read):
    rows, _ = read(HEAD + "Total Layanan Khusus,Ya,Tidak\n")
    assert len(rows) == 1


@pytest.mark.parametrize("content", [HEAD, HEAD.strip(), HEAD + "\n\n", HEAD + ",,\n"])
def test_a_heading_alone_is_a_table_without_rows(content: str, read: Read, tmp_path: Path):
    assert read(content) == ({}, [])
    # The table itself is there: without one nobody could tell it from no file at all.
    assert list(readers.read_tables(tmp_path / "uji.csv", "uji.csv", SOURCE))


def test_a_heading_alone_in_a_workbook(read: Read):
    assert read(book(TITLE), "uji.xlsx") == ({}, [])


def test_a_workbook_says_the_same_as_the_csv(read: Read):
    saved = book((), TITLE, ("L01", "Ya", "Tidak"), (), ("L02", "Ya", "Ya"), ("Total", 2, 1))
    text = "\n" + HEAD + "L01,Ya,Tidak\n\nL02,Ya,Ya\nTotal,2,1\n"
    assert read(saved, "uji.xlsx") == read(text)


def test_a_row_of_zeros_is_a_row(read: Read):
    saved = book(TITLE, (0, 0, 0), (None, False, None), (None, None, None))
    assert read(saved, "uji.xlsx") == ({2: ("0", "0", "0"), 3: ("", "FALSE", "")}, [])


def test_cells_of_a_workbook_as_text(tmp_path: Path):
    made = book(
        ("Instansi", "Status Pengukuran", "Nilai IP ASN", "Tanggal Hasil"),
        ("12.10", "SELESAI", 81.4, dt.date(2024, 3, 14)),
        (12, True, 80, dt.datetime.fromisoformat("2024-03-14T08:30:00")),
        ("12.01", "BELUM", "N/A", "14 Maret 2024"),
    )
    made.save(tmp_path / "uji.xlsx")
    source = sources()["agency_ip_asn"]
    table = next(readers.read_tables(tmp_path / "uji.xlsx", "uji.xlsx", source))
    assert [row[:3] for row in table.text.to_numpy().tolist()] == [
        ["12.10", "SELESAI", "81.4"],
        ["12", "TRUE", "80"],
        ["12.01", "BELUM", "N/A"],
    ]
    assert [parse_date(cell) for cell in table.text["result_date"]] == [dt.date(2024, 3, 14)] * 3


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_a_formula_that_failed_is_not_an_empty_cell(error: str, read: Read):
    rows, _ = read(book(TITLE, ("L01", "Ya", error)), "uji.xlsx")
    assert rows == {2: ("L01", "Ya", error)}


def test_only_the_first_sheet_is_read(read: Read):
    made = book(TITLE, ("L01", "Ya", "Tidak"))
    made.create_sheet("Catatan").append(("apa saja",))
    assert read(made, "uji.xlsx") == (ONE, [])


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (b"", "uji.csv", "berkas_kosong"),
        (b"", "uji.xlsx", "berkas_kosong"),
        (b" \n\n,,\n", "uji.csv", "berkas_kosong"),
        (b"PK\x03\x04rusak", "uji.xlsx", "berkas_rusak"),
        (b"PK\x03\x04rusak", "uji.csv", "bukan_xlsx_atau_csv"),
        (HEAD.encode(), "uji.xlsx", "akhiran_berbeda"),
        (HEAD.encode(), "uji.pdf", "bukan_xlsx_atau_csv"),
        (HEAD.encode("utf-16-le"), "uji.csv", "bukan_xlsx_atau_csv"),
        (b"Nama,Alamat\nx,y\n", "uji.csv", "kepala_tidak_ditemukan"),
        (b"L01,Ya,Tidak\nL02,Ya,Ya\n", "uji.csv", "kepala_tidak_ditemukan"),
        (("x\n" * 40 + HEAD).encode(), "uji.csv", "kepala_tidak_ditemukan"),
        (b"Layanan,Digital\nL01,Ya\n", "uji.csv", "kolom_hilang"),
        (b"Layanan,Digital,Digital SIASN,Digital\n", "uji.csv", "kolom_ganda"),
        (b"Layanan,Digital,Digital SIASN,Rahasia\n", "uji.csv", "kolom_tak_dikenal"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_rule(
    content: bytes, name: str, rule: str, read: Read
):
    assert refused(read, content, name) == [rule]


def test_an_empty_workbook(read: Read):
    assert refused(read, Workbook(), "uji.xlsx") == ["berkas_kosong"]


def test_all_problems_of_a_heading_are_told_at_once(read: Read):
    rules = refused(read, "Layanan,Digital,Digital,Rahasia\nL01,Ya,Ya,x\n")
    assert sorted(rules) == ["kolom_ganda", "kolom_hilang", "kolom_tak_dikenal"]
