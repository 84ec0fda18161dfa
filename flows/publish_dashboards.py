"""The dashboards from Prefect's page: what `iku metabase apply` does, on a Metabase once set up."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import failed_runs
from flows.machine.settings import settings
from flows.metabase.publisher import open_publisher
from flows.warehouse import failures
from flows.warehouse.connection import open_warehouse

TIME_LIMIT = 30 * 60


@flow(
    name="dashboards",
    flow_run_name="dasbor",
    timeout_seconds=TIME_LIMIT,
    on_failure=[failed_runs.tell],
    on_crashed=[failed_runs.tell],
)
def dashboards() -> State[None]:
    """Make Metabase as its files say, then run every card; again it writes nothing."""
    try:
        given = settings()
        with open_warehouse(given) as warehouse:
            done = open_publisher(given, warehouse).apply()
    except Exception as error:
        return Failed(message=failures.told(error))
    return Completed(
        message=f"{done.applied.writes} penulisan; {done.trial.cards} kartu dijalankan, "
        "semuanya berhasil."
    )
