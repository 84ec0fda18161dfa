"""Notify: send a text to an address that Apprise knows; addresses are secrets and never shown."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field

from flows.machine.settings import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go.

    Attributes:
        name: what it is called where it must not be shown: its kind, and a part of its checksum.
        place: its place in IKU_NOTIFY, from 1.
    """

    address: str = field(repr=False)
    name: str
    place: int


def targets(settings: Settings) -> list[Target]:
    """Return the addresses of IKU_NOTIFY, each once."""
    written = settings.notify.get_secret_value().split() if settings.notify else []
    return [
        Target(address, f"{address.partition(':')[0]}-{_checksum(address)}", place)
        for place, address in enumerate(dict.fromkeys(written), 1)
    ]


def is_understood(target: Target) -> bool:
    """Tell whether there is a way to send to this address."""
    import apprise  # takes a moment that a command which tells nobody need not pay

    _silence()
    return apprise.Apprise.instantiate(target.address, suppress_exceptions=True) is not None


def send(target: Target, title: str, body: str) -> bool:
    """Send plain text; False when it was not taken, also when the address is not understood."""
    import apprise

    _silence()
    channel = apprise.Apprise()
    if not channel.add(target.address):
        return False
    return bool(channel.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))


def _silence() -> None:
    """Keep Apprise from writing to screens and logs, as it may quote an address."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)


def _checksum(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:8]
