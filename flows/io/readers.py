"""Readers: every cell of a workbook or csv as text, with its sheet and its row number."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from python_calamine import CalamineError, CalamineWorkbook

from flows.io import workbook_parts
from flows.io.file_guards import Shape, Unreadable, csv_encoding, shape
from schemas.marking import LIST_SHEET, NUMBER_HEADING, restored, says_shifted
from schemas.source import Source
from transforms import totals
from transforms.headings import Headings, layouts, normalised_heading
from transforms.parse import tidy
from transforms.totals import Totals

CHUNK_BYTES = 24 << 20  # of a csv at a time: about 200,000 survey answers
HEADER_ROWS = 30  # the heading stands among the first rows or nowhere
CSV_SHEET = "csv"
LABEL, YEAR, MARKS, SATKER = "#", "#tahun", "#butir", "#satker"
CHUNK_LOOK = 1 << 16
DELIMITERS = (",", ";", "\t", "|")
NO_ROWS = ("Empty CSV", "Could not skip initial")  # Arrow's words for a heading without rows
EXPLANATION = "PETUNJUK"  # the sheet of our template that explains it
SHOWN_CELLS = 3
NUMBERED_COLUMNS = 3  # fewer may be figures

Note = tuple[str, dict[str, str]]
"""A rule of the catalogue that only tells, and what fills its text."""


@dataclass(slots=True)
class Grid:
    """One sheet as it is: rows of text from row 1 on; a row without any text is empty."""

    sheet: str
    rows: list[list[str]]
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A piece of a table under its heading.

    Attributes:
        sheet: the name of the sheet, `csv` for a csv.
        headings: as printed, by column name.
        text: one row per row of the file, columns by their name in the contract; blank rows and,
            but for NDJSON, lines of totals are left out; the index is the row number in the file.
        ragged: row numbers whose number of cells differs from the heading's.
        notes: what the officer is told although it refuses nothing.
        above: the lines above the heading, in the first piece.
        years: what stands in the column that must say the period's year.
        marks: of a copy that an officer sent back, the numbers of its items, by row.
        problems: what is wrong with the heading; it is raised when all pieces have been given.
        lacking: the columns that cannot be judged, as the heading lacks them or has them twice.
        satkers: of which satker each row is, as it is written; None where no column says it.
    """

    sheet: str
    headings: dict[str, str]
    text: pd.DataFrame
    ragged: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    years: set[str] = field(default_factory=set)
    marks: dict[int, str] = field(default_factory=dict)
    problems: tuple[Note, ...] = ()
    lacking: frozenset[str] = frozenset()
    satkers: pd.Series[str] | None = None


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
        yield from _one_ahead(_from_csv(file, source, given))
    else:
        yield from _from_grid(_source_sheet(file, source), source, given)


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
        grid = read_grid(file, name, lambda row: _matches(row, source) >= least)
    return grid, _heading_row(grid.rows, source)


def _source_sheet(file: Path, source: Source) -> Grid:
    def rows_under_heading(grid: Grid) -> int:
        place = _heading_row(grid.rows, source)
        return -1 if place is None else sum(map(bool, grid.rows[place + 1 :]))

    return _chosen_grid(file, rows_under_heading)


def read_grid(file: Path, name: str, is_heading: Callable[[Sequence[str]], bool]) -> Grid:
    """Read the sheet of a workbook that has such a heading, or a csv, whole.

    Raises:
        Unreadable: it cannot be opened, or holds nothing.
    """

    def rows_under_heading(grid: Grid) -> int:
        places = [place for place, row in enumerate(grid.rows[:HEADER_ROWS]) if is_heading(row)]
        return sum(map(bool, grid.rows[places[0] + 1 :])) if places else -1

    if shape(file, name) is Shape.WORKBOOK:
        return _chosen_grid(file, rows_under_heading)
    encoding = csv_encoding(file)
    text = file.read_bytes().decode(encoding)
    delimiter = _delimiter(_lines(text)[:HEADER_ROWS], lambda row: int(is_heading(row)))
    _refuse_open_quotes(file, encoding, delimiter)
    return _not_empty(Grid(CSV_SHEET, _csv_rows(text, delimiter)[0]))


