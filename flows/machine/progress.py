"""Progress: what long work tells whoever watches; nobody unless the command line asks."""

from collections.abc import Callable

Listener = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""


def _nobody(_step: str, _done: int, _total: int) -> None:
    return None


_listener: Listener = _nobody


def listen(listener: Listener | None) -> None:
    """Tell `listener` from now on; None tells nobody."""
    global _listener
    _listener = listener or _nobody


def tell(step: str, done: int, total: int) -> None:
    """Say that `done` of `total` of a step are done."""
    _listener(step, done, total)
