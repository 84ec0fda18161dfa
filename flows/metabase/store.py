"""What the warehouse tells of Metabase: what was last written to one, and the marts' comments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from flows.metabase.api.server import Canonical
from flows.warehouse.connection import Warehouse

LOCK = (20241, 63)  # class and key of an advisory lock; one `apply` at a time


class Busy(RuntimeError):
    """Another process is writing; the message is Indonesian."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The newest row of a key.

    Attributes:
        remote_id: None for what has no id.
        canonical: what the server answered after the last write.
        parts: ids of tabs and tiles by key, and the object's own by its entity id.
        secret_sha256: of the password sent with it.
        is_archived: whether it was put away by `prune`.
    """

    remote_id: int | None
    canonical: Canonical
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    secret_sha256: str | None = None
    is_archived: bool = False


def load(warehouse: Warehouse, instance: str) -> dict[str, Remembered]:
    """Return what is remembered of an instance by key."""
    found = warehouse.rows(
        "SELECT DISTINCT ON (key) key, remote_id, parts, canonical, secret_sha256, is_archived"
        " FROM ops.metabase_state WHERE instance = :instance ORDER BY key, state_id DESC",
        instance=instance,
    )
    return {
        row["key"]: Remembered(**{name: row[name] for name in row if name != "key"})
        for row in found
    }


def save(warehouse: Warehouse, instance: str, key: str, row: Remembered) -> None:
    """Append what a key is now."""
    with warehouse.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO ops.metabase_state"
                " (instance, key, remote_id, parts, canonical, secret_sha256, is_archived)"
                " VALUES (:instance, :key, :remote_id, CAST(:parts AS jsonb),"
                " CAST(:canonical AS jsonb), :secret, :is_archived)"
            ),
            {
                "instance": instance,
                "key": key,
                "remote_id": row.remote_id,
                "parts": _json(row.parts),
                "canonical": _json(row.canonical),
                "secret": row.secret_sha256,
                "is_archived": row.is_archived,
            },
        )


def comments_of_marts(warehouse: Warehouse) -> list[Mapping[str, Any]]:
    """Return a row for each column of the views of `mart`, in order.

    Columns: view, name (of the column), about and comment (of view and column; None without one).
    """
    return warehouse.rows(
        "SELECT c.relname AS view, a.attname AS name,"
        " obj_description(c.oid, 'pg_class') AS about,"
        " col_description(c.oid, a.attnum) AS comment"
        " FROM pg_class AS c"
        " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'mart'::regnamespace AND c.relkind = 'v'"
        " ORDER BY c.relname, a.attnum"
    )


@contextmanager
def alone(warehouse: Warehouse) -> Iterator[None]:
    """Hold the lock of those who write to Metabase.

    Raises:
        Busy: somebody holds it.
    """
    given = {"class": LOCK[0], "key": LOCK[1]}
    engine = warehouse.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        taken = text("SELECT pg_try_advisory_lock(:class, :key)")
        if not connection.execute(taken, given).scalar_one():
            raise Busy("Dasbor sedang ditulis oleh proses lain. Tunggu sampai selesai.")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:class, :key)"), given)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
