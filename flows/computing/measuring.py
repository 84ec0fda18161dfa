"""Compute and record: measure the indicators of a quarter, then write them in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from threading import Lock
from typing import Any

from flows.computing import store as values
from flows.warehouse import references
from flows.warehouse.connection import Connection, Warehouse, instant, lock_offices
from schemas.card import Basis, Measurement, Status, Unit
from transforms.indicators import indicators
from transforms.rules import achievements, roll_up, scorecard
from transforms.rules.achievements import Target
from transforms.rules.formulas import Rows, two_decimals
from transforms.rules.scorecard import Line, PerspectiveWeight
from transforms.rules.timeliness import SourceState, quarter_to_read, settle

OFFICIAL = "pk"
"""The document whose targets are official; the others are shown beside it (DOMAIN 10-Q16)."""

WITHDRAWN = "angka terbit ditarik"
"""The method of a published value whose document was retracted."""


class Counted:
    """The tallies of a quarter that were counted already; what is counted once does not change.

    IKU 3 and 4 read the same five million answers, and all indicators the state of the sources.
    Whoever asks while a tally is being counted waits for it.
    """

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._rows: dict[tuple[str, int], Rows] = {}
        self._locks: dict[tuple[str, int], Lock] = {}
        self._guard = Lock()

    def once(self, name: str, quarter: int, count: Callable[[], Rows]) -> Rows:
        """Return the rows of a tally for a quarter of the year, counting them when first asked."""
        key = (name, quarter)
        with self._guard:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            if key not in self._rows:
                self._rows[key] = count()
            return self._rows[key]


@dataclass(frozen=True, slots=True)
class Quarter:
    """What is computed: a quarter of an office as known at an instant, and what was counted."""

    office: str
    year: int
    quarter: int
    known_at: datetime
    counted: Counted = field(default_factory=Counted, compare=False, repr=False)

    def __str__(self) -> str:
        """Return the quarter as an officer writes it in a command."""
        return f"{self.year}-Q{self.quarter}"


@dataclass(frozen=True, slots=True)
class Computed:
    """A value ready to be recorded, with its evidence."""

    iku: str
    basis: Basis
    unit: Unit
    method: str
    measurement: Measurement
    tally: Mapping[str, Any]
    loads: tuple[int, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Failed:
    """An indicator that could not be computed; nothing is written for it."""

    iku: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """Who computes, why, and with which version of the program.

    Attributes:
        ikus: the indicators asked for; None for all, which alone makes a quarter up to date.
    """

    who: str
    reason: str
    code_version: str
    ikus: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one run wrote for a quarter."""

    quarter: Quarter
    values_written: int
    achievements_written: int
    rollups_written: int
    failed: tuple[Failed, ...]
    superseded: bool = False


def measure(warehouse: Warehouse, iku: str, quarter: Quarter) -> Computed | Failed:
    """Compute one indicator from its tallies; reads only.

    A tally that its formula refuses (16 systems where 15 must be) fails this indicator alone.
    """
    indicator = indicators()[iku]
    card = indicator.card
    method = card.method(quarter.year)
    state = _state(warehouse, quarter, card.source, quarter.quarter)
    read = quarter_to_read(card, quarter.quarter, state)
    if isinstance(read, Status):
        return _computed(
            iku, Basis.COMPUTED, method.unit, str(method), Measurement(read), {}, state
        )
    tallies = {name: _tally(warehouse, quarter, name, read) for name in indicator.tallies}
    if read != quarter.quarter:
        state = _reading(state, _state(warehouse, quarter, card.source, read))
    try:
        found = indicator.measure(tallies, quarter.year, read)
        settled = settle(card, found, quarter.quarter, read, state)
        return _computed(iku, Basis.COMPUTED, method.unit, str(method), settled, tallies, state)
    except ValueError as refusal:
        return Failed(iku, str(refusal))


def _tally(warehouse: Warehouse, quarter: Quarter, name: str, read: int) -> Rows:
    """Return a tally of the year up to the quarter `read`, as known for `quarter`."""

    def count() -> Rows:
        with warehouse.transaction() as connection:
            return values.tally(
                connection, name, quarter.office, quarter.year, read, quarter.known_at
            )

    return quarter.counted.once(name, read, count)


