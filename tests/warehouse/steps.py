"""Steps that tests share: write a file in our template, land it, refresh, and look at the outcome.

An office's day without Prefect: the functions called are those that the flow calls.
"""

from __future__ import annotations

import csv
import functools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg2
import pytest
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from sqlalchemy import make_url

from flows import cli
from flows.computing import measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Failed, Quarter, Recorded, Run
from flows.fetching import inbox
from flows.landing import land as landing
from flows.landing.request import Landing, Request
from flows.machine.settings import Settings
from flows.showing import scorecards, store
from flows.warehouse import references, roles, seeding
from flows.warehouse.connection import Warehouse, connect
from schemas.source import MAIN_PART, FieldType
from schemas.sources import sources
from tests.conftest import TEMPLATE, Server, copy_of
from tests.samples.workbooks import Form, Row, write_table
from tests.samples.year import Year, invent_year
from transforms.evidence import Computed
from transforms.indicators import indicators

OFFICE = "kanreg-06"
LONG_AGO = "2020-01-01T00:00:00+07:00"
RUN = Run("penguji", "uji", "0")
SATKER = "999006"

YEAR_TEMPLATE = "iku_year_template"
YEAR_KNOWN_AT = "2025-01-20T09:00:00+07:00"


def place(
    settings: Settings,
    source: str,
    period: str,
    *,
    part: str = MAIN_PART,
    office: str = OFFICE,
    ending: str = "csv",
) -> Path:
    """Return where the inbox wants a file, and make its folder."""
    named = "" if part == MAIN_PART else f"_{part}"
    file = settings.inbox / office / source / f"{period}{named}.{ending}"
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def write(
    settings: Settings,
    source: str,
    period: str,
    rows: Sequence[Row],
    *,
    part: str = MAIN_PART,
    office: str = OFFICE,
    form: Form = Form.CSV,
) -> Path:
    """Write typed rows (by column name) under our template's headings into the inbox."""
    file = place(settings, source, period, part=part, office=office, ending=form.ending)
    write_table(file, sources()[source], rows, form)
    return file


def csv_text(
    headings: Sequence[str], rows: Sequence[Sequence[object]], delimiter: str = ","
) -> str:
    """Return cells as the text of a csv."""
    lines = [headings, *rows]
    return "".join(delimiter.join(map(str, line)) + "\n" for line in lines)


def land_file(
    warehouse: Warehouse,
    settings: Settings,
    file: Path,
    source: str,
    period: str,
    *,
    part: str = MAIN_PART,
    office: str = OFFICE,
    door: str = "hand",
    because: str = "",
) -> Landing:
    """Land a file as `iku land` does, with `because` as `iku land --confirm --reason` does."""
    request = Request(
        file, office, source, period, part, door, "penguji", confirmed_because=because
    )
    return landing.land(warehouse, settings, request)


def land(
    warehouse: Warehouse,
    settings: Settings,
    source: str,
    period: str,
    rows: Sequence[Row] | str,
    *,
    part: str = MAIN_PART,
    office: str = OFFICE,
    door: str = "hand",
    form: Form = Form.CSV,
    because: str = "",
) -> Landing:
    """Write rows (or the text of a csv) and land them."""
    if isinstance(rows, str):
        file = place(settings, source, period, part=part, office=office)
        file.write_text(rows, encoding="utf-8")
    else:
        file = write(settings, source, period, rows, part=part, office=office, form=form)
    return land_file(
        warehouse, settings, file, source, period, part=part, office=office, door=door,
        because=because,
    )  # fmt: skip


def take_inbox(warehouse: Warehouse, settings: Settings, office: str = OFFICE) -> list[Landing]:
    """Land what lies in the inbox of an office; nothing in it may be misplaced."""
    requests, problems = inbox.waiting(settings.inbox, office, "penguji")
    assert not problems
    return [landing.land(warehouse, settings, request) for request in requests]


def landed(outcome: Landing) -> Landing:
    """Return a landing after making sure that the file was taken."""
    assert outcome.status == "landed", outcome.reasons
    return outcome


