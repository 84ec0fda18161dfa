"""The marked copy: the workbook that was sent, its wrong cells coloured, each with what to do."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from flows.landing.readers import readers
from flows.landing.readers.file_guards import Unreadable
from flows.quarantine.opened_workbook import fits, is_large, opened, show_what_was_read
from schemas.marking import LIST_SHEET, NOTE_HEADING, NUMBER_HEADING, number, quieted, restored
from schemas.rejections.of_files import OF_THE_HEADING
from schemas.source import Source
from transforms.files.headings import Headings, layouts, normalised_heading

LISTED_ITEMS = 10_000

SHIFTED = "jumlah_sel_berbeda"

WRONG = PatternFill("solid", fgColor="FFC7CE")
NOTED = PatternFill("solid", fgColor="FFEB9C")
OURS = PatternFill("solid", fgColor="DDEBF7")
WRAPPED = Alignment(wrap_text=True, vertical="top")
LIST_HEADINGS = (
    ("Nomor", 10),
    ("Baris", 8),
    ("Kolom", 24),
    ("Akibat", 18),
    ("Apa yang salah", 70),
    ("Cara memperbaiki", 70),
)

Item = Mapping[str, Any]


def mark(original: Path, name: str, source: Source, items: Sequence[Item]) -> Workbook | None:
    """Return the file with the cells of its items marked, or None where it cannot be.

    Formulas give way to their stored values, and a text that a spreadsheet might take for a
    formula is put in quotation; the readers restore it in the copy that comes back.

    Args:
        original: the bytes as the archive keeps them.
        name: how the file was called.
        source: the card, for the headings.
        items: what `quarantine.of_load` tells of a load.
    """
    if not name.lower().endswith((".csv", ".xlsx")):
        return None
    try:
        if is_large(original, name):
            return None
        grid, place = readers.read_source_grid(original, name, source)
    except Unreadable:
        return None
    if place is None or not fits(grid):
        return None
    book = opened(original, name, grid)
    if book is None:
        return None
    sheet, heading = book[grid.sheet], place + 1
    show_what_was_read(sheet, heading, grid)
    is_copy = _as_heading(NUMBER_HEADING) in map(_as_heading, grid.rows[place])
    if is_copy:
        _forget_marks(sheet)
    for one in book.worksheets:
        _quiet(one, is_copy=is_copy and one is sheet)
    _mark_cells(sheet, heading, source, items)
    _write_notes(sheet, heading, items)
    return book


def add_list(book: Workbook, items: Sequence[Item], words: Sequence[str]) -> None:
    """Add the sheet that lists every item under a few words of explanation."""
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    sheet = book.create_sheet(LIST_SHEET)
    for line in words:
        sheet.append([line])
    sheet.cell(1, 1).font = Font(bold=True)
    sheet.append([])
    sheet.append([heading for heading, _ in LIST_HEADINGS])
    first = len(words) + 2  # asking the sheet for its last row takes longer with every row
    for place, (_, width) in enumerate(LIST_HEADINGS, 1):
        cell = sheet.cell(first, place)
        cell.font, cell.fill = Font(bold=True), OURS
        sheet.column_dimensions[cell.column_letter].width = width
    for row, item in enumerate(items[:LISTED_ITEMS], first + 1):
        told = (item["kolom"], item["akibat"], item["pesan"], item["petunjuk"])
        for place, value in enumerate((_number(item), item["baris"], *map(_safe, told)), 1):
            sheet.cell(row, place, value).alignment = WRAPPED
    untold = items[0]["semuanya"] - LISTED_ITEMS
    if untold > 0:
        sheet.append([f"... dan {untold} lagi."])


def save(book: Workbook, target: Path) -> None:
    """Write the workbook, readable by its owner only; it appears complete or not at all."""
    missing = [folder for folder in target.parents if not folder.exists()]
    for folder in reversed(missing):  # made with `parents`, those between would be open to all
        folder.mkdir(exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".tmp")  # made 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream, _drafts_in(target.parent):
            book.save(stream)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _drafts_in(folder: Path) -> Iterator[None]:
    """Let openpyxl write its drafts of sheets, which hold people, where people may be."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _forget_marks(sheet: Worksheet) -> None:
    """Take the colours of an earlier copy away; what is wrong now is coloured again."""
    ours = {fill.fgColor.rgb for fill in (WRONG, NOTED, OURS)}
    for cell in sheet._cells.values():
        if cell.fill.fgColor.rgb in ours:
            cell.fill = PatternFill()


