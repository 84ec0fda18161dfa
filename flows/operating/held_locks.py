"""Locks of offices that are held too long: found, and freed by ending the connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.warehouse.connection import LOCK_CLASS, Warehouse


@dataclass(frozen=True, slots=True)
class Ended:
    """A connection that held an office's lock too long; `is_ended` says whether it is gone."""

    pid: int
    since: datetime
    is_ended: bool


def end_old(warehouse: Warehouse, longest: timedelta) -> list[Ended]:
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
