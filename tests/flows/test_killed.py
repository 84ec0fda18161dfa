"""A refresh killed at any point leaves what was shown; the next ends as an undisturbed one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from flows.checks import run_checks
from flows.io.settings import Settings
from flows.io.warehouse import Warehouse
from tests.conftest import ROOT, TEMPLATE, Server
from tests.flows.killed import KILLED_QUARTER, POINTS, refresh, state
from tests.samples.workbooks import Row
from tests.warehouse import steps

# All quarters of 2024 are still open then, so each night computes all four.
FIRST_NIGHT = "2025-01-20T02:00:00+07:00"
KILLED_NIGHT = "2025-01-21T02:00:00+07:00"
NEXT_MORNING = "2025-01-21T08:00:00+07:00"
WHILE_LANDING = ("archive_written", "in_copy", "before_landing_commit")


@dataclass(frozen=True)
class Begun:
    """A database and a home in which the first night's refresh is done, to be copied."""

    database: str
    home: Path


@contextmanager
def opened(server: Server, database: str, instant: str) -> Iterator[Warehouse]:
    warehouse = steps.open_at(server, database, instant)
    try:
        yield warehouse
    finally:
        warehouse.engine.dispose()


def at_home(server: Server, home: Path) -> Settings:
    return server.settings.model_copy(
        update={"home": home, "inbox": home / "inbox", "outbox": home / "outbox"}
    )


def forms(start: date, answers: str, count: int) -> list[Row]:
    return [
        steps.form(
            answers,
            answered_on=start + timedelta(days=number % 80),
            service=f"SV{number % 11 + 1:02}",
            respondent=f"R{number}",
        )
        for number in range(count)
    ]


def fill_first(given: Settings) -> None:
    steps.write(given, "published_actual", "2023-Q4", steps.printed({"IKU.3": Decimal("94.78")}))
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:10]))
    steps.write(given, "survey_answer", "2024-Q1", forms(date(2024, 1, 2), "433344443", 30))


def fill_second(given: Settings) -> None:
    """Correct a file and add a survey in many pieces, one form of it rejected, one sent twice."""
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:20]))
    answers = forms(date(2024, 4, 1), "4443344.4", 200)
    answers += [answers[7], {**answers[8], **dict.fromkeys(("u1", "u2", "u3", "u4"))}]
    steps.write(given, "survey_answer", "2024-Q2", answers)


@pytest.fixture(scope="module")
def begun(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    home = tmp_path_factory.mktemp("begun")
    with steps.copy_of(server, TEMPLATE) as database:
        steps.backdate_references(server, database)
        fill_first(at_home(server, home))
        with opened(server, database, FIRST_NIGHT) as warehouse:
            assert steps.written(refresh(warehouse, at_home(server, home))) > (0, 0, 0)
        fill_second(at_home(server, home))
        yield Begun(database, home)


@pytest.fixture(scope="module")
def undisturbed(
    server: Server, begun: Begun, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """Return the state after a second night that nobody disturbed."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(begun.home, home)
    with (
        steps.copy_of(server, begun.database) as database,
        opened(server, database, KILLED_NIGHT) as warehouse,
    ):
        before = state(warehouse)
        refresh(warehouse, at_home(server, home))
        after = state(warehouse)
    grown = {table for table in after if len(after[table]) > len(before[table])}
    landed = {"ops.load", "ops.load_event", "ops.reject"}
    landed |= {"staging.siasn_integration", "staging.survey_answer"}
    assert grown == landed | {"iku.value", "iku.achievement", "iku.rollup"}
    return after


def run_killed(server: Server, database: str, home: Path, point: str) -> None:
    """Refresh in a process of its own, which dies at the point."""
    given = {
        "IKU_HOME": str(home),
        "IKU_INBOX": str(home / "inbox"),
        "IKU_OUTBOX": str(home / "outbox"),
        "IKU_DATABASE_URL": server.url,
        "IKU_DATABASE": database,
        "IKU_INSTANT": KILLED_NIGHT,
        "IKU_WRITER_PASSWORD": steps.passwords(server).writer,
        "IKU_METABASE_PASSWORD": steps.passwords(server).reader,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.killed", point],
        env=os.environ | given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def wait_until_alone(warehouse: Warehouse) -> None:
    """Wait until the server has noticed that its clients are gone."""
    deadline = time.monotonic() + 10
    while others := warehouse.rows(
        "SELECT pid, state, query FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ):
        assert time.monotonic() < deadline, others
        time.sleep(0.02)


def assert_nothing_half(warehouse: Warehouse) -> None:
    """No scratch table is left, and whatever landed or was recorded is whole."""
    wait_until_alone(warehouse)
    assert not warehouse.rows("SELECT relname FROM pg_class WHERE relpersistence = 't'")
    assert not [found for found in run_checks(warehouse) if found.severity == "fail"]


@pytest.mark.parametrize("point", POINTS)
def test_killed(
    point: str,
    server: Server,
    begun: Begun,
    undisturbed: dict[str, list[str]],
    tmp_path: Path,
):
    home = tmp_path / "home"
    shutil.copytree(begun.home, home)
    with (
        steps.copy_of(server, begun.database) as database,
        opened(server, database, NEXT_MORNING) as warehouse,
    ):
        before, loads = (steps.table_of(warehouse, t) for t in ("mart.capaian_iku", "ops.load"))

        run_killed(server, database, home, point)
        assert_nothing_half(warehouse)
        landed = steps.count(warehouse, "ops.load") - len(loads)
        assert landed == (1 if point in WHILE_LANDING else 2)
        changed = set(steps.table_of(warehouse, "mart.capaian_iku")) ^ set(before)
        assert bool(changed) == (point == "after_record")
        assert all(KILLED_QUARTER in row for row in changed)

        refresh(warehouse, at_home(server, home))
        assert state(warehouse) == undisturbed
        assert_nothing_half(warehouse)
        assert steps.written(refresh(warehouse, at_home(server, home))) == (0, 0, 0)
