"""`iku watch`: what is wrong is seen and told with Prefect dead, with Postgres dead, and once."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from flows.machine.postgres import embedded
from flows.machine.settings import Settings
from flows.operating import store, watching
from flows.telling import telling
from flows.warehouse.connection import LOCK_CLASS, Warehouse, lock_offices
from tests.conftest import ROOT, Server
from tests.flows.sinks import Sink, mail_server, webhook
from tests.warehouse import steps
from tests.warehouse.steps import Said

MONDAY = "2025-01-06T02:00:00+07:00"
IN_TIME = "2025-01-07T03:59:00+07:00"
LATE = "2025-01-07T04:01:00+07:00"
NEXT_DAY = "2025-01-08T04:01:00+07:00"
NOBODY_LISTENS = "http://127.0.0.1:9/api"

Open = Callable[[str | None], Warehouse]
Watch = Callable[..., Said]


@pytest.fixture
def mail() -> Iterator[Sink]:
    with mail_server() as sink:
        yield sink


@pytest.fixture
def hook() -> Iterator[Sink]:
    with webhook() as sink:
        yield sink


@pytest.fixture
def watch(
    server: Server,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Watch:
    """Return what runs `iku watch` at an instant; other variables are given by name."""
    steps.backdate_references(server, database)
    monkeypatch.setattr(watching, "FREE_BYTES", 0)
    monkeypatch.setattr(watching, "FREE_SHARE", 0)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    given = {**steps.environment(server, tmp_path), "IKU_DATABASE": database}
    run = steps.command(given, monkeypatch, capsys)

    def watch_at(instant: str, *options: str, **other: str) -> Said:
        with monkeypatch.context() as patch:
            for name, value in {"IKU_INSTANT": instant, **other}.items():
                patch.setenv(name, value)
            return run("watch", *options)

    return watch_at


def alarms(said: Said) -> dict[str, str]:
    """Return what is not well, by subject."""
    return {one["subject"]: one["says"] for one in said.json if not one["is_well"]}


def test_a_night_without_a_run_is_told_with_the_scheduler_stopped(
    at: Open, settings: Settings, watch: Watch, mail: Sink, hook: Sink
):
    told = {"IKU_NOTIFY": f"{mail.address} {hook.address}", "PREFECT_API_URL": NOBODY_LISTENS}
    telling.tell(at(MONDAY), settings, steps.OFFICE, "jadwal", "")
    before = watch(IN_TIME, "--json", **told)
    assert "Penyegaran" not in alarms(before)
    said = watch(LATE, "--json", **told)
    assert said.code == 1
    assert "terakhir selesai baik 6 Januari 2025 02.00.00" in alarms(said)["Penyegaran"]
    assert "lebih dari 26 jam" in alarms(said)["Penyegaran"]
    assert NOBODY_LISTENS in alarms(said)["Server Prefect"]

    assert watch(LATE, **told).code == 1
    for sink in (mail, hook):
        (alarm,) = [one for one in sink.got if "penyegaran perlu" in one[0]]
        assert alarm[0] == f"IKU {steps.OFFICE}: penyegaran perlu diperiksa"
        assert "lebih dari 26 jam" in alarm[1]
        assert len([one for one in sink.got if "server prefect perlu" in one[0]]) == 1
    watch(NEXT_DAY, **told)  # it lasts: told again the next day
    assert len([one for one in hook.got if "penyegaran perlu" in one[0]]) == 2


def test_a_run_that_failed_is_not_a_good_run(at: Open, settings: Settings, watch: Watch):
    said = watch(MONDAY, "--json")
    assert alarms(said)["Penyegaran"].startswith("belum pernah ada yang selesai baik")
    telling.tell(at(MONDAY), settings, steps.OFFICE, "jadwal", "tidak dihitung: 2024-Q3")
    assert "Penyegaran" in alarms(watch(IN_TIME, "--json"))
    telling.tell(at(MONDAY), settings, steps.OFFICE, "jadwal", "")
    assert "Penyegaran" not in alarms(watch(IN_TIME, "--json"))


def test_a_new_office_is_given_its_first_night(watch: Watch, server: Server, database: str):
    steps.backdate_references(server, database, MONDAY)
    assert "Penyegaran" not in alarms(watch(IN_TIME, "--json"))
    assert "belum pernah" in alarms(watch(LATE, "--json"))["Penyegaran"]


def test_prefect_is_not_missed_where_nothing_is_scheduled(watch: Watch):
    said = watch(MONDAY, "--json")
    (prefect,) = [one for one in said.json if "Prefect" in one["subject"]]
    assert (prefect["is_well"], prefect["says"]) == (True, "tidak dijadwalkan di mesin ini")


def test_watching_needs_nothing_of_prefect():
    script = "import sys, flows.operating.watching; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_all_well_ends_with_zero_and_quiet_says_nothing(
    at: Open, settings: Settings, watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    telling.tell(at(MONDAY), settings, steps.OFFICE, "jadwal", "")
    monkeypatch.setattr(watching, "source_states", lambda *_: [])
    said = watch(IN_TIME, "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")
    shown = watch(IN_TIME)
    assert shown.code == 0
    assert shown.out.count("baik: ") == len(shown.out.splitlines()) == 7


def test_a_late_source_is_told_once_until_another_is_late(watch: Watch, hook: Sink):
    def told() -> list[str]:
        return [body for title, body in hook.got if "sumber perlu" in title]

    for instant in (MONDAY, "2025-01-14T02:00:00+07:00"):
        said = watch(instant, "--json", IKU_NOTIFY=hook.address)
        assert alarms(said)["Sumber"] in told()[-1]
        assert len(told()) == 1
    assert "ikpa 2024-01 sampai 2024-11 (11 periode);" in told()[0]
    assert "2024-12" not in told()[0]
    watch("2025-01-16T02:00:00+07:00", IKU_NOTIFY=hook.address)
    assert len(told()) == 2
    assert "ikpa 2024-01 sampai 2024-11 (11 periode), 2024-12;" in told()[1]


def test_a_disk_that_fills_is_told(watch: Watch, monkeypatch: pytest.MonkeyPatch):
    assert "Ruang disk" not in alarms(watch(MONDAY, "--json"))
    monkeypatch.setattr(watching, "FREE_SHARE", 1.0)
    assert "Kosongkan ruang" in alarms(watch(MONDAY, "--json"))["Ruang disk"]


def test_an_address_that_nobody_understands_is_named_by_its_place(watch: Watch, hook: Sink):
    said = watch(MONDAY, "--json", IKU_NOTIFY=f"{hook.address} apa://rahasia")
    assert "alamat ke-2 dalam IKU_NOTIFY tidak dikenali" in alarms(said)["Pesan"]
    assert "rahasia" not in said.out + said.err
    assert hook.got  # the other one gets what there is


def test_a_dead_postgres_is_said_and_told_once_a_day(watch: Watch, hook: Sink):
    dead = {"IKU_DATABASE_URL": "postgresql://postgres:sandi-rahasia@127.0.0.1:9/postgres"}
    for _ in range(2):
        said = watch(MONDAY, "--json", IKU_NOTIFY=hook.address, **dead)
        assert said.code == 1
        assert "127.0.0.1:9 tidak dapat dipakai" in alarms(said)["Postgres"]
        assert "sandi-rahasia" not in said.out + said.err
    ((title, body),) = hook.got
    assert title == "IKU: postgres perlu diperiksa"
    assert "127.0.0.1:9" in body


def test_watching_starts_no_postgres(watch: Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("IKU_DATABASE_URL")
    said = watch(MONDAY, "--json")
    assert said.code == 1
    assert "mati atau tidak menjawab" in alarms(said)["Postgres"]
    assert embedded.status(tmp_path / "rumah").port is None


@contextmanager
def session(server: Server, database: str, user: str, password: str) -> Iterator[Any]:
    url = make_url(server.url)
    connection = psycopg2.connect(
        host=url.host, port=url.port, user=user, password=password, dbname=database
    )
    try:
        yield connection
    finally:
        connection.close()


def test_a_lock_held_too_long_is_freed_and_its_write_refused(at: Open):
    holder, other = at(MONDAY), at(MONDAY)
    statement = text(
        "INSERT INTO ops.refresh (office, ended_at, who, failure)"
        " VALUES ('kanreg-06', ops.instant(), 'beku', '')"
    )
    with holder.engine.connect() as connection:
        lock_offices(connection, [steps.OFFICE])
        connection.execute(statement)
        assert store.end_old_locks(other, timedelta(minutes=10)) == []
        (ended,) = store.end_old_locks(other, timedelta(0))
        assert ended.is_ended
        with other.transaction() as second:
            lock_offices(second, [steps.OFFICE])  # it is free
        with pytest.raises(OperationalError):
            connection.execute(statement)
    assert steps.count(other, "ops.refresh") == 0


def test_the_watch_tells_of_a_lock_it_freed(
    at: Open, watch: Watch, hook: Sink, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watching, "LONGEST_LOCK", timedelta(0))
    with at(None).engine.connect() as connection:
        lock_offices(connection, [steps.OFFICE])
        said = watch(MONDAY, "--json", IKU_NOTIFY=hook.address)
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    assert said.code == 1
    assert "sambungannya diakhiri" in alarms(said)["Kunci kantor"]
    assert len([title for title, _ in hook.got if "kunci kantor" in title]) == 1
    assert "Kunci kantor" not in alarms(watch(MONDAY, "--json"))


def test_only_our_own_sessions_with_an_offices_lock_are_ended(
    server: Server, database: str, at: Open
):
    url = make_url(server.url)
    locked = f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, 1)"
    with (
        session(server, database, str(url.username), str(url.password)) as of_another_role,
        at(None).transaction() as without_lock,
        at(None).transaction() as of_another_class,
    ):
        of_another_role.cursor().execute(locked)
        without_lock.execute(text("SELECT 1"))
        of_another_class.execute(text("SELECT pg_advisory_xact_lock(1, 1)"))
        assert store.end_old_locks(at(None), timedelta(0)) == []
        of_another_role.cursor().execute("SELECT 1")
        without_lock.execute(text("SELECT 1"))
        of_another_class.execute(text("SELECT 1"))


def test_the_writer_may_end_no_session_of_the_administrator(
    server: Server, database: str, at: Open
):
    url = make_url(server.url)
    with session(server, database, str(url.username), str(url.password)) as admin:
        with pytest.raises(Exception, match=re.compile("permission denied", re.I)):
            at(None).rows("SELECT pg_terminate_backend(:pid)", pid=admin.info.backend_pid)
        admin.cursor().execute("SELECT 1")
