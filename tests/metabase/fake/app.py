"""The stand-in on a real socket: routing, rights, faults, and a log of every request."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from tests.metabase.fake import administration, content, data, sql
from tests.metabase.fake.errors import Refusal, forbidden, unauthenticated
from tests.metabase.fake.store import ROUTES, Call, Store

MODULES = (administration, content, data)
"""Those that register the routes."""

ROUTE_MISSING = "API endpoint does not exist."
INITIALIZING = "Metabase is still initializing. Please sit tight..."


@dataclass
class Fault:
    """Something that goes wrong with requests.

    Attributes:
        when: which requests.
        kind: cut (done, then the line is cut), lost (cut before it is done), slow (done, answered
            late), edit (somebody else is faster), or a status of HTTP.
        times: how often.
        edit: what the other one does.
    """

    when: Callable[[Call], bool]
    kind: str | int
    times: int = 1
    edit: Callable[[Store], None] | None = None


@dataclass
class Logged:
    """One request and its answer."""

    method: str
    path: str
    body: Any
    status: int

    @property
    def is_write(self) -> bool:
        return self.method != "GET" and not self.path.endswith("/query")


class Cut(Exception):
    """The connection ends without an answer."""


@dataclass(repr=False)
class Fake:
    """One instance: its state, its faults, what was asked of it."""

    store: Store = field(default_factory=Store)
    faults: list[Fault] = field(default_factory=list)
    log: list[Logged] = field(default_factory=list)
    slow_seconds: float = 1.0
    url: str = ""

    def __repr__(self) -> str:
        return f"Fake({self.url})"

    def renew(self, store: Store) -> None:
        """Become another instance at the same address."""
        self.store, self.faults, self.log = store, [], []
        sql.close_connections()

    @property
    def writes(self) -> list[Logged]:
        return [one for one in self.log if one.is_write]

    def key(self) -> str:
        """Return an administrator's key, as if set up long ago."""
        administration.add_user(self.store, "kepala@example.test", admin=True, password="x" * 12)
        call = Call("POST", "", {}, {"name": "uji", "group_id": self.store.admins["id"]})
        return administration.make_key(self.store, call)["unmasked_key"]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw = b""
        more = True
        while more:
            message = await receive()
            raw += message.get("body", b"")
            more = message.get("more_body", False)
        try:
            status, kind, answer = await asyncio.to_thread(self._respond, scope, raw)
        except Cut:
            # Not an answer of 500, but none at all: the transport of uvicorn's request is ended.
            receive.__self__.transport.abort()
            return
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _respond(self, scope: Any, raw: bytes) -> tuple[int, str, bytes]:
        path = scope["path"].rstrip("/") or "/"
        call = Call(scope["method"], path, parse_qs(scope["query_string"].decode()), None)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        with self.store.lock:
            try:
                call.body = json.loads(raw) if raw else None
                answer = self._handle(call, headers)
                status = 204 if answer is None else 200
                if isinstance(answer, Refusal):
                    status, answer = answer.status, answer.body
            except json.JSONDecodeError as error:
                status, answer = 400, {"error": f"{error.msg} at {error.lineno}:{error.colno}"}
            except Refusal as refusal:
                status, answer = refusal.status, refusal.body
            self.log.append(Logged(call.method, path, call.body, status))
        self._after(call)
        if answer is None:
            return status, "text/plain", b""
        if isinstance(answer, str):
            return status, "text/plain; charset=utf-8", answer.encode()
        return status, "application/json;charset=utf-8", json.dumps(answer).encode()

    def _handle(self, call: Call, headers: dict[str, str]) -> Any:
        if self.store.initializing > 0 and call.path != "/api/health":
            raise Refusal(503, INITIALIZING)
        fault = self._fault(call, ("cut", "slow"), among=False)
        if fault is not None:
            self._go_wrong(fault)
        found = _match(call.method, call.path)
        if found is None:
            raise Refusal(404, ROUTE_MISSING)
        route, parts = found
        self._authenticate(call, headers)
        if route.who != "public" and call.user is None:
            raise unauthenticated()
        if route.who == "admin" and not (call.user and call.user["is_superuser"]):
            raise forbidden()
        return route.handler(self.store, call, *parts)

    def _go_wrong(self, fault: Fault) -> None:
        if fault.kind == "lost":
            raise Cut
        if fault.edit is not None:
            fault.edit(self.store)
        else:
            raise Refusal(int(fault.kind), f"fault {fault.kind}")

    def _authenticate(self, call: Call, headers: dict[str, str]) -> None:
        if "x-api-key" in headers:
            for row in self.store.rows["api_key"].values():
                if row["key"] == headers["x-api-key"]:
                    call.user = self.store.rows["user"][row["user_id"]]
        session = headers.get("x-metabase-session")
        if session in self.store.sessions:
            call.session = session
            call.user = self.store.rows["user"][self.store.sessions[session]]

    def _fault(self, call: Call, kinds: tuple[str, ...], among: bool) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and (fault.kind in kinds) == among and fault.when(call):
                fault.times -= 1
                return fault
        return None

    def _after(self, call: Call) -> None:
        fault = self._fault(call, ("cut", "slow"), among=True)
        if fault is not None and fault.kind == "cut":
            raise Cut
        if fault is not None:
            time.sleep(self.slow_seconds)

    @contextmanager
    def running(self) -> Iterator[Fake]:
        """Serve on a free port of this machine."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            self,
            interface="asgi3",
            proxy_headers=False,
            log_level="critical",
            lifespan="off",
            timeout_keep_alive=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield self
        finally:
            server.should_exit = server.force_exit = True
            thread.join()
            listener.close()
            sql.close_connections()


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _match(method: str, path: str) -> tuple[Any, list[str]] | None:
    """Return the route of a path; a part of the wrong type is no route."""
    for route in ROUTES:
        if route.pattern not in _PATTERNS:
            pattern = route.pattern.replace("{id}", r"(\d+)").replace("{key}", r"([^/]+)")
            _PATTERNS[route.pattern] = re.compile(pattern)
        found = _PATTERNS[route.pattern].fullmatch(path)
        if found and route.method == method:
            return route, list(found.groups())
    return None
