"""File pieces: the tables of a file, each with the questions that the whole file asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from flows.landing.readers import ndjson_reader, readers
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.tables import Table
from flows.landing.request import Context
from schemas.source import Source
from transforms.files import parse


def tables_and_asked(
    context: Context, file: Path, name: str
) -> Iterator[tuple[Table, frozenset[str]]]:
    """Give the pieces of a file, each with the questions that the whole file asks."""
    asked: frozenset[str] | None = None
    for table in _tables(context, file, name):
        if asked is None:
            asked = _asked(context, file, name, table)
        yield table, asked


def _asked(context: Context, file: Path, name: str, first: Table) -> frozenset[str]:
    """Return the questions that anybody in the file filled in.

    The first piece shows nearly always that all are asked. Where it does not, the file is read
    once more: no form can be judged before it is known what was asked.
    """
    source = context.source
    asked = _filled(source, first)
    if len(asked) < len(source.questions) and source.is_streamed and not first.problems:
        for table in _tables(context, file, name):
            asked |= _filled(source, table)
    return asked


def _filled(source: Source, table: Table) -> frozenset[str]:
    return frozenset(
        name
        for name in source.questions
        if not all(map(parse.is_missing, table.text[name].unique()))
    )


def _tables(context: Context, file: Path, name: str) -> Iterator[Table]:
    """Give the pieces of a file; of a source whose rows must be seen together, one piece."""
    if name.lower().endswith(ndjson_reader.ENDING):
        pieces = ndjson_reader.read_tables(file, context.source, context.given)
    else:
        pieces = readers.read_tables(file, name, context.source, context.given)
    if context.source.is_streamed:
        yield from pieces
        return
    tables: list[Table] = []
    refusal = None
    try:
        for table in pieces:
            tables.append(table)
    except Unreadable as error:
        if not tables:
            raise
        refusal = error
    yield replace(
        tables[0],
        text=pd.concat([table.text for table in tables]),
        ragged=[row for table in tables for row in table.ragged],
        years=set().union(*(table.years for table in tables)),
        marks={row: mark for table in tables for row, mark in table.marks.items()},
        satkers=_joined([table.satkers for table in tables if table.satkers is not None]),
    )
    if refusal is not None:
        raise refusal


def _joined(pieces: Sequence[pd.Series[str]]) -> pd.Series[str] | None:
    return pd.concat(pieces) if pieces else None
