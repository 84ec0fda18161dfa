"""The SIASN web service as it may be asked: read endpoints only, politely, and not for ever."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from threading import Lock
from typing import Any, Self

import httpx
from cachetools import TTLCache
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from flows.fetching.doors.door import DoorRefused
from flows.fetching.doors.options import SiasnOptions
from flows.fetching.doors.siasn.answers import Answer, UnknownShape, read_answer
from flows.fetching.doors.siasn.circuit_breaker import CircuitBreaker, Unanswered
from flows.fetching.doors.siasn.pacing import Pace, Timing
from flows.fetching.doors.siasn.tokens import Tokens

ERRORS_IN_A_ROW = 20
LONGEST_BODY = 1 << 20


class Endpoint(StrEnum):
    """What is asked of one person; nothing that writes is here."""

    SCORE = "/pns/nilaiipasn/{nip}"
    MASTER_DATA = "/pns/data-utama/{nip}"


class Service:
    """A connection to SIASN, with its tokens, its pace and its circuit breaker."""

    def __init__(
        self, options: SiasnOptions, environment: Mapping[str, str], timing: Timing
    ) -> None:
        """Prepare a connection; nothing is asked yet.

        Raises:
            DoorRefused: an address of the configuration is none.
        """
        _check(options.base_url, options.gateway_token_url, options.sso_token_url)
        # Their lines hold whole addresses, and the addresses hold NIP.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._base_url = options.base_url
        self._timing = timing
        self._pace, self._breaker = _shared(options.base_url, timing)
        self._known, self._asking = _remembered(options, timing)
        self._http = httpx.Client(timeout=timing.timeout_seconds)
        self._tokens = Tokens(options, environment, self._send)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, endpoint: Endpoint, nip: str) -> Answer:
        """Return the answer for one person, after up to three tries, or one of a moment ago.

        Raises:
            Unanswered: none of the tries brought an answer.
            UnknownShape: the answer cannot be understood.
            DoorRefused: the service does not let us in.
            DoorUnavailable: the service asks to be left alone for long, or fails all the time.
        """
        with self._asking:  # of two who ask the same at once one waits
            answer = self._known.get((endpoint, nip))
            if answer is None:
                answer = self._known[endpoint, nip] = self._asked(endpoint, nip)
            return answer

    def _asked(self, endpoint: Endpoint, nip: str) -> Answer:
        url = self._base_url + endpoint.format(nip=nip)
        may_renew = True
        tries = Retrying(
            stop=stop_after_attempt(self._timing.tries),
            wait=wait_exponential(multiplier=self._timing.first_wait_seconds, exp_base=4)
            + wait_random(0, self._timing.first_wait_seconds),
            retry=retry_if_exception_type(Unanswered),
            sleep=self._timing.sleep,
            reraise=True,
        )
        for one in tries:
            with one, self._breaker:
                status, body = self._get(url)
                if status == httpx.codes.UNAUTHORIZED and may_renew:
                    may_renew = False
                    self._tokens.forget()
                    status, body = self._get(url)
                return _understood(status, body)
        raise AssertionError("tenacity gives back the last error")

    def _get(self, url: str) -> tuple[int, bytes]:
        return self._send(httpx.Request("GET", url, headers=self._tokens.headers()))

    def _send(self, request: httpx.Request) -> tuple[int, bytes]:
        """Send one request in its turn; return the status and the body, bounded in time and size.

        Raises:
            Unanswered: there was no answer, or one that says to come back.
        """
        request.extensions["timeout"] = self._http.timeout.as_dict()
        with self._pace.turn():
            deadline = self._timing.clock() + self._timing.timeout_seconds
            try:
                response = self._http.send(request, stream=True)
                try:
                    self._look_for_a_later(response)
                    return response.status_code, self._body(response, deadline)
                finally:
                    response.close()
            except httpx.HTTPError:
                raise Unanswered from None

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        for block in response.iter_bytes():
            body += block
            if len(body) > LONGEST_BODY:
                raise UnknownShape("jawaban terlalu panjang", bytes(body[:LONGEST_BODY]))
            if self._timing.clock() > deadline:
                raise Unanswered
        return bytes(body)

    def _look_for_a_later(self, response: httpx.Response) -> None:
        """Note how long to keep quiet where the service says that it cannot answer now."""
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS and response.status_code < 500:
            return
        asked = seconds_of(response.headers.get("Retry-After", ""), datetime.now(UTC))
        self._pace.hold(asked)
        raise Unanswered


@cache
def _shared(base_url: str, timing: Timing) -> tuple[Pace, CircuitBreaker]:
    """Return the pace and the breaker that all who ask a service from this process share."""
    breaker = CircuitBreaker("SIASN", ERRORS_IN_A_ROW, timing.rest_seconds, timing.clock)
    return Pace("SIASN", timing), breaker


@cache
def _remembered(options: SiasnOptions, timing: Timing) -> tuple[TTLCache[Any, Answer], Lock]:
    """Return what all pulls of an office from this process remember, as for another year."""
    return TTLCache(math.inf, timing.remembered_seconds, timing.clock), Lock()


def _check(*addresses: str) -> None:
    for address in addresses:
        try:
            httpx.URL(address)
        except httpx.InvalidURL:
            raise DoorRefused(
                "Alamat SIASN dalam konfigurasi kantor salah tulis; periksa ketiganya."
            ) from None


def seconds_of(retry_after: str, now: datetime) -> float:
    """Return how long a `Retry-After` asks to wait: seconds or a date; 0 when it says nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    with suppress(ValueError, TypeError, OverflowError):
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    return 0.0


def _understood(status: int, body: bytes) -> Answer:
    if status == httpx.codes.OK:
        return read_answer(body)
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise DoorRefused(
            f"SIASN menolak permintaan ini (HTTP {status}), juga dengan token yang baru. Periksa "
            "apakah akses kantor masih berlaku."
        )
    raise UnknownShape(f"HTTP {status}", body)
