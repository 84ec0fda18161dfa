"""A backup is complete or is none; what it restores is what there was, to the last grant."""

from __future__ import annotations

import json
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import make_url

from flows.machine import archive, progress
from flows.machine.postgres import embedded
from schemas.sources import sources
from tests.conftest import ROOT, TEMPLATE, Server
from tests.samples.workbooks import Form, write_table
from tests.warehouse import steps

NIGHT = "2025-01-20T02:00:00+07:00"
GRANTS = """
    SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace
    WHERE nspname !~ '^(pg_|information_schema)'
    UNION ALL
    SELECT c.oid::regclass::text, relowner::regrole::text, relacl::text
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'v', 'S') AND nspname !~ '^(pg_|information_schema)'
    UNION ALL
    SELECT p.oid::regprocedure::text, proowner::regrole::text, proacl::text
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace
    WHERE nspname !~ '^(pg_|information_schema)'
    UNION ALL
    SELECT defaclnamespace::regnamespace || ' ' || defaclobjtype::text, defaclrole::regrole::text,
        defaclacl::text
    FROM pg_default_acl
    ORDER BY 1, 2, 3
"""
# Run in a process of its own, which dies when a step of the work is told.
DIES = """
import os, signal, sys
from flows.machine import progress
from flows.machine.settings import settings
from flows.operating.backups import backups
from pathlib import Path

def listen(step, done, total):
    if (step, done) == (sys.argv[1], int(sys.argv[2])):
        os.kill(os.getpid(), signal.SIGKILL)

with progress.told_to(listen):
    getattr(backups, sys.argv[3])(settings(), Path(sys.argv[4]))
"""

Iku = Callable[..., steps.Said]


@dataclass(frozen=True)
class Original:
    """A warehouse with some values, and the environment in which `iku` finds it."""

    database: str
    home: Path
    given: Mapping[str, str]


