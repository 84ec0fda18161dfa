"""Prefect asks everybody for its password: each attack is tried on the running server."""

from __future__ import annotations

import base64
import http.server
import json
import os
import re
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg2
import pytest
from sqlalchemy import make_url
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from flows.machine.postgres import embedded
from flows.warehouse.application_database import PREFECT
from tests.flows.one_machine import Machine, family
from tests.metabase import browser
from tests.pace import patience
from tests.warehouse import steps

pytestmark = pytest.mark.engine

NOBODY = 65534
FOREIGN = "https://evil.example"
OPEN_ROUTES = {("GET", "/api/health"), ("GET", "/api/ready")}
"""What Prefect leaves open: `true`, or whether its database answers."""
SOCKETS = (
    "/events/in",
    "/events/out",
    "/logs/out",
    "/task_runs/subscriptions/scheduled",
    "/work_pools/iku/workers/connect",
)
STRANGERS = {
    "no password": {},
    "another origin": {"Origin": FOREIGN},
    "a foreign Host": {"Host": "attacker.example"},
    "a wrong password": {"Authorization": "Basic " + base64.b64encode(b"iku:salah").decode()},
    "an empty password": {"Authorization": "Basic " + base64.b64encode(b"iku:").decode()},
    "a bearer": {"Authorization": "Bearer pnu_123"},
}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    served = Machine(tmp_path_factory.mktemp("locked"))
    process = served.serve()
    try:
        yield served
    finally:
        process.terminate()
        process.wait(60)
        embedded.remove(served.settings.home)


def harmful(machine: Machine) -> tuple[dict[str, Any], Path]:
    """Return what asks for a run whose command writes a file, and that file."""
    stolen = machine.folder / f"stolen-{uuid.uuid4()}"
    command = f"sh -c 'id > {stolen}'"
    return {"state": {"type": "SCHEDULED"}, "job_variables": {"command": command}}, stolen


def runs(machine: Machine) -> int:
    return int(machine.post("/flow_runs/count", {}))


def routes(machine: Machine) -> list[tuple[str, str]]:
    """Return every method and path that the server says it has, with something for each part."""
    told = machine.get("/openapi.json")
    return sorted(
        (method.upper(), "/api" + re.sub(r"\{[^}]+\}", str(uuid.UUID(int=1)), path))
        for path, methods in told["paths"].items()
        for method in methods
    )


@pytest.mark.parametrize("stranger", STRANGERS)
def test_every_route_refuses_a_stranger(machine: Machine, stranger: str):
    page = machine.api.removesuffix("/api")
    asked = routes(machine)
    assert len(asked) > 150
    answered = set()
    with httpx.Client(base_url=page, headers=STRANGERS[stranger], timeout=patience(30)) as client:
        for method, path in asked:
            answer = client.request(method, path, json={} if method != "GET" else None)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                answered.add((method, path))
    assert answered == OPEN_ROUTES


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("hello", [None, "", "iku:salah"])
def test_every_socket_refuses_a_stranger(machine: Machine, path: str, hello: str | None):
    token = base64.b64encode((hello or "").encode()).decode()
    first = {"type": "subscribe"} if hello is None else {"type": "auth", "token": token}
    with pytest.raises((ConnectionClosed, InvalidStatus)):
        heard(machine.api.replace("http:", "ws:") + path, first)


def heard(address: str, first: dict[str, str]) -> Any:
    """Return what a socket says to a first word."""
    with connect(address, subprotocols=["prefect"], origin=FOREIGN) as socket:
        socket.send(json.dumps(first))
        return socket.recv(timeout=patience(20))


def test_what_is_open_tells_nothing(machine: Machine):
    page = machine.api.removesuffix("/api")
    told = {path: httpx.get(page + path, timeout=patience(30)).json() for _, path in OPEN_ROUTES}
    assert told == {"/api/health": True, "/api/ready": {"message": "OK"}}
    settings = httpx.get(f"{page}/ui-settings", timeout=patience(30)).json()
    assert settings["auth"] == "BASIC"
    assert machine.password not in json.dumps(settings)


def test_no_foreign_page_may_read_an_answer(machine: Machine):
    def preflight(origin: str) -> httpx.Response:
        asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        return httpx.options(
            f"{machine.api}/deployments/filter", headers=asks, timeout=patience(30)
        )

    own = machine.api.removesuffix("/api")
    assert preflight(own).headers["access-control-allow-origin"] == own
    for origin in (FOREIGN, "null", own + "0"):
        assert preflight(origin).status_code == httpx.codes.BAD_REQUEST
        assert "access-control-allow-origin" not in preflight(origin).headers
    answer = httpx.get(f"{machine.api}/health", headers={"Origin": FOREIGN}, timeout=patience(30))
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid(), reason="only root becomes nobody")
def test_another_account_of_the_machine_runs_nothing(machine: Machine):
    body, stolen = harmful(machine)
    before = runs(machine)
    asked = f"{machine.api}/deployments/{machine.deployment('housekeeping')}/create_flow_run"
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    curl = ["curl", "--silent", "--write-out", "%{http_code}", "--output", os.devnull]
    header = ["--header", "content-type: application/json", "--data", json.dumps(body)]
    done = subprocess.run(
        [*nobody, *curl, *header, asked],
        capture_output=True,
        text=True,
        check=False,
        timeout=patience(60),
    )
    assert done.stdout == "401", done.stderr
    read = subprocess.run(
        [*nobody, "cat", machine.settings.home / "prefect/password"],
        capture_output=True, check=False, timeout=patience(60),
    )  # fmt: skip
    assert read.returncode != 0
    assert runs(machine) == before
    assert not stolen.exists()


