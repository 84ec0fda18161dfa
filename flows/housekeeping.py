"""Every day: forget what Prefect no longer needs to know, and clear what killed processes left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import failed_runs
from flows.machine import archive
from flows.machine.settings import settings
from flows.operating.prefect import api as prefect_api
from flows.warehouse import failures

KEPT_DAYS = 60  # the truth is in the warehouse; Prefect's runs serve to look into a recent failure
LONGEST_KEPT_DAYS = 3650
LONGEST_HOURS = 24  # no run of ours takes longer
TIME_LIMIT = 60 * 60


@flow(
    name="housekeeping",
    flow_run_name="beres-beres",
    timeout_seconds=TIME_LIMIT,
    on_failure=[failed_runs.tell],
    on_crashed=[failed_runs.tell],
)
def housekeeping(kept_days: int = KEPT_DAYS) -> State[None]:
    """Delete runs and their logs, end those whose machine is gone, and clear the archive's drafts.

    Args:
        kept_days: Putaran yang berakhir lebih dari sekian hari yang lalu dihapus.
    """
    if not 0 <= kept_days <= LONGEST_KEPT_DAYS:
        return Failed(message=f"Tulis berapa hari putaran disimpan, 0 sampai {LONGEST_KEPT_DAYS}.")
    try:
        now = datetime.now(UTC)
        stuck = prefect_api.end_stuck_runs(now - timedelta(hours=LONGEST_HOURS))
        deleted = prefect_api.delete_runs(now - timedelta(days=kept_days))
        drafts = archive.clear_stale(settings().home)
    except Exception as error:
        return Failed(message=failures.told(error))
    return Completed(
        message=f"{deleted} putaran lama dihapus, {stuck} yang mati ditutup, "
        f"{drafts} sisa berkas dibersihkan."
    )
