"""What the containers of docker-compose.yml run, run outside of them in the order of Compose."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest
import yaml
from sqlalchemy import make_url

from flows.machine.ports import free_port
from tests.conftest import ROOT, Server
from tests.flows.one_machine import wait_for
from tests.flows.sinks import webhook
from tests.pace import patience
from tests.warehouse import steps

pytestmark = pytest.mark.engine

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
)["services"]
# A container finds its programs on the PATH; here they are those of this Python.
GRACE = 10  # seconds that Compose gives a service to end before it kills it
PROGRAMS = {"iku": ["-c", "from flows.cli import main; main()"], "prefect": ["-m", "prefect"]}
SECRETS = {name: f"sandi-{name.lower()}" for name in (
    "POSTGRES_PASSWORD", "IKU_WRITER_PASSWORD", "IKU_METABASE_PASSWORD", "IKU_PSEUDONYM_KEY",
    "PREFECT_DATABASE_PASSWORD", "METABASE_DATABASE_PASSWORD", "PREFECT_PASSWORD",
)}  # fmt: skip


class Office:
    """The server of an office without Docker: its addresses stand for the names of containers."""

    def __init__(self, server: Server, folder: Path, database: str) -> None:
        self.folder = folder
        url = make_url(server.url)
        self.port = str(free_port(folder / "prefect-port"))
        self.health = str(free_port(folder / "health-port"))
        passwords = steps.passwords(server)
        own = {"IKU_WRITER_PASSWORD": passwords.writer, "IKU_METABASE_PASSWORD": passwords.reader}
        self.secrets = {**SECRETS, **own, "POSTGRES_PASSWORD": str(url.password)}
        self.places = {
            "@postgres:5432": f"@{url.host}:{url.port}",
            "http://prefect:4200": f"http://127.0.0.1:{self.port}",
            "/var/lib/iku": str(folder / "home"),
            "/var/lib/prefect": str(folder / "prefect-prefect"),
            "/tmp/prefect": str(folder / "prefect-client"),
            "/inbox": str(folder / "inbox"),
            "/outbox": str(folder / "outbox"),
            "/config": str(folder / "config"),
        }
        self.database = database

    def environment(self, service: str) -> dict[str, str]:
        """Return the environment of a container, led to the places of this machine."""
        given = {n: v for n, v in os.environ.items() if not n.startswith(("IKU_", "PREFECT_"))}
        given |= {
            "IKU_HOME": str(self.folder / "home"),
            "PREFECT_HOME": str(self.folder / f"prefect-{service}"),
            "PYTHONPATH": str(ROOT),
        }
        given |= {n: self._here(v) for n, v in SERVICES[service].get("environment", {}).items()}
        if "IKU_DATABASE" in given:
            given["IKU_DATABASE"] = self.database
        return given | {
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_WORKER_WEBSERVER_PORT": self.health,
        }

    def command(self, service: str) -> list[str]:
        """Return the command of a container for this Python, these ports, and little time."""
        program, *words = map(str, SERVICES[service]["command"])
        heard = {"0.0.0.0": "127.0.0.1", "4200": self.port, "600": "1"}
        return [sys.executable, *PROGRAMS[program], *(heard.get(word, word) for word in words)]

    def run(self, service: str) -> str:
        """Run a one-shot to its end and return what it said."""
        done = subprocess.run(
            self.command(service), env=self.environment(service), cwd=self.folder,
            capture_output=True, text=True, timeout=patience(120), check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def health_check(self, service: str) -> tuple[int, str]:
        """Ask a service as Compose does; return how that ended and what it said."""
        program, *words = SERVICES[service]["healthcheck"]["test"][1:]
        done = subprocess.run(
            [sys.executable, *PROGRAMS[program], *words], env=self.environment(service),
            cwd=self.folder, capture_output=True, text=True, timeout=patience(120), check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def log(self, service: str) -> str:
        """Return what a service that stays has said so far."""
        return (self.folder / f"{service}.log").read_text(encoding="utf-8")

    @contextmanager
    def running(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        """Keep a service that stays while the block runs, and end it as Compose does."""
        with (self.folder / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(service), env=self.environment(service), cwd=self.folder,
                stdout=log, stderr=log,
            )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
            process.kill()
            process.wait()

    def _here(self, value: object) -> str:
        said = re.sub(r"\$\{(\w+)[^}]*\}", lambda m: self.secrets.get(m[1], ""), str(value))
        for there, here in self.places.items():
            said = said.replace(there, here)
        return said


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:
    """Give an office in databases of its own; Prefect's and Metabase's keep their names."""
    names = ("office_of_compose", "prefect", "metabase")
    with steps.admin(server, "postgres") as connection:
        drop(connection, names)
        yield Office(server, tmp_path, names[0])
        drop(connection, names)


def drop(connection: Any, databases: tuple[str, ...]) -> None:
    for name in databases:
        steps.ask(connection, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def is_well(url: str) -> bool:
    try:
        return httpx.get(url, timeout=patience(5)).is_success
    except httpx.TransportError:
        return False


def test_the_containers_commands_bring_an_office_up(office: Office, server: Server):
    said = office.run("migrate")
    assert " ".join(said.split()) == "Siap: basis data office_of_compose, prefect, metabase."
    assert office.run("migrate") == said  # again at each `up`
    for name in ("prefect", "metabase"):
        password = office.secrets[f"{name.upper()}_DATABASE_PASSWORD"]
        login = make_url(server.url).set(
            drivername="postgresql", username=name, password=password, database=name
        )
        psycopg2.connect(login.render_as_string(hide_password=False)).close()

    with office.running("prefect"):
        api = f"http://127.0.0.1:{office.port}/api"
        wait_for(lambda: is_well(f"{api}/health"), "Prefect's server")
        assert "<html" in httpx.get(api.replace("/api", "/v2/"), timeout=patience(10)).text
        assert office.run("deployments").startswith("Terdaftar: nightly, refresh")
        office.run("deployments")
        address = f"{api}/deployments/filter"
        stranger = httpx.post(address, json={}, timeout=patience(10))
        assert stranger.status_code == httpx.codes.UNAUTHORIZED
        known = httpx.Client(auth=("iku", SECRETS["PREFECT_PASSWORD"]), timeout=patience(10))
        found = known.post(address, json={}).json()
        assert len(found) == len({one["name"] for one in found}) >= 4
        assert all(one["pull_steps"] == [] for one in found)
        with office.running("worker"):
            wait_for(lambda: is_well(f"http://127.0.0.1:{office.health}/health"), "the worker")
            refresh = next(one["id"] for one in found if one["name"] == "refresh")
            asked = {"parameters": {"office": steps.OFFICE}, "state": {"type": "SCHEDULED"}}
            address = f"{api}/deployments/{refresh}/create_flow_run"
            started = known.post(address, json=asked).json()

            def ended() -> Any:
                run = known.get(f"{api}/flow_runs/{started['id']}").json()
                return run["state_type"] in ("COMPLETED", "FAILED", "CRASHED") and run

            assert wait_for(ended, "the refresh")["state_type"] == "COMPLETED"
            somebody_watches(office)
        known.close()
    code, seen = office.health_check("watch")
    assert code == 1
    assert f"PERIKSA: Server Prefect: {api} tidak menjawab" in seen
    warehouse = steps.open_at(server, office.database, None)
    assert steps.count(warehouse, "ops.run")
    warehouse.engine.dispose()


def somebody_watches(office: Office) -> None:
    """The watching service sees all that runs, and tells what is not well: sources are overdue."""
    with webhook() as sink:
        office.secrets["IKU_NOTIFY"] = sink.address
        with office.running("watch"):
            wait_for(lambda: "Pesan: terkirim semua" in office.log("watch"), "the watchdog")
    shown = office.log("watch").splitlines()
    alarms = {line.split(": ")[1] for line in shown if not line.startswith("baik: ")}
    assert alarms - {"Ruang disk"} == {f"Sumber {steps.OFFICE}"}
    assert "baik: Server Prefect: menjawab" in shown
    assert any(line.startswith("baik: Pekerja Prefect: terakhir terdengar") for line in shown)
    told = [title.partition(": ")[2].partition(",")[0] for title, _ in sink.got]
    assert any("nilai berubah" in title for title in told)  # the digest of the refresh
    assert "sumber perlu diperiksa" in told
    code, seen = office.health_check("watch")
    assert code == 1
    assert f"PERIKSA: Sumber {steps.OFFICE}" in seen
