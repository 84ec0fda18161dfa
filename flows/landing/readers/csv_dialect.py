"""Csv dialect: the encoding, lines, delimiter and quotation marks of a csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from flows.landing.readers.file_guards import Unreadable, csv_encoding
from flows.landing.readers.found_heading import HEADER_ROWS

CHUNK_LOOK = 1 << 16
DELIMITERS = (",", ";", "\t", "|")


def head(file: Path) -> tuple[list[str], str]:
    """Return the first lines of a csv and its encoding."""
    encoding = csv_encoding(file)
    with file.open("rb") as stream:
        # The block may end within a character.
        head = lines(stream.read(CHUNK_LOOK).decode(encoding, "ignore"))
    return head[:HEADER_ROWS], encoding


def lines(text: str) -> list[str]:
    """Return the lines of a csv; page breaks and Unicode's line separators end none."""
    return [line.rstrip("\n") for line in io.StringIO(text, newline=None)]


def delimiter(lines: Sequence[str], matches: Callable[[Sequence[str]], int]) -> str:
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


def csv_rows(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
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


def refuse_open_quotes(file: Path, encoding: str, delimiter: str) -> None:
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
