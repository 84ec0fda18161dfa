"""The nightly refresh through the real Prefect engine: its graph, its names, and its second run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from flows.computing.checks import Finding
from flows.computing.quarter import Failed, Quarter, Recorded
from flows.machine.settings import Settings
from flows.operating.prefect import pulse
from flows.operating.prefect import server as prefect_server
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse, lock_offices, use_database
from tests.conftest import ROOT, TEMPLATE, Server
from tests.doors.web import content, serving, silent, status
from tests.flows import ended_server
from tests.flows.killed import refresh, state
from tests.pace import patience
from tests.warehouse import steps

# All quarters of 2024 are still open then, and 2025 has begun, so both nights compute these five.
FIRST_NIGHT = "2025-01-20T02:00:00+07:00"
SECOND_NIGHT = "2025-01-21T02:00:00+07:00"
THIRD_NIGHT = "2025-01-22T02:00:00+07:00"
APPENDED = ("ops.load", "ops.load_event", "iku.value", "iku.achievement", "iku.rollup")

LANDED = {
    "published_actual 2023-Q4",
    "siasn_integration 2024-Q2",
    "survey_answer 2024-Q2",
}
ASKED_LATER = ("published_actual", "system_usage")
TOUCHED, CHECKED = "cari triwulan yang tersentuh", "periksa gudang"
PUBLISHED, TOLD = "tampilkan", "beri tahu"
QUARTERS = ("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1")

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Refreshed:
    """A warehouse after one run of the flow, and what Prefect's server knows of the run."""

    warehouse: Warehouse
    api: str
    flow_run: str


def expected_graph() -> dict[str, set[str]]:
    """Return the name of each task run with the names of those that it waited for."""
    graph: dict[str, set[str]] = {name: set() for name in LANDED}
    graph[TOUCHED] = LANDED
    for quarter in QUARTERS:
        read = {f"angka terbit {quarter}", *(f"IKU.{n} {quarter}" for n in range(1, 15))}
        graph |= {name: {TOUCHED} for name in read}
        graph[f"catat {quarter}"] = {TOUCHED, *read}
    graph[CHECKED] = {f"catat {quarter}" for quarter in QUARTERS}
    graph[PUBLISHED] = {CHECKED}
    graph[TOLD] = {PUBLISHED}
    return graph


def fill(given: Settings) -> None:
    answers = [steps.form("44433444.", answered_on=date(2024, 5, day)) for day in range(1, 31)]
    steps.write(given, "published_actual", "2023-Q4", steps.printed({"IKU.3": Decimal("94.78")}))
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:10]))
    steps.write(given, "survey_answer", "2024-Q2", answers)


@contextmanager
def office(server: Server, home: Path) -> Iterator[tuple[Warehouse, Settings]]:
    """Give a fresh warehouse, which the home names as the one in use, and a filled inbox."""
    given = server.settings.model_copy(
        update={"home": home, **{name: home / name for name in ("inbox", "outbox", "config")}}
    )
    fill(given)
    with steps.copy_of(server, TEMPLATE) as database:
        use_database(home, database)
        steps.backdate_references(server, database)
        warehouse = steps.open_at(server, database, FIRST_NIGHT)
        yield warehouse, given
        warehouse.engine.dispose()


@contextmanager
def our_server(instant: str) -> Iterator[None]:
    """Let flows in this process work with the fixture's server, at an instant."""
    # Prefect reads the environment when it is imported, which another test may have done before.
    from prefect import settings as prefect

    chosen = {
        prefect.PREFECT_API_URL: os.environ["PREFECT_API_URL"],
        prefect.PREFECT_API_AUTH_STRING: os.environ["PREFECT_API_AUTH_STRING"],
        prefect.PREFECT_HOME: os.environ["PREFECT_HOME"],
        prefect.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # its thread ends a second late
        prefect.PREFECT_LOGGING_TO_API_ENABLED: False,  # its thread outlives the server
    }
    with pytest.MonkeyPatch.context() as patch, prefect.temporary_settings(chosen):
        patch.setenv("IKU_INSTANT", instant)
        yield


