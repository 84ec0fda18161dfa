"""Files that lie somewhere: in a folder, on a mounted share, or behind an http(s) link."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import aiohttp
import fsspec
from fsspec.callbacks import Callback
from fsspec.exceptions import FSTimeoutError
from fsspec.implementations.http import HTTPFileSystem

from flows.fetching.doors.door import DoorRefused, DoorUnavailable, Fetched
from flows.fetching.doors.options import FolderOptions, HttpOptions
from flows.fetching.inbox import LEADS_OUT, is_settled, leads_out
from transforms.files.period import Period

MIB = 1 << 20
ENDINGS = (".xlsx", ".csv", ".ndjson")
ZIP_MAGIC = b"PK\x03\x04"
CONNECT_SECONDS, SILENT_SECONDS, WHOLE_SECONDS = 20, 60, 900
# What a server says when it cannot now: too early, too many requests, and faults of its own.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

logging.getLogger("fsspec").setLevel(logging.WARNING)  # at DEBUG it logs every address


class _TooLarge(Exception):
    """More bytes came than are taken."""


class _Astray(Exception):
    """The server sent the request to a place where it may not go."""


class _Limit(Callback):  # type: ignore[misc] # a library without types
    """Counts what comes in, and stops it at the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def set_size(self, size: int | None) -> None:
        self._stop_above(size or 0)

    def relative_update(self, inc: int = 1) -> None:
        self.value += inc
        self._stop_above(self.value)

    def _stop_above(self, size: int) -> None:
        if size > self._limit:
            raise _TooLarge


@dataclass(frozen=True, slots=True)
class FolderDoor:
    """A folder of this machine or a mounted share; what lies there is never moved or deleted."""

    options: FolderOptions
    settle_seconds: float

    def fetch(self, period: Period, into: Path) -> Fetched | None:
        """Copy the file of the period; None while there is none.

        Raises:
            DoorUnavailable: the folder cannot be reached, or the file is still being written.
            DoorRefused: several files fit, or the file is too large.
        """
        address = self.options.address_of(period)
        if address is None:
            return None
        file = self._only(Path(address).expanduser())
        if file is None:
            return None
        copy = into / file.name
        try:
            before = file.stat()
            if before.st_size > self.options.max_mb * MIB:
                raise DoorRefused(_too_large(file.name, self.options.max_mb))
            if not is_settled(file, self.settle_seconds):
                raise DoorUnavailable(
                    f"{file.name} baru saja berubah; mungkin masih disalin, jadi ditunggu dahulu."
                )
            fsspec.filesystem("file").get_file(str(file), str(copy))
            after = file.stat()
        except OSError:
            raise DoorUnavailable(
                f"{file.name} tidak dapat dibaca. Periksa hak baca dan sambungan foldernya."
            ) from None
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise DoorUnavailable(f"{file.name} berubah selagi dibaca; dicoba lagi nanti.")
        return Fetched(copy, file.name)

    def _only(self, pattern: Path) -> Path | None:
        """Return the one file that fits the address, None when none does."""
        wanted = pattern.name.replace("[", "[[]")  # only `*` and `?` stand for something else
        try:
            if not pattern.parent.is_dir():
                raise DoorUnavailable(
                    f"Folder {pattern.parent} tidak ada. Periksa alamatnya, dan apakah folder "
                    "jaringan itu sedang tersambung."
                )
            found = sorted(
                file
                for file in pattern.parent.iterdir()
                if fnmatchcase(file.name, wanted)
                and not file.name.startswith(("~$", "."))
                and file.is_file()
            )
        except OSError:
            raise DoorUnavailable(f"Folder {pattern.parent} tidak dapat dibaca.") from None
        if len(found) > 1:
            names = " dan ".join(file.name for file in found)
            raise DoorRefused(f"{names} sama-sama cocok; sisakan satu.")
        if found and leads_out(found[0], pattern.parent):
            raise DoorRefused(f"{found[0].name}: {LEADS_OUT}")
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class HttpDoor:
    """A link; one GET brings the file, and nothing of it is logged."""

    options: HttpOptions
    environment: Mapping[str, str]

    def fetch(self, period: Period, into: Path) -> Fetched | None:
        """Bring the file behind the link of the period.

        None when there is none: a link after a pattern may lead nowhere yet (404), a link that
        somebody wrote down for the period may not.

        Raises:
            DoorUnavailable: no answer, an answer cut short, 429 or a fault of the server.
            DoorRefused: it may not be read, is too large, or is a web page.
        """
        address = self.options.address_of(period)
        if address is None:
            return None
        host = urlsplit(address).hostname or ""
        headers = {
            name: _secret(self.environment, variable)
            for name, variable in self.options.headers_env.items()
        }
        draft = into / "kiriman"
        try:
            self._get(address, host, headers, draft)
        except FileNotFoundError:
            if self.options.address is not None:
                return None
            raise DoorRefused(f"Tautan {period.text} di {host} tidak ada (404).") from None
        name = _name(address, period, draft)
        if _is_web_page(draft):
            raise DoorRefused(
                f"{host} memberi halaman web, bukan berkas; biasanya karena harus masuk (login) "
                "dahulu atau tautannya bukan tautan unduh. Terbitkan sebagai CSV atau xlsx.",
                kept=draft,
            )
        return Fetched(draft.rename(into / name), name)

    def _get(self, address: str, host: str, headers: Mapping[str, str], draft: Path) -> None:
        limit = _Limit(self.options.max_mb * MIB)
        with _link(address, headers) as link:
            try:
                link.get_file(address, str(draft), callback=limit)
            except _TooLarge:
                raise DoorRefused(_too_large(f"Berkas di {host}", self.options.max_mb)) from None
            except _Astray:
                raise DoorRefused(
                    f"{host} mengalihkan ke alamat lain yang tidak aman; tulis alamat terakhirnya "
                    "pada konfigurasi bila memang benar."
                ) from None
            except (aiohttp.InvalidURL, aiohttp.TooManyRedirects):
                raise DoorRefused(f"Alamat di {host} tidak dapat dibuka; periksa lagi.") from None
            except aiohttp.ClientResponseError as error:
                raise _of_status(host, error.status) from None
            except aiohttp.ClientSSLError:
                raise DoorUnavailable(
                    f"Sertifikat {host} tidak dapat dipercaya, jadi berkasnya tidak diambil."
                ) from None
            except (aiohttp.ClientError, FSTimeoutError, TimeoutError, ConnectionError):
                raise DoorUnavailable(
                    f"{host} tidak menjawab, atau jawabannya terputus. Periksa jaringan; malam "
                    "berikutnya dicoba lagi."
                ) from None


