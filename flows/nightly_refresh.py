"""The nightly refresh of an office: fetch, land and compute what is new, record, check, tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from prefect import allow_failure, flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Failed as FailedState
from prefect.task_runners import ThreadPoolTaskRunner

from flows import failed_runs, tasks
from flows.computing.checks import Finding
from flows.computing.quarter import Quarter, Recorded, Run
from flows.fetching import errands as fetching
from flows.fetching import inbox
from flows.fetching.doors.door import DoorUnavailable
from flows.fetching.errands import Answer, Errand
from flows.fetching.office_config import OfficeConfigError
from flows.landing import store as loads
from flows.landing.request import Landing, Request
from flows.machine import progress
from flows.machine.settings import Settings, settings
from flows.operating.prefect import asker
from flows.quarantine import outbox
from flows.tasks import Trouble
from flows.warehouse import failures, migrations
from flows.warehouse.connection import Warehouse, open_warehouse
from flows.warehouse.references import UnknownOffice, chosen_office
from schemas.source import MAIN_PART
from transforms.indicators import indicators

WORKERS = 4  # a worker mostly waits for Postgres, which has the other cores


@dataclass(frozen=True, slots=True)
class Stopped:
    """One piece of the work that an error stopped; the rest went on without it."""

    what: str
    reason: str


@dataclass(slots=True)
class Refreshed:
    """What a refresh did, for whoever asked.

    Attributes:
        still_refused: how many files lie unchanged in the inbox as they were refused before.
        not_landed: the files that an error stopped; their sources count as they were in force.
        not_computed: the quarters that an error stopped, and anything else after the landing.
    """

    office: str
    landings: list[Landing] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    still_refused: int = 0
    recorded: list[Recorded] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    not_landed: list[Stopped] = field(default_factory=list)
    not_computed: list[Stopped] = field(default_factory=list)

    @property
    def failure(self) -> str:
        """Return what failed in one line, empty when nothing did."""
        failed = [
            f"{item.iku} {recorded.quarter}"
            for recorded in self.recorded
            for item in recorded.failed
        ]
        broken = [finding.title for finding in self.findings if finding.severity == "fail"]
        said = (
            ("tidak dimuat", [item.what for item in self.not_landed]),
            ("tidak dihitung", [item.what for item in self.not_computed]),
            ("gagal dihitung", failed),
            ("pemeriksaan gagal", broken),
        )
        return "; ".join(f"{word}: {', '.join(items)}" for word, items in said if items)


class NotAllDone(Exception):
    """The answer of a refresh of which something failed, with what it did.

    Prefect takes nothing but an error for the answer of a failed run: it would write anything else
    into its log as it is, and names of files with it.
    """

    def __init__(self, done: Refreshed) -> None:
        super().__init__(done.failure)
        self.done = done


def refresh(office: str, who: str, reason: str) -> Refreshed:
    """Run the flow and return what it did, also when that ends in state Failed."""
    try:
        with asker.asked_by(who):
            ended = nightly_refresh(office, reason=reason, return_state=True)
        done = ended.result(raise_on_failure=False)
        if isinstance(done, Refreshed | NotAllDone):
            return done if isinstance(done, Refreshed) else done.done
        failure = ended.message or "terhenti"
    except Exception as error:  # of Prefect, as when its server is gone
        failure = failures.told(error)
    return Refreshed(office, not_computed=[Stopped("penyegaran", failure)])


@flow(
    name="nightly-refresh",
    flow_run_name="refresh {office}",
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),  # type: ignore[arg-type] # invariant
    validate_parameters=False,
    on_crashed=[failed_runs.tell],  # one that fails tells it by itself
)
def nightly_refresh(office: str, reason: str = "penyegaran") -> Refreshed | State[Refreshed]:
    """Bring an office up to date; run again it finds nothing to do.

    What an error stops is told at the end, and the rest is done; the run then ends in state Failed.
    Officers read the words below on the form of the Prefect page.

    Args:
        office: Kunci kantor, misalnya kanreg-06.
        reason: Mengapa; disimpan bersama hasilnya.
    """
    done = Refreshed(office)
    try:
        given = settings()
        with open_warehouse(given) as warehouse:
            chosen_office(warehouse, office)
            run = Run(asker.who(), reason, migrations.version())
            _refresh_and_tell(warehouse, given, done, run)
    except UnknownOffice as refusal:
        return FailedState(message=str(refusal))
    except Exception as error:
        done.not_computed.append(Stopped("penyegaran", failures.told(error)))
    for stopped in (*done.not_landed, *done.not_computed):
        get_run_logger().error("%s: %s", stopped.what, stopped.reason)
    if done.failure:
        return FailedState(message=done.failure, data=NotAllDone(done))
    return done


def _refresh_and_tell(warehouse: Warehouse, given: Settings, done: Refreshed, run: Run) -> None:
    last: list[PrefectFuture[Any]] = []
    try:
        last.append(_refresh(warehouse, given, done, run))
    except Exception as error:
        done.not_computed.append(Stopped("penyegaran", failures.told(error)))
    before = [allow_failure(future) for future in last]
    telling = tasks.after(before, tasks.tell, warehouse, given, done.office, run.who, done.failure)
    _answer(telling, "pemberitahuan", done.not_computed)


def _refresh(
    warehouse: Warehouse, given: Settings, done: Refreshed, run: Run
) -> PrefectFuture[Any]:
    """Do all of it but telling; return what came last."""
    landing = _land(warehouse, given, done, run.who)
    landed_or_not = [allow_failure(future) for future in landing]
    touching = tasks.after(landed_or_not, tasks.find_touched, warehouse, done.office)
    touched = _answer(touching, "mencari triwulan", done.not_computed)
    recording = [
        (quarter, *_compute(warehouse, quarter, touching, run)) for quarter in touched or ()
    ]
    for number, (quarter, reading, future) in enumerate(recording, 1):
        recorded = _recorded(quarter, reading, future, done.not_computed)
        if recorded is not None:
            done.recorded.append(recorded)
        progress.tell("menghitung triwulan", number, len(recording))
    before = [allow_failure(future) for _, _, future in recording] or [allow_failure(touching)]
    checking = tasks.after(before, tasks.run_checks, warehouse)
    done.findings += _answer(checking, "pemeriksaan gudang", done.not_computed) or ()
    known_at = touched[0].known_at if touched else None
    landed = [one.load_id for one in done.landings if one.status != "unchanged"]
    checked = [allow_failure(checking)]
    showing = tasks.after(checked, tasks.publish, warehouse, done.office, known_at, landed)
    _answer(showing, "halaman Prefect", done.not_computed)
    return showing


def _land(
    warehouse: Warehouse, given: Settings, done: Refreshed, who: str
) -> list[PrefectFuture[Any]]:
    requests = _fetch(warehouse, given, done, who)
    lying, problems = inbox.waiting(given.inbox, done.office, who, given.settle_seconds)
    requests += lying
    done.problems += problems
    landing: list[PrefectFuture[Any]] = []
    before: dict[tuple[str, str, str], PrefectFuture[Any]] = {}
    for request in requests:
        slice_ = (request.source, request.period, request.part)
        # A mended file in the inbox lands after what a door brings for the same slice.
        earlier = [allow_failure(before[slice_])] if slice_ in before else []
        before[slice_] = tasks.after(earlier, tasks.land, warehouse, given, request)
        landing.append(before[slice_])
    for number, (request, future) in enumerate(zip(requests, landing, strict=True), 1):
        what = f"{request.source} {request.period}"  # a file's name may be somebody's
        what += "" if request.part == MAIN_PART else f" {request.part}"
        landed = _answer(future, what, done.not_landed)
        if landed is not None:
            done.landings.append(landed)
        progress.tell("memuat berkas", number, len(landing))
    done.problems += outbox.renew_all(warehouse, given, done.landings)
    unchanged = [landed.load_id for landed in done.landings if landed.status == "unchanged"]
    done.still_refused = loads.refused_of(warehouse, unchanged)
    return landing


def _fetch(warehouse: Warehouse, given: Settings, done: Refreshed, who: str) -> list[Request]:
    """Ask every door of the office; return what they brought, and note which were of no use.

    Older periods that never came are asked for last, and of no door that was of no use for the
    newest ones: a server that is down would be waited for once for every period.
    """
    try:
        newest = fetching.errands(warehouse, given, done.office)
        answers = _ask(warehouse, given, newest, done, who)
        of_use = [answer.errand.feed for answer in answers if not answer.problem]
        older = fetching.missed(warehouse, given, done.office, of_use)
        answers += _ask(warehouse, given, older, done, who)
    except OfficeConfigError as refusal:
        done.not_landed.append(Stopped("sumber yang diambil sendiri", str(refusal)))
        return []
    done.problems += [answer.problem for answer in answers if answer.problem]
    return [answer.request for answer in answers if answer.request]


def _ask(
    warehouse: Warehouse, given: Settings, errands: Iterable[Errand], done: Refreshed, who: str
) -> list[Answer]:
    """Ask for each file at once; an error is noted and gives no answer.

    A door that hangs is no error: like one that does not answer it may be of use another night.
    """
    asking = [(errand, tasks.fetch.submit(warehouse, given, errand, who)) for errand in errands]
    answers = []
    for number, (errand, future) in enumerate(asking, 1):
        failure = future.result(raise_on_failure=False)
        if isinstance(failure, DoorUnavailable):
            answers.append(Answer(errand, problem=fetching.problem(errand, failure)))
        elif isinstance(failure, TimeoutError):
            answers.append(fetching.given_up(warehouse, errand, who))
        elif answer := _answer(future, str(errand), done.not_landed):
            answers.append(answer)
        progress.tell("mengambil sumber", number, len(asking))
    return answers


def _compute(
    warehouse: Warehouse, quarter: Quarter, touching: PrefectFuture[Any], run: Run
) -> tuple[list[PrefectFuture[Any]], PrefectFuture[Any]]:
    """Submit a quarter; return what reads for it, and what records it."""
    measured = [
        tasks.after([touching], tasks.measure, warehouse, indicator.card.number, quarter)
        for indicator in indicators().values()
    ]
    printed = tasks.after([touching], tasks.published, warehouse, quarter)
    recording = tasks.record.submit(warehouse, quarter, measured, printed, run, return_state=False)
    return [*measured, printed], recording


def _recorded(
    quarter: Quarter,
    reading: Iterable[PrefectFuture[Any]],
    recording: PrefectFuture[Any],
    stopped: list[Stopped],
) -> Recorded | None:
    """Return what was recorded of a quarter; nothing is where a part could not be read."""
    for future in reading:
        if _answer(future, str(quarter), stopped) is None:
            return None
    found: Recorded | None = _answer(recording, str(quarter), stopped)
    return found


def _answer(future: PrefectFuture[Any], what: str, stopped: list[Stopped]) -> Any:
    """Return the answer of a task, or None and note what an error stopped."""
    answer = future.result(raise_on_failure=False)
    if isinstance(answer, TimeoutError):
        answer = Trouble("Belum selesai pada batas waktunya, maka dihentikan.")
    elif isinstance(answer, BaseException):  # of Prefect itself: ours end as Trouble
        answer = Trouble(failures.told(answer))
    if isinstance(answer, Trouble):
        stopped.append(Stopped(what, answer.reason))
        return None
    return answer
