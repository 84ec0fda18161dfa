"""Values: read tallies and what was shown, and append runs, values, achievements and roll-ups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg2 import DataError, ProgrammingError, sql
from psycopg2.errors import QueryCanceled
from psycopg2.extras import RealDictCursor
from sqlalchemy import Connection

from flows.warehouse import migrations, references
from flows.warehouse.connection import Warehouse, driver, instant, lock_offices, rows
from transforms.rules.formulas import Row, Rows
from transforms.rules.timeliness import SourceState


def moment_of_knowledge(warehouse: Warehouse, office: str) -> datetime:
    """Return an instant such that all that was known of the office before it is committed.

    It is read under the office's lock: a landing that is about to commit would otherwise become
    known before it, but visible only after it.
    """
    with warehouse.transaction() as connection:
        lock_offices(connection, [office])
        return instant(connection)


def tally(
    connection: Connection, name: str, office: str, year: int, quarter: int, known_at: datetime
) -> Rows:
    """Return the rows of the tally called `name`, in its own order."""
    with driver(connection).cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(
            sql.SQL("SELECT * FROM {}(%s, %s, %s, %s)").format(sql.Identifier("tally", name)),
            (office, year, quarter, known_at),
        )
        return [dict(row) for row in cursor.fetchall()]


def tally_columns(warehouse: Warehouse, name: str) -> list[str]:
    """Return the columns of a tally in its own order; none when there is no such tally any more."""
    found = warehouse.rows(
        "SELECT argument.name FROM pg_proc AS tally"
        " CROSS JOIN LATERAL unnest(tally.proargnames, tally.proargmodes)"
        " WITH ORDINALITY AS argument (name, mode, place)"
        " WHERE tally.pronamespace = 'tally'::regnamespace AND tally.proname = :name"
        " AND argument.mode = 't' ORDER BY argument.place",
        name=name,
    )
    return [row["name"] for row in found]


def source_state(row: Row) -> SourceState:
    """Return a row of the tally `source_state` as what the rules read."""
    return SourceState(**{**row, "loads": tuple(row["loads"])})


def touched_quarters(
    warehouse: Warehouse, office: str, known_at: datetime
) -> list[tuple[int, int]]:
    """Return the quarters that a refresh computes, oldest first.

    Those that a load or a reference of the office touched since their last run, and those not yet
    closed of the years in play: the current one, in which nothing may have come yet, those
    computed before, and those of which the office has loads or targets. One of these that this
    program has computed today waits for another day, or for anything new of the office.
    """
    found = warehouse.rows(
        """
        WITH today AS (
            SELECT (CAST(:known_at AS timestamptz) AT TIME ZONE time_zone)::date AS day, time_zone
            FROM ref.office_at(CAST(:known_at AS timestamptz)::date, :known_at)
            WHERE office = :office
        ), last_run AS (
            -- A run of some indicators alone leaves the others of its quarter as they were.
            SELECT DISTINCT ON (year, quarter) year, quarter, known_at, code_version, failed
            FROM ops.run WHERE office = :office AND ikus IS NULL
            ORDER BY year, quarter, known_at DESC, run_id DESC
        ), moved AS (
            SELECT load.period_year, load.period_end, source.kind, max(event.at) AS at
            FROM ops.load_event AS event
            JOIN ops.load AS load ON load.load_id = event.load_id
            JOIN ops.source AS source ON source.source = load.source
            WHERE load.office = :office AND event.at <= :known_at
            GROUP BY load.period_year, load.period_end, source.kind
        ), affected AS (
            SELECT y.year, q.quarter, max(moved.at) AS at
            FROM moved
            CROSS JOIN LATERAL generate_series(
                moved.period_year,
                moved.period_year + CASE moved.kind WHEN 'register' THEN 1 ELSE 0 END
            ) AS y (year)
            CROSS JOIN generate_series(1, 4) AS q (quarter)
            WHERE CASE moved.kind
                WHEN 'exact' THEN ops.quarter_end(y.year, q.quarter) = moved.period_end
                ELSE ops.quarter_end(y.year, q.quarter) >= moved.period_end
            END
            GROUP BY y.year, q.quarter
        ), in_play AS (
            SELECT year FROM ops.years_in_play(:office, :known_at) AS year
        ), unclosed AS (
            -- Not closed when it was last computed: the day after a due day is computed too.
            SELECT in_play.year, q.quarter
            FROM in_play CROSS JOIN generate_series(1, 4) AS q (quarter)
            LEFT JOIN last_run ON last_run.year = in_play.year AND last_run.quarter = q.quarter
            WHERE EXISTS (
                SELECT FROM ops.source AS source, today
                WHERE source.due_days IS NOT NULL AND coalesce(
                    (last_run.known_at AT TIME ZONE today.time_zone)::date, today.day
                ) <= source.due_days + CASE
                    WHEN source.cadence = 'yearly' THEN make_date(in_play.year, 12, 31)
                    ELSE ops.quarter_end(in_play.year, q.quarter)
                END
            )
        ), settled AS (
            -- What is late depends on the day, and all else on what is landed and recorded.
            SELECT last_run.year, last_run.quarter FROM last_run, today
            WHERE
                (last_run.known_at AT TIME ZONE today.time_zone)::date = today.day
                AND last_run.code_version = :program AND last_run.failed = '[]'
                AND last_run.known_at > :references_at
                AND NOT EXISTS (SELECT FROM moved WHERE moved.at >= last_run.known_at)
        )
        SELECT candidate.year, candidate.quarter
        FROM (
            SELECT affected.year, affected.quarter FROM affected
            LEFT JOIN last_run USING (year, quarter)
            WHERE last_run.known_at IS NULL OR affected.at > last_run.known_at
            UNION
            SELECT year, quarter FROM last_run WHERE known_at < :references_at
            UNION
            (SELECT year, quarter FROM unclosed EXCEPT SELECT year, quarter FROM settled)
        ) AS candidate, today
        WHERE ops.quarter_start(candidate.year, candidate.quarter) <= today.day
        ORDER BY candidate.year, candidate.quarter
        """,
        office=office,
        known_at=known_at,
        program=migrations.version(),
        references_at=references.newest_of(warehouse, office, known_at),
    )
    return [(row["year"], row["quarter"]) for row in found]


def newer_run(
    connection: Connection, office: str, year: int, quarter: int, known_at: datetime
) -> bool:
    """Tell whether a run that knew more has written this quarter already."""
    found = rows(
        connection,
        "SELECT EXISTS (SELECT FROM ops.run WHERE office = :office AND year = :year"
        " AND quarter = :quarter AND known_at > :known_at) AS found",
        office=office,
        year=year,
        quarter=quarter,
        known_at=known_at,
    )
    return bool(found[0]["found"])


def newest_values(
    connection: Connection, office: str, year: int, quarter: int
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the newest value of each IKU and basis of a quarter."""
    found = rows(
        connection,
        "SELECT DISTINCT ON (iku, basis) * FROM iku.value"
        " WHERE office = :office AND year = :year AND quarter = :quarter"
        " ORDER BY iku, basis, recorded_at DESC, value_id DESC",
        office=office,
        year=year,
        quarter=quarter,
    )
    return {(row["iku"], row["basis"]): row for row in found}


