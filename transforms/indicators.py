"""Finds the indicators: every module `iku_NN_*` of `transforms.iku` is one."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType

import transforms.iku
from schemas.card import Card, Measurement
from transforms.rules.formulas import Rows

_MODULE = re.compile(r"iku_(\d\d)_[a-z0-9_]+")

# The parameters of a formula that are no tally.
PERIOD_PARAMETERS = ("year", "quarter")


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as found.

    Attributes:
        card: what is known of it besides its formula.
        compute: its formula.
        tallies: the tallies it reads, by the names of its parameters.
        period: which of `year` and `quarter` it also asks for.
        kind: the kind of services whose answers it pools, the `KIND` of its module; its tallies
            count those of every kind. None where it pools none.
    """

    card: Card
    compute: Callable[..., Measurement]
    tallies: tuple[str, ...]
    period: tuple[str, ...] = ()
    kind: str | None = None

    def measure(self, rows: Mapping[str, Rows], year: int, quarter: int) -> Measurement:
        """Compute the value of a quarter from the rows of its tallies.

        Args:
            rows: of every tally in `tallies`, by name; others are left aside.
            year: the year measured.
            quarter: 1 to 4.
        """
        period = {"year": year, "quarter": quarter}
        tallies = {name: rows[name] for name in self.tallies}
        return self.compute(**tallies, **{name: period[name] for name in self.period})


@cache
def indicators() -> Mapping[str, Indicator]:
    """Return the indicators by code, in the order of their numbers."""
    return MappingProxyType(discover(transforms.iku))


def discover(package: ModuleType) -> dict[str, Indicator]:
    """Return the indicators of a package by code, in the order of their numbers.

    Raises:
        ValueError: a module is no indicator, or two are the same one.
    """
    found: dict[str, Indicator] = {}
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        match = _MODULE.fullmatch(module_info.name)
        if match is None:
            raise ValueError(f"{module_info.name} is not called iku_NN_what_it_measures")
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        indicator = _indicator(module, f"IKU.{int(match[1])}")
        if indicator.card.code in found:
            raise ValueError(f"two modules are {indicator.card.code}, one is {module_info.name}")
        found[indicator.card.code] = indicator
    return found


def _indicator(module: ModuleType, code: str) -> Indicator:
    """Return the indicator of a module after checking that it is one."""
    card, compute = getattr(module, "CARD", None), getattr(module, "compute", None)
    if not isinstance(card, Card) or not callable(compute):
        raise ValueError(f"{module.__name__} needs a CARD and a function compute")
    if card.code != code:
        raise ValueError(f"{module.__name__} holds the card of {card.code}, not of {code}")
    names = tuple(inspect.signature(compute).parameters)
    tallies = tuple(name for name in names if name not in PERIOD_PARAMETERS)
    if not tallies:
        raise ValueError(f"{module.__name__}: compute reads no tally")
    period = tuple(name for name in names if name in PERIOD_PARAMETERS)
    return Indicator(card, compute, tallies, period, getattr(module, "KIND", None))
