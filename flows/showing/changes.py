"""Changes: what is shown otherwise since an instant, by how much, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flows.showing import store
from flows.warehouse.connection import Warehouse
from schemas.rows import Change, ChangedLine


def since(warehouse: Warehouse, office: str, instant: datetime) -> list[Change]:
    """Return the lines of scorecards that are shown otherwise since an instant, oldest first."""
    found = store.changes(warehouse, office, instant)
    return [{**row, "sebab": "; ".join(_reasons(row))} for row in found]


def _reasons(row: ChangedLine) -> Iterator[str]:
    if row["is_first"]:
        yield "pertama kali dihitung"
        return
    if row["again"]:
        yield f"data ditarik, yang sebelumnya berlaku lagi: {_names(row['again'])}"
    if row["added"]:
        yield f"data baru: {_names(row['added'])}"
    elif row["gone"] and not row["again"]:
        yield f"data ditarik: {_names(row['gone'])}"
    if row["is_other_basis"]:
        yield "angka terbit menggantikan hitungan, atau sebaliknya"
    elif row["is_other_method"]:
        yield "metode berubah"
    if row["is_other_target"]:
        yield "target berubah"
    of_loads = row["added"] or row["again"] or row["gone"]
    if not (of_loads or row["is_other_basis"] or row["is_other_method"] or row["is_other_target"]):
        yield "waktu berjalan atau rujukan berubah"


def _names(loads: Sequence[str]) -> str:
    return ", ".join(sorted(set(loads)))
