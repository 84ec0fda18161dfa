"""Serving: Postgres, Prefect's server and a worker, kept together until the end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from flows.machine import detached_process
from flows.machine.one_at_a_time import alone
from flows.machine.postgres import embedded
from flows.machine.settings import Settings
from flows.operating import deploying
from flows.operating.prefect import server as prefect_server
from flows.operating.prefect import worker as prefect_worker
from flows.warehouse import connection as warehouses

LOOK_SECONDS = 2.0

Say = Callable[[str], None]


class AlreadyServed(RuntimeError):
    """Another process serves this home."""


class Died(RuntimeError):
    """A part of the whole ended by itself; the message, in Indonesian, names it and its log."""


def serve(given: Settings, say: Say) -> None:
    """Start everything and keep it; end it at SIGTERM, Ctrl-C, `iku stop`, or a closed terminal.

    Raises:
        Died: a part ended by itself; the others have been ended too.
        AlreadyServed: another process serves this home.
    """
    with alone(given.home / "serving") as is_alone, _asked_to_end() as asked:
        if not is_alone:
            raise AlreadyServed(f"`iku serve` lain sudah berjalan untuk {given.home}.")
        try:
            _start(given, say)
            while not asked.wait(LOOK_SECONDS):
                detached_process.reap()
                dead = _dead(given)
                # `iku stop` ends the worker first, and a moment later takes its record away.
                if dead and not asked.wait(LOOK_SECONDS) and prefect_worker.was_stopped(given.home):
                    break
                if dead and not asked.is_set():
                    raise Died(f"{dead} berhenti sendiri. Lihat catatannya di {given.home}.")
        finally:
            _stop(given)
    say("Semua sudah dihentikan.")


def _start(given: Settings, say: Say) -> None:
    server = warehouses.server_url(given)
    prefect_worker.stop(given.home)  # of a serving that was killed
    api_url = prefect_server.ensure(given.home, server)
    os.environ.update(prefect_server.environment(given.home, api_url))
    from flows.operating.prefect import api as prefect_api

    names = deploying.deploy()
    if prefect_server.is_ours(given.home, api_url):
        for run in prefect_api.end_dead_runs():
            say(f"Putaran “{run}” mati bersama prosesnya; ditandai Crashed.")
    prefect_worker.start(given)
    say(f"Siap: {', '.join(names)}. Halaman Prefect: {api_url.removesuffix('/api')}")


def _dead(given: Settings) -> str:
    """Return the part that does not run any more, empty when all do."""
    is_ours = prefect_server.is_ours(given.home, os.environ["PREFECT_API_URL"])
    runs = {
        "Pekerja Prefect": prefect_worker.is_running(given.home),
        "Server Prefect": not is_ours or prefect_server.is_running(given.home),
        "Postgres": bool(given.database_url or embedded.status(given.home).port),
    }
    return next((part for part, it_does in runs.items() if not it_does), "")


def _stop(given: Settings) -> None:
    """End each part before the one that it needs, whatever goes wrong on the way."""
    with ExitStack() as parts:
        if given.database_url is None:
            parts.callback(embedded.stop, given.home)
        parts.callback(prefect_server.stop, given.home)
        parts.callback(prefect_worker.stop, given.home)


@contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """Give what is set when the process is asked to end; the signals mean the usual afterwards."""
    asked = threading.Event()
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in _ending()}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ending() -> list[signal.Signals]:
    """Return the signals that ask to end; a closed terminal does, unless `nohup` is before us."""
    numbers = [signal.SIGTERM, signal.SIGINT]
    if os.name == "posix" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    return numbers
