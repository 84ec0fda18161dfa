"""Capaian, status word, shortfall and the roll-up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.card import Status, Unit
from tests.unit import published_tables
from transforms.rules.achievements import Target, achieve, shortfall
from transforms.rules.formulas import MissingBecause, two_decimals
from transforms.rules.roll_up import roll_up
from transforms.rules.scorecard import Line, PerspectiveWeight, line_of

HUNDRED = Target(Decimal(100), Unit.PERCENT)


def achieved(actual="90", status=Status.MEASURED, target=HUNDRED, quarter=4, unit=Unit.PERCENT):
    actual = None if actual is None else Decimal(actual)
    return achieve(status, unit, actual, target, quarter)


def test_achievement_is_kept_exact_and_rounded():
    found = achieved("68.50", target=Target(Decimal(80), Unit.PERCENT))
    assert found.exact == Fraction("85.625")
    assert found.pct == Decimal("85.63")
    assert found.missing_because is None


def test_the_class_comes_from_the_rounded_achievement():
    target = Target(Decimal("100.004"), Unit.INDEX)
    found = achieved("100.00", target=target, unit=Unit.INDEX)
    assert found.exact < 100
    assert (found.pct, found.status_word) == (Decimal("100.00"), "tercapai")


@pytest.mark.parametrize(
    ("quarter", "is_quarterly", "status", "word"),
    [
        (4, False, Status.MEASURED, "waspada"),
        (3, False, Status.MEASURED, "terukur"),
        (3, True, Status.MEASURED, "waspada"),
        (4, False, Status.PROVISIONAL, "sementara"),
        (1, True, Status.PROVISIONAL, "sementara"),
    ],
)
def test_when_a_value_has_a_class(quarter, is_quarterly, status, word):
    target = Target(Decimal(100), Unit.PERCENT, is_quarterly)
    assert achieved(status=status, target=target, quarter=quarter).status_word == word


@pytest.mark.parametrize(
    ("given_", "missing", "word"),
    [
        ({"actual": None, "status": Status.NOT_REPORTED}, "no_actual", "belum lapor"),
        ({"actual": None, "status": Status.NOT_YET_PUBLISHED}, "no_actual", "belum terbit"),
        (
            {"actual": None, "status": Status.NOTHING_TO_COUNT, "target": None},
            "no_actual",
            "nihil",
        ),
        ({"target": None}, "no_target", "tanpa target"),
        ({"target": Target(Decimal(0), Unit.PERCENT)}, "no_target", "tanpa target"),
        ({"target": Target(Decimal(3), Unit.SCALE)}, "unit_changed", "satuan berubah"),
    ],
)
def test_why_there_is_no_achievement(given_, missing, word):
    found = achieved(**given_)
    assert (found.exact, found.pct) == (None, None)
    assert found.missing_because is MissingBecause(missing)
    assert found.status_word == word


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "missing"),
    [
        (20, 34, "60", 1),
        (20, 34, "100", 14),
        (34, 34, "100", 0),
        (15, 17, "50", 0),
        (15, 17, "88.24", 0),  # printed 88.24, so reached
        (15, 17, "88.25", 1),
        (2, 201, "1", 0),  # 0.995 percent is printed 1.00
        (Fraction("13.5"), 15, "100", 2),
        (0, 0, "100", 0),
        (None, 34, "100", None),
        (20, None, "100", None),
    ],
)
def test_shortfall(numerator, denominator, target, missing):
    assert shortfall(numerator, denominator, Decimal(target)) == missing


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.data())
def test_shortfall_is_the_first_number_that_reaches_the_target(denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    target = data.draw(st.decimals("0.01", 100, places=2))
    more = shortfall(Fraction(numerator), Fraction(denominator), target)

    def is_reached(extra):
        return two_decimals(Fraction(numerator + extra, denominator) * 100) >= target

    assert is_reached(more)
    assert more == 0 or not is_reached(more - 1)


def line(number, achievement=None, status=None, objective="SS.1", perspective="p", target=100):
    status = status or (Status.NOT_YET_PUBLISHED if achievement is None else Status.MEASURED)
    exact = None if achievement is None else Fraction(achievement)
    actual = None if exact is None else two_decimals(exact)
    return Line(
        f"IKU.{number}",
        perspective,
        objective,
        status,
        actual,
        None if target is None else Decimal(target),
        exact,
    )


ONE = [PerspectiveWeight("p", Decimal(100))]
TWO = [PerspectiveWeight("p", Decimal(75)), PerspectiveWeight("q", Decimal(25))]


def test_published_scorecard_of_2023():
    found = roll_up(published_tables.lines(2023), published_tables.weights(), 4)
    assert [score.value for score in found.perspectives] == [
        Decimal(value) for value in ("100.00", "102.64", "102.03", "98.66")
    ]
    assert two_decimals(sum(score.nkp_exact for score in found.perspectives)) == found.npss
    assert found.coverage_pct == Decimal("83.33")
    assert (found.indicators_counted, found.indicators) == (12, 14)
    assert found.status is Status.PROVISIONAL
    assert found.npss_lower_bound is None
    assert found.count_by_status[Status.NOT_YET_PUBLISHED] == 2
    assert [score.objective for score in found.objectives] == [
        f"SS.{number}" for number in range(1, 8)
    ]
    assert [score.nss for score in found.objectives[:2]] == [Decimal("100.00"), Decimal("102.64")]


def test_the_roll_up_uses_achievements_that_are_not_rounded():
    lines = [line(number, Fraction(200_009, 2000)) for number in (1, 2)]  # 100.0045
    lines.append(line(3, Fraction("100.006"), objective="SS.2"))
    assert roll_up(lines, ONE, 4).npss == Decimal("100.01")  # 100.00525; rounded first 100.005


def test_2022_is_settled_and_fully_covered():
    found = roll_up(published_tables.lines(2022), published_tables.weights(), 4)
    assert found.status is Status.MEASURED
    assert found.coverage_pct == Decimal("100.00")


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_before_the_fourth_quarter_it_is_provisional(quarter):
    found = roll_up(published_tables.lines(2022), published_tables.weights(), quarter)
    assert found.status is Status.PROVISIONAL


@pytest.mark.parametrize(
    ("status", "rolled_up"),
    [
        (Status.NOT_REPORTED, Status.PROVISIONAL),
        (Status.NOT_YET_PUBLISHED, Status.PROVISIONAL),
        (Status.NOTHING_TO_COUNT, Status.MEASURED),
    ],
)
def test_one_missing_value(status, rolled_up):
    found = roll_up([line(1, 90), line(2, status=status)], ONE, 4)
    assert found.status is rolled_up
    assert found.npss == Decimal("90.00")
    assert found.coverage_pct == Decimal("50.00")


def test_a_provisional_achievement_counts():
    found = roll_up([line(1, 90), line(2, 70, Status.PROVISIONAL)], ONE, 4)
    assert (found.npss, found.status) == (Decimal("80.00"), Status.PROVISIONAL)


def test_weights_of_what_has_no_value_are_shared_out():
    lines = [line(1, perspective="p"), line(2, 90, objective="SS.2", perspective="q")]
    found = roll_up(lines, TWO, 4)
    assert found.npss == Decimal("90.00")
    assert found.coverage_pct == Decimal("25.00")
    p, q = found.perspectives
    assert (p.value, p.nkp, p.applied_weight_pct) == (None, None, 0)
    assert (q.value, q.nkp, q.applied_weight_pct) == (Decimal("90.00"), Decimal("90.00"), 100)


def test_an_objective_without_a_value_is_left_out_of_its_perspective():
    lines = [line(1, 90), line(2, objective="SS.2"), line(3, 70, objective="SS.3")]
    found = roll_up(lines, ONE, 4)
    assert found.npss == Decimal("80.00")
    assert [score.nss for score in found.objectives] == [Decimal(90), None, Decimal(70)]
    assert found.coverage_pct == Decimal("66.67")


def test_objectives_weigh_the_same_however_many_indicators_they_have():
    lines = [line(1, 100), line(2, 100), line(3, 100), line(4, 50, objective="SS.2")]
    assert roll_up(lines, ONE, 4).npss == Decimal("75.00")


def test_the_cap_is_for_each_indicator():
    found = roll_up([line(1, 304), line(2, 50)], ONE, 4)
    assert (found.npss, found.npss_120) == (Decimal("177.00"), Decimal("85.00"))


def test_not_reporting_does_not_pay():
    lines = [line(1, 150), line(2, status=Status.NOT_REPORTED)]
    found = roll_up(lines, ONE, 4)
    assert (found.npss, found.npss_lower_bound) == (Decimal("150.00"), Decimal("75.00"))
    assert found.npss_120_lower_bound == Decimal("60.00")


def test_the_bound_leaves_out_what_would_never_count():
    overdue = line(2, status=Status.NOT_REPORTED, target=None)
    assert roll_up([line(1, 90), overdue], ONE, 4).npss_lower_bound is None


@pytest.mark.parametrize(
    ("statuses", "status", "bound"),
    [
        ([Status.NOT_REPORTED, Status.NOT_YET_PUBLISHED], Status.NOT_REPORTED, Decimal(0)),
        ([Status.NOT_YET_PUBLISHED], Status.NOT_YET_PUBLISHED, None),
        ([Status.NOTHING_TO_COUNT], Status.NOTHING_TO_COUNT, None),
    ],
)
def test_without_any_achievement(statuses, status, bound):
    lines = [line(number, status=status) for number, status in enumerate(statuses)]
    found = roll_up(lines, ONE, 4)
    assert (found.npss, found.npss_120, found.npss_exact) == (None, None, None)
    assert (found.status, found.npss_lower_bound) == (status, bound)
    assert found.coverage_pct == 0


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([line(1, 90, perspective="x")], "perspective 'x' has no weight"),
        ([line(1, 90), line(2, 90, perspective="q")], "SS.1 stands under two perspectives"),
        ([line(1, 90), line(1, 90)], "twice on the scorecard"),
    ],
)
def test_a_scorecard_that_makes_no_sense_is_refused(lines, complaint):
    with pytest.raises(ValueError, match=complaint):
        roll_up(lines, TWO, 4)


def test_a_line_of_another_unit_has_neither_target_nor_achievement():
    found = line_of(
        "IKU.10",
        "learn_growth",
        "SS.7",
        Status.MEASURED,
        Unit.PERCENT,
        Decimal(100),
        Target(Decimal(3), Unit.SCALE),
    )
    assert (found.target, found.achievement) == (None, None)


PLACES = {"SS.1": "p", "SS.2": "p", "SS.3": "q", "SS.4": "r"}
WEIGHTS = [
    PerspectiveWeight(name, Decimal(weight))
    for name, weight in zip("pqr", (50, 30, 20), strict=True)
]

some_lines = st.lists(
    st.tuples(
        st.sampled_from(list(PLACES)),
        st.none() | st.fractions(0, 300, max_denominator=1000),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
).map(
    lambda drawn: [
        line(
            number,
            achievement,
            Status.NOT_REPORTED if achievement is None and is_overdue else None,
            objective,
            PLACES[objective],
        )
        for number, (objective, achievement, is_overdue) in enumerate(drawn)
    ]
)


@settings(max_examples=150, deadline=None)
@given(some_lines)
def test_npss_is_a_mean(lines):
    found = roll_up(lines, WEIGHTS, 4)
    known = [line.achievement for line in lines if line.achievement is not None]
    if not known:
        assert found.npss is None
        return
    assert min(known) <= found.npss_exact <= max(known)
    assert sum(score.nkp_exact or 0 for score in found.perspectives) == found.npss_exact
    assert found.npss_120 <= min(found.npss, Decimal(120))
    assert found.npss_lower_bound is None or found.npss_lower_bound <= found.npss
    assert (found.coverage_pct == 100) == (len(known) == len(lines))


@settings(max_examples=100, deadline=None)
@given(some_lines, st.fractions(0, 120, max_denominator=100))
def test_equal_achievements_give_just_that(lines, achievement):
    same = [
        line(number, achievement, None, old.objective, old.perspective)
        for number, old in enumerate(lines)
    ]
    found = roll_up(same, WEIGHTS, 4)
    assert found.npss_exact == achievement
    assert found.npss_120 == found.npss


@settings(max_examples=100, deadline=None)
@given(some_lines, st.randoms())
def test_the_order_of_the_lines_does_not_matter(lines, random):
    before = roll_up(lines, WEIGHTS, 4)
    random.shuffle(lines)
    after = roll_up(lines, WEIGHTS, 4)
    assert (after.npss_exact, after.coverage_pct) == (before.npss_exact, before.coverage_pct)
    assert after.perspectives == before.perspectives