def _state(warehouse: Warehouse, quarter: Quarter, source: str, read: int) -> SourceState:
    """Return how far a source has come for the quarter `read`, as known for `quarter`."""
    rows = _tally(warehouse, quarter, "source_state", read)
    [state] = [values.source_state(row) for row in rows if row["source"] == source]
    return state


def published(warehouse: Warehouse, quarter: Quarter) -> list[Computed]:
    """Return the figures printed for the quarter in official documents; reads only."""
    printed = _tally(warehouse, quarter, "published_actual", quarter.quarter)
    return [_printed(row, quarter.year) for row in printed]


def _printed(row: Mapping[str, Any], year: int) -> Computed:
    unit = indicators()[row["iku"]].card.method(year).unit
    if row["actual"] is None:
        found = Measurement(Status.NOT_YET_PUBLISHED)
    else:
        found = Measurement(Status.MEASURED, Fraction(row["actual"]))
    method = f"angka terbit: {row['document']}, {row['document_date']:%Y-%m-%d}"
    evidence = {"published_actual": [row]}
    return _with_fingerprint(
        row["iku"], Basis.PUBLISHED, unit, method, found, evidence, (row["load_id"],), {}
    )


def _reading(state: SourceState, read: SourceState) -> SourceState:
    """Return the state of the quarter shown, with the loads of the quarter that was read."""
    return SourceState(**{**_fields(state), "loads": read.loads})


def _fields(state: SourceState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in state.__dataclass_fields__}


def _computed(
    iku: str,
    basis: Basis,
    unit: Unit,
    method: str,
    measurement: Measurement,
    tallies: Mapping[str, Rows],
    state: SourceState,
) -> Computed:
    flags = {name: value for name, value in _fields(state).items() if name != "loads"}
    loads = tuple(state.loads) if tallies else ()
    return _with_fingerprint(iku, basis, unit, method, measurement, tallies, loads, flags)


def _with_fingerprint(
    iku: str,
    basis: Basis,
    unit: Unit,
    method: str,
    measurement: Measurement,
    tallies: Mapping[str, Rows],
    loads: tuple[int, ...],
    flags: Mapping[str, Any],
) -> Computed:
    """Seal a value: the same method, evidence, timeliness and outcome give the same fingerprint."""
    tally = plain({name: list(rows) for name, rows in tallies.items()})
    sealed = [method, unit, tally, loads, flags, outcome(measurement)]
    digest = hashlib.sha256(json.dumps(plain(sealed), sort_keys=True).encode()).hexdigest()
    return Computed(iku, basis, unit, method, measurement, tally, loads, digest)


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


def plain(value: Any) -> Any:
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


def record(
    warehouse: Warehouse,
    quarter: Quarter,
    computed: Iterable[Computed | Failed],
    printed: Sequence[Computed],
    run: Run,
) -> Recorded:
    """Write the values of a quarter, their achievements and the roll-up, together or not at all.

    Nothing is written where the newest row says the same, and nothing by a run that knew less
    than one that has already written.

    Args:
        warehouse: where to.
        quarter: what was computed.
        computed: what `measure` gave for each indicator.
        printed: all that `published` gave: a figure that is not among them any more is withdrawn.
        run: who asks and why.
    """
    found = list(computed)
    failed = tuple(item for item in found if isinstance(item, Failed))
    sealed = [*(item for item in found if isinstance(item, Computed)), *printed]
    with warehouse.transaction() as connection:
        lock_offices(connection, [quarter.office])
        if values.newer_run(
            connection, quarter.office, quarter.year, quarter.quarter, quarter.known_at
        ):
            return Recorded(quarter, 0, 0, 0, failed, superseded=True)
        return _write(connection, quarter, sealed, failed, run)


