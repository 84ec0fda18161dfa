"""The house keeps its walls where the import contracts cannot see them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.listing import listed

ROOT = Path(__file__).parents[2]

STATEMENT = re.compile(r"(?:\s|--[^\n]*\n)*(?:SELECT|INSERT|WITH|UPDATE|DELETE)\s")
# Besides the stores: the tables of one landing, Postgres itself, databases of others, the copy of a
# whole database, and the answers of a dashboard's questions.
DOORS = (
    "flows/landing/scratch.py",
    "flows/warehouse/",
    "flows/fetching/doors/",
    "flows/operating/backups/dumps.py",
    "flows/metabase/specs/answers.py",
)


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
