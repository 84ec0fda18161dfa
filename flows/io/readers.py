"""Readers: every cell of a workbook or csv as text, with its sheet and its row number."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from python_calamine import CalamineError, CalamineWorkbook

from schemas.marking import LIST_SHEET, NOTE_HEADING, NUMBER_HEADING, restored, says_shifted
from schemas.source import Source

CHUNK_BYTES = 24 << 20  # of a csv at a time: about 200,000 survey answers
HEADER_ROWS = 30  # the heading stands among the first rows or nowhere
ZIP_MAGIC = b"PK\x03\x04"
CSV_SHEET = "csv"
NUMBERING = "#"
MARKS = "!"
CHUNK_LOOK = 1 << 16
NO_ROWS = ("Empty CSV", "Could not skip initial")  # Arrow's words for a heading without rows
TOTAL_WORDS = frozenset(
    {"TOTAL", "JUMLAH", "GRAND TOTAL", "SUB TOTAL", "SUBTOTAL", "RATA-RATA", "RERATA"}
)


class Unreadable(ValueError):
    """The file as a whole cannot be read: a rule of the catalogue and what fills its text."""

    def __init__(self, *problems: tuple[str, dict[str, str]]) -> None:
        """Keep all problems of the file, so that all are told at once."""
        super().__init__("; ".join(rule for rule, _ in problems))
        self.problems = problems


@dataclass(slots=True)
class Grid:
    """One sheet as it is: rows of text from row 1 on."""

    sheet: str
    rows: list[list[str]]


@dataclass(slots=True)
class Table:
    """A piece of a table under its heading.

    Attributes:
        sheet: the name of the sheet, `csv` for a csv.
        headings: as printed, by column name.
        text: one row per row of the file, columns by their name in the contract; blank and total
            rows are left out; the index is the row number in the file.
        ragged: row numbers whose number of cells differs from the heading's.
        marks: of a copy that an officer sent back, the numbers of its items, by row.
        problems: what is wrong with the heading; it is raised when all pieces have been given.
        lacking: the columns that cannot be judged, as the heading lacks them or has them twice.
    """

    sheet: str
    headings: dict[str, str]
    text: pd.DataFrame
    ragged: list[int] = field(default_factory=list)
    marks: dict[int, str] = field(default_factory=dict)
    problems: tuple[tuple[str, dict[str, str]], ...] = ()
    lacking: frozenset[str] = frozenset()


def read_tables(file: Path, name: str, source: Source) -> Iterator[Table]:
    """Read a file that holds one table under one heading, in pieces where it is a csv.

    Where only a few columns of the heading do not fit, the pieces are given all the same, so that
    what is wrong with the rows is told together with it.

    Raises:
        Unreadable: it is neither xlsx nor csv, is empty, or its heading does not fit.
    """
    problems: tuple[tuple[str, dict[str, str]], ...] = ()
    for table in _pieces_of(file, name, source):
        problems = table.problems
        yield table
    if problems:
        raise Unreadable(*problems)


def _pieces_of(file: Path, name: str, source: Source) -> Iterator[Table]:
    if _is_workbook(file, name):
        yield _from_grid(read_grid(file, name), source)
    else:
        yield from _one_ahead(_from_csv(file, source))


def read_grid(file: Path, name: str) -> Grid:
    """Read the first sheet of a workbook, or a csv, whole.

    Raises:
        Unreadable: it cannot be opened, or holds nothing.
    """
    if not _is_workbook(file, name):
        text = _decoded(file)
        rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text.splitlines()[:1])))
        return _not_empty(Grid(CSV_SHEET, rows))
    try:
        workbook = CalamineWorkbook.from_path(str(file))
        sheet = workbook.get_sheet_by_name(_first_sheet(workbook.sheet_names))
        cells = sheet.to_python(skip_empty_area=False)
        failed = _failed_formulas(file, sheet.name)
    except (CalamineError, StopIteration, OSError) as error:
        raise Unreadable(("berkas_rusak", {"sebab": str(error)})) from None
    rows = [[_text(cell) for cell in row] for row in cells]
    for (row, column), error in failed.items():
        rows[row][column] = error
    return _not_empty(Grid(sheet.name, rows))


def _first_sheet(names: Sequence[str]) -> str:
    """Return the first sheet that is not the list of our own."""
    return next(name for name in names if name != LIST_SHEET)


def _failed_formulas(file: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the formulas that failed (#N/A), by place from 0; calamine gives them as blank.

    Reading a workbook a second time is slow, so it is looked into only where it holds any.
    """
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(b't="e"' in archive.read(name) for name in names):
            return {}
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        return {
            (cell.row - 1, cell.column - 1): str(cell.value)
            for row in book[sheet].iter_rows()
            for cell in row
            if cell.data_type == "e"
        }
    finally:
        book.close()