def _write(
    connection: Connection,
    quarter: Quarter,
    sealed: Sequence[Computed],
    failed: tuple[Failed, ...],
    run: Run,
) -> Recorded:
    at = instant(connection)
    newest = values.newest_values(connection, quarter.office, quarter.year, quarter.quarter)
    news = news_of(sealed, newest, run.ikus)
    run_id = values.append(
        connection,
        "ops.run",
        {
            **_key(quarter),
            "known_at": quarter.known_at,
            "recorded_at": at,
            **asdict(run),
            "values_written": len(news),
            "failed": [asdict(item) for item in failed],
        },
    )
    for item in news:
        values.append(
            connection,
            "iku.value",
            {
                "run_id": run_id,
                **_key(quarter),
                "known_at": quarter.known_at,
                "recorded_at": at,
                **columns_of(item),
            },
        )
    newest = values.newest_values(connection, quarter.office, quarter.year, quarter.quarter)
    targets = references.targets(
        connection, quarter.office, quarter.year, quarter.quarter, quarter.known_at
    )
    achievements = _write_achievements(connection, quarter, newest, targets, run_id, at)
    rollups = _write_rollup(connection, quarter, newest, targets, run_id, at)
    return Recorded(quarter, len(news), achievements, rollups, failed)


def _key(quarter: Quarter) -> dict[str, Any]:
    return {"office": quarter.office, "year": quarter.year, "quarter": quarter.quarter}


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


def news_of(
    sealed: Sequence[Computed],
    newest: Mapping[tuple[str, str], Mapping[str, Any]],
    ikus: Sequence[str] | None,
) -> list[Computed]:
    """Return the values of the indicators asked for that the newest recorded do not say already."""
    found = [*sealed, *_no_longer_printed(sealed, newest)]
    return [
        item
        for item in found
        if (ikus is None or item.iku in ikus) and _is_news(item, newest.get((item.iku, item.basis)))
    ]


def _is_news(item: Computed, newest: Mapping[str, Any] | None) -> bool:
    return newest is None or newest["fingerprint"] != item.fingerprint


def _no_longer_printed(
    sealed: Sequence[Computed], newest: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Computed]:
    """Return an empty published value for each figure whose document was withdrawn."""
    printed = {item.iku for item in sealed if item.basis is Basis.PUBLISHED}
    return [
        withdrawn(iku, row["unit"])
        for (iku, basis), row in newest.items()
        if basis == Basis.PUBLISHED and iku not in printed
    ]


def withdrawn(iku: str, unit: str) -> Computed:
    """Return the published value of an indicator whose document no longer counts."""
    nothing = Measurement(Status.NOT_YET_PUBLISHED)
    return _with_fingerprint(iku, Basis.PUBLISHED, Unit(unit), WITHDRAWN, nothing, {}, (), {})


def _write_achievements(
    connection: Connection,
    quarter: Quarter,
    newest: Mapping[tuple[str, str], Mapping[str, Any]],
    targets: Sequence[Mapping[str, Any]],
    run_id: int,
    at: datetime,
) -> int:
    """Append the achievements that say something new of the newest values."""
    known = values.newest_achievements(connection, [row["value_id"] for row in newest.values()])
    written = 0
    for value, document, row in achievements_of(quarter, newest, targets):
        before = known.get((value["value_id"], document))
        if before is None or any(before[name] != row[name] for name in row):
            values.append(
                connection,
                "iku.achievement",
                {
                    "value_id": value["value_id"],
                    "run_id": run_id,
                    "document": document,
                    **row,
                    "recorded_at": at,
                },
            )
            written += 1
    return written


def achievements_of(
    quarter: Quarter,
    newest: Mapping[tuple[str, str], Mapping[str, Any]],
    targets: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[Mapping[str, Any], str, dict[str, Any]]]:
    """Give each value with each document that measures it, and the achievement."""
    for (iku, _), value in newest.items():
        pledged = {row["document"]: row for row in targets if row["iku"] == iku}
        for document in sorted({OFFICIAL, *pledged}):
            yield value, document, _achievement(value, pledged.get(document), quarter)


def _achievement(
    value: Mapping[str, Any], row: Mapping[str, Any] | None, quarter: Quarter
) -> dict[str, Any]:
    """Compare a value with a target, as the columns of `iku.achievement` hold it."""
    target = None if row is None else Target(row["target"], row["unit"], row["is_quarterly"])
    achieved = achievements.achieve(
        Status(value["status"]), Unit(value["unit"]), value["actual"], target, quarter.quarter
    )
    compares = target is not None and achieved.missing_because is None
    return {
        "target_row_id": None if row is None else row["row_id"],
        "target": None if row is None else row["target"],
        "is_quarterly_target": None if row is None else row["is_quarterly"],
        "achievement_exact": None if achieved.exact is None else str(achieved.exact),
        "achievement_pct": achieved.pct,
        "missing_because": achieved.missing_because,
        "status_word": achieved.status_word,
        "shortfall_count": _shortfall(value, row["target"]) if compares and row else None,
    }


