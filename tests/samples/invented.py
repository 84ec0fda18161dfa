"""Seeded chance, and the invented numbers, codes and dates that the samples are made of.

No names of people are invented: no file of a source needs one.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

Thing = TypeVar("Thing")

# The resolution of a double: a raw draw of 64 bits keeps its upper 53.
_DOUBLE = 2.0**-53

# Roman numerals of the months, as letters of Indonesian offices number them.
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class Dice:
    """Chance that depends on nothing but its name.

    Only the raw bits of the generator are used: numpy promises that these never change, but
    promises no such thing of its distributions.
    """

    def __init__(self, *name: object) -> None:
        """Start the chance called `name`: the seed first, then what it is for."""
        digest = hashlib.sha256("/".join(map(str, name)).encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest[:16], "big"))

    def uniform(self, count: int) -> np.ndarray:
        """Return `count` doubles, 0 <= u < 1."""
        return (self._bits.random_raw(count) >> np.uint64(11)) * _DOUBLE

    def below(self, limit: int) -> int:
        """Return a whole number, 0 to limit - 1."""
        return int(self.uniform(1)[0] * limit)

    def between(self, low: int, high: int) -> int:
        """Return a whole number, low to high."""
        return low + self.below(high - low + 1)

    def happens(self, probability: float) -> bool:
        """Return true that often."""
        return bool(self.uniform(1)[0] < probability)

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Return one of `things`."""
        return things[self.below(len(things))]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """Return `things` in another order."""
        return [things[index] for index in np.argsort(self.uniform(len(things)), kind="stable")]

    def day(self, start: date, end: date) -> date:
        """Return a day from `start` to `end`, both included."""
        return start + timedelta(days=self.below((end - start).days + 1))


def employee_number(dice: Dice, position: int) -> str:
    """Return 18 digits in the shape of a NIP: born, appointed, sex, order.

    Born in 1901 to 1912 and appointed a hundred years later: nobody can bear it. `position`
    keeps two of one file apart.
    """
    born = dice.day(date(1901, 1, 1), date(1912, 12, 28))
    appointed = f"{born.year + 100}{dice.between(1, 12):02}"
    return f"{born:%Y%m%d}{appointed}{1 + dice.below(2)}{position:03}"


def letter_number(kind: str, order: int, on: date) -> str:
    """Return the number of an invented letter, for instance `CONTOH-LHE/014/VII/2024`."""
    return f"CONTOH-{kind}/{order:03}/{_ROMAN[on.month - 1]}/{on.year}"


def proposal_number(order: int, year: int) -> str:
    """Return the number of an invented proposal of a regulation."""
    return f"CONTOH-US/{order:02}/{year}"
