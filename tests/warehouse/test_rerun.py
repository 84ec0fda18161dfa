"""Reruns: what is planned is what is recorded, with the reason, and nothing without need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flows.io import references
from flows.io.settings import Settings
from flows.io.warehouse import Warehouse, use_database
from tests.conftest import Server
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
    changed = {**row, "target": "60"}
    references.seed(corrected, steps.seed_rows(tmp_path / "seeds", "target", [changed]))
    said = iku(*RANGE, "--iku", "IKU.7", "--plan", "--json")
    moved = [move for move in said.json["moves"] if move["period"] == "2024-Q2"]
    assert [(move["old_actual"], move["new_actual"]) for move in moved] == [("75.00", "75.00")]
    assert moved[0]["why"][0].startswith("target pk dicatat ulang: ")
    assert moved[0]["new_achievement_pct"] == "125.00"


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
