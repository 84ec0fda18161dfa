"""The site: what `site.toml` sets once for a server, its folders and groups of users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of Metabase."""

    key: str
    title: str
    description: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users: what it may do with our collections and our database."""

    key: str
    title: str
    collection: str  # read | write | none
    queries: str  # no | query-builder | query-builder-and-native


@dataclass(frozen=True, slots=True)
class Site:
    """What is set once for a server."""

    settings: Mapping[str, Any]
    homepage: str | None
    database: str
    schema: str
    hidden_columns: frozenset[str]
    groups: tuple[Group, ...]
    everyone: Group
    collections: tuple[Collection, ...]


def read_site(body: Mapping[str, Any]) -> Site:
    """Return the site from its file."""

    def group(key: str, given: Mapping[str, Any]) -> Group:
        return Group(key, given.get("title", ""), given["collection"], given["queries"])

    return Site(
        settings=body["settings"],
        homepage=body.get("homepage"),
        database=body["database"]["title"],
        schema=body["database"]["schema"],
        hidden_columns=frozenset(body["database"].get("hidden_columns", ())),
        groups=tuple(group(key, given) for key, given in body["group"].items()),
        everyone=group("everyone", body["everyone"]),
        collections=tuple(
            Collection(key, given["title"], given["description"], given.get("parent"))
            for key, given in body["collection"].items()
        ),
    )
