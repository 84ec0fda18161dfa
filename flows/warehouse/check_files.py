"""The files of sql/checks: one query per rule, headed by severity, title and rule."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.warehouse import migrations

HEAD = re.compile(r"-- severity: (fail|warn)\n-- title: (.+)\n-- (.+)\n")


@dataclass(frozen=True, slots=True)
class Check:
    """A check: the rows that its query returns are the offenders.

    Attributes:
        title: what officers read, Indonesian.
        says: the rule that is broken.
    """

    name: str
    severity: str
    title: str
    says: str
    query: str


def check_files(pattern: str = "*") -> list[Check]:
    """Return the checks whose name matches the pattern, in the order of their names."""
    return [
        _read(file.stem, file.read_text(encoding="utf-8"))
        for file in sorted((migrations.SQL / "checks").glob(f"{pattern}.sql"))
    ]


def _read(name: str, query: str) -> Check:
    head = HEAD.match(query)
    if head is None:
        raise ValueError(f"sql/checks/{name}.sql does not begin with severity, title and rule")
    return Check(name, head[1], head[2], head[3], query)