def measure_all(warehouse: Warehouse, quarter: Quarter) -> list[Computed | Failed]:
    """Compute the fourteen indicators of a quarter."""
    return [measuring.measure(warehouse, iku, quarter) for iku in indicators()]


def compute(
    warehouse: Warehouse, year: int, quarter: int, *, office: str = OFFICE, run: Run = RUN
) -> Recorded:
    """Compute a quarter as known now and record it."""
    known_at = values.moment_of_knowledge(warehouse, office)
    asked = Quarter(office, year, quarter, known_at)
    return recording.record(
        warehouse, asked, measure_all(warehouse, asked), measuring.published(warehouse, asked), run
    )


def touched(warehouse: Warehouse, office: str = OFFICE) -> set[tuple[int, int]]:
    """Return the quarters that a refresh would compute now."""
    known_at = values.moment_of_knowledge(warehouse, office)
    return set(values.touched_quarters(warehouse, office, known_at))


def refresh(warehouse: Warehouse, office: str = OFFICE) -> list[Recorded]:
    """Compute and record every quarter that was touched, as the nightly refresh does."""
    return [
        compute(warehouse, year, quarter, office=office)
        for year, quarter in sorted(touched(warehouse, office))
    ]


def update(warehouse: Warehouse, year: int, quarter: int, office: str = OFFICE) -> Recorded:
    """Compute one of the quarters that a refresh would compute now, and leave the others."""
    assert (year, quarter) in touched(warehouse, office)
    return compute(warehouse, year, quarter, office=office)


def written(recorded: Sequence[Recorded]) -> tuple[int, int, int]:
    """Return how many values, achievements and roll-ups a refresh wrote."""
    return (
        sum(one.values_written for one in recorded),
        sum(one.achievements_written for one in recorded),
        sum(one.rollups_written for one in recorded),
    )


def shown(
    warehouse: Warehouse,
    iku: str,
    year: int,
    quarter: int,
    *,
    office: str = OFFICE,
    as_of: str | None = None,
) -> Mapping[str, Any]:
    """Return the line of the scorecard, now or as of a date or an instant."""
    at = None if as_of is None else scorecards.moment(as_of, "Asia/Jakarta")
    found = [
        line for line in store.lines(warehouse, office, year, quarter, at) if line["iku"] == iku
    ]
    assert len(found) == 1, f"{iku} {year}-Q{quarter} is shown {len(found)} times"
    return found[0]


def table_of(warehouse: Warehouse, table: str) -> list[tuple[str, ...]]:
    """Return every row of a table as text, sorted: what it says, whatever it is."""
    return sorted(
        tuple(str(value) for value in row.values())
        for row in warehouse.rows(f"SELECT * FROM {table}")
    )


def count(warehouse: Warehouse, table: str) -> int:
    """Return how many rows a table has."""
    return warehouse.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]


def staged(warehouse: Warehouse, source: str, load_id: int) -> list[Mapping[str, Any]]:
    """Return the rows that a load put into staging, in the order of the file."""
    return warehouse.rows(
        f"SELECT * FROM staging.{source} WHERE load_id = :load ORDER BY sheet, row_no",
        load=load_id,
    )


def rejects(warehouse: Warehouse, load_id: int) -> list[Mapping[str, Any]]:
    """Return what a load refused or noted."""
    return warehouse.rows(
        "SELECT * FROM ops.reject WHERE load_id = :load"
        " ORDER BY sheet, row_no NULLS FIRST, column_name, rule",
        load=load_id,
    )


def rules(outcome: Landing) -> list[str]:
    """Return the rules that a landing was refused by or notes."""
    return [reason["rule"] for reason in outcome.reasons]


def in_force(warehouse: Warehouse, source: str, office: str = OFFICE) -> dict[str, int]:
    """Return the loads in force of a source, by period and part."""
    found = warehouse.rows(
        "SELECT period, part, load_id FROM ops.in_force(:office, ops.instant())"
        " WHERE source = :source",
        office=office,
        source=source,
    )
    return {
        row["period"] + ("" if row["part"] == MAIN_PART else f"_{row['part']}"): row["load_id"]
        for row in found
    }


