"""Compile a question's SQL as Metabase does: {{tags}} become bound values, [[blocks]] may drop.

Pure. Field filters, snippets and cards as tables are not used here, so they are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

TagType = Literal["text", "number", "date", "boolean"]

# A comment is one token: what looks like a tag in it is left alone.
TOKEN = re.compile(r"--[^\n]*|/\*.*?\*/|\[\[|\]\]|\{\{|\}\}", re.DOTALL)
NAME = re.compile(r"[a-z][a-z0-9_]*")
CASTS: Mapping[str, str] = {
    "text": "varchar",
    "number": "numeric",
    "date": "date",
    "boolean": "boolean",
}
"""Types under which the driver of Metabase binds a value; text is never of unknown type."""


class BadSql(ValueError):
    """The SQL cannot be compiled."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A place for a value.

    Attributes:
        type: how the value is bound.
        default: used when none is given.
        required: whether the question fails without a value.
    """

    type: TagType
    default: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that is sent beside the SQL."""

    type: TagType
    value: Any


@dataclass(frozen=True, slots=True)
class _Place:
    name: str


@dataclass(frozen=True, slots=True)
class _Block:
    parts: tuple[Any, ...]


def names(sql: str) -> list[str]:
    """Return the names of the tags, each once, in order."""
    found: dict[str, None] = {}
    for part in _flat(_parse(sql)):
        if isinstance(part, _Place):
            found[part.name] = None
    return list(found)


def compiled(sql: str, tags: Mapping[str, Tag], values: Mapping[str, Any]) -> list[str | Bound]:
    """Return the SQL as text and bound values in turn.

    Args:
        sql: with tags and optional blocks.
        tags: every tag of the SQL by name.
        values: by name of the tag; None or an empty list is "supplied empty", which also silences
            a default.

    Raises:
        BadSql: the SQL is malformed, or a value is missing where it must be.
    """
    return _joined(_write(_parse(sql), tags, values))


def for_psycopg2(parts: Sequence[str | Bound]) -> tuple[str, list[Any]]:
    """Return the query and its values for psycopg2, every value with its type written out."""
    query, bound = "", []
    for part in parts:
        if isinstance(part, Bound):
            whole = part.type == "number" and isinstance(part.value, int)
            query += f"CAST(%s AS {'int8' if whole else CASTS[part.type]})"
            bound.append(part.value)
        else:
            query += part.replace("%", "%%")
    return query, bound


def _parse(sql: str) -> tuple[Any, ...]:
    return tuple(_sequence(iter(_tokens(sql)), end=None))


def _tokens(sql: str) -> Iterator[str]:
    start = 0
    for found in TOKEN.finditer(sql):
        if found.start() > start:
            yield sql[start : found.start()]
        yield found[0]
        start = found.end()
    if start < len(sql):
        yield sql[start:]


def _sequence(tokens: Iterator[str], end: str | None) -> Iterator[Any]:
    for token in tokens:
        if token == end:
            return
        if token == "[[":
            if end is not None:
                raise BadSql("a block inside a block")
            block = tuple(_sequence(tokens, "]]"))
            if not any(isinstance(part, _Place) for part in block):
                raise BadSql("a block without a tag")
            yield _Block(block)
        elif token == "{{":
            yield _place(tokens)
        elif token in ("]]", "}}"):
            raise BadSql(f"{token} without its opening")
        else:
            yield token
    if end is not None:
        raise BadSql("found '[[' or '{{' with no matching end")


def _place(tokens: Iterator[str]) -> _Place:
    name = next(tokens, "").strip()
    if not NAME.fullmatch(name) or next(tokens, "") != "}}":
        raise BadSql(f"{{{{{name}}}}} is no tag that is used here")
    return _Place(name)


def _flat(parts: Sequence[Any]) -> Iterator[Any]:
    for part in parts:
        if isinstance(part, _Block):
            yield from _flat(part.parts)
        else:
            yield part


def _write(
    parts: Sequence[Any], tags: Mapping[str, Tag], values: Mapping[str, Any]
) -> Iterator[str | Bound]:
    for part in parts:
        if isinstance(part, _Block):
            wanted = [item.name for item in part.parts if isinstance(item, _Place)]
            if all(_value(name, tags, values) for name in wanted):
                yield from _write(part.parts, tags, values)
        elif isinstance(part, _Place):
            chosen = _value(part.name, tags, values)
            if not chosen:
                raise BadSql(f"Cannot run the query: missing required parameters: {part.name}")
            for place, one in enumerate(chosen):
                if place:
                    yield ", "
                yield Bound(tags[part.name].type, one)
        else:
            yield part


def _value(name: str, tags: Mapping[str, Tag], values: Mapping[str, Any]) -> list[Any]:
    """Return the values of a tag: given, else, unless given empty, its default; may be none."""
    if name not in tags:
        raise BadSql(f"no tag is declared for {{{{{name}}}}}")
    tag = tags[name]
    given = _listed(values.get(name))
    if given or (name in values and not tag.required):
        return given
    default = _listed(tag.default)
    if not default and tag.required:
        raise BadSql(f"You'll need to pick a value for '{name}' before this query can run.")
    return default


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _joined(parts: Iterator[str | Bound]) -> list[str | Bound]:
    joined: list[str | Bound] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
