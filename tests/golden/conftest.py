"""Fixtures: a warehouse whose references have been known since 2019.

Cases set the clock back to the day on which an office computed, and what was recorded later was not
known on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from flows.io import migrate, references
from flows.io.warehouse import connect
from tests.conftest import Server

TEMPLATE = "golden_template"
KNOWN_SINCE = "2019-01-01T00:00:00+07:00"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def seeded_long_ago(server: Server) -> str:
    """Make the template of the cases: migrated and seeded with the clock at KNOWN_SINCE."""
    writer = migrate.prepare(server.url, TEMPLATE, migrate.passwords(server.settings))
    template = connect(writer, TEMPLATE, KNOWN_SINCE)
    references.seed(template, references.SEEDS)
    template.engine.dispose()
    return TEMPLATE


@pytest.fixture
def database(server: Server, seeded_long_ago: str) -> Iterator[str]:
    """Make a copy of the template for one case and drop it afterwards."""
    name = f"golden_{next(_numbers)}"
    with closing(psycopg2.connect(server.url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {seeded_long_ago} OWNER iku_owner")
            yield name
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
