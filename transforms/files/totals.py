"""Totals: the lines below a table that sum it up are no rows, but they must agree with the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import pandas as pd

from schemas.source import FieldType, Kind, Source
from transforms.files.parse import Unreadable, is_missing, parse_decimal, tidy
from transforms.rules.formulas import in_indonesian, two_decimals

Problem = tuple[str, dict[str, str]]
"""A rule of the catalogue, and what fills the placeholders of its text."""


class Line(StrEnum):
    """What a line below a table says of the rows above it."""

    SUM = "sum"
    MEAN = "mean"
    OTHER = "other"  # a part of the rows, or something weighed


WORDS: Mapping[str, Line] = {
    "TOTAL": Line.SUM,
    "JUMLAH": Line.SUM,
    "GRAND TOTAL": Line.SUM,
    "Σ NILAI / UNSUR": Line.SUM,
    "JUMLAH NILAI PER UNSUR": Line.SUM,
    "RATA-RATA": Line.MEAN,
    "RERATA": Line.MEAN,
    "NRR / UNSUR": Line.MEAN,
    "NRR PER UNSUR": Line.MEAN,
    "SUB TOTAL": Line.OTHER,
    "SUBTOTAL": Line.OTHER,
    "NRR TERTIMBANG / UNSUR": Line.OTHER,
    "NRR TERTIMBANG PER UNSUR": Line.OTHER,
    "IKM UNIT PELAYANAN": Line.OTHER,
}
"""The words that stand where a row would have its name, in the form in which they are compared."""

_FIGURES = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.ANSWER)
_TOLERANCE = Fraction(1, 100)


def words_of(cells: pd.Series[str]) -> pd.Series[str]:
    """Return cells in the form in which the words of totals are compared."""
    return cells.str.strip().str.upper().str.rstrip(" :")


@dataclass(slots=True)
class Totals:
    """The rows and the lines of totals of a file, as its pieces come.

    Attributes:
        is_adding: whether rows are added up, which takes its time; lines are noted all the same.
    """

    source: Source
    is_adding: bool = True
    count: int = 0
    sums: dict[str, Fraction] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    lines: list[tuple[int, Line, dict[str, str]]] = field(default_factory=list)

    def add_rows(self, text: pd.DataFrame) -> None:
        """Add the figures of rows, each distinct text read once."""
        if not self.is_adding:
            return
        self.count += len(text)
        for column in self.source.columns:
            if column.type in _FIGURES and column.name in text:
                self._add_column(column.name, text[column.name])

    def _add_column(self, name: str, cells: pd.Series[str]) -> None:
        for written, times in cells.value_counts().items():
            if is_missing(str(written)):
                continue
            try:
                figure = Fraction(parse_decimal(str(written)))
            except Unreadable:
                self.unread.add(name)
                return
            self.sums[name] = self.sums.get(name, Fraction(0)) + figure * int(times)
            self.counts[name] = self.counts.get(name, 0) + int(times)

    def problems(self) -> list[Problem]:
        """Return where a line of totals does not agree with the rows."""
        found: list[Problem] = []
        for row, line, cells in self.lines:
            if line is not Line.OTHER:
                found += self._figures(row, line, cells)
                found += self._count(row, line, cells)
        return found

    def _figures(self, row: int, line: Line, cells: Mapping[str, str]) -> list[Problem]:
        found: list[Problem] = []
        for name, written in cells.items():
            column = self.source.column(name)
            stated = _number(written)
            if column.type not in _FIGURES or name in self.unread or stated is None:
                continue
            counted = self.sums.get(name, Fraction(0))
            if line is Line.MEAN:
                if not self.counts.get(name):
                    continue
                counted /= self.counts[name]
            exponent = stated.as_tuple().exponent
            places = -exponent if isinstance(exponent, int) else 0
            tolerance = max(_TOLERANCE, Fraction(1, 2 * 10 ** max(places, 0)))
            if abs(Fraction(stated) - counted) > tolerance:
                found.append(_problem(row, column.headings[0], written, counted))
        return found

    def _count(self, row: int, line: Line, cells: Mapping[str, str]) -> list[Problem]:
        """Compare the only whole number in the line of a register with the number of its rows."""
        if line is not Line.SUM or self.source.kind is not Kind.REGISTER:
            return []
        stated = [
            (name, written)
            for name, written in cells.items()
            if self.source.column(name).type not in _FIGURES and tidy(written).isdecimal()
        ]
        if len(stated) != 1 or int(stated[0][1]) == self.count:
            return []
        heading = self.source.column(stated[0][0]).headings[0]
        return [_problem(row, heading, stated[0][1], Fraction(self.count))]


def _number(written: str) -> Decimal | None:
    try:
        return None if is_missing(written) else parse_decimal(written)
    except Unreadable:
        return None


def _problem(row: int, heading: str, written: str, counted: Fraction) -> Problem:
    facts = {
        "baris": str(row),
        "kolom": heading,
        "nilai": tidy(written),
        "aturan": in_indonesian(two_decimals(counted)),
    }
    return "jumlah_tidak_cocok", facts


def tail_has_total(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether the last lines of a csv may hold a line of totals."""
    return any(
        cell.strip(' "').upper().rstrip(" :") in WORDS
        for line in lines
        for cell in line.split(delimiter)
    )
