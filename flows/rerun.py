"""The rerun of an office by hand: compute a range of quarters again and record what moved."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import failed_runs
from flows.computing import replanning
from flows.computing import store as values
from flows.computing.quarter import Quarter, Recorded, Run
from flows.machine.settings import settings
from flows.operating.prefect import asker
from flows.showing import artifacts
from flows.warehouse import failures, migrations
from flows.warehouse.connection import Warehouse, open_warehouse
from flows.warehouse.references import chosen_office

TIME_LIMIT = 6 * 60 * 60


@flow(
    name="rerun",
    flow_run_name="rerun {office} {first_quarter} {last_quarter}",
    timeout_seconds=TIME_LIMIT,
    on_failure=[failed_runs.tell],
    on_crashed=[failed_runs.tell],
)
def rerun(
    office: str,
    first_quarter: str,
    last_quarter: str,
    reason: str,
    ikus: list[str] | None = None,
) -> State[list[Recorded]]:
    """Compute a range of quarters again; each is a transaction, so it can be continued.

    Officers read the words below on the form of the Prefect page.

    Args:
        office: Kunci kantor, misalnya kanreg-06.
        first_quarter: Triwulan pertama, misalnya 2024-Q1.
        last_quarter: Triwulan terakhir, misalnya 2024-Q3.
        reason: Mengapa dihitung ulang; disimpan bersama hasilnya.
        ikus: Hanya IKU ini, misalnya IKU.3; kosong untuk semua.
    """
    done: list[Recorded] = []
    try:
        with open_warehouse(settings()) as warehouse:
            run = Run(
                asker.who(),
                replanning.reason_given(reason),
                migrations.version(),
                replanning.chosen(ikus or []),
            )
            where = chosen_office(warehouse, office).office
            known_at = values.moment_of_knowledge(warehouse, where)
            asked = replanning.quarters(warehouse, where, first_quarter, last_quarter, known_at)
            try:
                for quarter in asked:
                    done += _again(warehouse, quarter, run)
            finally:  # what was recorded before an error is shown too
                artifacts.publish_changes(warehouse, where, known_at)
    except Exception as error:
        return Failed(message=failures.told(error))
    bad = [str(item.quarter) for item in done if item.failed or item.superseded]
    if bad:
        return Failed(message=f"tidak selesai: {', '.join(bad)}")
    return Completed(message=_said(done), data=done)


def _again(warehouse: Warehouse, quarter: Quarter, run: Run) -> list[Recorded]:
    """Compute a quarter and record what moved; nothing when nothing did."""
    planned = replanning.plan_quarter(warehouse, quarter, run.ikus)
    recorded = replanning.record(warehouse, planned, run)
    if recorded is not None:
        return [recorded]
    return [Recorded(quarter, 0, 0, 0, planned.failed)] if planned.failed else []


def _said(done: Sequence[Recorded]) -> str:
    if not done:
        return "Tidak ada yang akan berubah; tidak ada yang ditulis."
    return f"Dicatat: {', '.join(str(item.quarter) for item in done)}."
