"""OM-SPAN: the report "Indikator Pelaksanaan Anggaran" -> one row per satker.

The layout is told by its headings and never by position: the reports of 2022-2023 and of 2024 on
have the same number of columns in another order. Source: RULES 3.2, 3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.files.omspan_report import BrokenReport, Level, OmspanReport, OmspanUnit, Problem
from transforms.files.parse import (
    Unreadable,
    is_missing,
    parse_decimal,
    parse_month,
    tidy,
    without_apostrophe,
)
from transforms.rules.budget_execution import (
    ASPECTS,
    LABELS,
    REGIMES,
    Regime,
)

NUMBER, KPPN, BA, SATKER = "No", "Kode KPPN", "Kode BA", "Kode Satker"
SATKER_NAME, KPPN_NAME, LINE = "Uraian Satker", "Nama KPPN", "Keterangan"
TOTAL, CONVERSION = "Nilai Total", "Konversi Bobot"
DEDUCTION = "Dispensasi SPM (Pengurang)"
FINAL = "Nilai Akhir (Nilai Total/Konversi Bobot)"

BLOCK = ("Nilai", "Bobot", "Nilai Akhir", "Nilai Aspek")
"""What a unit's four lines say under Keterangan."""

_MONTH = re.compile(r"Sampai Dengan\s*:\s*(.*)", re.IGNORECASE)
_FIRST_ROWS = 10


def is_heading(row: Sequence[str]) -> bool:
    """Tell whether a row of cells is the first of the report's two rows of headings."""
    return LINE in map(tidy, row)


def read_report(rows: Sequence[Sequence[str]]) -> OmspanReport:
    """Read the cells of a sheet.

    Args:
        rows: the text of every cell, from row 1 on; merged cells hold text in their first cell.

    Raises:
        BrokenReport: it is another report, or a block is incomplete, or a cell cannot be read.
    """
    heading_row, columns = _headings(rows)
    level, regime = _layout(columns)
    month = _month(rows[:heading_row])
    units: list[OmspanUnit] = []
    problems: list[Problem] = []
    for block in _blocks(rows, heading_row + 2, columns[LINE], problems):
        try:
            units.append(_unit(block, columns, level, regime))
        except BrokenReport as error:
            problems += error.problems
    if problems:
        raise BrokenReport(*problems)
    return OmspanReport(level, month, regime, tuple(units))


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the place of the first heading row, and the place of each column by its heading.

    There are two heading rows. Where the lower one is empty, the upper one names the column;
    else the upper one names a group.
    """
    places = [place for place, row in enumerate(rows[:_FIRST_ROWS]) if is_heading(row)]
    if not places:
        raise _unknown_layout(f"judul kolom “{LINE}” tidak ditemukan")
    place = places[0]
    upper = [tidy(cell) for cell in rows[place]]
    lower = [tidy(cell) for cell in rows[place + 1]] if place + 1 < len(rows) else []
    lower += [""] * (len(upper) - len(lower))
    names = [below or above for above, below in zip(upper, lower, strict=False)]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise _unknown_layout(f"kolom {', '.join(doubled)} muncul dua kali")
    return place, {name: column for column, name in enumerate(names) if name}


def _layout(columns: Mapping[str, int]) -> tuple[Level, Regime]:
    """Return level and regime; every heading is known, and none is missing."""
    level = Level.KPPN if KPPN_NAME in columns else Level.SATKER
    identity = (KPPN_NAME,) if level is Level.KPPN else (BA, SATKER, SATKER_NAME)
    common = {NUMBER, KPPN, LINE, TOTAL, CONVERSION, FINAL, *identity}
    for regime in REGIMES:
        expected = common | {LABELS[name] for name in regime.weights}
        if regime.deducts_dispensation:
            expected.add(DEDUCTION)
        if expected == set(columns):
            return level, regime
    known = common | set(LABELS.values()) | {DEDUCTION}
    foreign = sorted(set(columns) - known)
    if foreign:
        raise _unknown_layout(f"kolom {', '.join(foreign)} tidak dikenal")
    missing = sorted((common | set(LABELS.values())) - {LABELS["dispensation"]} - set(columns))
    if missing:
        raise _unknown_layout(f"kolom {', '.join(missing)} tidak ada")
    raise _unknown_layout(
        f"harus ada tepat satu dari kolom {LABELS['dispensation']} dan {DEDUCTION}"
    )


def _unknown_layout(cause: str) -> BrokenReport:
    return BrokenReport(("tata_letak_omspan", {"sebab": cause}))


def _month(rows: Sequence[Sequence[str]]) -> int:
    for row in rows:
        for cell in row:
            found = _MONTH.fullmatch(tidy(cell))
            if found:
                try:
                    return parse_month(found[1])
                except Unreadable as error:
                    raise BrokenReport((error.rule, {"nilai": found[1]})) from None
    raise _unknown_layout("baris “Sampai Dengan” tidak ditemukan")


@dataclass(frozen=True, slots=True)
class _Line:
    row_no: int
    cells: Sequence[str]

    def at(self, place: int) -> str:
        return tidy(self.cells[place]) if place < len(self.cells) else ""


def _blocks(
    rows: Sequence[Sequence[str]],
    first: int,
    line_column: int,
    problems: list[Problem],
) -> Iterator[tuple[_Line, ...]]:
    """Give the complete blocks; a broken one is a problem, and the next `Nilai` begins anew."""
    block: list[_Line] = []
    for place in range(first, len(rows)):
        line = _Line(place + 1, rows[place])
        if not any(tidy(cell) for cell in line.cells):
            continue
        found, expected = line.at(line_column), BLOCK[len(block)]
        if found != expected:
            problems.append(_broken_block(line.row_no, found, expected))
            block = []
            if found != BLOCK[0]:
                continue
        block.append(line)
        if len(block) == len(BLOCK):
            yield tuple(block)
            block = []
    if block:
        problems.append(_broken_block(len(rows) + 1, "", BLOCK[len(block)]))


def _broken_block(row_no: int, found: str, expected: str) -> Problem:
    return "blok_tidak_utuh", {"baris": str(row_no), "nilai": found, "aturan": expected}


class _Cells:
    """Reads the cells of a block, and remembers those that cannot be read."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self._columns = columns
        self.problems: list[Problem] = []

    def text(self, line: _Line, heading: str) -> str:
        found = line.at(self._columns[heading])
        if not found:
            self._note(line, heading, found, "kosong")
        return found

    def code(self, line: _Line, heading: str, digits: int) -> str:
        """Return a code with the zeros that a spreadsheet drops, without its apostrophe."""
        found = self.text(line, heading)
        code = without_apostrophe(found)
        if found and not re.fullmatch(rf"\d{{1,{digits}}}", code, re.ASCII):
            self._note(line, heading, found, f"harus {digits} angka")
        return code.zfill(digits)

    def figure(self, line: _Line, heading: str) -> Decimal:
        found = line.at(self._columns[heading])
        try:
            return parse_decimal(found)
        except Unreadable:
            self._note(line, heading, found, "harus angka")
            return Decimal(0)

    def figure_or_none(self, line: _Line, heading: str) -> Decimal | None:
        return None if is_missing(line.at(self._columns[heading])) else self.figure(line, heading)

    def _note(self, line: _Line, heading: str, found: str, rule: str) -> None:
        facts = {"baris": str(line.row_no), "kolom": heading, "nilai": found, "aturan": rule}
        self.problems.append(("sel_omspan", facts))


