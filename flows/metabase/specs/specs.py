"""Read the specs of `sql/metabase`: questions, filters, dashboards and the site, checked at once.

A question is one `.sql` file that begins with a comment of TOML; a dashboard is one TOML file. The
name of a file is its key for ever: Metabase's own names may change, keys may not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.metabase.specs import native_sql, vocabulary
from flows.metabase.specs.native_sql import BadSql, Tag
from flows.warehouse.migrations import SQL

FOLDER = SQL / "metabase"
GRID = 24  # columns of a dashboard
CARDS_ON_A_TAB = 10
FRONT = re.compile(r"\A/\*\n(?P<toml>.*?)\n\*/\n(?P<sql>.+)\Z", re.DOTALL)
KEY = re.compile(r"[a-z][a-z0-9_]*")

SMALLEST: Mapping[str, tuple[int, int]] = {
    "scalar": (3, 2),
    "smartscalar": (3, 3),
    "progress": (3, 2),
    "gauge": (4, 4),
}
"""The smallest width and height at which a display can be read; others need 6 by 3."""

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


class SpecError(ValueError):
    """The specs cannot be used; the message has one line for each fault."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of dashboards, and the tag of the same name in the SQL of questions.

    Attributes:
        key: name of the tag.
        label: what the user reads.
        tag: type of the tag.
        parameter: type of the dashboard's widget.
        section: where the editor of dashboards files it.
        values: choices as (value, label); empty when anything may be typed.
        values_from: question, value column and label column that list the choices.
        sample: a value to try the questions with.
    """

    key: str
    label: str
    tag: native_sql.TagType
    parameter: str
    section: str
    sample: Any
    values: tuple[tuple[Any, str], ...] = ()
    values_from: tuple[str, str, str] | None = None


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
        sql: what is sent.
        tags: names of the filters that the SQL takes.
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


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of Metabase."""

    key: str
    title: str
    description: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users: what it may do with our collections and our database."""

    key: str
    title: str
    collection: str  # read | write | none
    queries: str  # no | query-builder | query-builder-and-native


@dataclass(frozen=True, slots=True)
class Site:
    """What is set once for a server."""

    settings: Mapping[str, Any]
    homepage: str | None
    database: str
    schema: str
    hidden_columns: frozenset[str]
    groups: tuple[Group, ...]
    everyone: Group
    collections: tuple[Collection, ...]


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
        key: _filter(key, body) for key, body in _toml(folder / "filters.toml", faults).items()
    }
    questions = {}
    for file in sorted((folder / "questions").glob("*.sql")):
        try:
            questions[file.stem] = _question(file)
        except (ValueError, KeyError, TypeError) as fault:
            faults.append(f"{file.name}: {fault}")
    dashboards = {}
    for file in sorted((folder / "dashboards").glob("*.toml")):
        try:
            dashboards[file.stem] = _dashboard(file.stem, _toml(file, faults))
        except (ValueError, KeyError, TypeError) as fault:
            faults.append(f"{file.name}: {fault!r}")
    site = _site(_toml(folder / "site.toml", faults))
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


def _filter(key: str, body: Mapping[str, Any]) -> Filter:
    source = body.get("values_from")
    return Filter(
        key=key,
        label=body["label"],
        tag=body["tag"],
        parameter=body["parameter"],
        section=body["section"],
        sample=body["sample"],
        values=tuple((value, label) for value, label in body.get("values", ())),
        values_from=(source["question"], source["value"], source["label"]) if source else None,
    )


def _question(file: Path) -> Question:
    found = FRONT.match(file.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("must begin with a comment of TOML, then the SQL")
    front = tomllib.loads(found["toml"])
    unknown = set(front) - {"title", "asks", "display", "columns", "settings", "status"}
    if unknown:
        raise ValueError(f"unknown in the front matter: {', '.join(sorted(unknown))}")
    columns: Mapping[str, Mapping[str, Any]] = front["columns"]
    hidden = tuple(name for name, column in columns.items() if column.get("hidden"))
    sql = found["sql"].strip()
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


def _dashboard(key: str, body: Mapping[str, Any]) -> Dashboard:
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


def _site(body: Mapping[str, Any]) -> Site:
    def group(key: str, given: Mapping[str, Any]) -> Group:
        return Group(key, given.get("title", ""), given["collection"], given["queries"])

    return Site(
        settings=body["settings"],
        homepage=body.get("homepage"),
        database=body["database"]["title"],
        schema=body["database"]["schema"],
        hidden_columns=frozenset(body["database"].get("hidden_columns", ())),
        groups=tuple(group(key, given) for key, given in body["group"].items()),
        everyone=group("everyone", body["everyone"]),
        collections=tuple(
            Collection(key, given["title"], given["description"], given.get("parent"))
            for key, given in body["collection"].items()
        ),
    )


# --- checks -----------------------------------------------------------------------------------


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
