"""Eight reruns and a nightly at once, one frozen under the lock: the values of a clean run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.fetching import inbox
from flows.landing import land as landing
from flows.machine.settings import Settings
from flows.operating import watching
from flows.operating.prefect import server as prefect_server
from flows.warehouse.connection import LOCK_CLASS, Warehouse
from tests.conftest import ROOT, Server
from tests.flows.killed import KILLED_QUARTER, refresh, state
from tests.flows.one_machine import IKU, wait_for
from tests.flows.two_nights import Begun, assert_nothing_half, begin, environment, office
from tests.warehouse import steps

pytestmark = pytest.mark.engine

RERUN = (
    *("rerun", "--office", steps.OFFICE, "--from", "2024-Q1", "--to", "2024-Q4"),
    *("--reason", "koreksi integrasi SIASN", "--yes"),
)
FROZEN = (sys.executable, "-m", "tests.flows.killed", "before_record_commit", "SIGSTOP", *RERUN)
NIGHTLY = (*IKU, "refresh", "--office", steps.OFFICE, "--json")

Process = subprocess.Popen[str]


@pytest.fixture(scope="module")
def begun(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    """Give a warehouse in which a correction has landed; a survey still waits in the inbox."""
    with begin(server, tmp_path_factory.mktemp("begun")) as first_night:
        yield first_night


def correct(warehouse: Warehouse, given: Settings) -> None:
    """Land the correction, as the officer does before he asks for a rerun."""
    requests, _ = inbox.waiting(given.inbox, steps.OFFICE, "penguji")
    (correction,) = [one for one in requests if one.source == "siasn_integration"]
    assert landing.land(warehouse, given, correction).status == "landed"


def values(warehouse: Warehouse) -> dict[str, list[Mapping[str, Any]]]:
    """Return what is shown, and the newest roll-ups, without what any two runs differ in."""
    return {
        "shown": warehouse.rows(
            "SELECT to_jsonb(shown) - '{nilai_id,capaian_id,berlaku_dari}'::text[] AS it"
            " FROM mart.capaian_iku AS shown ORDER BY kantor, periode, nomor, dokumen"
        ),
        "rolled up": warehouse.rows(
            "SELECT DISTINCT ON (office, year, quarter)"
            " to_jsonb(rollup) - '{rollup_id,run_id,recorded_at}'::text[] AS it"
            " FROM iku.rollup ORDER BY office, year, quarter, recorded_at DESC, rollup_id DESC"
        ),
    }


def landed(warehouse: Warehouse) -> dict[str, object]:
    """Return how many loads there are, and every row that they brought."""
    rows = {
        table: found
        for table, found in state(warehouse).items()
        if table == "ops.reject" or table.startswith("staging.")
    }
    return {**rows, "ops.load": steps.count(warehouse, "ops.load")}


def twice(warehouse: Warehouse) -> list[Mapping[str, Any]]:
    """Return the values that say what the one before them said."""
    return warehouse.rows(
        "SELECT * FROM (SELECT value_id, fingerprint = lag(fingerprint) OVER ("
        "   PARTITION BY office, iku, year, quarter, basis ORDER BY value_id) AS is_twice"
        " FROM iku.value) AS value WHERE is_twice"
    )


def of_frozen(warehouse: Warehouse) -> list[tuple[str, ...]]:
    """Return what is shown of the quarter that the frozen process is about to commit."""
    shown = steps.table_of(warehouse, "mart.capaian_iku")
    return [row for row in shown if KILLED_QUARTER in row]


@pytest.fixture(scope="module")
def prefect(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start a server; return what leads a process to it."""
    home = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PREFECT_API_URL", raising=False)
        patch.delenv("PREFECT_HOME", raising=False)
        try:
            yield prefect_server.environment(home, prefect_server.ensure(home, server.url))
        finally:
            prefect_server.stop(home)


@contextmanager
def running(*commands: tuple[str, ...], env: Mapping[str, str]) -> Iterator[list[Process]]:
    """Keep processes while the block runs; whatever of them is left is killed."""
    processes = [
        subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for command in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def waiting(warehouse: Warehouse) -> int:
    """Return how many wait for the lock of an office."""
    (found,) = warehouse.rows(
        "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND classid = CAST(:class AS integer) AND database = ("
        "   SELECT oid FROM pg_database WHERE datname = current_database())",
        **{"class": LOCK_CLASS},
    )
    return int(found["n"])


def test_eight_reruns_and_a_nightly_with_one_frozen(
    server: Server,
    begun: Begun,
    prefect: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    with office(server, begun, tmp_path / "clean", None) as (clean, given):
        correct(clean, given)
        before = values(clean)
        refresh(clean, given)
        expected, loads = values(clean), landed(clean)
        assert expected["shown"] != before["shown"]

    with office(server, begun, tmp_path / "home", None) as (warehouse, given):
        correct(warehouse, given)
        unwritten = of_frozen(warehouse)
        env = {**environment(server, given, None), **prefect}
        with running(FROZEN, env=env) as (frozen,):
            _, status = os.waitpid(frozen.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status), frozen.communicate()
            with running(NIGHTLY, *[(*IKU, *RERUN)] * 7, env=env) as (nightly, *reruns):
                wait_for(lambda: waiting(warehouse) >= 8, "the others at the lock")
                assert of_frozen(warehouse) == unwritten
                watch_frees_the_lock(server, given, monkeypatch)
                said, _ = nightly.communicate()
                assert nightly.returncode == 0, said
                (done,) = json.loads(said)
                assert "landed" in [one["status"] for one in done["landings"]]
                for rerun in reruns:
                    out, err = rerun.communicate()
                    # 1 where a newer run had written: it says so, and wrote nothing.
                    assert rerun.returncode in (0, 1), err
                    assert "Traceback" not in err
            after = values(warehouse)
            frozen.send_signal(signal.SIGCONT)
            out, err = frozen.communicate()
            assert frozen.returncode == 1, out + err
            assert "Sambungan ke Postgres terputus" in err
            assert values(warehouse) == after
        assert after == expected
        assert landed(warehouse) == loads
        assert not twice(warehouse)
        assert_nothing_half(warehouse)
        assert steps.written(refresh(warehouse, given)) == (0, 0, 0)


def watch_frees_the_lock(server: Server, given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the watchdog look, as if the lock were held since long ago."""
    monkeypatch.setattr(watching, "LONGEST_LOCK", timedelta(0))
    outside = {
        "database_url": server.url,
        "writer_password": steps.passwords(server).writer,
        "metabase_password": steps.passwords(server).reader,
    }
    seen = watching.watch(Settings.model_validate({**given.model_dump(), **outside}))
    (lock,) = [one for one in seen if one.subject == "Kunci kantor"]
    assert not lock.is_well
    assert "sambungannya diakhiri" in lock.says
