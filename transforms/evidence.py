"""Evidence: a value sealed with what it rests on, and whether that is news."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from schemas.card import Basis, Measurement, Method, Status, Unit
from transforms.indicators import indicators
from transforms.rules.formulas import Row, Rows, two_decimals
from transforms.rules.timeliness import SourceState

WITHDRAWN = "angka terbit ditarik"
"""The method of a published value that rests on no load any more: its document was retracted."""

Values = Mapping[tuple[str, str], Row]
"""Values as the columns of `iku.value` hold them, by IKU and basis."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A value ready to be recorded, with its evidence."""

    iku: str
    basis: Basis
    unit: Unit
    method: str
    measurement: Measurement
    tally: Mapping[str, object]
    loads: tuple[int, ...]
    fingerprint: str


def computed(
    iku: str, method: Method, found: Measurement, tallies: Mapping[str, Rows], state: SourceState
) -> Computed:
    """Return what our formula found of an indicator.

    Args:
        iku: its code.
        method: the rule that its formula followed.
        found: what the formula gave.
        tallies: the rows it used, by tally; none when nothing was read.
        state: of its source, with the loads that were read.
    """
    flags = {name: value for name, value in asdict(state).items() if name != "loads"}
    loads = tuple(state.loads) if tallies else ()
    return sealed(iku, Basis.COMPUTED, method.unit, str(method), found, tallies, loads, flags)


def printed(row: Row, year: int) -> Computed:
    """Return the figure that a document prints: a row of the tally `published_actual`."""
    unit = indicators()[row["iku"]].card.method(year).unit
    if row["actual"] is None:
        found = Measurement(Status.NOT_YET_PUBLISHED)
    else:
        found = Measurement(Status.MEASURED, Fraction(row["actual"]))
    method = f"angka terbit: {row['document']}, {row['document_date']:%Y-%m-%d}"
    evidence = {"published_actual": [row]}
    return sealed(row["iku"], Basis.PUBLISHED, unit, method, found, evidence, (row["load_id"],), {})


def withdrawn(iku: str, unit: str) -> Computed:
    """Return the published value of an indicator whose document no longer counts."""
    nothing = Measurement(Status.NOT_YET_PUBLISHED)
    return sealed(iku, Basis.PUBLISHED, Unit(unit), WITHDRAWN, nothing, {}, (), {})


def sealed(
    iku: str,
    basis: Basis,
    unit: Unit,
    method: str,
    measurement: Measurement,
    tallies: Mapping[str, Rows],
    loads: tuple[int, ...],
    flags: Mapping[str, object],
) -> Computed:
    """Seal a value: the same method, evidence, timeliness and outcome give the same fingerprint."""
    tally = {name: plain(list(rows)) for name, rows in tallies.items()}
    said = [method, unit, tally, loads, flags, outcome(measurement)]
    return Computed(iku, basis, unit, method, measurement, tally, loads, fingerprint(said))


def fingerprint(said: object) -> str:
    """Return the checksum of figures, texts and dates, whatever the order of their names."""
    return hashlib.sha256(json.dumps(plain(said), sort_keys=True).encode()).hexdigest()


def columns_of(item: Computed) -> dict[str, Any]:
    """Return what a value says and rests on, as the columns of `iku.value` hold it."""
    return {
        "iku": item.iku,
        "basis": str(item.basis),
        "unit": str(item.unit),
        **outcome(item.measurement),
        "tally": item.tally,
        "method": item.method,
        "fingerprint": item.fingerprint,
        "loads": list(item.loads),
    }


def outcome(measurement: Measurement) -> dict[str, Any]:
    """Return what a measurement says, as the columns of `iku.value` hold it."""
    exact = measurement.actual_exact
    return {
        "status": str(measurement.status),
        "actual_exact": None if exact is None else str(exact),
        "actual": None if exact is None else two_decimals(exact),
        "numerator": _decimal(measurement.numerator),
        "denominator": _decimal(measurement.denominator),
        "components": plain(dict(measurement.components)),
    }


def _decimal(value: Fraction | None) -> Decimal | None:
    """Return a count, which may end in a half (IKU 10), as the database holds it."""
    if value is None:
        return None
    doubled = value * 2
    if doubled.denominator != 1:
        raise ValueError(f"a count of {value} is no whole or half number")
    return Decimal(doubled.numerator) / 2


def plain(value: object) -> object:
    """Return what JSON holds of a value: figures and dates as text, so that no digit is lost."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal | Fraction):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def news_of(
    found: Sequence[Computed], newest: Values, ikus: Sequence[str] | None
) -> list[Computed]:
    """Return the values of the indicators asked for that the newest recorded do not say already.

    Args:
        found: what was computed, and all that is printed: a figure that is not among them any more
            is withdrawn.
        newest: the newest recorded.
        ikus: the indicators asked for; None for all.
    """
    return [
        item
        for item in (*found, *_no_longer_printed(found, newest))
        if (ikus is None or item.iku in ikus) and _is_news(item, newest.get((item.iku, item.basis)))
    ]


def _is_news(item: Computed, newest: Row | None) -> bool:
    return newest is None or newest["fingerprint"] != item.fingerprint


def _no_longer_printed(found: Sequence[Computed], newest: Values) -> list[Computed]:
    """Return an empty published value for each figure whose document was withdrawn."""
    in_print = {item.iku for item in found if item.basis is Basis.PUBLISHED}
    return [
        withdrawn(iku, row["unit"])
        for (iku, basis), row in newest.items()
        if basis == Basis.PUBLISHED and iku not in in_print
    ]
