"""The place of a benchmark: a temporary home with its own Postgres, and fresh databases in it."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import make_url

from flows.machine.postgres import embedded
from flows.machine.settings import Settings, settings
from flows.operating.prefect import server as prefect_server
from flows.warehouse import connection as warehouses
from flows.warehouse import migrations, roles, seeding
from flows.warehouse.connection import Warehouse
from tests.bench.timing import step

TEMPLATE = "bench_template"
OURS = ("IKU_", "PREFECT_", "PG")


@dataclass(frozen=True)
class Place:
    """A home with a running Postgres; the environment leads our own code to it."""

    folder: Path
    url: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def settings(self) -> Settings:
        """Return what the environment says now."""
        return settings()

    def use_inbox(self, inbox: Path) -> None:
        """Make flows and functions read this inbox from now on."""
        os.environ |= {"IKU_INBOX": str(inbox), "IKU_SETTLE_SECONDS": "0"}

    def make_template(self, *seeds: Path) -> None:
        """Make the database that all others are copies of, with the references of `seeds` too."""
        with step("making the database"):
            self.sql(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
            warehouse = self._open(TEMPLATE)
            for directory in (seeding.SEEDS, *seeds):
                seeding.seed(warehouse, directory)
            warehouse.engine.dispose()

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Give a new copy of the template, in use by all commands, and drop it afterwards."""
        name = f"bench_{next(self.numbers)}"
        owner = "iku_owner"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {owner}")
        warehouses.use_database(self.settings.home, name)
        # What copying left to be written must not be written while somebody measures.
        self.sql("CHECKPOINT")
        try:
            yield name
        finally:
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def open(self, database: str) -> Iterator[Warehouse]:
        """Give the warehouse in a database as our own code opens it, and close it afterwards."""
        warehouse = self._open(database)
        try:
            yield warehouse
        finally:
            warehouse.engine.dispose()

    def sql(self, query: str, database: str = "postgres") -> Sequence[Sequence[Any]]:
        """Run a query as the administrator, outside a transaction; return its rows if any."""
        with closing(self.connect(database)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []

    def connect(self, database: str) -> psycopg2.extensions.connection:
        """Return a connection of the administrator."""
        return psycopg2.connect(self.url_of(database).replace("+psycopg2", ""))

    def url_of(self, database: str) -> str:
        """Return the administrator's URL of a database."""
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def version(self) -> str:
        """Return the version of Postgres."""
        return str(self.sql("SHOW server_version")[0][0])

    def _open(self, database: str) -> Warehouse:
        given = self.settings
        writer = migrations.prepare(self.url, database, roles.passwords(given))
        return warehouses.connect(writer, database, None)


@contextmanager
def temporary_place() -> Iterator[Place]:
    """Start a Postgres in a temporary home; stop it and remove everything at the end."""
    folder = Path(tempfile.mkdtemp(prefix="iku-bench-"))
    before = dict(os.environ)
    for name in before:
        if name.startswith(OURS):
            del os.environ[name]
    home = folder / "home"
    os.environ |= {
        f"IKU_{name.upper()}": str(folder / name) for name in ("home", "inbox", "outbox")
    }
    try:
        with step("starting Postgres"):
            server = embedded.ensure(home)
        yield Place(folder, server.url)
    finally:
        for end in (prefect_server.stop, embedded.remove):
            with suppress(RuntimeError):  # whatever ends badly, the rest must go too
                end(home)
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)