def run_flow(instant: str) -> tuple[str, Any]:
    """Run the flow as `iku refresh` does; return the key of its run and its answer."""
    from flows.nightly_refresh import NotAllDone, nightly_refresh
    from flows.operating.prefect.asker import asked_by

    with our_server(instant), asked_by("penguji"):
        ended = nightly_refresh(steps.OFFICE, reason="uji", return_state=True)
        done = ended.result(raise_on_failure=False)
        done = done.done if isinstance(done, NotAllDone) else done
        return str(ended.state_details.flow_run_id), done


@pytest.fixture(scope="module")
def refreshed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refreshed]:
    home = tmp_path_factory.mktemp("engine")
    with pytest.MonkeyPatch.context() as patch, office(server, home) as (warehouse, given):
        for name in ("PREFECT_API_URL", "PREFECT_HOME", "IKU_DATABASE"):
            patch.delenv(name, raising=False)
        api = prefect_server.ensure(home, server.url)
        environment = {
            **prefect_server.environment(home, api),
            "IKU_HOME": str(home),
            "IKU_INBOX": str(given.inbox),
            "IKU_CONFIG": str(given.config),
            "IKU_SETTLE_SECONDS": "0",
            "IKU_OUTBOX": str(given.outbox),
            "IKU_DATABASE_URL": server.url,
            "IKU_WRITER_PASSWORD": steps.passwords(server).writer,
            "IKU_METABASE_PASSWORD": steps.passwords(server).reader,
        }
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            yield Refreshed(warehouse, api, run_flow(FIRST_NIGHT)[0])
        finally:
            ended_server.end(home)


def ask(refreshed: Refreshed, what: str) -> list[dict[str, Any]]:
    """Return what Prefect's API has of the flow run."""
    return post(refreshed, what, {"flow_runs": {"id": {"any_": [refreshed.flow_run]}}})


