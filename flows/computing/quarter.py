"""The quarter that is computed, what was counted of it, and what comes of computing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from transforms.rules.formulas import Rows


class Counted:
    """The tallies of a quarter that were counted already; what is counted once does not change.

    IKU 3 and 4 read the same five million answers, and all indicators the state of the sources.
    Whoever asks while a tally is being counted waits for it.
    """

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._rows: dict[tuple[str, int], Rows] = {}
        self._locks: dict[tuple[str, int], Lock] = {}
        self._guard = Lock()

    def once(self, name: str, quarter: int, count: Callable[[], Rows]) -> Rows:
        """Return the rows of a tally for a quarter of the year, counting them when first asked."""
        key = (name, quarter)
        with self._guard:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            if key not in self._rows:
                self._rows[key] = count()
            return self._rows[key]


@dataclass(frozen=True, slots=True)
class Quarter:
    """What is computed: a quarter of an office as known at an instant, and what was counted."""

    office: str
    year: int
    quarter: int
    known_at: datetime
    counted: Counted = field(default_factory=Counted, compare=False, repr=False)

    def __str__(self) -> str:
        """Return the quarter as an officer writes it in a command."""
        return f"{self.year}-Q{self.quarter}"


@dataclass(frozen=True, slots=True)
class Run:
    """Who computes, why, and with which version of the program.

    Attributes:
        ikus: the indicators asked for; None for all, which alone makes a quarter up to date.
    """

    who: str
    reason: str
    code_version: str
    ikus: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """An indicator that could not be computed; nothing is written for it."""

    iku: str
    message: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one run wrote for a quarter."""

    quarter: Quarter
    values_written: int
    achievements_written: int
    rollups_written: int
    failed: tuple[Failed, ...]
    superseded: bool = False
