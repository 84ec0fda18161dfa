"""Checks: one query per rule in sql/checks; the rows it returns are the offenders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.computing import store as values
from flows.warehouse.check_files import check_files
from flows.warehouse.connection import Warehouse


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that found offenders, or that could not be run; `title` is for officers."""

    check: str
    severity: str
    title: str
    says: str
    offenders: list[dict[str, Any]]


def run_checks(warehouse: Warehouse) -> list[Finding]:
    """Run every check and return those that found something, the failing ones first.

    A check that cannot be run is a finding that fails; the others are run all the same.
    """
    checks = {check.name: check for check in check_files()}
    found, broken = values.run_checks(
        warehouse, ((check.name, check.query) for check in checks.values())
    )
    findings = [
        Finding(name, checks[name].severity, checks[name].title, checks[name].says, offenders)
        for name, offenders in found.items()
    ]
    findings += [
        Finding(
            name,
            "fail",
            f"pemeriksaan “{checks[name].title}” tidak dapat dijalankan",
            "The check itself could not be run.",
            [{"galat": said}],
        )
        for name, said in broken.items()
    ]
    return sorted(findings, key=lambda finding: (finding.severity, finding.check))
