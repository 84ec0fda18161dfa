"""What the kinds of objects share: the client, the ids of this instance, and where things are.

Every reference in a canonical form is a key such as `card/kartu_skor`; ids, which differ between
instances, are put in and taken out here only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flows.metabase.api.client import MetabaseClient
from flows.metabase.specs.specs import Specs

Canonical = Mapping[str, Any]

ENTITY = "entity"
MARKER = re.compile(r" ?\[iku:(?P<key>[a-z]+/[a-z0-9_-]+)\]\s*$")


class Confused(RuntimeError):
    """Metabase holds what must not be there, such as twins; the message is Indonesian."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where Metabase finds the warehouse."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    ssl: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What people read of a view of the warehouse, and of its columns."""

    title: str
    description: str | None
    columns: Mapping[str, tuple[str, str | None]]


@dataclass(slots=True)
class Names:
    """The ids of an instance by key, and the reverse."""

    ids: dict[str, int] = field(default_factory=dict)
    keys: dict[tuple[str, int], str] = field(default_factory=dict)

    def learn(self, key: str, remote_id: int) -> None:
        """Remember which id a key has."""
        self.forget(key)
        self.ids[key] = remote_id
        self.keys[key.partition("/")[0], remote_id] = key

    def forget(self, key: str) -> None:
        """Remember that a key has no id any more."""
        old = self.ids.pop(key, None)
        if old is not None:
            self.keys.pop((key.partition("/")[0], old), None)

    def id(self, key: str) -> int:
        """Return the id of a key.

        Raises:
            KeyError: it is not known; what is needed first is made first.
        """
        return self.ids[key]

    def key(self, kind: str, remote_id: int | None) -> str | None:
        """Return the key of an id; one that is not ours is told by its number."""
        if remote_id is None:
            return None
        return self.keys.get((kind, remote_id), f"{kind}/#{remote_id}")


@dataclass(slots=True)
class Server:
    """An instance, and what is wanted of it.

    Attributes:
        parts: ids of tabs and tiles of each dashboard by key, and of every marked object its id by
            its entity id, as last known.
        sync_seconds: how long the server may take to read the warehouse's catalogue.
    """

    client: MetabaseClient
    specs: Specs
    address: Address
    labels: Mapping[str, Label]
    names: Names = field(default_factory=Names)
    parts: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    sync_seconds: float = 300


class Kind(Protocol):
    """How one kind of object is found, read and written."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return the ids of all objects of ours by the key they are marked with."""

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return an object in canonical form; None when it is gone or not ours."""

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Make an object and return its id; what it cannot hold yet `update` adds."""

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Make an object as wanted."""


def marked(text: str, key: str) -> str:
    """Return a description with the key at its end, by which it is found again."""
    return f"{text} [iku:{key}]"


def marker(description: str | None) -> str | None:
    """Return the key that a description ends in."""
    found = MARKER.search(description or "")
    return found["key"] if found else None


def is_ours(server: Server, key: str, row: Mapping[str, Any]) -> bool:
    """Tell whether what was read under an id is our object, and remember its entity id.

    An id may be another object's by now, as where Metabase was restored from before ours was made.
    The marker tells; where somebody removed it, the entity id, which Metabase gives only once.
    """
    found = marker(row["description"])
    seen = server.parts.get(key, {}).get(ENTITY, {})
    if found != key and (found is not None or row["entity_id"] not in seen):
        return False
    server.parts.setdefault(key, {})[ENTITY] = {row["entity_id"]: row["id"]}
    return True


def by_marker(items: list[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Return the ids of objects by their marker, each id once."""
    found: dict[str, list[int]] = {}
    for item in items:
        key = marker(item.get("description"))
        if key and item["id"] not in found.setdefault(key, []):
            found[key].append(item["id"])
    return found


def without_nulls(given: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the named entries that are there; a missing one and a null say the same."""
    return {key: given[key] for key in keys if given.get(key) is not None}
