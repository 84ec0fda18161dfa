"""Charts: a question's rows and Metabase's settings as an SVG, drawn by Vega-Lite.

No browser and no network; pure but for the library. The SVG has no script and no link, and its
texts stay texts.
"""

from __future__ import annotations

import math
import re
from functools import cache

import vl_convert

from flows.metabase.preview import figures
from flows.metabase.preview.graphs import INK, LINE, PALE, Spec, graph, text_mark
from flows.metabase.specs.answers import Answer
from flows.metabase.specs.questions import Question

FONT = "'DejaVu Sans', Verdana, sans-serif"
INDONESIAN = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
GAUGE = 0.75 * math.pi  # from the top to either end
NEEDLE = 0.025  # radians to either side


def chart(question: Question, answer: Answer, width: int, height: int) -> str:
    """Return the SVG of a question whose display is a chart."""
    if question.display == "gauge":
        spec = _gauge(question, answer, height)
    else:
        spec = graph(question, answer)
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": None,
        "config": _look(),
        **spec,
    }
    svg: str = vl_convert.vegalite_to_svg(
        whole, vl_version=_grammar(), format_locale=INDONESIAN, allowed_base_urls=[]
    )
    return _alone(svg, question.key)


@cache
def _grammar() -> str:
    """Return the newest version of the grammar's fifth edition that the library holds."""
    fifth = [one for one in vl_convert.get_vegalite_versions() if one.startswith("5.")]
    return max(fifth, key=lambda one: [int(part) for part in one.split(".")])


def _alone(svg: str, key: str) -> str:
    """Make ids unique within a page, and let the picture scale with its place."""
    svg = re.sub(r'(\bid="|url\(#)', rf"\1{key}-", svg)
    return re.sub(r'<svg ([^>]*?)width="[^"]*" height="[^"]*"', r"<svg \1", svg, count=1)


def _look() -> Spec:
    axis = {
        "labelColor": PALE, "labelFont": FONT, "labelFontSize": 12, "domainColor": LINE,
        "gridColor": LINE, "tickColor": LINE, "title": None, "labelLimit": 320,
    }  # fmt: skip
    return {
        "view": {"stroke": None},
        "axis": axis,
        "text": {"font": FONT, "fontSize": 12, "fill": INK},
        "legend": {
            "orient": "top", "title": None, "labelFont": FONT, "labelFontSize": 12,
            "labelColor": INK, "symbolType": "square",
        },
    }  # fmt: skip


def _gauge(question: Question, answer: Answer, height: int) -> Spec:
    (column,) = answer.columns
    value = float(answer.rows[0][column])
    segments = question.settings["gauge.segments"]
    low, high = segments[0]["min"], segments[-1]["max"]

    def angle(figure: float) -> float:
        share: float = (min(max(figure, low), high) - low) / (high - low)
        return -GAUGE + 2 * GAUGE * share

    outer = height * 0.43
    inner = outer * 0.72
    arcs = [
        {
            "mark": {
                "type": "arc", "theta": angle(one["min"]), "theta2": angle(one["max"]),
                "innerRadius": inner, "outerRadius": outer, "color": one["color"],
            }
        }
        for one in segments
    ]  # fmt: skip
    names = [
        {
            "mark": text_mark(
                theta=(angle(one["min"]) + angle(one["max"])) / 2, radius=outer + 12,
                text=one.get("label", ""),
            )
        }
        for one in segments
    ]  # fmt: skip
    needle = {
        "mark": {
            "type": "arc", "theta": angle(value) - NEEDLE, "theta2": angle(value) + NEEDLE,
            "innerRadius": inner - 8, "outerRadius": outer + 4, "color": INK,
        }
    }  # fmt: skip
    said = figures.written(answer.rows[0][column], figures.setting(question, column))
    figure = {"mark": text_mark(text=said, fontSize=26, fontWeight="bold")}
    return {"data": {"values": [{}]}, "layer": [*arcs, *names, needle, figure]}
