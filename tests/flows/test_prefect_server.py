"""The local Prefect server, for real: started once, kept, ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import pytest

from flows.machine import detached_process
from flows.machine.postgres import embedded
from flows.operating.prefect import pulse
from flows.operating.prefect import server as prefect_server
from tests.flows.one_machine import wait_for
from tests.pace import patience

PROJECT = Path(__file__).parents[2]
ENSURE = (
    "import sys, pathlib; from flows.operating.prefect import server as p; "
    "print(p.ensure(pathlib.Path(sys.argv[1]), sys.argv[2]), 'prefect' in sys.modules)"
)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="iku-")).resolve()
    folder.chmod(0o755)
    yield folder / "rumah"
    prefect_server.stop(folder / "rumah")
    embedded.remove(folder / "rumah")
    shutil.rmtree(folder)


def is_healthy(api_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api_url}/health", timeout=patience(5)) as answer:
            return bool(answer.read() == b"true")
    except OSError:
        return False


@pytest.mark.engine
def test_processes_at_once_start_one_server_that_is_kept_until_stopped(home: Path):
    database_url = embedded.ensure(home).url
    command = [sys.executable, "-c", ENSURE, str(home), database_url]
    starters = [
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = {starter.communicate(timeout=patience(150))[0] for starter in starters}
    api_url = prefect_server.ensure(home, database_url)
    assert said == {f"{api_url} False\n"}  # one server; Prefect was not imported
    assert is_healthy(api_url)

    server = detached_process.running(home / "prefect/server.json")
    assert server is not None
    elsewhere = database_url.replace("127.0.0.1", "localhost")  # the Postgres has moved
    assert prefect_server.ensure(home, elsewhere) == api_url
    assert not server.is_running()
    assert is_healthy(api_url)

    assert prefect_server.stop(home) is True
    assert prefect_server.stop(home) is False
    assert not is_healthy(api_url)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int((home / "prefect/port").read_text())))


def asked_without_password(api_url: str) -> int:
    try:
        with urllib.request.urlopen(f"{api_url}/version", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.engine
def test_a_server_without_our_password_is_replaced(home: Path, monkeypatch: pytest.MonkeyPatch):
    """As an older program leaves it in an office that is upgraded in place: open, and running."""
    database_url = embedded.ensure(home).url
    start = detached_process.start

    def start_open(command: Any, record: Path, log: Path, env: Any) -> None:
        start(command, record, log, {k: v for k, v in env.items() if "AUTH_STRING" not in k})

    with monkeypatch.context() as patch:
        patch.setattr(detached_process, "start", start_open)
        api_url = prefect_server.ensure(home, database_url)
    assert asked_without_password(api_url) == 200
    serves = home / "prefect/serves"
    serves.write_text(serves.read_text().split(" sandi ")[0])
    (home / "prefect/password").unlink()

    api_url = prefect_server.ensure(home, database_url)
    assert asked_without_password(api_url) == 401
    password = home / "prefect/password"
    assert password.stat().st_mode & 0o077 == 0
    known = prefect_server.environment(home, api_url)["PREFECT_API_AUTH_STRING"]
    assert known == f"iku:{password.read_text()}"

    password.unlink()  # as the runbook says of a password that leaked
    prefect_server.ensure(home, database_url)
    assert prefect_server.password(home) != known
    assert asked_without_password(api_url) == 401


def test_a_password_that_others_can_read_is_not_used(tmp_path: Path):
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect/port").write_text("4321")
    (tmp_path / "prefect/password").write_text("terbuka")
    (tmp_path / "prefect/password").chmod(0o644)
    with pytest.raises(prefect_server.PrefectUnavailable, match="terbuka bagi pengguna lain"):
        prefect_server.environment(tmp_path, "http://127.0.0.1:4321/api")
    assert pulse.pulse(tmp_path) is None  # nothing is expected here
    (tmp_path / "prefect/worker.json").touch()
    seen = pulse.pulse(tmp_path)
    assert seen is not None
    assert seen.is_refused


def test_a_server_of_the_users_own_is_used_and_nothing_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.contoh/api")
    assert prefect_server.ensure(tmp_path, "postgresql://") == "http://prefect.contoh/api"
    names = prefect_server.environment(tmp_path, "http://prefect.contoh/api")
    assert names["PREFECT_API_URL"] == "http://prefect.contoh/api"
    assert "PREFECT_HOME" not in names
    assert "PREFECT_API_AUTH_STRING" not in names
    assert not list(tmp_path.iterdir())


def test_a_client_is_quiet_and_speaks_to_the_server_directly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "DEBUG")
    monkeypatch.setenv("no_proxy", "contoh.go.id")
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect/port").write_text("4321")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "iku:punya server lain")
    names = prefect_server.environment(tmp_path, "http://127.0.0.1:4321/api")
    secret = (tmp_path / "prefect/password").read_text()
    assert names["PREFECT_API_AUTH_STRING"] == f"iku:{secret}"  # the server takes no other
    assert names["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert names["PREFECT_LOGGING_LEVEL"] == "DEBUG"  # the user's own word stays
    assert names["DO_NOT_TRACK"] == "1"
    assert names["no_proxy"] == names["NO_PROXY"] == "contoh.go.id,127.0.0.1"


def test_the_log_of_what_died_outlives_the_next_start(tmp_path: Path):
    record, log = tmp_path / "proses.json", tmp_path / "proses.log"
    for word in ("pertama", "kedua"):
        detached_process.start([sys.executable, "-c", f"print('{word}')"], record, log, os.environ)
        wait_for(lambda word=word: word in log.read_text(), word)
    assert log.with_suffix(".log.old").read_text() == "pertama\n"


@pytest.mark.parametrize("seconds", ["59", "60"])
def test_somebody_elses_process_is_never_ended(tmp_path: Path, seconds: str):
    record = tmp_path / "prefect/server.json"
    record.parent.mkdir()
    # Another command has the pid by now; or this folder is a copy and the original's server runs.
    with subprocess.Popen(["sleep", "60"], cwd=PROJECT) as stranger:
        record.write_text(f'{{"pid": {stranger.pid}, "command": ["sleep", "{seconds}"]}}')
        assert prefect_server.stop(tmp_path) is False
        assert psutil.pid_exists(stranger.pid)
        assert stranger.poll() is None
        stranger.kill()
