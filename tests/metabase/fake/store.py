"""What the stand-in holds, and the rules for ids, times and graphs."""

from __future__ import annotations

import itertools
import random
import string
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.metabase.fake.errors import not_found

Row = dict[str, Any]

KINDS = (
    "user", "api_key", "database", "table", "field", "collection", "card", "dashboard", "group",
    "dashcard", "tab",
)  # fmt: skip

DEFAULT_SETTINGS: dict[str, Any] = {
    "site-name": "Metabase", "site-locale": "en", "report-timezone": None,
    "start-of-week": "sunday", "anon-tracking-enabled": True, "check-for-updates": True,
    "enable-public-sharing": True, "enable-xrays": True, "custom-formatting": {},
    "custom-homepage": False, "custom-homepage-dashboard": None, "humanization-strategy": "simple",
    "custom-geojson": {}, "application-name": "Metabase", "admin-email": None,
}  # fmt: skip


@dataclass
class Call:
    """One request as a handler sees it."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    user: Row | None = None
    session: str | None = None

    def flag(self, name: str) -> bool:
        return self.query.get(name, ["false"])[-1] == "true"


@dataclass
class Route:
    method: str
    pattern: str
    handler: Callable[..., Any]
    who: str  # public | user | admin


ROUTES: list[Route] = []


def route(method: str, pattern: str, who: str = "user") -> Callable[[Any], Any]:
    """Register a handler; `{id}` matches digits only, `{key}` a segment."""

    def register(handler: Callable[..., Any]) -> Callable[..., Any]:
        ROUTES.append(Route(method, pattern, handler, who))
        return handler

    return register


@dataclass
class Store:
    """The state of one instance."""

    seed: int = 0
    version: str = "v0.63.2"
    sync_polls: int = 2
    initializing: int = 0
    env_settings: dict[str, Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.used: dict[str, set[int]] = {}
        self.rows: dict[str, dict[int, Row]] = {kind: {} for kind in KINDS}
        self.sessions: dict[str, int] = {}
        self.settings: dict[str, Any] = {}
        self.setup_token = self.uuid()
        self.revision = {"collection": 0, "permissions": 0}
        self.collection_graph: dict[int, dict[Any, str]] = {}
        self.permissions_graph: dict[int, dict[int, Row]] = {}
        self.pending_sync: dict[int, int] = {}
        self.clock = itertools.count(1)
        self.everyone = self._built_in("All Users", "all-internal-users")
        self.admins = self._built_in("Administrators", "admin")

    def _built_in(self, name: str, magic: str) -> Row:
        """Make a group as Metabase comes with it: everybody may write at the top."""
        group = self.add("group", {"name": name, "magic_group_type": magic})
        self.permissions_graph[group["id"]] = {}
        self.collection_graph[group["id"]] = {"root": "write"}
        return group

    def new_id(self, kind: str) -> int:
        """Return an id of a shuffled sequence of this instance."""
        used = self.used.setdefault(kind, set())
        while True:
            number = self.random.randrange(11, 99_999)
            if number not in used:
                used.add(number)
                return number

    def uuid(self) -> str:
        digits = "".join(self.random.choices("0123456789abcdef", k=32))
        return "-".join(
            (digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:])
        )

    def entity_id(self) -> str:
        return "".join(self.random.choices(string.ascii_letters + string.digits, k=21))

    def now(self) -> str:
        return datetime.fromtimestamp(1_700_000_000 + next(self.clock), UTC).isoformat()

    def add(self, kind: str, row: Row) -> Row:
        number, now = self.new_id(kind), self.now()
        added = {**row, "id": number, "created_at": now, "updated_at": now}
        self.rows[kind][number] = added
        return added

    def get(self, kind: str, number: Any) -> Row:
        """Return a row, or refuse as the server does when it is missing."""
        row = self.rows[kind].get(int(number))
        if row is None:
            raise not_found()
        return row

    def touch(self, row: Row, changes: Row) -> None:
        row.update(changes)
        row["updated_at"] = self.now()

    def inside(self, collection: Row | None) -> list[Row]:
        """Return the collections on the way from the top, this one last."""
        path: list[Row] = []
        while collection is not None:
            path.insert(0, collection)
            collection = self.rows["collection"].get(collection["parent_id"] or 0)
        return path

    def inherit(self, collection: Row) -> None:
        """Give a new collection the rights of its parent; the graph's revision moves."""
        parent: Any = collection["parent_id"] or "root"
        for rights in self.collection_graph.values():
            rights[collection["id"]] = rights.get(parent, "none")
        self.revision["collection"] += 1
