"""Fixtures: real servers on this machine behind the doors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors.mariadb import MariaDb, running
from tests.doors.web import Web, serving


@pytest.fixture
def web() -> Iterator[Web]:
    """Give a web server of the test's own."""
    with serving() as web:
        yield web


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Return the private folder that a door fetches into."""
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    """Start a MariaDB of the test run's own."""
    with running() as server:
        yield server
