"""The warehouse: which database is in use, connections with time-outs, and the office's lock."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection as DriverConnection

# Those that may not know the driver name the type of what they pass on from here.
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

from flows.machine import private
from flows.machine.postgres import embedded
from flows.machine.postgres.programs import PostgresUnavailable
from flows.machine.settings import Settings
from flows.warehouse import discreet, migrations, roles

DEMO = "iku_contoh"
REAL = "iku"

# No query of ours needs longer; a client that hangs may hold the office's lock no longer.
STATEMENT_TIMEOUT = "10min"
LOCK_TIMEOUT = "2min"
IDLE_TIMEOUT = "2min"

DATABASE_ERRORS = (psycopg2.Error, DBAPIError)

LOCK_CLASS = 20240  # keeps the offices' advisory locks apart from those of other programs


@dataclass(frozen=True, slots=True)
class Warehouse:
    """An open warehouse: connections of the role that may only read and add.

    In a `with` statement they are closed at its end; a command that ends with them need not.
    """

    engine: Engine
    database: str

    def __enter__(self) -> Warehouse:
        """Return the warehouse."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all its connections."""
        self.engine.dispose()

    @property
    def is_demo(self) -> bool:
        """Tell whether its figures are invented; every screen of it must say so."""
        return self.database == DEMO

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection in one transaction: committed at the end, undone by an exception."""
        with self.engine.begin() as connection:
            yield connection

    def rows(self, query: str, **parameters: Any) -> list[Mapping[str, Any]]:
        """Return the rows of one query, in a transaction of its own."""
        with self.transaction() as connection:
            return rows(connection, query, **parameters)

    def instant(self) -> datetime:
        """Return the warehouse's clock."""
        with self.transaction() as connection:
            return instant(connection)


def rows(connection: Connection, query: str, **parameters: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a query as plain dictionaries by column name."""
    return [dict(row) for row in connection.execute(text(query), parameters).mappings()]


def instant(connection: Connection) -> datetime:
    """Return the warehouse's clock; read it last, and under the lock."""
    at: datetime = connection.execute(text("SELECT ops.instant()")).scalar_one()
    return at


def driver(connection: Connection) -> DriverConnection:
    """Return psycopg2's own connection: its cursors take COPY and statements of composed names."""
    own = connection.connection.driver_connection
    assert isinstance(own, DriverConnection)
    return own


def lock_offices(connection: Connection, offices: Sequence[str]) -> None:
    """Hold the lock of each office until the transaction ends, in an order that cannot deadlock."""
    for key in sorted(zlib.crc32(office.encode()) - 2**31 for office in offices):
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:class, :key)"), {"class": LOCK_CLASS, "key": key}
        )


def database_in_use(home: Path) -> str:
    """Return the database of the commands: the demonstration until `iku init` made the real one."""
    marker = home / "database"
    return marker.read_text(encoding="utf-8").strip() if marker.exists() else DEMO


def use_database(home: Path, database: str) -> None:
    """Make all later commands use `database`."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "database").write_text(database + "\n", encoding="utf-8")


def server_url(settings: Settings) -> str:
    """Return the administrator's URL of the server, starting the embedded one if none is named."""
    home = private.home(settings.home)
    return settings.database_url or embedded.ensure(home).url


def open_warehouse(settings: Settings, database: str | None = None) -> Warehouse:
    """Open the database in use, made and brought up to date first where that is needed.

    Raises:
        PostgresUnavailable: the embedded server cannot be started, or the user of the URL may
            not bring the database up to date.
        MigrationRefused: a migration that has run was edited.
    """
    database = database or settings.database or database_in_use(settings.home)
    admin = server_url(settings)
    try:
        writer = migrations.prepare(admin, database, roles.passwords(settings))
    except psycopg2.OperationalError as error:
        url = make_url(admin)
        raise PostgresUnavailable(
            f"Server Postgres di {url.host}:{url.port or 5432} tidak dapat dihubungi sebagai "
            f"{url.username}. Periksa IKU_DATABASE_URL, jaringannya, dan apakah server menyala."
        ) from error
    except psycopg2.errors.InsufficientPrivilege as error:
        raise PostgresUnavailable(
            f"Basis data {database} belum sesuai dengan program ini, dan "
            f"{make_url(admin).username} tidak boleh memutakhirkannya. Jalankan `iku prepare` "
            "sebagai administrator; dengan Compose: docker compose up migrate."
        ) from error
    return connect(writer, database, settings.instant)


def open_as_it_is(settings: Settings) -> Warehouse:
    """Open the database in use without starting, making or migrating anything.

    Raises:
        PostgresUnavailable: it cannot be reached, or its migrations are not those of the program.
    """
    database = settings.database or database_in_use(settings.home)
    admin = settings.database_url
    if admin is None:
        server = embedded.running(settings.home)
        if server is None:
            raise PostgresUnavailable(
                f"Postgres di {settings.home} mati atau tidak menjawab. Perintah `iku` berikutnya "
                "menjalankannya; sebabnya ada di catatannya."
            )
        admin = server.url
    url = make_url(admin)
    place = f"Basis data {database} di {url.host}:{url.port or 5432}"
    passwords = roles.passwords(settings)
    warehouse = connect(roles.writer_url(admin, database, passwords), database, settings.instant)
    try:
        applied = warehouse.rows("SELECT sha256 FROM ops.applied WHERE file = 'all'")
    except DATABASE_ERRORS as error:
        warehouse.engine.dispose()
        raise PostgresUnavailable(
            f"{place} tidak dapat dipakai: {discreet.told(error)} Periksa apakah servernya "
            "menyala dan `iku doctor` berjalan."
        ) from error
    if not applied or applied[0]["sha256"] != migrations.fingerprint():
        warehouse.engine.dispose()
        raise PostgresUnavailable(
            f"{place} belum sesuai dengan program ini. Jalankan `iku doctor` sekali."
        )
    return warehouse


def connect(writer_url: str, database: str, instant_for_tests: str | None) -> Warehouse:
    """Return the warehouse behind the writer's URL; nothing is asked of the server yet."""
    options = {
        "timezone": "UTC",
        "statement_timeout": STATEMENT_TIMEOUT,
        "lock_timeout": LOCK_TIMEOUT,
        "idle_in_transaction_session_timeout": IDLE_TIMEOUT,
        "iku.instant": instant_for_tests or "",
    }
    given = " ".join(
        f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in options.items()
    )
    engine = create_engine(
        make_url(writer_url),
        connect_args={
            "connection_factory": discreet.Connection,
            "options": given,
            "application_name": "iku",
            "connect_timeout": 10,
        },
        pool_pre_ping=True,
        hide_parameters=True,  # an error must not carry rows into logs or into Prefect's database
    )
    event.listen(engine, "handle_error", _forget_parameters)
    return Warehouse(engine, database)


def _forget_parameters(context: ExceptionContext) -> None:
    """Take the bound values out of an error, which keeps them even where it hides them."""
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.params = None
