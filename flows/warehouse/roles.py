"""The roles of a database: their passwords, the URLs they log in with, what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from sqlalchemy import make_url

from flows.machine.secret_files import secret
from flows.machine.settings import Settings

MIGRATION_LOCK = 20241_0001
OWNER, WRITER, READER = "iku_owner", "iku_writer", "metabase_reader"


@dataclass(frozen=True, slots=True)
class Passwords:
    """The passwords of the two roles that log in."""

    writer: str
    reader: str


def passwords(settings: Settings) -> Passwords:
    """Return the passwords from the environment, else from files that only their owner reads."""
    return Passwords(
        writer=secret(settings.home, "writer_password", settings.writer_password),
        reader=secret(settings.home, "metabase_password", settings.metabase_password),
    )


def writer_url(admin_url: str, database: str, given: Passwords) -> str:
    """Return the URL with which the program works; nothing is asked of the server."""
    return (
        make_url(admin_url)
        .set(database=database, username=WRITER, password=given.writer)
        .render_as_string(hide_password=False)
    )


def create(admin_url: str, database: str, given: Passwords) -> None:
    """Make roles and database; several processes may try at once."""
    with closing(connect(admin_url)) as connection:
        connection.autocommit = True  # CREATE DATABASE allows no transaction
        with connection.cursor() as cursor, _migration_lock(cursor):
            for role, password in ((OWNER, None), (WRITER, given.writer), (READER, given.reader)):
                _make_role(cursor, role, password)
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", (database,))
            if cursor.fetchone() is None:
                cursor.execute(
                    sql.SQL(
                        "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0"
                    ).format(sql.Identifier(database), sql.Identifier(OWNER))
                )
            for statement in (
                "REVOKE ALL ON DATABASE {database} FROM public",
                "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {writer}",
                "GRANT CONNECT ON DATABASE {database} TO {reader}",
            ):
                cursor.execute(
                    sql.SQL(statement).format(
                        database=sql.Identifier(database),
                        writer=sql.Identifier(WRITER),
                        reader=sql.Identifier(READER),
                    )
                )


def reader_url(admin_url: str, database: str, given: Passwords) -> str:
    """Return the URL with which Metabase reads; a role that lost its password gets it back."""
    url = (
        make_url(admin_url)
        .set(database=database, username=READER, password=given.reader)
        .render_as_string(hide_password=False)
    )
    try:
        connect(url).close()
    except psycopg2.OperationalError:
        create(admin_url, database, given)
    return url


def tables_outside_mart(url: str) -> list[str]:
    """Return the tables outside `mart` and the system's own that the role of `url` may read."""
    with closing(connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'v', 'm', 'p')"
            " AND n.nspname !~ '^(pg_|information_schema|mart$)'"
            " AND has_schema_privilege(n.oid, 'USAGE')"
            " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def database_url(admin_url: str, database: str) -> str:
    """Return the URL with which the administrator reaches a database."""
    return make_url(admin_url).set(database=database).render_as_string(hide_password=False)


def connect(url: str) -> Connection:
    """Log in as the role that a URL names."""
    return psycopg2.connect(
        url.replace("+psycopg2", "", 1), connect_timeout=10, application_name="iku migrate"
    )


def _make_role(cursor: psycopg2.extensions.cursor, role: str, password: str | None) -> None:
    name = sql.Identifier(role)
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,))
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {}").format(name))
    if password is not None:
        cursor.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password))
        )
    if role == READER:
        cursor.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(name))
        cursor.execute(sql.SQL("ALTER ROLE {} SET statement_timeout = '60s'").format(name))


@contextmanager
def _migration_lock(cursor: psycopg2.extensions.cursor) -> Iterator[None]:
    cursor.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))
