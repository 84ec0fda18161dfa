"""Filters: one entry each of `filters.toml`, shared by all dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.metabase.specs import native_sql


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of dashboards, and the tag of the same name in the SQL of questions.

    Attributes:
        key: name of the tag.
        label: what the user reads.
        tag: type of the tag.
        parameter: type of the dashboard's widget.
        section: where the editor of dashboards files it.
        values: choices as (value, label); empty when anything may be typed.
        values_from: question, value column and label column that list the choices.
        sample: a value to try the questions with.
    """

    key: str
    label: str
    tag: native_sql.TagType
    parameter: str
    section: str
    sample: Any
    values: tuple[tuple[Any, str], ...] = ()
    values_from: tuple[str, str, str] | None = None


def read_filter(key: str, body: Mapping[str, Any]) -> Filter:
    """Return a filter from its entry of the file."""
    source = body.get("values_from")
    return Filter(
        key=key,
        label=body["label"],
        tag=body["tag"],
        parameter=body["parameter"],
        section=body["section"],
        sample=body["sample"],
        values=tuple((value, label) for value, label in body.get("values", ())),
        values_from=(source["question"], source["value"], source["label"]) if source else None,
    )
