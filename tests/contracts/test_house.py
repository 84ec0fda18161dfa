"""The house: how large its files and folders grow, a room for each module, SQL in its stores."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.listing import listed

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "transforms", "schemas")
LONGEST_FILE = 300  # lines
MOST_ENTRIES = 14  # modules and folders beside each other
MOST_ON_TOP = 20  # of flows: what Prefect runs, the command, and a room for each step
CONTRACT = "Inside flows: along the way of the data, never back"

STATEMENT = re.compile(r"(?:\s|--[^\n]*\n)*(?:(?:SELECT|INSERT|UPDATE|DELETE)\s|WITH\s+\w)")
# Besides the stores: the tables of one landing, what was tried at a slice, Postgres itself,
# databases of others, the copy of a whole database, and the answers of a dashboard's questions.
DOORS = (
    "flows/landing/scratch.py",
    "flows/landing/attempts.py",
    "flows/warehouse/",
    "flows/fetching/doors/",
    "flows/operating/backups/dumps.py",
    "flows/metabase/specs/answers.py",
)


def modules() -> list[Path]:
    return [path for name in PACKAGES for path in listed(ROOT / name, "**/*.py", at_least=25)]


def test_no_file_of_code_is_longer_than_a_reader_bears():
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in modules()}
    assert {str(path.relative_to(ROOT)) for path, n in lines.items() if n > LONGEST_FILE} == set()


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


def statements(body: str) -> Iterator[tuple[int, str]]:
    """Give line and beginning of the SQL statements that stand in a module as texts."""
    for node in ast.walk(ast.parse(body)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = STATEMENT.match(node.value)
            if found:
                yield node.lineno, node.value.strip()[:40]


def test_sql_stands_in_stores_and_doors_only():
    modules = {
        path.relative_to(ROOT).as_posix(): path
        for path in listed(ROOT / "flows", "**/*.py", at_least=140)
    }
    outside = {name for name in modules if not name.endswith("/store.py")}
    outside = {name for name in outside if not name.startswith(DOORS)}
    assert len(outside) >= 100
    found = {name: list(statements(modules[name].read_text("utf-8"))) for name in sorted(outside)}
    assert {name: said for name, said in found.items() if said} == {}


def test_a_statement_is_seen_however_it_is_written():
    body = '''
rows("SELECT 1")
rows(
    """
    -- Why.
    WITH moved AS (SELECT 1) SELECT * FROM moved
    """
)
rows("INSERT INTO ops.load"
     " VALUES (1)")
rows(f"UPDATE {table} SET n = 1")
ask("DELETE", path)
"""Select one of them with care."""
'''
    assert [line for line, _ in statements(body)] == [2, 4, 9, 11]
