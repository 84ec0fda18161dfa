"""References: append the rows of seed files, and read names and codes for landing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from psycopg2 import DataError, Error, IntegrityError, sql
from psycopg2.extensions import cursor as Cursor
from sqlalchemy import Connection

from flows.io import migrate
from flows.io.warehouse import Warehouse, instant, lock_offices, rows
from schemas.card import Unit

KEYS: Mapping[str, tuple[str, ...]] = {
    "office": ("office",),
    "agency": ("agency",),
    "office_agency": ("office", "agency"),
    "agency_alias": ("office", "agency", "alias"),
    "perspective": ("perspective",),
    "strategic_objective": ("objective",),
    "objective_iku": ("iku",),
    "iku_name": ("office", "iku", "document"),
    "unit": ("office", "unit"),
    "activity": ("activity",),
    "unit_iku": ("office", "unit", "activity", "iku"),
    "target": ("office", "iku", "document", "year", "quarter"),
    "service": ("service",),
    "system": ("system",),
    "survey_service": ("office", "service"),
    "service_volume": ("office", "service", "year"),
}
"""The reference tables, in the order in which they are filled, and what identifies a row."""

SEEDS = migrate.SQL / "seeds"
EVERY_OFFICE = "*"


class SeedRefused(ValueError):
    """A seed file cannot be taken; the message, in Indonesian, says which row and why."""


def seed(warehouse: Warehouse, directory: Path) -> dict[str, int]:
    """Append the rows of `directory`'s csv files that are not there yet; return how many per table.

    A row is there when the newest row of its key and valid_from says the same. All files are
    taken or none.

    Raises:
        SeedRefused: a file, a column or a row cannot be taken.
    """
    files = sorted(directory.glob("*.csv")) if directory.is_dir() else []
    if not files:
        raise SeedRefused(f"Di {directory} tidak ada berkas .csv. Periksa nama foldernya.")
    unknown = [file.name for file in files if file.stem not in KEYS]
    if unknown:
        raise SeedRefused(
            f"{unknown[0]} bukan berkas rujukan. Nama yang dikenal: "
            + ", ".join(f"{name}.csv" for name in KEYS)
        )
    added: dict[str, int] = {}
    with warehouse.transaction() as connection:
        offices = [
            row["office"] for row in rows(connection, "SELECT DISTINCT office FROM ref.office")
        ]
        # A warehouse without offices has no lock of one; two first seeds must wait all the same.
        lock_offices(connection, [*offices, EVERY_OFFICE])
        at = instant(connection)
        for table in KEYS:
            file = directory / f"{table}.csv"
            if file.exists():
                added[table] = _append(connection, table, file, at)
        if any(added.values()):
            _refuse_contradictions(connection)
    return added


def _append(connection: Connection, table: str, file: Path, at: datetime) -> int:
    columns = _columns(connection, table)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            header = next(csv.reader(stream), [])
            body = stream.read()
    except UnicodeDecodeError:
        raise SeedRefused(
            f"{file.name}: hurufnya tidak terbaca. Simpan ulang sebagai “CSV UTF-8”."
        ) from None
    if header != columns:
        raise SeedRefused(
            f"{file.name}: kolomnya harus {','.join(columns)}; yang ada {','.join(header)}."
        )
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    key = (*KEYS[table], "valid_from")
    parts = {
        "draft": sql.Identifier(f"draft_{table}"),
        "table": sql.Identifier("ref", table),
        "columns": names,
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "same_key": sql.SQL(" AND ").join(
            sql.SQL("newest.{0} IS NOT DISTINCT FROM draft.{0}").format(sql.Identifier(name))
            for name in key
        ),
        "drafted": sql.SQL(", ").join(sql.Identifier("draft", name) for name in columns),
        "known": sql.SQL(", ").join(sql.Identifier("known", name) for name in columns),
    }
    cursor = connection.connection.cursor()
    try:
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE {draft} ON COMMIT DROP AS"
                " SELECT {columns} FROM {table} WHERE false"
            ).format(**parts)
        )
        # Not empty means empty: in these files a text is '' and only a date or a number is missing.
        texts = sql.SQL(", ").join(map(sql.Identifier, _texts(connection, table)))
        cursor.copy_expert(
            sql.SQL("COPY {draft} ({columns}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({texts}))")
            .format(**parts, texts=texts)
            .as_string(cursor),
            io.StringIO(body),
        )
        _refuse_contradiction(cursor, file, parts)
        cursor.execute(
            sql.SQL(
                "INSERT INTO {table} ({columns}, recorded_at)"
                " SELECT DISTINCT {drafted}, %s::timestamptz"
                " FROM {draft} AS draft LEFT JOIN LATERAL ("
                "SELECT * FROM {table} AS newest WHERE {same_key}"
                " ORDER BY newest.recorded_at DESC, newest.row_id DESC LIMIT 1) AS known ON true"
                " WHERE known.row_id IS NULL OR ({drafted}) IS DISTINCT FROM ({known})"
            ).format(**parts),
            (at,),
        )
    except (DataError, IntegrityError) as error:
        raise SeedRefused(f"{file.name}: {_place(error)}") from None
    except Error as error:
        if error.pgcode is None or not error.pgcode.startswith("22"):
            raise
        raise SeedRefused(f"{file.name}: {_place(error)}") from None
    return cursor.rowcount


def _refuse_contradiction(cursor: Cursor, file: Path, parts: Mapping[str, sql.Composable]) -> None:
    """Refuse two rows of one file that say different things of one key and day."""
    cursor.execute(
        sql.SQL(
            "SELECT concat_ws(', ', {key}) FROM (SELECT DISTINCT {columns} FROM {draft}) AS said"
            " GROUP BY {key} HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
        ).format(**parts)
    )
    found = cursor.fetchone()
    if found:
        raise SeedRefused(
            f"{file.name}: dua baris berbeda untuk {found[0]}. Sisakan satu, lalu ulangi."
        )


def _place(error: Error) -> str:
    """Say in one line what the server refused, with the line of the file where it knows it."""
    said = error.diag
    where = f" ({said.context.splitlines()[0]})" if said.context else ""
    detail = f" {said.message_detail}" if said.message_detail else ""
    return f"satu baris tidak dapat diterima: {said.message_primary}.{detail}{where}"


def _columns(connection: Connection, table: str) -> list[str]:
    found = rows(
        connection,
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'ref'"
        " AND table_name = :table AND column_name NOT IN ('row_id', 'recorded_at')"
        " ORDER BY ordinal_position",
        table=table,
    )
    return [row["column_name"] for row in found]


def _texts(connection: Connection, table: str) -> list[str]:
    found = rows(
        connection,
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'ref'"
        " AND table_name = :table AND data_type = 'text' ORDER BY ordinal_position",
        table=table,
    )
    return [row["column_name"] for row in found]


def _refuse_contradictions(connection: Connection) -> None:
    """Run the checks on references; a row that one of them returns undoes the whole seed."""
    for check in sorted((migrate.SQL / "checks").glob("ref_*.sql")):
        offenders = [
            dict(row._mapping)
            for row in connection.exec_driver_sql(
                check.read_text(encoding="utf-8").replace("%", "%%")
            )
        ]
        if offenders:
            said = ", ".join(f"{name} {value}" for name, value in offenders[0].items())
            raise SeedRefused(
                f"Rujukan menjadi bertentangan ({_words(check)}): {said}."
                " Tidak ada yang disimpan; perbaiki barisnya lalu ulangi."
            )


def _words(check: Path) -> str:
    return check.stem.removeprefix("ref_").replace("_", " ")


@dataclass(frozen=True, slots=True)
class Office:
    """An office as its reference row says."""

    office: str
    name: str
    short_name: str
    time_zone: str
    satker_code: str


def offices(warehouse: Warehouse, day: date | None = None) -> dict[str, Office]:
    """Return the offices in force on `day` (today when it is not given) by their key."""
    found = warehouse.rows(
        "SELECT office, name, short_name, time_zone, satker_code"
        " FROM ref.office_at(coalesce(:day, ops.instant()::date), ops.instant())",
        day=day,
    )
    return {row["office"]: Office(**row) for row in found}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What landing needs of the references on one day: names, codes, members of the office."""

    recorded_at: datetime
    members: frozenset[str]
    agencies: list[Mapping[str, Any]]
    agency_aliases: list[Mapping[str, Any]]
    services: list[Mapping[str, Any]]
    systems: list[Mapping[str, Any]]
    survey_services: list[Mapping[str, Any]]
    units: list[Mapping[str, Any]]


