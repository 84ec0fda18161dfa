"""From values to the scorecard: capaian, status word, shortfall, NSS, NKP and NPSS.

Source: DOMAIN 0.1, 8.1, 8.2 and 8.4.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from schemas.card import Status, Unit
from transforms.rules.formulas import (
    MissingBecause,
    achievement,
    capped_120,
    status_word,
    two_decimals,
)

LAST_QUARTER = 4


# --- one indicator ----------------------------------------------------------------------------


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


# --- the roll-up ------------------------------------------------------------------------------


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


# How a line enters a mean; None leaves it out.
_Measure = Callable[[Line], Fraction | None]


def roll_up(lines: Sequence[Line], weights: Sequence[PerspectiveWeight], quarter: int) -> RollUp:
    """Roll the lines of a scorecard up into NSS, NKP and NPSS.

    Values that are missing are left out of means; an objective or a perspective without any is
    left out too, and the remaining weights are shared out anew.

    Args:
        lines: all indicators of the office, each once.
        weights: every perspective, in the order of the scorecard.
        quarter: 1 to 4.

    Raises:
        ValueError: a line stands under a perspective without a weight, an objective under two
            perspectives, or an indicator is there twice.
    """
    _check(lines, weights)
    npss, capped = _npss(lines, weights, _uncapped), _npss(lines, weights, _capped)
    has_overdue = any(_would_count(line) for line in lines)
    counted = [line for line in lines if line.achievement is not None]
    return RollUp(
        status=_status(lines, quarter, npss),
        npss_exact=npss,
        npss=_rounded(npss),
        npss_120=_rounded(capped),
        npss_lower_bound=_rounded(_npss(lines, weights, _at_worst(_uncapped)), has_overdue),
        npss_120_lower_bound=_rounded(_npss(lines, weights, _at_worst(_capped)), has_overdue),
        coverage_pct=two_decimals(_coverage(lines, weights)),
        indicators_counted=len(counted),
        indicators=len(lines),
        count_by_status={status: sum(line.status is status for line in lines) for status in Status},
        perspectives=_perspective_scores(lines, weights),
        objectives=tuple(
            _objective_score(objective, _under(lines, objective=objective))
            for objective in dict.fromkeys(line.objective for line in lines)
        ),
    )


def _check(lines: Sequence[Line], weights: Sequence[PerspectiveWeight]) -> None:
    known = {weight.perspective for weight in weights}
    placed: dict[str, str] = {}
    for line in lines:
        if line.perspective not in known:
            raise ValueError(f"{line.iku}: perspective {line.perspective!r} has no weight")
        if placed.setdefault(line.objective, line.perspective) != line.perspective:
            raise ValueError(f"{line.iku}: {line.objective} stands under two perspectives")
    if len({line.iku for line in lines}) != len(lines):
        raise ValueError("an indicator is twice on the scorecard")


def _uncapped(line: Line) -> Fraction | None:
    return line.achievement


def _capped(line: Line) -> Fraction | None:
    return None if line.achievement is None else capped_120(line.achievement)


def _would_count(line: Line) -> bool:
    """Tell whether an overdue indicator would enter the mean once it is delivered."""
    return line.status is Status.NOT_REPORTED and line.target is not None


def _at_worst(measure: _Measure) -> _Measure:
    """Count what is overdue as nought: not reporting must not pay."""
    return lambda line: Fraction(0) if _would_count(line) else measure(line)


def _under(
    lines: Iterable[Line], perspective: str | None = None, objective: str | None = None
) -> list[Line]:
    return [
        line
        for line in lines
        if perspective in (None, line.perspective) and objective in (None, line.objective)
    ]


def _mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """Return the mean of the values that are there; None when none is."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _nss(lines: Sequence[Line], measure: _Measure) -> Fraction | None:
    return _mean(measure(line) for line in lines)


