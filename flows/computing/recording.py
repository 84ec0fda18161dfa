"""Record: values, their achievements and the roll-up of a quarter, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flows.computing import store as values
from flows.computing.quarter import Failed, Quarter, Recorded, Run
from flows.warehouse import references
from flows.warehouse.connection import Connection, Warehouse, instant, lock_offices
from transforms.comparing import OFFICIAL, achievements_of, rollup_of
from transforms.evidence import Computed, Values, columns_of, news_of
from transforms.rules.formulas import Rows


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
    of_quarter = (quarter.office, quarter.year, quarter.quarter)
    news = news_of(sealed, values.newest_values(connection, *of_quarter), run.ikus)
    run_id = _write_run(connection, quarter, failed, run, len(news), at)
    _write_values(connection, quarter, news, run_id, at)
    newest = values.newest_values(connection, *of_quarter)
    targets = references.targets(connection, *of_quarter, quarter.known_at)
    achievements = _write_achievements(connection, quarter, newest, targets, run_id, at)
    rollups = _write_rollup(connection, quarter, newest, targets, run_id, at)
    return Recorded(quarter, len(news), achievements, rollups, failed)


def _key(quarter: Quarter) -> dict[str, Any]:
    return {"office": quarter.office, "year": quarter.year, "quarter": quarter.quarter}


def _write_run(
    connection: Connection,
    quarter: Quarter,
    failed: tuple[Failed, ...],
    run: Run,
    values_written: int,
    at: datetime,
) -> int:
    return values.append(
        connection,
        "ops.run",
        {
            **_key(quarter),
            "known_at": quarter.known_at,
            "recorded_at": at,
            **asdict(run),
            "values_written": values_written,
            "failed": [asdict(item) for item in failed],
        },
    )


def _write_values(
    connection: Connection, quarter: Quarter, news: Iterable[Computed], run_id: int, at: datetime
) -> None:
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


def _write_achievements(
    connection: Connection,
    quarter: Quarter,
    newest: Values,
    targets: Rows,
    run_id: int,
    at: datetime,
) -> int:
    """Append the achievements that say something new of the newest values."""
    known = values.newest_achievements(connection, [row["value_id"] for row in newest.values()])
    written = 0
    for value, document, row in achievements_of(newest.values(), targets, quarter.quarter):
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


def _write_rollup(
    connection: Connection,
    quarter: Quarter,
    newest: Values,
    targets: Rows,
    run_id: int,
    at: datetime,
) -> int:
    """Append the roll-up of what the scorecard shows, when it says something new."""
    strategy = references.strategy(connection, quarter.year, quarter.quarter, quarter.known_at)
    shown = values.shown(connection, newest.values())
    row = rollup_of(shown, strategy, targets, quarter.year, quarter.quarter)
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
