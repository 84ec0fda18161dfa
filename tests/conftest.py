"""Fixtures: one real Postgres for each process of a run, and a fresh warehouse for each test."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from psycopg2.errors import ObjectInUse
from sqlalchemy import make_url
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from flows.machine.postgres import embedded
from flows.machine.settings import Settings
from flows.warehouse import migrations, roles, seeding
from flows.warehouse.connection import Warehouse, connect
from tests import left_behind, pace

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
TEMPLATE = "iku_template"

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that two processes end at about the same time."""
    marks: dict[Path, set[str]] = {}
    for item in items:
        marks.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers())
    items.sort(key=lambda item: ("engine" not in marks[item.path], "slow" not in marks[item.path]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests counted, also where nothing failed and output is not shown."""
    counted = [
        value
        for report in terminalreporter.stats.get("passed", ())
        for name, value in report.user_properties
        if name == "shows"
    ]
    if counted:
        terminalreporter.section("dashboards")
        for line in counted:
            terminalreporter.write_line(str(line))


@dataclass(frozen=True)
class Server:
    """The test run's Postgres and the settings that lead to it."""

    settings: Settings
    url: str
    writer: str


@pytest.fixture(scope="session", autouse=True)
def nothing_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """End with the run whatever it has started, also when the run is killed."""
    with left_behind.watched(tmp_path_factory.getbasetemp()):
        yield


@pytest.fixture(scope="session")
def server(nothing_left_behind: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the embedded Postgres and make the template: migrated, with the seeds."""
    home, began = tmp_path_factory.mktemp("home"), time.monotonic()
    started = embedded.ensure(home)
    settings = Settings(
        home=home,
        inbox=home / "inbox",
        outbox=home / "outbox",
        config=home / "config",
        settle_seconds=0,
        database_url=None,
        instant=None,
    )
    try:
        never_wait_for_the_disk(started.url)
        writer = migrations.prepare(started.url, TEMPLATE, roles.passwords(settings))
        template = connect(writer, TEMPLATE, None)
        seeding.seed(template, seeding.SEEDS)
        template.engine.dispose()
        pace.started_in(time.monotonic() - began)
        yield Server(settings, started.url, writer)
    finally:
        embedded.remove(home)


def never_wait_for_the_disk(url: str) -> None:
    """Let no commit and no copy wait for the disk: after a power cut nobody needs these data."""
    with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                cursor.execute(f"ALTER SYSTEM SET {setting} = off")
            cursor.execute("SELECT pg_reload_conf()")


@contextmanager
def copy_of(server: Server, template: str, name: str | None = None) -> Iterator[str]:
    """Make a copy of a database and drop it afterwards."""
    made = name or f"copy_{next(_numbers)}"
    with closing(psycopg2.connect(server.url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            # Where no copy waits for the disk, that of its files takes an eighth of the time of
            # the usual one, which writes every page to the log.
            for attempt in Retrying(
                retry=retry_if_exception_type(ObjectInUse),
                stop=stop_after_attempt(6),
                # A killed process' session may outlive it, and a command run in this process keeps
                # its warehouse open; whoever asks for the copy is done with both.
                before_sleep=lambda _: cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND state = 'idle'",
                    (template,),
                ),
                reraise=True,
            ):
                with attempt:
                    cursor.execute(
                        f"CREATE DATABASE {made} TEMPLATE {template} OWNER iku_owner"
                        " STRATEGY file_copy"
                    )
            try:
                yield made
            finally:
                cursor.execute(f"DROP DATABASE IF EXISTS {made} WITH (FORCE)")


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Make a copy of the template for one test."""
    with copy_of(server, TEMPLATE) as name:
        yield name


@pytest.fixture
def at(server: Server, database: str) -> Iterator[Callable[[str | None], Warehouse]]:
    """Open the test's warehouse with its clock at an instant (the real clock for None)."""
    url = make_url(server.writer).set(database=database).render_as_string(hide_password=False)
    opened: list[Warehouse] = []

    def open_at(instant: str | None) -> Warehouse:
        opened.append(connect(url, database, instant))
        return opened[-1]

    yield open_at
    for warehouse in opened:
        warehouse.engine.dispose()


@pytest.fixture
def warehouse(at: Callable[[str | None], Warehouse]) -> Warehouse:
    """Open the test's warehouse with the real clock."""
    return at(None)


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Settings:
    """Return settings with an inbox and an archive of the test's own."""
    return server.settings.model_copy(
        update={name: tmp_path / name for name in ("home", "inbox", "outbox", "config")}
    )
