"""The tasks that flows share: thin, keys in and small answers out, nothing cached.

An error ends a task in state Failed with one readable line: Prefect would write the error's text
and its traceback into its database, and either may quote a row.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.runtime import task_run
from prefect.states import Completed
from prefect.states import Failed as FailedState

from flows.computing import checks, measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Failed, Quarter, Recorded, Run
from flows.fetching import errands
from flows.fetching.doors.door import DoorUnavailable
from flows.landing import land as landing
from flows.landing.request import Landing, Request
from flows.machine.settings import Settings
from flows.showing import artifacts
from flows.telling import telling
from flows.warehouse import failures
from flows.warehouse.connection import Warehouse
from schemas.source import MAIN_PART
from transforms.evidence import Computed
from transforms.indicators import indicators
from transforms.rules.formulas import STATUS_WORDS, in_indonesian, two_decimals

ASKED_AGAIN_AFTER = (5, 20)
"""Seconds after which a door that cannot be reached is asked again; then another night may."""

# Seconds after which a task is given up. Postgres ends a statement of ours before that; these are
# for what waits on a disk or a network. A query to another database may be given an hour.
ASKING, LANDING, READING, WRITING, CHECKING, TELLING = 3900, 3600, 900, 900, 1800, 300


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Leave out what Prefect would warn of at every single task: DECISIONS tells it once."""
    return not str(record.msg).startswith("Timeout of %s seconds configured for this task")


logging.getLogger("prefect.task_runs").addFilter(_is_worth_a_line)

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a task failed, for the officer."""

    reason: str


def _told(work: Callable[Given, Answer]) -> Callable[Given, Answer | State[Trouble]]:
    """Return `work` with its errors told in a Failed state."""

    @functools.wraps(work)
    def careful(*args: Given.args, **kwargs: Given.kwargs) -> Answer | State[Trouble]:
        try:
            return work(*args, **kwargs)
        except DoorUnavailable:
            raise  # by an error alone Prefect tries again; its one line holds nothing of a row
        except Exception as error:
            reason = failures.told(error)
            return FailedState(message=reason, data=Trouble(reason))

    return careful


def after(
    before: Iterable[Any], task: Task[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
) -> PrefectFuture[Answer]:
    """Submit a task that begins when those before it have ended; its arguments stay typed.

    Of the signatures of `submit`, only those that name `return_state` know `wait_for`, and they
    take any arguments.
    """
    return task.submit(*args, return_state=False, wait_for=before, **kwargs)


def _was_not_reached(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.data, DoorUnavailable)


@task(
    cache_policy=NO_CACHE,
    task_run_name="ambil {errand}",
    timeout_seconds=ASKING,
    retries=len(ASKED_AGAIN_AFTER),
    retry_delay_seconds=list(ASKED_AGAIN_AFTER),
    retry_condition_fn=_was_not_reached,
)
@_told
def fetch(
    warehouse: Warehouse, settings: Settings, errand: errands.Errand, who: str
) -> errands.Answer:
    """Ask a door for one file; only a door that could not be reached is asked again.

    One that hung until its time was over is not: it would hang as long again.
    """
    return errands.fetch(warehouse, settings, errand, who)


def _landed_name() -> str:
    """Return what is landed as an officer calls it: `ikpa 2024-09`."""
    request: Request = task_run.parameters["request"]
    part = "" if request.part == MAIN_PART else f" {request.part}"
    return f"{request.source} {request.period}{part}"


@task(cache_policy=NO_CACHE, timeout_seconds=LANDING, task_run_name=_landed_name)
@_told
def land(warehouse: Warehouse, settings: Settings, request: Request) -> Landing:
    """Land one file; a refused file is an answer, not a failure."""
    return landing.land(warehouse, settings, request)


@task(cache_policy=NO_CACHE, timeout_seconds=READING, task_run_name="cari triwulan yang tersentuh")
@_told
def find_touched(warehouse: Warehouse, office: str) -> list[Quarter]:
    """Find the quarters to compute, as known now that everything has landed."""
    known_at = values.moment_of_knowledge(warehouse, office)
    return [
        Quarter(office, year, quarter, known_at)
        for year, quarter in values.touched_quarters(warehouse, office, known_at)
    ]


@task(cache_policy=NO_CACHE, timeout_seconds=READING, task_run_name="IKU.{number} {quarter}")
@_told
def measure(warehouse: Warehouse, number: int, quarter: Quarter) -> State[Computed | Failed]:
    """Compute one indicator; a formula that refuses its data is an answer, not a failure.

    By number, as Prefect draws an arrow to every task whose answer holds the same text.
    """
    answer = measuring.measure(warehouse, f"IKU.{number}", quarter)
    return Completed(message=_said(answer), data=answer)


def _said(answer: Computed | Failed) -> str:
    """Return what the page shows of an indicator; one without its source names it."""
    if isinstance(answer, Failed):
        return f"gagal dihitung: {answer.message}"
    word, exact = STATUS_WORDS[answer.measurement.status], answer.measurement.actual_exact
    if exact is not None:
        return f"{word} {in_indonesian(two_decimals(exact))}"
    return f"{word}; sumbernya {indicators()[answer.iku].card.source}"


@task(cache_policy=NO_CACHE, timeout_seconds=READING, task_run_name="angka terbit {quarter}")
@_told
def published(warehouse: Warehouse, quarter: Quarter) -> list[Computed]:
    """Read the figures printed for a quarter."""
    return measuring.published(warehouse, quarter)


@task(cache_policy=NO_CACHE, timeout_seconds=WRITING, task_run_name="catat {quarter}")
@_told
def record(
    warehouse: Warehouse,
    quarter: Quarter,
    computed: list[Computed | Failed],
    printed: list[Computed],
    run: Run,
) -> Recorded:
    """Write a quarter in one transaction."""
    return recording.record(warehouse, quarter, computed, printed, run)


@task(cache_policy=NO_CACHE, timeout_seconds=CHECKING, task_run_name="periksa gudang")
@_told
def run_checks(warehouse: Warehouse) -> list[checks.Finding]:
    """Run the checks of the warehouse."""
    return checks.run_checks(warehouse)


@task(cache_policy=NO_CACHE, timeout_seconds=TELLING, task_run_name="tampilkan")
@_told
def publish(
    warehouse: Warehouse, office: str, known_at: datetime | None, landed: Sequence[int]
) -> None:
    """Put the scorecard, what changed and what was refused on Prefect's page."""
    artifacts.publish(warehouse, office, known_at, landed)


@task(cache_policy=NO_CACHE, timeout_seconds=TELLING, task_run_name="beri tahu")
@_told
def tell(warehouse: Warehouse, settings: Settings, office: str, who: str, failure: str) -> int:
    """Note that the refresh ended, write what is told of it, and send what waits."""
    return telling.tell(warehouse, settings, office, who, failure)
