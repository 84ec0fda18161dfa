"""`make run` in a fresh copy of the project: cold, with everything to install, and warm."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from flows.machine.postgres import embedded
from tests.bench.document import Section, table
from tests.bench.place import OURS, Place
from tests.bench.timing import Samples, say, seconds, step

NAME = "make_run"
ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", ".iku", ".env", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info"
)


def measure(place: Place, *, small: bool) -> Section:
    """Install, run for the first time, and run again; `small` is as long, there is no less."""
    clone, home = place.folder / "clone", place.folder / "clone-home"
    shutil.copytree(ROOT, clone, ignore=_left_behind)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
        "IKU_HOME": str(home),
        "IKU_INBOX": str(place.folder / "clone-inbox"),
        "IKU_OUTBOX": str(place.folder / "clone-outbox"),
        "PYTHON": sys.executable,
    }
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "VIRTUAL_ENV"):
        environment.pop(name, None)  # of the make that runs us
    try:
        install = seconds(lambda: _make(clone, environment, ".venv/.installed"))
        say(f"install: {install:.1f} s")
        with step("make run, cold"):
            cold = seconds(lambda: _make(clone, environment, "run"))
        warm = []
        for number in range(1, ROUNDS + 1):
            warm.append(seconds(lambda: _make(clone, environment, "run")))
            say(f"make run, warm, round {number} of {ROUNDS}: {warm[-1]:.1f} s")
    finally:
        _stop(clone, environment, home)
    return Section(NAME, "`make run`", _body(install, cold, Samples(tuple(warm))))


def _left_behind(folder: str, names: list[str]) -> set[str]:
    """Return what a clone would not have; of folders called inbox only the officer's own."""
    own = {"inbox"} if Path(folder) == ROOT else set()
    return LEFT_BEHIND(folder, names) | own


def _make(clone: Path, environment: Mapping[str, str], target: str) -> None:
    done = subprocess.run(
        ["make", "-C", str(clone), target],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"`make {target}` failed:\n{done.stdout[-2000:]}")


def _stop(clone: Path, environment: Mapping[str, str], home: Path) -> None:
    command = clone / ".venv" / "bin" / "iku"
    if command.exists():
        subprocess.run(
            [str(command), "stop"], env=environment, stdout=subprocess.DEVNULL, check=False
        )
    embedded.remove(home)


def _body(install: float, cold: float, warm: Samples) -> str:
    rows = [
        ("cold: installing into a new environment", f"{install:.1f} s"),
        ("cold: the first run after that", f"{cold:.1f} s"),
        ("**cold, together**", f"**{install + cold:.1f} s**"),
        ("**warm: again, nothing to do**", f"**{warm}**"),
    ]
    return f"""
{table(("In a fresh copy of the project", "seconds"), rows)}
Installing downloads what pip's cache does not hold, so it depends on the network and is measured
once. The first run makes the Postgres, starts the Prefect server, lands the sample year and the
published history and computes every quarter. Both servers keep running between the warm runs.
"""
