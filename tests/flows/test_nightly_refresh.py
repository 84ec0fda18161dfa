"""The nightly refresh through the real Prefect engine: its graph, its names, and its second run."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator

import httpx
import pytest

from flows.io import prefect_server, references
from flows.io.warehouse import Warehouse
from tests.conftest import ROOT, Server
from tests.warehouse import steps

YEAR = ROOT / "tests" / "samples" / "tahun-2024"
FILES = ("siasn_integration/2024-Q4.xlsx", "sakip_score/2024.xlsx", "published_actual/2023-Q4.csv")
APPENDED = ("ops.load", "ops.load_event", "iku.value", "iku.achievement", "iku.rollup")

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def refreshed(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Warehouse, str]]:
    """Run the flow once; give the warehouse and the address of Prefect's API."""
    home = tmp_path_factory.mktemp("engine")
    api = prefect_server.ensure(home, server.url)
    with steps.copy_of(server, "iku_template") as database, pytest.MonkeyPatch.context() as patch:
        for file in FILES:
            place = home / "inbox" / steps.OFFICE / file
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(YEAR / "inbox" / steps.OFFICE / file, place)
        for name, value in {
            **prefect_server.environment(home, api),
            "IKU_HOME": str(home),
            "IKU_INBOX": str(home / "inbox"),
            "IKU_DATABASE_URL": server.url,
            "IKU_DATABASE": database,
            "IKU_WRITER_PASSWORD": steps.passwords(server).writer,
            "IKU_METABASE_PASSWORD": steps.passwords(server).reader,
        }.items():
            patch.setenv(name, value)
        warehouse = steps.open_at(server, database, None)
        references.seed(warehouse, YEAR / "rujukan")
        run_flow()
        yield warehouse, api
        warehouse.engine.dispose()
    prefect_server.stop(home)


def run_flow():
    """Run the flow as `iku refresh` does: Prefect is imported after its settings are there."""
    assert os.environ["PREFECT_API_URL"]
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.nightly_refresh import nightly_refresh

    with temporary_settings({PREFECT_API_URL: os.environ["PREFECT_API_URL"]}):
        return nightly_refresh(steps.OFFICE, who="penguji", reason="uji")


def runs(api: str, kind: str) -> list[dict]:
    found = httpx.post(f"{api}/{kind}/filter", json={"limit": 200}, timeout=10)
    found.raise_for_status()
    return found.json()


def completed(api: str) -> list[dict]:
    """Return the task runs once all are; the server takes their last states in a little later."""
    deadline = time.monotonic() + 30
    while True:
        found = runs(api, "task_runs")
        states = {run["state_type"] for run in found}
        if states == {"COMPLETED"} or time.monotonic() > deadline:
            assert states == {"COMPLETED"}
            return found
        time.sleep(0.2)


def test_graph(refreshed: tuple[Warehouse, str]):
    warehouse, api = refreshed
    flows = runs(api, "flow_runs")
    assert [run["name"] for run in flows] == [f"refresh {steps.OFFICE}"]
    tasks = {run["id"]: run for run in completed(api)}
    by_name = {run["name"]: run for run in tasks.values()}

    def comes_after(name: str) -> set[str]:
        """Return the names of the task runs that a task run waited for."""
        inputs = by_name[name]["task_inputs"].values()
        return {tasks[each["id"]]["name"] for given in inputs for each in given if "id" in each}

    landed = {
        "muat siasn_integration 2024-Q4 utama",
        "muat sakip_score 2024 utama",
        "muat published_actual 2023-Q4 utama",
    }
    touched = "cari triwulan yang tersentuh"
    computed = {f"IKU.{number} 2024-Q4" for number in range(1, 15)}
    assert landed | computed | {touched, "periksa gudang"} <= set(by_name)
    assert comes_after(touched) == landed
    assert {name: comes_after(name) for name in computed} == {each: {touched} for each in computed}
    assert comes_after("catat 2024-Q4") == {*computed, "angka terbit 2024-Q4", touched}
    assert "catat 2024-Q4" in comes_after("periksa gudang")
    assert steps.shown(warehouse, "IKU.6", 2024, 4)["realisasi"] is not None
    assert steps.shown(warehouse, "IKU.3", 2023, 4)["dasar"] == "terbit"


def test_second_run_does_nothing_twice(refreshed: tuple[Warehouse, str]):
    warehouse, _ = refreshed
    before = {table: steps.count(warehouse, table) for table in APPENDED}
    assert all(before.values())
    done = run_flow()
    assert {one.status for one in done.landings} == {"unchanged"}
    assert {table: steps.count(warehouse, table) for table in APPENDED} == before
