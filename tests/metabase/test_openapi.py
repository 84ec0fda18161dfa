"""Every body we send, against Metabase's own description of its API (kept beside the project)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import SHARED
from tests.metabase.conftest import Applied, Shows

FOLDER = SHARED / "metabase"
pytestmark = [
    pytest.mark.needs_shared,
    pytest.mark.skipif(
        not (FOLDER / "openapi-subset.json").exists(),
        reason="the description of Metabase's API is not beside the project",
    ),
]


@cache
def document() -> Any:
    return json.loads((FOLDER / "openapi-subset.json").read_text(encoding="utf-8"))


@cache
def operation(method: str, path: str) -> str:
    """Return the template of a path; the most literal one where several fit."""
    fitting = [
        template
        for template, operations in document()["paths"].items()
        if method.lower() in operations
        and re.fullmatch(re.sub(r"\{[^}]+\}", r"[^/]+", template), path)
    ]
    assert fitting, f"{method} {path} is not described"
    return min(fitting, key=lambda template: template.count("{"))


@cache
def validator(method: str, template: str) -> Draft202012Validator:
    described = document()["paths"][template][method.lower()]
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = {**body.get("schema", {}), "components": document()["components"]}
    return Draft202012Validator(schema)


def faults(method: str, path: str, body: Any) -> Iterator[str]:
    template = operation(method, path)
    for error in validator(method, template).iter_errors(body):
        yield f"{method} {template}: {error.json_path}: {error.message[:200]}"


def test_every_body_that_is_sent_is_valid(applied: Applied, shows: Shows):
    sent = [one for one in applied.fake.log if one.method != "GET" and one.body is not None]
    found = [fault for one in sent for fault in faults(one.method, one.path, one.body)]
    counted = Counter(f"{one.method} {operation(one.method, one.path)}" for one in sent)
    assert found == []
    shows(f"{len(sent)} request bodies of {len(counted)} operations validated by Metabase's schema")


def test_every_path_that_is_read_is_described(applied: Applied):
    for one in applied.fake.log:
        if one.method == "GET":
            operation(one.method, one.path)


def test_the_examples_tell_right_from_wrong():
    examples = json.loads((FOLDER / "examples.json").read_text(encoding="utf-8"))
    wrong = {
        name
        for name, one in examples.items()
        if list(faults(one["method"], re.sub(r"\{[^}]+\}", "1", one["path"]), one["body"]))
    }
    assert wrong == {"card-bad-empty-desc"}
