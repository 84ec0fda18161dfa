"""Settling: whether a file has kept still for a while, so that nobody is still writing it."""

from __future__ import annotations

import time
from pathlib import Path


def is_settled(file: Path, settle_seconds: float) -> bool:
    """Tell whether nothing of a file has changed within the last `settle_seconds`.

    The change of its directory entry counts too, as a copy may carry the old time of its content;
    so does a time in the near future, as the clock of a file server may run ahead.
    """
    said = file.stat()
    changed = max(said.st_mtime, said.st_ctime)
    return abs(time.time() - changed) >= settle_seconds
