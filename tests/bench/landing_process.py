"""A process that lands one file and tells how long it took and how much memory it held.

`python -m tests.bench.landing_process FILE SOURCE PERIOD DATABASE`; the environment says where.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.landing import land as landing
from flows.landing.request import Request
from flows.machine.settings import settings
from flows.warehouse.connection import open_warehouse
from tests.bench.machine import peak_memory_mb
from tests.samples.year import OFFICE


def land_alone(file: Path, source: str, period: str, database: str) -> dict[str, Any]:
    """Land a file in a process of its own, and return what that one tells."""
    command = [sys.executable, "-m", __name__, str(file), source, period, database]
    done = subprocess.run(command, env=os.environ, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> None:
    """Land, and print what became of it as JSON."""
    file, source, period, database = sys.argv[1:]
    given = settings()
    warehouse = open_warehouse(given, database)
    warehouse.instant()
    before = peak_memory_mb()
    start, start_cpu = time.perf_counter(), time.process_time()
    landed = landing.land(warehouse, given, Request(Path(file), OFFICE, source, period))
    told = {
        "status": landed.status,
        "seconds": time.perf_counter() - start,
        "cpu_seconds": time.process_time() - start_cpu,
        "before_mb": before,
        "peak_mb": peak_memory_mb(),
        "rows_in": landed.counts.rows_in,
        **asdict(landed.counts),
        "rules": sorted({reason["rule"] for reason in landed.reasons}),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
