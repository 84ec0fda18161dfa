"""Verify: compute every recorded value again from loads and references as they were known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.computing import measuring
from flows.computing import store as values
from flows.computing.quarter import Failed, Quarter
from flows.machine import progress
from flows.warehouse.connection import Warehouse
from schemas.card import Basis
from transforms import evidence
from transforms.evidence import Computed


@dataclass(frozen=True, slots=True)
class Difference:
    """A recorded value that today's program computes differently."""

    value_id: int
    office: str
    iku: str
    period: str
    basis: str
    column: str
    recorded: str
    recomputed: str


def differences(warehouse: Warehouse) -> tuple[int, list[Difference]]:
    """Return how many values were computed again, and where the result differs."""
    recorded = values.recorded_values(warehouse)
    found: list[Difference] = []
    for done, value in enumerate(recorded, 1):
        found += _of(warehouse, value)
        progress.tell("menghitung ulang nilai", done, len(recorded))
    return len(recorded), found


def _of(warehouse: Warehouse, value: Mapping[str, Any]) -> Iterator[Difference]:
    quarter = Quarter(value["office"], value["year"], value["quarter"], value["known_at"])
    again = _again(warehouse, value, quarter)
    if isinstance(again, Computed):
        now: Mapping[str, Any] = {
            **evidence.outcome(again.measurement),
            "method": again.method,
            "loads": list(again.loads),
        }
    else:
        now = {"status": again.message}
    for column in now:
        if now[column] != value[column]:
            yield Difference(
                value["value_id"],
                value["office"],
                value["iku"],
                str(quarter),
                value["basis"],
                column,
                str(value[column]),
                str(now[column]),
            )


def _again(warehouse: Warehouse, value: Mapping[str, Any], quarter: Quarter) -> Computed | Failed:
    if value["basis"] == Basis.COMPUTED:
        return measuring.measure(warehouse, value["iku"], quarter)
    printed = {item.iku: item for item in measuring.published(warehouse, quarter)}
    found = printed.get(value["iku"])
    if found is not None:
        return found
    if not value["loads"]:
        return evidence.withdrawn(value["iku"], value["unit"])
    return Failed(value["iku"], "tidak ada lagi di dokumen mana pun")
