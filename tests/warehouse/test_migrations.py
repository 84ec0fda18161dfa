"""Migrations for real: once, in order, never edited; the rest again when it changes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from flows.machine.postgres.embedded import PostgresUnavailable
from flows.machine.settings import Settings
from flows.warehouse import migrations as migrate
from flows.warehouse import roles
from flows.warehouse.connection import open_warehouse
from flows.warehouse.mart_order import in_order
from flows.warehouse.migrations import MigrationRefused
from tests.conftest import ROOT, Server
from tests.listing import listed
from tests.pace import patience
from tests.warehouse import steps

Prepare = Callable[[], str]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the project's SQL that the program takes for its own."""
    copy = tmp_path / "sql"
    shutil.copytree(migrate.SQL, copy)
    monkeypatch.setattr(migrate, "SQL", copy)
    return copy


@pytest.fixture
def prepare(server: Server, database: str) -> Prepare:
    """Return what brings the test's database up to date."""
    return lambda: migrate.prepare(server.url, database, steps.passwords(server))


def ran(server: Server, database: str) -> dict[str, list[tuple]]:
    """Return what the database remembers of migrations and of files applied again."""
    with steps.admin(server, database) as connection:
        return {
            name: steps.ask(connection, f"SELECT *, xmin::text FROM ops.{name} ORDER BY file")
            for name in ("migration", "applied")
        }


def test_every_migration_is_remembered_with_its_checksum_in_order(server: Server, database: str):
    remembered = ran(server, database)["migration"]
    assert [row[0] for row in remembered] == [
        path.name for path in listed(migrate.SQL / "migrations", "*.sql", at_least=12)
    ]
    assert all(len(row[1]) == 64 for row in remembered)


def test_nothing_is_done_when_the_database_is_up_to_date(
    server: Server, database: str, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
):
    before = ran(server, database)

    def never(*_: object) -> None:
        pytest.fail("the database was up to date")

    monkeypatch.setattr(migrate, "create", never)
    monkeypatch.setattr(migrate, "_bring_up_to_date", never)
    prepare()
    assert ran(server, database) == before


def test_whoever_may_not_migrate_is_told_who_must(
    server: Server, database: str, files: Path, prepare: Prepare, tmp_path: Path
):
    writer = prepare()
    passwords = steps.passwords(server)
    given = Settings(
        home=tmp_path / "rumah", database_url=writer, database=database,
        writer_password=passwords.writer, metabase_password=passwords.reader,
    )  # fmt: skip
    with open_warehouse(given) as warehouse:  # up to date: nothing is to be done
        assert warehouse.rows("SELECT current_user AS who") == [{"who": "iku_writer"}]
    (files / "migrations/0999_contoh.sql").write_text("CREATE TABLE ops.contoh (n integer);")
    with pytest.raises(PostgresUnavailable, match="iku_writer tidak boleh memutakhirkannya"):
        open_warehouse(given)


def test_an_edited_migration_is_refused_and_nothing_changes(
    server: Server, database: str, files: Path, prepare: Prepare
):
    before = ran(server, database)
    with (files / "migrations/0002_references.sql").open("a") as file:
        file.write("-- satu baris lagi\n")
    (files / "tallies/agency_nspk.sql").write_text("SELECT 1 / 0;")
    with pytest.raises(MigrationRefused) as refused:
        prepare()
    assert str(refused.value) == (
        "Migrasi 0002_references.sql sudah dijalankan tetapi isinya kemudian diubah. "
        "Kembalikan berkas itu dan tulis perubahannya sebagai migrasi baru."
    )
    assert ran(server, database) == before


def test_a_missing_migration_is_refused(
    server: Server, database: str, files: Path, prepare: Prepare
):
    before = ran(server, database)
    (files / "migrations/0005_values.sql").unlink()
    with pytest.raises(MigrationRefused, match=r"^Migrasi 0005_values\.sql .*berkasnya tidak ada"):
        prepare()
    assert ran(server, database) == before


