"""The preview: every card is drawn, says what the SQL says, and fits screen and paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from flows.metabase.preview import figures, pages, tiles
from flows.metabase.specs import answers, specs
from tests.conftest import Server
from tests.metabase import browser
from tests.metabase.browser import Browser
from tests.metabase.conftest import Shows, opened

ALL = specs.load()
WIDTHS = (1280, 1920)
PAPER = 1500  # CSS pixels between the margins of A3, as the pages ask for
IKU = 14
DENSEST = "iku-13."  # the indicator with the most cards
CHOSEN = {"kantor": "kanreg-06", "tahun": 2024, "triwulan": 4}

# What a browser says of each tile: what it holds, and whether something sticks out of it.
MEASURE = """
[...document.querySelectorAll('.tile')].map(tile => {
  const outer = tile.getBoundingClientRect();
  const beyond = [...tile.querySelectorAll('td, th, p, svg text')].filter(part => {
    const inner = part.getBoundingClientRect();
    return inner.width > 0 && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
  }).map(part => part.textContent);
  return {key: tile.dataset.key, width: outer.width, height: outer.height, beyond: beyond,
          content: [...tile.children].slice(tile.matches('.note') ? 0 : 2)
              .map(part => part.textContent.trim()).join(' ').trim()};
})
"""


class Drawn(HTMLParser):
    """The tiles of a page: key -> their text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tiles: dict[str, str] = {}
        self.links: set[str] = set()
        self.key = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-key" in given:
            self.key = str(given["data-key"])
            self.tiles[self.key] = ""
        if tag == "a":
            self.links.add(str(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.key = ""

    def handle_data(self, data: str) -> None:
        if self.key:
            self.tiles[self.key] += f" {data.strip()}"


@pytest.fixture(scope="module")
def drawn(server: Server, filled: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Draw the sample year once."""
    warehouse = opened(server, filled)
    folder = tmp_path_factory.mktemp("dasbor")
    with answers.reading(server.settings, filled, ALL) as reader:
        written = pages.draw(warehouse, reader, CHOSEN, folder)
    warehouse.engine.dispose()
    return written


@pytest.fixture(scope="module")
def tab() -> Iterator[Browser]:
    if browser.program() is None:
        pytest.skip("Chromium is not installed, so no page can be looked at")
    with browser.browsing() as opened_tab:
        yield opened_tab


def test_every_dashboard_has_its_page_and_every_indicator_one(drawn: list[Path]):
    details = [page for page in drawn if page.name.startswith("detail_iku-")]
    assert (drawn[0].name, len(details), len(drawn)) == ("index.html", IKU, IKU + 4)
    assert len({page.name for page in drawn}) == len(drawn)


def test_every_tile_is_drawn_or_hides_itself(drawn: list[Path], shows: Shows):
    seen: dict[str, set[str]] = {one: set() for one in ALL.dashboards}
    count = 0
    for page in drawn:
        key = page.stem.partition("-")[0].replace("index", "ringkasan_pimpinan")
        found = Drawn(page).tiles
        wanted = [tile for tab in ALL.dashboards[key].tabs for tile in tab.tiles]
        assert {tile.key for tile in wanted if not tile.hide_empty} <= set(found), page.name
        assert all(text.strip() for text in found.values()), page.name
        seen[key] |= set(found)
        count += len(found)
    for key, one in ALL.dashboards.items():
        assert seen[key] == {tile.key for tab in one.tabs for tile in tab.tiles}
    shows(f"preview: {len(drawn)} pages with {count} tiles drawn")


def test_what_an_indicator_does_not_have_is_not_on_its_page(drawn: list[Path]):
    pages_of = {page.stem: set(Drawn(page).tiles) for page in drawn}
    for number, has in ((1, set()), (7, {"iku_daftar_periksa"}), (13, {"iku_ikpa_bulanan"})):
        only_some = {"iku_daftar_periksa", "iku_ikpa_bulanan", "iku_tindak_lanjut_umur"}
        assert pages_of[f"detail_iku-iku-{number}"] & only_some == has


def test_a_page_says_what_the_sql_says(server: Server, filled: str, drawn: list[Path]):
    found = Drawn(drawn[0]).tiles
    with answers.reading(server.settings, filled, ALL) as reader:
        card = reader.answer(ALL.questions["kartu_skor"], CHOSEN).rows
        npss = reader.answer(ALL.questions["npss"], CHOSEN).rows[0]["npss"]
    assert len(card) == IKU
    for row in card:
        assert f"{row['indikator']}" in found["kartu_skor"]
        assert figures.written(row["realisasi"], {"decimals": 2}) in found["kartu_skor"]
    assert figures.written(npss, {"decimals": 2}) in found["npss"]


def test_a_click_leads_to_a_page_that_is_there(drawn: list[Path]):
    names = {page.name for page in drawn}
    for page in drawn:
        assert Drawn(page).links <= names, page.name
    assert {f"detail_iku-iku-{n}.html" for n in range(1, IKU + 1)} <= Drawn(drawn[0]).links


def test_a_page_needs_nothing_but_itself(drawn: list[Path]):
    for page in drawn:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "@import" not in text
        outside = set(re.findall(r"https?://[^\"' )>]+", text))
        assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), page.name


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_card_has_content_on_a_screen(
    drawn: list[Path], tab: Browser, shows: Shows, width: int
):
    measured = 0
    for page in drawn:
        tab.open(page, width)
        measured += len(looked_at(tab, page))
        assert tab.ask("document.documentElement.scrollWidth <= innerWidth"), page.name
    shows(f"preview: {measured} tiles looked at in Chromium at {width} pixels, no error")


@pytest.mark.slow
def test_every_card_has_content_on_paper(drawn: list[Path], tab: Browser, shows: Shows):
    sheets = 0
    printed_ones = [page for page in drawn if "detail_iku" not in page.name or DENSEST in page.name]
    for page in printed_ones:
        tab.open(page, PAPER, media="print")
        looked_at(tab, page)
        assert tab.ask("getComputedStyle(document.querySelector('nav')).display") == "none"
        printed = tab.paper()
        sheets += len(re.findall(rb"/Type /Page\b(?!s)", printed))
    assert sheets >= len(printed_ones) == len(ALL.dashboards)
    shows(f"preview: {len(printed_ones)} pages printed on {sheets} sheets")


def looked_at(tab: Browser, page: Path) -> list[dict[str, Any]]:
    """Check every tile of the page that is open."""
    assert tab.troubles() == [], page.name
    found: list[dict[str, Any]] = tab.ask(MEASURE)
    assert found
    for tile in found:
        assert tile["content"], (page.name, tile["key"])
        assert tile["width"] > 100, (page.name, tile["key"])
        assert tile["height"] > 30, (page.name, tile["key"])
        assert tile["beyond"] == [], (page.name, tile["key"])
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "broken",
    [
        "<script>tidak_ada()</script>",
        "<script>console.error('x')</script>",
        "<img src='http://127.0.0.1:9/x.png'>",
        "<article class=tile data-key=x><h3>x</h3><p>x</p></article>",
        "<article class=tile data-key=x style='width:200px;height:90px'><h3>x</h3><p>x</p>"
        "<p style='margin-left:190px;width:90px'>keluar</p></article>",
    ],
)
def test_what_is_wrong_with_a_page_is_noticed(tab: Browser, tmp_path: Path, broken: str):
    page = tmp_path / "salah.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><article class=tile data-key=a style='width:300px;"
        f"height:90px'><h3>x</h3><p>x</p><p>isi</p></article>{broken}"
    )
    tab.open(page, WIDTHS[0])
    with pytest.raises(AssertionError):
        looked_at(tab, page)


@pytest.mark.parametrize(
    ("value", "settings", "reads"),
    [
        (Decimal("1234567.891"), {"decimals": 2}, "1.234.567,89"),
        (Decimal("94.5"), {"decimals": 2}, "94,50"),
        (Decimal("100.000"), {}, "100"),
        (Decimal("0.125"), {}, "0,13"),
        (13454430000, {}, "13.454.430.000"),
        (95, {"suffix": " %"}, "95 %"),
        (None, {"decimals": 2}, ""),
        (True, {}, "ya"),
        (date(2024, 1, 5), {}, "5 Januari 2024"),
        (datetime(2024, 1, 5, 8, 30), {}, "5 Januari 2024 08.30"),  # noqa: DTZ001
        ("tercapai", {"suffix": " %"}, "tercapai"),
    ],
)
def test_a_figure_is_written_in_indonesian(value: Any, settings: dict[str, Any], reads: str):
    assert figures.written(value, settings) == reads


def test_rows_of_nobody_are_closed_up():
    placed = [{"row": 0, "height": 2}, {"row": 9, "height": 3}, {"row": 10, "height": 1}]
    assert [one["row"] for one in tiles.closed_up(placed)] == [0, 2, 3]