def _quiet(sheet: Worksheet, *, is_copy: bool) -> None:
    """Put in quotation what might be taken for a formula; in a copy of ours much of it is."""
    sheet._hyperlinks.clear()  # type: ignore[attr-defined] # the stub leaves it out
    for cell in sheet._cells.values():  # asked for row by row, it makes all that are not there
        if isinstance(cell, Cell) and cell.data_type == "s":
            text = str(cell.value)
            cell.value = quieted(restored(text) if is_copy else text)
            cell.data_type = "s"


def _extent(sheet: Worksheet) -> tuple[int, int]:
    """Return the last row and the last column that hold something; formats reach far beyond."""
    filled = [cell for cell in sheet._cells.values() if cell.value is not None]
    return max(cell.row for cell in filled), max(cell.column for cell in filled)


def _mark_cells(sheet: Worksheet, heading: int, source: Source, items: Sequence[Item]) -> None:
    ways = layouts(source)
    _, end = _extent(sheet)
    printed: dict[str, list[int]] = defaultdict(list)
    meant: dict[str | None, list[int]] = defaultdict(list)
    for place in range(1, end + 1):
        text = str(sheet.cell(heading, place).value or "")
        printed[_as_heading(text)].append(place)
        meant[_meaning(ways, text)].append(place)
    for item in items:
        columns = printed.get(_as_heading(item["kolom"]), []) if item["kolom"] else []
        if not columns and item["aturan"] not in OF_THE_HEADING:
            name = _meaning(ways, item["kolom"])  # not every text of a file quotes its heading
            columns = meant[name] if name else []
        row = item["baris"] or heading
        if not columns and item["baris"]:
            columns = list(range(1, end + 1))  # the row as a whole
        for column in columns if not _is_waived(item) else ():
            fill = WRONG if item["akibat"] in ("baris ditolak", "berkas ditolak") else NOTED
            sheet.cell(row, column).fill = fill


def _as_heading(text: str) -> str:
    return normalised_heading(text.removeprefix("'"))


def _meaning(ways: Sequence[Headings], text: str) -> str | None:
    return next((name for way in ways if (name := way.column(text.removeprefix("'")))), None)


def _write_notes(sheet: Worksheet, heading: int, items: Sequence[Item]) -> None:
    """Write notes and numbers beside the rows, where an earlier copy had them or at the end."""
    last, end = _extent(sheet)
    headings = {
        _as_heading(str(sheet.cell(heading, place).value or "")): place
        for place in range(end, 0, -1)  # of two alike the reader takes the first
    }
    notes = headings.get(_as_heading(NOTE_HEADING), end + 1)
    numbers = headings.get(_as_heading(NUMBER_HEADING), end + 2)
    for row in range(heading + 1, last + 1):
        if notes <= end:
            sheet.cell(row, notes).value = None
        if numbers <= end:
            sheet.cell(row, numbers).value = None
    for column, text, width in ((notes, NOTE_HEADING, 70), (numbers, NUMBER_HEADING, 18)):
        cell = sheet.cell(heading, column, text)
        cell.font, cell.fill = Font(bold=True), OURS
        sheet.column_dimensions[cell.column_letter].width = width
    by_row: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item["baris"]:
            by_row[item["baris"]].append(item)
    for row, told in by_row.items():
        note = sheet.cell(row, notes, _safe("\n".join(map(_note, told))))
        note.alignment, note.fill = WRAPPED, OURS
        sheet.cell(row, numbers, " ".join(map(_number, told))).fill = OURS


def _is_waived(item: Item) -> bool:
    """Tell whether an item only has its number in the copy, by which it stays waived."""
    return item["alasan"] is not None


def _note(item: Item) -> str:
    if _is_waived(item):
        return f"{item['pesan']} Dikecualikan oleh {item['ditutup_oleh']}: {item['alasan']}"
    text = f"{item['pesan']} {item['petunjuk']}"
    if item["aturan"] == SHIFTED:
        text += f" Sesudah dibetulkan, hapus {_number(item)} dari kolom {NUMBER_HEADING}."
    return text


def _number(item: Item) -> str:
    return number(item["butir"], is_shifted=item["aturan"] == SHIFTED)


def _safe(text: str) -> str:
    """Return a text that a cell can hold and that no spreadsheet takes for a formula."""
    return quieted(ILLEGAL_CHARACTERS_RE.sub("", text))
