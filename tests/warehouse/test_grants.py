"""What the roles may do, tried on everything: Metabase reads marts, the writer only adds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from psycopg2 import errors
from psycopg2.extensions import connection as Connection
from sqlalchemy import make_url

from flows.warehouse import roles
from tests.conftest import TEMPLATE, Server
from tests.warehouse import steps

OURS = "('ref', 'ops', 'staging', 'tally', 'iku', 'mart', 'public')"
FILLED = ("ref.office", "ops.load", "ops.load_event", "ops.run", "iku.value", "iku.rollup")


def connected(url: str) -> Iterator[Connection]:
    with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        yield connection


@pytest.fixture(scope="module")
def database(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Put a row into every kind of table, so that it is no empty table that is refused.

    One database for all: what is tried on it fails, or is undone.
    """
    folder = tmp_path_factory.mktemp("grants")
    settings = server.settings.model_copy(
        update={"home": folder / "home", "inbox": folder / "inbox", "outbox": folder / "outbox"}
    )
    with steps.copy_of(server, TEMPLATE) as name:
        warehouse = steps.open_at(server, name, None)
        slice_ = ("digital_service", "2024-Q1")
        steps.landed(steps.land(warehouse, settings, *slice_, steps.digital()))
        steps.land(warehouse, settings, *slice_, "Layanan,Digital,Digital SIASN\nX,Ya,Ya\n")
        steps.compute(warehouse, 2024, 1)
        warehouse.engine.dispose()
        yield name


@pytest.fixture
def reader(server: Server, database: str) -> Iterator[Connection]:
    yield from connected(roles.reader_url(server.url, database, steps.passwords(server)))


@pytest.fixture
def writer(server: Server, database: str) -> Iterator[Connection]:
    url = make_url(server.writer).set(database=database)
    yield from connected(url.render_as_string(hide_password=False))


def names(connection: Connection, query: str) -> list[str]:
    found = [name for (name,) in steps.ask(connection, query)]
    assert found, query
    return found


def relations(connection: Connection, where: str, kinds: str = "('r', 'v', 'S', 'm', 'p')") -> list:
    return names(
        connection,
        "SELECT n.nspname || '.' || c.relname FROM pg_class AS c"
        f" JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN {kinds}"
        f" AND n.nspname IN {OURS} AND {where} ORDER BY 1",
    )


