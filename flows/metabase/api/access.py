"""How to reach Metabase, and how Metabase reaches the warehouse: IKU_METABASE_ variables."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from flows.machine.secret_files import secret
from flows.machine.settings import Settings
from flows.metabase.api.client import MetabaseClient
from flows.metabase.api.server import Address
from flows.warehouse import connection as warehouses
from flows.warehouse import roles

KEY_FILE = "metabase_api_key"


class NoMetabase(ValueError):
    """Metabase is not named or no key is there; the message, Indonesian, says what to do."""


class Access(BaseSettings):
    """One reading of the environment.

    Attributes:
        url: where Metabase answers.
        api_key: of an administrator; else the file that the first set-up left.
        email: of the administrator that the first set-up makes.
        allow_http: send the key in the clear, in a closed network.
        database_host: under which Metabase finds Postgres; else as this program does.
        database_port: as above.
        database_ssl: whether that connection is encrypted.
    """

    model_config = SettingsConfigDict(
        env_prefix="IKU_METABASE_", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    url: str | None = None
    api_key: SecretStr | None = None
    email: str | None = None
    allow_http: bool = False
    database_host: str | None = None
    database_port: int | None = None
    database_ssl: bool = False


def has_key(access: Access, home: Path) -> bool:
    """Tell whether there is an API key, given or stored."""
    return access.api_key is not None or (home / KEY_FILE).exists()


def client(access: Access, home: Path) -> MetabaseClient:
    """Return a client with the key of the environment or of the first set-up.

    Raises:
        NoMetabase: there is no address or no key.
    """
    if access.url is None:
        raise NoMetabase("Alamat Metabase belum ada. Isi IKU_METABASE_URL.")
    if not has_key(access, home):
        raise NoMetabase(
            "Kunci API Metabase belum ada. Isi IKU_METABASE_API_KEY; Metabase yang masih baru "
            "disiapkan oleh `iku metabase apply`, dengan IKU_METABASE_EMAIL."
        )
    key = secret(home, KEY_FILE, access.api_key)
    return MetabaseClient(access.url, api_key=key, allow_http=access.allow_http)


def store_key(home: Path, key: str) -> None:
    """Keep the API key in a file that only its owner reads; Metabase shows it once only."""
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f".{KEY_FILE}.new"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / KEY_FILE)


def address(access: Access, settings: Settings, database: str) -> Address:
    """Return where Metabase finds the warehouse, and the reader's password."""
    own = make_url(warehouses.server_url(settings))
    return Address(
        host=access.database_host or own.host or "localhost",
        port=access.database_port or own.port or 5432,
        database=database,
        user=roles.READER,
        password=roles.passwords(settings).reader,
        ssl=access.database_ssl,
    )
