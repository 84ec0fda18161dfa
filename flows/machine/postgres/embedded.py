"""Embedded Postgres: start, find and stop the one server that keeps its data in the home folder.

home/postgres holds `password`, `port`, `lock` and the folder `cluster` with the data and the log.
When the user is root, the server runs as an unprivileged account. If that account cannot reach
the home, the cluster lies in /var/lib/iku and home/postgres/place names it: rights of folders that
are not ours are never changed. The server outlives whoever started it, until `stop`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg2

from flows.machine.one_at_a_time import one_at_a_time
from flows.machine.ports import free_port
from flows.machine.postgres.place import cluster, make_cluster, reopen_cluster
from flows.machine.postgres.programs import (
    Account,
    PostgresUnavailable,
    account,
    give,
    programs,
    run,
)
from flows.machine.secret_files import SecretFileError, secret

START_SECONDS = 300  # recovery after a power cut reads up to max_wal_size
LOG_BYTES = 5_000_000  # a longer log is put aside at the next start
# On the command line, not in a file: as root we write nothing where another account may write.
# The log leaves out errors and statements of clients: they quote rows, so names and NIPs.
SETTINGS = (
    "listen_addresses=127.0.0.1 unix_socket_directories= password_encryption=scram-sha-256 "
    "max_connections=100 shared_buffers=192MB max_wal_size=2GB wal_compression=on jit=off "
    "timezone=UTC log_timezone=UTC logging_collector=off log_checkpoints=off "
    "log_min_messages=log log_min_error_statement=panic"
)


@dataclass(frozen=True)
class Server:
    """A running server; `url` is the superuser's, on database postgres, and holds a password."""

    url: str = field(repr=False)
    host: str
    port: int


@dataclass(frozen=True)
class Status:
    """What a home has: the data's folder and major version (None: no data), port (None: down)."""

    data: Path | None
    major: str | None
    port: int | None


def ensure(home: Path) -> Server:
    """The server of this home, started, and its data made, if need be.

    Raises:
        PostgresUnavailable: with a message for the user.
    """
    home = home.resolve()
    with _plain_errors():
        if server := _connect(home):
            return server
        with one_at_a_time(home / "postgres"):
            data = cluster(home) / "data"
            password_lost = data.exists() and not (home / "postgres/password").exists()
            if password_lost:
                _stop(data)
            return _wait(home) or _start(home, password_lost)


def running(home: Path) -> Server | None:
    """The server of this home if it runs and answers; starts nothing."""
    with _plain_errors():
        return _connect(home.resolve())


def stop(home: Path) -> bool:
    """End the server of this home, breaking off what its clients do; False when none ran."""
    home = home.resolve()
    with _plain_errors():
        if _postmaster(cluster(home) / "data") is None:
            return False
        with one_at_a_time(home / "postgres"):
            return _stop(cluster(home) / "data")


def remove(home: Path) -> None:
    """End the server and delete its data for good, wherever they lie."""
    stop(home)
    shutil.rmtree(cluster(home.resolve()), ignore_errors=True)
    (home / "postgres/place").unlink(missing_ok=True)


def status(home: Path) -> Status:
    """What there is; starts nothing."""
    with _plain_errors():
        data = cluster(home.resolve()) / "data"
        if not data.exists():
            return Status(None, None, None)
        return Status(data, _major(data), _postmaster(data))


def _start(home: Path, password_lost: bool) -> Server:
    data = cluster(home) / "data"
    who = account(data)
    if data.exists():
        reopen_cluster(data.parent, who)
    else:
        data = make_cluster(home, who) / "data"
    log, kept = data.with_name("postgres.log"), home / "postgres/port"
    bindir = programs(who, _major(data))
    password = secret(home / "postgres", "password", None)
    if not data.exists():
        _make_data(data, bindir, who, password)
    (data / "postmaster.pid").unlink(missing_ok=True)  # of a dead server: the pid may be anyone's
    if password_lost:
        reset = f"ALTER ROLE postgres PASSWORD '{password}';\n"
        alone = [bindir / "postgres", "--single", "-D", data, "postgres"]
        failed, said = run(who, *alone, stdin=reset)
        if failed:
            raise PostgresUnavailable(f"Sandi baru untuk Postgres tidak dapat dibuat: {said}")
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.old"))
    for _ in range(15):  # children of a killed server linger; a free port can be lost again
        port = free_port(kept)
        options = " ".join(f"-c {setting}" for setting in [f"port={port}", *SETTINGS.split()])
        how = ["-D", data, "-l", log, "-o", options, "-w", "-t", START_SECONDS, "start"]
        failed, _ = run(who, bindir / "pg_ctl", *how, new_session=True)  # Ctrl-C is not for it
        if not failed and (server := _wait(home)):
            kept.write_text(str(port))
            return server
        time.sleep(0.5)
    raise PostgresUnavailable(f"Postgres bawaan tidak mau berjalan. Sebabnya di akhir {log}.")


