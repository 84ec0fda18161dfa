"""Try out: run every card and every tile as a user would, and tell what fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.metabase.api.server import Server
from flows.metabase.kinds.cards import tag_target
from flows.metabase.kinds.tiles import parameter_id
from flows.metabase.specs.dashboards import Dashboard, Tile

MOST_ROWS = 2000  # a native query shows no more


@dataclass(slots=True)
class Trial:
    """What was run, and what failed: one line each."""

    cards: int = 0
    tiles: int = 0
    failures: list[str] = field(default_factory=list)


def run(server: Server) -> Trial:
    """Run every card without a filter, and every tile with each filter and with all of them."""
    trial = Trial()
    for question in server.specs.questions.values():
        trial.cards += 1
        key = f"card/{question.key}"
        answer = server.client.request(
            "POST",
            f"/api/card/{server.names.id(key)}/query",
            body={"parameters": [], "ignore_cache": False},
        )
        trial.failures += _failures(key, answer)
    for dashboard in server.specs.dashboards.values():
        tiles = [tile for tab in dashboard.tabs for tile in tab.tiles if tile.question]
        if not tiles:
            trial.failures.append(f"dashboard/{dashboard.key}: tanpa kartu")
        for tile in tiles:
            for chosen in _choices(server, dashboard, tile):
                trial.tiles += 1
                answer = _run_tile(server, dashboard, tile, chosen)
                where = f"dashboard/{dashboard.key} {tile.key} {', '.join(chosen) or '-'}"
                trial.failures += _failures(where, answer)
    return trial


def _choices(server: Server, dashboard: Dashboard, tile: Tile) -> Iterator[Sequence[str]]:
    """Give each filter that acts on a tile, then all of them."""
    tags = server.specs.questions[tile.question or ""].tags
    wired = [key for key in dashboard.filters if key in tags]
    yield from ([key] for key in wired)
    if len(wired) != 1:
        yield wired


def _run_tile(server: Server, dashboard: Dashboard, tile: Tile, chosen: Sequence[str]) -> Any:
    key = f"dashboard/{dashboard.key}"
    path = (
        f"/api/dashboard/{server.names.id(key)}"
        f"/dashcard/{server.parts[key]['tiles'][tile.key]}"
        f"/card/{server.names.id(f'card/{tile.question}')}/query"
    )
    parameters = []
    for name in chosen:
        one = server.specs.filters[name]
        parameters.append(
            {
                "id": parameter_id(dashboard.key, name),
                "type": one.parameter,
                "value": one.sample if one.tag == "date" else [one.sample],
                "target": tag_target(name),
            }
        )
    return server.client.request("POST", path, body={"parameters": parameters})


def _failures(where: str, answer: Mapping[str, Any]) -> Iterator[str]:
    if answer.get("status") != "completed":
        yield f"{where}: {answer.get('error')}"
    elif answer.get("row_count", 0) >= MOST_ROWS or "rows_truncated" in answer.get("data", {}):
        yield f"{where}: {answer.get('row_count')} baris atau lebih; jumlahkan dalam SQL"