def normalised_heading(text: str) -> str:
    """Return a heading in the form in which headings are compared."""
    return " ".join(text.replace("\n", " ").split()).upper().rstrip(".:*")


def _is_workbook(file: Path, name: str) -> bool:
    with file.open("rb") as stream:
        start = stream.read(4)
    ending = Path(name).suffix.lower()
    if not start:
        raise Unreadable(("berkas_kosong", {}))
    if ending == ".xlsx" and start == ZIP_MAGIC:
        return True
    if ending == ".csv" and b"\x00" not in start and start != ZIP_MAGIC:
        return False
    raise Unreadable(("bukan_xlsx_atau_csv", {"nama": name}))


def _not_empty(grid: Grid) -> Grid:
    if not any(cell.strip() for row in grid.rows for cell in row):
        raise Unreadable(("berkas_kosong", {}))
    return grid


def _text(cell: object) -> str:
    """Return a cell as text: a whole number without decimals, a date as ISO."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the columns of the contract stand under a heading.

    Attributes:
        row: its place, counted from 0.
        position: of each column of the contract.
        printed: the headings as they are written, by column name.
        numbering: of the column "No", which is no column of the contract.
        marks: of the numbers that a copy of ours carries.
        problems: what is wrong with the heading.
        lacking: the columns that cannot be judged, as the heading lacks them or has them twice.
    """

    row: int
    position: dict[str, int]
    printed: dict[str, str]
    numbering: int | None
    marks: int | None
    problems: tuple[tuple[str, dict[str, str]], ...]
    lacking: frozenset[str]

    @property
    def read(self) -> dict[str, int]:
        """Return the columns to read, with their places."""
        extra = {NUMBERING: self.numbering, MARKS: self.marks}
        return self.position | {name: at for name, at in extra.items() if at is not None}


def find_heading(rows: Sequence[Sequence[str]], source: Source) -> Heading:
    """Find the row that carries the most headings of the source, and refuse what does not fit."""
    known = {
        normalised_heading(heading): column.name
        for column in source.columns
        for heading in column.headings
    }
    matches = [sum(normalised_heading(cell) in known for cell in row) for row in rows[:HEADER_ROWS]]
    best = matches.index(max(matches)) if matches else 0
    if not matches or matches[best] < min(2, len(source.columns)):
        first = ", ".join(column.headings[0] for column in source.columns if column.required)
        raise Unreadable(("kepala_tidak_ditemukan", {"kolom": first}))
    return _checked_heading(best, rows[best], known, source)


def _checked_heading(
    row_number: int, row: Sequence[str], known: dict[str, str], source: Source
) -> Heading:
    ours = (NOTE_HEADING, NUMBER_HEADING)
    ignored = {normalised_heading(heading) for heading in (*source.ignored_headings, *ours)}
    ignored |= {"", "NO"}
    position: dict[str, int] = {}
    lacking = {column.name for column in source.columns if column.required}
    problems: list[tuple[str, dict[str, str]]] = []
    for index, cell in enumerate(row):
        heading = normalised_heading(cell)
        name = known.get(heading)
        if name is None:
            if heading not in ignored:
                problems.append(("kolom_tak_dikenal", {"kolom": cell.strip()}))
        elif name in position:
            problems.append(("kolom_ganda", {"kolom": cell.strip()}))
            lacking.add(name)
        else:
            position[name] = index
            lacking.discard(name)
    problems += [
        ("kolom_hilang", {"kolom": column.headings[0]})
        for column in source.columns
        if column.required and column.name not in position
    ]
    if problems and len(lacking) >= len(position):  # then it is perhaps another source's
        raise Unreadable(*problems)
    printed = {name: " ".join(row[index].split()) for name, index in position.items()}
    places = {normalised_heading(cell): place for place, cell in reversed(list(enumerate(row)))}
    marks = places.get(normalised_heading(NUMBER_HEADING))
    return Heading(
        row_number, position, printed, places.get("NO"), marks, tuple(problems), frozenset(lacking)
    )