def vocabulary(connection: Connection, office: str, day: date, known_at: datetime) -> Vocabulary:
    """Read the references of `office` on `day` as known at `known_at`."""
    given = {"office": office, "day": day, "known_at": known_at}

    def read(query: str) -> list[Mapping[str, Any]]:
        return rows(connection, query, **given)

    return Vocabulary(
        recorded_at=newest(connection),
        members=frozenset(
            row["agency"]
            for row in read("SELECT agency FROM ref.office_agency_at(:office, :day, :known_at)")
        ),
        agencies=read("SELECT agency, type, name FROM ref.agency_at(:day, :known_at)"),
        agency_aliases=read(
            "SELECT agency, alias FROM ref.agency_alias_at(:office, :day, :known_at)"
        ),
        services=read("SELECT service AS code, name, aliases FROM ref.service_at(:day, :known_at)"),
        systems=read("SELECT system AS code, name, aliases FROM ref.system_at(:day, :known_at)"),
        survey_services=read(
            "SELECT service AS code, name, aliases"
            " FROM ref.survey_service_at(:office, :day, :known_at)"
        ),
        units=read(
            "SELECT unit AS code, name, '' AS aliases FROM ref.unit_at(:office, :day, :known_at)"
        ),
    )


def newest(connection: Connection) -> datetime:
    """Return when the newest reference row was recorded."""
    each = [
        sql.SQL("SELECT max(recorded_at) FROM {}").format(sql.Identifier("ref", name))
        for name in KEYS
    ]
    with connection.connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT max(at) FROM ({}) AS newest (at)").format(
                sql.SQL(" UNION ALL ").join(each)
            )
        )
        found: datetime = cursor.fetchone()[0]
        return found


def targets(
    connection: Connection, office: str, year: int, quarter: int, known_at: datetime
) -> list[Mapping[str, Any]]:
    """Return the targets that a quarter is measured against, one per IKU and document."""
    return [
        {**row, "unit": Unit(row["unit"])}
        for row in rows(
            connection,
            "SELECT row_id, iku, document, target, unit, quarter IS NOT NULL AS is_quarterly"
            " FROM ref.target_at("
            ":office, :year, :quarter, ops.quarter_end(:year, :quarter), :known_at)",
            office=office,
            year=year,
            quarter=quarter,
            known_at=known_at,
        )
    ]


def strategy(
    connection: Connection, year: int, quarter: int, known_at: datetime
) -> list[Mapping[str, Any]]:
    """Return the strategy map on the quarter's last day: one row per IKU."""
    return rows(
        connection,
        "SELECT * FROM ref.strategy_at(ops.quarter_end(:year, :quarter), :known_at)",
        year=year,
        quarter=quarter,
        known_at=known_at,
    )
