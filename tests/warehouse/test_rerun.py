"""Reruns: what is planned is what is recorded, with the reason, and nothing without need."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse, use_database
from tests.conftest import ROOT, Server
from tests.pace import patience
from tests.warehouse import steps
from tests.warehouse.steps import Said

Iku = Callable[..., Said]
TABLES = ("ops.run", "iku.value", "iku.achievement", "iku.rollup")
RANGE = ("rerun", "--from", "2024-Q1", "--to", "2024-Q3", "--reason", "koreksi survei")


@pytest.fixture
def iku(
    database: str,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iku:
    use_database(tmp_path / "rumah", database)
    return steps.command(steps.environment(server, tmp_path), monkeypatch, capsys)


@pytest.fixture
def corrected(warehouse: Warehouse, settings: Settings) -> Warehouse:
    """Give a warehouse that was refreshed, and a correction that has landed since."""
    steps.landed(steps.land(warehouse, settings, "survey_answer", "2024-Q2", forms("3")))
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q2", steps.digital(6)))
    steps.refresh(warehouse)
    steps.landed(steps.land(warehouse, settings, "survey_answer", "2024-Q2", forms("4")))
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q2", steps.digital(9)))
    return warehouse


def forms(answer: str) -> list[dict[str, object]]:
    return [steps.form(answer * 9, answered_on=date(2024, 5, day)) for day in range(1, 31)]


def counts(warehouse: Warehouse) -> list[int]:
    return [steps.count(warehouse, table) for table in TABLES]


def test_a_plan_says_what_would_move_and_why_and_writes_nothing(corrected: Warehouse, iku: Iku):
    before = counts(corrected)
    said = iku(*RANGE, "--iku", "IKU.7", "--plan", "--json")
    assert said.code == 2
    assert counts(corrected) == before
    moves = {(move["period"], move["iku"]): move for move in said.json["moves"]}
    assert set(moves) == {(f"2024-Q{quarter}", "IKU.7") for quarter in (1, 2, 3)}
    assert moves["2024-Q1", "IKU.7"]["why"] == ["belum pernah dihitung"]  # closed before any load
    move = moves["2024-Q2", "IKU.7"]
    assert (move["old_actual"], move["new_actual"]) == ("50.00", "75.00")
    assert move["why"] == ["muatan digital_service 2024-Q2: 2 (2024-Q2.csv) → 4 (2024-Q2.csv)"]


def test_what_was_planned_is_recorded_with_its_reason_and_then_nothing_is_left(
    corrected: Warehouse, iku: Iku
):
    planned = iku(*RANGE, "--plan", "--json").json["moves"]
    done = iku(*RANGE, "--yes", "--json")
    assert done.code == 0
    assert done.json["moves"] == planned
    for move in planned:
        if move["document"] == "pk" and move["basis"] == "computed":
            year, quarter = int(move["period"][:4]), int(move["period"][-1])
            shown = steps.shown(corrected, move["iku"], year, quarter)
            told = None if shown["realisasi"] is None else str(shown["realisasi"])
            assert told == move["new_actual"]
    runs = corrected.rows("SELECT reason, who, ikus FROM ops.run ORDER BY run_id DESC LIMIT 2")
    assert {(run["reason"], run["ikus"]) for run in runs} == {("koreksi survei", None)}
    assert all(run["who"] for run in runs)

    after = counts(corrected)
    again = iku(*RANGE, "--yes")
    assert again.code == 0
    assert "Tidak ada yang akan berubah" in again.out
    assert iku(*RANGE, "--plan").code == 0
    assert counts(corrected) == after


def test_a_rerun_of_one_indicator_leaves_the_others_to_the_refresh(corrected: Warehouse, iku: Iku):
    assert iku(*RANGE, "--iku", "IKU.7", "--yes").code == 0
    assert str(steps.shown(corrected, "IKU.7", 2024, 2)["realisasi"]) == "75.00"
    stale = corrected.rows("SELECT max(value_id) AS id FROM iku.value WHERE iku IN ('IKU.3')")
    assert {(2024, 2), (2024, 3), (2024, 4)} <= steps.touched(corrected)
    steps.refresh(corrected)
    fresh = corrected.rows("SELECT max(value_id) AS id FROM iku.value WHERE iku IN ('IKU.3')")
    assert fresh != stale


def test_a_corrected_target_is_the_reason(corrected: Warehouse, iku: Iku, tmp_path: Path):
    iku(*RANGE, "--yes")
    row = next(
        row
        for row in steps.seeded("target")
        if (row["iku"], row["year"], row["document"]) == ("IKU.7", "2024", "pk")
    )
    changed = {**row, "target": "60.5"}
    seeding.seed(corrected, steps.seed_rows(tmp_path / "seeds", "target", [changed]))
    said = iku(*RANGE, "--iku", "IKU.7", "--plan", "--json")
    moved = [move for move in said.json["moves"] if move["period"] == "2024-Q2"]
    assert [(move["old_actual"], move["new_actual"]) for move in moved] == [("75.00", "75.00")]
    assert moved[0]["why"] == ["target pk dicatat ulang: 91 → 60,5"]
    assert moved[0]["new_achievement_pct"] == "123.97"


def test_a_withdrawn_figure_goes_with_its_own_indicator_only(
    corrected: Warehouse, settings: Settings, iku: Iku
):
    figures = steps.printed({"IKU.3": Decimal("94.78"), "IKU.7": Decimal("81.25")})
    document = steps.landed(steps.land(corrected, settings, "published_actual", "2024-Q2", figures))
    iku(*RANGE, "--yes")
    loads.retract(corrected, document.load_id, "penguji", "dokumen keliru")
    done = iku(*RANGE, "--iku", "IKU.7", "--yes", "--json")
    moves = {move["document"]: move for move in done.json["moves"]}
    assert set(moves) == {"pk", "renja", "renstra"}
    assert len(moves) == len(done.json["moves"])
    move = moves["pk"]
    assert (move["iku"], move["basis"], move["period"]) == ("IKU.7", "published", "2024-Q2")
    assert (move["old_actual"], move["new_actual"]) == ("81.25", None)
    assert move["new_status"] == "not_yet_published"
    assert move["why"][0] == "muatan published_actual 2024-Q2: 5 (2024-Q2.csv) → tidak ada"
    assert steps.shown(corrected, "IKU.7", 2024, 2)["realisasi"] == Decimal("75.00")
    assert steps.shown(corrected, "IKU.3", 2024, 2)["realisasi"] == Decimal("94.78")
    left = iku(*RANGE, "--plan", "--json").json["moves"]
    assert {(move["iku"], move["basis"]) for move in left} == {("IKU.3", "published")}


def started(server: Server, folder: Path, *arguments: str, **streams: int) -> subprocess.Popen[str]:
    """Start `iku` in a process of its own."""
    own = {n: v for n, v in os.environ.items() if not n.startswith("IKU_")}
    return subprocess.Popen(
        [sys.executable, "-c", "from flows.cli import main; main()", *arguments],
        env=own | steps.environment(server, folder) | {"PYTHONPATH": str(ROOT)},
        text=True,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        | streams,
    )


@pytest.mark.parametrize(
    ("answer", "is_written"), [("t", False), ("tidak", False), ("", False), ("ya", True)]
)
def test_it_asks_once_and_writes_only_after_a_yes(
    corrected: Warehouse, server: Server, tmp_path: Path, iku: Iku, answer: str, is_written: bool
):
    before = counts(corrected)
    ours, theirs = pty.openpty()
    try:
        process = started(server, tmp_path, *RANGE, stdin=theirs)
        os.write(ours, f"{answer}\n".encode())
        out, err = process.communicate(timeout=patience(120))
    finally:
        os.close(theirs)
        os.close(ours)
    assert process.returncode == 0
    assert (out + err).count("Catat perubahan ini?") == 1
    assert ("Tidak ada yang ditulis." in out) is not is_written
    assert ("2024-Q2 dicatat" in out) is is_written
    assert (counts(corrected) == before) is not is_written


GATE = 20240630
STOP_AT_THE_GATE = f"""
CREATE FUNCTION public.wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({GATE});
    RETURN NEW;
