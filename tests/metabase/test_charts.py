"""The charts of the preview: what the rows say is what the picture says."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest

from flows.metabase.preview import charts
from flows.metabase.specs import specs
from flows.metabase.specs.answers import Answer

ALL = specs.load()


def drawn(key: str, *rows: dict[str, Any], width: int = 600, height: int = 300) -> str:
    return charts.chart(ALL.questions[key], Answer(tuple(rows[0]), rows), width, height)


def texts(svg: str) -> list[str]:
    """Return what can be read in the picture."""
    return [unescape("".join(one.itertext())) for one in ElementTree.fromstring(svg).iter(
        "{http://www.w3.org/2000/svg}text"
    )]  # fmt: skip


def test_every_display_that_is_no_table_can_be_drawn():
    shown = {one.display for one in ALL.questions.values()}
    assert shown - {"table", "scalar", "progress"} <= {"bar", "row", "line", "gauge"}


def test_a_bar_bears_its_figure_and_the_goal_its_name():
    svg = drawn(
        "tren_capaian",
        {"periode": "2023", "capaian": Decimal("101.905")},
        {"periode": "2024", "capaian": Decimal("99")},
    )
    assert {"2023", "2024", "101,91", "99", "Tercapai"} <= set(texts(svg))
    assert "101.9" not in "".join(texts(svg))


def test_each_series_has_its_name_and_colour():
    svg = drawn("instansi_ringkas", {"indikator": "1. NSPK", "memenuhi": 26, "belum": 8})
    assert {"Memenuhi", "Belum memenuhi", "26", "8"} <= set(texts(svg))
    assert "#84BB4C" in svg
    assert "#EF8C8C" in svg


def test_a_longer_bar_is_longer():
    svg = drawn(
        "survei_layanan_gambar",
        {"nama_layanan": "Panjang", "ikm": Decimal(90)},
        {"nama_layanan": "Pendek", "ikm": Decimal(45)},
    )
    found = re.findall(r'aria-roledescription="bar" d="M0,[\d.]+L([\d.]+),', svg)
    longer, shorter = (float(one) for one in found)
    assert longer == pytest.approx(2 * shorter, rel=0.02)


def test_a_missing_figure_is_not_drawn_as_nought():
    rows = [
        {"periode": str(year), "realisasi": value, "target": Decimal(90), "metode_berganti": None}
        for year, value in ((2022, Decimal(80)), (2023, None), (2024, Decimal(85)))
    ]
    found = texts(drawn("tren_realisasi", *rows))
    assert {"80", "85"} <= set(found)
    assert "0" not in found


@pytest.mark.parametrize(
    ("value", "reads"), [("95.96", "95,96"), ("10", "10,00"), ("120", "120,00")]
)
def test_a_gauge_says_its_figure_also_beyond_its_ends(value: str, reads: str):
    svg = drawn("ikm_pembinaan", {"ikm": Decimal(value)})
    assert {reads, "A", "B", "C", "D"} <= set(texts(svg))
    assert "NaN" not in svg


def test_a_name_is_a_text_whatever_it_holds():
    wicked = '</svg><script>alert(1)</script> & "x"'
    svg = drawn("survei_layanan_gambar", {"nama_layanan": wicked, "ikm": Decimal(90)})
    assert "<script" not in svg
    assert any("script" in one for one in texts(svg))


def test_a_picture_scales_and_its_ids_are_its_own():
    one = drawn("ikm_pembinaan", {"ikm": Decimal(90)})
    other = drawn("ikm_layanan", {"ikm": Decimal(90)})
    head = one.partition(">")[0]
    assert "viewBox" in head
    assert not re.search(r'\b(width|height)="', head)
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, other)]
    assert not ids[0] & ids[1]
