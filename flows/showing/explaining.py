"""Explain: where a value comes from, down to the files it was counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from flows.computing import store as values
from flows.showing import store
from flows.warehouse.connection import Warehouse
from schemas.rows import ShownLine
from transforms import words
from transforms.component_order import in_order
from transforms.indicators import indicators
from transforms.rules.survey import WITHOUT_SERVICE


class Explanation(TypedDict):
    """Where a value comes from, as `iku explain` tells it.

    Attributes:
        note: what the line says beside the figures.
        value: of iku.value, with the rows of its tallies that its formula used, and in the order in
            which formulas and tallies give them.
        run: of ops.run.
        loads: of ops.load.
        targets: the documents side by side.
        history: what was shown when.
    """

    line: ShownLine
    note: str
    value: Mapping[str, Any]
    run: Mapping[str, Any]
    loads: Sequence[Mapping[str, Any]]
    targets: Sequence[Mapping[str, Any]]
    history: Sequence[Mapping[str, Any]]


def explanation(
    warehouse: Warehouse, office: str, iku: str, year: int, quarter: int, as_of: datetime | None
) -> Explanation | None:
    """Return the line of the scorecard with its evidence; None when there is no value."""
    lines = store.lines(warehouse, office, year, quarter, as_of)
    line = next((line for line in lines if line["iku"] == iku), None)
    if line is None:
        return None
    value = store.value(warehouse, line["nilai_id"])
    return {
        "line": line,
        "note": words.note(line),
        "value": {
            **value,
            "components": in_order(value["components"]),
            "tally": _evidence(warehouse, iku, value["tally"]),
        },
        "run": store.run(warehouse, value["run_id"]),
        "loads": store.origins(warehouse, value["loads"]),
        "targets": store.documents(warehouse, line["nilai_id"]),
        "history": store.versions(warehouse, office, iku, year, quarter, line["dokumen"]),
    }


def _evidence(
    warehouse: Warehouse, iku: str, tallies: Mapping[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that were put into the formula, their columns as the tallies give them."""
    kind = indicators()[iku].kind
    found = {}
    for name, rows in tallies.items():
        columns = values.tally_columns(warehouse, name)
        places = {column: place for place, column in enumerate(columns)}
        found[name] = [
            {column: row[column] for column in sorted(row, key=lambda c: places.get(c, len(row)))}
            for row in rows
            if kind is None or row.get("kind") in (None, kind, WITHOUT_SERVICE)
        ]
    return found