def _csv_rows(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the rows of the start of a csv and the number of the line in which each ends."""
    rows, ends = [], []
    written = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in written:
            rows.append(row)
            ends.append(written.line_num)
    except csv.Error as error:
        raise Unreadable(("berkas_rusak", {"sebab": str(error)})) from None
    return rows, ends


def _lines(text: str) -> list[str]:
    """Return the lines of a csv; page breaks and Unicode's line separators end none."""
    return [line.rstrip("\n") for line in io.StringIO(text, newline=None)]


def _refuse_open_quotes(file: Path, encoding: str, delimiter: str) -> None:
    """Refuse a csv in which a quotation mark is not closed where the cell ends.

    Whoever reads on takes the rows up to the next mark, or to the end, for the text of one cell.
    """
    if not _has_quotes(file):
        return
    before = 0
    with file.open(encoding=encoding, newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            for _ in rows:
                before = rows.line_num
        except csv.Error:
            cause = f"tanda kutip pada baris {before + 1} tidak ditutup"
            raise Unreadable(("berkas_rusak", {"sebab": cause})) from None


def _has_quotes(file: Path) -> bool:
    with file.open("rb") as stream:
        return any(b'"' in block for block in iter(lambda: stream.read(CHUNK_LOOK), b""))


# --- workbooks --------------------------------------------------------------------------------


def _chosen_grid(file: Path, rows_under_heading: Callable[[Grid], int]) -> Grid:
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
    shown = [(sheet, _grid(file, sheet)) for sheet in sheets if sheet.is_visible]
    counted = [(rows_under_heading(grid), sheet, grid) for sheet, grid in shown]
    filled = [(sheet, grid) for count, sheet, grid in counted if count > 0]
    headed = [(sheet, grid) for count, sheet, grid in counted if count >= 0]
    if len(filled) > 1:
        names = ", ".join(sheet.name for sheet, _ in filled)
        raise Unreadable(("beberapa_lembar", {"nilai": names}))
    if not headed:
        for sheet in sheets:
            if not sheet.is_visible and rows_under_heading(_grid(file, sheet)) >= 0:
                raise Unreadable(("hanya_lembar_tersembunyi", {"nilai": sheet.name}))
    if not shown:
        raise Unreadable(("berkas_kosong", {}))
    chosen, grid = (filled or headed or shown)[0]
    unread = [
        sheet.name
        for sheet in sheets
        if sheet is not chosen and sheet.name.strip().upper() != EXPLANATION
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
    for (row, column), error in sheet.failed.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = error
    return Grid(sheet.name, rows)


def _not_empty(grid: Grid) -> Grid:
    if not any(cell.strip() for row in grid.rows for cell in row):
        raise Unreadable(("berkas_kosong", {}))
    return grid


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


# --- headings ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the columns of the contract stand under a heading.

    Attributes:
        row: its place, counted from 0.
        width: how many cells it has.
        position: of each column of the contract.
        printed: the headings as they are written, by column name.
        label: the place of what numbers or names the rows, and is no column of the contract.
        year: the place of the column that must say the period's year.
        satker: the place of the column that says of which satker a row is.
        given: the value of columns that the file does not have.
        notes: what the officer is told.
        marks: the place of the numbers that a copy of ours carries.
        problems: what is wrong with the heading.
        lacking: the columns that cannot be judged, as the heading lacks them or has them twice.
    """

    row: int
    width: int
    position: dict[str, int]
    printed: dict[str, str]
    label: int | None
    year: int | None
    satker: int | None
    given: dict[str, str]
    notes: list[Note]
    marks: int | None
    problems: tuple[Note, ...]
    lacking: frozenset[str]

    @property
    def read(self) -> dict[str, int]:
        """Return the columns to read, with their places."""
        extra = {
            LABEL: self.label,
            YEAR: self.year,
            MARKS: self.marks,
            SATKER: self.satker,
        }
        return self.position | {name: at for name, at in extra.items() if at is not None}


def _heading_row(rows: Sequence[Sequence[str]], source: Source) -> int | None:
    """Return the place of the row that carries the most headings of the source, if any."""
    matches = [_matches(row, source) for row in rows[:HEADER_ROWS]]
    best = max(matches, default=0)
    return matches.index(best) if best >= min(2, len(source.columns)) else None


def find_heading(
    rows: Sequence[Sequence[str]], source: Source, given: Mapping[str, str] | None = None
) -> Heading:
    """Find the row of headings and what does not fit, and refuse one of which too much does not."""
    _refuse_aggregate(rows[:HEADER_ROWS], source)
    place = _heading_row(rows, source)
    if place is None:
        first = ", ".join(column.headings[0] for column in source.columns if column.required)
        raise Unreadable(("kepala_tidak_ditemukan", {"kolom": first}))
    ways = [
        _checked_heading(place, rows[place], way, given or {})
        for way in layouts(source, rows[place])
    ]
    fitting = [heading for heading in ways if not heading.problems]
    # Told is what is wrong with the layout that it comes nearest to.
    nearest = min(reversed(ways), key=lambda heading: len(heading.problems))
    if not fitting and len(nearest.lacking) >= len(nearest.position):
        raise Unreadable(*nearest.problems)  # it is perhaps another source's
    return fitting[0] if fitting else nearest


def _refuse_aggregate(rows: Sequence[Sequence[str]], source: Source) -> None:
    if not source.aggregates:
        return
    cells = {normalised_heading(cell) for row in rows for cell in row}
    for aggregate in source.aggregates:
        if all(any(cell.startswith(mark) for cell in cells) for mark in aggregate.marks):
            facts = {"nilai": aggregate.title, "aturan": aggregate.wanted}
            raise Unreadable(("hanya_rekap", facts))


def _checked_heading(
    row_number: int, row: Sequence[str], way: Headings, given: Mapping[str, str]
) -> Heading:
    source = way.source
    position: dict[str, int] = {}
    doubled: set[str] = set()
    problems: list[Note] = []
    notes: list[Note] = []
    year = satker = None
    for index, cell in enumerate(row):
        name = way.column(cell)
        if name is None:
            if normalised_heading(cell) in map(normalised_heading, source.year_headings):
                year = index
            elif normalised_heading(cell) in map(normalised_heading, source.satker_headings):
                if satker is not None:
                    problems.append(("kolom_ganda", {"kolom": tidy(cell)}))
                satker = index
            elif way.is_told(cell):
                notes.append(("kolom_tidak_dibaca", {"kolom": cell.strip()}))
            elif not way.is_ignored(cell):
                problems.append(("kolom_tak_dikenal", {"kolom": tidy(cell)}))
        elif name in position:
            problems.append(("kolom_ganda", {"kolom": tidy(cell)}))
            doubled.add(name)
        else:
            position[name] = index
    problems += _missing(way, position, given)
    notes += [
        ("nilai_diberikan", {"kolom": source.column(name).headings[0], "nilai": value})
        for name, value in given.items()
    ]
    named = position if satker is None else position | {SATKER: satker}
    printed = {name: " ".join(row[index].split()) for name, index in named.items()}
    places = {normalised_heading(cell): place for place, cell in reversed(list(enumerate(row)))}
    is_free = 0 not in (year, satker, *position.values())
    lacking = {column.name for column in source.columns if column.required}
    return Heading(
        row_number,
        len(row),
        position,
        printed,
        places.get("NO", 0 if is_free else None),
        year,
        satker,
        dict(given),
        notes,
        places.get(normalised_heading(NUMBER_HEADING)),
        tuple(problems),
        frozenset(lacking - position.keys() - given.keys() | doubled),
    )


def _missing(
    way: Headings, position: Mapping[str, int], given: Mapping[str, str]
) -> Iterator[Note]:
    """Give what is missing, and what was given although the file has it."""
    for column in way.source.columns:
        heading = column.headings[0]
        if column.name in position:
            if column.name in given:
                yield "kolom_sudah_ada", {"kolom": heading, "nilai": given[column.name]}
        elif column.name in given:
            continue
        elif column.name in way.source.given and (column.required or way.layout):
            title = way.layout.title if way.layout else "berkas ini"
            yield "nilai_belum_diberikan", {"kolom": heading, "nilai": title}
        elif not way.may_lack(column):
            yield "kolom_hilang", {"kolom": heading}


# --- tables -----------------------------------------------------------------------------------


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
    table.above = _above(grid.rows, heading)
    yield table
    _refuse_wrong_totals(summed)


def _above(rows: Sequence[Sequence[str]], heading: Heading) -> list[str]:
    return [cell for row in rows[: heading.row] for cell in row if cell.strip()]


def _refuse_wrong_totals(summed: Totals) -> None:
    if problems := summed.problems():
        raise Unreadable(*problems)


def _from_csv(file: Path, source: Source, given: Mapping[str, str]) -> Iterator[Table]:
    """Read a csv in pieces; Arrow skips rows of another length and tells their numbers."""
    head, encoding = _head(file)
    delimiter = _delimiter(head, lambda row: _matches(row, source))
    rows, ends = _csv_rows("\n".join(head), delimiter)
    if not any(cell.strip() for row in rows for cell in row):
        raise Unreadable(("berkas_kosong", {}))
    heading = find_heading(rows, source, given)
    _refuse_open_quotes(file, encoding, delimiter)
    lines_above = ends[heading.row]  # Arrow skips lines; a cell may hold several
    summed = Totals(source, is_adding=_may_end_in_total(file, encoding, delimiter))

    def pieces() -> Iterator[Table]:
        return _csv_pieces(file, encoding, delimiter, heading, lines_above, source, summed)

    first = True
    for table in pieces():
        if first:
            table.notes, table.above, first = heading.notes, _above(rows, heading), False
        yield table
    if summed.lines and not summed.is_adding:  # a line of totals far above the end: once more
        summed = Totals(source)
        for _ in pieces():
            pass
    _refuse_wrong_totals(summed)


def _may_end_in_total(file: Path, encoding: str, delimiter: str) -> bool:
    """Tell whether the last lines of the file may hold a total, so that its rows are added up."""
    with file.open("rb") as stream:
        if encoding == "utf-16":  # far from the mark at its start, the tail must be told the order
            is_big_endian = stream.read(2) == codecs.BOM_UTF16_BE
            encoding = "utf-16-be" if is_big_endian else "utf-16-le"
        place = max(0, file.stat().st_size - CHUNK_LOOK)
        stream.seek(place + place % 2)
        tail = stream.read().decode(encoding, "ignore")
    return totals.tail_has_total(tail.splitlines(), delimiter)


def _csv_pieces(
    file: Path,
    encoding: str,
    delimiter: str,
    heading: Heading,
    lines_above: int,
    source: Source,
    summed: Totals,
) -> Iterator[Table]:
    skipped: list[int] = []

    def note(row: pacsv.InvalidRow) -> str:
        # A blank line is one empty cell to Arrow; it is no row, but it is counted as a line.
        # Arrow counts the rows that it was told to skip, so this is the number in the file.
        number = row.number - lines_above + heading.row + 1
        skipped.append(number if row.text.strip(delimiter + " \r\n") else -number)
        return "skip"

    width = heading.width
    names = [f"c{index}" for index in range(width)]
    try:
        reader = pacsv.open_csv(
            _utf8(file, encoding),
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=CHUNK_BYTES,
                skip_rows=lines_above,
                column_names=names,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=width == 1,
                invalid_row_handler=note,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                strings_can_be_null=False,
                include_columns=[f"c{index}" for index in heading.read.values()],
            ),
        )
    except pa.ArrowInvalid as error:
        if not any(said in str(error) for said in NO_ROWS):
            raise Unreadable(("berkas_rusak", {"sebab": str(error)})) from None
        yield piece(CSV_SHEET, heading, _no_rows(heading), source, [], summed)
        return
    yield from _pieces(reader, heading, source, skipped, summed)


def _pieces(
    reader: pacsv.CSVStreamingReader,
    heading: Heading,
    source: Source,
    skipped: list[int],
    summed: Totals,
) -> Iterator[Table]:
    """Turn Arrow's batches into tables; row numbers count the skipped rows between them."""
    line = heading.row + 1  # the last row given so far, counted from 1
    gone: list[int] = []  # Arrow may tell of a skipped row long before it gives the rows before it
    try:
        for batch, between in _batches(reader, skipped):
            gone = sorted({*gone, *map(abs, between)})
            numbers = _numbers(line, 0 if batch is None else len(batch), gone)
            line = numbers[-1] if numbers else line
            text = _no_rows(heading) if batch is None else _text_of(batch, heading)
            text.index = pd.Index(numbers, dtype="int64")
            ragged = [number for number in between if number > 0]
            yield piece(CSV_SHEET, heading, text, source, ragged, summed)
    except pa.ArrowInvalid as error:
        raise Unreadable(("berkas_rusak", {"sebab": str(error)})) from None


def _text_of(batch: pa.RecordBatch, heading: Heading) -> pd.DataFrame:
    text = batch.to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow", float("nan"))}.get)
    text.columns = pd.Index(list(heading.read))
    return text


def _batches(
    reader: pacsv.CSVStreamingReader, skipped: list[int]
) -> Iterator[tuple[pa.RecordBatch | None, list[int]]]:
    """Give each batch with the rows skipped since the one before.

    Arrow has read into the file before it is asked, so rows are counted as skipped from the first
    on; those after the last batch come with None, and so does a file without rows.
    """
    told = 0
    is_first = True
    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            batch = None
        between, told = skipped[told:], len(skipped)
        if batch is not None or is_first or between:
            yield batch, between
        if batch is None:
            return
        is_first = False


def _one_ahead(tables: Iterator[Table]) -> Iterator[Table]:
    """Give pieces in their order; a thread reads the next one meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as reading:
        coming = reading.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reading.submit(next, tables, None)
            yield table


def _numbers(after: int, count: int, gone: list[int]) -> Sequence[int]:
    """Return the next `count` row numbers after `after`, leaving out those in `gone`."""
    if not gone:
        return range(after + 1, after + 1 + count)
    left_out = set(gone)
    numbers: list[int] = []
    number = after
    while len(numbers) < count:
        number += 1
        if number not in left_out:
            numbers.append(number)
    return numbers


def _no_rows(heading: Heading) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array([], dtype="str") for name in heading.read})


def piece(
    sheet: str,
    heading: Heading,
    text: pd.DataFrame,
    source: Source,
    ragged: list[int],
    summed: Totals | None = None,
) -> Table:
    """Leave out blank rows, and add the columns that the file does not have.

    Lines of totals are left out too, where there is somebody to compare them with the rows.
    """
    marks: dict[int, str] = {}
    if MARKS in text:
        marked = text.pop(MARKS)
        marks = {int(row): mark for row, mark in marked[marked != ""].items()}
        text = text.map(restored)
        shifted = [row for row, mark in marks.items() if says_shifted(mark)]
        text = text.drop(index=shifted)
        ragged = sorted({*ragged, *shifted})
    stripped = text.apply(lambda column: column.str.strip())
    stripped = _after_numbers(stripped, heading)
    is_total = _are_totals(stripped, summed)
    lines = stripped[is_total]
    years = set(stripped.loc[~is_total, YEAR].unique()) if YEAR in stripped else set()
    satkers = stripped.get(SATKER)
    stripped = stripped[[name for name in stripped if name in heading.position]]
    gone = is_total | _is_blank(stripped)
    if gone.any():  # else the whole piece would be copied for nothing
        stripped = stripped[~gone]
    if summed is not None:
        summed.add_rows(stripped)
        summed.lines += [_line(row, cells) for row, cells in lines.iterrows()]
    for column in source.columns:
        if column.name not in stripped:
            value = heading.given.get(column.name, "")
            stripped[column.name] = pd.array([value] * len(stripped), dtype="str")
    return Table(
        sheet,
        heading.printed,
        stripped[[column.name for column in source.columns]],
        ragged,
        years=years,
        marks=marks,
        problems=heading.problems,
        lacking=heading.lacking,
        satkers=None if satkers is None else satkers[~gone],
    )


def _are_totals(text: pd.DataFrame, summed: Totals | None) -> pd.Series[bool]:
    """Tell which rows begin with a word of totals; none where nobody compares them."""
    if summed is None:
        return pd.Series(False, index=text.index)
    where = [*text.columns[:2], *text.columns.intersection([LABEL, SATKER])]
    words = text[where].apply(lambda column: totals.words_of(column).isin(totals.WORDS))
    return words.any(axis=1)


def _after_numbers(text: pd.DataFrame, heading: Heading) -> pd.DataFrame:
    """Leave out the line that numbers the columns (1, 2, 3, ...), right under the heading."""
    if text.empty or len(heading.position) < NUMBERED_COLUMNS or text.index[0] != heading.row + 2:
        return text
    numbers = [cell.strip("()") for cell in text.iloc[0]]
    places = [str(heading.read[name] + 1) for name in text]
    return text.iloc[1:] if numbers == places else text


def _line(row: object, cells: pd.Series) -> tuple[int, totals.Line, dict[str, str]]:
    word = next(word for word in totals.words_of(cells) if word in totals.WORDS)
    written = {name: cell for name, cell in cells.items() if name[0] != LABEL and cell}
    return int(str(row)), totals.WORDS[word], written


# --- csv --------------------------------------------------------------------------------------


def _is_blank(text: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows hold nothing; few columns need looking at, as hardly any cell is empty."""
    blank = pd.Series(True, index=text.index)
    for name in text:
        blank &= text[name] == ""
        if not blank.any():
            break
    return blank


def _head(file: Path) -> tuple[list[str], str]:
    """Return the first lines of a csv and its encoding."""
    encoding = csv_encoding(file)
    with file.open("rb") as stream:
        # The block may end within a character.
        head = _lines(stream.read(CHUNK_LOOK).decode(encoding, "ignore"))
    return head[:HEADER_ROWS], encoding


def _utf8(file: Path, encoding: str) -> pa.NativeFile | str:
    """Return what Arrow reads; it wants UTF-8 and skips a byte order mark itself."""
    if encoding == "utf-8-sig":
        return str(file)
    return pa.transcoding_input_stream(pa.input_stream(str(file)), encoding, "utf-8")


def _matches(row: Sequence[str], source: Source) -> int:
    """Return how many headings of the source, in one layout, a row carries."""
    ways = [Headings(source), *(Headings(source, other) for other in source.other_layouts)]
    return max(sum(way.column(cell) is not None for cell in row) for way in ways)


def _delimiter(lines: Sequence[str], matches: Callable[[Sequence[str]], int]) -> str:
    """Return the delimiter of a csv: the one under which a line carries the most headings.

    Where none does, the one that occurs most: a semicolon where Excel in Indonesian wrote it.
    """

    def fits(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(lines, delimiter=delimiter)
        try:
            best = max(map(matches, rows), default=0)
        except csv.Error:
            best = 0
        return best, sum(line.count(delimiter) for line in lines)

    return max(DELIMITERS, key=fits)