def test_a_new_migration_runs_once(server: Server, database: str, files: Path, prepare: Prepare):
    (files / "migrations/0999_contoh.sql").write_text("CREATE TABLE ops.contoh (n integer);")
    prepare()
    before = ran(server, database)
    prepare()
    assert before["migration"][-1][0] == "0999_contoh.sql"
    assert ran(server, database) == before


def test_a_migration_that_fails_leaves_nothing_behind(
    server: Server, database: str, files: Path, prepare: Prepare
):
    before = ran(server, database)
    (files / "migrations/0998_baik.sql").write_text("CREATE TABLE ops.contoh (n integer);")
    (files / "migrations/0999_buruk.sql").write_text("SELECT 1 / 0;")
    with pytest.raises(psycopg2.errors.DivisionByZero):
        prepare()
    assert ran(server, database) == before
    with steps.admin(server, database) as connection:
        assert steps.ask(connection, "SELECT to_regclass('ops.contoh')") == [(None,)]


def test_a_changed_tally_is_applied_again(
    server: Server, database: str, files: Path, prepare: Prepare
):
    marts = [row for row in ran(server, database)["applied"] if row[0] == "marts"]
    tally = files / "tallies/reform_index.sql"
    tally.write_text(tally.read_text().replace("SELECT staged.score", "SELECT staged.score + 1"))
    prepare()
    with steps.admin(server, database) as connection:
        source = steps.ask(
            connection, "SELECT prosrc FROM pg_proc WHERE oid = 'tally.reform_index'::regproc"
        )
    assert "staged.score + 1" in source[0][0]
    assert [row for row in ran(server, database)["applied"] if row[0] == "marts"] == marts


def test_a_changed_function_is_applied_again_under_the_marts_that_call_it(
    server: Server, database: str, files: Path, prepare: Prepare
):
    marts = [row for row in ran(server, database)["applied"] if row[0] == "marts"]
    function = files / "functions/shown_rank.sql"
    function.write_text(function.read_text().replace("ELSE 5", "ELSE 6"))
    prepare()
    with steps.admin(server, database) as connection:
        found = steps.ask(connection, "SELECT iku.shown_rank('published', NULL, '{}')")
        assert steps.ask(connection, "SELECT FROM mart.capaian_versi WHERE false") == []
    assert found == [(6,)]
    assert [row for row in ran(server, database)["applied"] if row[0] == "marts"] == marts


def test_a_tally_with_other_columns_and_one_that_is_gone(
    server: Server, database: str, files: Path, prepare: Prepare
):
    (files / "tallies/reform_index.sql").write_text(
        "CREATE FUNCTION tally.reform_index() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
    )
    (files / "tallies/sakip_score.sql").unlink()
    prepare()
    with steps.admin(server, database) as connection:
        left = steps.ask(
            connection,
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE proname IN ('reform_index', 'sakip_score')",
        )
    assert left == [("tally.reform_index()",)]


