"""A circuit breaker: after many errors in a row a service is left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from flows.fetching.doors.door import DoorUnavailable


class Unanswered(Exception):
    """One try brought no answer; another one may."""


class CircuitBreaker:
    """Let tries through until so many in a row brought no answer; one answer forgives all.

    When it has rested, it lets one try through, and rests again if that one fails too.
    """

    def __init__(
        self, name: str, limit: int, rest_seconds: float, clock: Callable[[], float]
    ) -> None:
        self._name = name
        self._limit = limit
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    def __enter__(self) -> None:
        """Begin a try.

        Raises:
            DoorUnavailable: there were too many failures in a row, and not long ago.
        """
        if self._failures >= self._limit and self._clock() < self._rests_until:
            raise DoorUnavailable(
                f"{self._name} gagal menjawab {self._limit} kali berturut-turut, sehingga "
                "penarikan dihentikan. Akan dicoba lagi pada penarikan berikutnya."
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Count how the try ended; what is neither an answer nor the lack of one counts nothing."""
        if error is None:
            self._failures = 0
        elif isinstance(error, Unanswered):
            self._failures += 1
            self._rests_until = self._clock() + self._rest_seconds
