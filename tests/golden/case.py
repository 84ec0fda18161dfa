"""Cases of the golden tests: read from YAML, spelled out row by row, and written as files.

A case says which rows an officer hands in, when, and what must be shown of a quarter:

    - case: what it is about
      source: where its figures come from
      office: kanreg-06 when it is not said
      clock: when files land and values are computed; a day means 08:00 in Medan
      references: rows by table that this case alone adds to the seeds
      given:
        <source>:
          <period> or <period>_<part>: rows, or a mapping of
            rows, defaults (cells of every row), landed (a clock), counts (what becomes of them);
            with #2 after it, a later file of the same
      expect: a list of
        quarter, status, actual, numerator, denominator, word, achievement_pct, components,
        clock; basis (published, when a printed figure is shown); computed (ours beside it);
        error (when nothing may be written)

A row maps headings of the template to the text of cells. `repeat` writes it several times, with
`{n}` counting the rows of the file and `{instansi}`, `{layanan}`, `{sistem}` naming the next agency
of the office, service or standard system. Of the survey `U` holds the nine answers. What is not
said of an expected value is expected to be empty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import yaml

from schemas.source import Layout, Source
from schemas.sources import sources
from schemas.sources.ikpa import INDICATORS
from tests.golden import slow
from tests.listing import listed
from tests.samples import omspan
from tests.samples.workbooks import Form, write_cells

CASES = Path(__file__).parent
SEEDS = Path(__file__).parents[2] / "sql" / "seeds"
OFFICE = "kanreg-06"
MAIN_PART = "utama"

OF_CASE = {"case", "source", "office", "clock", "references", "given", "expect"}
OF_SLICE = {"rows", "defaults", "landed", "counts"}
OF_CHECK = {
    "quarter",
    "clock",
    "status",
    "actual",
    "numerator",
    "denominator",
    "word",
    "achievement_pct",
    "components",
    "basis",
    "computed",
    "error",
}

Row = dict[str, str]


class Broken(ValueError):
    """A case that says something the tests would overlook."""


@dataclass(frozen=True)
class File:
    """A file to land; its rows map the first headings of the template to text."""

    source: str
    period: str
    part: str
    landed: datetime
    rows: list[Row]
    counts: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return its name, as in the inbox."""
        part = "" if self.part == MAIN_PART else f"_{self.part}"
        ending = "xlsx" if sources()[self.source].layout is Layout.OMSPAN else "csv"
        return f"{self.period}{part}.{ending}"

    def write(self, folder: Path) -> Path:
        """Write the file as an officer would and return its path."""
        file = folder / self.source / f"{self.landed:%Y%m%d%H%M%S}" / self.name
        source = sources()[self.source]
        if source.layout is Layout.OMSPAN:
            _write_omspan(file, self.period, self.rows)
        else:
            headings = _headings(source, self.rows)
            cells = [[row.get(heading, "") for heading in headings] for row in self.rows]
            write_cells(file, [headings, *cells], Form.CSV)
        return file


@dataclass(frozen=True)
class Check:
    """What must be shown of a quarter at an instant."""

    year: int
    quarter: int
    clock: datetime
    expected: Mapping[str, object]


@dataclass(frozen=True)
class Case:
    """A case of one indicator; `references` holds what it adds to the seeds."""

    name: str
    iku: int
    office: str
    references: Mapping[str, list[Row]]
    files: list[File]
    checks: list[Check]

    def world(self) -> slow.World:
        """Return the case as the slow computation sees it."""
        known = {table: with_rows(table, self.references.get(table, [])) for table in tables()}
        files = [
            slow.Slice(file.source, file.period, file.part, file.landed, file.rows)
            for file in self.files
        ]
        return slow.World(self.office, known, files)


