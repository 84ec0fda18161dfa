"""Apply a plan: write what differs, read it back, remember it; safe to break off anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.metabase import plan as plans
from flows.metabase import store as state
from flows.metabase.api.client import Unclear
from flows.metabase.api.server import Canonical, Server
from flows.metabase.kinds.differences import compare
from flows.metabase.kinds.objects import KINDS, WITHOUT_ID, all_wanted, kind_of
from flows.metabase.plan import Change, Plan
from flows.metabase.store import Remembered
from flows.warehouse.connection import Warehouse

LOOKS = 4  # how often a lost object is looked for
PAUSE = 2.0  # seconds between


class EditedMeanwhile(RuntimeError):
    """Somebody changed an object after the plan was made; the message is Indonesian."""


class NotAsWritten(RuntimeError):
    """The server answers something else than what was written; the message is Indonesian."""


@dataclass(slots=True)
class Applied:
    """What was done: keys by action, and how many requests wrote."""

    created: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    writes: int = 0


def refuse_edited(earlier: Mapping[str, str | None], now: Plan) -> None:
    """Compare what a plan that somebody has read saw with one made just now.

    Raises:
        EditedMeanwhile: an object is not as the earlier plan saw it.
    """
    for key, seen in now.seen.items():
        if earlier.get(key) != seen:
            raise EditedMeanwhile(
                f"{key} diubah orang sesudah rencana dibuat. Lihat `iku metabase plan`, "
                "lalu ulangi."
            )


def run(server: Server, warehouse: Warehouse, instance: str, plan: Plan) -> Applied:
    """Carry out a plan that was made just now. The caller holds the lock.

    Args:
        server: as left by `plan.make`.
        warehouse: where it is remembered.
        instance: under this name.
        plan: what to do.

    Raises:
        NotAsWritten: a write did not have its effect.
        Unclear: the answer to a POST got lost and no object can be found; run again later.
    """
    wanted = all_wanted(server)
    done = Applied()
    before = server.client.writes
    unmade = [one for one in plan.changes if one.action == "create"]
    for change in plan.pending:
        if kind_of(change.key) == "dashboard":
            # Dashboards link to each other, so all of them are made before one is filled.
            for other in unmade:
                if kind_of(other.key) == "dashboard" and other.key not in server.names.ids:
                    _make(server, other.key, wanted[other.key])
        _carry_out(server, warehouse, instance, change, wanted[change.key])
        {"create": done.created, "adopt": done.adopted}.get(change.action, done.changed).append(
            change.key
        )
    done.writes = server.client.writes - before
    return done


def _carry_out(
    server: Server, warehouse: Warehouse, instance: str, change: Change, want: Canonical
) -> None:
    key = change.key
    there = plans.read(server, key)
    if there is None:
        _make(server, key, want)
        there = plans.read(server, key)
    if compare(want, there or {}, None) or change.secret:
        KINDS[kind_of(key)].update(server, key, server.names.ids.get(key), want)
        there = plans.read(server, key)
    differences = compare(want, there or {}, None)
    if there is None or differences:
        shown = ", ".join(differences.ours[:5])
        raise NotAsWritten(f"{key}: Metabase tidak menyimpan seperti yang ditulis: {shown}.")
    state.save(warehouse, instance, key, remembered(server, key, there))


def remembered(server: Server, key: str, there: Canonical, archived: bool = False) -> Remembered:
    """Return the row by which an object is known next time."""
    return Remembered(
        remote_id=None if kind_of(key) in WITHOUT_ID else server.names.ids[key],
        canonical=there,
        parts=server.parts.get(key, {}),
        secret_sha256=plans.secret_checksum(server, key),
        is_archived=archived,
    )


def _make(server: Server, key: str, want: Canonical) -> None:
    """Make an object. When the answer is lost it is looked for, never made again."""
    kind = kind_of(key)
    try:
        server.names.learn(key, KINDS[kind].create(server, key, want))
    except Unclear:
        for _ in range(LOOKS):
            plans.locate(server, kind, [key])
            if key in server.names.ids:
                return
            server.client.sleep(PAUSE)
        raise
