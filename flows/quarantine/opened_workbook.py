"""The workbook that was sent, opened to be marked, where memory bears it."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path

import openpyxl
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from flows.landing.readers import workbook_parts
from flows.landing.readers.tables import Grid

MARKED_ROWS = 20_000  # openpyxl keeps a whole workbook in memory
MARKED_LINES = 10 * MARKED_ROWS  # of a csv, whose cells may hold several
EXPANDED_BYTES = 32 << 20
SPANNED_CELLS = 100_000  # it makes a cell of each that lies under others or is part of a link
WIDEST = 16_000  # columns; a sheet has 16,384, and two are ours
LONGEST_CELL = 32_766  # openpyxl cuts off what a cell cannot hold, and one sign may be added


def is_large(original: Path, name: str) -> bool:
    """Tell whether a workbook in memory would not bear the file.

    Raises:
        Unreadable: the workbook is not safe to open at all.
    """
    if name.lower().endswith(".csv"):
        with original.open("rb") as stream:
            lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
        return original.stat().st_size > EXPANDED_BYTES or lines > MARKED_LINES
    with zipfile.ZipFile(original) as parts:
        if sum(part.file_size for part in parts.infolist()) > EXPANDED_BYTES:
            return True
    return sum(sheet.spanned for sheet in workbook_parts.sheets(original)) > SPANNED_CELLS


def fits(grid: Grid) -> bool:
    """Tell whether a sheet holds all that the file does."""
    return len(grid.rows) <= MARKED_ROWS and all(
        len(row) <= WIDEST and max(map(len, row), default=0) <= LONGEST_CELL for row in grid.rows
    )


def opened(original: Path, name: str, grid: Grid) -> Workbook | None:
    """Return the workbook that was sent, or a csv as one; None where openpyxl cannot open it.

    It asks more of styles, charts and the like than what reads the cells does, and fails with
    whatever its parts raise.
    """
    if name.lower().endswith(".xlsx"):
        try:
            with original.open("rb") as stream, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that it drops an extension of drop-down lists
                return openpyxl.load_workbook(stream, data_only=True, keep_links=False)
        except OSError:
            raise
        except Exception:
            return None
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = grid.sheet
    for place, row in enumerate(grid.rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(place, column, ILLEGAL_CHARACTERS_RE.sub("", text))
                cell.data_type = "s"  # also where it begins like a formula
    return book


def show_what_was_read(sheet: Worksheet, heading: int, grid: Grid) -> None:
    """Put back what openpyxl leaves out though it was read: it would come back as empty.

    That is a formula that was never calculated, and a value that lies under merged cells.
    """
    for merged in list(sheet.merged_cells.ranges):
        if merged.max_row >= heading:
            sheet.unmerge_cells(merged.coord)
    for row, cells in enumerate(grid.rows[heading - 1 :], heading):
        for column, text in enumerate(cells, 1):
            if text and sheet.cell(row, column).value is None:
                sheet.cell(row, column).value = ILLEGAL_CHARACTERS_RE.sub("", text)
                sheet.cell(row, column).data_type = "s"
