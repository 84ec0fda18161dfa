"""The ledger of refreshes: each that came to its end, also where it found nothing to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flows.warehouse.connection import Warehouse


def record(warehouse: Warehouse, office: str, who: str, failure: str) -> None:
    """Add a refresh that has just ended; `failure` is empty when all went well."""
    warehouse.rows(
        "INSERT INTO ops.refresh (office, ended_at, who, failure)"
        " VALUES (:office, ops.instant(), :who, :failure) RETURNING refresh_id",
        office=office,
        who=who,
        failure=failure,
    )


def ended_between(
    warehouse: Warehouse, office: str, since: datetime, until: datetime
) -> list[Mapping[str, Any]]:
    """Return the refreshes after `since` up to `until`, oldest first."""
    return warehouse.rows(
        "SELECT ended_at, who, failure FROM ops.refresh WHERE office = :office"
        " AND ended_at > :since AND ended_at <= :until ORDER BY refresh_id",
        office=office,
        since=since,
        until=until,
    )


def last_good(warehouse: Warehouse, office: str) -> datetime | None:
    """Return when a refresh of an office last ended well."""
    found = warehouse.rows(
        "SELECT max(ended_at) AS at FROM ops.refresh WHERE office = :office AND failure = ''",
        office=office,
    )
    at: datetime | None = found[0]["at"]
    return at


def known_since(warehouse: Warehouse, office: str) -> datetime:
    """Return when an office became known, so that its first night can be waited for."""
    found = warehouse.rows(
        "SELECT min(recorded_at) AS at FROM ref.office WHERE office = :office", office=office
    )
    at: datetime = found[0]["at"]
    return at
