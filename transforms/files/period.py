"""Periods: the text of a month, quarter or year, and its last day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from schemas.source import Cadence

_SHAPES = {
    Cadence.MONTHLY: (re.compile(r"(20\d\d)-(0[1-9]|1[0-2])"), "YYYY-MM, misalnya 2024-09"),
    Cadence.QUARTERLY: (re.compile(r"(20\d\d)-Q([1-4])"), "YYYY-Qn, misalnya 2024-Q3"),
    Cadence.YEARLY: (re.compile(r"(20\d\d)"), "YYYY, misalnya 2024"),
}


class BadPeriod(ValueError):
    """The text is no period of this cadence; the message, in Indonesian, shows the right shape."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year by its text, first and last day."""

    text: str
    year: int
    start: date
    end: date

    @property
    def quarter(self) -> int:
        """Return the quarter in which the period ends."""
        return (self.end.month + 2) // 3


def parse_period(text: str, cadence: Cadence) -> Period:
    """Return the period written as `2024-09`, `2024-Q3` or `2024`.

    Raises:
        BadPeriod: the text has another shape than the cadence asks for.
    """
    shape, said = _SHAPES[cadence]
    found = shape.fullmatch(text.strip())
    if not found:
        raise BadPeriod(f"Periode “{text}” salah bentuk: sumber ini memakai {said}.")
    year = int(found[1])
    if cadence is Cadence.MONTHLY:
        first = last = int(found[2])
    elif cadence is Cadence.QUARTERLY:
        first, last = 3 * int(found[2]) - 2, 3 * int(found[2])
    else:
        first, last = 1, 12
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Period(found[0], year, date(year, first, 1), end)
