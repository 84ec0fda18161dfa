"""Comparing: recorded values against targets, and their roll-up, as `iku` holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from schemas.card import Status, Unit
from transforms.evidence import fingerprint, plain
from transforms.indicators import indicators
from transforms.rules import achievements, roll_up, scorecard
from transforms.rules.achievements import Target
from transforms.rules.formulas import Row, Rows
from transforms.rules.scorecard import Line, PerspectiveWeight, RollUp

OFFICIAL = "pk"
"""The document whose targets are official; the others are shown beside it (RULES 10-Q16)."""


def achievements_of(
    values: Iterable[Row], targets: Rows, quarter: int
) -> Iterator[tuple[Row, str, dict[str, Any]]]:
    """Give each value with each document that measures it, and the columns of the achievement.

    Args:
        values: rows of `iku.value` of one quarter.
        targets: row_id, iku, document, target, unit, is_quarterly; one per IKU and document.
        quarter: 1 to 4.
    """
    for value in values:
        pledged = {row["document"]: row for row in targets if row["iku"] == value["iku"]}
        for document in sorted({OFFICIAL, *pledged}):
            yield value, document, _achievement(value, pledged.get(document), quarter)


def _achievement(value: Row, row: Row | None, quarter: int) -> dict[str, Any]:
    """Compare a value with a target, as the columns of `iku.achievement` hold it."""
    achieved = achievements.achieve(
        Status(value["status"]), Unit(value["unit"]), value["actual"], _target(row), quarter
    )
    compares = row is not None and achieved.missing_because is None
    return {
        "target_row_id": None if row is None else row["row_id"],
        "target": None if row is None else row["target"],
        "is_quarterly_target": None if row is None else row["is_quarterly"],
        "achievement_exact": None if achieved.exact is None else str(achieved.exact),
        "achievement_pct": achieved.pct,
        "missing_because": achieved.missing_because,
        "status_word": achieved.status_word,
        "shortfall_count": _shortfall(value, row["target"]) if compares and row else None,
    }


def _target(row: Row | None) -> Target | None:
    return None if row is None else Target(row["target"], row["unit"], row["is_quarterly"])


def _shortfall(value: Row, target: Decimal) -> int | None:
    """Return how many more must be counted; only where the numerator counts things."""
    if not indicators()[value["iku"]].card.counted:
        return None
    numerator, denominator = (
        None if value[name] is None else Fraction(value[name])
        for name in ("numerator", "denominator")
    )
    return achievements.shortfall(numerator, denominator, target)


def rollup_of(
    shown: Mapping[str, Row], strategy: Rows, targets: Rows, year: int, quarter: int
) -> dict[str, Any]:
    """Roll up what the scorecard shows, as the columns of `iku.rollup` hold it.

    Args:
        shown: by IKU the row of `iku.value` that is shown; an IKU without one has no value yet.
        strategy: the strategy map on the quarter's last day, a row per IKU.
        targets: as of `achievements_of`; the official ones count.
        year: measured.
        quarter: 1 to 4.
    """
    places = {row["iku"]: row for row in strategy}
    pledged = {row["iku"]: row for row in targets if row["document"] == OFFICIAL}
    lines = [
        _line(iku, shown.get(iku), places[iku], pledged.get(iku), year)
        for iku in indicators()
        if iku in places
    ]
    weights = {
        row["perspective"]: PerspectiveWeight(row["perspective"], row["weight_pct"])
        for row in sorted(places.values(), key=lambda row: row["perspective_position"])
    }
    row = _rollup(roll_up.roll_up(lines, list(weights.values()), quarter))
    return {**row, "fingerprint": fingerprint(row)}


def _rollup(found: RollUp) -> dict[str, Any]:
    return {
        "status": str(found.status),
        "npss_exact": None if found.npss_exact is None else str(found.npss_exact),
        "npss": found.npss,
        "npss_120": found.npss_120,
        "npss_lower_bound": found.npss_lower_bound,
        "coverage_pct": found.coverage_pct,
        "indicators_counted": found.indicators_counted,
        "indicators": found.indicators,
        "perspectives": plain([asdict(item) for item in found.perspectives]),
        "objectives": plain([asdict(item) for item in found.objectives]),
    }


def _line(iku: str, value: Row | None, place: Row, pledged: Row | None, year: int) -> Line:
    """Return a line of the scorecard; one that could never be computed is not yet published."""
    return scorecard.line_of(
        iku,
        place["perspective"],
        place["objective"],
        Status(value["status"]) if value else Status.NOT_YET_PUBLISHED,
        Unit(value["unit"]) if value else indicators()[iku].card.method(year).unit,
        value["actual"] if value else None,
        _target(pledged),
    )
