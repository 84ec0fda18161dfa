"""Every question, compiled and run on the real Postgres as the role that Metabase has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from flows.metabase.specs import native_sql, specs
from flows.metabase.specs.questions import Question
from flows.metabase.trial import MOST_ROWS
from flows.warehouse import roles
from tests.conftest import Server
from tests.metabase.conftest import Shows

ALL = specs.load()
ONE_ROW = ("scalar", "progress", "gauge", "smartscalar")
NUMERIC = (20, 21, 23, 701, 1700)
DATES = (1082, 1114, 1184)


@pytest.fixture(scope="module")
def reader(server: Server, filled: str) -> Iterator[Any]:
    """Connect as Metabase does: read-only, in the zone of its reports."""
    url = roles.reader_url(server.url, filled, roles.passwords(server.settings))
    options = "-c TimeZone=Asia/Jakarta"
    with closing(psycopg2.connect(url.replace("+psycopg2", ""), options=options)) as connection:
        connection.autocommit = True
        yield connection


def ask(reader: Any, question: Question, values: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    query, bound = native_sql.for_psycopg2(
        native_sql.compiled(question.sql, ALL.tags(question), values)
    )
    with reader.cursor() as cursor:
        cursor.execute(query, bound)
        return cursor.description, cursor.fetchall()


def choices(question: Question) -> list[dict[str, Any]]:
    """Return the filters to try: none, all, empty, each, several values of one."""
    samples = {tag: ALL.filters[tag].sample for tag in question.tags}
    lists = {tag: [value, value] for tag, value in samples.items() if tag != "per_tanggal"}
    empty = dict.fromkeys(samples)
    return [{}, samples, empty, *({tag: value} for tag, value in samples.items()), lists]


def shape(question: Question) -> tuple[str, ...]:
    """Return the lines that a filter changes: where they are the same, filters do the same."""
    return tuple(line.strip() for line in question.sql.splitlines() if "{{" in line)


def test_every_question_with_and_without_filters_and_every_shape_with_every_choice(
    reader: Any, shows: Shows
):
    run, most, shapes = 0, 0, set()
    for question in ALL.questions.values():
        given = choices(question)
        for values in given[:2] if shape(question) in shapes else given:
            columns, rows = ask(reader, question, values)
            run, most = run + 1, max(most, len(rows))
            assert {column.name for column in columns} == set(question.columns), question.key
            assert len(rows) < MOST_ROWS, question.key
        shapes.add(shape(question))
    shows(
        f"{run} filter combinations of {len(ALL.questions)} cards with {len(shapes)} shapes of "
        f"filters run as metabase_reader, at most {most} rows"
    )


@pytest.mark.parametrize("question", ALL.questions.values(), ids=lambda question: question.key)
def test_a_question_shows_something(reader: Any, question: Question):
    """Of the sample year it gives rows, for the IKU for which it is meant."""
    tried = [{"iku": f"IKU.{n}"} for n in range(1, 15)] if "iku" in question.tags else [{}]
    assert any(ask(reader, question, values)[1] for values in tried)


@pytest.mark.parametrize(
    "question",
    [question for question in ALL.questions.values() if question.display in ONE_ROW],
    ids=lambda question: question.key,
)
def test_a_single_figure_is_one(reader: Any, question: Question):
    columns, rows = ask(reader, question, {})
    assert len(rows) == 1
    if question.display in ("gauge", "progress"):
        assert len(columns) == 1
        assert columns[0].type_code in NUMERIC
    if question.display == "smartscalar":
        assert sum(column.type_code in DATES for column in columns) == 1


@pytest.mark.parametrize(
    "question",
    [question for question in ALL.questions.values() if "graph.metrics" in question.settings],
    ids=lambda question: question.key,
)
def test_a_graph_draws_numbers_over_words(reader: Any, question: Question):
    columns = {column.name: column for column in ask(reader, question, {})[0]}
    for name in question.settings["graph.metrics"]:
        assert columns[name].type_code in NUMERIC, name
    for name in question.settings["graph.dimensions"]:
        assert columns[name].type_code not in NUMERIC, name


@pytest.mark.parametrize("question", ALL.questions.values(), ids=lambda question: question.key)
def test_a_year_is_no_figure(reader: Any, question: Question):
    """As a number it would read 2.024."""
    for column in ask(reader, question, {})[0]:
        if column.name == "tahun" and question.key != "daftar_tahun":
            assert column.type_code not in NUMERIC


def test_the_filters_lists_hold_what_the_filters_take(reader: Any):
    for one in ALL.filters.values():
        if one.values_from:
            question, value, label = one.values_from
            columns, rows = ask(reader, ALL.questions[question], {})
            names = [column.name for column in columns]
            assert one.sample in {row[names.index(value)] for row in rows}, one.key
            assert label in names


def test_only_the_mart_is_read():
    for question in ALL.questions.values():
        for schema in ("ref", "ops", "staging", "tally", "iku"):
            assert f" {schema}." not in question.sql, question.key
