"""Dashboards: every mart and every card on ten years of three offices, and a first apply."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from flows.metabase.api.client import MetabaseClient
from flows.metabase.api.server import Address
from flows.metabase.publisher import Publisher
from flows.metabase.specs import answers, specs
from flows.metabase.specs.answers import Reader
from flows.metabase.specs.specs import Specs
from flows.warehouse import roles
from tests.bench import ten_years
from tests.bench.document import Section, number, paragraph, table
from tests.bench.place import Place
from tests.bench.timing import say, seconds, step
from tests.metabase.fake.app import Fake
from tests.metabase.fake.store import Store
from tests.metabase.filled import fill

NAME = "dashboards"
SAMPLE = Path(__file__).parents[1] / "samples" / "tahun-2024"
TIMES, TIMES_SMALL = 41, 5
MART_AIM_MS, CARD_AIM_MS = 50, 300

CHOSEN: Mapping[str, Any] = {
    "kantor": "kanreg-07",
    "tahun": 2020,
    "triwulan": 4,
    "instansi": "12.01",
}
# How a card asks a mart that hangs on values: for those shown of one office and quarter.
SHOWN = (
    "hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM mart.kartu_skor"
    " WHERE kantor = 'kanreg-07' AND tahun = 2020 AND triwulan = 4))"
)

OF_NO_QUARTER = ("peringatan", "target_dokumen")

Spread = tuple[float, float, int]  # p50 and p95 in milliseconds, and the rows that came


def measure(place: Place, *, small: bool) -> Section:
    """Measure what a manager waits for, asking as metabase_reader."""
    times = TIMES_SMALL if small else TIMES
    loaded = specs.load()
    place.make_template()
    with place.fresh_database() as database, place.open(database) as warehouse:
        with step("landing and computing the sample year, then copying it to ten years"):
            fill(warehouse, place.settings, SAMPLE)
            rows = ten_years.multiply(place.url_of(database).replace("+psycopg2", ""))
        with answers.reading(place.settings, database, loaded) as reader:
            with step("every mart"):
                marts = {view: _mart(reader, view, times) for view in _views(reader)}
            with step("every card"):
                cards = {key: _card(reader, key, times) for key in loaded.questions}
        publisher = Publisher(
            MetabaseClient("http://127.0.0.1:1"), warehouse, _address(place, database), loaded
        )
        applied = _apply(publisher)
    return Section(
        NAME,
        "Dashboards on ten years of three offices",
        _body(rows, marts, cards, applied, times, loaded),
    )


def _address(place: Place, database: str) -> Address:
    url = make_url(place.url)
    return Address(
        host=url.host or "localhost",
        port=url.port or 5432,
        database=database,
        user=roles.READER,
        password=roles.passwords(place.settings).reader,
    )


def _views(reader: Reader) -> list[str]:
    with reader.connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'mart' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def _mart(reader: Reader, view: str, times: int) -> Spread:
    with reader.connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
            (f"mart.{view}",),
        )
        columns = {name for (name,) in cursor.fetchall()}
        # Of targets and warnings many belong to no quarter.
        names = ("kantor", "tahun") if view in OF_NO_QUARTER else ("kantor", "tahun", "triwulan")
        where = [f"{name} = %({name})s" for name in names if name in columns]
        if "kantor" not in columns and "hitungan_id" in columns:
            where.append(SHOWN)
        query = f"SELECT * FROM mart.{view} WHERE {' AND '.join(where) or 'true'}"

        def ask() -> int:
            cursor.execute(query, dict(CHOSEN))
            return len(cursor.fetchall())

        return _spread(ask, times)


def _card(reader: Reader, key: str, times: int) -> Spread:
    """Ask a card, of that indicator of which it has the most to say."""
    question = reader.specs.questions[key]
    chosen = max(
        ({**CHOSEN, "iku": f"IKU.{number}"} for number in range(1, 15)),
        key=lambda values: len(reader.answer(question, values).rows),
    )
    return _spread(lambda: len(reader.answer(question, chosen).rows), times)


def _spread(ask: Callable[[], int], times: int) -> Spread:
    rows = ask()  # fills the caches
    taken = [1000 * seconds(ask) for _ in range(times)]
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], rows


def _apply(publisher: Publisher) -> dict[str, float]:
    """Return how long each run against the stand-in takes, and how many requests wrote."""
    fake = Fake(Store(seed=1))
    fake.key()
    key = next(row["key"] for row in fake.store.rows["api_key"].values())
    found: dict[str, float] = {}
    with fake.running():
        publisher = Publisher(
            MetabaseClient(fake.url, api_key=key, sleep=lambda wait: time.sleep(wait / 100)),
            publisher.warehouse,
            publisher.address,
            publisher.specs,
        )
        for name in ("first apply", "second apply"):
            with step(name):
                before = publisher.client.writes
                found[name] = seconds(lambda: publisher.apply(try_out=False))
                found[f"{name}, writes"] = publisher.client.writes - before
        with step("every card and tile run"):
            found["with every card and tile run"] = seconds(publisher.apply)
    say(f"{found}")
    return found


def _body(
    rows: Mapping[str, int],
    marts: Mapping[str, Spread],
    cards: Mapping[str, Spread],
    applied: Mapping[str, float],
    times: int,
    loaded: Specs,
) -> str:
    about = f"""
        As metabase_reader, each asked {times} times for one office and quarter, a card for the
        indicator of which it has the most to say, caches warm:
        {", ".join(f"{number(count)} rows of {name}" for name, count in rows.items())}.
        What counts against an aim is p95.
    """
    written = f"""
        `iku metabase apply` of {len(loaded.dashboards)} dashboards and {len(loaded.questions)}
        cards against the stand-in on this machine: the first
        {applied["first apply"]:.1f} s with {applied["first apply, writes"]:.0f} writes, the second
        {applied["second apply"]:.1f} s with {applied["second apply, writes"]:.0f}; with every card
        run, and every tile under each of its filters, {applied["with every card and tile run"]:.1f}
        s. A real Metabase answers in its own time.
    """
    return f"""
Aims: p95 of a mart at most **{MART_AIM_MS} ms**, of a card **{CARD_AIM_MS} ms**.

{_summary("marts", marts, MART_AIM_MS)}
{_summary("cards", cards, CARD_AIM_MS)}

{paragraph(about)}
{_every("Mart", marts)}
{_every("Card", cards)}
{paragraph(written)}"""


def _summary(what: str, taken: Mapping[str, Spread], aim: float) -> str:
    over = sorted(name for name, (_, high, _) in taken.items() if high > aim)
    middle = statistics.median(low for low, _, _ in taken.values())
    verdict = f"over the aim: {', '.join(over)}" if over else "all within the aim"
    return f"- {len(taken)} {what}, the middle one {middle:.1f} ms: {verdict}."


def _every(heading: str, taken: Mapping[str, Spread]) -> str:
    ranked: Sequence[tuple[str, Spread]] = sorted(taken.items(), key=lambda item: -item[1][1])
    lines = [
        (f"`{name}`", f"{middle:.1f}", f"{high:.1f}", rows) for name, (middle, high, rows) in ranked
    ]
    return table((heading, "p50, ms", "p95, ms", "rows"), lines)
