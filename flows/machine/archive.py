"""The archive: the bytes of every file that ever came in, kept for ever under their sha256."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20
DRAFT = ".incoming-"
STALE_SECONDS = 24 * 60 * 60  # a draft that is being written is touched all the time


@dataclass(frozen=True, slots=True)
class Archived:
    """A file as the archive holds it."""

    sha256: str
    size_bytes: int
    path: Path


def keep(home: Path, file: Path) -> Archived:
    """Copy `file` into the archive, readable by its owner only, and return where it lies.

    The copy appears complete or not at all, and takes the place of one that was damaged since.

    Raises:
        OSError: the file cannot be read or the archive cannot be written.
    """
    root = home / "archive"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    clear_stale(home)
    digest = hashlib.sha256()
    size = 0
    handle, name = tempfile.mkstemp(dir=root, prefix=DRAFT)  # mkstemp makes it 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as copy, file.open("rb") as given:
            while block := given.read(CHUNK):
                digest.update(block)
                size += len(block)
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        place = path_of(home, digest.hexdigest())
        place.parent.mkdir(exist_ok=True, mode=0o700)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    return Archived(digest.hexdigest(), size, place)


def clear_stale(home: Path) -> int:
    """Remove the drafts of processes that were killed, as nobody else would; return how many."""
    cleared = 0
    for draft in (home / "archive").glob(f"{DRAFT}*"):
        with suppress(FileNotFoundError):  # another process clears too
            if draft.stat().st_mtime < time.time() - STALE_SECONDS:
                draft.unlink()
                cleared += 1
    return cleared


def path_of(home: Path, sha256: str) -> Path:
    """Return where the archive keeps the file with this checksum."""
    return home / "archive" / sha256[:2] / sha256


def files(home: Path) -> list[Path]:
    """Return every file of the archive; its name says what its checksum must be."""
    return sorted((home / "archive").glob("??/*"))
