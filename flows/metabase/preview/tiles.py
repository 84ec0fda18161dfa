"""Tiles: what a place on a dashboard holds, ready to be written into a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from flows.metabase.preview import charts, figures
from flows.metabase.specs.answers import Answer
from flows.metabase.specs.dashboards import GRID, Click, Tile
from flows.metabase.specs.questions import STATUS_COLOURS, Question

PAGE_WIDTH = 1240  # for which charts are drawn; they scale with their place
ROW_HEIGHT, GAP = 42, 10
AROUND_WIDTH, AROUND_HEIGHT = 30, 72  # border, heading and question of a tile
LONG_WORD = 40  # a hash, say, which may break anywhere
MOST_ROWS = 40  # Metabase shows such a table in pages

Link = Callable[[Click, Mapping[str, Any]], str | None]
Content = dict[str, Any]


def note(tile: Tile) -> Content:
    """Return a tile with a text; of Markdown only what is bold is used."""
    parts = (tile.text or "").split("**")
    text = Markup("")
    for place, part in enumerate(parts):
        text += Markup("<b>{}</b>").format(part) if place % 2 else part
    return {**_placed(tile), "kind": "note", "text": text}


def card(tile: Tile, question: Question, answer: Answer, link: Link) -> Content | None:
    """Return a tile with a question; None when it hides itself for want of rows."""
    empty = _is_empty(question, answer)
    if empty and tile.hide_empty:
        return None
    content = {**_placed(tile), "title": question.title, "asks": question.asks}
    if empty:
        return {**content, "kind": "empty"}
    if question.display == "table":
        return {**content, **_table(tile, question, answer, link)}
    if question.display in ("scalar", "progress"):
        return {**content, **_figure(question, answer)}
    width = PAGE_WIDTH * tile.width // GRID - AROUND_WIDTH
    height = tile.height * (ROW_HEIGHT + GAP) - GAP - AROUND_HEIGHT
    svg = charts.chart(question, answer, width, height)
    return {**content, "kind": "chart", "svg": Markup(svg)}


def closed_up(contents: Sequence[Content]) -> list[Content]:
    """Return tiles without the rows that nobody stands on since some hid themselves."""
    taken = {one["row"] + place for one in contents for place in range(one["height"])}
    ranks = {row: rank for rank, row in enumerate(sorted(taken))}
    return [{**one, "row": ranks[one["row"]]} for one in contents]


def _placed(tile: Tile) -> Content:
    return {name: getattr(tile, name) for name in ("key", "row", "col", "width", "height")}


def _is_empty(question: Question, answer: Answer) -> bool:
    shown = question.settings.get("graph.metrics") or question.columns
    return not any(row[name] is not None for row in answer.rows for name in shown)


def _figure(question: Question, answer: Answer) -> Content:
    (column, *_) = question.columns
    value = answer.rows[0][column]
    settings = figures.setting(question, column)
    content: Content = {
        "kind": question.display,
        "figure": figures.written(value, settings),
        "is_text": isinstance(value, str),
    }
    if question.display == "progress":
        goal = question.settings["progress.goal"]
        share = min(100, round(100 * float(value) / goal))
        content |= {"share": share, "goal": figures.written(goal, {**settings, "decimals": 0})}
    return content


def _table(tile: Tile, question: Question, answer: Answer, link: Link) -> Content:
    names = [name for name in question.columns if name not in question.hidden]
    kinds = {name: _kind([row[name] for row in answer.rows]) for name in names}
    tops = {
        name: max((abs(row[name]) for row in answer.rows if row[name] is not None), default=0)
        for name in names
        if figures.setting(question, name).get("show_mini_bar")
    }
    coloured = {
        name
        for rule in question.settings.get("table.column_formatting", ())
        for name in rule["columns"]
    }

    def cell(name: str, row: Mapping[str, Any]) -> Content:
        value = row[name]
        settings = figures.setting(question, name)
        top = tops.get(name)
        return {
            "text": figures.written(value, settings),
            "kind": f"{kinds[name]} bar" if top else kinds[name],
            "bar": round(100 * float(abs(value) / top)) if top and value is not None else None,
            "colour": STATUS_COLOURS.get(value) if name in coloured else None,
            "link": link(tile.click, row) if tile.click and tile.click.column == name else None,
        }

    return {
        "kind": "table",
        "heads": [{"title": figures.title(question, one), "kind": kinds[one]} for one in names],
        "rows": [[cell(name, row) for name in names] for row in answer.rows[:MOST_ROWS]],
        "more": max(0, len(answer.rows) - MOST_ROWS),
    }


def _kind(values: Sequence[Any]) -> str:
    given = [value for value in values if value is not None]
    if given and all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in given
    ):
        return "number"
    if given and all(isinstance(value, date) for value in given):
        return "date"
    longest = max((len(word) for value in given for word in str(value).split()), default=0)
    return "code" if longest > LONG_WORD else "text"
