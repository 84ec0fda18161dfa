"""What a request body must hold: required keys, types, defaults, coercion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.metabase.fake.errors import invalid

Rule = Callable[[Any], Any]


class Wrong(ValueError):
    """A value that a rule refuses."""


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong("value must be a non-blank string.")
    return value


def any_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("value must be a string.")
    return value


def whole(value: Any) -> int:
    if isinstance(value, str) and value.lstrip("-").isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("value must be an integer.")
    return value


def positive(value: Any) -> int:
    if whole(value) <= 0:
        raise Wrong("value must be an integer greater than zero.")
    return whole(value)


def flag(value: Any) -> bool:
    if value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise Wrong("value must be a boolean.")
    return value


def mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Wrong("value must be a map.")
    return value


def sequence(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong("value must be an array.")
    return value


def anything(value: Any) -> Any:
    return value


def one_of(*words: str) -> Rule:
    def rule(value: Any) -> str:
        if value not in words:
            raise Wrong(f"value must be one of: {', '.join(words)}.")
        return value

    return rule


def or_null(rule: Rule) -> Rule:
    return lambda value: None if value is None else rule(value)


def checked(
    body: Any,
    required: Mapping[str, Rule] | None = None,
    optional: Mapping[str, Rule] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the declared keys of a body, coerced, with defaults; unknown keys do nothing."""
    if not isinstance(body, dict):
        raise invalid(_body="value must be a map.")
    found: dict[str, Any] = dict(defaults or {})
    faults: dict[str, str] = {}
    for key, rule in {**(required or {}), **(optional or {})}.items():
        if key in body:
            try:
                found[key] = rule(body[key])
            except Wrong as fault:
                faults[key] = str(fault)
        elif required and key in required:
            faults[key] = "missing required key"
    if faults:
        raise invalid(**faults)
    return found
