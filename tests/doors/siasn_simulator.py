"""A simulator of the SIASN web service on a real socket, with faults on demand.

It knows the two tokens and the two endpoints that we read. A fault is used up by the request that
meets it; requests that meet none are answered as the service answers them.
"""

from __future__ import annotations

import base64
import json
import threading
import urllib.parse
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CONSUMER_KEY = "kunci-contoh"
CONSUMER_SECRET = "rahasia-gateway-contoh"
CLIENT_ID = "klien-contoh"
USERNAME = "190001012000011001"
PASSWORD = "sandi-sso-contoh"

NOT_FOUND = {"code": 0, "data": "Data tidak ditemukan"}


@dataclass(frozen=True)
class Fault:
    """Something else than the answer: after a delay a status and body, a cut, or a slow drip.

    Attributes:
        change: what to make of the answer that the service would have given.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    change: Callable[[Any], Any] | None = None
    delay_seconds: float = 0
    drip_seconds: float = 0
    is_cut: bool = False


def too_many(retry_after: str | None = None) -> Fault:
    """Answer 429, with or without `Retry-After`."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Fault(429, headers, b'{"message": "Too many requests"}')


def broken(status: int = 500) -> Fault:
    """Answer that the server failed."""
    return Fault(status, body=b"<html>Internal Server Error</html>")


def said(body: Any) -> Fault:
    """Answer 200 with this body instead."""
    return Fault(body=body if isinstance(body, bytes) else json.dumps(body).encode())


def changed(change: Callable[[Any], Any]) -> Fault:
    """Answer 200 with what the function makes of the right answer."""
    return Fault(change=change)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