def _shortfall(value: Mapping[str, Any], target: Decimal) -> int | None:
    """Return how many more must be counted; only where the numerator counts things."""
    if not indicators()[value["iku"]].card.counted:
        return None
    return achievements.shortfall(
        *(
            None if value[name] is None else Fraction(value[name])
            for name in ("numerator", "denominator")
        ),
        target,
    )


def _write_rollup(
    connection: Connection,
    quarter: Quarter,
    newest: Mapping[tuple[str, str], Mapping[str, Any]],
    targets: Sequence[Mapping[str, Any]],
    run_id: int,
    at: datetime,
) -> int:
    """Append the roll-up of what the scorecard shows, when it says something new."""
    row = rollup_of(connection, quarter, newest, targets)
    before = values.newest_rollup(
        connection, quarter.office, quarter.year, quarter.quarter, OFFICIAL
    )
    if before is not None and before["fingerprint"] == row["fingerprint"]:
        return 0
    values.append(
        connection,
        "iku.rollup",
        {"run_id": run_id, **_key(quarter), "document": OFFICIAL, **row, "recorded_at": at},
    )
    return 1


def rollup_of(
    connection: Connection,
    quarter: Quarter,
    newest: Mapping[tuple[str, str], Mapping[str, Any]],
    targets: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Roll up what the scorecard shows, as the columns of `iku.rollup` hold it."""
    strategy = {
        row["iku"]: row
        for row in references.strategy(connection, quarter.year, quarter.quarter, quarter.known_at)
    }
    pledged = {row["iku"]: row for row in targets if row["document"] == OFFICIAL}
    lines = [
        _line(iku, shown(newest, iku), strategy[iku], pledged.get(iku), quarter.year)
        for iku in indicators()
        if iku in strategy
    ]
    weights = {
        row["perspective"]: PerspectiveWeight(row["perspective"], row["weight_pct"])
        for row in sorted(strategy.values(), key=lambda row: row["perspective_position"])
    }
    found = roll_up.roll_up(lines, list(weights.values()), quarter.quarter)
    row = {
        "status": str(found.status),
        "npss_exact": None if found.npss_exact is None else str(found.npss_exact),
        "npss": found.npss,
        "npss_120": found.npss_120,
        "npss_lower_bound": found.npss_lower_bound,
        "coverage_pct": found.coverage_pct,
        "indicators_counted": found.indicators_counted,
        "indicators": found.indicators,
        "perspectives": plain([asdict(item) for item in found.perspectives]),
        "objectives": plain([asdict(item) for item in found.objectives]),
    }
    digest = hashlib.sha256(json.dumps(plain(row), sort_keys=True).encode()).hexdigest()
    return {**row, "fingerprint": digest}


def shown(
    newest: Mapping[tuple[str, str], Mapping[str, Any]], iku: str
) -> Mapping[str, Any] | None:
    """Return what the scorecard shows: the printed figure, unless it is N/A and ours is not."""
    computed = newest.get((iku, Basis.COMPUTED))
    printed = newest.get((iku, Basis.PUBLISHED))
    if printed is None or (printed["method"] == WITHDRAWN and computed is not None):
        return computed
    if printed["actual"] is None and computed is not None and computed["actual"] is not None:
        return computed
    return printed


def _line(
    iku: str,
    value: Mapping[str, Any] | None,
    place: Mapping[str, Any],
    pledged: Mapping[str, Any] | None,
    year: int,
) -> Line:
    """Return a line of the scorecard; one that could never be computed is not yet published."""
    target = (
        None
        if pledged is None
        else Target(pledged["target"], pledged["unit"], pledged["is_quarterly"])
    )
    return scorecard.line_of(
        iku,
        place["perspective"],
        place["objective"],
        Status(value["status"]) if value else Status.NOT_YET_PUBLISHED,
        Unit(value["unit"]) if value else indicators()[iku].card.method(year).unit,
        value["actual"] if value else None,
        target,
    )
