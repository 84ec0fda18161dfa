"""Readers: every cell of a workbook or csv as text, with its sheet and its row number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from flows.landing.readers import csv_dialect
from flows.landing.readers.csv_reader import CSV_SHEET, from_csv
from flows.landing.readers.file_guards import Shape, Unreadable, csv_encoding, shape
from flows.landing.readers.found_heading import (
    HEADER_ROWS,
    above,
    find_heading,
    heading_row,
    headings_carried,
)
from flows.landing.readers.table_piece import piece, refuse_wrong_totals
from flows.landing.readers.tables import Grid, Note, Table
from flows.landing.readers.workbook_reader import chosen_grid
from schemas.source import Source
from transforms.files.totals import Totals


def read_tables(
    file: Path, name: str, source: Source, given: Mapping[str, str] | None = None
) -> Iterator[Table]:
    """Read a file that holds one table under one heading, in pieces where it is a csv.

    `given` holds the text of columns that the file does not have, the same in every row. Where
    only a few columns of the heading do not fit, the pieces are given all the same, so that what
    is wrong with the rows is told together with it.

    Raises:
        Unreadable: it is neither xlsx nor csv or unsafe, is empty, its heading does not fit, or a
            line of totals does not agree with the rows.
    """
    problems: tuple[Note, ...] = ()
    try:
        for table in _pieces_of(file, name, source, given or {}):
            problems = table.problems
            yield table
    except Unreadable as refusal:
        problems += refusal.problems
    if problems:
        raise Unreadable(*problems)


def _pieces_of(file: Path, name: str, source: Source, given: Mapping[str, str]) -> Iterator[Table]:
    if shape(file, name) is Shape.CSV:
        yield from _one_ahead(from_csv(file, source, given))
    else:
        yield from _from_grid(_source_sheet(file, source), source, given)


def _one_ahead(tables: Iterator[Table]) -> Iterator[Table]:
    """Give pieces in their order; a thread reads the next one meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as reading:
        coming = reading.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reading.submit(next, tables, None)
            yield table


def _from_grid(grid: Grid, source: Source, given: Mapping[str, str]) -> Iterator[Table]:
    heading = find_heading(grid.rows, source, given)
    body = grid.rows[heading.row + 1 :]
    text = pd.DataFrame(
        {
            name: pd.array([row[index] if index < len(row) else "" for row in body], dtype="str")
            for name, index in heading.read.items()
        },
        index=pd.RangeIndex(heading.row + 2, heading.row + 2 + len(body)),
    )
    summed = Totals(source)
    table = piece(grid.sheet, heading, text, source, [], summed)
    table.notes = [*grid.notes, *heading.notes]
    table.above = above(grid.rows, heading)
    yield table
    refuse_wrong_totals(summed)


def read_source_grid(file: Path, name: str, source: Source) -> tuple[Grid, int | None]:
    """Read the sheet that holds the table of a source, or a csv, whole.

    Returns it with the place of its heading, counted from 0.

    Raises:
        Unreadable: it cannot be opened, holds nothing, or several sheets could be meant.
    """
    if shape(file, name) is Shape.WORKBOOK:
        grid = _source_sheet(file, source)
    else:
        least = min(2, len(source.columns))
        grid = read_grid(file, name, lambda row: headings_carried(row, source) >= least)
    return grid, heading_row(grid.rows, source)


def _source_sheet(file: Path, source: Source) -> Grid:
    def rows_under_heading(grid: Grid) -> int:
        place = heading_row(grid.rows, source)
        return -1 if place is None else sum(map(bool, grid.rows[place + 1 :]))

    return chosen_grid(file, rows_under_heading)


def read_grid(file: Path, name: str, is_heading: Callable[[Sequence[str]], bool]) -> Grid:
    """Read the sheet of a workbook that has such a heading, or a csv, whole.

    Raises:
        Unreadable: it cannot be opened, or holds nothing.
    """

    def rows_under_heading(grid: Grid) -> int:
        places = [place for place, row in enumerate(grid.rows[:HEADER_ROWS]) if is_heading(row)]
        return sum(map(bool, grid.rows[places[0] + 1 :])) if places else -1

    if shape(file, name) is Shape.WORKBOOK:
        return chosen_grid(file, rows_under_heading)
    encoding = csv_encoding(file)
    text = file.read_bytes().decode(encoding)
    delimiter = csv_dialect.delimiter(
        csv_dialect.lines(text)[:HEADER_ROWS], lambda row: int(is_heading(row))
    )
    csv_dialect.refuse_open_quotes(file, encoding, delimiter)
    return _not_empty(Grid(CSV_SHEET, csv_dialect.csv_rows(text, delimiter)[0]))


def _not_empty(grid: Grid) -> Grid:
    if not any(cell.strip() for row in grid.rows for cell in row):
        raise Unreadable(("berkas_kosong", {}))
    return grid
