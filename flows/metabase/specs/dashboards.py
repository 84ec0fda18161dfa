"""Dashboards: one TOML file each; tabs, the tiles on them, and what a click opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GRID = 24  # columns of a dashboard


@dataclass(frozen=True, slots=True)
class Click:
    """What a click on a column does: open a dashboard, handing on values.

    Attributes:
        column: where the click is taken.
        dashboard: key of the dashboard that opens.
        passes: filter of that dashboard -> column of the row clicked.
    """

    column: str
    dashboard: str
    passes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on a dashboard: a question or a text."""

    key: str
    row: int
    col: int
    width: int
    height: int
    question: str | None = None
    text: str | None = None
    hide_empty: bool = False
    click: Click | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab; `without` names the filters of the dashboard that do nothing on it."""

    key: str
    title: str
    tiles: tuple[Tile, ...]
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard: one TOML file."""

    key: str
    title: str
    description: str
    filters: tuple[str, ...]
    tabs: tuple[Tab, ...]


def read_dashboard(key: str, body: Mapping[str, Any]) -> Dashboard:
    """Return a dashboard from its file; KeyError or TypeError where something lacks."""
    return Dashboard(
        key=key,
        title=body["title"],
        description=body["description"],
        filters=tuple(body["filters"]),
        tabs=tuple(
            Tab(
                key=tab["key"],
                title=tab["title"],
                tiles=tuple(_tile(tile) for tile in tab["tile"]),
                without=tuple(tab.get("without", ())),
            )
            for tab in body["tab"]
        ),
    )


def _tile(body: Mapping[str, Any]) -> Tile:
    row, col = body["at"]
    width, height = body["size"]
    click = body.get("click")
    return Tile(
        key=body.get("key") or body["question"],
        row=row,
        col=col,
        width=width,
        height=height,
        question=body.get("question"),
        text=body.get("text"),
        hide_empty=body.get("hide_empty", False),
        click=Click(click["column"], click["dashboard"], click["passes"]) if click else None,
    )
