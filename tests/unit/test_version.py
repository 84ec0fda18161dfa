"""The version that runs note changes with whatever computes a figure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.warehouse import migrations


@pytest.mark.parametrize(
    ("file", "database_changes"),
    [
        ("transforms/rules/formulas.py", False),
        ("transforms/comparing.py", False),
        ("transforms/iku/iku_13_ikpa_budget_execution_score.py", True),
        ("schemas/sources/ikpa.py", True),
    ],
)
def test_a_changed_rule_is_another_program(
    file: str, database_changes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("transforms", "schemas"):
        shutil.copytree(migrations.CARDS / name, tmp_path / name)
    monkeypatch.setattr(migrations, "CARDS", tmp_path)
    version, fingerprint = migrations.version(), migrations.fingerprint()
    with (tmp_path / file).open("a", encoding="utf-8") as changed:
        changed.write("# another weight\n")
    assert migrations.version() != version
    assert (migrations.fingerprint() != fingerprint) is database_changes
