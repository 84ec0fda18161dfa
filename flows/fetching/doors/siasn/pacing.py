"""How fast and how long a service is asked: the limits of RULES 7.2, and the pace they set."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flows.fetching.doors.door import DoorUnavailable


@dataclass(frozen=True, slots=True)
class Timing:
    """What takes time, and the clock by which it does.

    Attributes:
        requests_per_second: never more than so many.
        timeout_seconds: for one answer, from the request to its last byte.
        tries: of one question before it is left for the second round.
        first_wait_seconds: before the second try; each further wait is four times as long.
        longest_hold_seconds: a service that asks to be left alone for longer is not waited for.
        rest_seconds: how long a service is left alone after many errors in a row.
        remembered_seconds: a question that was answered so long ago at most is not asked again.
    """

    requests_per_second: float = 2
    timeout_seconds: float = 60
    tries: int = 3
    first_wait_seconds: float = 1
    longest_hold_seconds: float = 300
    rest_seconds: float = 900
    remembered_seconds: float = 900
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Give turns to whoever asks a service: one at a time, and not too many in a second."""

    def __init__(self, name: str, timing: Timing) -> None:
        self._name = name
        self._timing = timing
        self._lock = threading.Lock()
        self._next = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn of a request; it ends when its answer is there.

        Raises:
            DoorUnavailable: the service asked to be left alone for too long.
        """
        with self._lock:
            early = self._next - self._timing.clock()
            if early > self._timing.longest_hold_seconds:
                raise DoorUnavailable(
                    f"{self._name} meminta agar tidak ditanyai selama {early:.0f} detik. Akan "
                    "dicoba lagi pada penarikan berikutnya."
                )
            if early > 0:
                self._timing.sleep(early)
            self._next = self._timing.clock() + 1 / self._timing.requests_per_second
            yield

    def hold(self, seconds: float) -> None:
        """Give nobody a turn for so long from now."""
        self._next = max(self._next, self._timing.clock() + seconds)
