"""Read the specs of `sql/metabase`: questions, filters, dashboards and the site, checked at once.

A question is one `.sql` file that begins with a comment of TOML; a dashboard is one TOML file. The
name of a file is its key for ever: Metabase's own names may change, keys may not. The folder in
which a question lies says nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.metabase.specs import native_sql, vocabulary
from flows.metabase.specs.dashboards import GRID, Click, Dashboard, Tab, Tile, read_dashboard
from flows.metabase.specs.filters import Filter, read_filter
from flows.metabase.specs.native_sql import BadSql, Tag
from flows.metabase.specs.questions import Question, read_questions
from flows.metabase.specs.site import Site, read_site
from flows.warehouse.migrations import SQL

FOLDER = SQL / "metabase"
CARDS_ON_A_TAB = 10
KEY = re.compile(r"[a-z][a-z0-9_]*")

SMALLEST: Mapping[str, tuple[int, int]] = {
    "scalar": (3, 2),
    "smartscalar": (3, 3),
    "progress": (3, 2),
    "gauge": (4, 4),
}
"""The smallest width and height at which a display can be read; others need 6 by 3."""


class SpecError(ValueError):
    """The specs cannot be used; the message has one line for each fault."""


@dataclass(frozen=True, slots=True)
class Specs:
    """All of it, by key."""

    site: Site
    filters: Mapping[str, Filter]
    questions: Mapping[str, Question]
    dashboards: Mapping[str, Dashboard]

    def tags(self, question: Question) -> dict[str, Tag]:
        """Return the tags of a question, ready to compile."""
        return {name: Tag(self.filters[name].tag) for name in question.tags}


def load(folder: Path = FOLDER) -> Specs:
    """Read and check the specs.

    Raises:
        SpecError: with everything that is wrong.
    """
    faults: list[str] = []
    filters = {
        key: read_filter(key, body) for key, body in _toml(folder / "filters.toml", faults).items()
    }
    questions = read_questions(folder, faults)
    dashboards = {}
    for file in sorted((folder / "dashboards").glob("*.toml")):
        try:
            dashboards[file.stem] = read_dashboard(file.stem, _toml(file, faults))
        except (ValueError, KeyError, TypeError) as fault:
            faults.append(f"{file.name}: {fault!r}")
    site = read_site(_toml(folder / "site.toml", faults))
    specs = Specs(site, filters, questions, dashboards)
    faults += _faults(specs)
    if faults:
        raise SpecError("\n".join(faults))
    return specs


def _toml(file: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        faults.append(f"{file.name}: {fault}")
        return {}


def _faults(specs: Specs) -> Iterator[str]:
    for key in (*specs.filters, *specs.questions, *specs.dashboards):
        if not KEY.fullmatch(key):
            yield f"{key!r} cannot be a key: small letters, figures and underscores"
    for question in specs.questions.values():
        yield from (f"{question.key}.sql: {fault}" for fault in _question_faults(specs, question))
    for filter_ in specs.filters.values():
        if filter_.values_from and filter_.values_from[0] not in specs.questions:
            yield f"filters.toml: {filter_.key} lists its values from an unknown question"
    for dashboard in specs.dashboards.values():
        yield from (
            f"{dashboard.key}.toml: {fault}" for fault in _dashboard_faults(specs, dashboard)
        )
    if specs.site.homepage and specs.site.homepage not in specs.dashboards:
        yield f"site.toml: the home page {specs.site.homepage!r} is no dashboard"


def _question_faults(specs: Specs, question: Question) -> Iterator[str]:
    unknown = [tag for tag in question.tags if tag not in specs.filters]
    if unknown:
        yield f"no filter is called {', '.join(unknown)}"
        return
    yield from vocabulary.faults(question.display, question.settings)
    named = {
        *question.settings.get("graph.dimensions", ()),
        *question.settings.get("graph.metrics", ()),
    }
    if not named <= set(question.columns):
        yield f"draws columns that are not there: {', '.join(sorted(named - {*question.columns}))}"
    if question.sql.endswith(";"):
        yield "the SQL must not end in a semicolon"
    if any("{{" in comment for comment in re.findall(r"--[^\n]*", question.sql)):
        yield "a tag in a comment is not replaced"
    try:
        native_sql.compiled(question.sql, specs.tags(question), {})
    except BadSql as fault:
        yield f"without any filter: {fault}"


def _dashboard_faults(specs: Specs, dashboard: Dashboard) -> Iterator[str]:
    unknown = [key for key in dashboard.filters if key not in specs.filters]
    if unknown:
        yield f"no filter is called {', '.join(unknown)}"
        return
    if len({tab.key for tab in dashboard.tabs}) != len(dashboard.tabs):
        yield "two tabs have one key"
    tiles = [tile for tab in dashboard.tabs for tile in tab.tiles]
    if len({tile.key for tile in tiles}) != len(tiles):
        yield "two tiles have one key"
    for tab in dashboard.tabs:
        yield from (f"tab {tab.key}: {fault}" for fault in _tab_faults(specs, dashboard, tab))


def _tab_faults(specs: Specs, dashboard: Dashboard, tab: Tab) -> Iterator[str]:
    unknown = [tile.key for tile in tab.tiles if tile.question not in {None, *specs.questions}]
    if unknown:
        yield f"no question for {', '.join(unknown)}"
        return
    cards = [specs.questions[tile.question] for tile in tab.tiles if tile.question]
    if not cards:
        yield "no question on it"
    if len(cards) > CARDS_ON_A_TAB:
        yield f"{len(cards)} cards; a manager reads {CARDS_ON_A_TAB}"
    acting = {tag for card in cards for tag in card.tags}
    for key in dashboard.filters:
        if key not in acting and key not in tab.without:
            yield f"filter {key} does nothing here; wire it or name it in `without`"
        if key in acting and key in tab.without:
            yield f"filter {key} acts here, yet is named in `without`"
    taken: dict[tuple[int, int], str] = {}
    for tile in tab.tiles:
        yield from _tile_faults(specs, tile, taken)


def _tile_faults(specs: Specs, tile: Tile, taken: dict[tuple[int, int], str]) -> Iterator[str]:
    if (tile.question is None) == (tile.text is None):
        yield f"{tile.key} must have a question or a text"
        return
    if tile.row < 0 or tile.col < 0 or tile.col + tile.width > GRID:
        yield f"{tile.key} lies outside the {GRID} columns"
    if tile.question:
        least = SMALLEST.get(specs.questions[tile.question].display, (6, 3))
        if tile.width < least[0] or tile.height < least[1]:
            yield f"{tile.key} is smaller than {least[0]} by {least[1]}"
    for place in (
        (row, col)
        for row in range(tile.row, tile.row + tile.height)
        for col in range(tile.col, tile.col + tile.width)
    ):
        if place in taken:
            yield f"{tile.key} lies on {taken[place]}"
            break
        taken[place] = tile.key
    if tile.click:
        yield from _click_faults(specs, tile, tile.click)


def _click_faults(specs: Specs, tile: Tile, click: Click) -> Iterator[str]:
    target = specs.dashboards.get(click.dashboard)
    columns = specs.questions[tile.question].columns if tile.question else ()
    if target is None:
        yield f"{tile.key}: a click opens the unknown dashboard {click.dashboard}"
    elif not set(click.passes) <= set(target.filters):
        yield f"{tile.key}: a click passes what {target.key} does not filter by"
    elif not {click.column, *click.passes.values()} <= set(columns):
        yield f"{tile.key}: a click uses a column that is not there"
