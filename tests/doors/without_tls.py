"""Somebody between us and a MySQL server who hides that the server speaks TLS."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

OFFERS_TLS = 0x08  # in the second byte of what the server can do
SECONDS = 10


@dataclass
class Between:
    """Where to connect instead, and what was said there after the greeting."""

    port: int
    heard: bytes = b""


@contextmanager
def without_tls(port: int) -> Iterator[Between]:
    """Pass on the greeting of the server without its offer, and hear what the client answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(SECONDS)
        between = Between(listening.getsockname()[1])

        def stand() -> None:
            client, _ = listening.accept()
            with client, socket.create_connection(("127.0.0.1", port), SECONDS) as server:
                client.settimeout(SECONDS)
                greeting = bytearray(server.recv(1 << 12))
                # After the head (4), the protocol (1) and the version: thread (4), salt (8), 0.
                can = greeting.index(0, 5) + 1 + 4 + 8 + 1
                greeting[can + 1] &= ~OFFERS_TLS
                client.sendall(greeting)
                between.heard = client.recv(1 << 12)

        standing = threading.Thread(target=stand)
        standing.start()
        yield between
        standing.join()
