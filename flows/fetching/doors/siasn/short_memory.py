"""A short memory: what was asked a moment ago is not asked again, as for another year."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class ShortMemory(Generic[Answer]):
    """Answers by their question, each for so many seconds; of two who ask at once one waits."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[Hashable, tuple[float, Answer]] = {}

    def answer(self, question: Hashable, ask: Callable[[], Answer]) -> Answer:
        """Return the answer to a question; an error is none, and the next one asks again."""
        with self._lock:
            since = self._clock() - self._seconds
            self._known = {key: kept for key, kept in self._known.items() if kept[0] > since}
            if question not in self._known:
                self._known[question] = (self._clock(), ask())
            return self._known[question][1]
