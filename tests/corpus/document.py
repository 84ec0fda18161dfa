"""docs/CORPUS.md: the one place that says what landing must make of each kind of file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.kinds import Kind

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "CORPUS.md"
BROKEN, ODD = "Broken files", "Odd files with nothing wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what a kind is, and what landing must report of it."""

    name: str
    made_from: str
    wrong: str
    status: str
    rules: tuple[str, ...]
    accepted: int
    rejected: int
    duplicate: int
    out_of_scope: int
    rows_in: int


def made_from(kind: Kind) -> str:
    """Return source and sample that a kind is made from, as the document names them."""
    return f"{kind.source}/{kind.sample}"


def lines(heading: str) -> Mapping[str, Line]:
    """Return the lines of the table under a heading, by the name of their kind.

    Raises:
        ValueError: a line is not complete, or a kind is named twice.
    """
    text = DOCUMENT.read_text(encoding="utf-8")
    _, found, rest = text.partition(f"\n## {heading}\n")
    rows = re.findall(r"(?m)^\|(.*)\|$", rest.partition("\n## ")[0])[2:]
    named = [_line(row) for row in rows]
    if not found or len({line.name for line in named}) != len(named):
        raise ValueError(f"{DOCUMENT.name}: {heading}")
    return {line.name: line for line in named}


def _line(row: str) -> Line:
    name, source, wrong, status, rules, *counts = (cell.strip() for cell in row.split("|"))
    accepted, rejected, duplicate, out_of_scope, rows_in = map(int, counts)
    told = tuple(re.findall(r"\w+", rules))
    return Line(name, source, wrong, status, told,
                accepted, rejected, duplicate, out_of_scope, rows_in)  # fmt: skip