def post(refreshed: Refreshed, what: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    user, password = os.environ["PREFECT_API_AUTH_STRING"].split(":")
    address, body = f"{refreshed.api}/{what}/filter", wanted | {"limit": 200}
    found = httpx.post(address, json=body, timeout=patience(10), auth=(user, password))
    return found.raise_for_status().json()


def task_runs(refreshed: Refreshed, count: int) -> dict[str, dict[str, Any]]:
    """Return the task runs by key; the server takes in their last states a little later."""
    deadline = time.monotonic() + patience(30)
    while True:
        found = ask(refreshed, "task_runs")
        states = [run["state_type"] for run in found]
        if states == ["COMPLETED"] * count:
            return {run["id"]: run for run in found}
        assert time.monotonic() < deadline, states
        time.sleep(0.1)


def test_graph_shows_land_compute_record_check(
    refreshed: Refreshed, server: Server, tmp_path: Path
):
    (flow_run,) = ask(refreshed, "flow_runs")
    assert flow_run["name"] == f"refresh {steps.OFFICE}"
    assert flow_run["state_type"] == "COMPLETED"
    asked = {"office": steps.OFFICE, "reason": "uji"}
    assert flow_run["parameters"] == asked  # keys, never data

    runs = task_runs(refreshed, len(expected_graph()))
    graph = {
        run["name"]: {
            runs[source["id"]]["name"] for given in run["task_inputs"].values() for source in given
        }
        for run in runs.values()
    }
    assert graph == expected_graph()
    said = {run["name"]: run["state"]["message"] for run in runs.values()}
    assert said["IKU.4 2024-Q2"] == "sementara 93,75"
    assert said["IKU.13 2024-Q2"] == "belum lapor; sumbernya ikpa"
    first_night_is_shown(refreshed)

    with office(server, tmp_path) as (plain, given):
        refresh(plain, given)
        assert state(refreshed.warehouse) == state(plain)


def first_night_is_shown(refreshed: Refreshed) -> None:
    shown = {one["key"]: one for one in ask(refreshed, "artifacts")}
    assert set(shown) == {f"kartu-skor-{steps.OFFICE}", f"perubahan-{steps.OFFICE}"}
    card = json.loads(shown[f"kartu-skor-{steps.OFFICE}"]["data"])
    assert [row["IKU"] for row in card] == [f"IKU.{n}" for n in range(1, 15)]
    assert "Triwulan IV 2024" in shown[f"kartu-skor-{steps.OFFICE}"]["description"]
    changed = json.loads(shown[f"perubahan-{steps.OFFICE}"]["data"])
    line = next(row for row in changed if (row["IKU"], row["Triwulan"]) == ("IKU.4", "2024-Q2"))
    assert line["Realisasi kini"] == "93,75"
    assert line["Sebab"] == "pertama kali dihitung"


def test_a_server_without_a_worker_is_seen_where_one_is_expected(
    refreshed: Refreshed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert refreshed.api == os.environ["PREFECT_API_URL"]
    seen = pulse.pulse(tmp_path)
    assert seen == pulse.Pulse(refreshed.api, True, False, None)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "iku:salah")
    assert pulse.pulse(tmp_path) == pulse.Pulse(refreshed.api, False, False, None, is_refused=True)
    monkeypatch.delenv("PREFECT_API_URL")
    assert pulse.pulse(tmp_path) is None


def test_the_nights_after(refreshed: Refreshed, server: Server, tmp_path: Path):
    """One test of the nights, as the engine takes its time: nothing new, doors, then an error."""
    second_run_adds_nothing(refreshed)
    what_hangs_is_given_up(refreshed)
    doors_are_asked_before_the_inbox_is_landed(refreshed, server)
    a_door_that_hangs_counts_as_unavailable(refreshed)
    an_error_stops_one_file_only(refreshed, server, tmp_path)
    each_night_is_told(refreshed)
    a_run_that_fails_is_told(refreshed)


def second_run_adds_nothing(refreshed: Refreshed) -> None:
    tables = (*APPENDED, "ops.run")
    before = {table: steps.count(refreshed.warehouse, table) for table in tables}
    assert all(before.values())
    _, done = run_flow(SECOND_NIGHT)
    assert {landing.status for landing in done.landings} == {"unchanged"}
    open_quarters = [str(recorded.quarter) for recorded in done.recorded]
    assert open_quarters == [quarter for quarter in QUARTERS if quarter >= "2024"]
    after = {table: steps.count(refreshed.warehouse, table) for table in tables}
    assert after == before | {"ops.run": before["ops.run"] + len(open_quarters)}
    ended = refreshed.warehouse.rows("SELECT who, failure FROM ops.refresh")
    assert ended == [{"who": "penguji", "failure": ""}] * 2  # finding nothing is a good end


def doors_are_asked_before_the_inbox_is_landed(refreshed: Refreshed, server: Server) -> None:
    from flows import tasks

    config, inbox = (Path(os.environ[name]) for name in ("IKU_CONFIG", "IKU_INBOX"))
    given = server.settings.model_copy(update={"inbox": inbox})
    sent = steps.write(given, "digital_service", "2024-Q4", steps.digital(10)).read_bytes()
    steps.write(given, "digital_service", "2024-Q4", steps.digital(11))
    config.mkdir()
    file = config / f"{steps.OFFICE}.toml"
    with serving() as web, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "fetch", tasks.fetch.with_options(retry_delay_seconds=0))
        lines = [
            f'[sources.{source}]\ndoor = "http"\naddress = "{web.address}/{source}/{{period}}"'
            for source in (
                "digital_service",
                "published_actual",
                "system_usage",
                "technical_regulation",
            )
        ]
        # A defect: nobody expects a line break in a secret.
        lines.insert(0, '[sources.audit_finding]\nheaders_env = { "X-Key" = "IKU_KUNCI" }')
        lines.insert(1, f'door = "http"\naddress = "{web.address}/audit_finding/{{period}}"')
        patch.setenv("IKU_KUNCI", "hunter2\n")
        file.write_text("\n".join(lines), encoding="utf-8")
        web.answers = {
            "/digital_service/2024-Q4": content(sent),
            # Never due, and missing in the three quarters before.
            "/published_actual/2024-Q4": content(b"<html>Silakan masuk</html>"),
            "/published_actual/2025-Q1": status(401),
            "/system_usage/2024-Q4": status(503),
            "/technical_regulation/2024-Q4": content(b"<html>Silakan masuk</html>"),
        }
        _, done = run_flow(SECOND_NIGHT)
        asked = Counter(path for _, path, _ in web.asked)
    assert asked["/system_usage/2024-Q4"] == 1 + len(tasks.ASKED_AGAIN_AFTER)
    assert {count for path, count in asked.items() if path != "/system_usage/2024-Q4"} == {1}
    # Of a door that was of no use no more is asked.
    assert not {"/published_actual/2024-Q3", "/published_actual/2024-Q1"} & asked.keys()
    assert [problem.partition(":")[0] for problem in done.problems] == [
        "published_actual 2024-Q4",
        "published_actual 2025-Q1",
        "system_usage 2024-Q4",
        "technical_regulation 2024-Q4",
    ]
    assert [stopped.what for stopped in done.not_landed] == [
        "audit_finding 2024-Q4",
        "audit_finding 2025-Q1",
    ]
    assert all("ValueError di flows/fetching/doors" in one.reason for one in done.not_landed)
    (noted,) = refreshed.warehouse.rows(
        "SELECT count(*) AS askings, min(outcome) AS outcome, string_agg(message, ' ') AS told"
        " FROM ops.fetch WHERE source = 'audit_finding'"
    )
    assert (noted["askings"], noted["outcome"]) == (2, "refused")
    assert "ValueError di flows/fetching/doors" in noted["told"]
    taken = [(one.request.door, one.load_id) for one in done.landings if one.status == "landed"]
    assert [door for door, _ in taken] == ["http", "inbox"]
    assert taken[0][1] < taken[1][1]  # so what lies in the inbox is in force

    with serving() as web:
        address = f"{web.address}/{{period}}"
        lines = ["[sources.published_actual]", 'door = "http"', f'address = "{address}"']
        file.write_text("\n".join(lines), encoding="utf-8")
        run_flow(SECOND_NIGHT)
        asked_later = [path for _, path, _ in web.asked]
    assert set(asked_later[:2]) == {"/2024-Q4", "/2025-Q1"}
    assert set(asked_later[2:]) == {"/2024-Q3", "/2024-Q2", "/2024-Q1"}

    file.write_text("[sources.apa]", encoding="utf-8")
    _, done = run_flow(SECOND_NIGHT)
    assert "bukan nama sumber" in done.not_landed[0].reason
    assert {one.status for one in done.landings} == {"unchanged"}
    file.unlink()


