"""Refreshing without Prefect: the functions that the flow calls, in one process."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flows.computing import checks, measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Quarter, Recorded, Run
from flows.fetching import inbox
from flows.landing import land as landing
from flows.landing.request import Landing
from flows.machine.settings import settings
from flows.warehouse import migrations
from flows.warehouse.connection import Warehouse, open_warehouse
from transforms.indicators import indicators

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


def one_after_another(office: str) -> None:
    """Do all that a refresh does, each thing when the one before it is done."""
    _refresh(office, map)


def in_threads(office: str) -> None:
    """Do all that a refresh does, in as many threads as the flow has workers."""
    # Imported here: with it comes Prefect, which reads the environment when it is imported.
    from flows.nightly_refresh import WORKERS

    with ThreadPoolExecutor(WORKERS) as workers:
        _refresh(office, workers.map)


def land_all(warehouse: Warehouse, office: str, each: Map = map) -> list[Landing]:
    """Land what lies in the inbox."""
    given = settings()
    requests, problems = inbox.waiting(given.inbox, office, "bench")
    assert not problems, problems
    return list(each(lambda request: landing.land(warehouse, given, request), requests))


def compute_touched(warehouse: Warehouse, office: str, each: Map = map) -> list[Recorded]:
    """Compute and record the quarters that were touched; return what was written of each."""
    known_at = values.moment_of_knowledge(warehouse, office)
    run = Run("bench", "benchmark", migrations.version())
    recorded = []
    for year, quarter in values.touched_quarters(warehouse, office, known_at):
        asked = Quarter(office, year, quarter, known_at)
        computed = list(each(_measuring(warehouse, asked), indicators()))
        printed = measuring.published(warehouse, asked)
        recorded.append(recording.record(warehouse, asked, computed, printed, run))
    return recorded


def _measuring(warehouse: Warehouse, asked: Quarter) -> Callable[[str], Any]:
    return lambda iku: measuring.measure(warehouse, iku, asked)


def _refresh(office: str, each: Map) -> None:
    warehouse = open_warehouse(settings())
    land_all(warehouse, office, each)
    compute_touched(warehouse, office, each)
    checks.run_checks(warehouse)
    warehouse.engine.dispose()
