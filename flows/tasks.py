"""The tasks that flows share: thin, keys in and small answers out, nothing cached."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows import checks, computing, landing
from flows.computing import Computed, Failed, Quarter, Recorded, Run
from flows.io import values
from flows.io.settings import Settings
from flows.io.warehouse import Warehouse


@task(cache_policy=NO_CACHE, task_run_name="muat {request.source} {request.period} {request.part}")
def land(warehouse: Warehouse, settings: Settings, request: landing.Request) -> landing.Landing:
    """Land one file; a refused file is an answer, not a failure."""
    return landing.land(warehouse, settings, request)


@task(cache_policy=NO_CACHE, task_run_name="cari triwulan yang tersentuh")
def find_touched(warehouse: Warehouse, office: str) -> list[Quarter]:
    """Find the quarters to compute, as known now that everything has landed."""
    known_at = values.moment_of_knowledge(warehouse, office)
    return [
        Quarter(office, year, quarter, known_at)
        for year, quarter in values.touched_quarters(warehouse, office, known_at)
    ]


@task(cache_policy=NO_CACHE, task_run_name="IKU.{number} {quarter}")
def measure(warehouse: Warehouse, number: int, quarter: Quarter) -> Computed | Failed:
    """Compute one indicator; a formula that refuses its data is an answer, not a failure.

    By number, as Prefect draws an arrow to every task whose answer holds the same text.
    """
    return computing.measure(warehouse, f"IKU.{number}", quarter)


@task(cache_policy=NO_CACHE, task_run_name="angka terbit {quarter}")
def published(warehouse: Warehouse, quarter: Quarter) -> list[Computed]:
    """Read the figures printed for a quarter."""
    return computing.published(warehouse, quarter)


@task(cache_policy=NO_CACHE, task_run_name="catat {quarter}")
def record(
    warehouse: Warehouse,
    quarter: Quarter,
    computed: list[Computed | Failed],
    printed: list[Computed],
    run: Run,
) -> Recorded:
    """Write a quarter in one transaction."""
    return computing.record(warehouse, quarter, computed, printed, run)


@task(cache_policy=NO_CACHE, task_run_name="periksa gudang")
def run_checks(warehouse: Warehouse) -> list[checks.Finding]:
    """Run the checks of the warehouse."""
    return checks.run_checks(warehouse)
