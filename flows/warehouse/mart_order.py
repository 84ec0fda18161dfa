"""The order of the marts: a view comes after those that it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

# Comments and literals name marts that are not read: "Read by: mart.kartu_skor".
SILENT = re.compile(r"--[^\n]*|'[^']*'")
NAMED = re.compile(r"\bmart\.(\w+)")


def in_order(files: Iterable[Path]) -> Sequence[Path]:
    """Return the files so that each comes after those whose marts it reads; else by their paths.

    A file is called as the mart that it makes.

    Raises:
        CycleError: of graphlib, when marts read each other in a circle; `args[1]` is the circle.
    """
    files = sorted(files)
    makes = {path.stem: path for path in files}
    reads = {path: sorted(makes[name] for name in _read(path) & makes.keys()) for path in files}
    return tuple(TopologicalSorter(reads).static_order())


def _read(file: Path) -> set[str]:
    """Return the marts that a file names besides its own."""
    spoken = SILENT.sub("", file.read_text(encoding="utf-8"))
    return set(NAMED.findall(spoken)) - {file.stem}
