"""Database dumps: one database into a file as of one moment, and into an empty database again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn, parse_dsn
from sqlalchemy import make_url

from flows.machine import progress
from flows.machine.postgres.programs import PostgresUnavailable, programs, run
from flows.warehouse import roles


@dataclass(frozen=True, slots=True)
class Load:
    """A load, by which its file in the archive is known."""

    load_id: int
    source: str
    period: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a database holds, seen in one moment."""

    at: datetime
    postgres: str
    migrations: Mapping[str, str]
    rows: Mapping[str, int]
    loads: tuple[Load, ...]


def has_warehouse(admin_url: str, database: str) -> bool:
    """Tell whether the server has this database and a warehouse lies in it."""
    if not _exists(admin_url, database):
        return False
    with _connected(admin_url, database) as connection:
        return bool(_ask(connection, "SELECT to_regclass('ops.migration') IS NOT NULL")[0][0])


def is_empty(admin_url: str, database: str) -> bool:
    """Tell whether the server does not have this database, or nothing was ever made in it."""
    if not _exists(admin_url, database):
        return True
    query = (
        "SELECT NOT EXISTS (SELECT FROM pg_namespace"
        " WHERE nspname !~ '^(pg_|information_schema$|public$)')"
        " AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    )
    with _connected(admin_url, database) as connection:
        return bool(_ask(connection, query)[0][0])


def dump(admin_url: str, database: str, file: Path) -> Content:
    """Write the database into `file`, readable by its owner only, and return what it holds.

    Raises:
        PostgresUnavailable: the server or pg_dump refuses.
    """
    file.touch(mode=0o600)
    with _connected(admin_url, database) as connection:
        connection.autocommit = True
        # Shared: no migration begins before the dump has ended.
        _ask(connection, "SELECT pg_advisory_lock_shared(%s)", roles.MIGRATION_LOCK)
        _ask(connection, "SET idle_in_transaction_session_timeout = 0")
        connection.autocommit = False
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        ((snapshot,),) = _ask(connection, "SELECT pg_export_snapshot()")
        content = _content(connection)
        options = ["--format=custom", "--lock-wait-timeout=2min", f"--role={roles.OWNER}"]
        _program(connection, "pg_dump", *options, f"--snapshot={snapshot}", f"--file={file}")
    return content


def restore(admin_url: str, database: str, file: Path, given: roles.Passwords) -> Content:
    """Make roles and database, read the file into it, whole or not at all; return what it holds.

    Everything in it is made by its owner, who may do nothing outside it.

    Raises:
        PostgresUnavailable: the server or pg_restore refuses.
    """
    roles.create(admin_url, database, given)
    with _connected(admin_url, database) as connection, connection:
        owner = sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
            sql.Identifier(database), sql.Identifier(roles.OWNER)
        )
        _ask(connection, owner)  # it may have been made empty by somebody else
    with _connected(admin_url, database) as connection:
        options = ["--single-transaction", "--no-owner", f"--role={roles.OWNER}"]
        _program(connection, "pg_restore", *options, file)
        return _content(connection)


def _content(connection: Connection) -> Content:
    tables = _ask(
        connection,
        "SELECT nspname, relname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'p') AND nspname !~ '^(pg_|information_schema$)' ORDER BY 1, 2",
    )
    rows = {}
    for number, table in enumerate(tables, 1):
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(*table))
        rows[".".join(table)] = _ask(connection, count)[0][0]
        progress.tell("Hitung baris", number, len(tables))
    ((at, postgres),) = _ask(connection, "SELECT ops.instant(), current_setting('server_version')")
    migrations = dict(_ask(connection, "SELECT file, sha256 FROM ops.migration ORDER BY 1"))
    loads = _ask(connection, "SELECT load_id, source, period, sha256 FROM ops.load ORDER BY 1")
    return Content(at, postgres, migrations, rows, tuple(Load(*load) for load in loads))


def _exists(admin_url: str, database: str) -> bool:
    with _connected(admin_url, None) as connection:
        return bool(_ask(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database))


@contextmanager
def _connected(admin_url: str, database: str | None) -> Iterator[Connection]:
    """Connect as the administrator, to the database that the URL names for None."""
    url = make_url(admin_url)
    if database is not None:
        url = url.set(database=database)
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg2.connect(address, connect_timeout=10, application_name="iku backup")
    except psycopg2.OperationalError as error:
        raise PostgresUnavailable(
            f"Server Postgres di {url.host}:{url.port or 5432} tidak dapat dihubungi sebagai "
            f"{url.username}. Periksa IKU_DATABASE_URL, jaringannya, dan apakah server menyala."
        ) from error
    with closing(connection):
        yield connection


def _ask(connection: Connection, query: str | sql.Composable, *given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, given or None)
        return cursor.fetchall() if cursor.description else []


def _program(connection: Connection, name: str, *options: object) -> None:
    """Run a program of Postgres against the database of a connection, without any question."""
    with _pass_file(connection.info.password) as passwords:
        address = parse_dsn(connection.dsn) | {
            "host": connection.info.host,
            "port": str(connection.info.port),
            "user": connection.info.user,
            "passfile": str(passwords),
        }
        address.pop("password", None)  # the command line is seen by every account of the machine
        failed, said = run(
            {}, programs({}) / name, "--no-password", f"--dbname={make_dsn(**address)}", *options
        )
    if failed:
        raise PostgresUnavailable(
            f"{name} gagal: {_reason(said)}. Bila servernya lebih baru dari program ini atau "
            "meminta SSL, isi PG_BINDIR dengan folder bin Postgres yang sesuai."
        )


def _reason(said: str) -> str:
    """Return the first error; the lines after it may quote rows."""
    lines = said.splitlines() or ["tanpa pesan"]
    return next((line for line in lines if "error:" in line), lines[-1]).strip().rstrip(".")


@contextmanager
def _pass_file(password: str | None) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix="iku-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            escaped = (password or "").replace("\\", "\\\\").replace(":", "\\:")
            file.write(f"*:*:*:*:{escaped}\n")
        yield Path(name)
    finally:
        Path(name).unlink()
