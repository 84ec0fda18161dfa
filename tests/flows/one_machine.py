"""One machine for a test: `iku serve` in a process of its own, and Prefect's API."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psutil

from flows.machine.settings import Settings
from flows.warehouse.connection import DEMO, Warehouse, open_warehouse
from tests.conftest import ROOT
from tests.pace import patience

IKU = (sys.executable, "-c", "from flows.cli import main; main()")
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
WIB = ZoneInfo("Asia/Jakarta")
PATIENCE = 120  # seconds; nothing here takes so long


@dataclass
class Machine:
    """A home with a Postgres of its own, an inbox, and the environment that leads to them."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(
            home=self.folder / "home",
            inbox=self.folder / "inbox",
            config=self.folder / "config",
            settle_seconds=0,
            database_url=None,
            instant=None,
        )

    @property
    def environment(self) -> dict[str, str]:
        own = {n: v for n, v in os.environ.items() if not n.startswith(("IKU_", "PREFECT_"))}
        return own | {
            "IKU_HOME": str(self.folder / "home"),
            "IKU_INBOX": str(self.folder / "inbox"),
            "IKU_CONFIG": str(self.folder / "config"),
            "IKU_SETTLE_SECONDS": "0",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PYTHONPATH": str(ROOT),
        }

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{(self.folder / 'home/prefect/port').read_text()}/api"

    @property
    def said(self) -> str:
        """Return what `iku serve` has said."""
        return (self.folder / "serve.log").read_text()

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        opened = open_warehouse(self.settings, DEMO)
        try:
            yield opened
        finally:
            opened.engine.dispose()

    def serve(self) -> subprocess.Popen[bytes]:
        """Start `iku serve` and wait until it is ready."""
        with (self.folder / "serve.log").open("wb") as log:
            process = subprocess.Popen(
                [*IKU, "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

        def is_ready() -> bool:
            assert process.poll() is None, self.said
            return "Siap:" in self.said

        try:
            wait_for(is_ready, "iku serve")
        except BaseException:
            process.terminate()
            process.wait(60)
            raise
        return process

    @property
    def password(self) -> str:
        """Return the password of Prefect's page."""
        return (self.folder / "home/prefect/password").read_text()

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Ask as somebody who knows the password."""
        auth = ("iku", self.password)
        address = f"{self.api}{path}"
        return httpx.request(method, address, json=body, timeout=patience(30), auth=auth)

    def post(self, path: str, body: Any) -> Any:
        answer = self.ask("POST", path, body)
        assert answer.is_success, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        return self.ask("GET", path).raise_for_status().json()

    def deployment(self, name: str) -> str:
        """Return the key of a deployment."""
        wanted = {"deployments": {"name": {"any_": [name]}}}
        (found,) = self.post("/deployments/filter", wanted)
        return found["id"]

    def start(self, name: str, **parameters: object) -> str:
        """Ask for a run of a deployment, as the page does; return its key."""
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return self.post(f"/deployments/{self.deployment(name)}/create_flow_run", body)["id"]

    def schedule(self, name: str, first: datetime, count: int) -> None:
        """Let a deployment run by its schedule so many times, a second apart."""
        local = first.astimezone(WIB)  # Prefect reads the digits in the zone of the schedule
        rule = f"DTSTART:{local:%Y%m%dT%H%M%S}\nRRULE:FREQ=SECONDLY;COUNT={count}"
        path = f"/deployments/{self.deployment(name)}"
        schedule = {"rrule": rule, "timezone": WIB.key}
        self.post(f"{path}/schedules", [{"schedule": schedule, "active": True}])
        # A deployment that has just been updated is looked at every few seconds, not every minute.
        answer = self.ask("PATCH", path, {"description": "uji"})
        assert answer.is_success, answer.text

    def runs(self, name: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return the runs of a deployment that Prefect need not wait for, the oldest first."""
        body = {
            "flow_runs": {"deployment_id": {"any_": [self.deployment(name)]}, **wanted},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        return self.post("/flow_runs/filter", body)

    def run(self, key: str) -> dict[str, Any]:
        return self.get(f"/flow_runs/{key}")

    def ended(self, key: str) -> dict[str, Any]:
        """Return a run once it has ended."""
        return wait_for(lambda: (run := self.run(key))["state_type"] in ENDED and run, key)


def wait_for(look: Callable[[], Any], what: str) -> Any:
    """Return what a look finds as soon as it finds something."""
    began = time.monotonic()
    while not (found := look()):
        assert time.monotonic() < began + patience(PATIENCE), f"waited in vain for {what}"
        time.sleep(0.2)
    return found


def family(*roots: psutil.Process) -> list[psutil.Process]:
    """Return processes and all that they have started."""
    found = list(roots)
    for process in roots:
        with suppress(psutil.Error):
            found += process.children(recursive=True)
    return found


def cut_power(*roots: psutil.Process) -> None:
    """Kill processes and all that they have started, at once and without a word to any."""
    killed = family(*roots)
    for process in killed:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(killed, timeout=patience(30))
