"""Secrets: from the environment, else from a file in the home folder that only its owner reads."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from pydantic import SecretStr


class SecretFileError(RuntimeError):
    """A secret cannot be read or made; the message, in Indonesian, says what to do."""


def secret(home: Path, name: str, given: SecretStr | None) -> str:
    """The secret called `name`: `given` if there is one, else what the file home/name holds.

    The file is made when it is missing, complete or not at all; of several processes that make
    it at once one wins and all return the same. The value fits into a URL without quoting.

    Raises:
        SecretFileError: others may read the file, it is empty, or it cannot be read or made.
    """
    if given is not None:
        return given.get_secret_value()
    path = home / name
    try:
        if not path.exists():
            _make(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretFileError(
            f"Berkas rahasia {path} tidak dapat dibaca atau dibuat ({error.strerror}). "
            "Jalankan dengan pengguna yang sama seperti saat pertama kali."
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise SecretFileError(
            f"Berkas rahasia {path} terbuka bagi pengguna lain (mode {mode:04o}). "
            f"Tutup dengan: chmod 600 '{path}'"
        )
    if not value:
        raise SecretFileError(
            f"Berkas rahasia {path} kosong. Pulihkan isinya atau hapus berkasnya."
        )
    return value


def _make(path: Path) -> None:
    """Write a new secret beside `path`, then link it there unless another process was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())  # a crash must not leave an empty secret for a full database
        os.link(draft, path)  # unlike a rename it fails when the file is there already
    except FileExistsError:
        pass
    finally:
        draft.unlink()
