"""Rerun: what computing quarters again would change and why, and recording just that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flows.computing import measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Failed, Quarter, Recorded, Run
from flows.machine import progress
from flows.warehouse import references
from flows.warehouse.connection import Connection, Warehouse
from schemas.card import Basis
from schemas.source import Cadence
from transforms import words
from transforms.comparing import OFFICIAL, achievements_of, rollup_of
from transforms.evidence import Computed, Values, columns_of, news_of
from transforms.files.period import BadPeriod, Period, parse_period
from transforms.indicators import indicators
from transforms.rules.formulas import Row, Rows


class BadRange(ValueError):
    """The quarters, indicators or reason cannot be taken; the message, in Indonesian, says why."""


@dataclass(frozen=True, slots=True)
class Move:
    """A value or an achievement that would be recorded anew.

    Attributes:
        document: whose target it is measured against.
        old_actual: the newest recorded, None where there is none.
        why: Indonesian sentences.
    """

    iku: str
    period: str
    basis: str
    document: str
    old_status: str | None
    new_status: str
    old_actual: Decimal | None
    new_actual: Decimal | None
    old_achievement_pct: Decimal | None
    new_achievement_pct: Decimal | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A quarter that was computed and not recorded, and what recording it would change."""

    quarter: Quarter
    computed: tuple[Computed | Failed, ...]
    printed: tuple[Computed, ...]
    moves: tuple[Move, ...]
    old_npss: Decimal | None
    new_npss: Decimal | None
    rollup_changes: bool

    @property
    def changes(self) -> bool:
        """Tell whether anything would be written."""
        return bool(self.moves) or self.rollup_changes

    @property
    def failed(self) -> tuple[Failed, ...]:
        """Return the indicators that could not be computed."""
        return tuple(item for item in self.computed if isinstance(item, Failed))


