"""References: read names, codes, targets and the strategy map, as known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from flows.warehouse.connection import Warehouse, driver, rows
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
    "budget": ("office", "year", "breakdown", "position"),
}
"""The reference tables, in the order in which they are filled, and what identifies a row."""


class UnknownOffice(ValueError):
    """The office asked for is not there, or none was named; the message is Indonesian."""


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


def chosen_office(warehouse: Warehouse, asked: str | None) -> Office:
    """Return the office that was asked for; the only one when none was.

    Raises:
        UnknownOffice: there is none of that key, or none was named where there are several.
    """
    known = offices(warehouse)
    if asked is None:
        if len(known) == 1:
            return next(iter(known.values()))
        raise UnknownOffice(f"Ada beberapa kantor; tulis --office: {', '.join(sorted(known))}.")
    if asked not in known:
        raise UnknownOffice(
            f"Kantor “{asked}” tidak dikenal. Yang ada: {', '.join(sorted(known))}."
        )
    return known[asked]


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
    with driver(connection).cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT max(at) FROM ({}) AS newest (at)").format(
                sql.SQL(" UNION ALL ").join(each)
            )
        )
        found: datetime = cursor.fetchall()[0][0]
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


def newest_of(warehouse: Warehouse, office: str, known_at: datetime) -> datetime:
    """Return when the newest reference that concerns an office was recorded."""
    concerning = {
        table: sql.SQL("WHERE office IN (%(office)s, '*')")
        if "office" in key
        else sql.SQL("WHERE true")
        for table, key in KEYS.items()
    }
    parts = [
        sql.SQL("SELECT max(recorded_at) FROM {} {} AND recorded_at <= %(known_at)s").format(
            sql.Identifier("ref", table), where
        )
        for table, where in concerning.items()
    ]
    with warehouse.transaction() as connection, driver(connection).cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT max(at) FROM ({}) AS newest (at)").format(
                sql.SQL(" UNION ALL ").join(parts)
            ),
            {"office": office, "known_at": known_at},
        )
        found: datetime = cursor.fetchall()[0][0]
        return found


def tables_since(
    warehouse: Warehouse, office: str, since: datetime, known_at: datetime
) -> list[str]:
    """Return the tables of references that got rows concerning the office in between."""
    parts = [
        sql.SQL(
            "SELECT {name} WHERE EXISTS (SELECT FROM {table} WHERE recorded_at > %(since)s"
            " AND recorded_at <= %(known_at)s AND {concerning})"
        ).format(
            name=sql.Literal(table),
            table=sql.Identifier("ref", table),
            concerning=sql.SQL("office IN (%(office)s, '*')" if "office" in key else "true"),
        )
        for table, key in KEYS.items()
    ]
    with warehouse.transaction() as connection, driver(connection).cursor() as cursor:
        cursor.execute(
            sql.SQL(" UNION ALL ").join(parts),
            {"office": office, "since": since, "known_at": known_at},
        )
        return [name for (name,) in cursor.fetchall()]
