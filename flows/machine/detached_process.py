"""A process that outlives its starter: started, known again by more than its pid, ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from flows.machine import private

STOP_SECONDS = 15


def start(command: Sequence[str], record: Path, log: Path, env: Mapping[str, str]) -> None:
    """Start a program in the record's folder, out of reach of Ctrl-C; its output goes to `log`.

    The record keeps its pid and command for `running` and `stop`. The log of the one before stays
    as `.log.old`: it says why that one died.
    """
    with suppress(FileNotFoundError):
        log.replace(log.with_suffix(".log.old"))
    with private.written(log) as output:  # never a pipe: nobody will read it
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=record.parent,
            env=env,
            start_new_session=os.name == "posix",
        )
    record.write_text(json.dumps({"pid": process.pid, "command": list(command)}))
    deadline = time.monotonic() + 5
    while process.poll() is None and running(record) is None and time.monotonic() < deadline:
        time.sleep(0.01)  # for a moment the system shows no command yet
    process.returncode = 0  # it is to stay when we end: Python need not warn that it does


def running(record: Path) -> psutil.Process | None:
    """The process of this record, None when it ended.

    Its command and folder are compared: after a crash the pid may be a zombie's or somebody else's,
    and in a copy of the folder the record names the process of the original.
    """
    with suppress(FileNotFoundError, ValueError, psutil.Error):
        noted = json.loads(record.read_text())
        process = psutil.Process(noted["pid"])
        # The first word may differ: a virtual environment's Python can start another.
        is_same = process.cmdline()[1:] == noted["command"][1:]
        if is_same and Path(process.cwd()) == record.parent.resolve():
            return process
    return None


def reap() -> None:
    """Let go of the ended processes that this one has started: until then they seem to exist."""
    with suppress(ChildProcessError):
        while os.name == "posix" and os.waitpid(-1, os.WNOHANG)[0]:
            pass


def stop(record: Path) -> bool:
    """Ask the process to end, then make it; False when it did not run."""
    process = running(record)
    if process is None:
        return False
    for word in (signal.SIGTERM, signal.SIGTERM if os.name == "nt" else signal.SIGKILL):
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            process.send_signal(word)
            process.wait(STOP_SECONDS)
            break
    record.unlink(missing_ok=True)
    return True
