"""Checks: one query per rule in sql/checks; the rows it returns are the offenders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flows.io import migrate, values
from flows.io.warehouse import Warehouse

SEVERITY = re.compile(r"-- severity: (fail|warn)\n-- (.+)\n")


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that found offenders, or that could not be run."""

    check: str
    severity: str
    says: str
    offenders: list[dict[str, Any]]


def run_checks(warehouse: Warehouse) -> list[Finding]:
    """Run every check and return those that found something, the failing ones first.

    A check that cannot be run is a finding that fails; the others are run all the same.
    """
    files = sorted((migrate.SQL / "checks").glob("*.sql"))
    queries = {file.stem: file.read_text(encoding="utf-8") for file in files}
    found, broken = values.run_checks(warehouse, queries.items())
    findings = [
        Finding(check, "fail", "The check itself could not be run.", [{"galat": said}])
        for check, said in broken.items()
    ]
    for check, offenders in found.items():
        head = SEVERITY.match(queries[check])
        if head is None:
            raise ValueError(
                f"sql/checks/{check}.sql does not begin with its severity and its rule"
            )
        findings.append(Finding(check, head[1], head[2], offenders))
    return sorted(findings, key=lambda finding: (finding.severity, finding.check))
