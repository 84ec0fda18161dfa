"""Run a card on the real Postgres as metabase_reader; compiles by rules of its own.

Written apart from the code under test, so that each checks the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg2

CAP = 2000
BLOCK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
TAG = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")

# Which type of value may be sent for a tag (contract 2.4).
ACCEPTED: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text", "string/=", "category", "id"}),
    "number": frozenset({"number", "number/=", "category", "id"}),
    "date": frozenset({"date", "date/single"}),
}
DRIVER: Mapping[str, str] = {"text": "varchar", "number": "int8", "date": "date"}
BASE_TYPES: Mapping[int, str] = {
    16: "type/Boolean", 20: "type/BigInteger", 21: "type/Integer", 23: "type/Integer",
    25: "type/Text", 1043: "type/Text", 1700: "type/Decimal", 1082: "type/Date",
    1184: "type/DateTimeWithLocalTZ", 114: "type/JSON", 3802: "type/JSON", 701: "type/Float",
    1009: "type/Array",
}  # fmt: skip


class QueryFails(Exception):
    """A query that is answered with 202 and status failed."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def compiled(
    query: str, tags: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any]
) -> tuple[str, list[Any]]:
    """Return the query and its bound values for psycopg2."""
    chosen = {name: _value(tag, values) for name, tag in tags.items()}

    def block(found: re.Match[str]) -> str:
        names = TAG.findall(found[1])
        return found[1] if all(chosen.get(name) for name in names) else ""

    bound: list[Any] = []

    def place(found: re.Match[str]) -> str:
        value = chosen.get(found[1])
        if not value:
            raise QueryFails(
                f"Cannot run the query: missing required parameters: {found[1]}",
                "missing-required-parameter",
            )
        bound.extend(value)
        kind = DRIVER[tags[found[1]]["type"]]
        return ", ".join(f"%s::{kind}" for _ in value)

    return TAG.sub(place, BLOCK.sub(block, query).replace("%", "%%")), bound


def _value(tag: Mapping[str, Any], values: Mapping[str, Any]) -> list[Any]:
    given = values.get(tag["name"], tag.get("default"))
    if given is None or given == "" or given == []:
        return []
    return given if isinstance(given, list) else [given]


def values_of(
    card: str, tags: Mapping[str, Mapping[str, Any]], parameters: list[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the values by tag; refuse unknown tags and types that do not fit."""
    values = {}
    for one in parameters:
        kind, (_, name) = one["target"]
        if name not in tags:
            raise QueryFails(
                f'Card {card} does not have a template tag named "{name}"', "invalid-parameter"
            )
        if kind != "variable" or one["type"] not in ACCEPTED[tags[name]["type"]]:
            raise QueryFails(f"Invalid parameter value type: {one['type']}", "invalid-parameter")
        values[name] = one["value"]
    return values


_CONNECTIONS: dict[tuple[Any, ...], Any] = {}


def _connection(details: Mapping[str, Any], time_zone: str) -> Any:
    """Return a connection of the pool, as the real server has one."""
    names = ("host", "port", "dbname", "user", "password")
    key = (*(details[name] for name in names), time_zone)
    if key not in _CONNECTIONS:
        _CONNECTIONS[key] = psycopg2.connect(
            **{name: details[name] for name in names}, options=f"-c TimeZone={time_zone}"
        )
        _CONNECTIONS[key].autocommit = True
    return _CONNECTIONS[key]


def close_connections() -> None:
    while _CONNECTIONS:
        _CONNECTIONS.popitem()[1].close()


def rows_of(
    details: Mapping[str, Any], time_zone: str, text: str, bound: list[Any]
) -> tuple[list[dict[str, Any]], list[list[Any]], bool]:
    """Return columns, rows and whether more than the cap were there."""
    with _connection(details, time_zone).cursor() as cursor:
        try:
            cursor.execute(text, bound)
            rows = cursor.fetchmany(CAP + 1)
        except psycopg2.Error as error:
            raise QueryFails(f"ERROR: {error.diag.message_primary}", "invalid-query") from error
        columns = [
            {
                "name": column.name,
                "display_name": column.name,
                "base_type": BASE_TYPES.get(column.type_code, "type/*"),
                "effective_type": BASE_TYPES.get(column.type_code, "type/*"),
                "semantic_type": None,
                "field_ref": ["field", column.name, {"base-type": "type/Text"}],
                "source": "native",
            }
            for column in cursor.description
        ]
    return columns, [[_plain(cell) for cell in row] for row in rows[:CAP]], len(rows) > CAP


def _plain(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return cell
