"""The database and the role of Prefect, in the Postgres of the warehouse."""

from __future__ import annotations

from contextlib import closing

import psycopg2
from psycopg2 import sql
from sqlalchemy import make_url

NAME = "prefect"


def make(admin_url: str, password: str) -> str:
    """Make database and role if need be, give the role this password.

    Args:
        admin_url: its user may make roles and databases; its database is not used.
        password: of the role `prefect`, the owner of the database `prefect`.

    Returns:
        the URL for Prefect's driver, with the password in it.
    """
    admin = make_url(admin_url)
    role = database = sql.Identifier(NAME)
    login = admin.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(login)) as connection, connection.cursor() as cursor:
        connection.autocommit = True  # a database cannot be made in a transaction
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [NAME])
        verb = sql.SQL("ALTER" if cursor.rowcount else "CREATE")
        words = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, sql.Literal(password))
        cursor.execute(words)
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
        if not cursor.rowcount:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))  # to give it away
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    ssl = {"ssl": admin.query["sslmode"]} if "sslmode" in admin.query else {}  # asyncpg's word
    own = admin.set("postgresql+asyncpg", NAME, password, database=NAME, query=ssl)
    return own.render_as_string(hide_password=False)
