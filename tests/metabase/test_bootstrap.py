"""The first set-up: on a fresh server at once, on somebody else's never."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.metabase.api import access, bootstrap
from flows.metabase.api.access import KEY_FILE, Access, NoMetabase
from flows.metabase.api.client import MetabaseClient, MetabaseError
from flows.metabase.publisher import open_publisher
from tests.metabase.conftest import Stage
from tests.metabase.fake import administration
from tests.metabase.fake.app import Fake
from tests.metabase.fake.store import Store

EMAIL = "petugas@example.test"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = {**(MetabaseClient.__init__.__kwdefaults__ or {}), "sleep": lambda seconds: None}
    monkeypatch.setattr(MetabaseClient.__init__, "__kwdefaults__", defaults)


@pytest.fixture
def fresh() -> Iterator[Fake]:
    """Give a server that nobody has set up, and that is still starting."""
    fake = Fake(Store(seed=5, initializing=3))
    with fake.running():
        yield fake


def given(fake: Fake, **more: object) -> Access:
    return Access(url=fake.url, email=EMAIL, **more)


def set_up(fake: Fake, home: Path) -> None:
    bootstrap.set_up(given(fake), home, "IKU", "id")


def test_a_fresh_server_is_set_up(fresh: Fake, tmp_path: Path):
    set_up(fresh, tmp_path)
    stored = tmp_path / KEY_FILE
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    client = access.client(given(fresh), tmp_path)
    assert client.read("/api/user/current")["is_superuser"] is True
    assert fresh.store.settings["site-locale"] == "id"
    assert fresh.store.sessions == {}
    (person,) = [row for row in fresh.store.rows["user"].values() if not row["is_key"]]
    assert person["email"] == EMAIL
    assert len(person["password"]) > 30


def test_one_that_broke_off_goes_on(fresh: Fake, tmp_path: Path):
    set_up(fresh, tmp_path)
    first = (tmp_path / KEY_FILE).read_text()
    (tmp_path / KEY_FILE).unlink()
    set_up(fresh, tmp_path)
    second = (tmp_path / KEY_FILE).read_text()
    assert second != first
    assert len(fresh.store.rows["api_key"]) == 1
    with pytest.raises(MetabaseError, match="401"):
        MetabaseClient(fresh.url, api_key=first).read("/api/user/current")


def test_a_server_of_somebody_else_is_left_alone(fresh: Fake, tmp_path: Path):
    administration.add_user(fresh.store, "lain@example.test", admin=True, password="x" * 12)
    with pytest.raises(NoMetabase, match="sudah disiapkan orang lain"):
        set_up(fresh, tmp_path)
    assert not (tmp_path / KEY_FILE).exists()
    assert len(fresh.store.rows["user"]) == 1


def test_what_is_missing_is_said(tmp_path: Path):
    with pytest.raises(NoMetabase, match="IKU_METABASE_URL"):
        access.client(Access(url=None), tmp_path)
    with pytest.raises(NoMetabase, match="IKU_METABASE_API_KEY"):
        access.client(Access(url="https://m.test"), tmp_path)
    with pytest.raises(NoMetabase, match="IKU_METABASE_EMAIL"):
        bootstrap.set_up(Access(url="https://m.test"), tmp_path, "IKU", "id")


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("IKU_METABASE_URL", "https://m.test")
    monkeypatch.setenv("IKU_METABASE_API_KEY", "mb_rahasia_sekali")
    monkeypatch.setenv("IKU_METABASE_DATABASE_HOST", "postgres")
    found = Access()
    assert (found.url, found.database_host) == ("https://m.test", "postgres")
    assert "rahasia" not in repr(found)
    assert access.client(found, tmp_path).header == {"X-API-KEY": "mb_rahasia_sekali"}


def test_from_nothing_to_a_publisher(fresh: Fake, stage: Stage, tmp_path: Path):
    settings = stage.server.settings.model_copy(
        update={
            "home": tmp_path,
            "database_url": stage.server.url,
            "metabase_password": SecretStr(stage.address.password),
        }
    )
    publisher = open_publisher(settings, stage.warehouse, given(fresh), may_set_up=True)
    assert len(publisher.plan().pending) == len(publisher.plan().changes)
    again = open_publisher(settings, stage.warehouse, Access(url=fresh.url))
    assert again.address == publisher.address
    assert publisher.address.user == "metabase_reader"


def test_a_server_that_stays_down_is_told(fresh: Fake):
    client = MetabaseClient(fresh.url, timeout=(1, 1))
    fresh.store.initializing = 99
    with pytest.raises(MetabaseError, match="initializing"):
        bootstrap.wait_until_ready(client, seconds=0)
