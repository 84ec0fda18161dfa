"""Prune: put away what is wanted no more; archived, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.metabase import store as state
from flows.metabase.api.client import MetabaseError
from flows.metabase.api.server import Server
from flows.metabase.apply import NotAsWritten, remembered
from flows.metabase.kinds.objects import KINDS, kind_of
from flows.metabase.plan import Plan
from flows.metabase.store import Remembered
from flows.warehouse.connection import Warehouse

PATHS: Mapping[str, str] = {
    "dashboard": "/api/dashboard",
    "card": "/api/card",
    "collection": "/api/collection",
}
"""What can be archived, in the order in which it is."""


@dataclass(slots=True)
class Pruned:
    """What was put away, and what was left with the reason, Indonesian."""

    archived: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def run(
    server: Server,
    warehouse: Warehouse,
    instance: str,
    plan: Plan,
    rows: Mapping[str, Remembered],
) -> Pruned:
    """Archive what `plan` found to be left over. The caller holds the lock.

    Raises:
        NotAsWritten: a write did not have its effect.
    """
    done = Pruned()
    for key in plan.leftover:
        if kind_of(key) not in PATHS:
            done.left[key] = "tidak diarsipkan; hapus sendiri di Metabase bila memang tidak dipakai"
    order = list(PATHS)
    leftover = [key for key in plan.leftover if kind_of(key) in PATHS]
    for key in sorted(leftover, key=lambda one: order.index(kind_of(one))):
        reason = _archive(server, key, rows[key])
        if reason:
            done.left[key] = reason
            continue
        there = KINDS[kind_of(key)].read(server, key, rows[key].remote_id) or {}
        if not there.get("archived", True):
            raise NotAsWritten(f"{key}: Metabase tidak mengarsipkannya.")
        done.archived.append(key)
        state.save(warehouse, instance, key, remembered(server, key, there, archived=True))
    return done


def _archive(server: Server, key: str, row: Remembered) -> str | None:
    """Archive an object; return why not, if it is left."""
    kind = kind_of(key)
    if KINDS[kind].read(server, key, row.remote_id) is None:
        return None  # gone already
    if kind == "card":
        elsewhere = _foreign_dashboards(server, row.remote_id)
        if elsewhere:
            return "masih dipakai di dasbor lain: " + ", ".join(elsewhere)
    body: dict[str, Any] = {"archived": True}
    if kind == "collection":
        # Its PUT fills in defaults, so the name goes with it.
        body["name"] = row.canonical["name"]
    server.client.request("PUT", f"{PATHS[kind]}/{row.remote_id}", body=body)
    return None


def _foreign_dashboards(server: Server, card_id: int | None) -> list[str]:
    try:
        listed = server.client.read(f"/api/card/{card_id}/dashboards")
    except MetabaseError as error:
        if error.is_missing:
            return []
        raise
    return [one["name"] for one in listed if ("dashboard", one["id"]) not in server.names.keys]
