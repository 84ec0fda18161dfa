"""Labels: what the comments of the marts say, for people who look at the tables in Metabase.

The text of a comment before the first colon is the name, the rest the description.
"""

from __future__ import annotations

from flows.metabase import store
from flows.metabase.api.server import Label
from flows.warehouse.connection import Warehouse


def of_marts(warehouse: Warehouse) -> dict[str, Label]:
    """Return the label of every view of `mart` by its name."""
    columns: dict[str, dict[str, tuple[str, str | None]]] = {}
    about: dict[str, tuple[str, str | None]] = {}
    for row in store.comments_of_marts(warehouse):
        about[row["view"]] = split(row["about"], row["view"])
        columns.setdefault(row["view"], {})[row["name"]] = split(row["comment"], row["name"])
    return {view: Label(*about[view], columns[view]) for view in about}


def split(comment: str | None, name: str) -> tuple[str, str | None]:
    """Return name and description; an object without a comment keeps its own name."""
    title, _, description = (comment or "").partition(":")
    readable = name.replace("_", " ").capitalize()
    return title.strip() or readable, description.strip() or None
