"""Every week: compute every recorded value again, and fail when one comes out differently."""

from __future__ import annotations

from dataclasses import asdict

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import failed_runs
from flows.computing.verifying import differences
from flows.machine.settings import settings
from flows.warehouse import failures
from flows.warehouse.connection import open_warehouse

KEY = "nilai-berbeda"
SHOWN = 200  # an artifact is for reading; `iku verify` tells all
TIME_LIMIT = 6 * 60 * 60


@flow(
    name="weekly-verify",
    flow_run_name="verify",
    timeout_seconds=TIME_LIMIT,
    on_failure=[failed_runs.tell],
    on_crashed=[failed_runs.tell],
)
def weekly_verify() -> State[int]:
    """Recompute what is recorded from loads and references as they were known.

    The run ends in state Failed when a value differs, and its artifact says which and how.
    """
    try:
        with open_warehouse(settings()) as warehouse:
            count, found = differences(warehouse)
        if found:
            create_table_artifact([asdict(one) for one in found[:SHOWN]], KEY)
    except Exception as error:
        return Failed(message=failures.told(error))
    said = f"{count} nilai dihitung ulang, {len(found)} berbeda."
    return Failed(message=said) if found else Completed(message=said, data=count)
