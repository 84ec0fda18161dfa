"""Pages: one file per dashboard, and one per indicator of the dashboard that shows one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.machine import private
from flows.metabase.preview import tiles
from flows.metabase.specs.answers import NothingToShow, Reader
from flows.metabase.specs.dashboards import Click, Dashboard, Tab
from flows.metabase.specs.filters import Filter
from flows.metabase.specs.specs import Specs
from flows.warehouse.connection import Warehouse
from transforms import words

SHOWN = "yang_ditampilkan"  # the question that names office and quarter
ITEM = "iku"  # the filter by which a dashboard has a page for each of its values

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A dashboard with the values of its filters."""

    file: str
    dashboard: Dashboard
    values: Values
    item: str | None = None


def draw(warehouse: Warehouse, reader: Reader, values: Values, folder: Path) -> list[Path]:
    """Write all pages and return their files; the first is the home page.

    Args:
        warehouse: which one is drawn, and its clock.
        reader: runs the questions.
        values: of the filters, by key; those left out take the questions' own choice.
        folder: made when it is missing.

    Raises:
        NothingToShow: a filter has no such value, or there is no figure for it.
    """
    specs = reader.specs
    for key, value in values.items():
        offered = dict(specs.filters[key].values)
        if value is not None and offered and value not in offered:
            raise NothingToShow(
                f"{specs.filters[key].label} “{value}” tidak dikenal. "
                f"Yang ada: {', '.join(map(str, offered))}."
            )
    if not reader.answer(specs.questions[SHOWN], values).rows:
        raise NothingToShow(
            "Belum ada nilai untuk pilihan itu. Lihat kantor, tahun, dan triwulannya, lalu "
            "jalankan `iku refresh`."
        )
    items = _items(reader)
    pages = [page for one in _in_order(specs) for page in _pages(specs, one, values, items)]
    environment = Environment(
        loader=PackageLoader("flows.metabase.preview", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
    style = (
        resources.files("flows.metabase.preview").joinpath("page.css").read_text(encoding="utf-8")
    )
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for page in pages:
        shown = template.render(
            style=style,
            is_demo=warehouse.is_demo,
            database=warehouse.database,
            drawn=words.moment(warehouse.instant()),
            **_content(reader, page, pages, items),
        )
        path = folder / page.file
        with private.written(path) as file:  # it shows refused values too
            file.write(shown.encode())
        written.append(path)
    return written


def _in_order(specs: Specs) -> list[Dashboard]:
    return sorted(specs.dashboards.values(), key=lambda one: one.title)


def _items(reader: Reader) -> dict[str, str]:
    """Return the names of the values that have a page of their own."""
    return dict(_choices(reader, reader.specs.filters[ITEM]))


def _choices(reader: Reader, one: Filter) -> Iterator[tuple[Any, str]]:
    """Give what a filter offers: value and label."""
    if one.values_from:
        question, value, label = one.values_from
        for row in reader.answer(reader.specs.questions[question], {}).rows:
            yield row[value], str(row[label])
    yield from one.values


def _pages(
    specs: Specs, dashboard: Dashboard, values: Values, items: Mapping[str, str]
) -> Iterator[Page]:
    given = {key: value for key, value in values.items() if key in dashboard.filters}
    if ITEM not in dashboard.filters:
        is_home = dashboard.key == specs.site.homepage
        yield Page("index.html" if is_home else f"{dashboard.key}.html", dashboard, given)
        return
    for item in items:
        yield Page(_item_file(dashboard.key, item), dashboard, {**given, ITEM: item}, item)


def _item_file(dashboard: str, item: Any) -> str:
    return f"{dashboard}-{str(item).lower().replace('.', '-')}.html"


def _content(
    reader: Reader, page: Page, pages: list[Page], items: Mapping[str, str]
) -> dict[str, Any]:
    first: dict[str, Page] = {}
    for one in pages:
        first.setdefault(one.dashboard.key, one)
    siblings = [one for one in pages if one.item and one.dashboard.key == page.dashboard.key]
    title = page.dashboard.title
    return {
        "dashboard": page.dashboard,
        "heading": f"{title}: {items[page.item]}" if page.item else title,
        "pages": [
            {
                "file": one.file,
                "title": one.dashboard.title,
                "is_here": one.dashboard.key == page.dashboard.key,
            }
            for one in first.values()
        ],
        "choices": [
            {
                "file": one.file,
                "short": one.item,
                "title": items[one.item or ""],
                "is_here": one.file == page.file,
            }
            for one in siblings
        ],
        "chosen": list(_chosen(reader, page)),
        "tabs": [
            {
                "key": tab.key,
                "title": tab.title,
                "tiles": tiles.closed_up(list(_tiles(reader, page, tab))),
            }
            for tab in page.dashboard.tabs
        ],
    }


def _chosen(reader: Reader, page: Page) -> Iterator[tuple[str, str]]:
    """Give the filters that have a value, as a person reads them."""
    for key, value in page.values.items():
        one = reader.specs.filters[key]
        if value is not None and key != ITEM:
            names = {str(choice): label for choice, label in _choices(reader, one)}
            said = names.get(
                str(value), words.day(value) if isinstance(value, date) else str(value)
            )
            yield "" if said.startswith(one.label) else one.label, said


def _tiles(reader: Reader, page: Page, tab: Tab) -> Iterator[dict[str, Any]]:
    def link(click: Click, row: Mapping[str, Any]) -> str | None:
        item = row[click.passes[ITEM]] if ITEM in click.passes else None
        return _item_file(click.dashboard, item) if item is not None else None

    for tile in tab.tiles:
        if tile.question is None:
            yield tiles.note(tile)
            continue
        question = reader.specs.questions[tile.question]
        content = tiles.card(tile, question, reader.answer(question, page.values), link)
        if content is not None:
            yield content
