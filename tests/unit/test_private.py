"""The home of the program and its logs are closed to other accounts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from flows.machine import detached_process, private
from flows.machine.settings import Settings
from flows.warehouse import connection

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(("account", "closed"), [(1000, 0o700), (0, 0o711)])
def test_the_home_is_closed_to_others_also_one_of_an_older_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: int, closed: int
):
    owner = tmp_path.stat().st_uid
    folder = tmp_path / "rumah"
    monkeypatch.setattr(os, "geteuid", lambda: account)
    monkeypatch.setattr(Path, "stat", as_owned_by(account if owner != account else owner))
    private.home(folder)
    assert mode(folder) == closed
    folder.chmod(0o755)
    private.home(folder)
    assert mode(folder) == closed
    folder.chmod(0o700)  # closer than ours: it stays
    private.home(folder)
    assert mode(folder) == 0o700


def as_owned_by(account: int):
    """Return `Path.stat` of a machine on which everything belongs to an account."""
    real = Path.stat

    def stat(path: Path, **given: bool) -> os.stat_result:
        found = list(real(path, **given))
        found[4] = account
        return os.stat_result(found)

    return stat


def test_somebody_elses_folder_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tmp_path.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    private.home(tmp_path)
    assert mode(tmp_path) == 0o755


def test_whoever_opens_the_warehouse_closes_the_home(tmp_path: Path):
    given = Settings(home=tmp_path / "rumah", database_url="postgresql://x@127.0.0.1/y")
    connection.server_url(given)
    assert mode(given.home) & 0o077 in (0, 0o011)


def test_logs_are_read_by_their_owner_only(tmp_path: Path):
    record, log = tmp_path / "proses.json", tmp_path / "proses.log"
    log.write_text("lama")
    log.with_suffix(".log.old").write_text("lebih lama")
    for _ in range(2):
        detached_process.start([sys.executable, "-c", "pass"], record, log, os.environ)
    assert [mode(path) for path in sorted(tmp_path.glob("*.log*"))] == [0o600, 0o600]


def test_a_file_that_others_could_read_is_closed_when_it_is_written_again(tmp_path: Path):
    page = tmp_path / "halaman.html"
    page.write_text("lama")
    page.chmod(0o644)
    with private.written(page) as file:
        file.write(b"baru")
    assert (page.read_text(), mode(page)) == ("baru", 0o600)
