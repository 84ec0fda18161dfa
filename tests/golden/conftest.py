"""Fixtures: one warehouse for all cases, whose references have been known since 2019.

Cases set the clock back to the day on which an office computed, and what was recorded later was not
known on it. After each case what it has added is taken out again: a database of its own for each
of so many cases would take longer than the cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from sqlalchemy import make_url

from flows.warehouse import migrations, references, roles, seeding
from flows.warehouse.connection import connect
from tests.conftest import Server

# So that a failed case says what differs, and not just that something does.
pytest.register_assert_rewrite("tests.golden.running")

DATABASE = "golden"
KNOWN_SINCE = "2019-01-01T00:00:00+07:00"
KEPT = ("migration", "applied", "source", "card")


@pytest.fixture(scope="session")
def seeded_long_ago(server: Server) -> str:
    """Make the warehouse: migrated and seeded with the clock at KNOWN_SINCE."""
    writer = migrations.prepare(server.url, DATABASE, roles.passwords(server.settings))
    warehouse = connect(writer, DATABASE, KNOWN_SINCE)
    seeding.seed(warehouse, seeding.SEEDS)
    warehouse.engine.dispose()
    return DATABASE


def as_administrator(server: Server) -> Connection:
    """Open the warehouse as the one who may delete."""
    url = make_url(server.url.replace("+psycopg2", "")).set(database=DATABASE)
    return psycopg2.connect(url.render_as_string(hide_password=False))


@pytest.fixture
def database(server: Server, seeded_long_ago: str) -> Iterator[str]:
    """Give the warehouse to one case, and empty it afterwards."""
    yield seeded_long_ago
    with closing(as_administrator(server)) as connection:
        empty(connection)


def empty(connection: Connection) -> None:
    """Delete all that landed and was computed, and the references of the case."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # in any order
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('ops', 'staging', 'iku') AND NOT tablename = ANY(%s)",
            (list(KEPT),),
        )
        for names in cursor.fetchall():
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(*names)))
        for table in references.KEYS:
            cursor.execute(
                sql.SQL("DELETE FROM {} WHERE recorded_at > %s").format(
                    sql.Identifier("ref", table)
                ),
                (KNOWN_SINCE,),
            )