def _make_data(data: Path, bindir: Path, who: Account, password: str) -> None:
    """Run initdb beside the final place, then rename: data that exist are complete."""
    for left in data.parent.glob("initdb-*"):
        shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix="initdb-", dir=data.parent))
    with open(draft / "password", "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
        f.write(password)
    give(draft / "password", who)
    give(draft, who)
    how = ["-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"]
    paths = ["-D", draft / "data", f"--pwfile={draft / 'password'}"]
    failed, said = run(who, bindir / "initdb", *how, *paths)
    if failed:
        raise PostgresUnavailable(f"Data Postgres tidak dapat dibuat di {data.parent}: {said}")
    (draft / "data").rename(data)
    shutil.rmtree(draft)


def _stop(data: Path) -> bool:
    if _postmaster(data) is None:
        return False
    who = account(data)
    how = ["-D", data, "-m", "fast", "-w", "-t", 60, "stop"]
    failed, said = run(who, programs(who) / "pg_ctl", *how)
    if failed and _postmaster(data) is not None:
        raise PostgresUnavailable(f"Postgres bawaan belum berhenti: {said}")
    return True


def _major(data: Path) -> str | None:
    return (data / "PG_VERSION").read_text().strip() if data.exists() else None


def _postmaster(data: Path) -> int | None:
    """The port of the server on these data (0: still starting), None when it is down."""
    with suppress(FileNotFoundError, IndexError, ValueError, psutil.Error):
        lines = (data / "postmaster.pid").read_text().splitlines()
        # A pid alone proves nothing: after a crash it may be a zombie's or somebody else's.
        if str(data) in psutil.Process(int(lines[0])).cmdline():
            return int(lines[3]) if len(lines) > 3 else 0
    return None


def _connect(home: Path) -> Server | None:
    """The server if it is up and takes our password, None if it is down or not ready."""
    port = _postmaster(cluster(home) / "data")
    if not port or not (home / "postgres/password").exists():
        return None
    address = f"postgres:{secret(home / 'postgres', 'password', None)}@127.0.0.1:{port}/postgres"
    try:
        psycopg2.connect(f"postgresql://{address}", connect_timeout=5).close()
    except psycopg2.OperationalError as error:
        if "password authentication failed" not in str(error):
            return None
        raise PostgresUnavailable(
            f"Sandi di {home / 'postgres/password'} bukan sandi Postgres yang berjalan. "
            "Hapus berkas itu lalu ulangi: sandi baru dibuat, data tetap ada."
        ) from None
    return Server(f"postgresql+psycopg2://{address}", "127.0.0.1", port)


def _wait(home: Path) -> Server | None:
    """The server once it is ready, None as soon as it is down."""
    deadline = time.monotonic() + START_SECONDS
    while _postmaster(cluster(home) / "data") is not None:
        if server := _connect(home):
            return server
        if time.monotonic() > deadline:
            raise PostgresUnavailable("Postgres bawaan berjalan tetapi tidak menjawab.")
        time.sleep(0.05)
    return None


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except SecretFileError as error:
        raise PostgresUnavailable(str(error)) from error
    except OSError as error:
        raise PostgresUnavailable(
            f"Postgres bawaan tidak dapat dipakai: {error}. Jalankan dengan pengguna yang sama "
            "seperti saat pertama kali, atau isi IKU_DATABASE_URL."
        ) from error
