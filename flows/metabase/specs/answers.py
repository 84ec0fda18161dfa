"""Answers: run a question on the warehouse as Metabase would, with its role and its time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2

from flows.machine.settings import Settings
from flows.metabase.specs import native_sql
from flows.metabase.specs.questions import Question
from flows.metabase.specs.specs import Specs
from flows.warehouse import connection as warehouses
from flows.warehouse import roles


class NothingToShow(ValueError):
    """The filters leave nothing; the message is Indonesian."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a question, and the names of their columns."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """A connection of `metabase_reader`, which cannot write."""

    connection: psycopg2.extensions.connection
    specs: Specs

    def answer(self, question: Question, values: Mapping[str, Any]) -> Answer:
        """Run a question with those filters that have a value."""
        given = {tag: values[tag] for tag in question.tags if values.get(tag) is not None}
        parts = native_sql.compiled(question.sql, self.specs.tags(question), given)
        with self.connection.cursor() as cursor:
            cursor.execute(*native_sql.for_psycopg2(parts))
            columns = tuple(column.name for column in cursor.description or ())
            rows = tuple(dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
        return Answer(columns, rows)


@contextmanager
def reading(settings: Settings, database: str, specs: Specs) -> Iterator[Reader]:
    """Connect as `metabase_reader` in the time zone of the site."""
    url = roles.reader_url(
        warehouses.server_url(settings), database, roles.passwords(settings)
    ).replace("+psycopg2", "")
    zone = specs.site.settings.get("report-timezone", "Asia/Jakarta")
    with closing(psycopg2.connect(url, options=f"-c TimeZone={zone}")) as connection:
        connection.autocommit = True
        yield Reader(connection, specs)
