"""Every kind of broken or odd file: what it is made from, what is wrong, and how it is made.

What landing must say of each stands in docs/CORPUS.md and nowhere else.
"""

from __future__ import annotations

import codecs
import csv
import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.breaking import (
    SHEET,
    Grid,
    as_csv,
    as_ndjson,
    book,
    cell,
    column,
    each,
    edited,
    fill,
    grid,
    headed,
    inline,
    of_cells,
    packed,
    parts,
    put,
    sample_bytes,
    saved,
    shared,
    swapped,
    with_parts,
    without,
)

SEED = "2024"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
PERIODS: Mapping[str, str] = {
    "agency_ip_asn": "2024-Q3",
    "ikpa": "2024-09",
    "office_employee": "2024",
    "survey_answer": "2024-Q3",
    "system_usage": "2024-Q2",
    "technical_regulation": "2024-Q3",
}
IP_ASN, EMPLOYEE, SURVEY = "agency_ip_asn", "office_employee", "survey_answer"
USAGE, REGULATION, IKPA = "system_usage", "technical_regulation", "ikpa"

Dice = random.Random
Make = Callable[[Dice], bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        sample: the file in the folder of its source that it is made from.
        wrong: what is wrong or odd, in words.
        ending: of its name, which need not be that of what it holds.
        is_odd: nothing is wrong with it: it must land with the rows of the sample.
        period: that it is landed for, where it is not that of the sample.
        after: the sample that is in force already when it comes.
        titled: what the title of a row is, where an odd file writes another.
    """

    name: str
    source: str
    sample: str
    wrong: str
    ending: str
    make: Make
    is_odd: bool = False
    period: str = ""
    after: str = ""
    titled: Callable[[str], str] | None = None

    @property
    def file_name(self) -> str:
        """Return what the file is called."""
        return f"{self.name}.{self.ending}"

    @property
    def slice_period(self) -> str:
        """Return the period that it is landed for."""
        return self.period or PERIODS[self.source]

    def content(self, seed: str = SEED) -> bytes:
        """Return the file; the same seed makes the same choice of rows."""
        return self.make(Dice(f"{seed}/{self.name}"))


KINDS: list[Kind] = []


def _add(
    name: str, source: str, wrong: str, ending: str, make: Callable[..., bytes], **more: Any
) -> None:
    sample = more.pop("sample", "ok.csv" if ending in ("csv", "ndjson") else "ok.xlsx")
    wants_dice = make.__code__.co_argcount > 0
    made: Make = make if wants_dice else (lambda _: make())
    KINDS.append(Kind(name, source, sample, wrong, ending, made, **more))


def _odd(name: str, source: str, wrong: str, ending: str, make: Callable[..., bytes], **more: Any):
    _add(name, source, wrong, ending, make, is_odd=True, **more)


def _row(dice: Dice, cells: Grid, last: int | None = None) -> int:
    """Return one of the rows below the headings; with `last` one of the first so many."""
    return dice.randint(1, last or len(cells) - 1)


def _with(source: str, heading: str, text: str, last: int | None = None) -> Callable[[Dice], bytes]:
    """Return what writes one text into some row of a column of a csv."""

    def make(dice: Dice) -> bytes:
        cells = grid(source)
        return as_csv(put(cells, _row(dice, cells, last), heading, text))

    return make


def _in_book(source: str, heading: str, value: object, last: int, look: str = "General"):
    """Return what writes one value into some row of a column of a workbook."""

    def make(dice: Dice) -> bytes:
        made = book(source)
        one = cell(made, dice.randint(1, last), heading)
        one.value, one.number_format = value, look
        return saved(made)

    return make


_add("empty", USAGE, "not one byte", "csv", lambda: b"")
_add("empty-xlsx", USAGE, "not one byte, named .xlsx", "xlsx", lambda: b"")
_add("blank-lines", USAGE, "only blank lines", "csv", lambda: b"\r\n \r\n\r\n")
_add("blank-sheet", USAGE, "a workbook without a cell", "xlsx", lambda: saved(of_cells([])))
_add("mark-only", USAGE, "a byte order mark and nothing else", "csv", lambda: codecs.BOM_UTF8)
_add("heading-only", IP_ASN, "headings without rows", "csv", lambda: as_csv(grid(IP_ASN)[:1]))
_add(
    "login-page", USAGE, "the page of a login, saved as .xlsx", "xlsx",
    lambda: b"<!DOCTYPE html>\n<html><title>Masuk</title><body>Sesi habis</body></html>",
)  # fmt: skip
_add(
    "html-table", USAGE, "a table of a web page, saved as .csv", "csv",
    lambda: b"<table><tr><td>Sistem</td><td>Pemanfaatan</td></tr></table>",
)  # fmt: skip
_add(
    "old-xls", USAGE, "the container of Excel 97-2003", "xls",
    lambda: OLE + "Workbook".encode("utf-16-le") + b"\x00" * 512,
)  # fmt: skip
_add(
    "old-xls-renamed", USAGE, "the same, renamed to .xlsx", "xlsx",
    lambda: OLE + "Workbook".encode("utf-16-le") + b"\x00" * 512,
)  # fmt: skip
_add(
    "password", USAGE, "the container of a workbook with a password", "xlsx",
    lambda: OLE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 512,
)  # fmt: skip
_add("pdf", USAGE, "a PDF, renamed to .xlsx", "xlsx", lambda: b"%PDF-1.7\n1 0 obj\n")
_add("csv-as-xlsx", USAGE, "a csv, renamed to .xlsx", "xlsx", lambda: sample_bytes(USAGE))
_add(
    "xlsx-as-csv", USAGE, "a workbook, renamed to .csv", "csv",
    lambda: saved(book(USAGE)), sample="ok.xlsx",
)  # fmt: skip
_add(
    "letter-as-xlsx", USAGE, "a letter (docx), renamed to .xlsx", "xlsx",
    lambda: packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
)  # fmt: skip

_add(
    "cut-zip", USAGE, "a download that stopped half way", "xlsx",
    lambda dice: (of := saved(book(USAGE)))[: dice.randint(len(of) // 4, 3 * len(of) // 4)],
)  # fmt: skip


def _flipped() -> bytes:
    whole = bytearray(saved(book(USAGE)))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        found = archive.getinfo(SHEET)
    at = found.header_offset + 30 + len(SHEET) + found.compress_size // 2
    whole[at] ^= 0xFF
    return bytes(whole)


_add("flipped-byte", USAGE, "a byte of the sheet changed on the way", "xlsx", _flipped)
_add(
    "cut-xml", USAGE, "the XML of the sheet ends too early", "xlsx",
    lambda: edited(saved(book(USAGE)), SHEET, lambda xml: xml[: len(xml) // 2]),
)  # fmt: skip
_add(
    "doctype", USAGE, "the XML of the sheet declares entities", "xlsx",
    lambda: edited(
        saved(book(USAGE)), SHEET,
        lambda xml: b'<!DOCTYPE a [<!ENTITY e "x">]>' + xml[xml.index(b"<worksheet") :],
    ),
)  # fmt: skip
_add(
    "no-sheet-part", USAGE, "the part of the sheet is missing", "xlsx",
    lambda: packed({name: of for name, of in parts(saved(book(USAGE))).items() if name != SHEET}),
)  # fmt: skip
_add(
    "macros", USAGE, "a workbook with macros", "xlsm",
    lambda: with_parts(saved(book(USAGE)), {"xl/vbaProject.bin": b"macro"}),
)  # fmt: skip
_add(
    "external-link", USAGE, "values of another workbook are linked", "xlsx",
    lambda: with_parts(saved(book(USAGE)), {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
)  # fmt: skip
_add(
    "zip-bomb", USAGE, "a part of 300 MB packed into 300 kB", "xlsx",
    lambda: with_parts(saved(book(USAGE)), {"xl/media/image1.png": bytes(300 << 20)}),
)  # fmt: skip
_add(
    "far-cell", USAGE, "a cell in the last row and column that Excel has", "xlsx",
    lambda: edited(
        saved(book(USAGE)), SHEET,
        lambda xml: xml.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    ),
)  # fmt: skip
_odd(
    "million-empty-rows", USAGE, "a million empty rows with a format below the table", "xlsx",
    lambda: edited(
        saved(book(USAGE)), SHEET,
        lambda xml: xml.replace(
            b"</sheetData>",
            b"".join(b'<row r="%d"><c r="A%d"/></row>' % (n, n) for n in range(30, 1_000_030))
            + b"</sheetData>",
        ),
    ),
)  # fmt: skip
_odd(
    "not-deflated", USAGE, "the parts of the workbook are stored as they are", "xlsx",
    lambda: packed(parts(saved(book(USAGE))), zipfile.ZIP_STORED),
)  # fmt: skip
_odd("xlsm-name", USAGE, "named .xlsm, without macros", "xlsm", lambda: saved(book(USAGE)))
_odd(
    "inline-texts", USAGE, "every text in its cell, as programs other than Excel write", "xlsx",
    lambda: inline(grid(USAGE)), sample="ok.csv",
)  # fmt: skip


def _sheets(state: str, other: str) -> Callable[[], bytes]:
    """Return what adds a sheet in front, with a copy of the table or something else."""

    def make() -> bytes:
        made = book(USAGE)
        rows = {"copy": grid(USAGE), "notes": [["Catatan"], ["Sudah diperiksa"]]}[other]
        fill(made.create_sheet("Lain", 0), rows)
        made.worksheets[0].sheet_state = state
        made.active = 1
        return saved(made)

    return make


def _only_hidden() -> bytes:
    made = book(USAGE)
    made.active.sheet_state = "hidden"
    made.active = made.index(made.create_sheet("Sampul"))
    made.active.append(["Laporan pemanfaatan"])
    return saved(made)


_odd("shared-texts", USAGE, "texts in a part of their own, as Excel writes", "xlsx",
     lambda: shared(grid(USAGE)), sample="ok.csv")  # fmt: skip
_odd("hidden-copy", USAGE, "a hidden sheet in front holds a table too", "xlsx",
     _sheets("hidden", "copy"))  # fmt: skip
_odd("very-hidden-copy", USAGE, "the same, hidden so that Excel does not list it", "xlsx",
     _sheets("veryHidden", "copy"))  # fmt: skip
_odd("sheet-of-notes", USAGE, "a visible sheet of notes in front", "xlsx",
     _sheets("visible", "notes"))  # fmt: skip
_add("two-tables", USAGE, "two visible sheets hold the table", "xlsx", _sheets("visible", "copy"))
_add("only-hidden", USAGE, "the table stands in a hidden sheet only", "xlsx", _only_hidden)


def _hidden_rows() -> bytes:
    made = book(USAGE)
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["C"].hidden = True
    return saved(made)


_odd("hidden-rows", USAGE, "a row and a column are hidden", "xlsx", _hidden_rows)


def _formula(result: bytes, attributes: bytes = b"") -> Callable[[Dice], bytes]:
    """Return what makes a formula of a figure, with what Excel stored beside it."""

    def make(dice: Dice) -> bytes:
        at = dice.randint(2, 11)  # system 11 is used half, the ten above it wholly

        def change(xml: bytes) -> bytes:
            old = re.search(rb'<c r="B%d"[^>]*><v>[^<]*</v></c>' % at, xml)
            assert old, "the figure is not where it was"
            new = b'<c r="B%d"%s><f>C1</f>%s</c>' % (at, attributes, result)
            return xml.replace(old[0], new)

        return edited(saved(book(USAGE)), SHEET, change)

    return make


_odd("formula", USAGE, "a figure is a formula with its result", "xlsx", _formula(b"<v>1</v>"))
_add("formula-not-calculated", USAGE, "a formula whose result was never calculated", "xlsx",
     _formula(b""))  # fmt: skip
_add("formula-failed", USAGE, "a formula that failed (#REF!)", "xlsx",
     _formula(b"<v>#REF!</v>", b' t="e"'))  # fmt: skip
_add("formula-of-nothing", USAGE, "a formula whose result is an empty text", "xlsx",
     _formula(b"<v></v>", b' t="str"'))  # fmt: skip

for _name, _delimiter in (("comma", ","), ("tab", "\t"), ("pipe", "|")):
    _odd(f"delimiter-{_name}", USAGE, f"cells are parted by a {_name}", "csv",
         lambda _, delimiter=_delimiter: as_csv(grid(USAGE), delimiter))  # fmt: skip
_odd("cp1252", REGULATION, "encoded as Windows does, a dash in each title", "csv",
     lambda: as_csv(each(grid(REGULATION), "Judul", lambda text: text + " – x"), ",", "cp1252"),
     titled=lambda text: text + " – x",
     )  # fmt: skip
_odd("utf-8-mark", USAGE, "UTF-8 with a byte order mark", "csv",
     lambda: as_csv(grid(USAGE), encoding="utf-8-sig"))  # fmt: skip
_odd("utf-16", USAGE, "UTF-16 with its mark, as Excel saves Unicode text", "csv",
     lambda: as_csv(grid(USAGE), "\t", "utf-16"))  # fmt: skip
_odd("utf-16-big-endian", USAGE, "UTF-16 with the bytes the other way round", "csv",
     lambda: codecs.BOM_UTF16_BE + as_csv(grid(USAGE), "\t", "utf-16-be"))  # fmt: skip
_add("utf-16-no-mark", USAGE, "UTF-16 without a mark", "csv",
     lambda: as_csv(grid(USAGE), "\t", "utf-16-le"))  # fmt: skip
_add("utf-16-odd-byte", USAGE, "UTF-16 that lost its last byte", "csv",
     lambda: as_csv(grid(USAGE), "\t", "utf-16")[:-1])  # fmt: skip
_add("no-encoding", USAGE, "bytes that no encoding has", "csv",
     lambda: as_csv(grid(USAGE)).replace(b"SPEKTRA", b"SPEK\x81\x8dTRA"))  # fmt: skip
_odd("windows-lines", USAGE, "lines end as in Windows, the last one not at all", "csv",
     lambda: as_csv(grid(USAGE), end="\r\n").rstrip())  # fmt: skip
_odd("old-mac-title", USAGE, "the same below a title", "csv",
     lambda: as_csv([["Laporan", "", ""], *grid(USAGE)], end="\r"))  # fmt: skip
_add("quote-within-cell", USAGE, "two quotation marks never closed, a row between them", "csv",
     lambda: swapped(swapped(as_csv(grid(USAGE)[:18]), b";Tangkapan layar S05",
                             b';"Tangkapan layar S05'), b";Tangkapan layar S07",
                     b';"Tangkapan layar S07'))  # fmt: skip
_odd("inches", REGULATION, "a quotation mark within titles that needs no closing", "csv",
     lambda: as_csv(each(grid(REGULATION), "Judul", lambda text: text + " 5~"), ",").replace(
         b"~", b'"'),
     titled=lambda text: text + ' 5"',
     )  # fmt: skip
_odd("old-mac-lines", USAGE, "lines end as on an old Macintosh", "csv",
     lambda: as_csv(grid(USAGE), end="\r"))  # fmt: skip
_odd("all-quoted", USAGE, "every cell in quotation marks", "csv",
     lambda: as_csv(grid(USAGE), quoting=csv.QUOTE_ALL))  # fmt: skip
_odd("sep-line", USAGE, "the line sep=; that Excel understands stands first", "csv",
     lambda: b"sep=;\n" + as_csv(grid(USAGE)))  # fmt: skip
_odd("empty-columns", USAGE, "three empty columns to the right", "csv",
     lambda: as_csv([[*row, "", "", ""] for row in grid(USAGE)]))  # fmt: skip
_odd("lines-in-a-cell", REGULATION, "titles of several lines, in quotation marks", "csv",
     lambda: as_csv(each(grid(REGULATION), "Judul", lambda text: f"{text}\nbaris dua"), ","),
     titled=lambda text: text + " baris dua",
     )  # fmt: skip


def _blank_between(dice: Dice) -> bytes:
    lines = as_csv(grid(USAGE)).splitlines(keepends=True)
    lines.insert(dice.randint(2, 10), b"\n")
    lines.insert(dice.randint(12, 16), b";;\n")
    return b"".join(lines)


def _cut_in_quote() -> bytes:
    cells = grid(REGULATION)[:11]
    whole = as_csv(put(cells, 10, "Judul", "Instrumen, yang panjang"), ",")
    return whole[: whole.rindex(b"yang panjang")]


def _open_quote() -> bytes:
    whole = as_csv(grid(REGULATION), ",")
    return whole.replace(b"Instrumen contoh nomor 3,", b'"Instrumen contoh nomor 3,')


def _cut_in_row() -> bytes:
    whole = as_csv(grid(USAGE)[:18])
    return whole[: whole.rindex(b";")]


def _unquoted_comma(dice: Dice) -> bytes:
    number = dice.randint(5, 9)  # each of them once in the file
    whole = as_csv(grid(REGULATION), ",")
    return whole.replace(b"nomor %d," % number, b"nomor %d, perubahan," % number)


_odd("blank-between", USAGE, "blank lines between the rows", "csv", _blank_between)
_add("cut-in-quote", REGULATION, "a download that stopped within quotation marks", "csv",
     _cut_in_quote)  # fmt: skip
_add("open-quote", REGULATION, "a quotation mark in the middle that is never closed", "csv",
     _open_quote)  # fmt: skip
_add("cut-in-last-quote", USAGE, "the same, in the last cell of the last row", "csv",
     lambda: as_csv(grid(USAGE)[:18], quoting=csv.QUOTE_ALL)[:-5])  # fmt: skip
_add("open-quote-in-last-cell", USAGE, "a quotation mark in the last column that is never closed",
     "csv", lambda: swapped(as_csv(grid(USAGE)), b";Tangkapan layar S05",
                            b';"Tangkapan layar S05'))  # fmt: skip
_add("cut-in-row", USAGE, "a download that stopped within the last row", "csv", _cut_in_row)
_add("unquoted-comma", REGULATION, "a title with a comma, without quotation marks", "csv",
     _unquoted_comma)  # fmt: skip
_add("nul-bytes", USAGE, "NUL bytes in a cell", "csv",
     lambda: as_csv(grid(USAGE)).replace(b"SPEKTRA", b"SPEK\x00TRA"))  # fmt: skip
_add("late-nul-byte", REGULATION, "a NUL byte after the first 64 kB", "csv",
     lambda: as_csv(
         each(grid(REGULATION), "Judul", lambda text: text + " panjang" * 1_000), ","
     )[:-1] + b"\x00\n")  # fmt: skip


def _titled(above: int) -> Callable[[], bytes]:
    """Return what sets the table below a title in merged cells and blank lines."""

    def make() -> bytes:
        made = of_cells([["Laporan Pemanfaatan Sistem Informasi"], *[[]] * (above - 1)])
        made.active.merge_cells("A1:C1")
        for at, row in enumerate(grid(USAGE), above + 1):
            for place, text in enumerate(row, 1):
                made.active.cell(at, place, text)
        return saved(made)

    return make


def _under_one_title() -> bytes:
    """Return a table whose headings are merged over two rows, as in a printed form."""
    cells = grid(USAGE)
    made = of_cells([["No", *cells[0]], ["", "", "", ""]])
    for number, row in enumerate(cells[1:18], 1):
        made.active.append([number, *row])
    for letter in "ABCD":
        made.active.merge_cells(f"{letter}1:{letter}2")
    return saved(made)


_odd("title-above", USAGE, "a merged title and blank rows, the headings in row 7", "xlsx",
     _titled(6), sample="ok.csv")  # fmt: skip
_odd("merged-headings", USAGE, "headings merged over two rows, the rows numbered", "xlsx",
     _under_one_title, sample="ok.csv")  # fmt: skip
_add("heading-too-low", USAGE, "the headings only in row 41", "xlsx", _titled(40), sample="ok.csv")
_add("no-heading", USAGE, "rows without headings", "csv", lambda: as_csv(grid(USAGE)[1:]))
_add("missing-column", IP_ASN, "a column is missing that must be there", "csv",
     lambda: as_csv(without(grid(IP_ASN), "Status Pengukuran")))  # fmt: skip
_add("renamed-column", IP_ASN, "a column got another name", "csv",
     lambda: as_csv(headed(grid(IP_ASN), {"Status Pengukuran": "Kondisi"})))  # fmt: skip
_add("optional-column-renamed", IP_ASN, "a column that may be missing got another name", "csv",
     lambda: as_csv(headed(grid(IP_ASN), {"Nilai IP ASN": "Skor"})))  # fmt: skip
_add("column-twice", IP_ASN, "two columns mean the same", "csv",
     lambda: as_csv([[*row, row[1]] for row in grid(IP_ASN)]))  # fmt: skip
_add("unknown-column", IP_ASN, "a column that nobody asked for", "csv",
     lambda: as_csv([[*row, "Rahasia" if at == 0 else "x"] for at, row in enumerate(grid(IP_ASN))]),
     )  # fmt: skip
_odd("columns-in-other-order", IP_ASN, "the columns stand in another order", "csv",
     lambda: as_csv([row[::-1] for row in grid(IP_ASN)]))  # fmt: skip
_odd("headings-written-otherwise", IP_ASN, "headings in capitals, with spaces and marks", "csv",
     lambda: as_csv(headed(grid(IP_ASN), {
         "Instansi": " NAMA  INSTANSI ", "Status Pengukuran": "status_pengukuran*",
         "Nilai IP ASN": "Nilai\u00a0IP\u200b ASN :", "Tanggal Hasil": "TANGGAL\nHASIL",
     })))  # fmt: skip


def _usage_with(*lines: list[str]) -> bytes:
    return as_csv([*grid(USAGE)[:18], *lines])


def _row_lost(dice: Dice) -> bytes:
    cells = grid(USAGE)
    del cells[dice.randint(1, 10)]
    return as_csv(cells)


_odd("total-right", USAGE, "a line of totals that agrees", "csv",
     lambda: _usage_with(["TOTAL", "16,5", ""]))  # fmt: skip
_odd("mean-right", USAGE, "a line of the mean that agrees", "csv",
     lambda: _usage_with(["Rata-rata", "0,97", ""]))  # fmt: skip
_add("total-wrong", USAGE, "a line of totals that does not agree", "csv",
     lambda: _usage_with(["TOTAL", "15,5", ""]))  # fmt: skip
_add("row-lost-above-total", USAGE, "a row was deleted, the line of totals was not", "csv",
     _row_lost)  # fmt: skip
_add("title-of-other-quarter", USAGE, "the title names another quarter", "csv",
     lambda: b"Pemanfaatan Triwulan III Tahun 2024;;\n" + as_csv(grid(USAGE)))  # fmt: skip
_add("title-of-other-year", USAGE, "the title names another year", "csv",
     lambda: b"Pemanfaatan Triwulan II Tahun 2023;;\n" + as_csv(grid(USAGE)))  # fmt: skip
_odd("title-of-this-quarter", USAGE, "the title names the quarter of the file", "csv",
     lambda: b"Pemanfaatan Triwulan II Tahun 2024;;\n" + as_csv(grid(USAGE)))  # fmt: skip

_odd("line-separator-in-title", USAGE, "the title holds the line separator of Unicode", "csv",
     lambda: "Laporan\u2028Pemanfaatan;;\n".encode() + as_csv(grid(USAGE)))  # fmt: skip
_odd("page-break-in-title", USAGE, "the title holds a page break", "csv",
     lambda: b"Laporan\x0cPemanfaatan;;\n" + as_csv(grid(USAGE)))  # fmt: skip
_odd("title-of-two-lines", USAGE, "a title of two lines in quotation marks", "csv",
     lambda: b'"Laporan\nPemanfaatan";;\n\n' + as_csv(grid(USAGE)))  # fmt: skip
_odd("line-separator-in-heading", USAGE, "a heading holds the line separator of Unicode", "csv",
     lambda: as_csv(headed(grid(USAGE), {"Pemanfaatan": "Nilai\u2028Pemanfaatan"})),
     )  # fmt: skip
_odd("page-break-in-cell", REGULATION, "page breaks within titles", "csv",
     lambda: as_csv(each(grid(REGULATION), "Judul", lambda text: f"{text}\x0cbaru"), ","),
     titled=lambda text: f"{text} baru",
     )  # fmt: skip

_SCORED = 26  # the first so many agencies have a score
_add("unit-in-number", IP_ASN, "a number with its unit", "csv",
     _with(IP_ASN, "Nilai IP ASN", "72,78 poin", _SCORED))  # fmt: skip
_add("two-numbers", IP_ASN, "two numbers in a cell", "csv",
     _with(IP_ASN, "Nilai IP ASN", "72,78 / 73", _SCORED))  # fmt: skip
_add("letter-o", IP_ASN, "the letter O for a nought", "csv",
     _with(IP_ASN, "Nilai IP ASN", "7O,78", _SCORED))  # fmt: skip
_add("too-large", IP_ASN, "the decimal comma is lost", "csv",
     _with(IP_ASN, "Nilai IP ASN", "7278", _SCORED))  # fmt: skip
_add("negative", IP_ASN, "a negative score", "csv",
     _with(IP_ASN, "Nilai IP ASN", "-72,78", _SCORED))  # fmt: skip
_add("infinite", IP_ASN, "a score of inf", "csv",
     _with(IP_ASN, "Nilai IP ASN", "inf", _SCORED))  # fmt: skip
_add("share-as-percent", USAGE, "a share between 0 and 1 written as 50%", "csv",
     lambda dice: _used(dice, "50%"))  # fmt: skip
_odd("percent-sign", IP_ASN, "scores with a percent sign", "csv",
     lambda: as_csv(each(grid(IP_ASN), "Nilai IP ASN", lambda text: text and f"{text} %")),
     )  # fmt: skip
_odd("english-decimals", IP_ASN, "scores with a decimal point", "csv",
     lambda: as_csv(each(grid(IP_ASN), "Nilai IP ASN", lambda text: text.replace(",", ".")), ","),
     )  # fmt: skip
_odd("not-available", IP_ASN, "N/A and dashes where there is no score and no date", "csv",
     lambda: as_csv(each(each(grid(IP_ASN), "Nilai IP ASN", lambda text: text or "N/A"),
                         "Tanggal Hasil", lambda text: text or "–")))  # fmt: skip
_add("required-not-available", USAGE, "N/A where there must be a figure", "csv",
     lambda dice: _used(dice, "N/A"))  # fmt: skip
_odd("numbers-as-text", USAGE, "figures kept as text in a workbook", "xlsx",
     lambda: saved(of_cells(grid(USAGE))), sample="ok.csv")  # fmt: skip
_odd("percent-format", USAGE, "figures shown as percent in a workbook", "xlsx",
     lambda: _shown(USAGE, "Pemanfaatan", "0%"))  # fmt: skip


def _used(dice: Dice, text: str) -> bytes:
    """Return the systems without the line of totals, one of them with another figure."""
    return as_csv(put(grid(USAGE)[:18], dice.randint(1, 10), "Pemanfaatan", text))


def _shown(source: str, heading: str, look: str) -> bytes:
    made = book(source)
    for row in range(1, 18):
        cell(made, row, heading).number_format = look
    return saved(made)


_add("truth-as-number", USAGE, "TRUE where there must be a figure", "xlsx",
     _in_book(USAGE, "Pemanfaatan", True, 10))  # fmt: skip
_add("date-as-number", USAGE, "Excel made a date of a figure", "xlsx",
     _in_book(USAGE, "Pemanfaatan", date(2024, 5, 1), 10, "dd/mm/yyyy"))  # fmt: skip

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def _in_words(text: str) -> str:
    if not text:
        return text
    day, month, year = text.split("/")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


_odd("dates-in-words", IP_ASN, "dates as 5 Januari 2024", "csv",
     lambda: as_csv(each(grid(IP_ASN), "Tanggal Hasil", _in_words)))  # fmt: skip
_odd("dates-with-time", IP_ASN, "dates with a time", "csv",
     lambda: as_csv(each(grid(IP_ASN), "Tanggal Hasil", lambda text: text and f"{text} 00:00:00")),
     )  # fmt: skip
_add("serial-date", IP_ASN, "the day number of Excel for a date", "xlsx",
     _in_book(IP_ASN, "Tanggal Hasil", 45296, _SCORED))  # fmt: skip
_add("american-date", IP_ASN, "the month before the day", "csv",
     _with(IP_ASN, "Tanggal Hasil", "09/22/2024", _SCORED))  # fmt: skip
_add("short-year", IP_ASN, "a year of two digits", "csv",
     _with(IP_ASN, "Tanggal Hasil", "22/09/24", _SCORED))  # fmt: skip
_add("no-such-day", IP_ASN, "a day that no calendar has", "csv",
     _with(IP_ASN, "Tanggal Hasil", "31/09/2024", _SCORED))  # fmt: skip


def _since_1904() -> bytes:
    made = book(IP_ASN)
    made.epoch = CALENDAR_MAC_1904
    return saved(made)


_odd("epoch-1904", IP_ASN, "a workbook that counts days from 1904", "xlsx", _since_1904)


def _plain_forms(dice: Dice) -> list[int]:
    """Return three right rows of the survey that name no respondent, so that none is sent twice."""
    cells = grid(SURVEY)
    first = column(cells, "U1 Persyaratan")
    plain = [
        at
        for at, row in enumerate(cells)
        if set(row[first : first + 9]) <= set("1234") and not row[-1]
    ]
    return dice.sample(plain, 3)


def _moved_answers(dice: Dice) -> bytes:
    cells = grid(SURVEY)
    for row in _plain_forms(dice):
        cells = put(cells, row, "Tanggal", "15/11/2024")
    return as_csv(cells)


_add("out-of-period", SURVEY, "three answers of another quarter", "csv", _moved_answers)
_add("decided-before-proposed", REGULATION, "decided before it was proposed", "csv",
     lambda dice: as_csv(
         put(grid(REGULATION), dice.randint(2, 8), "Tanggal Putusan", "2020-01-01")),
     )  # fmt: skip


def _nip_as_float(dice: Dice) -> bytes:
    made = book(EMPLOYEE)
    one = cell(made, dice.randint(1, 6), "NIP")
    one.value = float(one.value)
    return saved(made)


def _nip_in_words(dice: Dice) -> bytes:
    cells = grid(EMPLOYEE)
    return as_csv(put(cells, dice.randint(1, 6), "NIP", "1,91208E+17"))


_add("nip-as-float", EMPLOYEE, "Excel keeps a NIP as a number", "xlsx", _nip_as_float)
_add("nip-scientific", EMPLOYEE, "a NIP as 1,91208E+17", "csv", _nip_in_words)
_odd("nip-apostrophe", EMPLOYEE, "NIP after an apostrophe and in groups", "csv",
     lambda: as_csv(each(grid(EMPLOYEE), "NIP", lambda nip: f"'{nip[:8]} {nip[8:14]} {nip[14:]}"),
                    ","))  # fmt: skip
_add("unknown-agency", IP_ASN, "an agency that nobody knows", "csv",
     _with(IP_ASN, "Instansi", "Kabupaten Antah Berantah", 34))  # fmt: skip
_add("agency-of-wrong-type", IP_ASN, "a regency called a city", "csv",
     _with(IP_ASN, "Instansi", "Kota Samosir", 12))  # fmt: skip
_add("code-as-number", IP_ASN, "Excel made the number 12.1 of the code 12.10", "xlsx",
     _in_book(IP_ASN, "Instansi", 12.1, 34))  # fmt: skip
_add("unknown-choice", IP_ASN, "a status that is none", "csv",
     _with(IP_ASN, "Status Pengukuran", "Hampir", 34))  # fmt: skip
_add("required-empty", IP_ASN, "a status is missing", "csv",
     _with(IP_ASN, "Status Pengukuran", "", 34))  # fmt: skip
_odd("invisible-characters", IP_ASN, "non-breaking and zero-width spaces in names", "csv",
     lambda: as_csv(each(grid(IP_ASN), "Instansi", lambda text: f"\ufeff{text}\u200b".replace(
         " ", " \u00a0"))))  # fmt: skip
_odd("capitals", IP_ASN, "names and statuses in capitals", "csv",
     lambda: as_csv([grid(IP_ASN)[0], *[[cell_.upper() for cell_ in row]
                                        for row in grid(IP_ASN)[1:]]]))  # fmt: skip
_odd("formula-injection", REGULATION, "titles that a spreadsheet would take for formulas", "csv",
     lambda: as_csv(each(grid(REGULATION), "Judul", lambda text: f"=HYPERLINK(0;{text})"), ","),
     titled=lambda text: f"=HYPERLINK(0;{text})",
     )  # fmt: skip
_odd("very-long-title", REGULATION, "titles of 100,000 characters", "csv",
     lambda: as_csv(each(grid(REGULATION), "Judul", lambda text: text + " sekali" * 14_000), ","),
     titled=lambda text: text + " sekali" * 14_000,
     )  # fmt: skip


def _long_key(dice: Dice) -> bytes:
    letters = "".join(dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=20_000))
    return as_csv(put(grid(REGULATION), 9, "Nomor Usulan", letters), ",")


_add("very-long-key", REGULATION, "a number of 20,000 characters", "csv", _long_key)
_odd("xml-escape", REGULATION, "the escape of NUL in a title of a workbook", "xlsx",
     lambda: edited(saved(book(REGULATION)), SHEET,
                    lambda xml: swapped(xml, b"contoh nomor 4", b"contoh_x0000_nomor 4")),
     )  # fmt: skip


def _again(change: Callable[[list[str]], list[str]]) -> Callable[[Dice], bytes]:
    def make(dice: Dice) -> bytes:
        cells = grid(IP_ASN)
        return as_csv([*cells, change(list(cells[dice.randint(1, 9)]))])

    return make


_odd("row-twice", IP_ASN, "a row stands twice", "csv", _again(lambda row: row))
_add("key-twice", IP_ASN, "an agency twice, with different scores", "csv",
     _again(lambda row: [*row[:2], "99,99", row[3]]))  # fmt: skip
_add("key-twice-in-other-words", IP_ASN, "the same, the name written otherwise", "csv",
     _again(lambda row: ["PEMERINTAH " + row[0].upper(), *row[1:2], "99,99", row[3]]),
     )  # fmt: skip
_add("other-office", IP_ASN, "only agencies of another office", "csv",
     lambda: as_csv([grid(IP_ASN)[0], ["Provinsi Aceh", "Selesai", "", ""]]))  # fmt: skip
_add("shrunk", IP_ASN, "20 of the 34 agencies that are in force", "csv",
     lambda: as_csv(grid(IP_ASN)[:21]), after="ok.csv")  # fmt: skip
_add("emptied-register", REGULATION, "headings only, where ten proposals are in force", "csv",
     lambda: as_csv(grid(REGULATION)[:1], ","), after="ok.csv")  # fmt: skip
_add("no-such-answer", SURVEY, "three forms with answers of 5 on a scale of 4", "csv",
     lambda dice: as_csv(_answers(dice, "5", 5)))  # fmt: skip
_add("forms-left-empty", SURVEY, "three forms with four of nine answers", "csv",
     lambda dice: as_csv(_answers(dice, "", 5)))  # fmt: skip


def _answers(dice: Dice, text: str, many: int = 1) -> Grid:
    cells = grid(SURVEY)
    first = column(cells, "U1 Persyaratan")
    for row in _plain_forms(dice):
        for at in range(first, first + many):
            cells[row][at] = text
    return cells


_OURS = 16  # the first line of our satker's block


def _report(change: Callable[[Grid], object]) -> Callable[[], bytes]:
    def make() -> bytes:
        cells = grid(IKPA)
        change(cells)
        return as_csv(cells, ",")

    return make


def _set(line: int, place: int, text: str) -> Callable[[], bytes]:
    return _report(lambda cells: cells[line].__setitem__(place, text))


_add("omspan-line-lost", IKPA, "a line of a block was deleted", "csv",
     _report(lambda cells: cells.pop(_OURS + 1)))  # fmt: skip
_add("omspan-cut", IKPA, "the report ends within the block of our satker", "csv",
     _report(lambda cells: cells.__delitem__(slice(_OURS + 2, None))))  # fmt: skip
_add("omspan-word", IKPA, "a word where there must be a score", "csv", _set(_OURS, 6, "baik"))
_add("omspan-score-changed", IKPA, "a score was changed by hand", "csv", _set(_OURS, 6, "50"))
_add("omspan-weight-changed", IKPA, "a weight was changed by hand", "csv",
     _set(_OURS + 1, 6, "12"))  # fmt: skip
_add("omspan-without-us", IKPA, "our satker is not in the report", "csv",
     _report(lambda cells: cells.__delitem__(slice(_OURS, _OURS + 4))))  # fmt: skip
_add("omspan-other-month", IKPA, "the report of September, laid for August", "csv",
     lambda: sample_bytes(IKPA), period="2024-08")  # fmt: skip
_add("omspan-other-rules", IKPA, "a report by the rules of 2023, laid for 2024", "xlsx",
     lambda: sample_bytes(IKPA, "ok_2023.xlsx"), sample="ok_2023.xlsx", period="2024-11",
     )  # fmt: skip
_add("omspan-other-report", IKPA, "another table altogether", "csv", lambda: sample_bytes(USAGE))
_odd("omspan-utf-16", IKPA, "the report as UTF-16 with tabs", "csv",
     lambda: as_csv(grid(IKPA), "\t", "utf-16"))  # fmt: skip
_odd("omspan-other-satker-wrong", IKPA, "a figure of another satker does not add up", "csv",
     _set(8, 6, "50"))  # fmt: skip
_add("omspan-cut-zip", IKPA, "a download that stopped half way", "xlsx",
     lambda: (of := sample_bytes(IKPA, "ok.xlsx"))[: len(of) // 2])  # fmt: skip


def _pull(change: Callable[[bytes], bytes] = lambda content: content) -> Callable[[], bytes]:
    return lambda: change(as_ndjson(grid(REGULATION)))


_odd("pull", REGULATION, "the rows as NDJSON", "ndjson", _pull())
_odd("pull-blank-lines", REGULATION, "NDJSON with blank lines between", "ndjson",
     _pull(lambda content: content.replace(b"\n", b"\r\n\n")))  # fmt: skip
_add("pull-empty", REGULATION, "NDJSON of no bytes", "ndjson", lambda: b"")
_add("pull-cut", REGULATION, "NDJSON that stops within a row", "ndjson",
     _pull(lambda content: content[:-30]))  # fmt: skip
_add("pull-array", REGULATION, "a JSON array and no NDJSON", "ndjson",
     _pull(lambda content: b"[" + b",".join(content.splitlines()) + b"]"))  # fmt: skip
_add("pull-error-page", REGULATION, "a page that tells of an error", "ndjson",
     lambda: b"<html><body>502 Bad Gateway</body></html>")  # fmt: skip
_add("pull-other-keys", REGULATION, "a row with another key", "ndjson",
     _pull(lambda content: content.replace(b'"Judul": "Instrumen contoh nomor 7"',
                                           b'"Nama": "Instrumen contoh nomor 7"')),
     )  # fmt: skip
_add("pull-nested", REGULATION, "an object within a row", "ndjson",
     _pull(lambda content: content.replace(b'"Instrumen contoh nomor 7"', b'{"a": 1}')),
     )  # fmt: skip
_add("pull-nul", REGULATION, "the escape of NUL in a title", "ndjson",
     _pull(lambda content: content.replace(b"contoh nomor 7", b"contoh\\u0000nomor 7")),
     )  # fmt: skip
_add("pull-latin", REGULATION, "NDJSON that is not UTF-8", "ndjson",
     _pull(lambda content: content.replace(b"contoh nomor 7", b"contoh \x96 nomor 7")),
     )  # fmt: skip


def write_all(folder: Path, seed: str = SEED) -> None:
    """Write every file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        (folder / kind.file_name).write_bytes(kind.content(seed))
