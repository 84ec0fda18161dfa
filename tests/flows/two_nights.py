"""Two nights without Prefect, the second not yet begun: what tests disturb it from, and look at."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from flows.computing.checks import run_checks
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.conftest import TEMPLATE, Server
from tests.flows.killed import refresh
from tests.pace import patience
from tests.samples.workbooks import Row
from tests.warehouse import steps

# The office began in 2024, so each night computes three quarters: the one with news, the one
# before it, which is recorded when that one is disturbed, and the one after it, which is not.
BEGAN = "2024-01-01"
FIRST_NIGHT = "2024-07-01T02:00:00+07:00"
SECOND_NIGHT = "2024-07-02T02:00:00+07:00"
NEXT_MORNING = "2024-07-02T08:00:00+07:00"


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
    steps.write(given, "published_actual", "2024-Q1", steps.printed({"IKU.3": Decimal("94.78")}))
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:10]))
    steps.write(given, "survey_answer", "2024-Q1", forms(date(2024, 1, 2), "433344443", 30))


def fill_second(given: Settings) -> None:
    """Correct a file and add a survey in many pieces, one form of it rejected, one sent twice."""
    steps.write(given, "siasn_integration", "2024-Q2", steps.tied(steps.members()[:20]))
    answers = forms(date(2024, 4, 1), "4443344.4", 200)
    answers += [answers[7], {**answers[8], **dict.fromkeys(("u1", "u2", "u3", "u4"))}]
    steps.write(given, "survey_answer", "2024-Q2", answers)


@contextmanager
def begin(server: Server, home: Path) -> Iterator[Begun]:
    """Refresh in the first night, and lay out what comes in the second."""
    with steps.copy_of(server, TEMPLATE) as database:
        steps.backdate_references(server, database)
        with steps.admin(server, database) as connection:
            steps.ask(connection, f"UPDATE ref.office SET valid_from = '{BEGAN}'")
            steps.ask(connection, "DELETE FROM ref.target WHERE year < 2024")
        fill_first(at_home(server, home))
        with opened(server, database, FIRST_NIGHT) as warehouse:
            recorded = refresh(warehouse, at_home(server, home))
        assert [str(one.quarter) for one in recorded] == ["2024-Q1", "2024-Q2", "2024-Q3"]
        assert steps.written(recorded) > (0, 0, 0)
        fill_second(at_home(server, home))
        yield Begun(database, home)


@contextmanager
def office(
    server: Server, begun: Begun, home: Path, instant: str | None = NEXT_MORNING
) -> Iterator[tuple[Warehouse, Settings]]:
    """Give a copy of what the first night left, at an instant (the real clock for None)."""
    shutil.copytree(begun.home, home)
    with (
        steps.copy_of(server, begun.database) as database,
        opened(server, database, instant) as warehouse,
    ):
        yield warehouse, at_home(server, home).model_copy(update={"database": database})


def environment(server: Server, given: Settings, instant: str | None) -> dict[str, str]:
    """Return what leads a process to an office, at an instant (the real clock for None)."""
    return {
        **os.environ,
        "IKU_HOME": str(given.home),
        "IKU_INBOX": str(given.inbox),
        "IKU_OUTBOX": str(given.outbox),
        "IKU_SETTLE_SECONDS": "0",
        "IKU_DATABASE_URL": server.url,
        "IKU_DATABASE": given.database or "",
        "IKU_INSTANT": instant or "",
        "IKU_WRITER_PASSWORD": steps.passwords(server).writer,
        "IKU_METABASE_PASSWORD": steps.passwords(server).reader,
    }


def wait_until_alone(warehouse: Warehouse) -> None:
    """Wait until the server has noticed that its clients are gone."""
    deadline = time.monotonic() + patience(10)
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
