"""Prefect's pulse: whether its server answers and a worker lives, asked without importing it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from flows.machine.secret_files import SecretFileError
from flows.operating.prefect import server as prefect_server
from flows.operating.prefect import worker as prefect_worker
from flows.operating.prefect.worker import POOL

ANSWER_SECONDS = 10.0
SILENT_AFTER = timedelta(minutes=5)  # a worker says every half a minute that it lives


@dataclass(frozen=True, slots=True)
class Pulse:
    """What of Prefect lives.

    Attributes:
        heard: when a worker of the pool was last heard.
        is_refused: the server runs and does not take our password.
    """

    api_url: str
    server_answers: bool
    worker_lives: bool
    heard: datetime | None
    is_refused: bool = False


def pulse(home: Path) -> Pulse | None:
    """Ask the server where one is expected, else return None.

    It is expected where PREFECT_API_URL names one, and where a worker of this home was started and
    not stopped, as `iku serve` does. `iku refresh` alone starts its server when it needs it.
    """
    api_url = os.environ.get("PREFECT_API_URL", "")
    if not api_url and not prefect_worker.was_stopped(home):
        api_url = prefect_server.address(home)
    if not api_url:
        return None
    try:
        heard = _heard(api_url, _credentials(home, api_url))
    except httpx.HTTPStatusError as error:
        is_refused = error.response.status_code == httpx.codes.UNAUTHORIZED
        return Pulse(api_url, False, False, None, is_refused)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return Pulse(api_url, False, False, None)
    except SecretFileError:
        return Pulse(api_url, False, False, None, is_refused=True)
    lives = heard is not None and datetime.now(UTC) - heard < SILENT_AFTER
    return Pulse(api_url, True, lives, heard)


def _credentials(home: Path, api_url: str) -> httpx.BasicAuth | None:
    """Return user and password for an API: ours from its file, another's from the environment."""
    is_ours = prefect_server.is_ours(home, api_url)
    given = prefect_server.password(home) if is_ours else os.environ.get("PREFECT_API_AUTH_STRING")
    return httpx.BasicAuth(*given.split(":", 1)) if given and ":" in given else None


def _heard(api_url: str, credentials: httpx.BasicAuth | None) -> datetime | None:
    """Return when a worker of the pool was last heard; None when none ever was.

    Raises:
        httpx.HTTPError: the server does not answer as it should.
    """
    found = httpx.post(
        f"{api_url}/work_pools/{POOL}/workers/filter",
        json={},
        auth=credentials,
        timeout=ANSWER_SECONDS,
        trust_env=False,  # no proxy stands between us and it
    )
    if found.status_code == httpx.codes.NOT_FOUND:
        return None  # no such pool, so no worker of it
    workers = found.raise_for_status().json()
    said = [worker["last_heartbeat_time"] for worker in workers if worker["last_heartbeat_time"]]
    return max((datetime.fromisoformat(at) for at in said), default=None)
