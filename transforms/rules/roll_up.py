"""The roll-up: from the lines of a scorecard to NSS, NKP and NPSS.

Source: RULES 8.4.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from schemas.card import Status
from transforms.rules.achievements import LAST_QUARTER
from transforms.rules.formulas import (
    capped_120,
    two_decimals,
)
from transforms.rules.scorecard import (
    Line,
    ObjectiveScore,
    PerspectiveScore,
    PerspectiveWeight,
    RollUp,
)

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
