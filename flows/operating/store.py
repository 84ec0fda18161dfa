"""What is asked of the server and the database to keep them well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.warehouse.connection import LOCK_CLASS, Warehouse


@dataclass(frozen=True, slots=True)
class Ended:
    """A connection that held an office's lock too long; `is_ended` says whether it is gone."""

    pid: int
    since: datetime
    is_ended: bool


def end_old_locks(warehouse: Warehouse, longest: timedelta) -> list[Ended]:
    """End the connections whose transaction holds an office's lock and began too long ago.

    By the server's own clock: connections do not live in a simulated time. The role of the
    warehouse may end its own connections and no others; nobody else takes these locks.
    """
    found = warehouse.rows(
        """
        WITH holding AS MATERIALIZED ( -- before any is ended, as then the next one holds it
            SELECT activity.pid, activity.xact_start AS since
            FROM pg_stat_activity AS activity
            WHERE
                activity.datname = current_database()
                AND activity.usename = current_user
                AND activity.xact_start < clock_timestamp() - CAST(:longest AS interval)
                AND EXISTS (
                    SELECT FROM pg_locks AS held
                    WHERE
                        held.pid = activity.pid AND held.granted
                        AND held.locktype = 'advisory' AND held.classid = CAST(:class AS integer)
                        AND held.database = activity.datid
                )
        )
        SELECT pid, since, pg_terminate_backend(pid, 5000) AS is_ended FROM holding
        """,
        longest=longest,
        **{"class": LOCK_CLASS},
    )
    return [Ended(**row) for row in found]


def server(warehouse: Warehouse) -> Mapping[str, Any]:
    """Return one row: version (Postgres's own sentence) and who (the role that asks)."""
    return warehouse.rows("SELECT version() AS version, current_user AS who")[0]


def migrations(warehouse: Warehouse) -> Mapping[str, Any]:
    """Return one row: n, how many migrations ran, and last, the file of the newest."""
    return warehouse.rows("SELECT count(*) AS n, max(file) AS last FROM ops.migration")[0]


def roles(warehouse: Warehouse) -> dict[str, bool]:
    """Return by role of ours whether it has a power over the server that it must not have."""
    found = warehouse.rows(
        "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb AS powerful FROM pg_roles"
        " WHERE rolname IN ('iku_owner', 'iku_writer', 'metabase_reader') ORDER BY rolname"
    )
    return {row["rolname"]: row["powerful"] for row in found}


def targeted(warehouse: Warehouse, office: str, year: int, document: str) -> int:
    """Return how many IKU have a target of a document for the end of a year, as known now."""
    found = warehouse.rows(
        "SELECT count(DISTINCT iku) AS n FROM ref.target_at(:office, :year, 4,"
        " make_date(:year, 12, 31), ops.instant()) WHERE document = :document",
        office=office,
        year=year,
        document=document,
    )
    return int(found[0]["n"])
