"""Explain: where a value comes from, down to the files it was counted from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flows.computing import store as values
from flows.showing import scorecards
from flows.warehouse.connection import Warehouse
from transforms import words
from transforms.component_order import in_order
from transforms.indicators import indicators
from transforms.rules.survey import WITHOUT_SERVICE


def explanation(
    warehouse: Warehouse, office: str, iku: str, year: int, quarter: int, as_of: datetime | None
) -> Mapping[str, Any] | None:
    """Return the line of the scorecard with its evidence; None when there is no value.

    Keys: `line` (a row of mart.capaian_versi), `note` (what it says beside the figures), `value`
    (of iku.value, with the rows of its tallies that its formula used and in the order in which
    formulas and tallies give them), `run` (of ops.run), `loads` (of ops.load),
    `targets` (the documents side by side), `history` (what was shown when).
    """
    found = [
        line
        for line in scorecards.lines(warehouse, office, year, quarter, as_of)
        if line["iku"] == iku
    ]
    if not found:
        return None
    line = found[0]
    value = warehouse.rows(
        "SELECT value_id, basis, status, unit, actual_exact, actual, numerator, denominator,"
        " components, tally, method, loads, known_at, recorded_at, run_id"
        " FROM iku.value WHERE value_id = :id",
        id=line["nilai_id"],
    )[0]
    return {
        "line": line,
        "note": words.note(line),
        "value": {
            **value,
            "components": in_order(value["components"]),
            "tally": _evidence(warehouse, iku, value["tally"]),
        },
        "run": warehouse.rows(
            "SELECT who, reason, code_version, recorded_at FROM ops.run WHERE run_id = :id",
            id=value["run_id"],
        )[0],
        "loads": warehouse.rows(
            "SELECT load_id, source, period, part, file_name, sha256, rows_in, accepted, rejected,"
            " duplicate, out_of_scope, landed_at FROM ops.load WHERE load_id = ANY(:ids)"
            " ORDER BY period, part",
            ids=value["loads"],
        ),
        "targets": warehouse.rows(
            "SELECT DISTINCT ON (achieved.document) achieved.document, achieved.target,"
            " achieved.achievement_pct, achieved.missing_because, target.reason, target.source"
            " FROM iku.achievement AS achieved"
            " LEFT JOIN ref.target AS target ON target.row_id = achieved.target_row_id"
            " WHERE achieved.value_id = :id ORDER BY achieved.document, achieved.recorded_at DESC",
            id=line["nilai_id"],
        ),
        "history": warehouse.rows(
            "SELECT realisasi, target, capaian, status_kata, dasar, berlaku_dari, berlaku_sampai"
            " FROM mart.capaian_versi WHERE kantor = :office AND iku = :iku AND tahun = :year"
            " AND triwulan = :quarter AND dokumen = :document ORDER BY berlaku_dari",
            office=office,
            iku=iku,
            year=year,
            quarter=quarter,
            document=line["dokumen"],
        ),
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
