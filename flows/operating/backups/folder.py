"""The folder of a backup: a draft until it is complete, and checked byte by byte before it is used.

It holds `database.dump`, `manifest.json`, the archive as a home has it, and `SHA256SUMS`, written
last, which `sha256sum --check` understands too.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import fasteners

from flows.machine import progress

FORMAT = 1
DUMP, MANIFEST, SUMS = "database.dump", "manifest.json", "SHA256SUMS"
DRAFT = ".belum-selesai-"
SHOWN = 3  # damaged files named in one message
_LINE = re.compile(
    r"([0-9a-f]{64})  (database\.dump|manifest\.json|archive/[0-9a-f]{2}/[0-9a-f]{64})"
)


class BackupRefused(ValueError):
    """A backup cannot be made or used as asked; the message, in Indonesian, says what to do."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A file of the archive that was missing or damaged before the backup was made."""

    sha256: str
    loads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and what made it."""

    format: int
    made_at: str
    database: str
    program: str
    postgres: str
    migrations: Mapping[str, str]
    rows: Mapping[str, int]
    archive_files: int
    lost: tuple[Lost, ...]
    pseudonym_key: str | None


@contextmanager
def drafted(collection: Path) -> Iterator[Path]:
    """Give a new folder in `collection`, to be moved to its name; what is left of it vanishes."""
    collection.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear_drafts(collection)
    draft = collection / f"{DRAFT}{secrets.token_hex(4)}"
    lock_file = draft.with_name(f"{draft.name}.lock")
    with fasteners.InterProcessLock(lock_file):
        draft.mkdir(mode=0o700)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            lock_file.unlink()


def complete(draft: Path, place: Path, manifest: Manifest) -> int:
    """Write manifest and checksums, give the draft its name, and return its size in bytes.

    Raises:
        BackupRefused: there is something of that name.
    """
    if place.exists():
        raise BackupRefused(f"{place} sudah ada. Ulangi sesaat lagi.")
    _write(draft / MANIFEST, json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n")
    sums = {name: _sum(draft / name) for name in (DUMP, MANIFEST)}
    kept = {file.relative_to(draft).as_posix(): file.name for file in draft.glob("archive/??/*")}
    lines = [f"{checksum}  {name}\n" for name, checksum in sorted({**sums, **kept}.items())]
    _write(draft / SUMS, "".join(lines))
    size = sum(file.stat().st_size for file in draft.rglob("*") if file.is_file())
    draft.rename(place)
    return size


def checked(folder: Path) -> tuple[Manifest, list[Path]]:
    """Check every byte of a backup; return its manifest and the files of its archive.

    Raises:
        BackupRefused: it is not complete, or something in it is missing or has changed.
    """
    sums = _sums(folder)
    damaged = []
    for number, (name, expected) in enumerate(sums.items()):
        progress.tell("Periksa cadangan", number, len(sums))
        if reason := damage(folder / name, expected):
            damaged.append(f"{name} {reason}")
    progress.tell("Periksa cadangan", len(sums), len(sums))
    if damaged:
        raise _is_damaged(folder, damaged)
    manifest = _manifest(folder)
    files = [folder / name for name in sums if name.startswith("archive/")]
    if len(files) != manifest.archive_files:
        raise _is_damaged(folder, [f"{SUMS} tidak menyebut semua berkas"])
    return manifest, files


def damage(file: Path, expected: str) -> str | None:
    """Return what is wrong with a file that should have this checksum, None when nothing is."""
    try:
        return None if _sum(file) == expected else "berubah isinya"
    except FileNotFoundError:
        return "hilang"
    except OSError as error:
        return f"tidak dapat dibaca ({error.strerror})"


def _clear_drafts(collection: Path) -> None:
    """Remove the drafts whose makers were killed: nobody holds their locks any more."""
    for lock_file in collection.glob(f"{DRAFT}*.lock"):
        lock = fasteners.InterProcessLock(lock_file)
        if lock.acquire(blocking=False):
            shutil.rmtree(lock_file.with_suffix(""), ignore_errors=True)
            lock_file.unlink(missing_ok=True)
            lock.release()


def _sums(folder: Path) -> dict[str, str]:
    if not (folder / SUMS).is_file():
        others = sorted(file.parent.name for file in folder.glob(f"*/{SUMS}"))
        raise BackupRefused(
            f"{folder} bukan cadangan yang selesai: di dalamnya tidak ada {SUMS}. "
            + (
                f"Cadangan yang ada di situ: {', '.join(others)}; tulis salah satu."
                if others
                else "Tulis folder yang disebut `iku backup` sesudah selesai."
            )
        )
    lines = (folder / SUMS).read_bytes().decode("utf-8", "replace").splitlines()
    found = [_LINE.fullmatch(line) for line in lines]
    sums = {match[2]: match[1] for match in found if match}
    misnamed = any(n.startswith("archive/") and not n.endswith(s) for n, s in sums.items())
    if not all(found) or misnamed or not {DUMP, MANIFEST} <= sums.keys():
        raise _is_damaged(folder, [f"{SUMS} berubah isinya"])
    return sums


def _is_damaged(folder: Path, damaged: list[str]) -> BackupRefused:
    more = f", dan {len(damaged) - SHOWN} lagi" if len(damaged) > SHOWN else ""
    return BackupRefused(
        f"Cadangan {folder} rusak; tidak ada yang dipulihkan. {', '.join(damaged[:SHOWN])}{more}. "
        "Ambil berkas itu dari salinan lain cadangan ini (berkas arsip yang sama namanya boleh "
        "dari cadangan mana pun), atau pakai cadangan lain."
    )


def _manifest(folder: Path) -> Manifest:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if told.get("format") != FORMAT:
        raise BackupRefused(
            f"Cadangan {folder} dibuat oleh versi program yang lain bentuk cadangannya. "
            "Pakai versi program yang lebih baru."
        )
    lost = tuple(Lost(item["sha256"], tuple(item["loads"])) for item in told.pop("lost"))
    return Manifest(**told, lost=lost)


def _sum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
