"""One local Prefect server: started once, kept, with its database in the warehouse's Postgres.

home/prefect holds `port`, `server.json` (its process), `server.log`, `password` (which the server
asks of everybody), `database_password`, `lock` and Prefect's own files. Prefect is not imported:
commands that are no flows do without it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import psycopg2
from sqlalchemy import make_url

from flows.machine import detached_process
from flows.machine.one_at_a_time import one_at_a_time
from flows.machine.ports import free_port
from flows.machine.secret_files import SecretFileError, secret
from flows.warehouse import application_database

HOST = "127.0.0.1"
USER = "iku"  # Prefect knows one user only, whose name the page asks for with the password
START_SECONDS = 120
ANSWER_SECONDS = 30  # a server that is silent for so long hangs; it may just be busy
QUIET = {
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
# Tracebacks belong into the log of the run, which Prefect keeps; the command says one line.
WITHOUT_CONSOLE = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}


class PrefectUnavailable(RuntimeError):
    """There is no Prefect server to work with; the message, in Indonesian, says what to do."""


def ensure(home: Path, database_url: str) -> str:
    """Return the API's URL of this home's server, started, and its database made, if need be.

    A PREFECT_API_URL in the environment that is not ours is returned as it is: nothing starts.

    `database_url` names the Postgres, and a user who may make roles and databases there.

    Raises:
        PrefectUnavailable: with a message for the user.
    """
    folder = home.resolve() / "prefect"
    given = os.environ.get("PREFECT_API_URL")
    if given and given != _api_url(folder):
        return given
    with _plain_errors(folder):
        if not _serves(folder, database_url, 0):
            with one_at_a_time(folder):
                if not _serves(folder, database_url, ANSWER_SECONDS):
                    _start(folder, database_url)
    return _api_url(folder)


def stop(home: Path) -> bool:
    """End the server of this home; False when none ran."""
    folder = home.resolve() / "prefect"
    with _plain_errors(folder):
        if detached_process.running(folder / "server.json") is None:
            return False
        with one_at_a_time(folder):
            return detached_process.stop(folder / "server.json")


def is_ours(home: Path, api_url: str) -> bool:
    """Whether this is the API of this home's server: all its workers run on this machine."""
    return api_url == _api_url(home.resolve() / "prefect")


def is_running(home: Path) -> bool:
    """Whether the process of this home's server runs, busy or not."""
    return detached_process.running(home.resolve() / "prefect/server.json") is not None


def address(home: Path) -> str:
    """Return the API's URL of this home's server, running or not; empty when it never ran."""
    return _api_url(home.resolve() / "prefect")


def password(home: Path) -> str:
    """Return the password of this home's server, as `user:password`; it is made when missing.

    Raises:
        SecretFileError: its file cannot be read, or others may read it.
    """
    return f"{USER}:{secret(home.resolve() / 'prefect', 'password', None)}"


def environment(home: Path, api_url: str) -> dict[str, str]:
    """Return the variables of a client of this API; what the user has set stays.

    Raises:
        PrefectUnavailable: the password of our own server cannot be read.
    """
    folder = home.resolve() / "prefect"
    chosen = {
        name: os.environ.get(name, value) for name, value in (QUIET | WITHOUT_CONSOLE).items()
    }
    # For another API the key may lie in the profile in the user's own PREFECT_HOME.
    if api_url == _api_url(folder):
        chosen["PREFECT_HOME"] = os.environ.get("PREFECT_HOME", str(folder))
        with _plain_errors(folder):
            chosen["PREFECT_API_AUTH_STRING"] = password(home)
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if HOST not in direct.split(","):
        direct = f"{direct},{HOST}".strip(",")
    return chosen | {"PREFECT_API_URL": api_url, "no_proxy": direct, "NO_PROXY": direct}


def _start(folder: Path, database_url: str) -> None:
    of_database = secret(folder, "database_password", None)
    database = application_database.make(database_url, application_database.PREFECT, of_database)
    detached_process.stop(folder / "server.json")  # it hangs, or serves what is no more
    port = str(free_port(folder / "port"))
    (folder / "port").write_text(port)
    (folder / "serves").write_text(_identity(folder, database_url))
    # Nothing of the caller's own settings: the server outlives it and serves others.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "IKU_", "PG"))}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling Prefect costs seconds at each start
    env |= QUIET | {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": application_database.for_asyncpg(database),
        "PREFECT_SERVER_API_AUTH_STRING": password(folder.parent),
        # By default the page of anybody may ask.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port},http://localhost:{port}",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "ui"),  # else inside the venv
        # In memory, which is the default, a power cut would take a deployment's slot for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
        # After so many seconds a run that waits for its turn asks again; by default after 30.
        "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "5",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", port]
    record, log = folder / "server.json", folder / "server.log"
    detached_process.start(command, record, log, env)
    if not _serves(folder, database_url, START_SECONDS):
        detached_process.stop(record)
        raise PrefectUnavailable(f"Server Prefect tidak mau berjalan. Sebabnya ada di {log}.")


def _serves(folder: Path, database_url: str, seconds: int) -> bool:
    """Whether it runs on this Postgres and answers within so many seconds, more if it is young."""
    process = detached_process.running(folder / "server.json")
    if process is None or (folder / "serves").read_text() != _identity(folder, database_url):
        return False
    deadline = time.time() + seconds
    if seconds:  # it may still be starting, for another process that died meanwhile
        deadline = max(deadline, process.create_time() + START_SECONDS)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while detached_process.running(folder / "server.json"):
        health = f"{_api_url(folder)}/health"
        with suppress(OSError, HTTPException), direct.open(health, timeout=2) as answer:
            return bool(answer.status == 200)
        if time.time() >= deadline:
            break
        time.sleep(0.1)
    return False


def _api_url(folder: Path) -> str:
    with suppress(FileNotFoundError):
        return f"http://{HOST}:{(folder / 'port').read_text()}/api"
    return ""


def _identity(folder: Path, database_url: str) -> str:
    """What a running server must agree in: the Postgres, whose port can change; version; password.

    So one that an older program started without a password is replaced.
    """
    server = make_url(database_url)
    version = importlib.metadata.version("prefect")
    mark = hashlib.sha256(password(folder.parent).encode()).hexdigest()[:16]
    return f"{server.host}:{server.port} prefect {version} sandi {mark}"


@contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (SecretFileError, OSError, psycopg2.Error) as error:
        said = " ".join(str(error).split())
        raise PrefectUnavailable(
            f"Server Prefect di {folder} tidak dapat dipakai: {said}. Jalankan dengan pengguna "
            "yang sama seperti saat pertama kali, atau isi PREFECT_API_URL."
        ) from error