def shown(connection: Connection, candidates: Iterable[Row]) -> dict[str, Row]:
    """Return by IKU which of its values the scorecard shows; nothing is read from the tables.

    Args:
        connection: where `iku.shown_rank` is.
        candidates: values of one quarter as the columns of `iku.value` hold them, recorded or
            not; one per IKU and basis.
    """
    given = list(candidates)
    found = rows(
        connection,
        "SELECT DISTINCT ON (iku) place"
        " FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS candidate"
        " (place integer, iku text, basis text, actual numeric, loads bigint [])"
        " ORDER BY iku, iku.shown_rank(basis, actual, loads)",
        given=json.dumps(
            [
                {
                    "place": place,
                    **{name: row[name] for name in ("iku", "basis", "loads")},
                    "actual": None if row["actual"] is None else str(row["actual"]),
                }
                for place, row in enumerate(given)
            ]
        ),
    )
    places = [row["place"] for row in found]
    return {given[place]["iku"]: given[place] for place in places}


def newest_achievements(
    connection: Connection, value_ids: Sequence[int]
) -> dict[tuple[int, str], Mapping[str, Any]]:
    """Return the newest achievement of each value and document."""
    found = rows(
        connection,
        "SELECT DISTINCT ON (value_id, document) * FROM iku.achievement"
        " WHERE value_id = ANY(:value_ids)"
        " ORDER BY value_id, document, recorded_at DESC, achievement_id DESC",
        value_ids=list(value_ids),
    )
    return {(row["value_id"], row["document"]): row for row in found}


def newest_rollup(
    connection: Connection, office: str, year: int, quarter: int, document: str
) -> Mapping[str, Any] | None:
    """Return the newest roll-up of a quarter."""
    found = rows(
        connection,
        "SELECT * FROM iku.rollup WHERE office = :office AND year = :year AND quarter = :quarter"
        " AND document = :document ORDER BY recorded_at DESC, rollup_id DESC LIMIT 1",
        office=office,
        year=year,
        quarter=quarter,
        document=document,
    )
    return found[0] if found else None


def append(connection: Connection, table: str, row: Mapping[str, Any]) -> int:
    """Append one row to `ops.run` or a table of `iku` and return its identity."""
    schema, _, name = table.partition(".")
    values = {
        column: json.dumps(value, ensure_ascii=False) if column in _JSON else value
        for column, value in row.items()
    }
    with driver(connection).cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
                sql.Identifier(schema, name),
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join(map(sql.Placeholder, values)),
                sql.Identifier(f"{name}_id"),
            ),
            values,
        )
        identity: int = cursor.fetchall()[0][0]
        return identity


_JSON = frozenset({"components", "tally", "perspectives", "objectives", "failed"})


def recorded_values(warehouse: Warehouse) -> Rows:
    """Return every row of `iku.value`, all offices and versions, in the order of recording."""
    return warehouse.rows("SELECT * FROM iku.value ORDER BY value_id")


def files_of(warehouse: Warehouse, load_ids: Iterable[int]) -> Rows:
    """Return where loads came from: load_id, source, period, part, file_name, by slice."""
    return warehouse.rows(
        "SELECT load_id, source, period, part, file_name FROM ops.load"
        " WHERE load_id = ANY(:ids) ORDER BY source, period, part, load_id",
        ids=sorted(load_ids),
    )


def run_checks(
    warehouse: Warehouse, checks: Iterable[tuple[str, str]]
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Run queries by name; return the offenders of each that found any, and which could not run.

    One query that the rows of one office break must not hide what the others find.
    """
    found, broken = {}, {}
    for name, query in checks:
        try:
            with (
                warehouse.transaction() as connection,
                driver(connection).cursor(cursor_factory=RealDictCursor) as cursor,
            ):
                cursor.execute(query)
                offenders = [dict(row) for row in cursor.fetchall()]
        except (DataError, ProgrammingError, QueryCanceled) as error:
            broken[name] = error.diag.message_primary or str(error)
            continue
        if offenders:
            found[name] = offenders
    return found, broken