def _from_grid(grid: Grid, source: Source) -> Table:
    heading = find_heading(grid.rows, source)
    body = grid.rows[heading.row + 1 :]
    text = pd.DataFrame(
        {
            name: pd.array([row[index] if index < len(row) else "" for row in body], dtype="str")
            for name, index in heading.read.items()
        },
        index=pd.RangeIndex(heading.row + 2, heading.row + 2 + len(body)),
    )
    return piece(grid.sheet, heading, text, source, [])


def _from_csv(file: Path, source: Source) -> Iterator[Table]:
    """Read a csv in pieces; Arrow skips rows of another length and tells their numbers."""
    head, encoding = _head(file)
    delimiter = _delimiter(head)
    written = csv.reader(io.StringIO("\n".join(head)), delimiter=delimiter)
    rows, ends = [], []
    for row in written:
        rows.append(row)
        ends.append(written.line_num)
    if not any(cell.strip() for row in rows for cell in row):
        raise Unreadable(("berkas_kosong", {}))
    heading = find_heading(rows, source)
    lines_above = ends[heading.row]  # Arrow skips lines; a cell may hold several
    skipped: list[int] = []

    def note(row: pacsv.InvalidRow) -> str:
        # A blank line is one empty cell to Arrow; it is no row, but it is counted as a line.
        # Arrow counts the rows that it was told to skip, so this is the number in the file.
        number = row.number - lines_above + heading.row + 1
        skipped.append(number if row.text.strip(delimiter + " \r\n") else -number)
        return "skip"

    width = len(rows[heading.row])
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
        yield piece(CSV_SHEET, heading, _no_rows(heading), source, [])
        return
    yield from _pieces(reader, heading, source, skipped)


def _pieces(
    reader: pacsv.CSVStreamingReader, heading: Heading, source: Source, skipped: list[int]
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
            yield piece(CSV_SHEET, heading, text, source, ragged)
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
    sheet: str, heading: Heading, text: pd.DataFrame, source: Source, ragged: list[int]
) -> Table:
    """Leave out blank and total rows, and add the columns that the file does not have."""
    marks: dict[int, str] = {}
    if MARKS in text:
        marked = text.pop(MARKS)
        marks = {int(row): mark for row, mark in marked[marked != ""].items()}
        text = text.map(restored)
        shifted = [row for row, mark in marks.items() if says_shifted(mark)]
        text = text.drop(index=shifted)
        ragged = sorted({*ragged, *shifted})
    stripped = text.apply(lambda column: column.str.strip())
    where = [*stripped.columns[:2], *stripped.columns.intersection([NUMBERING])]
    totals = stripped[where].apply(lambda column: column.str.upper().isin(TOTAL_WORDS))
    stripped = stripped.drop(columns=NUMBERING, errors="ignore")
    gone = totals.any(axis=1) | _is_blank(stripped)
    if gone.any():  # else the whole piece would be copied for nothing
        stripped = stripped[~gone]
    for column in source.columns:
        if column.name not in stripped:
            stripped[column.name] = pd.array([""] * len(stripped), dtype="str")
    return Table(
        sheet,
        heading.printed,
        stripped[[column.name for column in source.columns]],
        ragged,
        marks,
        heading.problems,
        heading.lacking,
    )


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
    encoding = _encoding(file)
    with file.open("rb") as stream:
        # The block may end within a character.
        return stream.read(CHUNK_LOOK).decode(encoding, "ignore").splitlines()[
            :HEADER_ROWS
        ], encoding


def _encoding(file: Path) -> str:
    """Return the encoding of a csv: UTF-8 when all of it is, else that of Windows.

    A long file may hold its first accent anywhere, so no part of it says what it is.
    """
    for encoding in ("utf-8-sig", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with file.open("rb") as stream:
                while block := stream.read(CHUNK_LOOK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable(("berkas_rusak", {"sebab": "huruf tidak terbaca"}))


def _decoded(file: Path) -> str:
    return file.read_bytes().decode(_encoding(file))


def _utf8(file: Path, encoding: str) -> pa.NativeFile | str:
    """Return what Arrow reads; it wants UTF-8 and skips a byte order mark itself."""
    if encoding == "utf-8-sig":
        return str(file)
    return pa.input_stream(io.BytesIO(file.read_bytes().decode(encoding).encode()))


def _delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter of a csv: a semicolon where Excel in Indonesian wrote it."""
    semicolons = sum(line.count(";") for line in lines)
    return ";" if semicolons > sum(line.count(",") for line in lines) else ","
