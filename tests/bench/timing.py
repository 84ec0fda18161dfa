"""Timing: repeated measurements with their spread, and what is told on standard error meanwhile."""

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Samples:
    """Repeated measurements of one thing, in the order they were taken."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the middle one."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        """Return the median, and the range where there are several: `12.3 s (11.9-13.0)`."""
        places = 3 if max(self.values) < 1 else 2 if max(self.values) < 10 else 1
        lowest, highest = (f"{value:.{places}f}" for value in (min(self.values), max(self.values)))
        range_ = f" ({lowest}-{highest})" if len(self.values) > 1 else ""
        return f"{self.median:.{places}f} s{range_}"


def ratio(long: Samples, short: Samples) -> str:
    """Return the ratio of medians, and the range of the ratios within each round."""
    rounds = [a / b for a, b in zip(long.values, short.values, strict=True)]
    range_ = f" ({min(rounds):.2f}-{max(rounds):.2f})" if len(rounds) > 1 else ""
    return f"{long.median / short.median:.2f}{range_}"


def seconds(work: Callable[[], object]) -> float:
    """Do it once and return how long it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(
    rounds: int, works: Sequence[Callable[[], float]], names: Sequence[str]
) -> list[Samples]:
    """Measure several things one after another, round by round.

    A machine that gets slower or busier meanwhile so slows all of them, and the ratios stay.
    """
    taken: list[list[float]] = [[] for _ in works]
    for number in range(1, rounds + 1):
        for values, work, name in zip(taken, works, names, strict=True):
            values.append(work())
            say(f"{name}, round {number} of {rounds}: {values[-1]:.2f} s")
    return [Samples(tuple(values)) for values in taken]


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Tell that something that is not measured begins, and how long it took."""
    start = time.perf_counter()
    say(f"{text} ...")
    yield
    say(f"{text}: {time.perf_counter() - start:.1f} s")
