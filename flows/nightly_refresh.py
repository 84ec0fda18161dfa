"""The nightly refresh of an office: land what is new, compute what it touches, record, check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows import inbox, progress, tasks
from flows.checks import Finding
from flows.computing import Recorded, Run
from flows.io import migrate
from flows.io.settings import settings
from flows.io.warehouse import open_warehouse
from flows.landing import Landing
from transforms.indicators import indicators

Answer = TypeVar("Answer")

WORKERS = 4  # a worker mostly waits for Postgres, which has the other cores


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did, for whoever asked."""

    office: str
    landings: list[Landing]
    problems: list[str]
    recorded: list[Recorded]
    findings: list[Finding]


@flow(
    name="nightly-refresh",
    flow_run_name="refresh {office}",
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),
    validate_parameters=False,
)
def nightly_refresh(office: str, who: str = "jadwal", reason: str = "penyegaran") -> Refreshed:
    """Bring an office up to date; run again it finds nothing to do.

    Args:
        office: the key of the office.
        who: who asks.
        reason: why, kept with the run.
    """
    given = settings()
    warehouse = open_warehouse(given)
    requests, problems = inbox.waiting(given.inbox, office, who)
    landing = [tasks.land.submit(warehouse, given, request) for request in requests]
    landed = [
        _told("memuat berkas", future.result(), done, len(landing))
        for done, future in enumerate(landing, 1)
    ]
    touching = tasks.find_touched.submit(warehouse, office, wait_for=landing)
    touched = touching.result()
    run = Run(who, reason, migrate.fingerprint()[:12])
    recording = []
    for quarter in touched:
        measured = [
            tasks.measure.submit(warehouse, indicator.card.number, quarter, wait_for=[touching])
            for indicator in indicators().values()
        ]
        printed = tasks.published.submit(warehouse, quarter, wait_for=[touching])
        recording.append(tasks.record.submit(warehouse, quarter, measured, printed, run))
    recorded = [
        _told("menghitung triwulan", future.result(), done, len(recording))
        for done, future in enumerate(recording, 1)
    ]
    findings = tasks.run_checks.submit(warehouse, wait_for=recording or [touching]).result()
    return Refreshed(office, landed, problems, recorded, findings)


def _told(step: str, answer: Answer, done: int, total: int) -> Answer:
    progress.tell(step, done, total)
    return answer