@pytest.fixture(scope="module")
def original(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    folder = tmp_path_factory.mktemp("original")
    given = steps.environment(server, folder)
    home = Path(given["IKU_HOME"])
    at_home = server.settings.model_copy(update={"home": home, "inbox": folder / "inbox"})
    with steps.copy_of(server, TEMPLATE) as database:
        steps.backdate_references(server, database)
        warehouse = steps.open_at(server, database, NIGHT)
        printed = steps.printed({"IKU.3": Decimal("94.78")})
        tied = steps.tied(steps.members()[:10])
        forms = [
            steps.form("433344443", answered_on=date(2024, 1, 2 + n), respondent=f"R{n}")
            for n in range(9)
        ]
        for source, period, rows in (
            ("published_actual", "2023-Q4", printed),
            ("siasn_integration", "2024-Q2", tied),
            ("survey_answer", "2024-Q1", forms),
        ):
            steps.landed(steps.land(warehouse, at_home, source, period, rows))
        steps.compute(warehouse, 2024, 1)
        steps.compute(warehouse, 2024, 2)
        warehouse.engine.dispose()
        yield Original(database, home, {**given, "IKU_DATABASE": database})


@pytest.fixture
def iku(
    original: Original, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iku:
    """Run `iku` where the original lies."""
    return steps.command(original.given, monkeypatch, capsys)


@pytest.fixture
def backup(iku: Iku, tmp_path: Path) -> Path:
    """Back the original up."""
    return backed_up(iku, tmp_path / "cadangan")


@pytest.fixture
def place(
    server: Server, original: Original, backup: Path, tmp_path: Path, monkeypatch
) -> Iterator[str]:
    """Lead `iku`, once the backup is made, to an empty home and a database still to be made."""
    name = f"{original.database}_restored"
    monkeypatch.setenv("IKU_HOME", str(tmp_path / "baru"))
    monkeypatch.setenv("IKU_DATABASE", name)
    yield name
    with steps.admin(server, "postgres") as connection:
        steps.ask(connection, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def backed_up(iku: Iku, collection: Path) -> Path:
    said = iku("backup", collection, "--json")
    assert said.code == 0, said.err
    return Path(said.json["folder"])


def grants(admin_url: str, database: str) -> list[tuple]:
    url = make_url(admin_url).set(drivername="postgresql", database=database)
    with closing(psycopg2.connect(url.render_as_string(hide_password=False))) as connection:
        return steps.ask(connection, GRANTS)


def exists(server: Server, database: str) -> bool:
    with steps.admin(server, "postgres") as connection:
        return bool(
            steps.ask(connection, f"SELECT 1 FROM pg_database WHERE datname = '{database}'")
        )


def parts(backup: Path) -> list[Path]:
    return sorted(file for file in backup.rglob("*") if file.is_file())


def flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def die(step: str, done: int, work: str, folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DIES, step, str(done), work, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def test_an_empty_home_becomes_the_warehouse_that_was(
    server: Server, original: Original, iku: Iku, backup: Path, tmp_path: Path, monkeypatch
):
    shown = iku("scorecard", "--year", 2024, "--quarter", 2, "--json").json
    assert any(line["actual"] for line in shown)
    home = tmp_path / "baru"
    for name in original.given:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IKU_HOME", str(home))
    try:
        said = iku("restore", backup)
        assert said.code == 0, said.err
        assert iku("scorecard", "--year", 2024, "--quarter", 2, "--json").json == shown
        verified = iku("verify", "--json")
        assert verified.code == 0
        assert verified.json["recomputed"] > 14
        assert verified.json["differences"] == []
        kept = {file.name: file.read_bytes() for file in archive.files(original.home)}
        assert {file.name: file.read_bytes() for file in archive.files(home)} == kept
        # Its own server had none of the roles.
        admin = embedded.ensure(home).url
        assert grants(admin, original.database) == grants(server.url, original.database)
        # Numbers go on where they were, so what is landed next is news.
        file = tmp_path / "layanan.csv"
        write_table(file, sources()["digital_service"], steps.digital(), Form.CSV)
        slice_ = ("--source", "digital_service", "--period", "2024-Q2")
        again = iku("land", file, *slice_, "--json")
        assert (again.json["status"], again.json["load_id"]) == ("landed", 4)
    finally:
        embedded.remove(home)


def test_a_database_that_somebody_made_empty_is_filled(
    server: Server, iku: Iku, backup: Path, place: str
):
    with steps.admin(server, "postgres") as connection:
        steps.ask(connection, f"CREATE DATABASE {place}")
    said = iku("restore", backup, "--json")
    assert said.code == 0, said.err
    assert said.json["database"] == place
    assert iku("verify").code == 0


def test_a_place_that_is_not_empty_is_left_as_it_is(
    server: Server, iku: Iku, backup: Path, place: str, tmp_path: Path
):
    stranger = tmp_path / "lain.csv"
    stranger.write_text("lain")
    kept = archive.keep(tmp_path / "baru", stranger)
    said = iku("restore", backup)
    assert (said.code, "berkas lain" in said.err.replace("\n", " ")) == (2, True)
    assert not exists(server, place)

    kept.path.unlink()
    with steps.admin(server, "postgres") as connection:
        steps.ask(connection, f"CREATE DATABASE {place}")
    with steps.admin(server, place) as connection:
        steps.ask(connection, "CREATE TABLE catatan (isi text)")
    said = iku("restore", backup)
    assert (said.code, "sudah berisi" in said.err.replace("\n", " ")) == (2, True)
    assert not archive.files(tmp_path / "baru")


def test_a_restore_that_was_killed_can_be_run_again(
    server: Server, iku: Iku, backup: Path, place: str, tmp_path: Path
):
    die("Arsip", 1, "restore", backup)
    assert len(archive.files(tmp_path / "baru")) == 1
    die("Basis data", 0, "restore", backup)
    assert not exists(server, place)
    assert iku("restore", backup).code == 0
    assert iku("verify").code == 0


def test_a_database_that_is_full_is_in_use_even_when_the_restore_is_killed(
    server: Server, original: Original, iku: Iku, tmp_path: Path, monkeypatch
):
    with steps.copy_of(server, original.database) as database:
        monkeypatch.setenv("IKU_DATABASE", database)
        backup = backed_up(iku, tmp_path / "cadangan")
    monkeypatch.setenv("IKU_HOME", str(tmp_path / "baru"))
    monkeypatch.delenv("IKU_DATABASE")
    try:
        die("Hitung baris", 1, "restore", backup)
        assert exists(server, database)
        assert iku("doctor", "--json").out.count(f"{database} (sungguhan)") == 1
        assert iku("verify").code == 0
    finally:
        with steps.admin(server, "postgres") as connection:
            steps.ask(connection, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def test_invented_figures_are_not_restored_as_real_ones(
    server: Server, iku: Iku, backup: Path, place: str, monkeypatch
):
    monkeypatch.setenv("IKU_DATABASE", "iku_contoh")
    said = iku("restore", backup)
    assert (said.code, "tertukar" in said.err) == (2, True)
    assert not exists(server, "iku_contoh")


def test_a_backup_of_a_newer_program_is_refused(
    server: Server, original: Original, iku: Iku, tmp_path: Path, monkeypatch
):
    with steps.copy_of(server, original.database) as newer:
        with steps.admin(server, newer) as connection:
            steps.ask(connection, "INSERT INTO ops.migration VALUES ('9999_later.sql', 'x')")
        monkeypatch.setenv("IKU_DATABASE", newer)
        backup = backed_up(iku, tmp_path / "cadangan")
    monkeypatch.setenv("IKU_HOME", str(tmp_path / "baru"))
    said = iku("restore", backup)
    assert (said.code, "9999_later.sql" in said.err) == (2, True)
    assert not exists(server, newer)


def test_a_flipped_byte_is_found_in_whichever_part(
    server: Server, iku: Iku, backup: Path, place: str, tmp_path: Path
):
    assert len(parts(backup)) == 3 + 3  # three files of the archive
    for part in parts(backup):
        sound = part.read_bytes()
        flip_a_byte(part)
        said = iku("restore", backup)
        assert said.code == 2, part
        assert part.name in "".join(said.err.split()), part
        part.write_bytes(sound)
    assert not exists(server, place)
    assert not (tmp_path / "baru").exists()


def test_a_missing_part_is_found(iku: Iku, backup: Path, place: str):
    for part in parts(backup):
        sound = part.read_bytes()
        part.unlink()
        said = iku("restore", backup)
        assert (said.code, part.name in "".join(said.err.split())) == (2, True), part
        part.write_bytes(sound)
    *shorter, _ = (backup / "SHA256SUMS").read_text().splitlines(keepends=True)
    for left in (shorter, [line for line in shorter if "archive/" not in line]):
        (backup / "SHA256SUMS").write_text("".join(left))
        assert iku("restore", backup).code == 2
    assert iku("restore", backup.parent).code == 2


def test_a_backup_that_was_killed_is_none(iku: Iku, tmp_path: Path):
    collection = tmp_path / "cadangan"
    for step, done in (("Basis data", 0), ("Basis data", 1), ("Arsip", 2)):
        die(step, done, "make", collection)
        left = [folder for folder in collection.iterdir() if folder.is_dir()]
        assert len(left) == 1  # of the one before nothing is left
        assert iku("restore", left[0]).code == 2
    made = backed_up(iku, collection)
    assert list(collection.iterdir()) == [made]


def test_a_file_that_is_lost_before_the_backup_is_told(
    server: Server, original: Original, iku: Iku, place: str, tmp_path: Path, monkeypatch
):
    home = tmp_path / "rusak"
    shutil.copytree(original.home, home)
    damaged, missing, unreadable = archive.files(home)
    flip_a_byte(damaged)
    missing.unlink()
    unreadable.unlink()
    unreadable.mkdir()  # as root, who runs the tests too, reads everything else
    monkeypatch.setenv("IKU_HOME", str(home))
    monkeypatch.setenv("IKU_DATABASE", original.database)
    said = iku("backup", tmp_path / "kurang", "--json")
    assert said.code == 1
    assert {item["sha256"] for item in said.json["lost"]} == {
        file.name for file in (damaged, missing, unreadable)
    }
    assert all("muatan" in item["loads"][0] for item in said.json["lost"])
    monkeypatch.setenv("IKU_HOME", str(tmp_path / "baru"))
    monkeypatch.setenv("IKU_DATABASE", place)
    restored = iku("restore", said.json["folder"], "--json")
    assert (restored.code, restored.json["archive_files"]) == (0, 0)
    assert len(restored.json["lost"]) == 3


def test_a_file_with_the_bytes_of_another_takes_nothing_away(
    original: Original, iku: Iku, tmp_path: Path, monkeypatch
):
    home = tmp_path / "rusak"
    shutil.copytree(original.home, home)
    sound, *others = archive.files(home)
    others[-1].write_bytes(sound.read_bytes())
    monkeypatch.setenv("IKU_HOME", str(home))
    said = iku("backup", tmp_path / "kurang", "--json")
    assert [item["sha256"] for item in said.json["lost"]] == [others[-1].name]
    kept = [file.name for file in archive.files(Path(said.json["folder"]))]
    assert kept == [sound.name, *(file.name for file in others[:-1])]


def test_only_the_owner_reads_it_and_no_secret_is_in_it(
    server: Server, original: Original, iku: Iku, tmp_path: Path
):
    said = iku("backup", tmp_path / "cadangan")
    assert said.code == 0
    key = original.home / "pseudonym_key"
    assert str(key) in "".join(said.out.split())
    (backup,) = (tmp_path / "cadangan").iterdir()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [backup, *backup.rglob("*")]}
    assert modes == {0o700, 0o600}
    given = steps.passwords(server)
    for secret in (key.read_text(), given.writer, given.reader):
        assert not any(secret.encode() in part.read_bytes() for part in parts(backup))


def test_the_officer_is_told_whether_the_key_is_the_old_one(
    original: Original, iku: Iku, place: str, backup: Path, tmp_path: Path, server: Server
):
    key = tmp_path / "baru" / "pseudonym_key"
    old = (original.home / "pseudonym_key").read_text()
    for content, state in ((None, "missing"), ("kunci lain", "other"), (old, "same")):
        if content is not None:
            key.touch(0o600)
            key.write_text(content)
        said = iku("restore", backup, "--json")
        assert (said.code, said.json["key"]) == (0, state)
        with steps.admin(server, "postgres") as connection:
            steps.ask(connection, f"DROP DATABASE {place} WITH (FORCE)")
    key.unlink()
    assert "kunci nama samaran di sini belum ada" in " ".join(iku("restore", backup).out.split())


def test_what_lands_meanwhile_is_in_the_next_backup(
    server: Server, original: Original, iku: Iku, place: str, tmp_path: Path, monkeypatch
):
    with steps.copy_of(server, original.database) as database:
        warehouse = steps.open_at(server, database, NIGHT)
        given = server.settings.model_copy(
            update={"home": tmp_path / "home", "inbox": tmp_path / "inbox"}
        )
        shutil.copytree(original.home, given.home)
        monkeypatch.setenv("IKU_HOME", str(given.home))
        monkeypatch.setenv("IKU_DATABASE", database)

        def land_meanwhile(step: str, done: int, total: int) -> None:
            if step in ("Hitung baris", "Basis data") and done == total:
                period = "2024-Q1" if step == "Hitung baris" else "2024-Q2"
                rows = steps.digital(12 if step == "Hitung baris" else 11)
                steps.landed(steps.land(warehouse, given, "digital_service", period, rows))

        with progress.told_to(land_meanwhile):
            backup = backed_up(iku, tmp_path / "berikutnya")
        warehouse.engine.dispose()
    told = json.loads((backup / "manifest.json").read_text())
    assert (told["rows"]["ops.load"], told["archive_files"]) == (3, 5)
    monkeypatch.setenv("IKU_HOME", str(tmp_path / "baru"))
    monkeypatch.setenv("IKU_DATABASE", place)
    assert iku("restore", backup).code == 0
    assert iku("verify").code == 0


def test_nothing_is_backed_up_where_nothing_is(iku: Iku, place: str, tmp_path: Path):
    said = iku("backup", tmp_path / "kosong")
    assert (said.code, "belum ada" in said.err) == (2, True)
    assert not (tmp_path / "kosong").exists()


def test_an_older_database_is_backed_up_as_it_is(
    server: Server, original: Original, iku: Iku, tmp_path: Path, monkeypatch
):
    with steps.copy_of(server, original.database) as database:
        with steps.admin(server, database) as connection:
            steps.ask(connection, "UPDATE ops.applied SET sha256 = 'old'")
        monkeypatch.setenv("IKU_DATABASE", database)
        backed_up(iku, tmp_path / "cadangan")
        with steps.admin(server, database) as connection:
            assert steps.ask(connection, "SELECT DISTINCT sha256 FROM ops.applied") == [("old",)]