def _perspective_value(lines: Sequence[Line], measure: _Measure) -> Fraction | None:
    """Return the mean NSS of the objectives of one perspective."""
    objectives = dict.fromkeys(line.objective for line in lines)
    return _mean(_nss(_under(lines, objective=objective), measure) for objective in objectives)


def _applied_weights(
    lines: Sequence[Line], weights: Sequence[PerspectiveWeight], measure: _Measure
) -> dict[str, Fraction]:
    """Return what each perspective with a value counts, together 1."""
    counting = {
        weight.perspective: Fraction(weight.weight_pct)
        for weight in weights
        if _perspective_value(_under(lines, weight.perspective), measure) is not None
    }
    whole = sum(counting.values(), Fraction(0))
    return {name: weight / whole for name, weight in counting.items()} if whole else {}


def _npss(
    lines: Sequence[Line], weights: Sequence[PerspectiveWeight], measure: _Measure
) -> Fraction | None:
    """Return the weighted mean of the perspectives; None when none of them has a value."""
    applied = _applied_weights(lines, weights, measure)
    values = {name: _perspective_value(_under(lines, name), measure) for name in applied}
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        return None
    return sum((applied[name] * value for name, value in known.items()), Fraction(0))


def _coverage(lines: Sequence[Line], weights: Sequence[PerspectiveWeight]) -> Fraction:
    """Return the weight of the indicators that have a capaian, in percent.

    The weight of a perspective is shared evenly by its objectives, that of an objective by its
    indicators. So it is NPSS where a capaian is 100 and everything missing is nought.
    """

    def covered(line: Line) -> Fraction:
        return Fraction(0) if line.achievement is None else Fraction(100)

    return _npss(lines, weights, covered) or Fraction(0)


def _status(lines: Sequence[Line], quarter: int, npss: Fraction | None) -> Status:
    present = {line.status for line in lines}
    missing = (Status.NOT_REPORTED, Status.NOT_YET_PUBLISHED)
    if npss is None:
        found = [status for status in missing if status in present]
        return found[0] if found else Status.NOTHING_TO_COUNT
    unsettled = present & {*missing, Status.PROVISIONAL}
    return Status.PROVISIONAL if unsettled or quarter < LAST_QUARTER else Status.MEASURED


def _rounded(value: Fraction | None, is_shown: bool = True) -> Decimal | None:
    return two_decimals(value) if value is not None and is_shown else None


def _objective_score(objective: str, lines: Sequence[Line]) -> ObjectiveScore:
    nss = _nss(lines, _uncapped)
    return ObjectiveScore(
        objective=objective,
        perspective=lines[0].perspective,
        nss_exact=nss,
        nss=_rounded(nss),
        nss_120=_rounded(_nss(lines, _capped)),
        indicators_counted=sum(line.achievement is not None for line in lines),
        indicators=len(lines),
    )


def _perspective_scores(
    lines: Sequence[Line], weights: Sequence[PerspectiveWeight]
) -> tuple[PerspectiveScore, ...]:
    applied = _applied_weights(lines, weights, _uncapped)
    return tuple(
        _perspective_score(
            weight,
            _under(lines, weight.perspective),
            applied.get(weight.perspective, Fraction(0)),
        )
        for weight in weights
    )


def _perspective_score(
    weight: PerspectiveWeight, lines: Sequence[Line], applied: Fraction
) -> PerspectiveScore:
    value = _perspective_value(lines, _uncapped)
    nkp = None if value is None else value * applied
    return PerspectiveScore(
        perspective=weight.perspective,
        weight_pct=weight.weight_pct,
        applied_weight_pct=two_decimals(applied * 100),
        value_exact=value,
        value=_rounded(value),
        value_120=_rounded(_perspective_value(lines, _capped)),
        nkp_exact=nkp,
        nkp=_rounded(nkp),
        indicators_counted=sum(line.achievement is not None for line in lines),
        indicators=len(lines),
    )
