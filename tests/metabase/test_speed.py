"""How long every mart and every card takes on ten years of three offices."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from flows.io import migrate
from flows.io.metabase import native_sql, specs
from tests.conftest import Server
from tests.metabase.conftest import admin_url, copied
from tests.metabase.ten_years import multiply

ALL = specs.load()
VIEW_MS, CARD_MS = 50, 300
BUSY = 4  # how much longer a machine may take that has other work to do
TIMES = 7
CHOSEN = {"kantor": "kanreg-07", "tahun": 2020, "triwulan": 3, "iku": "IKU.8", "instansi": "12.01"}
SHOWN = (
    "hitungan_id IN (SELECT hitungan_id FROM mart.kartu_skor"
    " WHERE kantor = 'kanreg-07' AND tahun = 2020 AND triwulan = 3)"
)


@pytest.fixture(scope="module")
def reader(server: Server, filled: str) -> Iterator[Any]:
    """Connect as Metabase does to ten years of three offices."""
    with copied(server, "metabase_ten_years", filled) as name:
        print(f"\n{multiply(admin_url(server, name))}")
        url = migrate.reader_url(server.url, name, migrate.passwords(server.settings))
        with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection:
            connection.autocommit = True
            yield connection


def took(reader: Any, query: str, bound: Sequence[Any] = ()) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds."""
    times = []
    with reader.cursor() as cursor:
        for _ in range(TIMES):
            began = time.perf_counter()
            cursor.execute(query, bound or None)
            cursor.fetchall()
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def view_query(reader: Any, view: str) -> str:
    """Return how a card asks a view: for one office and quarter."""
    with reader.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
            (f"mart.{view}",),
        )
        columns = {name for (name,) in cursor.fetchall()}
    wanted = [f"{name} = {value!r}" for name, value in list(CHOSEN.items())[:3] if name in columns]
    if "kantor" not in columns and "hitungan_id" in columns:
        wanted.append(SHOWN)
    return f"SELECT * FROM mart.{view} WHERE {' AND '.join(wanted) or 'true'}"


def told(what: str, times: dict[str, tuple[float, float]], aim: int) -> None:
    print(f"\n{len(times)} {what}: p50 and p95 in ms, the slowest first; aim {aim}")
    for name, (middle, high) in sorted(times.items(), key=lambda item: -item[1][0])[:10]:
        print(f"  {name:<28}{middle:8.1f}{high:8.1f}")


@pytest.mark.slow
def test_every_mart(reader: Any):
    with reader.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'mart' ORDER BY 1")
        views = [name for (name,) in cursor.fetchall()]
    times = {view: took(reader, view_query(reader, view)) for view in views}
    told("marts", times, VIEW_MS)
    assert max(middle for middle, _ in times.values()) < VIEW_MS * BUSY


@pytest.mark.slow
def test_every_card(reader: Any):
    times = {}
    for question in ALL.questions.values():
        values = {tag: CHOSEN[tag] for tag in question.tags if tag in CHOSEN}
        parts = native_sql.compiled(question.sql, ALL.tags(question), values)
        times[question.key] = took(reader, *native_sql.for_psycopg2(parts))
    told("cards", times, CARD_MS)
    assert max(middle for middle, _ in times.values()) < CARD_MS * BUSY
