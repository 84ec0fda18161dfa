"""One at a time: a lock between the processes, and between the threads, that work on a folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fasteners

_one_thread = threading.Lock()  # a lock on a file holds off processes, not threads


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Make the folder and hold its lock; it ends with the process. Not to be nested."""
    folder.mkdir(parents=True, exist_ok=True)
    with _one_thread, fasteners.InterProcessLock(folder / "lock"):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Make the folder and hold its lock as long as the block runs; False when another holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(folder / "lock")
    is_held = lock.acquire(blocking=False)
    try:
        yield is_held
    finally:
        if is_held:
            lock.release()
