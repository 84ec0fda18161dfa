"""Tables: what a reader gives, a sheet as it is or a piece of a table under its heading."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

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
        ragged: row numbers whose number of cells differs from the heading's, and those that a
            copy that an officer sent back still says are shifted.
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
