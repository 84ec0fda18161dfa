"""A circuit breaker: after many errors in a row a service is left alone."""

from __future__ import annotations

from types import TracebackType

from flows.io.connectors.door import DoorUnavailable


class Unanswered(Exception):
    """One try brought no answer; another one may."""


class CircuitBreaker:
    """Let tries through until so many in a row brought no answer; one answer forgives all."""

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._failures = 0

    def __enter__(self) -> None:
        """Begin a try.

        Raises:
            DoorUnavailable: there were too many failures in a row.
        """
        if self._failures >= self._limit:
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