class Simulator:
    """The service: who is known to it, what was asked, and which faults are waiting."""

    def __init__(self) -> None:
        self.scores: dict[str, dict[str, Any]] = {}
        self.master_data: dict[str, dict[str, Any]] = {}
        self.asked: list[Asked] = []
        self.at_once = 0
        self.most_at_once = 0
        self.faults: deque[Fault] = deque()
        self.token_faults: deque[Fault] = deque()
        self.always: Fault | None = None
        self.always_for: dict[str, Fault] = {}
        self.is_closing = threading.Event()
        self.url = ""
        self._valid: dict[str, set[str]] = {"gateway": set(), "sso": set()}
        self._issued = 0

    def add(
        self, nip: str, scores: tuple[str, str, str, str, str], made: str, **other: Any
    ) -> None:
        """Let the service know somebody with the scores of four dimensions and their total."""
        names = ("kualifikasi", "kompetensi", "kinerja", "disiplin", "subtotal")
        numbers = {name: json.loads(text) for name, text in zip(names, scores, strict=True)}
        self.scores[nip] = {**numbers, "created_at": made, **other}
        self.master_data[nip] = {
            "id": "A5EB03E2-CONTOH",
            "nipBaru": nip,
            "nama": "Namarahasia",
            "nik": "1271010101900001",
            "noHp": "081234567890",
            "alamat": "Jalan Contoh 1",
            "email": "pegawai@contoh.example",
            "kedudukanPnsId": "01",
            "jenisJabatanId": "2",
        }

    def expire(self, *tokens: str) -> None:
        """Let tokens that were issued expire: `gateway`, `sso`."""
        for token in tokens:
            self._valid[token].clear()

    def issue(self, kind: str) -> str:
        """Make a token."""
        self._issued += 1
        token = f"{kind}-{self._issued}"
        self._valid[kind].add(token)
        return token

    def lets_in(self, headers: Mapping[str, str]) -> bool:
        """Tell whether both tokens are valid."""
        gateway = headers.get("authorization", "").removeprefix("Bearer ")
        sso = headers.get("auth", "").removeprefix("bearer ")
        return gateway in self._valid["gateway"] and sso in self._valid["sso"]

    def paths(self) -> list[str]:
        """Return the paths that were asked for, without those of tokens."""
        return [asked.path for asked in self.asked if "/token" not in asked.path]

    def tokens_made(self) -> list[str]:
        """Return which tokens were asked for."""
        return [
            "gateway" if asked.path == "/oauth2/token" else "sso"
            for asked in self.asked
            if "/token" in asked.path
        ]

    def answer(self, path: str) -> Any:
        """Return what the service says of a path."""
        for start, known in (
            ("/apisiasn/1.0/pns/nilaiipasn/", self.scores),
            ("/apisiasn/1.0/pns/data-utama/", self.master_data),
        ):
            if path.startswith(start):
                record = known.get(path.removeprefix(start))
                return NOT_FOUND if record is None else {"code": 1, "data": record}
        return None

    def next_fault(self, path: str) -> Fault | None:
        """Take the fault that a request for this path meets."""
        waiting = self.token_faults if "/token" in path else self.faults
        if waiting:
            return waiting.popleft()
        if "/token" in path:
            return None
        return self.always_for.get(path.rsplit("/", 1)[-1], self.always)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each small answer waits for 40 ms
    simulator: Simulator

    def do_GET(self) -> None:
        self._serve("")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._serve(self.rfile.read(length).decode())

    def log_message(self, *_: Any) -> None:
        """Say nothing: what was asked is kept."""

    def _serve(self, body: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.simulator.asked.append(Asked(self.command, self.path, headers, body))
        fault = self.simulator.next_fault(self.path) or Fault()
        status, given = self._right(headers, body)
        if status == 200:
            status = fault.status
            given = fault.change(given) if fault.change else given
        content = json.dumps(given).encode() if fault.body is None else fault.body
        self.simulator.at_once += 1
        self.simulator.most_at_once = max(self.simulator.most_at_once, self.simulator.at_once)
        self.simulator.is_closing.wait(fault.delay_seconds)
        self.simulator.at_once -= 1
        self.close_connection = True
        if fault.is_cut:
            self._send(status, fault.headers, content[: len(content) // 2], len(content))
        else:
            self.close_connection = False
            self._send(status, fault.headers, content, len(content), fault.drip_seconds)

    def _right(self, headers: Mapping[str, str], body: str) -> tuple[int, Any]:
        """Return what the service answers when nothing is wrong with it."""
        if "/token" in self.path:
            return self._token(headers, body)
        if self.command != "GET":
            return 405, {"message": "read only"}
        if not self.simulator.lets_in(headers):
            return 401, {"message": "Invalid Credentials"}
        answer = self.simulator.answer(self.path)
        return (404, {"message": "no such resource"}) if answer is None else (200, answer)

    def _token(self, headers: Mapping[str, str], body: str) -> tuple[int, Any]:
        said = dict(urllib.parse.parse_qsl(body))
        if self.path == "/oauth2/token":
            pair = base64.b64encode(f"{CONSUMER_KEY}:{CONSUMER_SECRET}".encode()).decode()
            right = said == {"grant_type": "client_credentials"}
            right = right and headers.get("authorization") == f"Basic {pair}"
            kind = "gateway"
        else:
            right = said == {
                "grant_type": "password",
                "client_id": CLIENT_ID,
                "username": USERNAME,
                "password": PASSWORD,
            }
            kind = "sso"
        if not right or self.command != "POST":
            return 401, {"error": "invalid_grant"}
        return 200, {"access_token": self.simulator.issue(kind), "expires_in": 3600}

    def _send(
        self,
        status: int,
        headers: Mapping[str, str],
        content: bytes,
        length: int,
        drip_seconds: float = 0,
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()
        step = 1 if drip_seconds else max(1, len(content))
        for place in range(0, len(content), step):
            self.wfile.write(content[place : place + step])
            self.wfile.flush()
            self.simulator.is_closing.wait(drip_seconds)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that went away: some tests want that."""


@contextmanager
def running() -> Iterator[Simulator]:
    """Run a simulator on a free port of this machine."""
    simulator = Simulator()
    handler = type("Handler", (_Handler,), {"simulator": simulator})
    server = _Server(("127.0.0.1", 0), handler)
    simulator.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield simulator
    finally:
        simulator.is_closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
