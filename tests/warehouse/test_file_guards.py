"""What is refused at the door, by what the file is and not by what it is called."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from flows.landing.readers import csv_dialect, readers, workbook_parts
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.tables import Table
from schemas.sources import sources

SOURCE = sources()["digital_service"]
TITLE = ("Layanan", "Digital", "Digital SIASN")
HEAD = ",".join(TITLE) + "\n"
ROW = ("L01", "Ya", "Tidak")
MAIN = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Made = bytes | Workbook
Read = Callable[..., list[Table]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_it(content: Made, name: str = "uji.xlsx", source: str = "digital_service"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else saved(content))
        return list(readers.read_tables(file, name, sources()[source]))

    return read_it


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def book(*rows: tuple[object, ...]) -> Workbook:
    made = Workbook()
    for row in rows or (TITLE, ROW):
        made.active.append(row)
    return made


def with_parts(book: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a workbook with parts replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in [*before.namelist(), *parts]:
            if name not in after.namelist():
                after.writestr(name, parts.get(name) or before.read(name))
    return stream.getvalue()


def rules(read: Read, content: Made, name: str = "uji.xlsx", source: str = "digital_service"):
    with pytest.raises(Unreadable) as refusal:
        read(content, name, source)
    return [rule for rule, _ in refusal.value.problems]


def rows(tables: list[Table]) -> dict[int, tuple[str, ...]]:
    return {
        int(number): tuple(map(str, cells[:3]))
        for table in tables
        for number, cells in zip(table.text.index, table.text.to_numpy(), strict=True)
    }


def notes(tables: list[Table]) -> list[str]:
    return [rule for table in tables for rule, _ in table.notes]


LOGIN = b"\n<!DOCTYPE html>\n<html><head><title>Masuk</title></head></html>"
OLD = OLE + b"\x00" * 500 + "Workbook".encode("utf-16-le") + b"\x00" * 500
LOCKED = OLE + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 500
LETTER = OLE + b"\x00" * 500 + "WordDocument".encode("utf-16-le") + b"\x00" * 500


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (LOGIN, "uji.xlsx", "halaman_web"),
        (LOGIN, "uji.csv", "halaman_web"),
        (b"\xef\xbb\xbf<html>", "uji.csv", "halaman_web"),
        (b"<table><tr><td>Layanan</td></tr></table>", "uji.xlsx", "halaman_web"),
        (OLD, "uji.xls", "excel_lama"),
        (OLD, "uji.xlsx", "excel_lama"),
        (LOCKED, "uji.xlsx", "berkas_bersandi"),
        (LETTER, "uji.xlsx", "bukan_xlsx_atau_csv"),
        (b"%PDF-1.7 ...", "uji.xlsx", "bukan_xlsx_atau_csv"),
        (saved(book()), "uji.csv", "akhiran_berbeda"),
        (HEAD.encode(), "uji.xlsx", "akhiran_berbeda"),
        (bytes(range(256)), "uji.csv", "bukan_xlsx_atau_csv"),
        (b"\x81\x8d\x8f", "uji.csv", "berkas_rusak"),
        (saved(book())[:3000], "uji.xlsx", "berkas_rusak"),
    ],
)
def test_a_file_is_what_it_holds(content: bytes, name: str, rule: str, read: Read):
    assert rules(read, content, name) == [rule]


def test_a_zip_that_is_no_workbook(read: Read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert rules(read, stream.getvalue()) == ["berkas_rusak"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_of_any_delimiter_and_encoding(delimiter: str, encoding: str, read: Read):
    lines = [TITLE, ("Kartu – Pegawai", "Ya", "Tidak"), ("L02", "Ya, sudah; semua", "Ya")]
    text = "\r\n".join(
        delimiter.join(f'"{cell}"' if {",", ";"} & set(cell) else cell for cell in line)
        for line in lines
    )
    found = read(text.encode(encoding), "uji.csv")
    assert rows(found) == {2: lines[1], 3: lines[2]}


def test_the_delimiter_is_the_one_that_makes_the_headings(read: Read):
    # More commas than tabs, and only tabs make the headings.
    text = "Laporan, triwulan I, 2024, kantor, lengkap\nSistem\tPemanfaatan\nS01\t0,5\nS02\t1,0\n"
    found = read(text.encode(), "uji.csv", "system_usage")
    assert [tuple(row[:2]) for row in found[0].text.to_numpy()] == [("S01", "0,5"), ("S02", "1,0")]


def test_excel_says_which_delimiter_it_took(read: Read):
    assert rows(read(b"sep=;\nLayanan;Digital;Digital SIASN\nL01;Ya;Tidak\n", "uji.csv")) == {
        3: ROW
    }


def sheet(*lines: str) -> bytes:
    head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    head += 'spreadsheetml/2006/main"><sheetData>'
    return (head + "".join(lines) + "</sheetData></worksheet>").encode()


def line(number: int, *cells: str) -> str:
    made = "".join(
        f'<c r="{"ABC"[place]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for place, cell in enumerate(cells)
    )
    return f'<row r="{number}">{made}</row>'


def workbook_of(xml: bytes) -> bytes:
    return with_parts(saved(book()), {MAIN: xml})


def test_too_many_parts(read: Read):
    many = {f"xl/media/{n}.png": b"x" for n in range(workbook_parts.MOST_PARTS)}
    assert rules(read, with_parts(saved(book()), many)) == ["berkas_mengembang"]


def test_a_part_that_is_nothing_but_repetition(read: Read):
    big = b" " * (workbook_parts.SMALL + 1)
    assert rules(read, with_parts(saved(book()), {"xl/theme/a.xml": big})) == ["berkas_mengembang"]


def test_parts_that_together_are_too_large(read: Read, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook_parts, "LARGEST_EXPANDED", 20_000)
    noise = zlib.compress(bytes(range(256)) * 8)
    parts = {f"xl/media/{n}": noise * 400 for n in range(3)}
    assert rules(read, with_parts(saved(book()), parts)) == ["berkas_mengembang"]


def test_a_part_larger_than_the_zip_says(read: Read):
    honest = with_parts(saved(book()), {"xl/theme/z.xml": b" " * 5_000_000})
    place = honest.rindex(b"PK\x01\x02", 0, honest.rindex(b"xl/theme/z.xml"))
    lying = bytearray(honest)
    assert struct.unpack_from("<I", lying, place + 24) == (5_000_000,)
    struct.pack_into("<I", lying, place + 24, 5)
    assert rules(read, bytes(lying)) == ["berkas_mengembang"]


def test_a_cell_far_away_would_take_all_memory(read: Read):
    made = book()
    made.active.cell(1_048_576, 16_384, "x")
    assert rules(read, made) == ["lembar_terlalu_luas"]


def test_a_million_empty_rows_are_no_rows(tmp_path: Path):
    empty = (
        f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(3, 1_048_577)
    )
    file = tmp_path / "uji.xlsx"
    file.write_bytes(workbook_of(sheet(line(1, *TITLE), line(2, *ROW), *empty)))
    code = (
        "import re, sys; from pathlib import Path; from flows.landing.readers import readers;"
        "from schemas.sources import sources;"
        "source = sources()['digital_service'];"
        "[table] = readers.read_tables(Path(sys.argv[1]), 'uji.xlsx', source);"
        # Not getrusage: its maximum holds the memory of the process that started this one.
        "status = Path('/proc/self/status').read_text();"
        "print(len(table.text), re.search(r'VmHWM:\\s+(\\d+)', status)[1])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        check=True, capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    count, kilobytes = map(int, ran.stdout.split())
    assert count == 1
    assert kilobytes < 700 * 1024


def test_many_empty_rows_and_then_a_row(read: Read):
    xml = sheet(line(1, *TITLE), line(2, *ROW), line(200_000, "L02", "Ya", "Ya"))
    assert rows(read(workbook_of(xml))) == {2: ROW, 200_000: ("L02", "Ya", "Ya")}


def test_too_many_cells(read: Read, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook_parts, "MOST_CELLS", 5)
    assert rules(read, book()) == ["lembar_terlalu_luas"]


def test_cells_that_do_not_say_where_they_are(read: Read):
    xml = sheet('<row r="1048576"><c><v>1</v></c></row>')
    assert rules(read, workbook_of(xml)) == ["berkas_rusak"]


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ('<x:c xmlns:x="y" r="XFD1048576"><x:v>1</x:v></x:c>', "lembar_terlalu_luas"),
        ('<c r="XFD1048576"><v>1</v></c>', "lembar_terlalu_luas"),
        ('<c s="0" r="XFD1048576"><v>1</v></c>', "lembar_terlalu_luas"),
        ("<c r = 'XFD1048576'><v>1</v></c>", "lembar_terlalu_luas"),
        ('<c\tr="XFD1048576"><v>1</v></c>', "lembar_terlalu_luas"),
        ('<c\nr="XFD1048576"><v>1</v></c>', "lembar_terlalu_luas"),
        ('<c r="XFD1048576"><x/><v>1</v></c>', "lembar_terlalu_luas"),
        ('<c r="XFD1048576" t="e"/>', "lembar_terlalu_luas"),
        ('<c r="&#88;FD1048576"><v>1</v></c>', "lembar_terlalu_luas"),
        ('<c r="xfd1048576"><v>1</v></c>', "berkas_rusak"),
        ('<c r="A2 B2"><v>1</v></c>', "berkas_rusak"),
        ('<c r=""><v>1</v></c>', "berkas_rusak"),
        ('<c r="1048576"><v>1</v></c>', "berkas_rusak"),
        ('<c t="n"r="XFD1048576"><v>1</v></c>', "berkas_rusak"),
        ('<c r="A2" r="XFD1048576"><v>1</v></c>', "berkas_rusak"),
        ("<c><v>1</v></c>", "berkas_rusak"),
        ('<c s="0"><v>1</v></c>', "berkas_rusak"),
    ],
)
def test_no_spelling_hides_where_a_cell_lies(cell: str, rule: str, read: Read):
    xml = sheet(line(1, *TITLE), f'<row r="2">{cell}</row>')
    assert rules(read, workbook_of(xml)) == [rule]


def test_a_format_far_away_is_no_cell_also_before_what_is_named_like_its_content(read: Read):
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    after = b"</sheetData><extLst><xm:f xmlns:xm='y'>A1</xm:f></extLst>"
    xml = sheet(line(1, *TITLE), line(2, *ROW), far).replace(b"</sheetData>", after)
    assert rows(read(workbook_of(xml))) == {2: ROW}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("repeated", [":c {}r=", "<f {}"], ids=["places", "formulas"])
def test_what_a_comment_repeats_costs_no_time(repeated: str, read: Read):
    begun = "<c\n" if "r=" in repeated else '<c r="A1">\n'
    comment = f"<!-- {repeated.format(begun * 30_000)} -->"
    xml = sheet(comment, line(1, *TITLE), line(2, *ROW)).replace(b"</c>", b"</c >")
    assert rows(read(workbook_of(xml))) == {2: ROW}


@pytest.mark.parametrize("head", ["<!DOCTYPE x><worksheet/>", "<worksheet>", "bukan XML"])
def test_a_sheet_that_is_no_proper_xml(head: str, read: Read):
    assert rules(read, workbook_of(head.encode())) == ["berkas_rusak"]


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/SharedStrings.XML", "xl\\sharedStrings.xml"]
)
def test_a_long_text_that_many_cells_share(part: str, read: Read, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook_parts, "LARGEST_TEXT", 100_000)

    def sharing(length: int) -> bytes:
        strings = f"<sst><si><t>{'x' * length}</t></si></sst>".encode()
        cells = (f'<c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>1</v></c>' for n in range(2, 302))
        lines = (f"<row>{cell}</row>" for cell in cells)
        parts = {MAIN: sheet(line(1, *TITLE), *lines), part: strings}
        return with_parts(saved(book()), parts)

    assert len(rows(read(sharing(300)))) == 300
    assert rules(read, sharing(350)) == ["berkas_mengembang"]


def test_two_parts_that_calamine_cannot_tell_apart(read: Read):
    parts = {"xl/sharedStrings.xml": b"<sst/>", "xl/SHAREDstrings.xml": b"<sst/>"}
    assert rules(read, with_parts(saved(book()), parts)) == ["berkas_rusak"]


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("xl/workbook.xml", b"<sheet ", b'<sheet xmlns:q="y" q:id="rId9" '),
        (
            "xl/workbook.xml",
            b"</sheets>",
            b'<sheet name="SHEET" sheetId="9" xmlns:r="r" r:id="rId9"/></sheets>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"</Relationships>",
            b'<Relationship Id="rId1" Target="worksheets/lain.xml"/></Relationships>',
        ),
    ],
    ids=["two ids", "two names", "two targets"],
)
def test_a_sheet_that_may_be_another_part(part: str, before: bytes, after: bytes, read: Read):
    made = saved(book())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        xml = archive.read(part)
    assert before in xml
    assert rules(read, with_parts(made, {part: xml.replace(before, after)})) == ["berkas_rusak"]


def test_a_file_that_is_too_large(read: Read, monkeypatch: pytest.MonkeyPatch):
    from flows.landing.readers import file_guards

    monkeypatch.setattr(file_guards, "LARGEST_WORKBOOK", 1000)
    monkeypatch.setattr(file_guards, "LARGEST_CSV", 10)
    assert rules(read, book()) == ["berkas_terlalu_besar"]
    assert rules(read, HEAD.encode(), "uji.csv") == ["berkas_terlalu_besar"]


def test_xml_that_defines_entities(read: Read):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>'
    assert rules(read, with_parts(saved(book()), {"xl/workbook.xml": bomb})) == ["berkas_rusak"]


@pytest.mark.parametrize("name", ["uji.xlsx", "uji.xlsm"])
def test_macros(name: str, read: Read):
    content = with_parts(saved(book()), {"xl/vbaProject.bin": b"x"})
    assert rules(read, content, name) == ["berkas_bermakro"]


def test_links_to_another_workbook(read: Read):
    content = with_parts(saved(book()), {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert rules(read, content) == ["tautan_luar"]
    both = with_parts(content, {"xl/vbaProject.bin": b"x"})
    assert rules(read, both) == ["berkas_bermakro", "tautan_luar"]


def test_formulas_are_read_as_their_stored_results_and_told(read: Read):
    formulas = (
        '<row r="2"><c r="A2" t="str"><f>"L"&amp;"01"</f><v>L01</v></c>'
        '<c r="B2" t="str"><f t="shared" si="0"/><v>Ya</v></c>'
        '<c r="C2" t="inlineStr"><is><t>Tidak</t></is></c></row>'
    )
    found = read(workbook_of(sheet(line(1, *TITLE), formulas)))
    assert rows(found) == {2: ROW}
    assert found[0].notes == [("rumus_dibaca_nilai", {"nilai": "2", "aturan": "A2, B2"})]


def test_a_formula_that_was_never_calculated_is_no_empty_cell(read: Read):
    found = read(book(TITLE, ("L01", "Ya", '=IF(1=1,"Ya","Tidak")')))
    assert rows(found) == {2: ("L01", "Ya", "#RUMUS")}
    assert notes(found) == []


def test_a_formula_that_gave_no_text_is_empty(read: Read):
    formulas = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>L01</t></is></c>'
        '<c r="B2" t="inlineStr"><is><t>Ya</t></is></c>'
        '<c r="C2" t="str"><f>""</f><v></v></c></row>'
    )
    assert rows(read(workbook_of(sheet(line(1, *TITLE), formulas)))) == {2: ("L01", "Ya", "")}


def sheets(**contents: tuple[str, list[tuple[object, ...]]]) -> Workbook:
    made = Workbook()
    made.remove(made.active)
    for name, (state, content) in contents.items():
        tab = made.create_sheet(name)
        tab.sheet_state = state
        for row in content:
            tab.append(row)
    return made


TABLE = [TITLE, ROW]


def test_the_sheet_with_the_table_is_read_wherever_it_lies(read: Read):
    found = read(sheets(Sampul=("visible", [("Laporan",)]), Isi=("visible", TABLE)))
    assert (rows(found), found[0].sheet) == ({2: ROW}, "Isi")
    assert found[0].notes == [("lembar_tidak_dibaca", {"nilai": "Sampul"})]


def test_of_two_tables_neither_is_taken(read: Read):
    made = sheets(Satu=("visible", TABLE), Dua=("visible", TABLE))
    assert rules(read, made) == ["beberapa_lembar"]


def test_a_second_table_without_rows_does_not_count(read: Read):
    assert rows(read(sheets(Satu=("visible", [TITLE]), Dua=("visible", TABLE)))) == {2: ROW}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read_and_told(state: str, read: Read):
    found = read(sheets(Isi=("visible", TABLE), Lama=(state, TABLE)))
    assert (rows(found), notes(found)) == ({2: ROW}, ["lembar_tidak_dibaca"])
    only = sheets(Catatan=("visible", [("x",)]), Lama=(state, TABLE))
    assert rules(read, only) == ["hanya_lembar_tersembunyi"]


def test_the_explanation_of_our_template_is_not_told(read: Read):
    found = read(sheets(Data=("visible", TABLE), Petunjuk=("visible", [("Isi kolom",)])))
    assert notes(found) == []


def test_titles_merged_cells_and_column_numbers(read: Read):
    made = book(("LAPORAN",), (), ("No", *TITLE), (1, 2, 3, 4), (1, *ROW), (2, "L02", "Ya", "Ya"))
    made.active.merge_cells("A1:D1")
    found = read(made)
    assert rows(found) == {5: ROW, 6: ("L02", "Ya", "Ya")}
    assert found[0].above == ["LAPORAN"]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("JUMLAH,1.5", None),
        ('"Jumlah :","1,5"', None),
        ("TOTAL,2.5", ("2.5", "1,50")),
        ("Rata-rata,0.75", None),
        ("Rata-rata,0.9", ("0.9", "0,75")),
        ("Sub Total,9", None),
        ("JUMLAH,", None),
        ("JUMLAH,lengkap", None),
    ],
)
def test_a_line_of_totals_must_agree_with_the_rows(total: str, expected, read: Read):
    text = f"Sistem,Pemanfaatan\nS01,0.5\nS02,1\n{total}\n".encode()
    if expected is None:
        assert len(read(text, "uji.csv", "system_usage")[0].text) == 2
        return
    with pytest.raises(Unreadable) as refusal:
        read(text, "uji.csv", "system_usage")
    [(rule, facts)] = refusal.value.problems
    assert rule == "jumlah_tidak_cocok"
    assert (facts["nilai"], facts["aturan"]) == expected


@pytest.mark.parametrize(
    ("line", "told"),
    [("TOTAL,1.5", []), ("TOTAL,2.5", ["jumlah_tidak_cocok"]), ("Sub Total,9", [])],
)
def test_a_line_of_totals_far_above_the_end_is_compared_too(line: str, told, read: Read):
    """Only the last lines are looked at before the rows are read."""
    after = "S03,0\n" * 20_000
    text = f"Sistem,Pemanfaatan\nS01,0.5\nS02,1\n{line}\n{after}".encode()
    assert len(text) > csv_dialect.CHUNK_LOOK
    if told:
        assert rules(read, text, "uji.csv", "system_usage") == told
        return
    (table,) = read(text, "uji.csv", "system_usage")
    assert len(table.text) == 20_002


@pytest.mark.parametrize("order", ["le", "be"])
def test_a_line_of_totals_is_compared_in_either_order_of_utf_16(order: str, read: Read):
    text = "\ufeffSistem,Pemanfaatan\nS01,0.5\nS02,1\nTOTAL,2.5\n".encode(f"utf-16-{order}")
    assert rules(read, text, "uji.csv", "system_usage") == ["jumlah_tidak_cocok"]


def test_a_line_of_totals_is_found_below_columns_that_are_not_read(read: Read):
    head = "Nama,Jabatan,Unit Kerja,NIP,Kelompok,Kualifikasi,Kompetensi,Kinerja,Disiplin,Total\n"
    text = head + "a,b,c,1,PNS,20,30,25,5,80\n,,,JUMLAH,,20,30,25,5,90\n"
    source = "office_employee"
    assert "jumlah_tidak_cocok" in rules(read, text.encode(), "uji.csv", source)


def test_the_number_of_rows_that_a_register_states(read: Read):
    head = "Nomor Usulan,Judul,Tanggal Usulan,Status,Tanggal Putusan\n"
    text = head + "U-1,x,2024-01-01,Diusulkan,\nJUMLAH,{},,,\n"
    assert read(text.format(1).encode(), "uji.csv", "technical_regulation")
    source = "technical_regulation"
    assert rules(read, text.format(2).encode(), "uji.csv", source) == ["jumlah_tidak_cocok"]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('L01,Ya,"Tidak\nL02,Ya,Ya\n', 2),  # the rest of the file would be one cell
        ('L01,Ya,Ya\nL02,Ya,"Ya', 3),
        ('L01,Ya,"Tidak\nL02,Ya,Ya\nL03,Ya,"Ya\n', 2),  # and here a row between two marks
        ('"L0\n1",Ya,Ya\nL02,"Ya" ,Ya\n', 4),
    ],
)
def test_a_quotation_mark_that_is_not_closed(rows: str, line: int, read: Read):
    with pytest.raises(Unreadable) as refusal:
        read((HEAD + rows).encode(), "uji.csv")
    cause = {"sebab": f"tanda kutip pada baris {line} tidak ditutup"}
    assert refusal.value.problems == (("berkas_rusak", cause),)


def test_quotation_marks_that_stand_within_a_cell(read: Read):
    found = read((HEAD + '5" pipa,Ya,"Ti""dak"\n').encode(), "uji.csv")
    assert rows(found) == {2: ('5" pipa', "Ya", 'Ti"dak')}


@pytest.mark.parametrize("sign", ["\u2028", "\x0b", "\x0c", "\x1c", "\x85"])
def test_what_ends_no_line_costs_no_row(sign: str, read: Read):
    found = read((f"Laporan{sign}layanan,,\n" + HEAD + "L01,Ya,Ya\n").encode(), "uji.csv")
    assert rows(found) == {3: ("L01", "Ya", "Ya")}


def test_a_nul_byte_far_down(read: Read):
    content = HEAD.encode() + b"L01,Ya,Ya\n" * 8_000 + b"L\x002,Ya,Ya\n"
    assert rules(read, content, "uji.csv") == ["berkas_rusak"]
