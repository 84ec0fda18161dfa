"""Permissions: what each group may do with our collections and our database; nothing else.

Both graphs are of the whole server. Only the pairs that differ are sent, and the row of the
administrators is compared before and after.
"""

from __future__ import annotations

from typing import Any

from flows.metabase.api.client import MetabaseError
from flows.metabase.api.server import Canonical, Confused, Server
from flows.metabase.kinds import database, groups

TRIES = 3
COLLECTIONS = "permission/collection"
DATABASE = "permission/database"
LEAST = {"view-data": "blocked", "create-queries": "no"}
"""What the graph leaves out."""


def wanted(server: Server) -> dict[str, Canonical]:
    """Return the rights of our groups and of all users."""
    site = server.specs.site
    listed = [*site.groups, site.everyone]
    return {
        DATABASE: {
            f"group/{group.key}": {
                # Without the paid edition anything else is refused.
                "view-data": "unrestricted",
                "create-queries": group.queries,
            }
            for group in listed
        },
        COLLECTIONS: {
            f"group/{group.key}": {
                f"collection/{one.key}": group.collection for one in site.collections
            }
            for group in listed
        },
    }


class Permissions:
    """The two graphs; they have no id and are never made."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return nothing."""
        return {}

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return the pairs that concern us; what does not exist yet has the least right."""
        return _ours(server, key, _graph(server, key)["groups"])

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Never called: `read` always answers."""
        raise AssertionError(key)

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Send the pairs that differ; when someone else was first, look again."""
        for tries_left in reversed(range(TRIES)):
            graph = _graph(server, key)
            before = _administrators(server, graph)
            body = {
                "revision": graph["revision"],
                "groups": _differing(server, key, wanted, graph["groups"]),
            }
            try:
                server.client.request("PUT", _path(key), body=body)
            except MetabaseError as error:
                if error.status == 409 and tries_left:
                    continue
                raise
            if _administrators(server, _graph(server, key)) != before:
                raise Confused("Hak para administrator berubah saat hak kami ditulis. Periksa.")
            return


def _path(key: str) -> str:
    return "/api/permissions/graph" if key == DATABASE else "/api/collection/graph"


def _graph(server: Server, key: str) -> Any:
    return server.client.read(_path(key))


def _administrators(server: Server, graph: Any) -> Any:
    return graph["groups"].get(str(server.names.id(groups.ADMINISTRATORS)))


def _ours(server: Server, key: str, given: Any) -> dict[str, Any]:
    known = server.names.ids
    found: dict[str, Any] = {}
    for group, pairs in wanted(server)[key].items():
        row = given.get(str(known.get(group)), {})
        if key == DATABASE:
            rights = row.get(str(known.get(database.KEY)), {})
            found[group] = {name: rights.get(name, least) for name, least in LEAST.items()}
        else:
            found[group] = {one: row.get(str(known.get(one)), "none") for one in pairs}
    return found


def _differing(server: Server, key: str, want: Canonical, given: Any) -> dict[str, Any]:
    have = _ours(server, key, given)
    names = server.names
    body: dict[str, Any] = {}
    for group, pairs in want.items():
        if pairs == have[group]:
            continue
        if key == DATABASE:
            rights: dict[str, Any] = {str(names.id(database.KEY)): dict(pairs)}
        else:
            rights = {
                str(names.id(one)): right
                for one, right in pairs.items()
                if right != have[group][one]
            }
        body[str(names.id(group))] = rights
    return body
