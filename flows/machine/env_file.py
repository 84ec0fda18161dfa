"""Write .env for Docker Compose: the text of .env.example, with random values and this user.

Run by `make env` before anything is installed: it needs Python alone.
"""

from __future__ import annotations

import os
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


def main(folder: Path) -> int:
    """Write `.env` beside `.env.example`, readable by its owner only; one that is there stays."""
    target = folder / ".env"
    text = filled((folder / ".env.example").read_text(encoding="utf-8"), os.getuid())
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        sys.stderr.write(f"{target} sudah ada dan tidak diubah: ia memegang kunci data.\n")
        return 2
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    sys.stdout.write(f"{target} ditulis. Isi alamat surel dan tujuan pesan di dalamnya.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
