"""A refresh in one process without Prefect: run it, see what it leaves, kill it or freeze it.

Run by tests in a process of its own: `python -m tests.flows.killed POINT` comes to a named point,
which it reaches by wrapping one function, so the program itself knows nothing of it; with a signal
after the point it freezes there, and with words after that it runs this command of `iku`. Without
arguments it reads lines `DATABASE HOME POINT` or `DATABASE HOME SECONDS`, and for each a refresh
dies in a process of its own, at the point, or after so many seconds wherever it is then.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from flows import cli
from flows.computing import measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Quarter, Recorded, Run
from flows.fetching import inbox
from flows.landing import land as landing
from flows.landing import store as loads
from flows.landing.readers import csv_reader
from flows.landing.scratch import Scratch
from flows.machine import archive
from flows.machine.settings import Settings, settings
from flows.warehouse.connection import Warehouse, open_warehouse
from schemas.sources import sources
from transforms.indicators import indicators

OFFICE = "kanreg-06"
KILLED_SOURCE, KILLED_PERIOD = "survey_answer", "2024-Q2"
"""The last file of the inbox: those before it have landed when a landing is killed."""
KILLED_QUARTER = "2024-Q2"
"""The first quarter with news: the one before it has been recorded when a record is killed."""
sent = signal.SIGKILL
"""What the process does to itself at a point; `main` may choose another signal."""
SMALL_PIECE = 2048  # bytes: the survey comes in several pieces, so there is a middle to die in


def refresh(warehouse: Warehouse, given: Settings) -> list[Recorded]:
    """Call what the flow calls, in its order: land the inbox, compute what it touches, record."""
    requests, problems = inbox.waiting(given.inbox, OFFICE, "penguji")
    assert not problems
    for request in requests:
        landing.land(warehouse, given, request)
    known_at = values.moment_of_knowledge(warehouse, OFFICE)
    recorded = []
    for year, number in values.touched_quarters(warehouse, OFFICE, known_at):
        quarter = Quarter(OFFICE, year, number, known_at)
        computed = [measuring.measure(warehouse, iku, quarter) for iku in indicators()]
        printed = measuring.published(warehouse, quarter)
        run = Run("penguji", "uji", "0")
        recorded.append(recording.record(warehouse, quarter, computed, printed, run))
    return recorded


# Each row as JSON. Numbers that the database gives and instants differ between two runs that say
# the same; a load is told by the checksum of its file instead, also within a tally.
_LOADS = "SELECT to_jsonb(load) - '{load_id,landed_at,references_at}'::text[] FROM ops.load"
_OF_LOADS = """
    SELECT to_jsonb(item) - '{{load_id,event_id,reject_id,at}}'::text[]
        || jsonb_build_object('file', load.sha256)
    FROM {} AS item LEFT JOIN ops.load AS load ON load.load_id = item.load_id
"""
_VALUES = """
    SELECT to_jsonb(value)
        - '{value_id,run_id,known_at,recorded_at,fingerprint,loads,tally}'::text[]
        || jsonb_build_object(
            'tally', CASE basis
                WHEN 'computed' THEN tally
                ELSE jsonb_path_query_array(tally, '$.published_actual[*].actual')
            END,
            'files', ARRAY(
                SELECT load.sha256 FROM ops.load AS load
                WHERE load.load_id = ANY(value.loads) ORDER BY load.sha256
            )
        )
    FROM iku.value AS value
"""
_ACHIEVEMENTS = """
    SELECT to_jsonb(item) - '{achievement_id,value_id,run_id,recorded_at}'::text[]
        || jsonb_build_object(
            'iku', value.iku, 'basis', value.basis, 'year', value.year, 'quarter', value.quarter,
            'actual_exact', value.actual_exact
        )
    FROM iku.achievement AS item JOIN iku.value AS value ON value.value_id = item.value_id
