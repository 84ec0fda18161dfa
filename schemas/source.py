"""The card of a source: what a file of it looks like, when it is due and how files add up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandera.pandas as pa

MAIN_PART = "utama"  # the part of a period that comes in one file
PART = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Kind(StrEnum):
    """How the slices of one source add up for a quarter (RULES 8.10)."""

    EVENTS = "events"
    REGISTER = "register"
    SNAPSHOT = "snapshot"
    EXACT = "exact"


class Cadence(StrEnum):
    """How often a source is delivered; the shape of its period follows."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class FieldType(StrEnum):
    """How the text of a cell is read (RULES 0.2)."""

    TEXT = "text"
    CHOICE = "choice"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    ANSWER = "answer"
    AGENCY = "agency"
    SERVICE = "service"
    SYSTEM = "system"
    SURVEY_SERVICE = "survey_service"
    UNIT = "unit"
    IKU = "iku"
    PSEUDONYM = "pseudonym"


class Scope(StrEnum):
    """Which valid rows are ours; the others are out of scope, counted and never refused."""

    AGENCY = "agency"
    AGENCY_OR_CENTRAL = "agency_or_central"
    SATKER = "satker"
    ACTIVE_STAFF = "active_staff"


class Layout(StrEnum):
    """How the cells of a file make rows: one header over a table, or OM-SPAN's blocks."""

    TABLE = "table"
    OMSPAN = "omspan"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file and of its staging table.

    Attributes:
        name: the name in the contract and in staging.
        type: how its text is read.
        headings: the headings it may carry, the first one on our template.
        required: whether the heading must be there.
        personal: whether a refused value is kept out of `ops.reject`.
        lenient: whether a cell that cannot be read is emptied and listed, and its row stays.
        choices: for CHOICE: what may be written (upper case, single spaces) and what it means.
        asks: words (upper case) by which a heading that is a whole question means this column.
    """

    name: str
    type: FieldType
    headings: tuple[str, ...]
    required: bool = True
    personal: bool = False
    lenient: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherLayout:
    """How somebody else lays out the rows of a source.

    Attributes:
        title: what an officer calls it, Indonesian.
        marks: headings by which it is known; all of them stand in its row of headings.
        headings: what further headings mean here, by column.
        ignored: further headings that are not read here.
        told: those that are not read here and of which the officer is told.
        lacks: columns it does not have: they are given when landing where the card lets them be
            given, else they stay empty.
    """

    title: str
    marks: tuple[str, ...]
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A table of totals that officers take for this source; it has no rows that could be counted.

    Attributes:
        title: what an officer calls it, Indonesian.
        marks: words (upper case) that all stand among its first rows.
        wanted: what to deliver instead, Indonesian.
    """

    title: str
    marks: tuple[str, ...]
    wanted: str


@dataclass(frozen=True, slots=True)
class Source:
    """The card of a source.

    Attributes:
        code: the name of the source, of its folder in the inbox and of its staging table.
        title: what an officer calls it, Indonesian.
        kind: how its slices add up.
        cadence: how often it is delivered.
        due_days: days after the end of the period when it is overdue; None is never due.
        key: the columns that identify a row; empty when sheet and row do.
        columns: in the order of the template.
        contract: the pandera model of the typed rows.
        version: raised when the meaning of the contract changes without its columns changing.
        tolerated: the share of rows that may be rejected before the file is refused.
        has_parts: whether a period may come in several files.
        date_in_period: the date column that must lie inside the period, if any.
        last_of: rows alike in these columns are one; the last stays (where the first is given).
        grouping: the column by which rejected rows are counted, never a personal one.
        questions: the columns of a questionnaire; a row that leaves more than a third of those
            that its file asks empty is rejected (RULES 1.5, 10-Q1).
        scope: which rows are ours; None: all of them.
        ignored_headings: columns that are never read (names, phones, free text).
        one_row: whether a file holds exactly one row.
        layout: how cells make rows.
        is_streamed: whether a CSV is landed in chunks.
        given: columns whose one value for the whole file may be given when landing.
        year_headings: headings of a column, not kept, that must say the period's year.
        satker_headings: headings of a column, not kept, that says of which satker a row is; rows of
            other satker than the office's are out of scope.
        other_layouts: other people's ways to lay out its rows.
        aggregates: tables of totals that are recognised and refused.
    """

    code: str
    title: str
    kind: Kind
    cadence: Cadence
    due_days: int | None
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    contract: type[pa.DataFrameModel]
    version: int = 1
    tolerated: Fraction = Fraction(0)
    has_parts: bool = False
    date_in_period: str | None = None
    last_of: tuple[str, ...] = ()
    grouping: str | None = None
    questions: tuple[str, ...] = ()
    scope: Scope | None = None
    ignored_headings: tuple[str, ...] = ()
    one_row: bool = False
    layout: Layout = Layout.TABLE
    is_streamed: bool = False
    given: tuple[str, ...] = ()
    year_headings: tuple[str, ...] = ()
    satker_headings: tuple[str, ...] = ()
    other_layouts: tuple[OtherLayout, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)
