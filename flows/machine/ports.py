"""Free ports on the loopback address."""

from __future__ import annotations

import errno
import os
import random
import socket
from contextlib import suppress
from pathlib import Path


def free_port(kept: Path) -> int:
    """Return the port that the file `kept` holds if nobody listens there, else another one.

    Raises:
        OSError: a hundred ports drawn at random are all taken.
    """
    # Below the ports that the system gives to outgoing calls.
    ports = random.sample(range(20000, 32000), 100)
    with suppress(FileNotFoundError, ValueError):
        ports.insert(0, int(kept.read_text()))
    for port in ports:
        with socket.socket() as probe, suppress(OSError):
            if os.name == "posix":  # else closed connections hold the port for a minute
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(errno.EADDRINUSE, "tidak ada port yang bebas pada 127.0.0.1")
