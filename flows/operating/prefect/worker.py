"""The worker of this machine: takes the runs of the pool, each in a process of its own.

home/prefect holds `worker.json` (its process) and `worker.log`.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from flows.machine import detached_process
from flows.machine.settings import Settings

POOL = "iku"
AT_ONCE = 2  # runs; a run takes a core and some 300 MB
# The log of the worker is a file for whoever looks after the machine.
LOUDER = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING"}


def start(given: Settings) -> None:
    """Start the worker with the environment of this process, which leads to Prefect's API."""
    folder = given.home / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL]
    command += ["--type", "process", "--limit", str(AT_ONCE)]
    # Said outright, as a run begins in an empty folder.
    places = {f"IKU_{name.upper()}": str(path) for name, path in given if isinstance(path, Path)}
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    detached_process.start(
        command, folder / "worker.json", folder / "worker.log", env | LOUDER | places
    )


def is_running(home: Path) -> bool:
    """Whether the worker runs."""
    return detached_process.running(home / "prefect/worker.json") is not None


def was_stopped(home: Path) -> bool:
    """Whether somebody ended the worker by `stop`; one that died leaves its record."""
    return not (home / "prefect/worker.json").exists()


def stop(home: Path) -> bool:
    """End the worker and the runs that it has begun; False when it did not run."""
    record = home / "prefect/worker.json"
    worker = detached_process.running(record)
    if worker is None:
        return False
    with suppress(psutil.Error):
        begun = worker.children(recursive=True)
        detached_process.stop(record)
        for process in begun:
            with suppress(psutil.Error):
                process.kill()
    return True
