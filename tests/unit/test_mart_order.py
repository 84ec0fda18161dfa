"""The order of the marts follows from what each of them reads."""

from __future__ import annotations

import re
from graphlib import CycleError
from pathlib import Path

import pytest

from flows.warehouse.mart_order import in_order
from flows.warehouse.migrations import SQL
from tests.listing import listed


def written(folder: Path, **views: str) -> list[Path]:
    files = []
    for name, select in views.items():
        files.append(folder / f"{name}.sql")
        files[-1].write_text(f"-- mart.{name}.\nCREATE VIEW mart.{name} AS {select};\n")
    return files


def names(files: list[Path]) -> list[str]:
    return [path.stem for path in in_order(files)]


def test_a_mart_comes_after_those_that_it_reads():
    files = listed(SQL / "marts", "**/*.sql", at_least=31)
    order = names(files)
    assert sorted(order) == sorted(path.stem for path in files)
    readings = 0
    for path in files:
        for read in re.findall(r"(?:FROM|JOIN) mart\.(\w+)", path.read_text(encoding="utf-8")):
            assert order.index(read) < order.index(path.stem)
            readings += 1
    assert readings >= 20


def test_the_alphabet_does_not_decide_but_reading_does(tmp_path: Path):
    files = written(
        tmp_path, a="SELECT * FROM mart.b, mart.c", b="TABLE mart.d", c="SELECT 1", d="SELECT 1"
    )
    assert names(files) == names(files[::-1]) == ["c", "d", "b", "a"]


def test_what_a_comment_or_a_text_names_is_not_read(tmp_path: Path):
    files = written(
        tmp_path,
        a="SELECT 'the office''s mart.b' AS x -- don't read mart.b",
        b="SELECT 'x' FROM mart.a WHERE '--' <> ''",
    )
    assert names(files) == ["a", "b"]


def test_a_circle_is_named(tmp_path: Path):
    files = written(tmp_path, a="TABLE mart.b", b="TABLE mart.c", c="TABLE mart.a", d="SELECT 1")
    with pytest.raises(CycleError) as refused:
        in_order(files)
    assert {path.stem for path in refused.value.args[1]} == {"a", "b", "c"}
