"""Progress: what long work tells whoever watches; nobody unless the command line asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Tell `listener` what is done while the block runs, here and in the tasks it starts."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(step: str, done: int, total: int) -> None:
    """Say that `done` of `total` of a step are done."""
    if listener := _listener.get():
        listener(step, done, total)
