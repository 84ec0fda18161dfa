"""Land, compute and record an inbox as a refresh does, and die by SIGKILL at a named point.

Run by test_killed.py in a process of its own: `python -m tests.flows.killed POINT`. The point is
reached by wrapping one function, so the program itself knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from flows import computing, landing
from flows.io import archive, loads, readers
from flows.io.settings import settings
from flows.io.warehouse import open_warehouse
from tests.warehouse import steps

SMALL_PIECE = 4096  # bytes: the survey comes in many pieces, so there is a middle to die in


def die() -> None:
    """End at once: no handler, no clean-up, no commit."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(module: Any, name: str, call: int = 1) -> None:
    """Die when the function has returned for the `call`-th time."""
    wrap(module, name, call, before=False)


def before(module: Any, name: str, call: int = 1) -> None:
    """Die when the function is about to be called for the `call`-th time."""
    wrap(module, name, call, before=True)


def wrap(module: Any, name: str, call: int, *, before: bool) -> None:
    real: Callable[..., Any] = getattr(module, name)
    calls = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if before and calls == call:
            die()
        answer = real(*args, **kwargs)
        if calls == call:
            die()
        return answer

    setattr(module, name, wrapped)


POINTS: dict[str, Callable[[], None]] = {
    "archive_written": lambda: after(archive, "keep", 2),
    "in_copy": lambda: after(loads.Scratch, "_copy", 3),
    # The last statement of the landing's transaction has run; its commit has not.
    "before_landing_commit": lambda: after(loads, "land", 2),
    "between_computations": lambda: after(computing, "measure", 5),
    "before_record": lambda: before(computing, "record"),
    "after_record": lambda: after(computing, "record"),
}


def main() -> None:
    """Refresh the office of the settings, up to the point named on the command line."""
    readers.CHUNK_BYTES = SMALL_PIECE
    if len(sys.argv) > 1:
        POINTS[sys.argv[1]]()
    given = settings()
    warehouse = open_warehouse(given)
    steps.take_inbox(warehouse, given)
    steps.refresh(warehouse)


# The functions of the steps look these modules up at each call, so that wrapping reaches them.
assert landing.archive is archive

if __name__ == "__main__":
    main()
