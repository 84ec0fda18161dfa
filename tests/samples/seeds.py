"""The reference rows that samples are made from, read from the csv files of a seeds directory."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "sql" / "seeds"

TABLES = (
    "office",
    "agency",
    "office_agency",
    "agency_alias",
    "service",
    "system",
    "survey_service",
    "unit",
)

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency by its code, with the names that a file may call it."""

    code: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A service or system by its code, with the names that a file may call it."""

    code: str
    name: str
    aliases: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """What the samples of one office and year are made from.

    Attributes:
        office: the row of the office.
        agencies: its members on the last day of the year.
        strangers: agencies of other offices.
        central: central agencies.
        services: the services of IKU 7.
        systems: the systems of IKU 10.
        local_systems: the other systems, those that were there all year.
        survey_services: what surveys ask about; `kind` is pembinaan or layanan_kepegawaian.
        units: the names of the office's units.
    """

    office: Row
    agencies: tuple[Agency, ...]
    strangers: tuple[Agency, ...]
    central: tuple[Agency, ...]
    services: tuple[Named, ...]
    systems: tuple[Named, ...]
    local_systems: tuple[Named, ...]
    survey_services: tuple[Named, ...]
    units: tuple[str, ...]

    @property
    def satker(self) -> str:
        """Return the office's satker code; an invented one where the seeds hold none."""
        digits = "".join(sign for sign in self.office["office"] if sign.isdigit())
        return self.office["satker_code"] or f"999{int(digits or 0) % 1000:03}"


def read_references(directory: Path, office: str, year: int) -> References:
    """Read what is in force on 31 December of `year`.

    Args:
        directory: of the seed files; one that is not there is taken from `sql/seeds`.
        office: its key.
        year: the year measured.

    Raises:
        ValueError: the office is not in `office.csv`.
    """
    day = date(year, 12, 31)
    rows = {name: list(in_force(seed_file(directory, name), day)) for name in TABLES}
    mine = [row for row in rows["office"] if row["office"] == office]
    if not mine:
        raise ValueError(f"office {office!r} is not in {directory / 'office.csv'} on {day}")
    members = {row["agency"] for row in rows["office_agency"] if row["office"] == office}
    agencies = _agencies(rows["agency"], rows["agency_alias"], office)
    standard = [row for row in rows["system"] if row["in_iku_10"] == "true"]
    local = [
        row
        for row in rows["system"]
        if row["in_iku_10"] != "true" and row["valid_from"] <= f"{year}-01-01"
    ]
    return References(
        office=mine[-1],
        agencies=tuple(one for one in agencies if one.code in members),
        strangers=tuple(
            one for one in agencies if one.code not in members and not one.code.startswith("P.")
        ),
        central=tuple(one for one in agencies if one.code.startswith("P.")),
        services=tuple(_named(row, "service") for row in rows["service"]),
        systems=tuple(_named(row, "system") for row in standard),
        local_systems=tuple(_named(row, "system") for row in local),
        survey_services=tuple(
            _named(row, "service", row["kind"])
            for row in rows["survey_service"]
            if row["office"] == office
        ),
        units=tuple(row["name"] for row in rows["unit"] if row["office"] == office),
    )


def seed_file(directory: Path, table: str) -> Path:
    """Return the seed file of a reference table."""
    file = directory / f"{table}.csv"
    return file if file.exists() else SEEDS / file.name


def in_force(file: Path, day: date) -> Iterator[Row]:
    """Yield the rows of a seed file that hold on `day`, in the order of the file."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["valid_from"] <= str(day) <= (row["valid_to"] or "9999-12-31"):
                yield row


def _agencies(rows: list[Row], aliases: list[Row], office: str) -> list[Agency]:
    """Join agencies to their aliases; an alias is a bare name, so the type word is set before."""
    found: dict[str, list[str]] = {}
    for alias in aliases:
        if alias["office"] in ("*", office):
            found.setdefault(alias["agency"], []).append(alias["alias"])
    word = {"provinsi": "Prov. ", "kabupaten": "Kab. ", "kota": "Pemko ", "pusat": ""}
    return [
        Agency(
            row["agency"],
            row["name"],
            tuple(word[row["type"]] + alias for alias in found.get(row["agency"], [])),
        )
        for row in rows
    ]


def _named(row: Row, key: str, kind: str = "") -> Named:
    aliases = tuple(filter(None, row["aliases"].split("|")))
    return Named(row[key], row["name"], aliases, kind)
