"""Where the cluster of a home lies: in the home, or, for root, where an account can reach it."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from contextlib import suppress
from pathlib import Path

from flows.machine.postgres.programs import Account, PostgresUnavailable, give, run, shared_folder


def cluster(home: Path) -> Path:
    """The folder of data and log: the one home/postgres/place names, else home/postgres/cluster.

    Raises:
        PostgresUnavailable: the named folder is gone, or is that of the home this is a copy of.
    """
    note = home / "postgres/place"
    if not note.exists():
        return home / "postgres/cluster"
    folder = Path(note.read_text())
    if not folder.is_dir():
        raise PostgresUnavailable(
            f"Data Postgres di {folder} tidak ada lagi. Pulihkan dari cadangan, atau hapus {note} "
            "untuk mulai dengan basis data kosong."
        )
    first = Path((folder / "home").read_text()) / "postgres/place"
    if first != note and first.exists() and first.read_text() == str(folder):
        raise PostgresUnavailable(
            f"{home} adalah salinan; datanya milik {first.parents[1]}. Hapus {note} untuk mulai "
            "dengan basis data kosong di sini."
        )
    return folder


def make_cluster(home: Path, who: Account) -> Path:
    """Make that folder for a new cluster, and note it when it is not in the home."""
    folder = home / "postgres/cluster"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not who or _reaches(who, folder):
        return folder
    shutil.rmtree(folder)
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    for n in itertools.count():  # a folder left by an earlier home of this path is not ours
        folder = shared_folder() / (f"{name}-{n}" if n else name)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            break
    (folder / "home").write_text(str(home))
    give(folder, who)
    draft = home / "postgres/place.new"
    draft.write_text(str(folder))
    draft.replace(home / "postgres/place")  # after a crash the note is whole or not there
    return folder


def reopen_cluster(folder: Path, who: Account) -> None:
    """Make sure that the account can still use a cluster it has used before.

    Raises:
        PostgresUnavailable: a folder above it has been closed since.
    """
    if who and (folder / "data").stat().st_uid == 0:  # root copied or restored it
        for path in (folder, *folder.rglob("*")):
            give(path, who)
    if who and not _reaches(who, folder):
        raise PostgresUnavailable(
            f"Akun yang menjalankan Postgres tidak dapat lagi membuka {folder}: izin salah satu "
            "folder di atasnya berubah. Kembalikan izinnya (chmod o+x), atau jalankan sebagai "
            "pemilik folder itu, bukan root."
        )


def _reaches(who: Account, folder: Path) -> bool:
    """Tried as that account: the bits of one folder say nothing about its parents, ACLs, mounts."""
    with suppress(OSError):
        give(folder, who)
        return run(who, "sh", "-c", 'cd "$1" && test -w .', "sh", folder)[0] == 0
    return False
