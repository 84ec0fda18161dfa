"""A web server on this machine with faults on demand, and what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Answer = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """What a server answers by path, and the requests it got."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.over = Event()  # set when the test ends, so that no slow answer outlives it


@contextmanager
def serving() -> Iterator[Web]:
    """Start a server and stop it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.asked.append((self.command, self.path, dict(self.headers)))
            web.answers.get(self.path.partition("?")[0], status(404))(self)

        do_HEAD = do_GET  # asked for, it would be a second request

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on the test's screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web = Web(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield web
    finally:
        web.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def content(body: bytes, kind: str = "text/csv") -> Answer:
    """Answer with a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def status(code: int, body: bytes = b"") -> Answer:
    """Answer with a status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(target: str) -> Answer:
    """Answer with another address."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def cut(body: bytes, promised: int) -> Answer:
    """Promise more bytes than are sent, then hang up."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(promised))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def endless(block: bytes, blocks: int) -> Answer:
    """Send block after block without ever telling a length."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(blocks):
                handler.wfile.write(block)
        except OSError:
            return  # the client has enough

    return answer


def silent(web: Web) -> Answer:
    """Take the request and say nothing until the test is over."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        web.over.wait(30)
        handler.close_connection = True

    return answer
