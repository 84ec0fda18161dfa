"""Bring a database up to date: migrations once, tallies and marts when they change, cards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from graphlib import CycleError
from pathlib import Path

import psycopg2
from psycopg2 import errors, sql

from flows.warehouse.mart_order import in_order
from flows.warehouse.roles import (
    MIGRATION_LOCK,
    OWNER,
    Passwords,
    connect,
    create,
    database_url,
    writer_url,
)

SQL = Path(__file__).resolve().parents[2] / "sql"
CARDS = Path(__file__).resolve().parents[2]


class MigrationRefused(RuntimeError):
    """A migration that ran differs from its file, or marts have no order; nothing was changed."""


def prepare(admin_url: str, database: str, given: Passwords) -> str:
    """Make `database` ready for use and return the writer's URL of it.

    Costs one query when nothing changed since the last time.
    """
    writer = writer_url(admin_url, database, given)
    if not _is_up_to_date(writer):
        create(admin_url, database, given)
        _bring_up_to_date(database_url(admin_url, database))
    return writer


def fingerprint() -> str:
    """Return the checksum of every file that shapes a database: SQL, and the cards kept in it."""
    return _checksum_of(_files())


def version() -> str:
    """Return the version of what computes a figure, as runs note it: SQL, cards and every rule."""
    return _checksum_of([*_files(), *sorted((CARDS / "transforms").glob("**/*.py"))])[:12]


def _checksum_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def unknown(done: Mapping[str, str]) -> list[str]:
    """Return which migrations (file and checksum) of a database this program does not have."""
    ours = {path.name: _checksum(path.read_text(encoding="utf-8")) for path in _migrations()}
    return sorted(file for file, checksum in done.items() if ours.get(file) != checksum)


def _migrations() -> list[Path]:
    return sorted((SQL / "migrations").glob("*.sql"))


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _files() -> Iterator[Path]:
    for folder in ("migrations", "tallies", "functions", "marts"):
        yield from sorted((SQL / folder).glob("**/*.sql"))
    yield from sorted((CARDS / "schemas" / "sources").glob("*.py"))
    yield from sorted((CARDS / "transforms" / "iku").glob("*.py"))


def _is_up_to_date(writer_url: str) -> bool:
    try:
        with closing(connect(writer_url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT sha256 FROM ops.applied WHERE file = 'all'")
            found = cursor.fetchone()
    except (psycopg2.OperationalError, errors.UndefinedTable, errors.InsufficientPrivilege):
        return False
    return found is not None and found[0] == fingerprint()


def _bring_up_to_date(url: str) -> None:
    """Run what is new in one transaction under a lock: all of it, or nothing."""
    with closing(connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        cursor.execute("SET check_function_bodies = off")
        cursor.execute("CREATE SCHEMA IF NOT EXISTS ops")
        for table in ("migration", "applied"):
            cursor.execute(
                sql.SQL(
                    "CREATE TABLE IF NOT EXISTS ops.{} (file text PRIMARY KEY,"
                    " sha256 text NOT NULL,"
                    " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
                ).format(sql.Identifier(table))
            )
        _run_migrations(cursor)
        _apply_again(cursor, "tallies", "DROP FUNCTION IF EXISTS")
        _apply_again(cursor, "functions", "")
        _apply_again(cursor, "marts", "DROP VIEW IF EXISTS")
        _write_cards(cursor)
        cursor.execute("GRANT SELECT ON ops.migration, ops.applied TO iku_writer")
        _remember(cursor, "all", fingerprint())


def _run_migrations(cursor: psycopg2.extensions.cursor) -> None:
    cursor.execute("SELECT file, sha256 FROM ops.migration")
    done: Mapping[str, str] = dict(cursor.fetchall())
    files = {path.name: path for path in _migrations()}
    missing = sorted(set(done) - set(files))
    if missing:
        raise MigrationRefused(
            f"Migrasi {missing[0]} sudah dijalankan di basis data ini tetapi berkasnya tidak ada. "
            "Pakai versi program yang lebih baru."
        )
    for name, path in files.items():
        body = path.read_text(encoding="utf-8")
        checksum = _checksum(body)
        if name not in done:
            cursor.execute(body)
            cursor.execute("INSERT INTO ops.migration VALUES (%s, %s)", (name, checksum))
        elif done[name] != checksum:
            raise MigrationRefused(
                f"Migrasi {name} sudah dijalankan tetapi isinya kemudian diubah. "
                "Kembalikan berkas itu dan tulis perubahannya sebagai migrasi baru."
            )


def _apply_again(cursor: psycopg2.extensions.cursor, folder: str, drop: str) -> None:
    """Apply all files of a folder when any of them changed, each after the marts that it reads.

    All of them, as a view may stand on another: what is dropped is made again.
    """
    files = sorted((SQL / folder).glob("**/*.sql"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    cursor.execute("SELECT sha256 FROM ops.applied WHERE file = %s", (folder,))
    found = cursor.fetchone()
    if found is not None and found[0] == digest.hexdigest():
        return
    for name in _objects(cursor, folder):
        cursor.execute(f"{drop} {name} CASCADE")
    for path in _ordered(files):
        cursor.execute(path.read_text(encoding="utf-8"))
    _remember(cursor, folder, digest.hexdigest())


def _ordered(files: Sequence[Path]) -> Sequence[Path]:
    try:
        return in_order(files)
    except CycleError as circle:
        names = ", ".join(path.stem for path in circle.args[1])
        raise MigrationRefused(
            f"Mart saling membaca dalam lingkaran: {names}. "
            "Pecah lingkaran itu di berkas sql/marts/; tidak ada yang diubah."
        ) from circle


def _objects(cursor: psycopg2.extensions.cursor, folder: str) -> list[str]:
    """Return the names, quoted by the server, of the functions or views that a folder made."""
    if folder == "tallies":
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'tally'::regnamespace"
        )
    elif folder == "functions":
        return []  # views stand on them: a file replaces its function under their feet
    else:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class"
            " WHERE relnamespace = 'mart'::regnamespace AND relkind = 'v'"
        )
    return [name for (name,) in cursor.fetchall()]


def _remember(cursor: psycopg2.extensions.cursor, file: str, checksum: str) -> None:
    cursor.execute(
        "INSERT INTO ops.applied (file, sha256) VALUES (%s, %s) ON CONFLICT (file)"
        " DO UPDATE SET sha256 = excluded.sha256, applied_at = clock_timestamp()",
        (file, checksum),
    )


def _write_cards(cursor: psycopg2.extensions.cursor) -> None:
    """Copy the cards of sources and indicators into the tables that SQL reads them from."""
    # Imported here: pandera takes a second that a database which is up to date need not pay.
    from schemas.sources import sources
    from transforms.indicators import indicators

    for source in sources().values():
        cursor.execute(
            "INSERT INTO ops.source VALUES (%s, %s, %s, %s, %s) ON CONFLICT (source) DO UPDATE SET"
            " title = excluded.title, kind = excluded.kind, cadence = excluded.cadence,"
            " due_days = excluded.due_days",
            (source.code, source.title, source.kind, source.cadence, source.due_days),
        )
    for indicator in indicators().values():
        card = indicator.card
        cursor.execute(
            "INSERT INTO iku.card VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (iku) DO UPDATE"
            " SET number = excluded.number, short_name = excluded.short_name,"
            " name_id = excluded.name_id, counted = excluded.counted,"
            " consolidation = excluded.consolidation, source = excluded.source",
            (
                card.code,
                card.number,
                card.short_name,
                card.name_id,
                card.counted,
                card.consolidation,
                card.source,
            ),
        )
