"""The catalogue of rules is complete: what the code can raise is in it, and can fill its text."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.rejections.catalogue import RULES
from schemas.rejections.rule import Consequence
from tests.listing import listed

ROOT = Path(__file__).parents[2]
MODULES = [
    path
    for folder in ("transforms", "flows", "schemas/sources")
    for path in listed(ROOT / folder, "**/*.py", at_least=12)
]
RAISING = {"Unreadable": 0, "refuse_file": 2}
"""Calls that name a rule, and which of their arguments does."""

OF_A_ROW = {"kolom", "nilai", "aturan", "baris"}


def parsed() -> Iterator[ast.AST]:
    for path in MODULES:
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def text_of(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keys_of(node: ast.AST) -> set[str] | None:
    """Return the keys of a dictionary that is written out, or None."""
    if not isinstance(node, ast.Dict) or None in node.keys:
        return None
    return {key for each in node.keys if (key := text_of(each)) is not None}


def raised() -> Iterator[tuple[str, set[str] | None]]:
    """Give each rule that the code names where it refuses, with the facts beside it if written."""
    for node in parsed():
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=given) if (
                name in RAISING and len(given) > RAISING[name]
            ):
                place = RAISING[name]
                if rule := text_of(given[place]):
                    yield rule, keys_of(given[place + 1]) if place else None
            case ast.Tuple(elts=[first, second]) if keys_of(second) is not None:
                if (rule := text_of(first)) and "_" in rule:
                    yield rule, keys_of(second)
            case ast.Call(keywords=keywords, func=ast.Attribute(attr="dataframe_check" | "check")):
                for keyword in keywords:
                    if keyword.arg == "error" and (rule := text_of(keyword.value)):
                        yield rule.split("(")[0], None


def fields(code: str) -> set[str]:
    rule = RULES[code]
    return {
        name
        for text in (rule.message, rule.hint)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }


def test_what_the_code_raises_is_in_the_catalogue():
    rules = {rule for rule, _ in raised()}
    assert len(rules) > 40
    assert rules <= RULES.keys()


def test_every_rule_of_the_catalogue_is_named_by_the_code():
    named = {text for node in parsed() if (text := text_of(node))}
    named |= {text.split("(")[0] for text in named}
    assert RULES.keys() <= named


@pytest.mark.parametrize("code", RULES)
def test_who_refuses_a_file_says_all_that_the_text_asks_for(code: str):
    if RULES[code].consequence is not Consequence.FILE:
        assert fields(code) <= OF_A_ROW
        return
    for rule, given in raised():
        if rule == code and given is not None:
            assert fields(code) <= given, given
