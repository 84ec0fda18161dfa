"""Dashboards: tabs, tiles and filters, written whole so that what is there keeps its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flows.metabase.api.client import MetabaseError
from flows.metabase.api.server import Canonical, Server, by_marker, is_ours, marked, without_nulls
from flows.metabase.kinds.tiles import TILE_KEY, canonical_tile, dashcard, parameter_id, wanted_tile
from flows.metabase.specs.dashboards import Dashboard
from flows.metabase.specs.filters import Filter

COLLECTION = "collection/iku"

PARAMETER = (
    "id", "name", "slug", "type", "sectionId", "default", "values_query_type",
    "values_source_type", "values_source_config",
)  # fmt: skip

BASE_TYPES = {"text": "type/Text", "number": "type/Integer"}


def wanted(server: Server) -> dict[str, Canonical]:
    """Return every dashboard."""
    return {
        f"dashboard/{one.key}": _dashboard(server, one) for one in server.specs.dashboards.values()
    }


def _dashboard(server: Server, one: Dashboard) -> dict[str, Any]:
    return {
        "name": one.title,
        "description": marked(one.description, f"dashboard/{one.key}"),
        "collection": COLLECTION,
        "archived": False,
        "width": "full",
        "auto_apply_filters": True,
        "parameters": [_parameter(one, server.specs.filters[key]) for key in one.filters],
        "tabs": [{"key": tab.key, "title": tab.title} for tab in one.tabs],
        "tiles": {
            tile.key: wanted_tile(server, one, tab.key, tile)
            for tab in one.tabs
            for tile in tab.tiles
        },
    }


def _parameter(dashboard: Dashboard, one: Filter) -> dict[str, Any]:
    parameter: dict[str, Any] = {
        "id": parameter_id(dashboard.key, one.key),
        "name": one.label,
        "slug": one.key,
        "type": one.parameter,
        "sectionId": one.section,
    }
    if one.values_from:
        question, value, label = one.values_from
        config: dict[str, Any] = {
            "card_id": f"card/{question}",
            "value_field": ["field", value, {"base-type": BASE_TYPES[one.tag]}],
        }
        if label != value:
            config["label_field"] = ["field", label, {"base-type": "type/Text"}]
        parameter |= {
            "values_query_type": "list",
            "values_source_type": "card",
            "values_source_config": config,
        }
    elif one.values:
        parameter |= {
            "values_query_type": "list",
            "values_source_type": "static-list",
            "values_source_config": {"values": [list(pair) for pair in one.values]},
        }
    return parameter


class Dashboards:
    """Dashboards, told by the marker in their description."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return the ids of our dashboards, also of the archived ones."""
        listed: list[Any] = []
        for which in ("all", "archived"):
            listed += server.client.read("/api/dashboard", f=which)
        return by_marker(listed)

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return a dashboard, and remember the ids of its tabs and tiles by key."""
        try:
            row = server.client.read(f"/api/dashboard/{remote_id}")
        except MetabaseError as error:
            if error.is_missing:
                return None
            raise
        if not is_ours(server, key, row):
            return None
        want = wanted(server).get(key, {"tabs": [], "tiles": {}})
        known = server.parts[key]
        tabs = _tab_keys(row, want, known.get("tabs", {}))
        tiles = _tile_keys(row, want, tabs, known.get("tiles", {}))
        server.parts[key] |= {
            "tabs": {name: number for number, name in tabs.items()},
            "tiles": {name: number for number, name in tiles.items()},
        }
        names = server.names
        return {
            "name": row["name"],
            "description": row["description"],
            "collection": names.key("collection", row["collection_id"]),
            "archived": row["archived"],
            "width": row["width"],
            "auto_apply_filters": row["auto_apply_filters"],
            "parameters": [
                _with_card(without_nulls(one, PARAMETER), lambda number: names.key("card", number))
                for one in row["parameters"]
            ],
            "tabs": [{"key": tabs[tab["id"]], "title": tab["name"]} for tab in row["tabs"]],
            "tiles": {
                tiles[card["id"]]: canonical_tile(server, card, tabs) for card in row["dashcards"]
            },
        }

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Make an empty dashboard; tabs and tiles can only be put in afterwards."""
        body = {
            "name": wanted["name"],
            "description": wanted["description"],
            "collection_id": server.names.id(wanted["collection"]),
        }
        return server.client.create("/api/dashboard", body)

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Write the whole dashboard; tabs and tiles that are there are named by their ids."""
        names = server.names
        here = server.parts.get(key, {"tabs": {}, "tiles": {}})
        # A negative id makes a new one.
        tab_ids = {
            tab["key"]: here["tabs"].get(tab["key"], -place)
            for place, tab in enumerate(wanted["tabs"], 1)
        }
        body = {
            "name": wanted["name"],
            "description": wanted["description"],
            "collection_id": names.id(wanted["collection"]),
            "archived": wanted["archived"],
            "width": wanted["width"],
            "auto_apply_filters": wanted["auto_apply_filters"],
            "parameters": [_with_card(one, names.id) for one in wanted["parameters"]],
            "tabs": [{"id": tab_ids[tab["key"]], "name": tab["title"]} for tab in wanted["tabs"]],
            "dashcards": [
                {
                    "id": here["tiles"].get(tile_key, -place),
                    "dashboard_tab_id": tab_ids[tile["tab"]],
                    **dashcard(server, tile_key, tile),
                }
                for place, (tile_key, tile) in enumerate(wanted["tiles"].items(), 1)
            ],
        }
        server.client.request("PUT", f"/api/dashboard/{remote_id}", body=body)


def _tab_keys(row: Mapping[str, Any], want: Canonical, known: Mapping[str, int]) -> dict[int, str]:
    """Return the key of every tab by id: as remembered, else by its title, else by its id."""
    remembered = {number: key for key, number in known.items()}
    titles = {tab["title"]: tab["key"] for tab in want["tabs"]}
    keys: dict[int, str] = {}
    for sure in (True, False):
        for tab in row["tabs"]:
            key = remembered.get(tab["id"]) if sure else titles.get(tab["name"])
            if tab["id"] not in keys and key is not None and key not in keys.values():
                keys[tab["id"]] = key
    return {tab["id"]: keys.get(tab["id"], f"#{tab['id']}") for tab in row["tabs"]}


def _tile_keys(
    row: Mapping[str, Any],
    want: Canonical,
    tabs: Mapping[int, str],
    known: Mapping[str, int],
) -> dict[int, str]:
    """Return the key of every tile by id: as remembered, as it bears it, by place, or by id.

    A tile that was copied by hand bears the key of the first: the one remembered goes before it.
    """
    remembered = {number: key for key, number in known.items()}
    places = {(tile["tab"], tile["row"], tile["col"]): key for key, tile in want["tiles"].items()}

    def borne(card: Mapping[str, Any]) -> Any:
        return card["visualization_settings"].get(TILE_KEY)

    def placed(card: Mapping[str, Any]) -> str | None:
        return places.get((tabs.get(card["dashboard_tab_id"]), card["row"], card["col"]))

    keys: dict[int, str] = {}
    for told in (lambda card: remembered.get(card["id"]), borne, placed):
        for card in row["dashcards"]:
            key = told(card)
            if card["id"] not in keys and key is not None and key not in keys.values():
                keys[card["id"]] = key
    return {card["id"]: keys.get(card["id"], f"#{card['id']}") for card in row["dashcards"]}


def _with_card(parameter: Mapping[str, Any], swap: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a parameter with the card that lists its values named the other way."""
    config = parameter.get("values_source_config") or {}
    if "card_id" not in config:
        return dict(parameter)
    swapped = {**config, "card_id": swap(config["card_id"])}
    return {**parameter, "values_source_config": swapped}
