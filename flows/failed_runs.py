"""Failed runs: what Prefect does when a run fails or its process dies, so that somebody is told."""

from __future__ import annotations

import logging
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import FailedRun

from flows.machine.settings import settings
from flows.telling import telling
from flows.warehouse import failures
from flows.warehouse.connection import open_warehouse

UNEXPECTED = ("Engine execution exited", "Execution of flow run")


def _is_unexpected(record: logging.LogRecord) -> bool:
    """Leave out Prefect's traceback of a run that we have ended as Failed: its state says why."""
    kind = record.exc_info[0] if record.exc_info else None
    is_ours = kind is not None and (kind is FailedRun or kind.__module__.startswith("flows."))
    return not (is_ours and str(record.msg).startswith(UNEXPECTED))


for _name in ("prefect.flow_runs", "prefect.engine"):
    logging.getLogger(_name).addFilter(_is_unexpected)


def tell(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell that a run failed, once a day; where that cannot be done `iku watch` says why.

    Prefect gives the three by their names. Of a run that died it knows no name but the first, so
    the flow's is told.
    """
    try:
        office = (flow_run.parameters or {}).get("office", "")
        given = settings()
        with open_warehouse(given) as warehouse:
            telling.tell_of_run(warehouse, given, f"{flow.name} {office}".strip(), office)
    except Exception as error:  # Prefect would log it with its text, which may quote a row
        raise RuntimeError(failures.told(error)) from None
