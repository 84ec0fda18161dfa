"""The ledgers of fetching: each asking of a door, and which periods are due and missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flows.warehouse.connection import Warehouse
from schemas.source import MAIN_PART


@dataclass(frozen=True, slots=True)
class Due:
    """A period of a source: a row of `ops.due`.

    Attributes:
        source: its code.
        period: 2024-Q3, 2024-09 or 2024.
        period_end: its last day.
        due_day: the last day on which it is not overdue; None for what is never due.
        periods_ago: 0 for the running period, 1 for the newest that has ended.
        is_open: whether it is still worth asking for: this year's and the last one's.
        parts: what is in force of it.
        arrived_at: when the first of it came.
        state: arrived, running, awaited, overdue or never_due.
    """

    source: str
    period: str
    period_end: date
    due_day: date | None
    periods_ago: int
    is_open: bool
    parts: tuple[str, ...]
    arrived_at: datetime | None
    state: str

    def lacks(self, part: str) -> bool:
        """Tell whether a file of the part would bring what is not there; utama is all of them."""
        if part == MAIN_PART:
            return not self.parts
        return not {part, MAIN_PART} & set(self.parts)


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


def due_periods(warehouse: Warehouse, office: str) -> list[Due]:
    """Return what is due of an office as known now, by source, the newest period first."""
    found = warehouse.rows(
        "SELECT source, period, period_end, due_day, periods_ago, is_open, parts, arrived_at,"
        " state FROM ops.due(:office, ops.instant())",
        office=office,
    )
    return [Due(**{**row, "parts": tuple(row["parts"])}) for row in found]