"""
_ROLLUPS = "SELECT to_jsonb(rollup) - '{rollup_id,run_id,recorded_at}'::text[] FROM iku.rollup"


def state(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return every row that refreshes left, as text, by table, without what any two differ in."""
    of_loads = ["ops.load_event", "ops.reject", *(f"staging.{source}" for source in sources())]
    queries = {
        "ops.load": _LOADS,
        **{table: _OF_LOADS.format(table) for table in of_loads},
        "iku.value": _VALUES,
        "iku.achievement": _ACHIEVEMENTS,
        "iku.rollup": _ROLLUPS,
    }
    return {
        table: sorted(
            row["said"]
            for row in warehouse.rows(f"SELECT said::text FROM ({query}) AS told (said)")
        )
        for table, query in queries.items()
    }


def die() -> None:
    """End at once: no handler, no clean-up, no commit; by another signal freeze until woken."""
    os.kill(os.getpid(), sent)


def wrap(module: Any, name: str, is_now: Callable[..., bool], *, before: bool = False) -> None:
    """Die in the first call of a function whose arguments say that it is time."""
    real: Callable[..., Any] = getattr(module, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        now = is_now(*args)
        if now and before:
            die()
        answer = real(*args, **kwargs)
        if now:
            die()
        return answer

    setattr(module, name, wrapped)


class CutOff(io.BytesIO):
    """Bytes of which COPY gets a part; asked for more, the process dies."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            die()
        return super().read(100)


def die_in_second_piece() -> None:
    """Die while the server waits for the rest of the second piece."""
    real = Scratch._copy
    pieces = 0

    def copy(self: Scratch, table: str, columns: Any, body: io.BytesIO) -> None:
        nonlocal pieces
        pieces += table == "accepted" and self._source == KILLED_SOURCE
        real(self, table, columns, CutOff(body.getvalue()) if pieces == 2 else body)

    Scratch._copy = copy


POINTS: dict[str, Callable[[], None]] = {
    "archive_written": lambda: wrap(
        archive, "keep", lambda _, file: file.match(f"{KILLED_SOURCE}/{KILLED_PERIOD}.csv")
    ),
    "in_copy": die_in_second_piece,
    # The last statement of the landing's transaction has run; its commit has not.
    "before_landing_commit": lambda: wrap(
        loads,
        "land",
        lambda _, into, __: (into.source, into.period) == (KILLED_SOURCE, KILLED_PERIOD),
    ),
    "between_computations": lambda: wrap(
        measuring,
        "measure",
        lambda _, iku, quarter: (iku, str(quarter)) == ("IKU.5", KILLED_QUARTER),
    ),
    "before_record": lambda: wrap(recording, "record", _is_killed_quarter, before=True),
    # Beside the six of the promise: every row of the quarter is written, none is committed.
    "before_record_commit": lambda: wrap(
        values,
        "append",
        lambda _, table, row: (
            table == "iku.rollup" and f"{row['year']}-Q{row['quarter']}" == KILLED_QUARTER
        ),
    ),
    "after_record": lambda: wrap(recording, "record", _is_killed_quarter),
}


def _is_killed_quarter(_warehouse: Warehouse, quarter: Quarter, *_: Any) -> bool:
    return str(quarter) == KILLED_QUARTER


def kill_each(lines: Iterable[str]) -> None:
    """Start a refresh for each line, let it die when its time has come, and print how it ended.

    A fork has imported everything, which takes a program of its own longer than the refresh.
    """
    for line in lines:
        database, home, when = line.split()
        child = os.fork()
        if not child:
            places = {
                "IKU_HOME": home,
                "IKU_INBOX": f"{home}/inbox",
                "IKU_OUTBOX": f"{home}/outbox",
            }
            os.environ |= {"IKU_DATABASE": database, **places}
            POINTS.get(when, lambda: None)()
            given = settings()
            refresh(open_warehouse(given), given)
            os._exit(0)
        if when not in POINTS:
            time.sleep(float(when))
            os.kill(child, signal.SIGKILL)  # one that has ended is there until it is waited for
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def main() -> None:
    """Refresh the office of the settings up to the point named on the command line."""
    global sent
    csv_reader.CHUNK_BYTES = SMALL_PIECE
    if not sys.argv[1:]:
        kill_each(sys.stdin)
        return
    point, *more = sys.argv[1:]
    POINTS[point]()
    if more:
        sent = signal.Signals[more[0]]
    if more[1:]:
        sys.argv = ["iku", *more[1:]]
        cli.main()
    given = settings()
    refresh(open_warehouse(given), given)


if __name__ == "__main__":
    main()
