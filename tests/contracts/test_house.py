"""The house: how large its files and folders may grow, and that a module must have a room."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.listing import listed

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "transforms", "schemas")
LONGEST_FILE = 300  # lines
STILL_TOO_LONG = {"flows/computing/measuring.py"}  # until its rules are among the transforms
MOST_ENTRIES = 14  # modules and folders beside each other
MOST_ON_TOP = 20  # of flows: what Prefect runs, the command, and a room for each step
CONTRACT = "Inside flows: along the way of the data, never back"


def modules() -> list[Path]:
    return [path for name in PACKAGES for path in listed(ROOT / name, "**/*.py", at_least=25)]


def test_no_file_of_code_is_longer_than_a_reader_bears():
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in modules()}
    too_long = {str(path.relative_to(ROOT)) for path, n in lines.items() if n > LONGEST_FILE}
    assert too_long == STILL_TOO_LONG


def test_no_folder_of_code_holds_more_than_can_be_surveyed():
    entries: dict[Path, set[str]] = {}
    for path in modules():
        if path.name != "__init__.py":
            entries.setdefault(path.parent, set()).add(path.name)
        elif path.parent.name not in PACKAGES:
            entries.setdefault(path.parent.parent, set()).add(path.parent.name)
    assert len(entries) > 20
    limits = {ROOT / "flows": MOST_ON_TOP}
    crowded = {
        str(folder.relative_to(ROOT)): len(names)
        for folder, names in entries.items()
        if len(names) > limits.get(folder, MOST_ENTRIES)
    }
    assert crowded == {}


@pytest.mark.parametrize(
    ("place", "is_kept"),
    [("flows/newcomer.py", False), ("flows/landing/newcomer.py", True)],
)
def test_a_module_beside_the_rooms_breaks_the_build(place: str, is_kept: bool, tmp_path: Path):
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / place).write_text('"""A module that nobody placed."""\n', encoding="utf-8")
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{CONTRACT} {'KEPT' if is_kept else 'BROKEN'}" in checked.stdout
    assert checked.returncode == (0 if is_kept else 1)
