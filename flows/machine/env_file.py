"""Write .env for Docker Compose: the text of .env.example, with random values and this user.

Run by `make env` before anything is installed: it needs Python alone. An .env that is there keeps
all its lines, as it holds the keys of the data; what a newer version asks for comes after them.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from pathlib import Path

RANDOM = " acak"
BYTES = 24
FOLDERS = ("inbox", "outbox", "config", "bersama")
"""Made here: Docker would make what is missing, and root would own it."""


def filled(example: str, uid: int) -> str:
    """Return the example with a new random value after each `NAME= acak`, and the user's number.

    Root's number stays out: nothing in the containers runs as root.
    """
    lines = []
    for line in example.splitlines():
        name, _, value = line.partition("=")
        if value == RANDOM:
            line = f"{name}={secrets.token_urlsafe(BYTES)}"
        elif name == "IKU_UID" and uid:
            line = f"{name}={uid}"
        lines.append(line)
    return "\n".join([*lines, ""])


def lacking(there: str, wanted: str) -> dict[str, str]:
    """Return the lines `NAME=value` of `wanted` whose name `there` does not have, by name."""
    names = set(_lines(there))
    return {name: line for name, line in _lines(wanted).items() if name not in names}


def _lines(text: str) -> dict[str, str]:
    return {m[1]: m[0] for m in re.finditer(r"^\s*(?:export\s+)?(\w+)=.*$", text, re.MULTILINE)}


def main(folder: Path) -> int:
    """Write `.env` beside `.env.example`, readable by its owner only, or add what it lacks."""
    target = folder / ".env"
    text = filled((folder / ".env.example").read_text(encoding="utf-8"), os.getuid())
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    if not target.exists():
        _write(target, text)
        sys.stdout.write(f"{target} ditulis. Isi alamat surel dan tujuan pesan di dalamnya.\n")
        return 0
    there = target.read_text(encoding="utf-8")
    added = lacking(there, text)
    if not added:
        sys.stdout.write(f"{target} sudah ada dan tidak diubah: ia memegang kunci data.\n")
        return 0
    more = ["", "# Ditambahkan oleh `make env`; artinya di .env.example.", *added.values(), ""]
    _write(target, there.rstrip("\n") + "\n" + "\n".join(more))
    sys.stdout.write(f"{target} ditambah {', '.join(added)}; yang lain tidak diubah.\n")
    return 0


def _write(target: Path, text: str) -> None:
    """Write beside it first: a file of keys is never half there."""
    draft = target.with_name(f".env.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
