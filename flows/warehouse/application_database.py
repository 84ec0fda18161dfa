"""A database and a role for another program, in the Postgres of the warehouse."""

from __future__ import annotations

from contextlib import closing

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL, make_url

PREFECT, METABASE = "prefect", "metabase"


def make(admin_url: str, name: str, password: str) -> URL:
    """Make database and role if need be, give the role this password.

    Args:
        admin_url: its user may make roles and databases; its database is not used.
        name: of the database, and of the role that owns it.
        password: of the role.

    Returns:
        the address of the database, with the password in it.
    """
    admin = make_url(admin_url)
    owner = database = sql.Identifier(name)
    login = admin.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(login)) as connection, connection.cursor() as cursor:
        connection.autocommit = True  # a database cannot be made in a transaction
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
        verb = sql.SQL("ALTER" if cursor.rowcount else "CREATE")
        words = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, owner, sql.Literal(password))
        cursor.execute(words)
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if not cursor.rowcount:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))  # to give it away
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    return admin.set(username=name, password=password, database=name)


def for_asyncpg(address: URL) -> str:
    """Return the address in the words of Prefect's driver."""
    ssl = {"ssl": address.query["sslmode"]} if "sslmode" in address.query else {}
    return address.set(drivername="postgresql+asyncpg", query=ssl).render_as_string(
        hide_password=False
    )
