"""Folders and files of the program's own that no other account enters or reads."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

CLOSED = 0o700
PASSED_THROUGH = 0o711
"""Root's: Postgres runs as another account there and must reach its data, whose name it knows."""


def home(folder: Path) -> Path:
    """Return the home folder, made if need be and closed to others; another's stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix" and (found := folder.stat()).st_uid == os.geteuid():
        mode = CLOSED if os.geteuid() else PASSED_THROUGH
        if stat.S_IMODE(found.st_mode) & ~mode:
            folder.chmod(stat.S_IMODE(found.st_mode) & mode)
    return folder


def written(path: Path) -> BinaryIO:
    """Open a file to be written from its beginning, readable by its owner only."""
    path.unlink(missing_ok=True)  # one that is there keeps its rights
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "wb")
