"""What we ask of Prefect's API: the pool, runs that died with their process, runs of long ago.

Prefect is imported with this module and reads its environment then: import it after that is set.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import psutil
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowRunFilter,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.states import Crashed

from flows.operating.prefect.worker import POOL

BEGUN = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]
PAGE = 200  # the most that the API gives at once
# What is the pool's own template by default lets whoever asks for a run choose its command.
FIXED: dict[str, Any] = {
    "job_configuration": {"stream_output": True},  # Prefect takes none that is empty
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}
DIED = "Prosesnya mati di tengah jalan, misalnya listrik padam. Putaran berikutnya melanjutkan."


def make_pool() -> bool:
    """Make the work pool of the deployments; False when it is there already.

    No run of it can be given a command, an environment or a folder.
    """
    with get_client(sync_client=True) as client:
        try:
            wanted = WorkPoolCreate(name=POOL, type="process", base_job_template=FIXED)
            client.create_work_pool(wanted)
        except ObjectAlreadyExists:
            client.update_work_pool(POOL, WorkPoolUpdate(base_job_template=FIXED))
            return False
    return True


def end_dead_runs() -> list[str]:
    """Mark the runs whose process on this machine is gone as Crashed; return their names.

    Only for a server whose workers all run on this machine: it knows no other processes.
    """
    with get_client(sync_client=True) as client:
        dead = [run for run in _runs(client, BEGUN) if run.deployment_id and not _lives(run)]
        for run in dead:
            client.set_flow_run_state(run.id, Crashed(message=DIED))
    return [run.name for run in dead]


def end_stuck_runs(before: datetime) -> int:
    """Mark the runs that began before an instant and have not ended as Crashed; return how many."""
    with get_client(sync_client=True) as client:
        stuck = [
            run
            for run in _runs(client, BEGUN)
            if (run.start_time or run.expected_start_time or before) < before
        ]
        for run in stuck:
            client.set_flow_run_state(run.id, Crashed(message=DIED))
    return len(stuck)


def delete_runs(before: datetime) -> int:
    """Delete the runs that ended before an instant, with logs and tables; return how many."""
    with get_client(sync_client=True) as client:
        old = [run.id for run in _runs(client, ENDED, before)]
        for key in old:
            _delete_artifacts(client, key)
            with suppress(ObjectNotFound):  # it went with its parent
                client.delete_flow_run(key)
    return len(old)


def _delete_artifacts(client: SyncPrefectClient, run: UUID) -> None:
    """Delete what a run has shown as tables: with the run itself Prefect leaves them."""
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
    while page := client.read_artifacts(artifact_filter=of_run, limit=PAGE):
        for artifact in page:
            with suppress(ObjectNotFound):
                client.delete_artifact(artifact.id)


def _runs(
    client: SyncPrefectClient, states: list[StateType], ended_before: datetime | None = None
) -> Iterator[FlowRun]:
    wanted: dict[str, object] = {"state": {"type": {"any_": states}}}
    if ended_before is not None:
        wanted["end_time"] = {"before_": ended_before}
    asked = FlowRunFilter.model_validate(wanted)
    seen: set[UUID] = set()
    while True:
        page = client.read_flow_runs(flow_run_filter=asked, limit=PAGE, offset=len(seen))
        yield from page
        seen |= {run.id for run in page}
        if len(page) < PAGE:
            return


def _lives(run: FlowRun) -> bool:
    """Whether the process that a worker noted for a run still has it; a pid may be reused."""
    with suppress(psutil.Error, ValueError):
        environment = psutil.Process(int(run.infrastructure_pid or "")).environ()
        return environment.get("PREFECT__FLOW_RUN_ID") == str(run.id)
    return False
