"""Figures: what a cell of a result reads, in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flows.metabase.specs.questions import Question, column_key
from transforms import words
from transforms.rules.formulas import in_indonesian

MOST_DECIMALS = Decimal("0.01")


def setting(question: Question, column: str) -> Mapping[str, Any]:
    """Return the settings of a column."""
    found: Mapping[str, Any] = question.settings["column_settings"].get(column_key(column), {})
    return found


def title(question: Question, column: str) -> str:
    """Return the heading of a column."""
    heading: str = setting(question, column).get("column_title", column)
    return heading


def written(value: Any, settings: Mapping[str, Any]) -> str:
    """Return a value as a person reads it; nothing for none, as in Metabase."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return f"{words.day(value.date())} {value:%H.%M}"
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, int | float | Decimal):
        return f"{settings.get('prefix', '')}{_number(value, settings)}{settings.get('suffix', '')}"
    return str(value)


def _number(value: int | float | Decimal, settings: Mapping[str, Any]) -> str:
    exact = Decimal(str(value))
    places = settings.get("decimals")
    step = MOST_DECIMALS if places is None else Decimal(1).scaleb(-places)
    rounded = exact.quantize(step, ROUND_HALF_UP)
    if places is None:
        rounded = rounded.normalize()
    # An exponent, as 1E+2 after normalising, is written out by the format.
    return in_indonesian(rounded)
