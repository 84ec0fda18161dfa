"""Columns: every cell of a table -> a typed value, each distinct text read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from schemas.source import Column, FieldType
from transforms.files.parse import (
    FORMULA_ERRORS,
    MISSING,
    NEVER_CALCULATED,
    Unreadable,
    parse_answer,
    parse_choice,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_money,
    parse_pseudonym,
    tidy,
)
from transforms.files.validate import FAILURES, no_failures

# A letter followed by digits only is no number that a spreadsheet shortened.
_PLAIN_ID = r"[A-Z]{0,3}[0-9]+"

_DATES = "datetime64[us]"


def parse_columns(
    text: pd.DataFrame, columns: Sequence[Column], pseudonym: Callable[[str], str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read every cell by the type of its column; each distinct text is read once.

    Args:
        text: one row per row of the file, text columns by their names in the contract.
        columns: the columns to read; names of agencies and services stay text.
        pseudonym: what stands for a person instead of a NIP or an id.

    Returns:
        The typed columns under the same labels: text and choices as `str`, whole numbers as
        `Int64`, figures as `object` of Decimal or None, dates as `datetime64[us]`. And what could
        not be read, emptied in the first: a frame of `FAILURES` with one row per cell, without
        the value where the card calls it personal.
    """
    typed: dict[str, Any] = {}
    failed: list[pd.DataFrame] = []
    for column in columns:
        if column.type is FieldType.PSEUDONYM:
            typed[column.name], found = _pseudonyms(text[column.name], column, pseudonym)
        else:
            typed[column.name], found = read_distinct(
                text[column.name], column, _reader(column, pseudonym)
            )
        failed.append(found)
    return pd.DataFrame(typed, index=text.index), joined(failed)


def _pseudonyms(
    text: pd.Series[Any], column: Column, pseudonym: Callable[[str], str]
) -> tuple[Any, pd.DataFrame]:
    """Read a column of persons: nearly every text is another one, and nearly all are plain.

    What is plain letters and digits needs no tidying; the others take the way of all columns.
    """
    upper = text.str.upper()
    fits = upper.str.fullmatch(_PLAIN_ID) & ~upper.isin(MISSING)
    plain = fits.fillna(False).to_numpy(dtype=bool)
    others, found = read_distinct(text[~plain], column, _reader(column, pseudonym))
    names = np.empty(len(text), dtype=object)
    # As objects first: item by item out of Arrow costs more than the hash.
    names[plain] = [pseudonym(written) for written in upper[plain].to_numpy(dtype=object)]
    names[~plain] = np.asarray(others, dtype=object)
    return pd.array(names, dtype="str"), found


def read_distinct(
    text: pd.Series[Any], column: Column, read: Callable[[str], object]
) -> tuple[Any, pd.DataFrame]:
    """Apply `read` to each distinct text of a column; return its array and what it refused.

    `read` returns None for a missing value and raises Unreadable.
    """
    codes, distinct = pd.factorize(text)
    values: list[Any] = []
    refused: dict[int, Unreadable] = {}
    for number, written in enumerate(distinct):
        try:
            values.append(read(written))
        except Unreadable as error:
            refused[number] = error
            values.append(None)
    values.append(None)  # a missing text has the code -1
    array = _array(column.type, values)[codes]
    return array, _failures(text, column, codes, refused)


def joined(failed: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return several frames of failures as one, in the order of the file."""
    found = [frame for frame in failed if len(frame)]
    if not found:
        return no_failures()
    return pd.concat(found).sort_values("index", kind="stable").reset_index(drop=True)


def _failures(
    text: pd.Series[Any], column: Column, codes: np.ndarray, refused: dict[int, Unreadable]
) -> pd.DataFrame:
    if not refused:
        return no_failures()
    places = np.flatnonzero(np.isin(codes, list(refused)))
    errors = [refused[code] for code in codes[places]]
    return pd.DataFrame(
        {
            "index": text.index[places],
            "column": column.name,
            "rule": [error.rule for error in errors],
            "value": [None if column.personal else error.value for error in errors],
            "detail": [error.detail for error in errors],
        },
        columns=pd.Index(FAILURES),
        dtype="object",
    )


def _array(type_: FieldType, values: list[Any]) -> Any:  # noqa: ANN401 - pandas has none for it
    if type_ in (FieldType.INTEGER, FieldType.ANSWER):
        return pd.array(values, dtype="Int64")
    if type_ is FieldType.DATE:
        return np.array(values, dtype=_DATES)
    if type_ in (FieldType.DECIMAL, FieldType.MONEY):
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array
    return pd.array(values, dtype="str")


def _reader(column: Column, pseudonym: Callable[[str], str]) -> Callable[[str], object]:
    read = _by_type(column, pseudonym)

    def read_cell(text: str) -> object:
        written = tidy(text).upper()
        if written in MISSING:
            return None
        if written == NEVER_CALCULATED:
            raise Unreadable("rumus_tanpa_hasil", "")
        if written in FORMULA_ERRORS:
            raise Unreadable("galat_rumus", text)
        return read(text)

    return read_cell


def _by_type(column: Column, pseudonym: Callable[[str], str]) -> Callable[[str], object]:
    match column.type:
        case FieldType.INTEGER:
            return parse_integer
        case FieldType.ANSWER:
            return parse_answer
        case FieldType.DECIMAL:
            return parse_decimal
        case FieldType.MONEY:
            return parse_money
        case FieldType.DATE:
            return parse_date
        case FieldType.CHOICE:
            return lambda text: parse_choice(text, column)
        case FieldType.PSEUDONYM:
            return lambda text: parse_pseudonym(text, pseudonym)
        case _:
            return tidy
