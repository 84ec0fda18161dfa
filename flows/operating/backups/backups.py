"""Backups: the database in use and the archive into one folder, and from it into an empty place.

No secret is in a backup: a copy that falls into wrong hands opens no database and names nobody
who is not named in the archive. Passwords are made anew; the key of pseudonyms is kept elsewhere.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.machine import archive, progress
from flows.machine.postgres.programs import PostgresUnavailable
from flows.machine.secret_files import secret
from flows.machine.settings import Settings
from flows.operating.backups import dumps
from flows.operating.backups import folder as backup_folder
from flows.operating.backups.dumps import Load
from flows.operating.backups.folder import DUMP, FORMAT, BackupRefused, Lost, Manifest
from flows.warehouse import migrations, roles
from flows.warehouse.connection import (
    DEMO,
    database_in_use,
    open_warehouse,
    server_url,
    use_database,
)

ZONE = ZoneInfo("Asia/Jakarta")  # of the names of backups
KEY = "pseudonym_key"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made; `key` says where the key of pseudonyms lies, which is not in it."""

    folder: Path
    database: str
    at: datetime
    rows: int
    archive_files: int
    size_bytes: int
    lost: tuple[Lost, ...]
    key: str | None


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored; `key`: is the key of pseudonyms here the one it was made with?"""

    database: str
    at: datetime
    rows: int
    archive_files: int
    lost: tuple[Lost, ...]
    key: str  # same, other, missing, unused


def database_of(given: Settings) -> str:
    """Return the database in use."""
    return given.database or database_in_use(given.home)


def make(given: Settings, collection: Path) -> Made:
    """Write a new backup into the folder `collection`: complete, or not at all.

    The database is left as it is, so a new version of the program can back up before it migrates.

    Raises:
        BackupRefused: there is nothing to back up.
        PostgresUnavailable: the server or pg_dump refuses.
    """
    database, admin = database_of(given), server_url(given)
    if not dumps.has_warehouse(admin, database):
        raise BackupRefused(f"Basis data {database} belum ada; belum ada yang dapat dicadangkan.")
    with backup_folder.drafted(collection.resolve()) as draft:
        progress.tell("Basis data", 0, 1)
        content = dumps.dump(admin, database, draft / DUMP)
        progress.tell("Basis data", 1, 1)
        # After the dump: a file is in the archive before its load is in the database.
        lost = _copy_archive(given.home, draft, content.loads)
        manifest = Manifest(
            format=FORMAT,
            made_at=content.at.isoformat(),
            database=database,
            program=migrations.fingerprint(),
            postgres=content.postgres,
            migrations=content.migrations,
            rows=content.rows,
            archive_files=len(archive.files(draft)),
            lost=lost,
            pseudonym_key=_key_mark(given),
        )
        place = draft.with_name(f"{database}_{content.at.astimezone(ZONE):%Y-%m-%d_%H%M%S}")
        size = backup_folder.complete(draft, place, manifest)
    key = None if manifest.pseudonym_key is None else _key_place(given)
    rows = sum(content.rows.values())
    return Made(place, database, content.at, rows, manifest.archive_files, size, lost, key)


def restore(given: Settings, folder: Path) -> Restored:
    """Fill an empty place from a backup; killed on the way, it may be run again.

    Raises:
        BackupRefused: the backup is damaged or too new, or the place is not empty.
        PostgresUnavailable: the server or pg_restore refuses.
    """
    manifest, files = backup_folder.checked(folder)
    database = given.database or manifest.database
    _refuse_what_does_not_fit(given, manifest, database, files)
    admin = server_url(given)
    if not dumps.is_empty(admin, database):
        raise BackupRefused(
            f"Basis data {database} sudah berisi; `iku restore` tidak menimpa apa pun. Pakai "
            "IKU_HOME yang kosong, atau isi IKU_DATABASE dengan nama basis data yang belum ada."
        )
    # The database last and in one transaction: until then the place counts as empty.
    for number, file in enumerate(files):
        progress.tell("Arsip", number, len(files))
        archive.keep(given.home, file)
    progress.tell("Arsip", len(files), len(files))
    progress.tell("Basis data", 0, 1)
    if given.database is None:  # before it is full: killed then, nobody would find it again
        use_database(given.home, database)
    passwords = roles.passwords(given)
    content = dumps.restore(admin, database, folder.resolve() / DUMP, passwords)
    progress.tell("Basis data", 1, 1)
    if content.rows != manifest.rows:
        raise PostgresUnavailable(
            f"Jumlah baris di {database} sesudah dipulihkan tidak sama dengan cadangannya. Jangan "
            "pakai basis data itu; hapus, lalu pulihkan lagi."
        )
    open_warehouse(given, database).engine.dispose()  # newer migrations, tallies, marts
    at = datetime.fromisoformat(manifest.made_at)
    rows = sum(content.rows.values())
    return Restored(database, at, rows, len(files), manifest.lost, _key_state(given, manifest))


def _copy_archive(home: Path, draft: Path, loads: Sequence[Load]) -> tuple[Lost, ...]:
    """Copy what is sound; return the files that are damaged, or that a load has and we have not."""
    found = archive.files(home)
    sound, damaged = set(), set()
    for number, file in enumerate(found):
        progress.tell("Arsip", number, len(found))
        if backup_folder.damage(file, file.name):
            damaged.add(file.name)
        else:
            archive.keep(draft, file)
            sound.add(file.name)
    progress.tell("Arsip", len(found), len(found))
    named: dict[str, list[str]] = {checksum: [] for checksum in sorted(damaged)}
    for load in loads:
        if load.sha256 not in sound:
            said = f"muatan {load.load_id} ({load.source} {load.period})"
            named.setdefault(load.sha256, []).append(said)
    return tuple(Lost(checksum, tuple(said)) for checksum, said in named.items())


def _refuse_what_does_not_fit(
    given: Settings, manifest: Manifest, database: str, files: Sequence[Path]
) -> None:
    if newer := migrations.unknown(manifest.migrations):
        raise BackupRefused(
            f"Cadangan ini memuat migrasi {newer[0]} yang tidak dikenal versi program ini. "
            "Pakai versi program yang lebih baru."
        )
    if (database == DEMO) != (manifest.database == DEMO):
        raise BackupRefused(
            f"Cadangan ini dari basis data {manifest.database} dan tidak dapat dipulihkan ke "
            f"{database}: angka contoh dan angka sungguhan tidak boleh tertukar. "
            "Kosongkan IKU_DATABASE atau pilih nama lain."
        )
    others = {file.name for file in archive.files(given.home)} - {file.name for file in files}
    if others:
        raise BackupRefused(
            f"Arsip {given.home / 'archive'} sudah berisi {len(others)} berkas lain; `iku restore` "
            "tidak mencampurnya. Pakai IKU_HOME yang kosong."
        )


def _key_place(given: Settings) -> str:
    return "IKU_PSEUDONYM_KEY" if given.pseudonym_key else str(given.home / KEY)


def _key_mark(given: Settings) -> str | None:
    """Return what tells one key from another without telling the key; None if none was used."""
    if given.pseudonym_key is None and not (given.home / KEY).exists():
        return None
    key = secret(given.home, KEY, given.pseudonym_key)
    return hmac.new(key.encode(), b"iku backup", "sha256").hexdigest()


def _key_state(given: Settings, manifest: Manifest) -> str:
    if manifest.pseudonym_key is None:
        return "unused"
    mark = _key_mark(given)
    if mark is None:
        return "missing"
    return "same" if mark == manifest.pseudonym_key else "other"
