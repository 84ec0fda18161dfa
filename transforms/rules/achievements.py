"""From a value and its target to capaian, status word and shortfall.

Source: RULES 0.1, 8.1 and 8.2.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from schemas.card import Status, Unit
from transforms.rules.formulas import (
    MissingBecause,
    achievement,
    status_word,
    two_decimals,
)

LAST_QUARTER = 4


@dataclass(frozen=True, slots=True)
class Target:
    """A target as it stands in a document.

    Attributes:
        target: above nought.
        unit: must be that of the realisasi, else they do not compare.
        is_quarterly: whether it is the target of the quarter itself, not of the year.
    """

    target: Decimal
    unit: Unit
    is_quarterly: bool = False


@dataclass(frozen=True, slots=True)
class Achievement:
    """A capaian and its word; both figures are None exactly when `missing_because` says why.

    Attributes:
        exact: percent, not rounded, uncapped: what the roll-up uses.
        pct: percent, two decimals: what is published, and what decides the class.
        missing_because: why there is no capaian.
        status_word: what an officer reads.
    """

    exact: Fraction | None
    pct: Decimal | None
    missing_because: MissingBecause | None
    status_word: str


def achieve(
    status: Status, unit: Unit, actual: Decimal | None, target: Target | None, quarter: int
) -> Achievement:
    """Compare a value with a target.

    Args:
        status: of the value.
        unit: of the value.
        actual: the published realisasi, two decimals; None exactly when the status has none.
        target: in force for the period; None when there is none.
        quarter: 1 to 4. Before the fourth a value has a class only against a target of the
            quarter.
    """
    missing = _missing_because(unit, actual, target)
    if missing is not None or actual is None or target is None:
        return Achievement(None, None, missing, status_word(status, None, missing, False))
    exact = achievement(actual, target.target)
    pct = two_decimals(exact)
    has_class = quarter == LAST_QUARTER or target.is_quarterly
    return Achievement(exact, pct, None, status_word(status, pct, None, has_class))


def _missing_because(
    unit: Unit, actual: Decimal | None, target: Target | None
) -> MissingBecause | None:
    if actual is None:
        return MissingBecause.NO_ACTUAL
    if target is None or target.target <= 0:
        return MissingBecause.NO_TARGET
    return MissingBecause.UNIT_CHANGED if target.unit != unit else None


def shortfall(
    numerator: Fraction | None, denominator: Fraction | None, target: Decimal
) -> int | None:
    """Return how many more must be counted until the target is reached.

    Reached is what the published realisasi says: 15 of 17 is printed 88.24, so against 88.24
    nothing is missing.

    Args:
        numerator: what is counted now; None where the value is no share.
        denominator: the whole, taken as it is now.
        target: in percent.
    """
    if numerator is None or denominator is None:
        return None
    printed = Fraction(ceil(Fraction(target) * 100), 100)
    lowest_exact = printed - Fraction(1, 200)
    return max(0, ceil(lowest_exact / 100 * denominator - numerator))
