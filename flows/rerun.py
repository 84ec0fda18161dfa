"""The rerun of an office by hand: compute a range of quarters again and record what moved."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Failed as FailedState

from flows import failures, rerunning
from flows.command_line import chosen_office
from flows.computing import Recorded, Run
from flows.io import migrate, values
from flows.io.settings import settings
from flows.io.warehouse import open_warehouse


@flow(name="rerun", flow_run_name="rerun {office} {first_quarter} {last_quarter}")
def rerun(
    office: str,
    first_quarter: str,
    last_quarter: str,
    reason: str,
    ikus: list[str] | None = None,
    who: str = "halaman Prefect",
) -> list[Recorded] | State[list[Recorded]]:
    """Compute a range of quarters again; each is a transaction, so it can be continued.

    Officers read the words below on the form of the Prefect page.

    Args:
        office: Kunci kantor, misalnya kanreg-06.
        first_quarter: Triwulan pertama, misalnya 2024-Q1.
        last_quarter: Triwulan terakhir, misalnya 2024-Q3.
        reason: Mengapa dihitung ulang; disimpan bersama hasilnya.
        ikus: Hanya IKU ini, misalnya IKU.3; kosong untuk semua.
        who: Siapa yang meminta.
    """
    done: list[Recorded] = []
    try:
        warehouse = open_warehouse(settings())
        try:
            run = Run(
                who,
                rerunning.reason_given(reason),
                migrate.fingerprint()[:12],
                rerunning.chosen(ikus or []),
            )
            where = chosen_office(warehouse, office).office
            known_at = values.moment_of_knowledge(warehouse, where)
            asked = rerunning.quarters(warehouse, where, first_quarter, last_quarter, known_at)
            for quarter in asked:
                planned = rerunning.plan_quarter(warehouse, quarter, run.ikus)
                recorded = rerunning.record(warehouse, planned, run)
                done += [recorded] if recorded else []
                if planned.failed and not recorded:
                    done.append(Recorded(quarter, 0, 0, 0, planned.failed))
        finally:
            warehouse.engine.dispose()
    except Exception as error:
        return FailedState(message=failures.told(error), data=done)
    bad = [str(item.quarter) for item in done if item.failed or item.superseded]
    if bad:
        return FailedState(message=f"tidak selesai: {', '.join(bad)}", data=done)
    return done