def quarters(
    warehouse: Warehouse, office: str, first: str, last: str, known_at: datetime
) -> list[Quarter]:
    """Return the quarters of a range, oldest first.

    Raises:
        BadRange: it is written badly, runs backwards, or goes beyond today or the methods.
    """
    start, end = _quarter(first), _quarter(last)
    if start.start > end.start:
        raise BadRange(f"Rentang terbalik: {first} sesudah {last}.")
    for indicator in indicators().values():
        try:
            indicator.card.method(start.year)
        except ValueError:
            raise BadRange(
                f"{indicator.card.code} belum punya metode untuk {start.year}."
            ) from None
    zone = references.offices(warehouse)[office].time_zone
    if end.start > known_at.astimezone(ZoneInfo(zone)).date():
        raise BadRange(f"Triwulan {last} belum dimulai; yang terakhir sudah berjalan saja.")
    span = range(start.year * 4 + start.quarter - 1, end.year * 4 + end.quarter)
    return [Quarter(office, place // 4, place % 4 + 1, known_at) for place in span]


def _quarter(text: str) -> Period:
    try:
        return parse_period(text, Cadence.QUARTERLY)
    except BadPeriod:
        raise BadRange(f"Triwulan “{text}” salah bentuk. Tulis misalnya 2024-Q3.") from None


def chosen(ikus: Sequence[str]) -> list[str] | None:
    """Return the indicators asked for, None for all.

    Raises:
        BadRange: one of them is none.
    """
    for iku in ikus:
        if iku not in indicators():
            raise BadRange(f"“{iku}” bukan IKU. Tulis IKU.1 sampai IKU.14.")
    return list(dict.fromkeys(ikus)) or None


def reason_given(reason: str) -> str:
    """Return the reason.

    Raises:
        BadRange: it is empty.
    """
    if not reason.strip():
        raise BadRange("Alasan hitung ulang belum ditulis.")
    return reason.strip()


def plan(warehouse: Warehouse, asked: Sequence[Quarter], ikus: list[str] | None) -> list[Planned]:
    """Compute quarters as known at one instant and compare with what is recorded; reads only."""
    planned = []
    for done, quarter in enumerate(asked, 1):
        planned.append(plan_quarter(warehouse, quarter, ikus))
        progress.tell("menghitung triwulan", done, len(asked))
    return planned


def plan_quarter(warehouse: Warehouse, quarter: Quarter, ikus: list[str] | None) -> Planned:
    """Compute one quarter and say what recording it would change; reads only."""
    computed = tuple(measuring.measure(warehouse, iku, quarter) for iku in ikus or indicators())
    printed = tuple(measuring.published(warehouse, quarter))
    sealed = [*(item for item in computed if isinstance(item, Computed)), *printed]
    of_quarter = (quarter.office, quarter.year, quarter.quarter)
    with warehouse.transaction() as connection:
        before = values.newest_values(connection, *of_quarter)
        news = news_of(sealed, before, ikus)
        after = {**before, **{(item.iku, str(item.basis)): _unwritten(item) for item in news}}
        targets = references.targets(connection, *of_quarter, quarter.known_at)
        strategy = references.strategy(connection, quarter.year, quarter.quarter, quarter.known_at)
        changed = list(_changed(connection, quarter, before, after, targets))
        would_show = values.shown(connection, after.values())
        old = values.newest_rollup(connection, *of_quarter, OFFICIAL)
    new = rollup_of(would_show, strategy, targets, quarter.year, quarter.quarter)
    return Planned(
        quarter,
        computed,
        printed,
        tuple(_move(warehouse, quarter, *pair) for pair in changed),
        old["npss"] if old else None,
        new["npss"],
        old is None or old["fingerprint"] != new["fingerprint"],
    )


def record(warehouse: Warehouse, planned: Planned, run: Run) -> Recorded | None:
    """Record what was planned, in one transaction; None where there is nothing to write."""
    if not planned.changes:
        return None
    return recording.record(warehouse, planned.quarter, planned.computed, planned.printed, run)


def _unwritten(item: Computed) -> dict[str, Any]:
    return {**columns_of(item), "value_id": None}


def _changed(
    connection: Connection, quarter: Quarter, before: Values, after: Values, targets: Rows
) -> Iterator[tuple[Row | None, Row, str, Row | None, Row]]:
    """Give what would be written: values old and new, the document, achievements old and new."""
    known = values.newest_achievements(connection, [row["value_id"] for row in before.values()])
    for value, document, new in achievements_of(after.values(), targets, quarter.quarter):
        old = before.get((value["iku"], value["basis"]))
        achieved = known.get((old["value_id"], document)) if old else None
        is_new = value["value_id"] is None
        if (is_new and document == OFFICIAL) or achieved is None or _differ(achieved, new):
            yield old, value, document, achieved, new


def _differ(old: Row, new: Row) -> bool:
    return any(old[name] != new[name] for name in new)


def _move(
    warehouse: Warehouse,
    quarter: Quarter,
    old: Row | None,
    new: Row,
    document: str,
    achieved: Row | None,
    achieves: Row,
) -> Move:
    is_new = new["value_id"] is None
    why = _why_value(warehouse, quarter, old, new) if is_new else []
    why += _why_target(document, achieved, achieves)
    return Move(
        new["iku"],
        str(quarter),
        new["basis"],
        document,
        old["status"] if old else None,
        new["status"],
        old["actual"] if old else None,
        new["actual"],
        achieved["achievement_pct"] if achieved else None,
        achieves["achievement_pct"],
        tuple(why or ["capaian belum tercatat"]),
    )


def _why_value(warehouse: Warehouse, quarter: Quarter, old: Row | None, new: Row) -> list[str]:
    """Say which of loads, references and method differ between two versions of a value."""
    if old is None:
        return ["belum pernah dihitung" if new["basis"] == Basis.COMPUTED else "angka terbit baru"]
    why = _why_loads(warehouse, set(old["loads"]), set(new["loads"]))
    if old["method"] != new["method"]:
        why.append(f"metode: {old['method']} → {new['method']}")
    if old["tally"] != new["tally"]:
        since = references.tables_since(
            warehouse, quarter.office, old["known_at"], quarter.known_at
        )
        if since:
            why.append(f"rujukan yang bertambah sejak itu: {', '.join(since)}")
        elif not why:
            why.append("cara menghitung baris pada program berubah")
    return why or ["ketepatan waktu (triwulan berakhir atau jatuh tempo) atau rumus berubah"]


def _why_loads(warehouse: Warehouse, old: set[int], new: set[int]) -> list[str]:
    """Say slice by slice which load came and which went."""
    slices: dict[tuple[str, str, str], dict[bool, list[str]]] = {}
    for row in values.files_of(warehouse, old ^ new):
        key = (row["source"], row["period"], row["part"])
        sides = slices.setdefault(key, {True: [], False: []})
        sides[row["load_id"] in new].append(f"{row['load_id']} ({row['file_name']})")
    said = []
    for (source, period, part), sides in slices.items():
        what = f"{source} {period} {part}".removesuffix(" utama")
        went, came = (" dan ".join(sides[side]) or "tidak ada" for side in (False, True))
        said.append(f"muatan {what}: {went} → {came}")
    return said


def _why_target(document: str, old: Row | None, new: Row) -> list[str]:
    if old is None or old["target_row_id"] == new["target_row_id"]:
        return []
    before, after = words.number(old["target"]), words.number(new["target"])
    return [f"target {document} dicatat ulang: {before} → {after}"]