def a_door_that_hangs_counts_as_unavailable(refreshed: Refreshed) -> None:
    """Let one door hang and another have nothing: of that one the older quarters are asked."""
    from flows import tasks

    file = Path(os.environ["IKU_CONFIG"]) / f"{steps.OFFICE}.toml"
    impatient = tasks.fetch.with_options(timeout_seconds=6, retry_delay_seconds=0)
    with serving() as web, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "fetch", impatient)
        lines = [
            f'[sources.{source}]\ndoor = "http"\naddress = "{web.address}/{source}/{{period}}"'
            for source in ASKED_LATER
        ]
        file.write_text("\n".join(lines), encoding="utf-8")
        for quarter in ("2024-Q4", "2025-Q1"):
            web.answers[f"/system_usage/{quarter}"] = silent(web)
        _, done = run_flow(SECOND_NIGHT)
        asked = Counter(path for _, path, _ in web.asked)
    file.unlink()
    late = "belum selesai pada batas waktunya, maka dihentikan; malam berikutnya dicoba lagi."
    hung = ["system_usage 2024-Q4", "system_usage 2025-Q1"]
    assert done.problems == [f"{errand}: {late}" for errand in hung]
    assert done.failure == ""  # as with any door that does not answer
    older = {f"/published_actual/2024-Q{quarter}" for quarter in (1, 2, 3)}
    newest = {f"/{source}/{q}" for source in ASKED_LATER for q in ("2024-Q4", "2025-Q1")}
    assert asked == dict.fromkeys(older | newest, 1)  # each once, the one that hung too
    kept = refreshed.warehouse.rows(
        "SELECT source || ' ' || period AS errand, outcome, who"
        " FROM ops.fetch WHERE message = :late",
        late=late,
    )
    assert {(row["errand"], row["outcome"], row["who"]) for row in kept} == {
        (errand, "unavailable", "penguji") for errand in hung
    }


