"""Folders: the collections in which our questions and dashboards lie."""

from __future__ import annotations

from typing import Any

from flows.metabase.api.client import MetabaseError
from flows.metabase.api.server import Canonical, Server, by_marker, is_ours, marked


def wanted(server: Server) -> dict[str, Canonical]:
    """Return our collections, parents first."""
    listed = sorted(server.specs.site.collections, key=lambda one: one.parent is not None)
    return {
        f"collection/{one.key}": {
            "name": one.title,
            "description": marked(one.description, f"collection/{one.key}"),
            "parent": f"collection/{one.parent}" if one.parent else None,
            "archived": False,
        }
        for one in listed
    }


class Folders:
    """Collections, told by the marker in their description."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return the ids of our collections, also of those in the trash."""
        listed: list[Any] = []
        for archived in ("false", "true"):
            answer = server.client.read(
                "/api/collection",
                archived=archived,
                **{"exclude-other-user-collections": "true"},
            )
            listed += [row for row in answer if isinstance(row.get("id"), int)]
        return by_marker(listed)

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return a collection; None when it is gone or bears another marker."""
        try:
            row = server.client.read(f"/api/collection/{remote_id}")
        except MetabaseError as error:
            if error.is_missing:
                return None
            raise
        if not is_ours(server, key, row):
            return None
        return {
            "name": row["name"],
            "description": row["description"],
            "parent": server.names.key("collection", row.get("parent_id")),
            "archived": row["archived"],
        }

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Make a collection."""
        body = _body(server, wanted)
        del body["archived"]
        return server.client.create("/api/collection", body)

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Change a collection; `archived` is always sent, as its default un-archives."""
        body = _body(server, wanted)
        server.client.request("PUT", f"/api/collection/{remote_id}", body=body)


def _body(server: Server, wanted: Canonical) -> dict[str, Any]:
    parent = wanted["parent"]
    return {
        "name": wanted["name"],
        "description": wanted["description"],
        "parent_id": server.names.id(parent) if parent else None,
        "archived": wanted["archived"],
    }
