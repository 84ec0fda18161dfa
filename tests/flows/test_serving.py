"""One machine for real: a schedule fires, power is cut, late nights come, two workers share."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
from sqlalchemy import make_url

from flows.machine import detached_process
from flows.machine.postgres import embedded
from flows.machine.postgres.place import cluster
from flows.warehouse import seeding
from flows.warehouse.connection import DEMO, lock_offices
from tests.conftest import ROOT, TEMPLATE, Server
from tests.flows.killed import refresh, state
from tests.flows.one_machine import IKU, Machine, cut_power, family, wait_for
from tests.pace import patience
from tests.warehouse import steps

pytestmark = pytest.mark.engine

OTHERS = ("kanreg-77", "kanreg-78")
NIGHTS = 3


@dataclass
class Serving:
    """The machine of a story, and the `iku serve` that runs on it."""

    machine: Machine
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    fill(machine.settings)
    story = Serving(machine, machine.serve())
    try:
        yield story
    finally:
        story.process.terminate()
        story.process.wait(patience(60))
        embedded.remove(machine.settings.home)


def fill(given: Any) -> None:
    answers = [steps.form("44433444.", answered_on=date(2024, 5, day)) for day in range(1, 31)]
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:10]))
    steps.write(given, "survey_answer", "2024-Q2", answers)


def correct(given: Any) -> None:
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:20]))
    steps.write(given, "digital_service", "2024-Q3", steps.digital())


@contextmanager
def plain(server: Server, folder: Path) -> Iterator[tuple[Any, Any]]:
    """Give an undisturbed warehouse of the same references, without Prefect."""
    given = server.settings.model_copy(update={"home": folder, "inbox": folder / "inbox"})
    with steps.copy_of(server, TEMPLATE) as database:
        warehouse = steps.open_at(server, database, None)
        yield warehouse, given
        warehouse.engine.dispose()


def test_a_schedule_fires_and_refreshes_every_office(serving: Serving):
    machine = serving.machine
    machine.schedule("nightly", datetime.now(UTC) + timedelta(seconds=8), 1)

    def fired() -> Any:
        return [r for r in machine.runs("nightly") if r["start_time"] and r["auto_scheduled"]]

    (night,) = wait_for(fired, "the scheduled run")
    assert machine.ended(night["id"])["state_type"] == "COMPLETED"
    (of_office,) = machine.runs("refresh")
    assert machine.ended(of_office["id"])["state_type"] == "COMPLETED"
    assert of_office["name"] == f"refresh {steps.OFFICE}"
    assert of_office["parameters"]["reason"] == "penyegaran malam"
    with machine.warehouse() as warehouse:
        assert {row["who"] for row in warehouse.rows("SELECT who FROM ops.run")} == {
            f"Prefect, putaran {of_office['id']}"
        }
        assert steps.count(warehouse, "ops.load") == 2


def test_a_run_by_hand_has_its_parameters(serving: Serving):
    machine = serving.machine
    run = machine.start("refresh", office=steps.OFFICE, reason="coba dengan tangan")
    ended = machine.ended(run)
    assert ended["state_type"] == "COMPLETED"
    assert ended["parameters"] == {"office": steps.OFFICE, "reason": "coba dengan tangan"}
    with machine.warehouse() as warehouse:
        # The night before computed all there is to compute today, so no run of a quarter follows.
        (last,) = warehouse.rows("SELECT who FROM ops.refresh ORDER BY refresh_id DESC LIMIT 1")
    assert last == {"who": f"Prefect, putaran {run}"}


def test_a_second_serving_is_refused(serving: Serving):
    machine = serving.machine
    second = subprocess.run(
        [*IKU, "serve"], cwd=ROOT, env=machine.environment, capture_output=True, text=True,
        timeout=patience(60), check=False,
    )  # fmt: skip
    assert second.returncode == 2
    assert "sudah berjalan" in second.stderr
    assert serving.process.poll() is None


def test_a_run_whose_process_is_killed_is_told(serving: Serving):
    machine = serving.machine
    with held(machine, steps.OFFICE):
        begun = machine.start("refresh", office=steps.OFFICE)
        wait_for(lambda: blocked(machine, 1), "a refresh in the middle of its work")
        psutil.Process(int(machine.run(begun)["infrastructure_pid"])).kill()
        assert machine.ended(begun)["state_type"] == "CRASHED"

    def told() -> Any:
        with machine.warehouse() as warehouse:
            return warehouse.rows("SELECT office, title FROM ops.message WHERE kind = 'failure'")

    title = f"[DATA CONTOH] IKU: putaran “nightly-refresh {steps.OFFICE}” gagal"
    assert wait_for(told, "a message") == [{"office": steps.OFFICE, "title": title}]


def watched(machine: Machine) -> tuple[int, dict[str, bool]]:
    """Return how `iku watch` ended, and of each subject whether all is well."""
    done = subprocess.run(
        [*IKU, "watch", "--json"], cwd=ROOT, env=machine.environment, capture_output=True,
        text=True, timeout=patience(60), check=False,
    )  # fmt: skip
    return done.returncode, {one["subject"]: one["is_well"] for one in json.loads(done.stdout)}


def test_the_watchdog_sees_what_is_served(serving: Serving):
    code, seen = watched(serving.machine)
    alarms = {subject for subject, is_well in seen.items() if not is_well} - {"Ruang disk"}
    assert (code, alarms) == (1, {"Sumber"})
    assert seen["Server Prefect"]
    assert seen["Pekerja Prefect"]


def test_a_run_that_fails_says_why_and_leaves_no_traceback(serving: Serving):
    machine = serving.machine
    config = machine.settings.config / f"{steps.OFFICE}.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text("[sources.tidak_ada]\n")
    asked = {
        machine.start("refresh", office="kanreg-99"): "“kanreg-99” tidak dikenal",
        machine.start("refresh", office=steps.OFFICE): "sumber yang diambil sendiri",
        machine.start(
            "rerun", office=steps.OFFICE, first_quarter="2024-Q3", last_quarter="2024-Q1",
            reason="uji",
        ): "Rentang terbalik",
        machine.start("housekeeping", kept_days=-1): "0 sampai",
    }  # fmt: skip
    logged = {}
    for run, reason in asked.items():
        ended = machine.ended(run)
        assert ended["state_type"] == "FAILED"
        assert reason in ended["state"]["message"]
        wait_for(lambda run=run: not is_alive(machine, run), "the end of the run's process")
        logged[reason] = log_of(machine, run)
    config.unlink()
    assert "sources.tidak_ada: bukan nama sumber" in logged["sumber yang diambil sendiri"]
    worker = (machine.settings.home / "prefect/worker.log").read_text()
    for said in (*logged.values(), worker):
        assert "Traceback" not in said
        assert "Refreshed(" not in said


def test_after_a_power_cut_each_period_is_loaded_once(
    serving: Serving, server: Server, tmp_path: Path
):
    machine = serving.machine
    correct(machine.settings)
    with held(machine, steps.OFFICE):
        begun = machine.start("refresh", office=steps.OFFICE)
        wait_for(lambda: blocked(machine, 1), "a refresh in the middle of its work")
        # A worker begins ten seconds before the time; none may have begun when the power goes.
        last = datetime.now(UTC) + timedelta(seconds=25 + NIGHTS)
        machine.schedule("nightly", last - timedelta(seconds=NIGHTS), NIGHTS)
        before = {"expected_start_time": {"before_": (last + timedelta(seconds=1)).isoformat()}}
        waiting = {"state": {"type": {"any_": ["SCHEDULED"]}}, **before}
        wait_for(lambda: len(machine.runs("nightly", **waiting)) == NIGHTS, "the next nights")
        assert machine.run(begun)["state_type"] == "RUNNING"
        cut_power(*everything(serving))
        serving.process.wait(patience(30))
    code, seen = watched(machine)
    assert (code, seen["Postgres"], seen["Server Prefect"]) == (1, False, False)
    time.sleep(max(0.0, (last - datetime.now(UTC)).total_seconds()))

    serving.process = machine.serve()
    assert f"refresh {steps.OFFICE}" in machine.said
    assert machine.run(begun)["state_type"] == "CRASHED"
    for night in machine.runs("nightly", **before)[-NIGHTS:]:
        assert machine.ended(night["id"])["state_type"] == "COMPLETED"
    refreshed = machine.runs("refresh")[-NIGHTS:]
    for of_office in refreshed:
        assert machine.ended(of_office["id"])["state_type"] == "COMPLETED"
    with machine.warehouse() as warehouse, plain(server, tmp_path) as (undisturbed, given):
        fill(given)
        refresh(undisturbed, given)
        correct(given)
        refresh(undisturbed, given)
        as_undisturbed = same_but_names(state(undisturbed))
        assert same_but_names(state(warehouse)) == as_undisturbed


def test_two_workers_share_three_offices(serving: Serving, tmp_path: Path):
    machine = serving.machine
    offices = (steps.OFFICE, *OTHERS)
    add_offices(machine, tmp_path)
    with second_worker(machine) as second:
        with held(machine, *offices):
            runs = [machine.start("refresh", office=office) for office in offices]
            wait_for(lambda: blocked(machine, len(offices)), "three refreshes at once")
            first = detached_process.running(machine.settings.home / "prefect/worker.json")
            assert first is not None
            for worker in (first, second):
                begun = {p.environ().get("PREFECT__FLOW_RUN_ID") for p in family(worker)[1:]}
                assert begun & set(runs), "a worker that had nothing to do"
        for run in runs:
            assert machine.ended(run)["state_type"] == "COMPLETED"
    with machine.warehouse() as warehouse:
        shown = warehouse.rows(
            "SELECT kantor, realisasi FROM mart.capaian_iku"
            " WHERE iku = 'IKU.7' AND periode = '2024-Q3' AND dokumen = 'pk'"
        )
    assert {row["kantor"]: row["realisasi"] for row in shown} == dict.fromkeys(
        offices, Decimal("91.67")
    )


def test_the_week_verifies_and_the_day_forgets(serving: Serving):
    machine = serving.machine
    assert verified(machine) == ("COMPLETED", "0 berbeda")
    with changed_by_hand(machine):
        assert verified(machine) == ("FAILED", "1 berbeda")
    (shown,) = machine.post(
        "/artifacts/filter", {"artifacts": {"key": {"any_": ["nilai-berbeda"]}}}
    )
    assert "IKU.7" in shown["data"]

    old = [run["id"] for run in machine.runs("nightly", state={"type": {"any_": ["COMPLETED"]}})]
    assert len(old) > NIGHTS
    draft = machine.settings.home / "archive" / ".incoming-mati"
    draft.touch()
    os.utime(draft, (0, 0))
    daily = machine.ended(machine.start("housekeeping", kept_days=0))
    assert daily["state_type"] == "COMPLETED"
    assert daily["state"]["message"].endswith("1 sisa berkas dibersihkan.")
    assert not draft.exists()
    left = machine.post("/flow_runs/filter", {"flow_runs": {"id": {"any_": old}}})
    assert left == []
    assert machine.post("/artifacts/filter", {}) == []


def verified(machine: Machine) -> tuple[str, str]:
    """Verify; return how the run ended and how many values it said to differ."""
    run = machine.ended(machine.start("verify"))
    return run["state_type"], run["state"]["message"].split(", ")[1].removesuffix(".")


@contextmanager
def changed_by_hand(machine: Machine) -> Iterator[None]:
    """Change a recorded value, which only the owner of the table can, and put it back."""
    admin = embedded.ensure(machine.settings.home).url
    url = make_url(admin).set(drivername="postgresql", database=DEMO)
    with closing(psycopg2.connect(url.render_as_string(hide_password=False))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE iku.value SET numerator = numerator + 1 WHERE value_id ="
                " (SELECT max(value_id) FROM iku.value WHERE iku = 'IKU.7' AND actual = 91.67)"
                " RETURNING value_id"
            )
            (value,) = cursor.fetchone()
            yield
            cursor.execute(
                "UPDATE iku.value SET numerator = numerator - 1 WHERE value_id = %s", [value]
            )


@pytest.mark.parametrize(("before", "is_asked"), [("SIG_DFL", True), ("SIG_IGN", False)])
def test_a_closed_terminal_ends_it_unless_nohup_is_before(before: str, is_asked: bool):
    done = subprocess.run(
        [
            sys.executable, "-c",
            f"import os, signal; signal.signal(signal.SIGHUP, signal.{before})\n"
            "from flows.operating.serving import _asked_to_end\n"
            "with _asked_to_end() as asked:\n"
            "    os.kill(os.getpid(), signal.SIGHUP)\n"
            "    print(asked.is_set())",
        ],
        cwd=ROOT, capture_output=True, text=True, timeout=patience(60), check=False,
    )  # fmt: skip
    assert done.stdout.strip() == str(is_asked), done.stderr


def test_the_end_leaves_nothing_behind(serving: Serving):
    parts = everything(serving)
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(patience(60)) == 0, serving.machine.said
    gone, alive = psutil.wait_procs(parts, timeout=patience(10))
    assert not alive, [process.cmdline() for process in alive]
    assert len(gone) >= 4
    assert "Semua sudah dihentikan." in serving.machine.said


@contextmanager
def held(machine: Machine, *offices: str) -> Iterator[None]:
    """Hold the locks of offices, so that a refresh stops in the middle of its work."""
    with machine.warehouse() as warehouse:
        connection = warehouse.engine.connect()
        lock_offices(connection, offices)
        yield
        connection.invalidate()  # the server may be gone
        connection.close()


def is_alive(machine: Machine, run: str) -> bool:
    """Whether the process of a run is there, which sends its last lines after the run has ended."""
    worker = detached_process.running(machine.settings.home / "prefect/worker.json")
    assert worker is not None
    for process in family(worker)[1:]:
        with suppress(psutil.Error):
            if process.environ().get("PREFECT__FLOW_RUN_ID") == run:
                return True
    return False


def log_of(machine: Machine, run: str) -> str:
    """Return what Prefect keeps as the log of a run."""
    lines = machine.post("/logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}})
    return "\n".join(line["message"] for line in lines)


def blocked(machine: Machine, offices: int) -> bool:
    """Whether so many offices are waited for."""
    with machine.warehouse() as warehouse:
        (found,) = warehouse.rows(
            "SELECT count(DISTINCT objid) AS n FROM pg_locks"
            " WHERE locktype = 'advisory' AND NOT granted"
        )
    return found["n"] == offices


def everything(serving: Serving) -> list[psutil.Process]:
    """Return `iku serve`, the worker, its runs, Prefect's server and Postgres."""
    home = serving.machine.settings.home
    records = (home / "prefect/worker.json", home / "prefect/server.json")
    parts = [psutil.Process(serving.process.pid)]
    parts += [part for record in records if (part := detached_process.running(record))]
    postmaster = (cluster(home) / "data/postmaster.pid").read_text().split()[0]
    return family(*parts, psutil.Process(int(postmaster)))


