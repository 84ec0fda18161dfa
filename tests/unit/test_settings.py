"""Settings: read afresh, normalised, explained when wrong, and never showing a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.machine.settings import SettingsError, project_root, settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch):
    for name in ("DATABASE_URL", "HOME", "INBOX", "INSTANT", "WRITER_PASSWORD"):
        monkeypatch.delenv(f"IKU_{name}", raising=False)


def test_nothing_set_means_the_project_folder_and_no_server(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("IKU_DATABASE_URL", "")
    assert settings().database_url is None
    assert settings().home == project_root() / ".iku"
    assert settings().inbox == Path(__file__).resolve().parents[2] / "inbox"


@pytest.mark.parametrize(
    "scheme",
    ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg", "postgresql+psycopg2"],
)
def test_the_driver_is_always_named(monkeypatch: pytest.MonkeyPatch, scheme: str):
    monkeypatch.setenv("IKU_DATABASE_URL", f"{scheme}://u:rahasia@server:5432/postgres")
    assert settings().database_url == "postgresql+psycopg2://u:rahasia@server:5432/postgres"


def test_each_call_reads_the_environment_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("satu", "dua"):
        monkeypatch.setenv("IKU_HOME", str(tmp_path / name))
        assert settings().home == tmp_path / name


def test_no_secret_shows_in_the_settings_or_in_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("IKU_DATABASE_URL", "postgresql://u:rahasia@server/postgres")
    monkeypatch.setenv("IKU_WRITER_PASSWORD", "rahasia")
    assert "rahasia" not in repr(settings()) + str(settings())
    monkeypatch.setenv("IKU_DATABASE_URL", "mysql://u:rahasia@server/postgres")
    with pytest.raises(SettingsError, match="IKU_DATABASE_URL: harus berbentuk") as caught:
        settings()
    assert "rahasia" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("instant", ["2024-10-15T08:00:00", "15-10-2024", "besok"])
def test_an_instant_without_a_zone_is_refused(monkeypatch: pytest.MonkeyPatch, instant: str):
    monkeypatch.setenv("IKU_INSTANT", instant)
    with pytest.raises(SettingsError, match="IKU_INSTANT: harus berupa saat dengan zona"):
        settings()


def test_an_instant_with_a_zone_stays_as_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("IKU_INSTANT", "2024-10-15 08:00:00+07")
    assert settings().instant == "2024-10-15 08:00:00+07"
