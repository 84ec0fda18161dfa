"""The specs: that ours are right, and that what is wrong is told."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.metabase.api.client import MetabaseClient
from flows.metabase.api.server import Address, Server
from flows.metabase.kinds import cards, dashboards, tiles
from flows.metabase.specs import specs, vocabulary
from flows.metabase.specs.parts import read_parts, with_parts
from flows.metabase.specs.specs import FOLDER, SpecError
from tests.listing import listed
from tests.metabase.conftest import Shows

ALL = specs.load()


def test_what_there_is(shows: Shows):
    tiles = [tile for one in ALL.dashboards.values() for tab in one.tabs for tile in tab.tiles]
    shows(
        f"{len(ALL.dashboards)} dashboards, "
        f"{sum(len(one.tabs) for one in ALL.dashboards.values())} tabs, {len(tiles)} tiles, "
        f"{len(ALL.questions)} cards, {len(ALL.filters)} filters"
    )
    assert len(ALL.dashboards) == 5
    assert {"kantor", "tahun", "triwulan", "dokumen", "per_tanggal"} <= set(ALL.filters)


def test_every_question_is_used():
    shown = {
        tile.question for one in ALL.dashboards.values() for tab in one.tabs for tile in tab.tiles
    }
    lists = {one.values_from[0] for one in ALL.filters.values() if one.values_from}
    assert set(ALL.questions) == (shown | lists) - {None}


def test_every_card_answers_a_question_and_no_two_bear_one_title():
    assert [q.key for q in ALL.questions.values() if not q.asks.endswith("?")] == []
    titles = Counter(question.title for question in ALL.questions.values())
    assert [title for title, times in titles.items() if times > 1] == []


def test_every_setting_is_in_the_vocabulary():
    server = Server(MetabaseClient("https://x"), ALL, Address("h", 1, "d", "u", "p"), {})
    for card in cards.wanted(server).values():
        assert list(vocabulary.faults(card["display"], card["settings"])) == [], card["name"]
    for one in dashboards.wanted(server).values():
        for key, tile in one["tiles"].items():
            settings = {**tile["settings"], tiles.TILE_KEY: key}
            assert list(vocabulary.tile_faults(settings)) == [], key


def test_a_question_is_its_parts_and_then_its_own():
    parts = {"a": "a AS (SELECT 1 AS x)", "b": "b AS (\n    SELECT 2 AS x\n)"}
    begins = "WITH a AS (SELECT 1 AS x), b AS (\n    SELECT 2 AS x\n)"
    assert with_parts("TABLE c", (), parts) == "TABLE c"
    assert with_parts("TABLE a", ("a", "b"), parts) == f"{begins}\n\nTABLE a"
    assert with_parts("WITH c AS (SELECT 3)\nTABLE c", ("a", "b"), parts) == (
        f"{begins}, c AS (SELECT 3)\nTABLE c"
    )


def test_every_part_says_what_it_holds_and_is_shared_by_several_questions():
    begun = Counter(name for one in ALL.questions.values() for name in one.begins_with)
    for path in listed(FOLDER / "parts", "*.sql", at_least=6):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("-- "), path.name
        assert begun[path.stem] > 1, path.name


def test_no_question_writes_out_what_a_part_says():
    parts = read_parts(FOLDER / "parts")
    for path in listed(FOLDER / "questions", "**/*.sql", at_least=61):
        sql = path.read_text(encoding="utf-8")
        assert [name for name, part in parts.items() if part in sql] == [], path.name


def test_a_status_is_coloured_by_its_word():
    rules = ALL.questions["kartu_skor"].settings["table.column_formatting"]
    assert {rule["value"] for rule in rules} >= {"tercapai", "waspada", "belum tercapai"}
    assert {rule["operator"] for rule in rules} == {"="}


Edit = Callable[[Path], None]


def edited(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def also(file: str, copy: str) -> Edit:
    def edit(folder: Path) -> None:
        shutil.copy(folder / file, folder / copy)

    return edit


RING = "dashboards/ringkasan_pimpinan.toml"
CARD = "questions/ringkasan_pimpinan/kartu_skor.sql"
PART = "parts/pilihan.sql"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (edited(PART, "{{kantor}}", "{{kota}}"), "no filter is called kota"),
        (edited(CARD, 'display = "table"', 'display = "tabel"'), "display 'tabel' is not known"),
        (edited(CARD, "decimals = 2", "desimal = 2"), "'desimal' is not known"),
        (edited(CARD, "title =", "judul ="), "unknown in the front matter: judul"),
        (edited(CARD, "/*\n", ""), "must begin with a comment of TOML"),
        (edited(PART, "[[AND tahun", "[[AND [[ tahun"), "a block inside a block"),
        (edited(CARD, '["pilihan"]', '["pilih"]'), r"^kartu_skor\.sql: no part is called pilih\n"),
        (also(CARD, "questions/kartu_skor.sql"), r"kartu_skor\.sql: two files have this key"),
        (also(PART, "parts/lain.sql"), r"^parts/lain\.sql: no question begins with it"),
        (edited(CARD, "ORDER BY nomor", "ORDER BY nomor;"), "must not end in a semicolon"),
        (edited(CARD, "SELECT\n", "-- {{tahun}}\nSELECT\n"), "a tag in a comment"),
        (edited(CARD, "[[{{dokumen}},]] 'pk'", "{{dokumen}}"), "missing required parameters"),
        (
            edited("questions/detail_iku/tren_capaian.sql", '["capaian"]', '["capai"]'),
            "draws columns that are not there: capai",
        ),
        (edited(RING, '"kartu_skor"', '"kartu"'), "no question for kartu"),
        (edited(RING, "at = [5, 0]", "at = [4, 0]"), "kartu_skor lies on"),
        (edited(RING, "size = [24, 11]", "size = [25, 11]"), "outside the 24 columns"),
        (edited(RING, "size = [4, 3]", "size = [2, 3]"), "is smaller than 3 by 2"),
        (edited(RING, "detail_iku", "detail"), "opens the unknown dashboard detail"),
        (edited(RING, 'iku = "iku"', 'kota = "iku"'), "passes what detail_iku does not filter by"),
        (edited(RING, 'column = "indikator"', 'column = "x"'), "uses a column that is not there"),
        (edited(RING, '"kantor", ', '"kantor", "instansi", '), "filter instansi does nothing here"),
        (edited(RING, 'key = "ikhtisar"', 'key = "ikhtisar"\nwithout = ["tahun"]'), "acts here"),
        (edited(RING, 'key = "peringatan"', 'key = "ikhtisar"'), "two tabs have one key"),
        (edited("site.toml", "ringkasan_pimpinan", "ringkas"), "is no dashboard"),
        (edited("filters.toml", '"daftar_kantor"', '"daftar"'), "from an unknown question"),
        (lambda folder: (folder / RING).write_text("x ="), "ringkasan_pimpinan.toml"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, edit: Edit, says: str):
    folder = tmp_path / "metabase"
    shutil.copytree(FOLDER, folder)
    edit(folder)
    with pytest.raises(SpecError, match=says):
        specs.load(folder)


@pytest.mark.parametrize(
    ("display", "settings", "says"),
    [
        ("gauge", {"gauge.segments": [{"min": 0, "max": 1, "color": "red"}]}, "gauge.segments"),
        ("bar", {"graph.show_values": 1}, "graph.show_values"),
        ("bar", {"graph.goal_value": True}, "graph.goal_value"),
        ("bar", {"graph.metrics": "x"}, "graph.metrics"),
        ("line", {"series_settings": {"x": {"line.style": "wavy"}}}, "line.style"),
        ("table", {"table.columns": [{"name": "x"}]}, "table.columns"),
        ("smartscalar", {"scalar.comparisons": [{"type": "x"}]}, "scalar.comparisons"),
    ],
)
def test_the_vocabulary_checks_types(display: str, settings: dict[str, object], says: str):
    assert any(says in fault for fault in vocabulary.faults(display, settings))
