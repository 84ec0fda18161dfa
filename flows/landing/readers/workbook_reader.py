"""Workbook reader: the one sheet of a workbook that is meant, every cell as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from flows.landing.readers import workbook_parts
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.tables import Grid
from schemas.marking import LIST_SHEET

EXPLANATION = "Petunjuk"  # the sheet of our template that explains it
EXPLAINED = ["Judul kolom", "Boleh kosong", "Diisi dengan"]
"""The headings of that sheet. Under them stand the headings of the source, which make no table."""
SHOWN_CELLS = 3


def chosen_grid(file: Path, rows_under_heading: Callable[[Grid], int]) -> Grid:
    """Return the one sheet to read: the visible one that has the heading, and rows under it.

    Hidden sheets are never read. That other sheets are not read is told.

    Raises:
        Unreadable: two visible sheets could be meant, or only a hidden one.
    """
    sheets = [
        sheet
        for sheet in workbook_parts.sheets(file)
        if not sheet.is_empty and sheet.name != LIST_SHEET
    ]
    if not sheets:
        raise Unreadable(("berkas_kosong", {}))

    def counted_rows(grid: Grid) -> int:
        return -1 if _explains(grid) else rows_under_heading(grid)

    shown = [(sheet, _grid(file, sheet)) for sheet in sheets if sheet.is_visible]
    counted = [(counted_rows(grid), sheet, grid) for sheet, grid in shown]
    filled = [(sheet, grid) for count, sheet, grid in counted if count > 0]
    headed = [(sheet, grid) for count, sheet, grid in counted if count >= 0]
    if len(filled) > 1:
        names = ", ".join(sheet.name for sheet, _ in filled)
        raise Unreadable(("beberapa_lembar", {"nilai": names}))
    if not headed:
        for sheet in sheets:
            if not sheet.is_visible and counted_rows(_grid(file, sheet)) >= 0:
                raise Unreadable(("hanya_lembar_tersembunyi", {"nilai": sheet.name}))
    if not shown:
        raise Unreadable(("berkas_kosong", {}))
    chosen, grid = (filled or headed or shown)[0]
    unread = [
        sheet.name
        for sheet in sheets
        if sheet is not chosen and sheet.name.strip().upper() != EXPLANATION.upper()
    ]
    if unread:
        grid.notes.append(("lembar_tidak_dibaca", {"nilai": ", ".join(unread)}))
    if chosen.formulas:
        more = "" if len(chosen.formulas) <= SHOWN_CELLS else ", …"
        cells = ", ".join(chosen.formulas[:SHOWN_CELLS]) + more
        grid.notes.append(
            ("rumus_dibaca_nilai", {"nilai": str(len(chosen.formulas)), "aturan": cells})
        )
    return grid


def _explains(grid: Grid) -> bool:
    return any(row[: len(EXPLAINED)] == EXPLAINED for row in grid.rows)


def _grid(file: Path, sheet: workbook_parts.Sheet) -> Grid:
    """Read the cells of a sheet; a formula that failed is not the blank that calamine gives."""
    try:
        workbook = CalamineWorkbook.from_path(str(file))
        cells = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise Unreadable(("berkas_rusak", {"sebab": str(error)})) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust; it is no Exception
            raise
        raise Unreadable(("berkas_rusak", {"sebab": "isinya tidak wajar"})) from None
    rows = [[_text(cell) for cell in row] if row.count("") < len(row) else [] for row in cells]
    for (row, column), failed in sheet.failed.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = failed
    return Grid(sheet.name, rows)


def _text(cell: object) -> str:
    """Return a cell as text: a whole number without decimals, a date as ISO."""
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