@pytest.mark.skipif(browser.program() is None, reason="no Chromium here")
def test_a_foreign_page_in_a_browser_runs_nothing(machine: Machine):
    body, stolen = harmful(machine)
    before = runs(machine)
    address = f"{machine.api}/deployments/{machine.deployment('housekeeping')}/create_flow_run"
    simple = {"method": "POST", "mode": "no-cors", "body": json.dumps(body)}
    scripted = {"method": "POST", "headers": {"content-type": "application/json"}}
    script = (
        "(async () => {let said = [];"
        f"for (const how of [{json.dumps(scripted | {'body': json.dumps(body)})},"
        f" {json.dumps(simple)}])"
        f" try {{const answer = await fetch({json.dumps(address)}, how);"
        " said.push(answer.type + ' ' + answer.status);} catch (error) {said.push('blocked');}"
        "document.title = said.join(', ');})();"
    )
    with (
        foreign_page(f"<title></title><script>{script}</script>") as page,
        browser.browsing() as tab,
    ):
        tab.open(page, 800)
        while not (said := tab.ask("document.title")):
            time.sleep(0.1)
    # An opaque answer: the browser sent it, as it may, and the server refused.
    assert said == "blocked, opaque 0"
    assert runs(machine) == before
    assert not stolen.exists()


@contextmanager
def foreign_page(text: str) -> Iterator[str]:
    """Serve a page from another origin."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("name", ["command", "env", "working_dir", "name", "stream_output"])
def test_nobody_changes_what_a_run_runs(machine: Machine, name: str):
    body, stolen = harmful(machine)
    given = {"env": {"PYTHONSTARTUP": "x"}, "working_dir": str(machine.folder)}
    body["job_variables"] = {name: given.get(name, body["job_variables"]["command"])}
    before = runs(machine)
    path = f"/deployments/{machine.deployment('housekeeping')}/create_flow_run"
    answer = machine.ask("POST", path, body)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
    assert runs(machine) == before
    assert not stolen.exists()


def test_a_run_that_got_a_command_another_way_runs_the_flow(machine: Machine):
    """A run may be given one after it was made; the pool has no place for it."""
    body, stolen = harmful(machine)
    key = machine.ask(
        "POST", f"/deployments/{machine.deployment('housekeeping')}/create_flow_run",
        {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": "2099-01-01T00:00Z"}}},
    ).json()["id"]  # fmt: skip
    machine.ask("PATCH", f"/flow_runs/{key}", {"job_variables": body["job_variables"]})
    machine.post(f"/flow_runs/{key}/set_state", {"state": {"type": "SCHEDULED"}, "force": True})
    assert machine.ended(key)["state_type"] == "COMPLETED"
    assert not stolen.exists()


def test_nobody_signs_for_another(machine: Machine):
    given = {"office": steps.OFFICE, "reason": "coba", "who": "Kepala Kantor"}
    path = f"/deployments/{machine.deployment('refresh')}/create_flow_run"
    answer = machine.ask("POST", path, {"parameters": given, "state": {"type": "SCHEDULED"}})
    if answer.is_success:
        machine.ended(answer.json()["id"])
    run = machine.start("refresh", office=steps.OFFICE, reason="coba")
    assert machine.ended(run)["state_type"] == "COMPLETED"
    with machine.warehouse() as warehouse:
        who = [row["who"] for row in warehouse.rows("SELECT who FROM ops.refresh")]
    assert f"Prefect, putaran {run}" in who
    assert all(re.fullmatch(r"Prefect, putaran [0-9a-f-]{36}", one) for one in who), who


def test_the_password_is_in_no_command_log_or_table(machine: Machine):
    secret = machine.password
    forms = (secret, base64.b64encode(f"iku:{secret}".encode()).decode())
    home = machine.settings.home
    assert (home / "prefect/password").stat().st_mode & 0o077 == 0
    for process in family(psutil.Process()):
        assert not any(form in " ".join(process.cmdline()) for form in forms)
    for file in (machine.folder / "serve.log", *home.glob("prefect/*.log*")):
        assert not any(form in file.read_text(errors="replace") for form in forms), file
    assert not told_in_prefects_database(machine, forms)


def told_in_prefects_database(machine: Machine, forms: tuple[str, ...]) -> list[str]:
    """Return the tables of Prefect that hold one of these texts anywhere."""
    admin = make_url(embedded.ensure(machine.settings.home).url)
    url = admin.set(drivername="postgresql", database=PREFECT)
    with closing(psycopg2.connect(url.render_as_string(hide_password=False))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [name for (name,) in cursor.fetchall()]
            assert len(tables) > 20
            found = []
            for name in tables:
                for form in forms:
                    cursor.execute(
                        f'SELECT count(*) FROM "{name}" AS r WHERE strpos(r::text, %s) > 0', [form]
                    )
                    found += [name] if cursor.fetchone()[0] else []
    return found