def refused(connection: Connection, statement: str) -> bool:
    """Tell whether a statement fails for want of a privilege, or as the session is read-only."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction):
        return True
    return False


def allowed(connection: Connection, statements: list[str]) -> list[str]:
    """Return the statements that were not refused."""
    return [statement for statement in statements if not refused(connection, statement)]


def calls(connection: Connection) -> list[str]:
    """Return a call of every function of ours, with nothing given to it."""
    return names(
        connection,
        "SELECT format('SELECT * FROM %I.%I(%s)', n.nspname, p.proname, array_to_string(ARRAY("
        " SELECT 'NULL::' || format_type(t.oid, NULL) FROM unnest(p.proargtypes) AS t (oid)"
        " ), ', ')) FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
        f" WHERE n.nspname IN {OURS} AND n.nspname <> 'mart' ORDER BY 1",
    )


def test_metabase_reads_every_view_of_mart(reader: Connection):
    views = relations(reader, "n.nspname = 'mart'")
    assert len(views) >= 6
    denied = {}
    for view in views:
        try:
            steps.ask(reader, f"SELECT * FROM {view}")
        except psycopg2.Error as error:
            denied[view] = str(error).splitlines()[0]
    assert denied == {}


def test_metabase_reads_nothing_else(reader: Connection, record_property):
    outside = relations(reader, "n.nspname <> 'mart'")
    assert {name.split(".")[0] for name in outside} == {"ref", "ops", "staging", "iku"}
    columns = {name: "last_value" if name.endswith("_seq") else "*" for name in outside}
    assert allowed(reader, [f"SELECT {columns[name]} FROM {name}" for name in outside]) == []
    schemas = {call.split(".")[0].split()[-1] for call in calls(reader)}
    assert schemas == {"ref", "ops", "tally", "iku"}
    assert allowed(reader, calls(reader)) == []
    entered = dict(
        steps.ask(
            reader,
            "SELECT nspname, has_schema_privilege(oid, 'USAGE, CREATE') FROM pg_namespace"
            f" WHERE nspname IN {OURS}",
        )
    )
    assert [schema for schema, may_enter in entered.items() if may_enter] == ["mart"]
    record_property(
        "shows",
        f"metabase_reader refused {len(entered) - 1} schemas, {len(outside)} tables, views and"
        f" sequences and {len(calls(reader))} functions outside mart",
    )


def test_metabase_writes_nothing_even_when_it_leaves_its_read_only_mode(reader: Connection):
    everything = relations(reader, "true", "('r')")
    assert steps.ask(reader, "SHOW default_transaction_read_only") == [("on",)]
    for mode in ("on", "off"):
        steps.ask(reader, f"SET default_transaction_read_only = {mode}")
        statements = [
            *(f"DELETE FROM {name}" for name in everything),
            *(f"INSERT INTO {name} DEFAULT VALUES" for name in everything),
            *(f"CREATE TABLE {schema}.x (n int)" for schema in ("mart", "public", "ops")),
            "CREATE SCHEMA x",
            "SET ROLE iku_writer",
            "SET ROLE iku_owner",
            "SELECT pg_read_file('postgresql.conf')",
        ]
        assert allowed(reader, statements) == [], mode
    # A view that joins cannot be written at all; what counts is that no right was given.
    writable = steps.ask(
        reader,
        "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'mart'::regnamespace"
        " AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')",
    )
    assert writable == []


def test_metabase_may_not_occupy_the_server(reader: Connection):
    assert steps.ask(reader, "SHOW statement_timeout") == [("1min",)]
    steps.ask(reader, "SET statement_timeout = '20ms'")
    with pytest.raises(errors.QueryCanceled):
        steps.ask(reader, "SELECT pg_sleep(5)")


def test_the_roles_hold_no_power_over_the_server(reader: Connection):
    powers = steps.ask(
        reader,
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,"
        " rolcanlogin FROM pg_roles WHERE rolname IN ('iku_owner', 'iku_writer',"
        " 'metabase_reader') ORDER BY 1",
    )
    none = (False,) * 5
    assert powers == [
        ("iku_owner", *none, False),
        ("iku_writer", *none, True),
        ("metabase_reader", *none, True),
    ]


def test_the_writer_changes_and_deletes_nothing(writer: Connection):
    tables = relations(writer, "n.nspname <> 'mart'", "('r', 'p')")
    assert set(FILLED) <= set(tables)
    second = dict(
        steps.ask(
            writer,
            "SELECT n.nspname || '.' || c.relname, a.attname FROM pg_attribute AS a"
            " JOIN pg_class AS c ON c.oid = a.attrelid"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE a.attnum = 2",
        )
    )
    statements = [
        statement
        for table in tables
        for statement in (
            f"UPDATE {table} SET {second[table]} = {second[table]}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            f"DROP TABLE {table} CASCADE",
            f"ALTER TABLE {table} ADD COLUMN x int",
        )
    ]
    assert allowed(writer, statements) == []
    assert allowed(writer, [f"SELECT FROM {table} FOR UPDATE" for table in FILLED]) == []


def test_the_writer_makes_nothing_but_temporary_tables(writer: Connection):
    schemas = names(writer, f"SELECT nspname FROM pg_namespace WHERE nspname IN {OURS}")
    assert len(schemas) == 7
    statements = [
        statement
        for schema in schemas
        for statement in (
            f"CREATE TABLE {schema}.x (n int)",
            f"CREATE VIEW {schema}.x AS SELECT 1",
            f"CREATE FUNCTION {schema}.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            f"DROP SCHEMA {schema} CASCADE",
        )
    ]
    functions = names(
        writer,
        "SELECT p.oid::regprocedure::text FROM pg_proc AS p JOIN pg_namespace AS n"
        f" ON n.oid = p.pronamespace WHERE n.nspname IN {OURS}",
    )
    statements += [f"DROP FUNCTION {name}" for name in functions]
    statements += [f"DROP VIEW {name} CASCADE" for name in relations(writer, "c.relkind = 'v'")]
    statements += ["CREATE SCHEMA x", "SET ROLE iku_owner", "COPY ref.office TO PROGRAM 'cat'"]
    assert allowed(writer, statements) == []
    steps.ask(writer, "CREATE TEMPORARY TABLE x (n int)")


def test_the_writer_cannot_rewrite_what_the_migrations_are_checked_by(writer: Connection):
    statements = [f"INSERT INTO ops.{name} VALUES ('x', 'y')" for name in ("migration", "applied")]
    assert allowed(writer, statements) == []


def test_public_has_nothing(server: Server, database: str):
    with steps.admin(server, database) as connection:
        schemas = steps.ask(
            connection,
            "SELECT nspname FROM pg_namespace"
            f" WHERE nspname IN {OURS} AND has_schema_privilege('public', oid, 'USAGE, CREATE')",
        )
        granted = steps.ask(
            connection,
            "SELECT c.oid::regclass::text FROM pg_class AS c"
            " CROSS JOIN LATERAL aclexplode(c.relacl) AS acl"
            f" WHERE c.relnamespace::regnamespace::text IN {OURS} AND acl.grantee = 0",
        )
        functions = steps.ask(
            connection,
            "SELECT oid::regprocedure::text FROM pg_proc"
            f" WHERE pronamespace::regnamespace::text IN {OURS}"
            " AND has_function_privilege('public', oid, 'EXECUTE')",
        )
        # A copy of a database does not inherit the rights on the database itself.
        databases = steps.ask(
            connection, "SELECT datacl::text FROM pg_database WHERE datname = 'iku_template'"
        )
    assert (schemas, granted, functions) == ([], [], [])
    assert not re.search(r"[{,]=", databases[0][0])


def test_what_an_update_of_the_marts_makes_is_granted_too(server: Server, database: str):
    with steps.admin(server, database) as connection:
        steps.ask(connection, "BEGIN")
        steps.ask(connection, "SET LOCAL ROLE iku_owner")
        steps.ask(connection, "CREATE VIEW mart.baru AS SELECT 1 AS satu")
        steps.ask(connection, "CREATE TABLE staging.baru (n int)")
        rights = steps.ask(
            connection,
            "SELECT has_table_privilege('metabase_reader', 'mart.baru', 'SELECT'),"
            " has_table_privilege('metabase_reader', 'staging.baru', 'SELECT'),"
            " has_table_privilege('iku_writer', 'staging.baru', 'INSERT'),"
            " has_table_privilege('iku_writer', 'staging.baru', 'UPDATE')",
        )
        steps.ask(connection, "ROLLBACK")
    assert rights == [(True, False, True, False)]
