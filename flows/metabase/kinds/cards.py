"""Questions: native SQL with its tags, as a card of Metabase."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flows.metabase.api.client import MetabaseError
from flows.metabase.api.server import Canonical, Server, by_marker, is_ours, marked, without_nulls
from flows.metabase.kinds import database
from flows.metabase.specs.filters import Filter
from flows.metabase.specs.questions import Question

COLLECTION = "collection/pertanyaan"
NAMESPACE = uuid.UUID("5b0f4f9c-6f0e-5d0c-9c55-1f6f3a1d7e42")

TAG = ("id", "name", "display-name", "type", "default", "required", "dimension", "widget-type")
PARAMETER = ("id", "name", "slug", "type", "target", "default", "required")

PARAMETER_OF_TAG: Mapping[str, str] = {
    "text": "category",
    "number": "number/=",
    "date": "date/single",
    "boolean": "boolean/=",
}


def wanted(server: Server) -> dict[str, Canonical]:
    """Return every question."""
    return {
        f"card/{question.key}": _card(server, question)
        for question in server.specs.questions.values()
    }


def stable_id(*names: str) -> str:
    """Return an id that the same names always give, on every server."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def tag_target(name: str) -> list[Any]:
    """Return how a parameter points at a tag."""
    return ["variable", ["template-tag", name]]


def _card(server: Server, question: Question) -> dict[str, Any]:
    filters = [server.specs.filters[name] for name in question.tags]
    return {
        "name": question.title,
        "description": marked(question.asks, f"card/{question.key}"),
        "type": "question",
        "display": question.display,
        "collection": COLLECTION,
        "archived": False,
        "database": database.KEY,
        "sql": question.sql,
        "tags": {one.key: _tag(question, one) for one in filters},
        "parameters": [_parameter(question, one) for one in filters],
        "settings": question.settings,
    }


def _tag(question: Question, one: Filter) -> dict[str, Any]:
    return {
        "id": stable_id("card", question.key, one.key),
        "name": one.key,
        "display-name": one.label,
        "type": one.tag,
    }


def _parameter(question: Question, one: Filter) -> dict[str, Any]:
    return {
        "id": stable_id("card", question.key, one.key),
        "type": PARAMETER_OF_TAG[one.tag],
        "target": tag_target(one.key),
        "name": one.label,
        "slug": one.key,
    }


class Cards:
    """Cards, told by the marker in their description."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return the ids of our cards, also of the archived ones."""
        listed: list[Any] = []
        for which in ("all", "archived"):
            listed += server.client.read("/api/card", f=which)
        return by_marker(listed)

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return a card in the older form of queries, in which it was sent."""
        try:
            row = server.client.read(f"/api/card/{remote_id}", **{"legacy-mbql": "true"})
        except MetabaseError as error:
            if error.is_missing:
                return None
            raise
        if not is_ours(server, key, row):
            return None
        query = row["dataset_query"]
        native = query.get("native") or {}
        return {
            "name": row["name"],
            "description": row["description"],
            "type": row["type"],
            "display": row["display"],
            "collection": server.names.key("collection", row["collection_id"]),
            "archived": row["archived"],
            "database": server.names.key("database", query.get("database")),
            "sql": native.get("query"),
            "tags": {
                name: without_nulls(tag, TAG)
                for name, tag in (native.get("template-tags") or {}).items()
            },
            "parameters": [without_nulls(one, PARAMETER) for one in row["parameters"] or ()],
            "settings": row["visualization_settings"],
        }

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Make a card."""
        return server.client.create("/api/card", _body(server, wanted))

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Change a card."""
        body = {**_body(server, wanted), "archived": wanted["archived"]}
        server.client.request("PUT", f"/api/card/{remote_id}", body=body)


def _body(server: Server, wanted: Canonical) -> dict[str, Any]:
    return {
        "name": wanted["name"],
        "description": wanted["description"],
        "type": wanted["type"],
        "display": wanted["display"],
        "collection_id": server.names.id(wanted["collection"]),
        "dataset_query": {
            "type": "native",
            "database": server.names.id(wanted["database"]),
            "native": {"query": wanted["sql"], "template-tags": wanted["tags"]},
        },
        "parameters": wanted["parameters"],
        "parameter_mappings": [],
        "visualization_settings": wanted["settings"],
    }
