"""The client of Metabase's API: metabase-api as transport, with time-outs, retries and errors.

Only its `get`, `post`, `put` and `delete` with 'raw' are used; the rest of it swallows errors.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from metabase_api import Metabase_API
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

CONNECT_SECONDS = 5
READ_SECONDS = 60
TRIES = 4
FIRST_PAUSE = 0.5  # seconds; doubled after each try
SHOWN = 500  # characters of an answer that an error carries

OLDEST = (0, 57)
NEWEST_TESTED = (0, 63)

# Not carried out by the server, so also a POST may be sent again.
NOT_DONE = frozenset({429, 503})
# May have been carried out: a PUT or GET says the same twice, a POST does not.
MAYBE_DONE = frozenset({502, 504})

Json = Any


class BadAddress(ValueError):
    """Metabase's address cannot be used; the message is Indonesian."""


class MetabaseError(RuntimeError):
    """Metabase refused or failed; carries what it said.

    Attributes:
        status: of HTTP; None when there was no answer.
        body: what was answered, JSON or text, secrets removed.
        method: of the request.
        path: of the request.
    """

    def __init__(self, method: str, path: str, status: int | None, body: Json) -> None:
        self.method, self.path, self.status, self.body = method, path, status, body
        said = body if isinstance(body, str) else str(body)
        super().__init__(f"{method} {path}: HTTP {status}: {said[:SHOWN]}")

    @property
    def is_missing(self) -> bool:
        """Tell whether the record is gone; a route that does not exist is another thing."""
        return self.status == 404 and self.body != "API endpoint does not exist."


class Unclear(MetabaseError):
    """A POST was sent and no answer came: it may or may not have been carried out."""


class MetabaseClient(Metabase_API):  # type: ignore[misc] # a library without types
    """A connection to one Metabase."""

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        session: str | None = None,
        allow_http: bool = False,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        # The base class would ask the server here, without a time-out, and print.
        self.domain = _checked(url, allow_http)
        self.email = None
        self.auth = None
        self.is_admin = True
        self.header = {}
        if api_key:
            self.header["X-API-KEY"] = api_key
        if session:
            self.header["X-Metabase-Session"] = session
        self.secrets = [text for text in (api_key, session) if text]
        self.timeout = timeout
        self.sleep = sleep
        self.writes = 0

    def __repr__(self) -> str:
        """Name the server; never a key."""
        return f"MetabaseClient({self.domain})"

    def hide(self, secret: str) -> None:
        """Keep a secret out of every error from now on."""
        self.secrets.append(secret)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        params: Mapping[str, Any] | None = None,
    ) -> Json:
        """Send a request and return the JSON or text answered; None for an empty answer.

        GET and PUT are tried again after a lost connection, 429 and 502 to 504; a POST only after
        429 and 503, which say that nothing was done.

        Raises:
            Unclear: a POST whose answer got lost.
            MetabaseError: anything else but success.
        """
        tries = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=wait_exponential(multiplier=FIRST_PAUSE),
            retry=retry_if_exception(_may_be_sent_again),
            sleep=self.sleep,
            reraise=True,
        )
        return _content(tries(self._once, method, path, body, params))

    def create(self, path: str, body: Json) -> int:
        """POST, and return the id of what was made."""
        made: int = self.request("POST", path, body=body)["id"]
        return made

    def _once(
        self, method: str, path: str, body: Json, params: Mapping[str, Any] | None
    ) -> requests.Response:
        if method != "GET" and not path.endswith("/query"):
            self.writes += 1
        send = getattr(super(), method.lower())
        try:
            answer: requests.Response = send(
                path,
                "raw",
                json=body,
                params=params,
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            unclear = method == "POST" and not isinstance(error, requests.ConnectTimeout)
            kind = Unclear if unclear else MetabaseError
            said = self._redacted(f"{type(error).__name__}: {error}")
            raise kind(method, path, None, said) from None
        if answer.status_code in (200, 202, 204):
            return answer
        said = self._redacted(_content(answer))
        unclear = method == "POST" and answer.status_code in MAYBE_DONE
        raise (Unclear if unclear else MetabaseError)(method, path, answer.status_code, said)

    def _redacted(self, said: Json) -> Json:
        if isinstance(said, str):
            for secret in self.secrets:
                said = said.replace(secret, "***")
            return re.sub(r"mb_[A-Za-z0-9+/=]{8,}", "mb_***", said)
        if isinstance(said, dict):
            return {
                key: "***" if key in ("password", "unmasked_key") else self._redacted(value)
                for key, value in said.items()
                if key not in ("trace", "stacktrace", "cause", "via")
            }
        if isinstance(said, list):
            return [self._redacted(item) for item in said]
        return said

    def read(self, path: str, **params: Any) -> Json:
        """Return what GET answers."""
        return self.request("GET", path, params=params or None)

    def version(self) -> tuple[int, int]:
        """Return the version, 0.63 as (0, 63).

        Raises:
            MetabaseError: it is older than this code can write to.
        """
        tag = self.read("/api/session/properties").get("version", {}).get("tag") or ""
        found = re.match(r"v?(\d+)\.(\d+)", tag)
        version = (0, int(found[2])) if found else (0, 0)
        if version < OLDEST:
            raise MetabaseError(
                "GET",
                "/api/session/properties",
                200,
                f"Metabase {tag or 'tanpa versi'} terlalu lama; butuh sedikitnya v0.{OLDEST[1]}.",
            )
        return version


def _may_be_sent_again(error: BaseException) -> bool:
    if not isinstance(error, MetabaseError):
        return False
    is_harmless = error.method != "POST" and (error.status is None or error.status in MAYBE_DONE)
    return error.status in NOT_DONE or is_harmless


def _checked(url: str, allow_http: bool) -> str:
    """Return the URL; a key must not travel in the clear, save within this machine.

    Raises:
        BadAddress: the URL cannot be used.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadAddress("Alamat Metabase harus berbentuk https://nama-server.")
    if parts.scheme == "http" and not allow_http and not _is_loopback(parts.hostname):
        raise BadAddress(
            f"Alamat Metabase {parts.hostname} tanpa https: kunci akan terkirim terbuka. "
            "Pakai https, atau IKU_METABASE_ALLOW_HTTP=true di jaringan yang tertutup."
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _content(answer: requests.Response) -> Json:
    if answer.status_code == 204 or not answer.content:
        return None
    if "json" in answer.headers.get("content-type", ""):
        try:
            return answer.json()
        except ValueError:
            return answer.text
    return answer.text
