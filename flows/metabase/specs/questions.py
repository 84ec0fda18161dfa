"""Questions: one `.sql` file each, with a comment of TOML and the parts that it begins with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.metabase.specs import native_sql
from flows.metabase.specs.parts import read_parts, with_parts

FRONT = re.compile(r"\A/\*\n(?P<toml>.*?)\n\*/\n(?P<sql>.+)\Z", re.DOTALL)
FRONT_KEYS = {"title", "asks", "display", "columns", "settings", "status", "begins_with"}

# A colour only helps; the word says it all.
STATUS_COLOURS: Mapping[str, str] = {
    "tercapai": "#84BB4C",
    "waspada": "#F9CF48",
    "belum tercapai": "#EF8C8C",
    "belum lapor": "#EF8C8C",
    "terlambat": "#EF8C8C",
    "ditolak": "#EF8C8C",
    "kurang": "#F9CF48",
    "sementara": "#D4E2F4",
    "terukur": "#D4E2F4",
    "lengkap": "#84BB4C",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question: one SQL file.

    Attributes:
        key: its name for ever.
        title: the heading of the card.
        asks: the manager's question that it answers.
        display: how it is drawn.
        columns: of the result, in the order shown.
        hidden: columns of the result that are not shown.
        settings: of Metabase's visualisation, complete.
        sql: what is sent, the parts that it begins with included.
        tags: names of the filters that the SQL takes.
        begins_with: names of those parts.
    """

    key: str
    title: str
    asks: str
    display: str
    columns: tuple[str, ...]
    hidden: tuple[str, ...]
    settings: Mapping[str, Any]
    sql: str
    tags: tuple[str, ...]
    begins_with: tuple[str, ...] = ()


def read_questions(folder: Path, faults: list[str]) -> dict[str, Question]:
    """Return the questions by key; the faults of their files, and of the parts, are added."""
    parts = read_parts(folder / "parts")
    questions: dict[str, Question] = {}
    for file in sorted((folder / "questions").glob("**/*.sql"), key=lambda file: file.name):
        if file.stem in questions:
            faults.append(f"{file.name}: two files have this key")
        try:
            questions[file.stem] = _question(file, parts)
        except (ValueError, KeyError, TypeError) as fault:
            faults.append(f"{file.name}: {fault}")
    used = {name for question in questions.values() for name in question.begins_with}
    faults += [
        f"parts/{name}.sql: no question begins with it" for name in parts if name not in used
    ]
    return questions


def _question(file: Path, parts: Mapping[str, str]) -> Question:
    found = FRONT.match(file.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("must begin with a comment of TOML, then the SQL")
    front = tomllib.loads(found["toml"])
    unknown = set(front) - FRONT_KEYS
    if unknown:
        raise ValueError(f"unknown in the front matter: {', '.join(sorted(unknown))}")
    columns: Mapping[str, Mapping[str, Any]] = front["columns"]
    hidden = tuple(name for name, column in columns.items() if column.get("hidden"))
    begins_with = tuple(front.get("begins_with", ()))
    sql = with_parts(found["sql"].strip(), begins_with, parts)
    return Question(
        key=file.stem,
        title=front["title"],
        asks=front["asks"],
        display=front["display"],
        columns=tuple(columns),
        hidden=hidden,
        settings=_settings(front, columns, hidden),
        sql=sql,
        tags=tuple(native_sql.names(sql)),
        begins_with=begins_with,
    )


def _settings(
    front: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]], hidden: Sequence[str]
) -> dict[str, Any]:
    """Return the visualisation settings: those written out, and what follows from the columns."""
    settings = dict(front.get("settings", {}))
    shown = {name: dict(column) for name, column in columns.items() if name not in hidden}
    settings["column_settings"] = {
        column_key(name): {"column_title": column.pop("title"), **column}
        for name, column in shown.items()
    }
    if front["display"] == "table":
        settings["table.columns"] = [
            {"name": name, "enabled": name not in hidden} for name in columns
        ]
        if status := front.get("status"):
            settings["table.column_formatting"] = [
                {
                    "columns": list(status),
                    "type": "single",
                    "operator": "=",
                    "value": word,
                    "color": colour,
                    "highlight_row": False,
                }
                for word, colour in STATUS_COLOURS.items()
            ]
    return settings


def column_key(name: str) -> str:
    """Return a column as `column_settings` names it."""
    return f'["name","{name}"]'
