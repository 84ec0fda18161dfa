"""NDJSON: what a web service or a database gave, one JSON object a row, read like a csv.

The keys of the first row are the headings; numbers are read as the digits that stand there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.found_heading import Heading, find_heading
from flows.landing.readers.table_piece import piece
from flows.landing.readers.tables import Table
from schemas.source import Source

ENDING = ".ndjson"
SHEET = "ndjson"
CHUNK_ROWS = 100_000
LONGEST_LINE = 1 << 20


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=_no_number
)

Pairs = tuple[tuple[str, Any], ...]


def read_tables(
    file: Path, source: Source, given: Mapping[str, str] | None = None
) -> Iterator[Table]:
    """Read the rows in pieces; the number of a row is that of its line.

    `given` holds the text of columns that the rows do not have, the same in every row.

    Raises:
        Unreadable: it is empty, its keys do not fit the source, or a line is no row like the
            first one.
    """
    heading: Heading | None = None
    keys: tuple[str, ...] = ()
    rows: list[Sequence[str]] = []
    numbers: list[int] = []
    for number, line in _lines(file):
        pairs = _pairs(line, number)
        if heading is None:
            keys = tuple(key for key, _ in pairs)
            heading = find_heading([keys], source, given)
            if heading.problems:  # nobody mends the keys of a service row by row
                raise Unreadable(*heading.problems)
        rows.append(_cells(pairs, keys, number))
        numbers.append(number)
        if len(rows) == CHUNK_ROWS:
            yield _table(heading, rows, numbers, source)
            rows, numbers = [], []
            heading = replace(heading, notes=[])  # told with the first piece
    if heading is None:
        raise Unreadable(("berkas_kosong", {}))
    yield _table(heading, rows, numbers, source)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    with file.open("rb") as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise _broken(number, "barisnya terlalu panjang")
            if line.strip():
                try:
                    yield number, line.decode()
                except UnicodeDecodeError:
                    raise _broken(number, "hurufnya bukan UTF-8") from None


def _pairs(line: str, number: int) -> Pairs:
    """Return the keys and values of a line as they stand there, a key that comes twice too."""
    try:
        pairs = DECODER.decode(line)
    except (ValueError, RecursionError):
        raise _broken(number, "bukan JSON") from None
    if not isinstance(pairs, tuple):
        raise _broken(number, "bukan objek JSON")
    if "\\u" in line and not _can_be_stored(pairs):
        raise _broken(number, "berisi tanda yang tidak dapat disimpan")
    return pairs


def _can_be_stored(pairs: Pairs) -> bool:
    """Tell whether escapes stand for characters only: no half of one, and no NUL."""
    text = "".join(part for pair in pairs for part in pair if isinstance(part, str))
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _cells(pairs: Pairs, keys: Sequence[str], number: int) -> Sequence[str]:
    """Return the values in the order of the headings."""
    names, values = zip(*pairs, strict=True) if pairs else ((), ())
    if names != keys:
        named = dict(pairs)
        if len(names) != len(keys) or named.keys() != set(keys):
            raise _broken(number, "judul-judulnya lain daripada baris pertama")
        values = tuple(named[key] for key in keys)
    if set(map(type, values)) == {str}:  # nearly always, and quicker than a look at each
        return values
    return [value if isinstance(value, str) else _text(value, number) for value in values]


def _text(value: object, number: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    raise _broken(number, "sebuah nilainya bukan teks atau angka")


def _table(
    heading: Heading, rows: Sequence[Sequence[str]], numbers: Sequence[int], source: Source
) -> Table:
    text = pd.DataFrame(
        {
            name: pd.array([row[place] for row in rows], dtype="str")
            for name, place in heading.read.items()
        },
        index=pd.Index(numbers, dtype="int"),
    )
    table = piece(SHEET, heading, text, source, [])
    table.notes = heading.notes
    return table


def _broken(number: int, why: str) -> Unreadable:
    return Unreadable(("tarikan_rusak", {"baris": str(number), "sebab": why}))
