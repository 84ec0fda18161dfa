"""How fast and how long a service is asked: the limits of DOMAIN 7.2, and the pace they set."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """What takes time, and the clock by which it does.

    Attributes:
        requests_per_second: never more than so many.
        timeout_seconds: for one answer, from the request to its last byte.
        tries: of one question before it is left for the second round.
        first_wait_seconds: before the second try; each further wait is four times as long.
        longest_hold_seconds: a service that asks to be left alone for longer is not waited for.
    """

    requests_per_second: float = 2
    timeout_seconds: float = 60
    tries: int = 3
    first_wait_seconds: float = 1
    longest_hold_seconds: float = 300
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Keep requests apart, and keep quiet for as long as the service asked for."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next request may go out."""
        early = self._next - self._timing.clock()
        if early > 0:
            self._timing.sleep(early)
        self._next = self._timing.clock() + 1 / self._timing.requests_per_second

    def hold(self, seconds: float) -> None:
        """Send nothing for so long from now."""
        self._next = max(self._next, self._timing.clock() + seconds)
