"""What the configuration of an office may say of a door: its address, and names of secrets.

A secret itself never stands there, only the environment variable that holds it.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from flows.fetching.doors.selects import objection
from flows.machine.settings import project_root
from transforms.files.period import Period

PLACEHOLDERS = ("period", "year", "quarter", "month")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# `X-Amz-Signature` and `accessToken` too, but not `keyword`.
SECRET_WORDS = re.compile(
    r"(?i)(^|[?&;/#])[\w.~%-]*(key|kunci|token|secret|sandi|passw(or)?d|pass|pwd|sig|signature"
    r"|credential|auth)="
)

TLS = re.compile(r"ssl_ca=/[^&]+(&ssl_check_hostname=false)?")


def _no_secret(address: str) -> str:
    if urlsplit(address).password or SECRET_WORDS.search(address):
        raise ValueError(
            "memuat kata sandi atau kunci. Hapus dari sini; tulis nama variabel lingkungannya "
            "pada pilihan yang berakhiran _env"
        )
    return address


def _known_placeholders(address: str) -> str:
    for name in PLACEHOLDER.findall(address):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise ValueError(f"{{{name}}} tidak dikenal; yang dikenal: {known}")
    return address


def _guarded(address: str) -> str:
    """Demand TLS for an address to which secrets are sent; this machine itself needs none."""
    parts = urlsplit(address)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("harus dimulai dengan https:// dan menyebut nama servernya")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise ValueError("harus https://, karena kata kunci dikirim ke alamat ini")
    return address.rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _no_contact(text: str) -> str:
    if "@" in text or re.search(r"\d(?:[\s.-]*\d){5}", text):
        raise ValueError("sebut nama unit atau jabatan, bukan nomor telepon, NIP atau surel")
    return text


def _one_select(text: str) -> str:
    if why := objection(text):
        raise ValueError(why)
    return text


def _outside_the_project(path: Path) -> Path:
    path, root = path.expanduser(), project_root()
    if not path.is_absolute():
        raise ValueError("tulis alamat lengkap, misalnya /srv/iku/pegawai.csv")
    if path.is_relative_to(root) and not path.is_relative_to(root / ".iku"):
        raise ValueError("berisi NIP, jadi tidak boleh di dalam folder program ini")
    return path


# The prefix keeps a password that is written here by mistake from passing as a name.
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^IKU_[A-Z0-9_]+$")]
GuardedUrl = Annotated[str, AfterValidator(_no_secret), AfterValidator(_guarded)]
Template = Annotated[str, AfterValidator(_no_secret), AfterValidator(_known_placeholders)]


class Said(BaseModel):
    """What is said of a source or a part of it, whatever its door is.

    Attributes:
        deliverer: the unit that delivers it, without names and numbers of persons.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    deliverer: Annotated[str, AfterValidator(_no_contact)] = ""


class InboxOptions(Said):
    """It is brought by hand to the inbox."""

    door: Literal["inbox"] = "inbox"


class _Addressed(Said):
    """It lies under an address that tells one period from another.

    Attributes:
        address: where, with `{period}`, or `{year}` with `{quarter}` or `{month}`.
        addresses: where, by period, for links that follow no pattern; instead of `address`.
        max_mb: a larger file is not fetched.
    """

    address: Template | None = None
    addresses: dict[str, Template] = Field(default_factory=dict)
    max_mb: int = Field(default=100, ge=1, le=500)

    @model_validator(mode="after")
    def _has_one_kind_of_address(self) -> _Addressed:
        if (self.address is None) == (not self.addresses):
            raise ValueError("isi salah satu: address, atau addresses per periode")
        return self

    def all_addresses(self) -> list[str]:
        """Return every address that is written."""
        return list(self.addresses.values()) if self.address is None else [self.address]

    def address_of(self, period: Period) -> str | None:
        """Return the address of a period, None when it has none."""
        if self.address is None:
            return self.addresses.get(period.text)
        filled = {
            "period": period.text,
            "year": f"{period.year}",
            "quarter": f"{period.quarter}",
            "month": f"{period.end.month:02}",
        }
        return PLACEHOLDER.sub(lambda found: filled[found[1]], self.address)