def _unit(
    block: tuple[_Line, ...], columns: Mapping[str, int], level: Level, regime: Regime
) -> OmspanUnit:
    value_line, weight_line, product_line, aspect_line = block
    cells = _Cells(columns)
    is_satker = level is Level.SATKER
    weights = {name: cells.figure(weight_line, LABELS[name]) for name in regime.weights}
    unit = OmspanUnit(
        row_no=value_line.row_no,
        kppn_code=cells.code(value_line, KPPN, 3),
        ba_code=cells.code(value_line, BA, 3) if is_satker else "",
        satker=cells.code(value_line, SATKER, 6) if is_satker else "",
        name=cells.text(value_line, SATKER_NAME if is_satker else KPPN_NAME),
        values=_where_weighted(cells, value_line, weights),
        weights=weights,
        products=_where_weighted(cells, product_line, weights),
        aspects=_aspects(cells, aspect_line, regime),
        total_score=cells.figure(value_line, TOTAL),
        conversion_pct=cells.figure(value_line, CONVERSION),
        dispensation_score=(
            cells.figure(value_line, DEDUCTION) if regime.deducts_dispensation else Decimal(0)
        ),
        final_score=cells.figure(value_line, FINAL),
    )
    if cells.problems:
        raise BrokenReport(*cells.problems)
    return unit


def _where_weighted(
    cells: _Cells, line: _Line, weights: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Return a figure per indicator; one without weight does not apply, and may be blank."""
    figures = {}
    for name, weight in weights.items():
        if weight == 0:
            figures[name] = cells.figure_or_none(line, LABELS[name]) or Decimal(0)
        else:
            figures[name] = cells.figure(line, LABELS[name])
    return figures


def _aspects(cells: _Cells, line: _Line, regime: Regime) -> dict[str, Decimal]:
    """Return the aspects; each is printed under its first indicator."""
    printed = {
        aspect: cells.figure_or_none(
            line, LABELS[next(name for name in names if name in regime.weights)]
        )
        for aspect, names in ASPECTS.items()
    }
    return {aspect: mean for aspect, mean in printed.items() if mean is not None}
