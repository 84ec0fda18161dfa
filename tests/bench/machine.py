"""The machine: what a reader must know to judge the seconds; no names and no paths of it."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil

QUIET = 0.5  # the load average of a machine that has nothing else to do


def describe(postgres: str) -> str:
    """Return one line: day, load, processor, cores, memory, system, Python and Postgres."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d}; {_processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB; {_system()}; Python {platform.python_version()}; Postgres {postgres}."
    )


def load() -> str:
    """Return a sentence on how busy the machine is before we begin; empty where nothing tells."""
    if not hasattr(os, "getloadavg"):
        return ""
    average = os.getloadavg()[0]
    noise = "" if average < QUIET else " Others were at work: the seconds are longer than need be."
    return f"Load before the run: {average:.1f}.{noise}"


def peak_memory_mb() -> float:
    """Return the most memory this process has held so far, in MiB; 0 where nothing tells."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: on Linux it begins with what the process that started this one held.
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:
        return 0.0
    bytes_in_unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * bytes_in_unit / 2**20


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return f"{platform.system()} {platform.release()}"
