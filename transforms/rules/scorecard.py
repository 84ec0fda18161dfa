"""The scorecard: a line per indicator, and the scores that are rolled up from them.

Source: RULES 8.1, 8.2 and 8.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from schemas.card import Status, Unit
from transforms.rules.achievements import LAST_QUARTER, Target, achieve


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator on the scorecard.

    Attributes:
        iku: its code.
        perspective: under which its objective stands.
        objective: the strategic objective (SS).
        status: of the value that the scorecard shows.
        actual: the published realisasi; None when there is none.
        target: None also when its unit is not that of the value.
        achievement: the capaian in percent, exact, uncapped; None when there is none.
    """

    iku: str
    perspective: str
    objective: str
    status: Status
    actual: Decimal | None
    target: Decimal | None
    achievement: Fraction | None


def line_of(
    iku: str,
    perspective: str,
    objective: str,
    status: Status,
    unit: Unit,
    actual: Decimal | None,
    target: Target | None,
) -> Line:
    """Return the line of an indicator, with the capaian that `achieve` gives it."""
    comparable = target is not None and target.target > 0 and target.unit == unit
    exact = achieve(status, unit, actual, target, LAST_QUARTER).exact
    pledged = target.target if target is not None and comparable else None
    return Line(iku, perspective, objective, status, actual, pledged, exact)


@dataclass(frozen=True, slots=True)
class PerspectiveWeight:
    """What a perspective counts, in percent."""

    perspective: str
    weight_pct: Decimal


@dataclass(frozen=True, slots=True)
class ObjectiveScore:
    """The NSS of a strategic objective; None when none of its indicators has a capaian.

    Attributes:
        objective: its code.
        perspective: under which it stands.
        nss_exact: the mean capaian of its indicators, percent, uncapped.
        nss: the same with two decimals.
        nss_120: from capaian capped at 120.
        indicators_counted: how many have a capaian.
        indicators: how many there are.
    """

    objective: str
    perspective: str
    nss_exact: Fraction | None
    nss: Decimal | None
    nss_120: Decimal | None
    indicators_counted: int
    indicators: int


@dataclass(frozen=True, slots=True)
class PerspectiveScore:
    """The value and the NKP of a perspective; None when none of its objectives has an NSS.

    Attributes:
        perspective: its code.
        weight_pct: as laid down.
        applied_weight_pct: after the weights of perspectives without a value are shared out;
            nought for those.
        value_exact: the mean NSS of its objectives, percent, uncapped.
        value: the same with two decimals.
        value_120: from capaian capped at 120.
        nkp_exact: value times applied weight; these add up to NPSS.
        nkp: the same with two decimals.
        indicators_counted: how many have a capaian.
        indicators: how many there are.
    """

    perspective: str
    weight_pct: Decimal
    applied_weight_pct: Decimal
    value_exact: Fraction | None
    value: Decimal | None
    value_120: Decimal | None
    nkp_exact: Fraction | None
    nkp: Decimal | None
    indicators_counted: int
    indicators: int


@dataclass(frozen=True, slots=True)
class RollUp:
    """The scorecard of an office in one figure, and how far it can be trusted.

    Attributes:
        status: provisional before the fourth quarter or while a value is missing or
            provisional; without any capaian, the reason why.
        npss_exact: percent, uncapped, from capaian that are not rounded.
        npss: the same with two decimals.
        npss_120: from capaian capped at 120.
        npss_lower_bound: NPSS with every overdue indicator at nought; None when none is.
        npss_120_lower_bound: the same from capped capaian.
        coverage_pct: the weight of the indicators that have a capaian, two decimals.
        indicators_counted: how many have a capaian.
        indicators: how many there are.
        count_by_status: how many there are of each status.
        perspectives: in the order of their weights.
        objectives: in the order of the lines.
    """

    status: Status
    npss_exact: Fraction | None
    npss: Decimal | None
    npss_120: Decimal | None
    npss_lower_bound: Decimal | None
    npss_120_lower_bound: Decimal | None
    coverage_pct: Decimal
    indicators_counted: int
    indicators: int
    count_by_status: Mapping[Status, int]
    perspectives: tuple[PerspectiveScore, ...]
    objectives: tuple[ObjectiveScore, ...]