class _Text(yaml.BaseLoader):
    """Every scalar is the text that stands there; a key that stands twice is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, object]:
        keys = [key.value for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise Broken(f"{node.start_mark}: {', '.join(twice)} twice")
        return super().construct_mapping(node, deep)


def cases_of(iku: int) -> list[Case]:
    """Return the cases of an indicator; none when it has no file."""
    file = CASES / f"iku_{iku:02}.yml"
    if not file.exists():
        return []
    with file.open(encoding="utf-8") as stream:
        listed = yaml.load(stream, _Text)
    return [make(iku, one) for one in listed]


def make(iku: int, said: Mapping[str, object]) -> Case:
    """Return a case from what its YAML says.

    Raises:
        Broken: something is missing, misspelt, or would not be looked at.
    """
    name = str(said.get("case"))
    _only(OF_CASE, said, name)
    for needed in ("case", "source", "given", "expect"):
        if needed not in said:
            raise Broken(f"IKU {iku}, {name}: no {needed}")
    office = said.get("office", OFFICE)
    references = _references(said.get("references", {}))
    files = [
        _file(source, key, slice_, said.get("clock"), office, references)
        for source, slices in (said["given"] or {}).items()
        for key, slice_ in slices.items()
    ]
    checks = [_check(one, said.get("clock"), name) for one in said["expect"]]
    return Case(name, iku, office, references, sorted(files, key=lambda f: f.landed), checks)


def instant(text: str) -> datetime:
    """Return an instant; a day alone means 08:00 in Medan."""
    read = datetime.fromisoformat(f"{text}T08:00:00+07:00" if len(text) == 10 else text)
    if read.tzinfo is None:
        raise Broken(f"{text} has no zone")
    return read


def _check(said: Mapping[str, object], clock: str | None, name: str) -> Check:
    _only(OF_CHECK, said, name)
    year, _, quarter = said["quarter"].partition("-Q")
    if ("error" in said) == ("status" in said):
        raise Broken(f"{name}: either a status or an error")
    return Check(int(year), int(quarter), instant(said.get("clock", clock)), said)


def _file(
    source: str,
    key: str,
    said: Sequence[Row] | Mapping[str, object],
    clock: str | None,
    office: str,
    references: Mapping[str, list[Row]],
) -> File:
    given = said if isinstance(said, Mapping) else {"rows": said}
    _only(OF_SLICE, given, f"{source} {key}")
    period, _, part = key.partition("#")[0].partition("_")
    defaults = given.get("defaults", {})
    names = Names(office, references, period)
    rows = [
        row
        for written in given["rows"]
        for row in _spelled_out(sources()[source], {**defaults, **written}, names)
    ]
    landed = instant(given.get("landed", clock))
    return File(source, period, part or MAIN_PART, landed, rows, given.get("counts", {}))


def _only(known: set[str], said: Mapping[str, object], where: str) -> None:
    strange = sorted(set(said) - known)
    if strange:
        raise Broken(f"{where}: {', '.join(strange)} is none of {', '.join(sorted(known))}")


def tables() -> list[str]:
    """Return the reference tables."""
    return [file.stem for file in listed(SEEDS, "*.csv", at_least=17)]


def seed_rows(table: str) -> list[Row]:
    """Return the rows of a seed file."""
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def columns_of(table: str) -> list[str]:
    """Return the columns of a seed file."""
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream))


# What identifies a row besides the day from which it holds.
KEYS = {
    "office": ("office",),
    "agency": ("agency",),
    "office_agency": ("office", "agency"),
    "service": ("service",),
    "system": ("system",),
    "survey_service": ("office", "service"),
    "service_volume": ("office", "service", "year"),
    "target": ("office", "iku", "document", "year", "quarter"),
}


def with_rows(table: str, added: Sequence[Row]) -> list[Row]:
    """Return the seed rows with those of a case; a row of the same key and day is replaced."""
    key = (*KEYS.get(table, ()), "valid_from")
    new = [tuple(row[name] for name in key) for row in added]
    kept = [row for row in seed_rows(table) if tuple(row[name] for name in key) not in new]
    return [*kept, *added]


def write_references(references: Mapping[str, list[Row]], folder: Path) -> None:
    """Write the reference rows of a case as a directory of seeds."""
    for table, rows in references.items():
        columns = columns_of(table)
        cells = [[row[column] for column in columns] for row in rows]
        write_cells(folder / f"{table}.csv", [columns, *cells], Form.CSV)


def _references(said: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """Return whole rows; what a case does not say of a known key is as in the seeds."""
    found: dict[str, list[Row]] = {}
    for table, rows in said.items():
        if table not in KEYS:
            raise Broken(f"references: {table} is none of {', '.join(KEYS)}")
        found[table] = [_whole_row(table, row) for row in rows]
    return found


def _whole_row(table: str, said: Row) -> Row:
    columns = columns_of(table)
    _only(set(columns), said, table)
    known = [
        row
        for row in seed_rows(table)
        if all(row[name] == said.get(name, "") for name in KEYS[table])
    ]
    base = known[-1] if known else dict.fromkeys(columns, "")
    return {**base, "valid_from": base["valid_from"] or "2020-01-01", **said}


class Names:
    """Gives the names that `{instansi}`, `{layanan}` and `{sistem}` stand for, one by one."""

    def __init__(self, office: str, references: Mapping[str, list[Row]], period: str) -> None:
        self.number = 0
        self._lists = {
            "instansi": _agencies(office, references, period),
            "layanan": _active("service", references, period),
            "sistem": [
                row for row in _active("system", references, period) if row["in_iku_10"] == "true"
            ],
        }
        self._next = {kind: iter(rows) for kind, rows in self._lists.items()}

    def fill(self, cells: Row) -> Row:
        """Return the cells of the next row."""
        self.number += 1
        found = dict(cells)
        for heading, text in cells.items():
            filled = text.replace("{n}", str(self.number))
            for kind, rows in self._next.items():
                if f"{{{kind}}}" in filled:
                    filled = filled.replace(f"{{{kind}}}", next(rows)["name"])
            found[heading] = filled
        return found


def _active(table: str, references: Mapping[str, list[Row]], period: str) -> list[Row]:
    world = slow.World("", {table: with_rows(table, references.get(table, []))}, [])
    return slow.in_force(world, table, slow.end_of(period))


def _agencies(office: str, references: Mapping[str, list[Row]], period: str) -> list[Row]:
    members = {
        row["agency"]
        for row in _active("office_agency", references, period)
        if row["office"] == office
    }
    return [row for row in _active("agency", references, period) if row["agency"] in members]


def _spelled_out(source: Source, said: Row, names: Names) -> Iterator[Row]:
    cells = {key: text for key, text in said.items() if key != "repeat"}
    if "U" in cells:
        answers = cells.pop("U").split()
        cells |= dict(zip(slow.ELEMENTS, answers, strict=True))
    if source.layout is not Layout.OMSPAN:
        cells = {_heading(source, key): text for key, text in cells.items()}
    empty = {column.headings[0]: "" for column in source.columns if column.required}
    base = {} if source.layout is Layout.OMSPAN else empty
    for _ in range(int(said.get("repeat", 1))):
        yield {**base, **names.fill(cells)}


def _heading(source: Source, key: str) -> str:
    """Return the heading of our template under which a cell stands."""
    for column in source.columns:
        if key in column.headings:
            return column.headings[0]
    if key in source.ignored_headings:
        return key
    raise Broken(f"{source.code}: no column is called {key!r}")


def _headings(source: Source, rows: Sequence[Row]) -> list[str]:
    """Return the headings of a file: all that must be there, and those that a row fills."""
    filled = {heading for row in rows for heading in row}
    ours = [
        column.headings[0]
        for column in source.columns
        if column.required or column.headings[0] in filled
    ]
    return [*ours, *(name for name in source.ignored_headings if name in filled)]


PRINTED = {"Nilai Total": "total", "Nilai Akhir": "final", "Konversi Bobot": "conversion"}
OF_UNIT = {
    *INDICATORS.values(),
    *PRINTED,
    "Kode Satker",
    "Dispensasi SPM (Pengurang)",
    "tidak berlaku",
}


def _write_omspan(file: Path, period: str, rows: Sequence[Row]) -> None:
    """Write a report with the figures that the case prints, right or wrong."""
    year, _, month = period.partition("-")
    regime = omspan.regime_of(int(year))
    omspan.write_units(file, int(month), regime, [_unit(row) for row in rows], kppn=999)


def _unit(row: Row) -> omspan.Unit:
    _only(OF_UNIT, row, "ikpa")
    idle = [name.strip() for name in row.get("tidak berlaku", "").split(",")]
    return omspan.Unit(
        satker=row["Kode Satker"],
        name=f"SATUAN KERJA {row['Kode Satker']}",
        ba="088",
        values={name: _figure(row.get(heading, "0")) for name, heading in INDICATORS.items()},
        idle=frozenset(name for name, heading in INDICATORS.items() if heading in idle),
        deduction=_figure(row.get("Dispensasi SPM (Pengurang)", "0")),
        misprinted={name: _figure(row[heading]) for heading, name in PRINTED.items()},
    )


def _figure(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").removesuffix("%"))
