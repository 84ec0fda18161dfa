"""Tiles of a dashboard: what is wanted of one, how it is written, and how it is read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flows.metabase.api.server import Server
from flows.metabase.kinds.cards import stable_id, tag_target
from flows.metabase.specs.dashboards import Click, Dashboard, Tile
from flows.metabase.specs.questions import Question, column_key

TILE_KEY = "iku.key"

TEXT_CARD: Mapping[str, Any] = {
    "name": None,
    "display": "text",
    "visualization_settings": {},
    "dataset_query": {},
    "archived": False,
}


def parameter_id(dashboard: str, filter_key: str) -> str:
    """Return the id of a dashboard's filter."""
    return stable_id("dashboard", dashboard, filter_key)


def wanted_tile(server: Server, dashboard: Dashboard, tab: str, tile: Tile) -> dict[str, Any]:
    """Return a tile as its spec wants it."""
    question = server.specs.questions[tile.question] if tile.question else None
    return {
        "tab": tab,
        "row": tile.row,
        "col": tile.col,
        "size_x": tile.width,
        "size_y": tile.height,
        "card": f"card/{tile.question}" if tile.question else None,
        "series": [],
        "mappings": _mappings(dashboard, question),
        "settings": _settings(server, dashboard, tile),
    }


def _mappings(dashboard: Dashboard, question: Question | None) -> dict[str, Any]:
    """Return which filter drives which tag: every one of the same name."""
    tags = question.tags if question else ()
    return {
        parameter_id(dashboard.key, name): tag_target(name)
        for name in dashboard.filters
        if name in tags
    }


def _settings(server: Server, dashboard: Dashboard, tile: Tile) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if tile.text is not None:
        settings |= {"virtual_card": TEXT_CARD, "dashcard.background": False, "text": tile.text}
    if tile.hide_empty:
        settings["card.hide_empty"] = True
    if tile.click:
        link = _link(server, dashboard, tile.click)
        settings["column_settings"] = {column_key(tile.click.column): {"click_behavior": link}}
    return settings


def _link(server: Server, dashboard: Dashboard, click: Click) -> dict[str, Any]:
    """Return a link to another dashboard, with the row's value and the filters both have."""
    sources: dict[str, dict[str, str]] = {
        key: {
            "type": "parameter",
            "id": parameter_id(dashboard.key, key),
            "name": server.specs.filters[key].label,
        }
        for key in server.specs.dashboards[click.dashboard].filters
        if key in dashboard.filters
    }
    for key, column in click.passes.items():
        sources[key] = {"type": "column", "id": column, "name": column}
    ids = {key: parameter_id(click.dashboard, key) for key in sources}
    return {
        "type": "link",
        "linkType": "dashboard",
        "targetId": f"dashboard/{click.dashboard}",
        "parameterMapping": {
            ids[key]: {
                "id": ids[key],
                "source": source,
                "target": {"type": "parameter", "id": ids[key]},
            }
            for key, source in sources.items()
        },
    }


def dashcard(server: Server, key: str, tile: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tile as it is written: with ids for the keys it names."""
    card_id = server.names.id(tile["card"]) if tile["card"] else None
    settings = _with_target(tile["settings"], server.names.id)
    return {
        "card_id": card_id,
        **{name: tile[name] for name in ("row", "col", "size_x", "size_y", "series")},
        "parameter_mappings": [
            # Without its card a mapping is silently skipped.
            {"parameter_id": parameter, "card_id": card_id, "target": target}
            for parameter, target in tile["mappings"].items()
        ],
        "visualization_settings": {**settings, TILE_KEY: key},
    }


def canonical_tile(
    server: Server, card: Mapping[str, Any], tabs: Mapping[int, str]
) -> dict[str, Any]:
    """Return a tile as it was read: with keys for the ids it names."""
    names = server.names
    settings = {k: v for k, v in card["visualization_settings"].items() if k != TILE_KEY}
    card_id = card["card_id"]
    return {
        "tab": tabs.get(card["dashboard_tab_id"]),
        **{name: card[name] for name in ("row", "col", "size_x", "size_y")},
        "card": names.key("card", card_id),
        "series": [names.key("card", one["id"]) for one in card["series"]],
        "mappings": {
            one["parameter_id"]: one["target"]
            for one in card["parameter_mappings"]
            if one.get("card_id") == card_id
        },
        "settings": _with_target(settings, lambda number: names.key("dashboard", number)),
    }


def _with_target(settings: Mapping[str, Any], swap: Callable[[Any], Any]) -> dict[str, Any]:
    """Return settings with the dashboards that clicks open named the other way."""
    columns = settings.get("column_settings")
    if not columns:
        return dict(settings)
    return {
        **settings,
        "column_settings": {key: dict(_swapped(column, swap)) for key, column in columns.items()},
    }


def _swapped(column: Mapping[str, Any], swap: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    for name, value in column.items():
        is_link = name == "click_behavior" and value.get("linkType") == "dashboard"
        yield name, {**value, "targetId": swap(value["targetId"])} if is_link else value