@contextmanager
def _link(address: str, headers: Mapping[str, str]) -> Iterator[HTTPFileSystem]:
    """Give a client that stays with the server of the address, and close it."""
    link = HTTPFileSystem(
        skip_instance_cache=True,
        client_kwargs={
            "headers": {"Accept-Encoding": "identity", **headers},  # the limit counts real bytes
            "timeout": aiohttp.ClientTimeout(
                total=WHOLE_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS
            ),
            "trace_configs": [_watched_redirects(address, bool(headers))],
        },
    )
    try:
        yield link
    finally:
        if link._session is not None:
            asyncio.run_coroutine_threadsafe(link._session.close(), link.loop).result()


def _watched_redirects(address: str, holds_secret: bool) -> aiohttp.TraceConfig:
    """Return what stops a redirect that leaves the server by http, or with a secret, or inwards."""
    home = urlsplit(address)

    async def watch(
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        told: aiohttp.TraceRequestRedirectParams,
    ) -> None:
        headers = told.response.headers
        target = urlsplit(urljoin(str(told.url), headers.get("Location", headers.get("URI", ""))))
        is_same = (target.scheme, target.netloc) == (home.scheme, home.netloc)
        if not is_same and (holds_secret or target.scheme != "https"):
            raise _Astray

    watching = aiohttp.TraceConfig()
    watching.on_request_redirect.append(watch)
    return watching


def _of_status(host: str, status: int) -> DoorUnavailable | DoorRefused:
    if status in PASSING:
        return DoorUnavailable(f"{host} menjawab {status}: sedang sibuk atau terganggu.")
    if status in (401, 403):
        return DoorRefused(
            f"{host} menolak ({status}): tautan belum dibagikan, atau kunci pada variabel "
            "lingkungannya tidak berlaku."
        )
    return DoorRefused(f"{host} menjawab {status}; periksa alamatnya.")


def _secret(environment: Mapping[str, str], variable: str) -> str:
    if not (found := environment.get(variable, "")):
        raise DoorRefused(f"Variabel lingkungan {variable} belum diisi.")
    return found


def _name(address: str, period: Period, file: Path) -> str:
    """Return the name in the link, else one by the real type of the file."""
    named = os.path.basename(urlsplit(address).path)
    if named.lower().endswith(ENDINGS):
        return named
    with file.open("rb") as stream:
        start = stream.read(len(ZIP_MAGIC))
    return f"{period.text}{'.xlsx' if start == ZIP_MAGIC else '.csv'}"


def _is_web_page(file: Path) -> bool:
    with file.open("rb") as stream:
        start = stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<!--"))


def _too_large(what: str, max_mb: int) -> str:
    return (
        f"{what} lebih besar dari {max_mb} MB. Periksa isinya; bila memang sebesar itu, naikkan "
        "max_mb pada konfigurasi."
    )