END
$$;
CREATE TRIGGER gate BEFORE INSERT ON ops.run FOR EACH ROW
WHEN (NEW.quarter = 2) EXECUTE FUNCTION public.wait_at_the_gate();
"""
AT_THE_GATE = f"SELECT pid FROM pg_locks WHERE objid = {GATE} AND NOT granted"


def test_a_backfill_that_was_killed_is_continued(
    corrected: Warehouse, server: Server, tmp_path: Path, iku: Iku
):
    planned = iku(*RANGE, "--plan", "--json").json["moves"]
    with steps.admin(server, corrected.database) as connection:
        steps.ask(connection, STOP_AT_THE_GATE)
        steps.ask(connection, f"SELECT pg_advisory_lock({GATE})")
        with started(server, tmp_path, *RANGE, "--yes") as process:
            deadline = time.monotonic() + patience(60)
            while not steps.ask(connection, AT_THE_GATE):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            process.kill()
        steps.ask(connection, f"SELECT pg_advisory_unlock({GATE})")
    left = iku(*RANGE, "--plan", "--json").json["moves"]
    assert left == [move for move in planned if move["period"] != "2024-Q1"]
    done = iku(*RANGE, "--yes", "--json")
    assert done.code == 0
    assert [one["period"] for one in done.json["recorded"]] == ["2024-Q2", "2024-Q3"]
    assert iku(*RANGE, "--plan").code == 0
    runs = corrected.rows(
        "SELECT quarter, count(*) AS n FROM ops.run"
        " WHERE reason = 'koreksi survei' GROUP BY quarter"
    )
    assert {run["quarter"]: run["n"] for run in runs} == {1: 1, 2: 1, 3: 1}


def test_a_file_that_waits_in_the_inbox_is_named(
    corrected: Warehouse, settings: Settings, iku: Iku
):
    steps.write(settings, "system_usage", "2024-Q2", steps.usage())
    said = iku(*RANGE, "--plan", "--json")
    assert said.json["not_landed"] == ["system_usage/2024-Q2.csv"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--from", "2024-Q3", "--to", "2024-Q1", "--reason", "x", "--plan"), "terbalik"),
        (("--from", "2024-9", "--to", "2024-Q3", "--reason", "x", "--plan"), "salah bentuk"),
        (("--from", "2024-Q1", "--to", "2098-Q1", "--reason", "x", "--plan"), "belum dimulai"),
        (("--from", "2024-Q1", "--to", "2024-Q1", "--reason", " ", "--plan"), "Alasan"),
        (("--from", "2024-Q1", "--to", "2024-Q1", "--reason", "x"), "--yes"),
        (
            ("--from", "2024-Q1", "--to", "2024-Q1", "--reason", "x", "--plan", "--iku", "IKU.15"),
            "bukan IKU",
        ),
    ],
)
def test_what_cannot_be_rerun_is_bad_input(iku: Iku, arguments: tuple[str, ...], word: str):
    said = iku("rerun", *arguments)
    assert said.code == 2
    assert word in " ".join(said.err.split())
