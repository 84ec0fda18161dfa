"""The ledger of fetches: every time a door was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.io.warehouse import Warehouse


def record(
    warehouse: Warehouse,
    *,
    office: str,
    source: str,
    period: str,
    part: str,
    door: str,
    outcome: str,
    sha256: str | None,
    message: str,
    who: str,
) -> None:
    """Add one asking: outcome fetched, nothing, unavailable or refused; the message Indonesian."""
    warehouse.rows(
        "INSERT INTO ops.fetch"
        " (office, source, period, part, door, at, outcome, sha256, message, who)"
        " VALUES (:office, :source, :period, :part, :door, ops.instant(), :outcome, :sha256,"
        " :message, :who) RETURNING fetch_id",
        office=office,
        source=source,
        period=period,
        part=part,
        door=door,
        outcome=outcome,
        sha256=sha256,
        message=message,
        who=who,
    )


def newest(warehouse: Warehouse, office: str) -> list[Mapping[str, Any]]:
    """Return the last asking of each source, part, door and period, the oldest period first.

    Only of the two newest periods of each door, as older ones are no longer asked for.
    Columns: source, part, door, period, at, outcome, message.
    """
    return warehouse.rows(
        """
        SELECT source, part, door, period, at, outcome, message
        FROM (
            SELECT
                *,
                row_number() OVER (
                    PARTITION BY source, part, door, period ORDER BY at DESC, fetch_id DESC
                ) AS back,
                dense_rank() OVER (PARTITION BY source, part, door ORDER BY period DESC) AS place
            FROM ops.fetch
            WHERE office = :office
        ) AS asked
        WHERE back = 1 AND place <= 2
        ORDER BY source, part, door, period
        """,
        office=office,
    )