def test_a_changed_mart_is_applied_again_and_may_still_be_read(
    server: Server, database: str, files: Path, prepare: Prepare
):
    mart = files / "marts/acuan/anggaran.sql"
    mart.write_text(mart.read_text().replace("AS pagu,", "AS pagu, 1 AS keadaan,", 1))
    prepare()
    url = roles.reader_url(server.url, database, steps.passwords(server))
    with (
        closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT keadaan FROM mart.anggaran WHERE false")
        assert cursor.fetchall() == []


def columns(server: Server, database: str) -> list[tuple]:
    """Return every column of every view of `mart`."""
    with steps.admin(server, database) as connection:
        return steps.ask(
            connection,
            "SELECT relname, attname, format_type(atttypid, atttypmod)"
            " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'mart'::regnamespace ORDER BY relname, attnum",
        )


def test_an_upgraded_database_ends_with_the_same_views(
    server: Server,
    database: str,
    files: Path,
    prepare: Prepare,
    monkeypatch: pytest.MonkeyPatch,
):
    ours = columns(server, database)
    marts = files / "marts"
    # The version before: one shelf, numbered, with a view that is gone and a column that is gone.
    for number, path in enumerate(in_order(marts.glob("**/*.sql"))):
        path.rename(marts / f"{number:02}_{path.stem}.sql")
    anggaran = next(marts.glob("*_anggaran.sql"))
    anggaran.write_text(anggaran.read_text().replace("AS pagu,", "AS pagu, 1 AS lama,", 1))
    (marts / "99_lama.sql").write_text("CREATE VIEW mart.lama AS SELECT * FROM mart.karantina;")
    prepare()
    assert {("anggaran", "lama", "integer"), ("lama", "sumber", "text")} <= {
        *columns(server, database)
    }
    monkeypatch.setattr(migrate, "SQL", ROOT / "sql")
    prepare()
    assert columns(server, database) == ours


def test_marts_in_a_circle_are_refused_by_their_names_and_nothing_changes(
    server: Server, database: str, files: Path, prepare: Prepare
):
    before = ran(server, database), columns(server, database)
    with (files / "marts/acuan/kantor.sql").open("a") as file:
        file.write("CREATE VIEW mart.kantor_dua AS SELECT kantor FROM mart.pilihan;\n")
    with pytest.raises(MigrationRefused) as refused:
        prepare()
    assert re.fullmatch(
        r"Mart saling membaca dalam lingkaran: "
        r"(kantor, pilihan, kantor|pilihan, kantor, pilihan)\. "
        r"Pecah lingkaran itu di berkas sql/marts/; tidak ada yang diubah\.",
        str(refused.value),
    )
    assert (ran(server, database), columns(server, database)) == before


def test_processes_at_once_make_one_database(server: Server):
    name = "test_at_once"
    command = (
        "import sys; from flows.warehouse import migrations as migrate, roles; "
        "migrate.prepare(sys.argv[1], sys.argv[2], roles.Passwords(*sys.argv[3:]))"
    )
    given = steps.passwords(server)
    arguments = [server.url, name, given.writer, given.reader]
    try:
        makers = [
            subprocess.Popen(
                [sys.executable, "-c", command, *arguments],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        said = [maker.communicate(timeout=patience(120))[1] for maker in makers]
        assert [maker.returncode for maker in makers] == [0] * 4, said
        migrations = ran(server, name)["migration"]
        assert len(migrations) == len(listed(migrate.SQL / "migrations", "*.sql", at_least=12))
        # All in one transaction: one of the four ran them.
        assert len({row[-1] for row in migrations}) == 1
    finally:
        with steps.admin(server, "postgres") as connection:
            steps.ask(connection, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def spoiled(server: Server) -> Iterator[Callable[[str], None]]:
    """Return what gives a role another password; afterwards it has its own again."""
    own = {roles.WRITER: steps.passwords(server).writer}
    own[roles.READER] = steps.passwords(server).reader

    def spoil(role: str, password: str = "lain") -> None:
        with steps.admin(server, "postgres") as connection:
            steps.ask(connection, f"ALTER ROLE {role} PASSWORD '{password}'")

    yield spoil
    for role, password in own.items():
        spoil(role, password)


@pytest.mark.parametrize("role", [roles.WRITER, roles.READER])
def test_a_role_that_lost_its_password_gets_it_back(
    role: str,
    server: Server,
    database: str,
    prepare: Prepare,
    spoiled: Callable[[str], None],
):
    spoiled(role)
    writer = prepare()
    reader = roles.reader_url(server.url, database, steps.passwords(server))
    for url in (writer, reader):
        psycopg2.connect(url.replace("+psycopg2", "")).close()


def test_threads_that_prepare_at_once_disturb_nobody(server: Server, database: str, files: Path):
    (files / "migrations/0999_contoh.sql").write_text("CREATE TABLE ops.contoh (n integer);")
    given = steps.passwords(server)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(migrate.prepare, server.url, database, given) for _ in range(4)]:
            done.result()
    assert ran(server, database)["migration"][-1][0] == "0999_contoh.sql"
