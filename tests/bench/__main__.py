"""Measure and write docs/BENCHMARKS.md: `python -m tests.bench [NAME ...] [--small]`."""

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path

from tests.bench import (
    document,
    machine,
    measure_correction,
    measure_dashboards,
    measure_hard_files,
    measure_landing,
    measure_make_run,
    measure_refresh,
    measure_tally,
    measure_workers,
)
from tests.bench.place import temporary_place
from tests.bench.timing import say, step

MEASURES = {
    module.NAME: module.measure
    for module in (
        measure_refresh,
        measure_landing,
        measure_hard_files,
        measure_tally,
        measure_correction,
        measure_make_run,
        measure_dashboards,
        measure_workers,
    )
}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "BENCHMARKS.md"


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for; return 1 when one of them could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(MEASURES)} (default: all)"
    )
    parser.add_argument(
        "--small", action="store_true", help="few rows, to try it out; printed, not written"
    )
    asked = parser.parse_args(arguments)
    unknown = set(asked.names) - set(MEASURES)
    if unknown:
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the place is removed
    load = machine.load()  # once: later on it would be our own
    names = asked.names or list(MEASURES)
    failed = [name for name in names if not _measure(name, load, small=asked.small)]
    return 1 if failed else 0


def _measure(name: str, load: str, *, small: bool) -> bool:
    """Measure one thing in a place of its own, so that each can be run alone."""
    try:
        with step(name), temporary_place() as place:
            section = MEASURES[name](place, small=small)
            about = machine.describe(place.version())
    except Exception as failure:  # the others can still be measured
        say(f"{name} was not measured: {failure}")
        return False
    body = f"{section.body.strip()}\n\n{about} {load}"
    section = replace(section, body=body)
    if small:
        print(document.marked(section))
    else:
        document.merge(DOCUMENT, section, list(MEASURES))
    return True


if __name__ == "__main__":
    sys.exit(main())