def what_hangs_is_given_up(refreshed: Refreshed) -> None:
    """Hold the office's lock for longer than a task may take."""
    from flows import nightly_refresh, tasks

    impatient = tasks.find_touched.with_options(timeout_seconds=0.5)
    connection = refreshed.warehouse.engine.connect()
    lock_offices(connection, [steps.OFFICE])
    letting_go = threading.Timer(2, connection.close)

    def submit(*given: Any, **how: Any) -> Any:
        letting_go.start()  # not before: on a busy machine the landing takes longer
        return impatient.submit(*given, **how)

    with pytest.MonkeyPatch.context() as patch, our_server(SECOND_NIGHT):
        patch.setattr(tasks, "find_touched", SimpleNamespace(submit=submit))
        done = nightly_refresh.refresh(steps.OFFICE, "penguji", "uji")
    letting_go.join()
    assert [(one.what, one.reason) for one in done.not_computed] == [
        ("mencari triwulan", "Belum selesai pada batas waktunya, maka dihentikan.")
    ]


def an_error_stops_one_file_only(refreshed: Refreshed, server: Server, tmp_path: Path) -> None:
    """Let Postgres refuse rows of a file that is good: all else is done, and no row is told."""
    office = next(row for row in steps.seeded("office") if row["office"] == steps.OFFICE)
    second = {**office, "office": "kanreg-77", "name": "Kantor Contoh", "satker_code": ""}
    seeding.seed(refreshed.warehouse, steps.seed_rows(tmp_path, "office", [second]))
    with steps.admin(server, refreshed.warehouse.database) as connection:
        rule = "ALTER TABLE staging.survey_answer ADD CHECK (u1 < 4) NOT VALID"
        steps.ask(connection, rule)
    given = server.settings.model_copy(update={"inbox": Path(os.environ["IKU_INBOX"])})
    answers = [steps.form("44433444.", answered_on=date(2024, 8, 17)) for _ in range(30)]
    steps.write(given, "survey_answer", "2024-Q3", answers)
    steps.write(given, "digital_service", "2024-Q3", steps.digital())
    steps.write(given, "digital_service", "2024-Q3", steps.digital(), office="kanreg-77")
    steps.place(given, "ikpa", "2024-09").write_text("Ini bukan laporan\n")

    first = run_command(THIRD_NIGHT)
    with steps.admin(server, refreshed.warehouse.database) as connection:
        # A tally that cannot be read stops the quarters that read it.
        of_all = "REVOKE EXECUTE ON FUNCTION tally.digital_service FROM PUBLIC, iku_writer"
        steps.ask(connection, of_all)
    later = run_command(THIRD_NIGHT)
    for said, refused, still in ((first, 1, 0), (later, 0, 1)):
        assert said.returncode == 1
        ours, others = json.loads(said.stdout)
        statuses = [landing["status"] for landing in ours["landings"]]
        assert (statuses.count("refused"), ours["still_refused"]) == (refused, still)
        (stopped,) = ours["not_landed"]
        assert stopped["what"] == "survey_answer 2024-Q3"
        assert "aturan survey_answer_u1_check" in stopped["reason"]
        assert others["not_landed"] == []
        assert [landing["source"] for landing in others["landings"]] == ["digital_service"]
    ours, others = json.loads(later.stdout)
    for office in (ours, others):
        stopped = {one["what"]: one["reason"] for one in office["not_computed"]}
        recorded = {one["period"] for one in office["quarters"]}
        assert "2024-Q3" in stopped
        assert "42501: permission denied for function digital_service" in stopped["2024-Q3"]
        assert "2024-Q1" in recorded
        assert recorded.isdisjoint(stopped)
    ours, others = json.loads(first.stdout)
    assert ours["not_computed"] == others["not_computed"] == []
    assert "landed" in [landing["status"] for landing in ours["landings"]]
    assert "2024-Q3" in [one["period"] for one in ours["quarters"] if one["values_written"]]
    assert [landing["status"] for landing in others["landings"]] == ["landed"]

    runs = ask_all(refreshed, "flow_runs")
    last = {run["name"]: run for run in runs[2:4]}  # of the first command
    assert {name: run["state_type"] for name, run in last.items()} == {
        f"refresh {steps.OFFICE}": "FAILED",
        "refresh kanreg-77": "COMPLETED",
    }
    message = last[f"refresh {steps.OFFICE}"]["state"]["message"]
    assert message == "tidak dimuat: survey_answer 2024-Q3"
    logged = ask_all(refreshed, "logs")
    assert any("survey_answer_u1_check" in line["message"] for line in logged)
    assert not any(line["message"].startswith("Timeout of") for line in logged)
    shown = ask_all(refreshed, "artifacts")
    refused = next(one for one in shown if one["key"] == f"ditolak-{steps.OFFICE}")
    (row,) = json.loads(refused["data"])
    assert (row["Sumber"], row["Berkas"]) == ("ikpa 2024-09 utama", "ditolak")
    because = [
        row["Sebab"]
        for one in shown
        if "perubahan" in one["key"]
        for row in json.loads(one["data"])
    ]
    assert "data baru: digital_service 2024-Q3" in because
    kept = json.dumps([runs, logged, shown, ask_all(refreshed, "task_runs")])
    for text in (kept, first.stdout + first.stderr, later.stdout + later.stderr):
        assert "2024-08-17" not in text
        assert "Failing row" not in text
        assert "Traceback" not in text
    assert first.stderr == later.stderr == ""


