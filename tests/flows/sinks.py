"""A mail server and a webhook on this machine that keep what they get, and refuse on demand."""

from __future__ import annotations

import email
import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Sink:
    """What was received: the title and the text of each message; it can be told to refuse."""

    def __init__(self) -> None:
        self.address = ""
        self.refuses = False
        self.got: list[tuple[str, str]] = []


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def mail_server() -> Iterator[Sink]:
    """Start a mail server that knows just enough of SMTP."""
    sink = Sink()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            if sink.refuses:
                self.say("421 tutup")
                return
            self.say("220 siap")
            while line := self.rfile.readline().decode().strip():
                match line.partition(" ")[0].upper():
                    case "DATA":
                        self.say("354 lanjut")
                        self.take()
                        self.say("250 diterima")
                    case "QUIT":
                        self.say("221 selesai")
                        return
                    case _:
                        self.say("250 baik")

        def take(self) -> None:
            raw = b"".join(iter(self.rfile.readline, b".\r\n"))
            message = email.message_from_bytes(raw, policy=policy.default)
            body = message.get_body(("plain",))
            sink.got.append((message["Subject"], body.get_content() if body else ""))

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    who = "from=gudang@contoh.example&to=pimpinan@contoh.example&format=text"
    sink.address = f"mailto://127.0.0.1:{port}?{who}"
    with _running(server):
        yield sink


@contextmanager
def webhook() -> Iterator[Sink]:
    """Start a web server that takes messages as JSON."""
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(503 if sink.refuses else 200)
            self.end_headers()
            if not sink.refuses:
                got = json.loads(body)
                sink.got.append((got["title"], got["message"]))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on the test's screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sink.address = f"json://127.0.0.1:{server.server_address[1]}/rahasia-alamat"
    with _running(server):
        yield sink
