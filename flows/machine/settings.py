"""Settings: what changes with the machine, read from environment variables that begin with IKU_."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(ValueError):
    """An IKU_ variable cannot be used; the message, in Indonesian, names it and says why."""


def project_root() -> Path:
    """The folder of the project the package lies in, or the current folder when it is installed."""
    parent = Path(__file__).resolve().parents[2]
    return parent if (parent / "pyproject.toml").is_file() else Path.cwd()


class Settings(BaseSettings):
    """One reading of the environment. Nothing secret shows in its repr or in its errors."""

    model_config = SettingsConfigDict(
        env_prefix="IKU_", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: str | None = Field(default=None, repr=False)  # may hold a password
    database: str | None = None  # of that server; else the demonstration until `iku init`
    home: Path = Field(default_factory=lambda: project_root() / ".iku")
    inbox: Path = Field(default_factory=lambda: project_root() / "inbox")
    config: Path = Field(default_factory=lambda: project_root() / "config")
    settle_seconds: float = Field(default=60, ge=0)  # a file that changed since then waits
    outbox: Path = Field(default_factory=lambda: project_root() / "outbox")
    instant: str | None = None
    writer_password: SecretStr | None = None
    metabase_password: SecretStr | None = None
    pseudonym_key: SecretStr | None = None
    prefect_database_password: SecretStr | None = None
    metabase_database_password: SecretStr | None = None
    notify: SecretStr | None = None  # addresses for Apprise, separated by spaces

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str | None) -> str | None:
        # A bare postgresql:// means another driver from SQLAlchemy 2.1 on.
        if url is None:
            return None
        address = re.fullmatch(r"postgres(?:ql)?(?:\+\w+)?://(.+)", url.strip())
        if not address:
            raise ValueError("harus berbentuk postgresql://pengguna:sandi@host:port/basisdata")
        return f"postgresql+psycopg2://{address[1]}"

    @field_validator("home", "inbox", "outbox", "config")
    @classmethod
    def _make_absolute(cls, path: Path) -> Path:
        return path.expanduser().resolve()

    @field_validator("instant")
    @classmethod
    def _demand_a_zone(cls, instant: str | None) -> str | None:
        if instant is None:
            return None
        try:
            zone = datetime.fromisoformat(instant).tzinfo
        except ValueError:
            zone = None
        if zone is None:
            raise ValueError("harus berupa saat dengan zona, misalnya 2024-10-15T08:00:00+07:00")
        return instant


def settings() -> Settings:
    """Read the environment afresh.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = (
            f"IKU_{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False, include_context=False)
        )
        raise SettingsError("Pengaturan tidak dapat dipakai. " + "; ".join(problems)) from None
