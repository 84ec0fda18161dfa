"""Who asks for a run: the person at the terminal that runs it, else the run of Prefect itself.

No parameter of a flow says it: whoever may start a run from Prefect's page could sign for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from prefect.runtime import flow_run

_person: ContextVar[str] = ContextVar("person", default="")


@contextmanager
def asked_by(person: str) -> Iterator[None]:
    """Let the flows that this process runs meanwhile be asked for by a person."""
    token = _person.set(person)
    try:
        yield
    finally:
        _person.reset(token)


def who() -> str:
    """Return who asks, within a flow: a person, or the number of the run on Prefect's page."""
    return _person.get() or f"Prefect, putaran {flow_run.id}"
