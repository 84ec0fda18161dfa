"""However a test run ends, no server, no process and no data of Postgres is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.conftest import ROOT
from tests.flows.one_machine import wait_for

# A run of one test that starts what tests start, says so, and never ends.
RUN = """
import json, os, sys, tempfile, time
from pathlib import Path

import psutil
import pytest

from flows.machine import detached_process
from flows.machine.postgres import embedded, place
from tests.conftest import nothing_left_behind

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
]


@pytest.fixture
def begun(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    embedded.ensure(home)
    clusters = [place.cluster(home)]
    away = Path(tempfile.mkdtemp()) / "home"
    away.mkdir()
    embedded.ensure(away)
    clusters.append(place.cluster(away))
    pids = [int((one / "data/postmaster.pid").read_text().split()[0]) for one in clusters]
    for name, command in {"server": SLEEP, "worker": DEAF}.items():
        record = home / f"{name}.json"
        detached_process.start(command, record, home / f"{name}.log", os.environ)
        pids.append(json.loads(record.read_text())["pid"])
    folders = [*map(str, clusters), os.environ["TMPDIR"]]
    draft = Path(__file__).with_name("draft")
    begun = {pid: psutil.Process(pid).create_time() for pid in pids}
    draft.write_text(json.dumps({"processes": begun, "folders": folders}))
    draft.rename(draft.with_name("begun"))


def test_never_ends(begun):
    time.sleep(600)
"""


ENDS = {
    "killed": (signal.SIGKILL, ()),
    "asked": (signal.SIGTERM, ()),
    "asked_of_two": (signal.SIGTERM, ("-n", "1")),
    "overrun": (None, ("--timeout=1", "-o", "timeout_func_only=true")),
}


@dataclass
class Ended:
    """A run of its own, in a folder."""

    folder: Path
    process: subprocess.Popen[bytes]
    word: signal.Signals | None

    @property
    def begun(self) -> Any:
        """Return what it said of itself, once it has started everything."""
        assert self.process.poll() is None or self.said.exists(), self.log.read_text()
        return self.said.exists() and json.loads(self.said.read_text())

    @property
    def said(self) -> Path:
        return self.folder / "begun"

    @property
    def log(self) -> Path:
        return self.folder / "log"


def start(folder: Path, word: signal.Signals | None, options: tuple[str, ...]) -> Ended:
    folder.mkdir()
    file = folder / "test_run.py"
    file.write_text(RUN)
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", *options]
    command += ["-p", "no:cacheprovider", f"--basetemp={folder / 'base'}", file]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    return Ended(folder, process, word)


@pytest.mark.skipif(os.name != "posix", reason="the signals are those of POSIX")
def test_nothing_is_left(tmp_path: Path):
    runs = [start(tmp_path / name, *how) for name, how in ENDS.items()]
    for run in runs:
        begun = wait_for(lambda run=run: run.begun, f"the run {run.folder.name}")
        assert len(begun["processes"]) == 4
        if run.word:
            run.process.send_signal(run.word)
        wait_for(lambda run=run: run.process.poll() is not None, f"the end of {run.folder.name}")
        wait_for(lambda begun=begun: left_of(begun) == [], f"what {run.folder.name} has left")


def left_of(begun: dict[str, Any]) -> list[object]:
    """Return the processes and the folders of a run that are still there."""
    left: list[object] = [folder for folder in begun["folders"] if Path(folder).exists()]
    for pid, since in begun["processes"].items():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(pid))
            if process.create_time() == since and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process)
    return left
