"""The ledger of fetches: every time a door was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.warehouse.connection import Warehouse


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

    Columns: source, part, door, period, at, outcome, message.
    """
    return warehouse.rows(
        "SELECT DISTINCT ON (source, part, door, period)"
        " source, part, door, period, at, outcome, message FROM ops.fetch"
        " WHERE office = :office"
        " ORDER BY source, part, door, period, at DESC, fetch_id DESC",
        office=office,
    )
