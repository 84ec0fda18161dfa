"""The OM-SPAN report as read: its units, as rows of the contract, and what does not agree in it.

Source: RULES 3.2, 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from transforms.files.validate import FAILURES, no_failures
from transforms.rules.budget_execution import (
    LABELS,
    REGIMES,
    Difference,
    Regime,
    foreign_weights,
    identity_differences,
    regime_of,
)
from transforms.words import MONTHS

Problem = tuple[str, Mapping[str, str]]
"""A rule of the catalogue, and what fills the placeholders of its text."""


class BrokenReport(ValueError):
    """A report that cannot be read whole.

    Attributes:
        problems: each a rule of the catalogue and what fills its text; all there are.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(rule for rule, _ in problems))
        self.problems = problems


class Level(StrEnum):
    """Whom the blocks of a report are about."""

    SATKER = "satker"
    KPPN = "kppn"


@dataclass(frozen=True, slots=True)
class OmspanUnit:
    """The four lines of a unit, as printed.

    Attributes:
        row_no: the row of its first line.
        satker: six digits; empty in a report of KPPN level, and so is `ba_code`.
        name: of the satker, or of the KPPN.
        values: Nilai of each indicator by the names of `budget_execution.LABELS`, 0 to 100.
        weights: Bobot, by the same names; 0 where the indicator does not apply.
        products: Nilai Akhir of each indicator.
        aspects: Nilai Aspek, by the names of `budget_execution.ASPECTS`; those printed.
        conversion_pct: the sum of the weights, in percent.
        dispensation_score: what is taken off the final score, in points; 0 before 2024.
    """

    row_no: int
    kppn_code: str
    ba_code: str
    satker: str
    name: str
    values: Mapping[str, Decimal]
    weights: Mapping[str, Decimal]
    products: Mapping[str, Decimal]
    aspects: Mapping[str, Decimal]
    total_score: Decimal
    conversion_pct: Decimal
    dispensation_score: Decimal
    final_score: Decimal


@dataclass(frozen=True, slots=True)
class OmspanReport:
    """A report.

    Attributes:
        month: "sampai dengan", 1 to 12; the report does not say its year.
        regime: the rules by which it was made.
    """

    level: Level
    month: int
    regime: Regime
    units: tuple[OmspanUnit, ...]


def slice_problems(report: OmspanReport, year: int, month: int) -> tuple[Problem, ...]:
    """Return why a report cannot stand for the satker of a month; nothing when it can."""
    problems: list[Problem] = []
    expected = f"{MONTHS[month - 1]} {year}"
    if report.level is Level.KPPN:
        problems.append(("tingkat_kppn", {}))
    if report.month != month:
        found = MONTHS[report.month - 1]
        problems.append(("bulan_berbeda", {"nilai": found, "aturan": expected}))
    if year < REGIMES[0].valid_from or regime_of(year) is not report.regime:
        found = years_of(report.regime)
        problems.append(("rezim_berbeda", {"nilai": found, "aturan": expected}))
    return tuple(problems)


def years_of(regime: Regime) -> str:
    """Return the years of a regime for an officer: `2022-2023`, `sejak 2024`."""
    later = [other.valid_from for other in REGIMES if other.valid_from > regime.valid_from]
    if later:
        return f"tahun {regime.valid_from}-{min(later) - 1}"
    return f"sejak tahun {regime.valid_from}"


def unit_rows(report: OmspanReport) -> pd.DataFrame:
    """Return the units as typed rows of the ikpa contract, labelled by their first row number."""
    rows = [_row(unit, report.regime) for unit in report.units]
    text = ("satker", "satker_name", "ba_code", "kppn_code")
    figures = (
        *(f"value_{name}" for name in LABELS),
        *(f"weight_{name}" for name in LABELS),
        "total_score",
        "conversion_pct",
        "dispensation_score",
        "final_score",
    )
    index = pd.Index([unit.row_no for unit in report.units], dtype="int64")
    columns: dict[str, Any] = {
        name: pd.array([row[name] for row in rows], dtype="str") for name in text
    }
    columns["regime"] = pd.array([row["regime"] for row in rows], dtype="Int64")
    for name in figures:
        array = np.empty(len(rows), dtype=object)
        array[:] = [row[name] for row in rows]
        columns[name] = array
    return pd.DataFrame(columns, index=index)


def check_units(report: OmspanReport) -> pd.DataFrame:
    """Return what does not agree within a report: a frame of `FAILURES` labelled like its rows.

    Weights are those of the regime or 0; total, conversion, final score, products and aspects
    follow from values and weights within 0.01 (RULES 3.2).
    """
    found: list[tuple[int, str, str, str, str]] = []
    for unit in report.units:
        row = {
            **_row(unit, report.regime),
            **{f"row_{name}": product for name, product in unit.products.items()},
            **{f"aspect_{name}": mean for name, mean in unit.aspects.items()},
        }
        found += [_weight_failure(unit.row_no, each) for each in foreign_weights(row)]
        found += [
            (unit.row_no, "", "hitungan_omspan_berbeda", "", str(each))
            for each in identity_differences(row)
        ]
    if not found:
        return no_failures()
    return pd.DataFrame(found, columns=pd.Index(FAILURES), dtype="object")


def _weight_failure(row_no: int, weight: Difference) -> tuple[int, str, str, str, str]:
    said = f"{weight.what} {weight.printed.normalize():f}"
    return row_no, "", "bobot_bukan_rezim", said, f"{weight.recomputed.normalize():f}"


def _row(unit: OmspanUnit, regime: Regime) -> dict[str, Any]:
    return {
        "satker": unit.satker,
        "satker_name": unit.name,
        "ba_code": unit.ba_code,
        "kppn_code": unit.kppn_code,
        "regime": regime.valid_from,
        **{f"value_{name}": unit.values.get(name) for name in LABELS},
        **{f"weight_{name}": unit.weights.get(name) for name in LABELS},
        "total_score": unit.total_score,
        "conversion_pct": unit.conversion_pct,
        "dispensation_score": unit.dispensation_score,
        "final_score": unit.final_score,
    }
