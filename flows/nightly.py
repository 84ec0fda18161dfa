"""Every night: start one refresh for each active office, so that several workers share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.deployments import run_deployment
from prefect.states import Failed

from flows import failed_runs
from flows.machine.settings import settings
from flows.warehouse import failures, references
from flows.warehouse.connection import open_warehouse

REFRESH = "nightly-refresh/refresh"


@flow(
    name="nightly",
    flow_run_name="malam",
    on_failure=[failed_runs.tell],
    on_crashed=[failed_runs.tell],
)
def nightly() -> list[str] | State[list[str]]:
    """Start the refreshes and return the offices that they are for.

    It does not wait for them: a worker with one free place would wait for ever.
    """
    try:
        offices = _active_offices()
    except Exception as error:
        return Failed(message=failures.told(error))
    hindered = start_each(offices, _start)
    if hindered:
        return Failed(message=f"Tidak dimulai: {'; '.join(hindered)}")
    return offices


def start_each(offices: Iterable[str], start: Callable[[str], object]) -> list[str]:
    """Start every office, whatever becomes of another; return which could not be, and why."""
    hindered = []
    for office in offices:
        try:
            start(office)
        except Exception as error:
            hindered.append(f"{office} ({failures.told(error)})")
    return hindered


def _active_offices() -> list[str]:
    with open_warehouse(settings()) as warehouse:
        return sorted(references.offices(warehouse))


def _start(office: str) -> None:
    run_deployment(
        REFRESH,
        parameters={"office": office, "reason": "penyegaran malam"},
        flow_run_name=f"refresh {office}",
        timeout=0,
    )