class FolderOptions(_Addressed):
    """It lies in a folder of this machine or on a file share that is mounted here.

    The name of the file may hold the wildcards `*` and `?`.
    """

    door: Literal["folder"]

    @model_validator(mode="after")
    def _names_a_place(self) -> FolderOptions:
        for address in self.all_addresses():
            if "://" in address or not Path(address).expanduser().is_absolute():
                raise ValueError(
                    "tulis alamat lengkap folder di komputer ini, misalnya "
                    "/mnt/bersama/ikpa/{period}.xlsx; folder jaringan dipasang (mount) dahulu"
                )
        return self


class HttpOptions(_Addressed):
    """It is behind a link, a published spreadsheet for instance.

    Attributes:
        headers_env: environment variables whose values are sent as headers, by header.
    """

    door: Literal["http"]
    headers_env: dict[str, EnvironmentName] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_a_link(self) -> HttpOptions:
        for address in self.all_addresses():
            host = urlsplit(address)
            if host.scheme not in ("http", "https") or not host.hostname:
                raise ValueError("harus dimulai dengan https:// dan menyebut nama servernya")
            if "{" in host.netloc:
                raise ValueError("nama servernya harus tetap; {period} hanya sesudah nama server")
            if self.headers_env:
                _guarded(address)
        return self


class SiasnOptions(Said):
    """It is asked of the SIASN web service (RULES 7.2), person by person.

    Attributes:
        gateway_token_url: where the token of the gateway is made.
        sso_token_url: where the token of the single sign-on is made.
        base_url: in front of every endpoint.
        consumer_key_env: the environment variable with the consumer key of the gateway.
        consumer_secret_env: the one with its secret.
        client_id_env: the one with the client id of the single sign-on.
        username_env: the one with its user name, a NIP.
        password_env: the one with its password.
        employees: a file with the NIP to ask for, outside the project.
    """

    door: Literal["siasn"]
    gateway_token_url: GuardedUrl
    sso_token_url: GuardedUrl
    base_url: GuardedUrl
    consumer_key_env: EnvironmentName
    consumer_secret_env: EnvironmentName
    client_id_env: EnvironmentName
    username_env: EnvironmentName
    password_env: EnvironmentName
    employees: Annotated[Path, AfterValidator(_outside_the_project)]


class DatabaseOptions(Said):
    """It is asked of a database by one SELECT; the names of its columns are the headings.

    Attributes:
        address: `mysql://user@host:3306/database` or `postgresql://…`, without the password. After
            that of MySQL `?ssl_ca=/…/ca.pem` demands TLS and a certificate that this file vouches
            for, of the host that is named unless `&ssl_check_hostname=false` follows.
        password_env: the environment variable with the password.
        query: one SELECT; `:start` and `:end` are the first and last day of the period, `:next`
            the day after it, `:period`, `:year`, `:quarter` and `:month` its text and numbers.
        max_rows: more rows are not taken.
        timeout_seconds: for the whole query.
    """

    door: Literal["database"]
    address: Annotated[str, AfterValidator(_no_secret)]
    password_env: EnvironmentName | None = None
    query: Annotated[str, AfterValidator(_one_select)]
    max_rows: int = Field(default=500_000, ge=1, le=1_000_000)
    timeout_seconds: int = Field(default=300, ge=1, le=3600)

    @model_validator(mode="after")
    def _names_a_database(self) -> DatabaseOptions:
        parts = urlsplit(self.address)
        if parts.scheme not in ("mysql", "mariadb", "postgresql"):
            raise ValueError("address harus dimulai dengan mysql://, mariadb:// atau postgresql://")
        if not (parts.hostname and parts.username and parts.path.strip("/")):
            raise ValueError("address harus berbentuk mysql://pengguna@host:port/basisdata")
        if parts.query and (parts.scheme == "postgresql" or not TLS.fullmatch(parts.query)):
            raise ValueError(
                "sesudah address MySQL hanya boleh ?ssl_ca=/folder/ca.pem (alamat lengkap), dan "
                "sesudahnya &ssl_check_hostname=false bila sertifikatnya atas nama lain"
            )
        return self


Options = Annotated[
    InboxOptions | FolderOptions | HttpOptions | SiasnOptions | DatabaseOptions,
    Field(discriminator="door"),
]
DOORS = ("inbox", "folder", "http", "siasn", "database")
