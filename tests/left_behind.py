"""Nothing outlives a test run: a process beside it ends and removes what the run has left.

A run that is killed, or that pytest-timeout ends, has no last word. So a watcher waits at a pipe
for the end of the run; then it ends every process that has the name of the run in its environment,
and removes the folder of the run and the data of Postgres. Of a run that ended well it finds none.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from flows.machine.postgres.programs import SHARED

RUN = "TEST_RUN"
"""The folder of a run, also its name: every process inherits it, as it would not IKU_* or PG*."""
POLITE_SECONDS = 5  # to end by oneself, before one is killed
ROOT = Path(__file__).parents[1]


@contextmanager
def watched(homes: Path) -> Iterator[None]:
    """Watch over this process while the block runs, and over what lies in its folder of homes.

    What the block writes to the folder of temporary files lies in a folder of the run's own.
    """
    # Open to every account: of root, Postgres is another. What root calls temporary may be closed.
    folder = tempfile.mkdtemp(prefix="iku-uji-", dir="/tmp" if _is_root() else None)
    Path(folder).chmod(0o1777)  # as /tmp is: servers of other accounts keep drafts there too
    command = [sys.executable, "-m", "tests.left_behind", folder, str(homes)]
    unnamed = {name: value for name, value in os.environ.items() if name != RUN}
    with (
        # In a session of its own: what ends the run does not end the watcher.
        subprocess.Popen(
            command, stdin=subprocess.PIPE, cwd=ROOT, env=unnamed, start_new_session=True
        ),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv(RUN, folder)
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def main(folder: Path, homes: Path) -> None:
    """Wait until nobody can write to standard input any more, then clean up."""
    sys.stdin.read()
    left = left_by(folder)
    if left:
        print("left behind, and ended:", ", ".join(map(told, left)), file=sys.stderr)
    end(left)
    remove_clusters(folder, homes)
    shutil.rmtree(folder, ignore_errors=True)


def left_by(folder: Path) -> list[psutil.Process]:
    """Return the processes of a run, and what they have started."""
    found = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(RUN) == str(folder):
                # Postgres writes over the environment of its children.
                found |= {process, *process.children(recursive=True)}
    return list(found)


def told(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return f"{process.pid} {' '.join(process.cmdline()[:4])}"
    return f"{process.pid}"


def end(processes: list[psutil.Process]) -> None:
    """Ask processes to end, then make them."""
    for process in processes:
        with suppress(psutil.Error):
            # Of Postgres a request to end waits for the clients, an interrupt ends them.
            is_postgres = process.name() == "postgres"
            process.send_signal(signal.SIGINT if is_postgres else signal.SIGTERM)
    _, alive = psutil.wait_procs(processes, POLITE_SECONDS)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, POLITE_SECONDS)


def remove_clusters(*above: Path) -> None:
    """Remove the data of Postgres whose homes lay in these folders, but are not in them."""
    for note in SHARED.glob("*/home"):
        home = Path(note.read_text())
        if any(home.is_relative_to(folder.resolve()) for folder in above):
            shutil.rmtree(note.parent, ignore_errors=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
