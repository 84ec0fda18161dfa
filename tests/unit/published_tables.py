"""Tables 1 to 14 of the Renja 2024 and what RULES 8.6 computes from them, typed once for tests."""

from decimal import Decimal

from schemas.card import Status, Unit
from transforms.indicators import indicators
from transforms.rules.achievements import Target
from transforms.rules.scorecard import PerspectiveWeight, line_of

# Year -> the printed figure of IKU 1 to 14; None is a printed N/A.
TARGETS = {
    2020: "5 85 80 90 100 40 70 50 77 3 80 65 98 100",
    2021: "25 87 85 91 100 60 75 55 77 3.2 82 70 98 100",
    2022: "50 100 87 92 100 75 80 85 80 100 84 75 98 100",
    2023: "60 100 93 96 100 100 85 88 81 100 86 80 98 100",
}
ACTUALS = {
    2020: "5 94.12 89.5 92 100 21 65 83 66.91 100 80 70.22 99.15 100",
    2021: "76 100 92.3 91.32 100 100 80 79.35 77.36 100 82 71.91 99.43 100",
    2022: "58.82 100 89.53 96.15 100 100 100 88.24 81.40 100 77.29 75.10 99.86 100",
    2023: "N/A 100 94.78 99.23 100 100 91.67 88.24 89.39 100 N/A 68.50 95.36 100",
}
ACHIEVEMENTS = {
    2020: "100 110.73 111.88 102.22 100 52.50 92.86 166 86.90 N/A 100 108.03 101.17 100",
    2021: "304 114.94 108.59 100.35 100 166.67 106.67 144.27 100.47 N/A 100 102.73 101.46 100",
    2022: "117.64 100 102.91 104.51 100 133.33 125 103.81 101.75 100 92.01 100.13 101.90 100",
    2023: "N/A 100 101.91 103.36 100 100 107.85 100.27 110.36 100 N/A 85.63 97.31 100",
}

# The strategic objective of IKU 1 to 14.
OBJECTIVES = ["SS.1"] * 2 + ["SS.2"] * 2 + ["SS.3", "SS.4", "SS.5", "SS.6"] + ["SS.7"] * 6
PERSPECTIVES = {
    "SS.1": "stakeholder",
    "SS.2": "customer",
    "SS.3": "internal",
    "SS.4": "internal",
    "SS.5": "internal",
    "SS.6": "internal",
    "SS.7": "learn_growth",
}


def figures(row):
    """Return the figures of a printed row by the code of the IKU."""
    return {
        f"IKU.{number}": None if text == "N/A" else Decimal(text)
        for number, text in enumerate(row.split(), start=1)
    }


def unit_of(iku, year):
    return indicators()[iku].card.method(year).unit


def target_of(iku, year):
    """Return the target of a year; that of IKU 10 was on a scale up to 2021 (RULES 8.8.4)."""
    unit = Unit.SCALE if iku == "IKU.10" and year <= 2021 else unit_of(iku, year)
    return Target(figures(TARGETS[year])[iku], unit)


def lines(year, not_reported=()):
    """Return the scorecard of a year as printed, with some indicators overdue instead."""
    return [
        line_of(
            iku,
            PERSPECTIVES[objective],
            objective,
            _status(iku, actual, not_reported),
            unit_of(iku, year),
            None if iku in not_reported else actual,
            target_of(iku, year),
        )
        for (iku, actual), objective in zip(figures(ACTUALS[year]).items(), OBJECTIVES, strict=True)
    ]


def _status(iku, actual, not_reported):
    if iku in not_reported:
        return Status.NOT_REPORTED
    return Status.NOT_YET_PUBLISHED if actual is None else Status.MEASURED


def weights(stakeholder=25, customer=25, internal=25, learn_growth=25):
    return [
        PerspectiveWeight("stakeholder", Decimal(stakeholder)),
        PerspectiveWeight("customer", Decimal(customer)),
        PerspectiveWeight("internal", Decimal(internal)),
        PerspectiveWeight("learn_growth", Decimal(learn_growth)),
    ]
