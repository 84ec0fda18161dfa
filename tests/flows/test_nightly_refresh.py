"""The nightly refresh through the real Prefect engine: its graph, its names, and its second run."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.io import prefect_server
from flows.io.settings import Settings
from flows.io.warehouse import Warehouse, use_database
from tests.conftest import TEMPLATE, Server
from tests.flows.killed import refresh, state
from tests.warehouse import steps

# All quarters of 2024 are still open then, and 2025 has begun, so both nights compute these five.
FIRST_NIGHT = "2025-01-20T02:00:00+07:00"
SECOND_NIGHT = "2025-01-21T02:00:00+07:00"
APPENDED = ("ops.load", "ops.load_event", "iku.value", "iku.achievement", "iku.rollup")

LANDED = {
    "muat published_actual 2023-Q4 utama",
    "muat siasn_integration 2024-Q2 utama",
    "muat survey_answer 2024-Q2 utama",
}
TOUCHED, CHECKED = "cari triwulan yang tersentuh", "periksa gudang"
QUARTERS = ("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1")

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Refreshed:
    """A warehouse after one run of the flow, and what Prefect's server knows of the run."""

    warehouse: Warehouse
    api: str
    flow_run: str


def expected_graph() -> dict[str, set[str]]:
    """Return the name of each task run with the names of those that it waited for."""
    graph: dict[str, set[str]] = {name: set() for name in LANDED}
    graph[TOUCHED] = LANDED
    for quarter in QUARTERS:
        read = {f"angka terbit {quarter}", *(f"IKU.{n} {quarter}" for n in range(1, 15))}
        graph |= {name: {TOUCHED} for name in read}
        graph[f"catat {quarter}"] = {TOUCHED, *read}
    graph[CHECKED] = {f"catat {quarter}" for quarter in QUARTERS}
    return graph


def fill(given: Settings) -> None:
    answers = [steps.form("44433444.", answered_on=date(2024, 5, day)) for day in range(1, 31)]
    steps.write(given, "published_actual", "2023-Q4", steps.printed({"IKU.3": Decimal("94.78")}))
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:10]))
    steps.write(given, "survey_answer", "2024-Q2", answers)


@contextmanager
def office(server: Server, home: Path) -> Iterator[tuple[Warehouse, Settings]]:
    """Give a fresh warehouse, which the home names as the one in use, and a filled inbox."""
    given = server.settings.model_copy(update={"home": home, "inbox": home / "inbox"})
    fill(given)
    with steps.copy_of(server, TEMPLATE) as database:
        use_database(home, database)
        steps.backdate_references(server, database)
        warehouse = steps.open_at(server, database, FIRST_NIGHT)
        yield warehouse, given
        warehouse.engine.dispose()


def run_flow(instant: str) -> tuple[str, Any]:
    """Run the flow as `iku refresh` does; return the key of its run and its answer."""
    # Prefect reads the environment when it is imported, which another test may have done before.
    from prefect import settings as prefect

    from flows.nightly_refresh import nightly_refresh

    chosen = {
        prefect.PREFECT_API_URL: os.environ["PREFECT_API_URL"],
        prefect.PREFECT_HOME: os.environ["PREFECT_HOME"],
        prefect.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # its thread ends a second late
        prefect.PREFECT_LOGGING_TO_API_ENABLED: False,  # its thread outlives the server
    }
    with pytest.MonkeyPatch.context() as patch, prefect.temporary_settings(chosen):
        patch.setenv("IKU_INSTANT", instant)
        ended = nightly_refresh(steps.OFFICE, who="penguji", reason="uji", return_state=True)
        return str(ended.state_details.flow_run_id), ended.result()


@pytest.fixture(scope="module")
def refreshed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refreshed]:
    home = tmp_path_factory.mktemp("engine")
    with pytest.MonkeyPatch.context() as patch, office(server, home) as (warehouse, given):
        for name in ("PREFECT_API_URL", "PREFECT_HOME", "IKU_DATABASE"):
            patch.delenv(name, raising=False)
        api = prefect_server.ensure(home, server.url)
        environment = {
            **prefect_server.environment(home, api),
            "IKU_HOME": str(home),
            "IKU_INBOX": str(given.inbox),
            "IKU_DATABASE_URL": server.url,
            "IKU_WRITER_PASSWORD": steps.passwords(server).writer,
            "IKU_METABASE_PASSWORD": steps.passwords(server).reader,
        }
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            yield Refreshed(warehouse, api, run_flow(FIRST_NIGHT)[0])
        finally:
            prefect_server.stop(home)


def ask(refreshed: Refreshed, what: str) -> list[dict[str, Any]]:
    """Return what Prefect's API has of the flow run."""
    body = {"flow_runs": {"id": {"any_": [refreshed.flow_run]}}, "limit": 200}
    found = httpx.post(f"{refreshed.api}/{what}/filter", json=body, timeout=10)
    return found.raise_for_status().json()


def task_runs(refreshed: Refreshed, count: int) -> dict[str, dict[str, Any]]:
    """Return the task runs by key; the server takes in their last states a little later."""
    deadline = time.monotonic() + 30
    while True:
        found = ask(refreshed, "task_runs")
        states = [run["state_type"] for run in found]
        if states == ["COMPLETED"] * count:
            return {run["id"]: run for run in found}
        assert time.monotonic() < deadline, states
        time.sleep(0.1)


def test_graph_shows_land_compute_record_check(
    refreshed: Refreshed, server: Server, tmp_path: Path
):
    (flow_run,) = ask(refreshed, "flow_runs")
    assert flow_run["name"] == f"refresh {steps.OFFICE}"
    assert flow_run["state_type"] == "COMPLETED"
    asked = {"office": steps.OFFICE, "who": "penguji", "reason": "uji"}
    assert flow_run["parameters"] == asked  # keys, never data

    runs = task_runs(refreshed, len(expected_graph()))
    graph = {
        run["name"]: {
            runs[source["id"]]["name"] for given in run["task_inputs"].values() for source in given
        }
        for run in runs.values()
    }
    assert graph == expected_graph()

    with office(server, tmp_path) as (plain, given):
        refresh(plain, given)
        assert state(refreshed.warehouse) == state(plain)


def test_second_run_adds_nothing(refreshed: Refreshed):
    tables = (*APPENDED, "ops.run")
    before = {table: steps.count(refreshed.warehouse, table) for table in tables}
    assert all(before.values())
    _, done = run_flow(SECOND_NIGHT)
    assert {landing.status for landing in done.landings} == {"unchanged"}
    open_quarters = [str(recorded.quarter) for recorded in done.recorded]
    assert open_quarters == [quarter for quarter in QUARTERS if quarter >= "2024"]
    after = {table: steps.count(refreshed.warehouse, table) for table in tables}
    assert after == before | {"ops.run": before["ops.run"] + len(open_quarters)}