@contextmanager
def second_worker(machine: Machine) -> Iterator[psutil.Process]:
    """Give a worker that somebody starts beside that of `iku serve`, as the runbook says."""
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "iku"]
    command += ["--type", "process", "--limit", "2"]
    password = {"PREFECT_API_AUTH_STRING": f"iku:{machine.password}"}
    env = machine.environment | password | {"PREFECT_API_URL": machine.api, "DO_NOT_TRACK": "1"}
    log = machine.folder / "second.log"
    with log.open("wb") as said:
        worker = subprocess.Popen(command, cwd=machine.folder, env=env, stdout=said, stderr=said)
    try:
        wait_for(lambda: "started!" in log.read_text(), "the second worker")
        yield psutil.Process(worker.pid)
    finally:
        cut_power(psutil.Process(worker.pid))
        worker.wait(patience(30))


def add_offices(machine: Machine, folder: Path) -> None:
    office = next(row for row in steps.seeded("office") if row["office"] == steps.OFFICE)
    rows = [{**office, "office": key, "name": f"Kantor {key}", "satker_code": ""} for key in OTHERS]
    with machine.warehouse() as warehouse:
        seeding.seed(warehouse, steps.seed_rows(folder, "office", rows))
    for key in (steps.OFFICE, *OTHERS):
        steps.write(machine.settings, "digital_service", "2024-Q3", steps.digital(11), office=key)


def same_but_names(told: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return a state without who asked: a run of Prefect here, the test there."""
    names = re.compile(r'"(Prefect, putaran [0-9a-f-]{36}|penguji|petugas)"')
    return {table: sorted(names.sub('"?"', row) for row in rows) for table, rows in told.items()}
