"""Csv reader: a csv of any size in pieces, and the number in the file of every row."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from flows.landing.readers import csv_dialect
from flows.landing.readers.csv_dialect import CHUNK_LOOK
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.found_heading import Heading, above, find_heading, headings_carried
from flows.landing.readers.table_piece import piece, refuse_wrong_totals
from flows.landing.readers.tables import Table
from schemas.source import Source
from transforms.files import totals
from transforms.files.totals import Totals

CHUNK_BYTES = 24 << 20  # of a csv at a time: about 200,000 survey answers
CSV_SHEET = "csv"
NO_ROWS = ("Empty CSV", "Could not skip initial")  # Arrow's words for a heading without rows


def from_csv(file: Path, source: Source, given: Mapping[str, str]) -> Iterator[Table]:
    """Read a csv in pieces; Arrow skips rows of another length and tells their numbers."""
    head, encoding = csv_dialect.head(file)
    delimiter = csv_dialect.delimiter(head, lambda row: headings_carried(row, source))
    rows, ends = csv_dialect.csv_rows("\n".join(head), delimiter)
    if not any(cell.strip() for row in rows for cell in row):
        raise Unreadable(("berkas_kosong", {}))
    heading = find_heading(rows, source, given)
    csv_dialect.refuse_open_quotes(file, encoding, delimiter)
    lines_above = ends[heading.row]  # Arrow skips lines; a cell may hold several
    summed = Totals(source, is_adding=_may_end_in_total(file, encoding, delimiter))

    def pieces() -> Iterator[Table]:
        return _csv_pieces(file, encoding, delimiter, heading, lines_above, source, summed)

    first = True
    for table in pieces():
        if first:
            table.notes, table.above, first = heading.notes, above(rows, heading), False
        yield table
    if summed.lines and not summed.is_adding:  # a line of totals far above the end: once more
        summed = Totals(source)
        for _ in pieces():
            pass
    refuse_wrong_totals(summed)


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
            text.index = pd.Index(numbers, dtype="int")
            ragged = [number for number in between if number > 0]
            yield piece(CSV_SHEET, heading, text, source, ragged, summed)
    except pa.ArrowInvalid as error:
        raise Unreadable(("berkas_rusak", {"sebab": str(error)})) from None


def _text_of(batch: pa.RecordBatch, heading: Heading) -> pd.DataFrame:
    arrow_text = pd.StringDtype("pyarrow", float("nan"))
    text: pd.DataFrame = batch.to_pandas(types_mapper={pa.string(): arrow_text}.get)
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


def _utf8(file: Path, encoding: str) -> pa.NativeFile | str:
    """Return what Arrow reads; it wants UTF-8 and skips a byte order mark itself."""
    if encoding == "utf-8-sig":
        return str(file)
    return pa.transcoding_input_stream(pa.input_stream(str(file)), encoding, "utf-8")
