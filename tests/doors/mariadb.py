"""A real MariaDB in a folder of its own, run by an account without rights."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymysql
import pytest

from tests.pace import patience

SECONDS = 60
ACCOUNT = "nobody"  # a server will not run as root


@dataclass(frozen=True)
class MariaDb:
    """A running server with the database `skm`, and an account that may do more than read."""

    port: int
    socket: str
    certificate: str
    password: str = "rahasia-uji"

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """Run statements as the administrator; return the rows of the last."""
        with closing(pymysql.connect(unix_socket=self.socket, user="root")) as connection:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                found = list(cursor.fetchall())
            connection.commit()
            return found


@contextmanager
def running() -> Iterator[MariaDb]:
    """Start a server on the loopback interface, and stop it; skipped where none is installed."""
    program, install = (
        shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
        for name in ("mariadbd", "mariadb-install-db")
    )
    if program is None or install is None:
        pytest.skip(
            "MariaDB is not installed (Debian: apt install mariadb-server-core mariadb-client-core)"
        )
    is_root = os.geteuid() == 0
    # Not under the folder of the tests: no other account may enter it, and its path is too long.
    with tempfile.TemporaryDirectory(prefix="iku-") as folder:
        if is_root:
            shutil.chown(folder, ACCOUNT)
        shared = [f"--datadir={folder}/data", *([f"--user={ACCOUNT}"] if is_root else [])]
        subprocess.run(
            [install, "--no-defaults", "--auth-root-authentication-method=normal",
             "--skip-test-db", *shared],
            check=True,
            capture_output=True,
        )  # fmt: skip
        key, certificate = self_signed(Path(folder))
        if is_root:
            shutil.chown(key, ACCOUNT)
        given = MariaDb(_free_port(), f"{folder}/socket", str(certificate))
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(
                [program, "--no-defaults", "--bind-address=127.0.0.1", f"--port={given.port}",
                 f"--socket={given.socket}", f"--pid-file={folder}/pid", "--skip-name-resolve",
                 "--innodb-buffer-pool-size=16M", f"--ssl-key={key}",
                 f"--ssl-cert={certificate}", *shared],
                stdout=log,
                stderr=log,
            )  # fmt: skip
        try:
            _wait(server, given, Path(folder) / "log")
            # More rights than it should have: what stops a mistake must be ours.
            given.run(
                "CREATE DATABASE skm CHARACTER SET utf8mb4",
                f"CREATE USER pembaca@'127.0.0.1' IDENTIFIED BY '{given.password}'",
                "GRANT ALL ON skm.* TO pembaca@'127.0.0.1'",
                "GRANT FILE ON *.* TO pembaca@'127.0.0.1'",
            )
            yield given
        finally:
            server.terminate()
            server.wait(patience(SECONDS))


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Make a key and a certificate of 127.0.0.1 that vouches for itself."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed (Debian: apt install openssl)")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return key, certificate


def _wait(server: subprocess.Popen[bytes], given: MariaDb, log: Path) -> None:
    until = time.monotonic() + patience(SECONDS)
    while "ready for connections" not in log.read_text(errors="replace"):
        if server.poll() is not None or time.monotonic() > until:
            pytest.fail(log.read_text(errors="replace")[-3000:])
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
