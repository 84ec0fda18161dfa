"""Plan: compare what is wanted with what a server holds; reads only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from flows.metabase.api.client import NEWEST_TESTED
from flows.metabase.api.server import Canonical, Confused, Server
from flows.metabase.kinds import database, groups
from flows.metabase.kinds.differences import Differences, checksum, compare, same
from flows.metabase.kinds.objects import KINDS, WITHOUT_ID, all_wanted, kind_of
from flows.metabase.store import Remembered

Action = Literal["create", "adopt", "change", "keep"]


class NotAPlan(ValueError):
    """A file does not hold a plan; the message is Indonesian."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done with one object.

    Attributes:
        key: of the object.
        action: make it; remember one that is there, changed where it must be; change it; nothing.
        differences: leaf by leaf.
        seen: checksum of what was there, by which a later edit is noticed; None for nothing.
        secret: whether a password has to be sent again.
    """

    key: str
    action: Action
    differences: Differences = field(default_factory=Differences)
    seen: str | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a server differs in.

    Attributes:
        changes: one per wanted object, in order.
        leftover: keys that are remembered but wanted no more; `prune` archives them.
        version: of the server.
    """

    changes: tuple[Change, ...]
    leftover: tuple[str, ...]
    version: tuple[int, int]

    @property
    def pending(self) -> list[Change]:
        """Return the changes that are to be carried out."""
        return [one for one in self.changes if one.action != "keep"]

    @property
    def seen(self) -> dict[str, str | None]:
        """Return the checksum of what was there, by key; None for nothing."""
        return {one.key: one.seen for one in self.changes}

    def keep(self, file: Path) -> None:
        """Write down what was seen, for an `apply` that comes later."""
        file.write_text(json.dumps(self.seen, indent=2) + "\n", encoding="utf-8")

    @property
    def is_untested(self) -> bool:
        """Tell whether the server is newer than any that this was written for."""
        return self.version > NEWEST_TESTED


def kept(file: Path) -> dict[str, str | None]:
    """Return what a plan that was kept saw.

    Raises:
        NotAPlan: the file holds something else.
    """
    text = file.read_text(encoding="utf-8")
    try:
        seen = json.loads(text)
    except ValueError:
        seen = None
    if not isinstance(seen, dict):
        raise NotAPlan(f"{file} bukan rencana dari `iku metabase plan --out`.")
    return seen


def make(server: Server, remembered: Mapping[str, Remembered]) -> Plan:
    """Compare everything.

    The ids that hold are remembered in `server.names`.

    Raises:
        Confused: two objects bear one marker.
    """
    version = server.client.version()
    wanted = all_wanted(server)
    there = _look(server, wanted, remembered)
    changes = [
        _change(server, key, want, there[key], remembered.get(key)) for key, want in wanted.items()
    ]
    leftover = [key for key, row in remembered.items() if key not in wanted and not row.is_archived]
    return Plan(tuple(changes), tuple(sorted(leftover)), version)


def secret_checksum(server: Server, key: str) -> str | None:
    """Return the checksum of the password that an object is sent with; None for the others."""
    if key != database.KEY:
        return None
    return hashlib.sha256(server.address.password.encode()).hexdigest()


def read(server: Server, key: str) -> Canonical | None:
    """Return an object as it is on the server now; None when there is none."""
    kind = kind_of(key)
    if kind not in WITHOUT_ID and key not in server.names.ids:
        return None
    return KINDS[kind].read(server, key, server.names.ids.get(key))


def locate(server: Server, kind: str, missing: list[str]) -> None:
    """Look for objects by their marker, in the trash too, and remember their ids.

    Raises:
        Confused: two objects bear one marker.
    """
    found = KINDS[kind].find(server)
    for key in missing:
        ids = found.get(key, [])
        if len(ids) > 1:
            raise Confused(
                f"Di Metabase ada {len(ids)} objek untuk {key} (nomor {', '.join(map(str, ids))}). "
                "Sisakan satu, lalu jalankan lagi."
            )
        if ids:
            server.names.learn(key, ids[0])


def _look(
    server: Server, wanted: Mapping[str, Canonical], remembered: Mapping[str, Remembered]
) -> dict[str, Canonical | None]:
    """Return every wanted object as it is: by the id remembered, else by its marker."""
    groups.learn_built_in(server)
    for key, row in remembered.items():
        if row.remote_id is not None:
            server.names.learn(key, row.remote_id)
            server.parts[key] = {name: dict(ids) for name, ids in row.parts.items()}
    there: dict[str, Canonical | None] = {}
    for kind in KINDS:
        keys = [key for key in wanted if kind_of(key) == kind]
        there |= {key: read(server, key) for key in keys}
        missing = [key for key in keys if there[key] is None]
        for key in missing:
            server.names.forget(key)
        if missing and kind not in WITHOUT_ID:
            locate(server, kind, missing)
            # All again: dashboards name each other.
            there |= {key: read(server, key) for key in keys if key in server.names.ids}
    return there


def _change(
    server: Server,
    key: str,
    want: Canonical,
    there: Canonical | None,
    row: Remembered | None,
) -> Change:
    if there is None:
        return Change(key, "create", compare(want, {}, None))
    known = row is not None and row.remote_id == server.names.ids.get(key) and not row.is_archived
    last: Any = row.canonical if row is not None and known else None
    differences = compare(want, there, last)
    secret = secret_checksum(server, key) != (row.secret_sha256 if row else None)
    action: Action
    if not known and kind_of(key) not in WITHOUT_ID:
        action = "adopt"
    elif differences or secret:
        action = "change"
    else:
        # As wanted, but the last run broke off before it remembered so.
        action = "keep" if known and same(last, there) else "adopt"
    return Change(key, action, differences, checksum(there), secret)
