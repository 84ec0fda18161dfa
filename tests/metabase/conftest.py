"""Fixtures: a warehouse filled once, copies of it, and stand-ins of Metabase."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace

import psycopg2
import pytest
from sqlalchemy import make_url

from flows.metabase.api.client import MetabaseClient
from flows.metabase.api.server import Address
from flows.metabase.publisher import Published, Publisher
from flows.metabase.specs import labels, specs
from flows.metabase.specs.specs import Specs
from flows.warehouse import roles
from flows.warehouse.connection import Warehouse, connect
from tests.conftest import ROOT, TEMPLATE, Server, copy_of
from tests.metabase.fake.app import Fake
from tests.metabase.fake.store import Store
from tests.metabase.filled import fill

SAMPLE = ROOT / "tests" / "samples" / "tahun-2024"
FILLED = "metabase_filled"
SMALL_MARTS = ("pengirim_sumber",)

_numbers = itertools.count(1)

Shows = Callable[[str], None]


@pytest.fixture
def shows(record_property: Callable[[str, object], None]) -> Shows:
    """Tell a count for the end of the run."""
    return lambda text: record_property("shows", text)


def admin_url(server: Server, database: str) -> str:
    url = make_url(server.url).set(database=database, drivername="postgresql")
    return url.render_as_string(hide_password=False)


def opened(server: Server, database: str) -> Warehouse:
    url = make_url(server.writer).set(database=database).render_as_string(hide_password=False)
    return connect(url, database, None)


@pytest.fixture(scope="session")
def filled(server: Server) -> Iterator[str]:
    """Name a database with the sample year, landed and computed."""
    with copy_of(server, TEMPLATE, FILLED) as name:
        warehouse = opened(server, name)
        fill(warehouse, server.settings, SAMPLE)
        warehouse.engine.dispose()
        yield name


def address_of(server: Server, database: str) -> Address:
    url = make_url(server.url)
    return Address(
        host=url.host or "localhost",
        port=url.port or 5432,
        database=database,
        user=roles.READER,
        password=roles.passwords(server.settings).reader,
    )


@dataclass(repr=False)
class Stage:
    """A copy of the filled warehouse, and what it takes to publish it."""

    server: Server
    warehouse: Warehouse
    address: Address
    specs: Specs

    def __repr__(self) -> str:
        return f"Stage({self.warehouse.database})"

    def publisher(self, fake: Fake, specs: Specs | None = None) -> Publisher:
        """Return a publisher with a connection of its own, as a new process would have."""
        key = next(
            row["key"] for row in fake.store.rows["api_key"].values() if row["name"] == "uji"
        )
        client = MetabaseClient(fake.url, api_key=key, timeout=(2, 0.7), sleep=lambda seconds: None)
        return Publisher(client, self.warehouse, self.address, specs or self.specs)

    def forget(self) -> None:
        """Lose what is remembered, as another instance would not know it."""
        with (
            closing(
                psycopg2.connect(admin_url(self.server, self.warehouse.database))
            ) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("TRUNCATE ops.metabase_state")


@pytest.fixture(scope="session")
def stage_database(server: Server, filled: str) -> Iterator[str]:
    """Name a copy in which only the memory of what was published changes."""
    with copy_of(server, filled, "metabase_stage") as name:
        yield name


@pytest.fixture
def stage(server: Server, stage_database: str) -> Iterator[Stage]:
    """Give the stage with all specs and no memory."""
    warehouse = opened(server, stage_database)
    stage = Stage(server, warehouse, address_of(server, stage_database), specs.load())
    stage.forget()
    yield stage
    warehouse.engine.dispose()


def small(whole: Specs) -> Specs:
    """Return two dashboards that link to each other's kind, and what they need."""
    tabs = {"ringkasan_pimpinan": ("peringatan", 2), "detail_iku": ("tren", 1)}
    dashboards = {}
    for key, (tab_key, tiles) in tabs.items():
        tab = next(tab for tab in whole.dashboards[key].tabs if tab.key == tab_key)
        other = replace(tab, key="lain", title="Lain", tiles=())
        kept = replace(tab, tiles=tab.tiles[:tiles])
        moved = tuple(replace(tile, key=f"{tile.key}_lagi") for tile in kept.tiles[:1])
        dashboards[key] = replace(whole.dashboards[key], tabs=(kept, replace(other, tiles=moved)))
    used = {
        tile.question for one in dashboards.values() for tab in one.tabs for tile in tab.tiles
    } | {one.values_from[0] for one in whole.filters.values() if one.values_from}
    site = replace(
        whole.site,
        settings={name: whole.site.settings[name] for name in ("site-name", "site-locale")},
    )
    questions = {key: one for key, one in whole.questions.items() if key in used}
    return replace(whole, site=site, questions=questions, dashboards=dashboards)


@pytest.fixture
def small_stage(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Give the stage with few specs and few tables, for what is done many times."""
    whole = labels.of_marts(stage.warehouse)
    few = {name: whole[name] for name in SMALL_MARTS}
    monkeypatch.setattr(labels, "of_marts", lambda warehouse: few)
    return replace(stage, specs=small(stage.specs))


@pytest.fixture(scope="session")
def started() -> Iterator[Callable[[], Fake]]:
    """Start stand-ins for tests to borrow: slow to start is the server, not its state."""
    with ExitStack() as running:
        yield lambda: running.enter_context(Fake().running())


@pytest.fixture(scope="session")
def idle(started: Callable[[], Fake]) -> list[Fake]:
    """Keep those that no test has at the moment."""
    return [started()]


@pytest.fixture
def new_fake(started: Callable[[], Fake], idle: list[Fake]) -> Iterator[Callable[..., Fake]]:
    """Lend stand-ins as good as new; each has ids of its own."""
    lent: list[Fake] = []

    def start(**given: object) -> Fake:
        seed = given.pop("seed", next(_numbers))
        fake = idle.pop() if idle else started()
        lent.append(fake)
        fake.renew(Store(seed=seed, **given))  # type: ignore[arg-type]
        fake.key()
        return fake

    yield start
    idle += lent


@pytest.fixture
def fake(new_fake: Callable[..., Fake]) -> Fake:
    """Give one stand-in with an administrator and a key."""
    return new_fake()


@dataclass(repr=False)
class Applied:
    """The whole of the specs applied once."""

    fake: Fake
    stage: Stage
    published: Published


@pytest.fixture(scope="session")
def applied(server: Server, filled: str) -> Iterator[Applied]:
    """Give a stand-in on which everything was applied; tests only read from it."""
    with copy_of(server, filled, "metabase_applied") as name:
        warehouse = opened(server, name)
        stage = Stage(server, warehouse, address_of(server, name), specs.load())
        fake = Fake(Store(seed=20241))
        fake.key()
        with fake.running():
            yield Applied(fake, stage, stage.publisher(fake).apply())
        warehouse.engine.dispose()
