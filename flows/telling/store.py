"""The ledgers of telling: messages, each sent once to each target, and refreshes that ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from flows.telling import notify
from flows.telling.notify import Target
from flows.warehouse.connection import Warehouse, rows

SEND_CLASS = 20241  # keeps these advisory locks apart from those of the offices
KEPT_TRYING = "3 days"
"""How long a message is worth sending, to a target that was out of reach or is new."""


def write(
    warehouse: Warehouse, *, key: str, office: str, kind: str, title: str, body: str, at: datetime
) -> bool:
    """Write a message to be sent; False when one with this key was written before."""
    return bool(
        warehouse.rows(
            "INSERT INTO ops.message (key, office, kind, title, body, written_at)"
            " VALUES (:key, :office, :kind, :title, :body, :at)"
            " ON CONFLICT (key) DO NOTHING RETURNING message_id",
            key=key,
            office=office,
            kind=kind,
            title=title,
            body=body,
            at=at,
        )
    )


def is_written(warehouse: Warehouse, key: str) -> bool:
    """Tell whether a message with this key was written."""
    return bool(warehouse.rows("SELECT FROM ops.message WHERE key = :key", key=key))


def last_written(warehouse: Warehouse, office: str, kind: str) -> datetime | None:
    """Return when the newest message of a kind was written for an office."""
    found = warehouse.rows(
        "SELECT max(written_at) AS at FROM ops.message WHERE office = :office AND kind = :kind",
        office=office,
        kind=kind,
    )
    at: datetime | None = found[0]["at"]
    return at


def send_waiting(warehouse: Warehouse, targets: list[Target]) -> int:
    """Try once to send to each target what it has not got; return how many are still waiting."""
    return sum(
        not _sent(warehouse, target, message_id)
        for target in targets
        for message_id in _waiting(warehouse, target)
    )


def _waiting(warehouse: Warehouse, target: Target) -> list[int]:
    found = warehouse.rows(
        "SELECT message_id FROM ops.message AS message"
        " WHERE written_at > ops.instant() - CAST(:kept AS interval) AND NOT EXISTS ("
        "   SELECT FROM ops.message_attempt AS attempt"
        "   WHERE attempt.message_id = message.message_id AND target = :target"
        "   AND outcome = 'sent')"
        " ORDER BY message_id",
        kept=KEPT_TRYING,
        target=target.name,
    )
    return [row["message_id"] for row in found]


def _sent(warehouse: Warehouse, target: Target, message_id: int) -> bool:
    """Send a message unless somebody has, or is just sending it, and note what came of it.

    The message stays locked meanwhile; a sender that hangs loses the lock, as any connection that
    is idle in a transaction is ended.
    """
    with warehouse.transaction() as connection:
        is_mine = connection.execute(
            text("SELECT pg_try_advisory_xact_lock(:class, hashtext(:what))"),
            {"class": SEND_CLASS, "what": f"{message_id} {target.name}"},
        ).scalar_one()
        found = rows(
            connection,
            "SELECT title, body, EXISTS (SELECT FROM ops.message_attempt AS attempt"
            "   WHERE attempt.message_id = message.message_id AND target = :target"
            "   AND outcome = 'sent') AS is_sent"
            " FROM ops.message AS message WHERE message_id = :message",
            message=message_id,
            target=target.name,
        )[0]
        if not is_mine or found["is_sent"]:
            return True
        is_sent = notify.send(target, found["title"], found["body"])
        connection.execute(
            text(
                "INSERT INTO ops.message_attempt (message_id, target, outcome, at)"
                " VALUES (:message, :target, :outcome, ops.instant())"
            ),
            {
                "message": message_id,
                "target": target.name,
                "outcome": "sent" if is_sent else "failed",
            },
        )
    return is_sent


def record_refresh(warehouse: Warehouse, office: str, who: str, failure: str) -> None:
    """Add a refresh that has just ended; `failure` is empty when all went well."""
    warehouse.rows(
        "INSERT INTO ops.refresh (office, ended_at, who, failure)"
        " VALUES (:office, ops.instant(), :who, :failure) RETURNING refresh_id",
        office=office,
        who=who,
        failure=failure,
    )


def refreshes_between(
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


def last_good_refresh(warehouse: Warehouse, office: str) -> datetime | None:
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
