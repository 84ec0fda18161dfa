"""Found heading: the row of a sheet that carries the headings, and what stands where under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.tables import Note
from schemas.marking import NUMBER_HEADING
from schemas.source import Source
from transforms.files.headings import Headings, layouts, normalised_heading
from transforms.files.parse import tidy

HEADER_ROWS = 30  # the heading stands among the first rows or nowhere
LABEL, YEAR, MARKS, SATKER = "#", "#tahun", "#butir", "#satker"


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the columns of the contract stand under a heading.

    Attributes:
        row: its place, counted from 0.
        width: how many cells it has.
        position: of each column of the contract.
        printed: the headings as they are written, by column name.
        label: the place of what numbers or names the rows, and is no column of the contract.
        year: the place of the column that must say the period's year.
        satker: the place of the column that says of which satker a row is.
        given: the value of columns that the file does not have.
        notes: what the officer is told.
        marks: the place of the numbers that a copy of ours carries.
        problems: what is wrong with the heading.
        lacking: the columns that cannot be judged, as the heading lacks them or has them twice.
    """

    row: int
    width: int
    position: dict[str, int]
    printed: dict[str, str]
    label: int | None
    year: int | None
    satker: int | None
    given: dict[str, str]
    notes: list[Note]
    marks: int | None
    problems: tuple[Note, ...]
    lacking: frozenset[str]

    @property
    def read(self) -> dict[str, int]:
        """Return the columns to read, with their places."""
        extra = {
            LABEL: self.label,
            YEAR: self.year,
            MARKS: self.marks,
            SATKER: self.satker,
        }
        return self.position | {name: at for name, at in extra.items() if at is not None}


def find_heading(
    rows: Sequence[Sequence[str]], source: Source, given: Mapping[str, str] | None = None
) -> Heading:
    """Find the row of headings and what does not fit, and refuse one of which too much does not."""
    _refuse_aggregate(rows[:HEADER_ROWS], source)
    place = heading_row(rows, source)
    if place is None:
        first = ", ".join(column.headings[0] for column in source.columns if column.required)
        raise Unreadable(("kepala_tidak_ditemukan", {"kolom": first}))
    ways = [
        _checked_heading(place, rows[place], way, given or {})
        for way in layouts(source, rows[place])
    ]
    fitting = [heading for heading in ways if not heading.problems]
    # Told is what is wrong with the layout that it comes nearest to.
    nearest = min(reversed(ways), key=lambda heading: len(heading.problems))
    if not fitting and len(nearest.lacking) >= len(nearest.position):
        raise Unreadable(*nearest.problems)  # it is perhaps another source's
    return fitting[0] if fitting else nearest


def heading_row(rows: Sequence[Sequence[str]], source: Source) -> int | None:
    """Return the place of the row that carries the most headings of the source, if any."""
    matches = [headings_carried(row, source) for row in rows[:HEADER_ROWS]]
    best = max(matches, default=0)
    return matches.index(best) if best >= min(2, len(source.columns)) else None


def headings_carried(row: Sequence[str], source: Source) -> int:
    """Return how many headings of the source, in one layout, a row carries."""
    return max(sum(way.column(cell) is not None for cell in row) for way in layouts(source))


def above(rows: Sequence[Sequence[str]], heading: Heading) -> list[str]:
    """Return what is written in the lines above the heading."""
    return [cell for row in rows[: heading.row] for cell in row if cell.strip()]


def _refuse_aggregate(rows: Sequence[Sequence[str]], source: Source) -> None:
    if not source.aggregates:
        return
    cells = {normalised_heading(cell) for row in rows for cell in row}
    for aggregate in source.aggregates:
        if all(any(cell.startswith(mark) for cell in cells) for mark in aggregate.marks):
            facts = {"nilai": aggregate.title, "aturan": aggregate.wanted}
            raise Unreadable(("hanya_rekap", facts))


def _checked_heading(
    row_number: int, row: Sequence[str], way: Headings, given: Mapping[str, str]
) -> Heading:
    source = way.source
    position: dict[str, int] = {}
    doubled: set[str] = set()
    problems: list[Note] = []
    notes: list[Note] = []
    year = satker = None
    for index, cell in enumerate(row):
        name = way.column(cell)
        if name is None:
            if normalised_heading(cell) in map(normalised_heading, source.year_headings):
                year = index
            elif normalised_heading(cell) in map(normalised_heading, source.satker_headings):
                if satker is not None:
                    problems.append(("kolom_ganda", {"kolom": tidy(cell)}))
                satker = index
            elif way.is_told(cell):
                notes.append(("kolom_tidak_dibaca", {"kolom": cell.strip()}))
            elif not way.is_ignored(cell):
                problems.append(("kolom_tak_dikenal", {"kolom": tidy(cell)}))
        elif name in position:
            problems.append(("kolom_ganda", {"kolom": tidy(cell)}))
            doubled.add(name)
        else:
            position[name] = index
    problems += _missing(way, position, given)
    notes += [
        ("nilai_diberikan", {"kolom": source.column(name).headings[0], "nilai": value})
        for name, value in given.items()
    ]
    named = position if satker is None else position | {SATKER: satker}
    printed = {name: " ".join(row[index].split()) for name, index in named.items()}
    places = {normalised_heading(cell): place for place, cell in reversed(list(enumerate(row)))}
    is_free = 0 not in (year, satker, *position.values())
    lacking = {column.name for column in source.columns if column.required}
    return Heading(
        row=row_number,
        width=len(row),
        position=position,
        printed=printed,
        label=places.get("NO", 0 if is_free else None),
        year=year,
        satker=satker,
        given=dict(given),
        notes=notes,
        marks=places.get(normalised_heading(NUMBER_HEADING)),
        problems=tuple(problems),
        lacking=frozenset(lacking - position.keys() - given.keys() | doubled),
    )


def _missing(
    way: Headings, position: Mapping[str, int], given: Mapping[str, str]
) -> Iterator[Note]:
    """Give what is missing, and what was given although the file has it."""
    for column in way.source.columns:
        heading = column.headings[0]
        if column.name in position:
            if column.name in given:
                yield "kolom_sudah_ada", {"kolom": heading, "nilai": given[column.name]}
        elif column.name in given:
            continue
        elif column.name in way.source.given and (column.required or way.layout):
            title = way.layout.title if way.layout else "berkas ini"
            yield "nilai_belum_diberikan", {"kolom": heading, "nilai": title}
        elif not way.may_lack(column):
            yield "kolom_hilang", {"kolom": heading}