def each_night_is_told(refreshed: Refreshed) -> None:
    told = refreshed.warehouse.rows(
        "SELECT office, kind, body, (written_at AT TIME ZONE 'Asia/Jakarta')::date::text AS day"
        " FROM ops.message ORDER BY message_id"
    )
    digests = [(row["office"], row["day"]) for row in told if row["kind"] == "digest"]
    nights = [instant[:10] for instant in (FIRST_NIGHT, SECOND_NIGHT, THIRD_NIGHT)]
    ours = [(steps.OFFICE, night) for night in nights]
    assert digests == [*ours, ("kanreg-77", nights[-1])]
    failed = [row["body"] for row in told if row["kind"] == "failure" and row["day"] == nights[-1]]
    assert len(failed) == 3  # ours, then both offices with other words, each once
    assert "tidak dimuat: survey_answer 2024-Q3\n" in failed[0]
    assert all("tidak dihitung: 2024-Q3" in body for body in failed[1:])
    assert "2024-08-17" not in str(told)


def a_run_that_fails_is_told(refreshed: Refreshed) -> None:
    """Let `nightly` start refreshes on a server that knows no deployment."""
    from flows.nightly import nightly

    with our_server(THIRD_NIGHT):
        assert nightly(return_state=True).is_failed()
    newest = "SELECT office, kind, title FROM ops.message ORDER BY message_id DESC LIMIT 1"
    (told,) = refreshed.warehouse.rows(newest)
    assert told == {"office": "", "kind": "failure", "title": "IKU: putaran “nightly” gagal"}


def run_command(instant: str) -> subprocess.CompletedProcess[str]:
    """Run `iku refresh` for all offices in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "refresh", "--json"],
        cwd=ROOT,
        env={**os.environ, "IKU_INSTANT": instant, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=patience(120),
        check=False,
    )


def ask_all(refreshed: Refreshed, what: str) -> list[dict[str, Any]]:
    """Return everything of a kind that Prefect's API has, the newest first."""
    sort = {"flow_runs": "START_TIME_DESC", "logs": "TIMESTAMP_DESC"}.get(what)
    return post(refreshed, what, {"sort": sort} if sort else {})


def test_what_fails_is_named_in_the_state_of_the_run():
    from flows.nightly_refresh import Refreshed as Done
    from flows.nightly_refresh import Stopped

    warned = Finding("overdue_source", "warn", "sumber yang terlambat", "x", [{}])
    assert Done(steps.OFFICE, findings=[warned], still_refused=3, problems=["x"]).failure == ""
    quarter = Quarter(steps.OFFICE, 2024, 3, datetime(2025, 1, 20, tzinfo=UTC))
    failed = Recorded(quarter, 0, 0, 0, (Failed("IKU.10", "16 sistem"),))
    broken = Finding("in_force_but_refused", "fail", "muatan yang ditolak berlaku", "x", [{}])
    done = Done(
        steps.OFFICE,
        recorded=[failed],
        findings=[warned, broken],
        not_computed=[Stopped("2024-Q2", "sebab")],
    )
    assert done.failure == (
        "tidak dihitung: 2024-Q2; gagal dihitung: IKU.10 2024-Q3; "
        "pemeriksaan gagal: muatan yang ditolak berlaku"
    )