def as_typed(source: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows of staging as the contract of their source wants them."""
    card = sources()[source]
    made: dict[str, Any] = {}
    for column in card.columns:
        cells = [row[column.name] for row in rows]
        match column.type:
            case FieldType.DATE:
                made[column.name] = pd.to_datetime(pd.Series(cells, dtype="object")).astype(
                    "datetime64[us]"
                )
            case FieldType.INTEGER | FieldType.ANSWER:
                made[column.name] = pd.array(cells, dtype="Int64")
            case FieldType.DECIMAL | FieldType.MONEY:
                made[column.name] = pd.Series(cells, dtype="object")
            case _:
                made[column.name] = pd.array([_as_text(cell) for cell in cells], dtype="str")
    return pd.DataFrame(made)


def _as_text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return None if cell is None else str(cell)


@contextmanager
def admin(server: Server, database: str) -> Iterator[Connection]:
    """Give a connection of the superuser: for what no role of ours may do."""
    url = make_url(server.url).set(database=database).render_as_string(hide_password=False)
    with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        yield connection


def ask(connection: Connection, query: str | sql.Composable) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []


def backdate_references(server: Server, database: str, since: str = LONG_AGO) -> None:
    """Make the seeds known since long ago, so that a test may set its clock in between."""
    with admin(server, database) as connection:
        for table in references.KEYS:
            ask(
                connection,
                sql.SQL("UPDATE {} SET recorded_at = {}").format(
                    sql.Identifier("ref", table), sql.Literal(since)
                ),
            )


def open_at(server: Server, database: str, instant: str | None) -> Warehouse:
    """Open any database of the test server as the writer, with its clock at an instant."""
    url = make_url(server.writer).set(database=database).render_as_string(hide_password=False)
    return connect(url, database, instant)


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


def environment(server: Server, folder: Path) -> dict[str, str]:
    """Return what leads `iku` to the test's server, and to a home and an inbox in a folder."""
    given = passwords(server)
    return {
        "IKU_DATABASE_URL": server.url,
        "IKU_WRITER_PASSWORD": given.writer,
        "IKU_METABASE_PASSWORD": given.reader,
        "IKU_HOME": str(folder / "rumah"),
        "IKU_INBOX": str(folder / "inbox"),
        "IKU_CONFIG": str(folder / "config"),
        "IKU_SETTLE_SECONDS": "0",
        "IKU_OUTBOX": str(folder / "outbox"),
    }


def command(
    given: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Return what runs `iku` in this process; an error that it does not catch is raised."""
    for name in os.environ:
        if name.startswith("IKU_"):
            monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["iku", *map(str, arguments)])
        capsys.readouterr()
        code: object = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        assert isinstance(code, int)
        return Said(code, *capsys.readouterr())

    return run


def seed_rows(directory: Path, table: str, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a seed file with the columns of the real one; those not given are empty."""
    with (seeding.SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return directory


def seeded(table: str) -> list[dict[str, str]]:
    """Return the rows of a seed file of the project."""
    with (seeding.SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def seed_satker(warehouse: Warehouse, directory: Path, satker: str = SATKER) -> None:
    """Record the satker code of the office."""
    row = next(row for row in seeded("office") if row["office"] == OFFICE)
    seeding.seed(warehouse, seed_rows(directory, "office", [{**row, "satker_code": satker}]))


SERVICES = tuple(f"L{number:02}" for number in range(1, 13))
SYSTEMS = tuple(f"S{number:02}" for number in range(1, 16))


@functools.cache
def members() -> tuple[str, ...]:
    """Return the agencies of the first office."""
    return tuple(row["agency"] for row in seeded("office_agency") if row["office"] == OFFICE)


STRANGER = "11.01"


def digital(online: int = 12) -> list[Row]:
    """Return the twelve services, the first of them online."""
    return [
        {
            "service": service,
            "is_digital": "true" if place < online else "false",
            "is_digital_siasn": "true" if place < online else "false",
        }
        for place, service in enumerate(SERVICES)
    ]


def usage(used: int = 15, half: int = 0) -> list[Row]:
    """Return the fifteen systems: some used, some half used, the others not."""
    levels = [Decimal(1)] * used + [Decimal("0.5")] * half
    levels += [Decimal(0)] * (len(SYSTEMS) - len(levels))
    return [
        {"system": system, "utilisation": level}
        for system, level in zip(SYSTEMS, levels, strict=True)
    ]


def measured(done: int, agencies: Sequence[str] | None = None) -> list[Row]:
    """Return the agencies, the first of them with their IP ASN measured."""
    return [
        {"agency": agency, "status": "done" if place < done else "not_done"}
        for place, agency in enumerate(agencies or members())
    ]


def graded(good: int, agencies: Sequence[str] | None = None) -> list[Row]:
    """Return the NSPK letters of the agencies: so many B, the others C."""
    return [
        {"agency": agency, "letter": "B" if place < good else "C"}
        for place, agency in enumerate(agencies or members())
    ]


def tied(agencies: Sequence[str]) -> list[Row]:
    """Return agencies that use SIMPEGNAS since long ago."""
    return [
        {"agency": agency, "mode": "simpegnas", "start_date": date(2023, 1, 2)}
        for agency in agencies
    ]


def proposals(*decided: date | None, year: int = 2024) -> list[Row]:
    """Return proposals of regulations made on 5 January, enacted on the days given."""
    return [
        {
            "proposal_no": f"CONTOH-US/{number:02}/{year}",
            "title": f"Instrumen contoh {number}",
            "proposed_date": date(year, 1, 5),
            "status": "undecided" if day is None else "enacted",
            "decided_date": day,
        }
        for number, day in enumerate(decided, 1)
    ]


def printed(
    actuals: Mapping[str, Decimal | None],
    document: str = "LKj Contoh",
    on: date = date(2024, 7, 20),
) -> list[Row]:
    """Return figures as printed in a document; none stands for N/A."""
    return [
        {"iku": iku, "document": document, "document_date": on, "actual": actual}
        for iku, actual in actuals.items()
    ]


def form(answers: str, **other: object) -> Row:
    """Return a filled-in survey form; `answers` are U1 to U9, a dot for an empty one."""
    return {
        "service": "SV01",
        "answered_on": date(2024, 2, 6),
        **{
            f"u{number}": None if sign == "." else sign
            for number, sign in enumerate(answers, start=1)
        },
        **other,
    }


@functools.cache
def complete_year() -> Year:
    """Return the invented year 2024 without flaws."""
    return invent_year(flaws=False, answers=400)


def year_template(server: Server) -> str:
    """Return a database in which the invented year and the printed figures are recorded.

    Made once in a test run. Everything landed and was computed on 20 January 2025.
    """
    draft = f"{YEAR_TEMPLATE}_draft"
    with admin(server, "postgres") as connection:
        if ask(connection, f"SELECT 1 FROM pg_database WHERE datname = '{YEAR_TEMPLATE}'"):
            return YEAR_TEMPLATE
        with copy_of(server, TEMPLATE, draft):
            _record_the_year(server, draft)
            # Only a database that is complete gets the name.
            ask(connection, f"ALTER DATABASE {draft} RENAME TO {YEAR_TEMPLATE}")
    return YEAR_TEMPLATE


def _record_the_year(server: Server, database: str) -> None:
    backdate_references(server, database)
    folder = Path(tempfile.mkdtemp(prefix="iku-year-"))
    warehouse = open_at(server, database, YEAR_KNOWN_AT)
    try:
        settings = server.settings.model_copy(
            update={"home": folder / "home", "inbox": folder / "inbox", "outbox": folder / "outbox"}
        )
        seed_satker(warehouse, folder / "seeds", complete_year().references.satker)
        for delivery in complete_year().deliveries:
            delivery.write(settings.inbox / OFFICE / delivery.source / delivery.name)
        for outcome in take_inbox(warehouse, settings):
            landed(outcome)
        refresh(warehouse)
    finally:
        warehouse.engine.dispose()
        shutil.rmtree(folder)


def passwords(server: Server) -> roles.Passwords:
    """Return the passwords of the two roles that log in."""
    return roles.passwords(server.settings)
