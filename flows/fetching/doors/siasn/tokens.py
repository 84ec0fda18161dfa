"""The two tokens of SIASN: one of the gateway, one of the single sign-on (RULES 7.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import httpx

from flows.fetching.doors.door import DoorRefused
from flows.fetching.doors.options import SiasnOptions


class Tokens:
    """Make both tokens when they are first needed, and again after they are forgotten.

    A token that was refused for its secrets is not asked for twice: an account is locked after
    a few wrong passwords.
    """

    def __init__(
        self,
        options: SiasnOptions,
        environment: Mapping[str, str],
        send: Callable[[httpx.Request], tuple[int, bytes]],
    ) -> None:
        self._options = options
        self._environment = environment
        self._send = send
        self._gateway: str | None = None
        self._sso: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a request, both tokens in them.

        Raises:
            DoorRefused: a secret is not set or was refused.
            Unanswered: a token could not be made now.
        """
        if self._gateway is None:
            self._gateway = self._made(self._gateway_request(), "gateway")
        if self._sso is None:
            self._sso = self._made(self._sso_request(), "SSO")
        return {
            "Authorization": f"Bearer {self._gateway}",
            "Auth": f"bearer {self._sso}",
            "Accept": "application/json",
        }

    def forget(self) -> None:
        """Drop both: which of them has expired is not told."""
        self._gateway = self._sso = None

    def _gateway_request(self) -> httpx.Request:
        request = httpx.Request(
            "POST",
            self._options.gateway_token_url,
            data={"grant_type": "client_credentials"},
            headers={"Accept": "application/json"},
        )
        basic = httpx.BasicAuth(
            self._secret(self._options.consumer_key_env),
            self._secret(self._options.consumer_secret_env),
        )
        return next(basic.auth_flow(request))

    def _sso_request(self) -> httpx.Request:
        return httpx.Request(
            "POST",
            self._options.sso_token_url,
            data={
                "grant_type": "password",
                "client_id": self._secret(self._options.client_id_env),
                "username": self._secret(self._options.username_env),
                "password": self._secret(self._options.password_env),
            },
            headers={"Accept": "application/json"},
        )

    def _secret(self, name: str) -> str:
        value = self._environment.get(name, "")
        if not value:
            raise DoorRefused(f"Variabel lingkungan {name} untuk SIASN belum diisi.")
        return value

    def _made(self, request: httpx.Request, name: str) -> str:
        status, body = self._send(request)
        if status in (400, 401, 403):
            raise DoorRefused(
                f"Token {name} SIASN ditolak (HTTP {status}). Periksa isi variabel lingkungan "
                "yang disebut dalam konfigurasi kantor, lalu jalankan lagi."
            )
        try:
            token = json.loads(body)["access_token"] if status == 200 else None
        except (ValueError, KeyError, TypeError):
            token = None
        # A line break in a header would begin another one.
        if not (isinstance(token, str) and token and token.isascii() and token.isprintable()):
            raise DoorRefused(
                f"Layanan token {name} SIASN menjawab dengan bentuk yang tidak dikenal "
                f"(HTTP {status}). Periksa alamatnya dalam konfigurasi kantor."
            )
        return token
