"""What was tried at a slice before, and what of it is in force: is a file news, may it stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from flows.landing.store import BY_HAND, Arrival, Slice
from flows.warehouse import references
from flows.warehouse.connection import rows
from schemas.source import MAIN_PART

MIXED_PARTS = "bagian_bercampur"
"""The rule that a part breaks which cannot stand beside what is in force of its period."""


def unchanged(connection: Connection, slice_: Slice, arrival: Arrival) -> int | None:
    """Return the load that already says what this file says, or None when it is news.

    That is the load in force, where bytes and contract are its own, unless a newer attempt was
    refused and this file answers it: see `_answers_a_refusal`. What a person lands by hand is news
    in every other case. What a door brings by itself, night after night, is no news either
    when the slice's newest attempt, or the newest that this door made, had the same bytes and
    still stands: see `_stands`.
    """
    attempts = _attempts(connection, slice_)
    held = next((attempt for attempt in attempts if attempt["is_in_force"]), None)
    if held is not None and _is_same(held, arrival) and not _answers_a_refusal(attempts, arrival):
        return int(held["load_id"])
    if arrival.door == BY_HAND:
        return None
    brought = [attempt for attempt in attempts if attempt["door"] == arrival.door]
    for attempt in (*attempts[:1], *brought[:1]):
        if attempt["sha256"] == arrival.sha256 and _stands(
            connection, attempt, held, slice_, arrival
        ):
            return int(attempt["load_id"])
    return None


def _attempts(connection: Connection, slice_: Slice) -> list[Mapping[str, Any]]:
    """Return all attempts at a slice, the newest first."""
    return rows(
        connection,
        """
        SELECT
            load.load_id, load.door, load.sha256, load.contract_fingerprint, load.status,
            load.references_at, load.reasons, held.load_id IS NOT NULL AS is_in_force
        FROM ops.load AS load
        LEFT JOIN ops.in_force(:office, ops.instant()) AS held ON held.load_id = load.load_id
        WHERE load.office = :office AND load.source = :source AND load.period = :period
            AND load.part = :part
        ORDER BY load.load_id DESC
        """,
        office=slice_.office,
        source=slice_.source,
        period=slice_.period,
        part=slice_.part,
    )


def _is_same(attempt: Mapping[str, Any], arrival: Arrival) -> bool:
    return (attempt["sha256"], attempt["contract_fingerprint"]) == (
        arrival.sha256,
        arrival.contract_fingerprint,
    )


def _answers_a_refusal(attempts: Sequence[Mapping[str, Any]], arrival: Arrival) -> bool:
    """Tell whether a file that is in force comes again in the place of a refused one.

    It does by hand, or through the door that brought the refused one: taken anew, it closes what
    that one left open. Another door knows nothing of it and only brings what it always brings.
    """
    newest = attempts[0]
    return newest["status"] == "refused" and arrival.door in (BY_HAND, newest["door"])


def _stands(
    connection: Connection,
    attempt: Mapping[str, Any],
    held: Mapping[str, Any] | None,
    slice_: Slice,
    arrival: Arrival,
) -> bool:
    """Tell whether an earlier attempt at the same bytes still is the answer to them.

    A file that something newer in force has replaced stays replaced, whatever else changed. Else
    another contract asks again. Under the same one a file that was in stays in, or withdrawn; a
    refused one is tried again when a reference was recorded since, and when the parts that stood
    in its way are no longer in force.
    """
    if held is not None and held["load_id"] > attempt["load_id"]:
        return True
    if not _is_same(attempt, arrival):
        return False
    if attempt["status"] == "landed":
        return True
    is_freed = any(reason["rule"] == MIXED_PARTS for reason in attempt["reasons"]) and not (
        parts_in_the_way(connection, slice_)
    )
    return attempt["references_at"] >= references.newest(connection) and not is_freed


@dataclass(frozen=True, slots=True)
class Before:
    """The load that a file would stand in the place of, or come after."""

    load_id: int
    period: str
    period_year: int
    accepted: int


def before(connection: Connection, slice_: Slice, *, across: bool) -> Before | None:
    """Return the load in force of the slice; with `across`, else that of the period before it.

    The period before is the latest one of the same year or the year before that has a load.
    """
    found = rows(
        connection,
        """
        SELECT load_id, period, period_year, accepted FROM ops.in_force(:office, ops.instant())
        WHERE source = :source AND part = :part AND (
            period = :period
            OR (:across AND period_end < :period_end AND period_year >= :period_year - 1)
        )
        ORDER BY period_end DESC LIMIT 1
        """,
        **asdict(slice_),
        across=across,
    )
    return Before(**found[0]) if found else None


def parts_in_the_way(connection: Connection, slice_: Slice) -> list[str]:
    """Return the parts in force of the period that this part cannot stand beside."""
    found = rows(
        connection,
        "SELECT part FROM ops.in_force(:office, ops.instant())"
        " WHERE source = :source AND period = :period"
        " AND (part = :main) <> (CAST(:part AS text) = :main) ORDER BY part",
        office=slice_.office,
        source=slice_.source,
        period=slice_.period,
        part=slice_.part,
        main=MAIN_PART,
    )
    return [row["part"] for row in found]
