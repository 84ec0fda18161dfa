"""How long a test waits: longer on a slow or busy machine, so that only what hangs is at fault."""

from __future__ import annotations

import psutil

START_SECONDS = 5.0
"""What Postgres's start and the template take on a small machine with nothing else to do."""

_start = 1.0


def started_in(seconds: float) -> None:
    """Measure the machine by how long the run's own start took."""
    global _start
    _start = seconds / START_SECONDS


def patience(seconds: float) -> float:
    """Return the seconds to wait for what takes less than so many on an idle machine.

    What has become busy since the start is seen by how many wait for each core.
    """
    busy = psutil.getloadavg()[0] / (psutil.cpu_count() or 1)
    return seconds * max(1.0, _start, busy)
