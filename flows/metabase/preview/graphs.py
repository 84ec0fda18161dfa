"""Graphs: bars and lines as Vega-Lite describes them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flows.metabase.preview import figures
from flows.metabase.specs.answers import Answer
from flows.metabase.specs.questions import Question

COLOURS = ("#509EE3", "#F2A86F", "#7172AD", "#88BF4D", "#A989C5", "#98D9D9")
INK, PALE, LINE = "#2E353B", "#696E7B", "#E6E8EB"
DASHES = {"dashed": [6, 4], "dotted": [2, 3]}

LABEL = 56  # pixels for the figure behind a bar

Spec = dict[str, Any]


def graph(question: Question, answer: Answer) -> Spec:
    """Return the description of a question whose display is bars, rows or lines."""
    settings = question.settings
    (dimension,) = settings["graph.dimensions"]
    metrics: Sequence[str] = settings["graph.metrics"]
    series = {metric: _series(question, metric, place) for place, metric in enumerate(metrics)}
    rows = [
        {
            "x": str(row[dimension]),
            "y": float(row[metric]),
            "series": series[metric]["title"],
            "label": figures.written(row[metric], _decimals(question, metric, row[metric])),
        }
        for row in answer.rows
        for metric in metrics
        if row[metric] is not None
    ]
    labelled = {one["title"] for one in series.values() if "line.style" not in one}
    tops: dict[str, float] = {}
    for one in rows:
        if one["series"] in labelled:
            tops[one["x"]] = max(one["y"], tops.get(one["x"], one["y"]))
    for one in rows:
        one["highest"] = one["y"] == tops.get(one["x"])
    order = list(dict.fromkeys(str(row[dimension]) for row in answer.rows))
    colour = {
        "field": "series",
        "type": "nominal",
        "scale": {
            "domain": [one["title"] for one in series.values()],
            "range": [one["color"] for one in series.values()],
        },
        "legend": {} if len(metrics) > 1 else None,
    }
    draw = {"row": _rows, "bar": _bars, "line": _lines}[question.display]
    layers = draw(settings, series, order, [row["y"] for row in rows])
    return {
        "data": {"values": rows},
        "encoding": {"color": colour},
        "layer": [*layers, *_goal(settings, question.display)],
    }


def _series(question: Question, metric: str, place: int) -> Spec:
    given = question.settings.get("series_settings", {}).get(metric, {})
    return {
        "title": figures.title(question, metric),
        "color": COLOURS[place % len(COLOURS)],
        **given,
    }


def _decimals(question: Question, metric: str, value: Any) -> Mapping[str, Any]:
    """Return how a label is written: no nought behind the comma of a whole number."""
    settings = figures.setting(question, metric)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return {**settings, "decimals": 0}
    return settings


def _category(order: Sequence[str], **more: Any) -> Spec:
    return {"field": "x", "type": "nominal", "sort": list(order), **more}


def _value(figures_: Iterable[float], settings: Mapping[str, Any], **more: Any) -> Spec:
    scale: Spec = {"zero": not settings.get("graph.y_axis.unpin_from_zero", False)}
    given = list(figures_)
    if not scale["zero"] and given:
        scale |= {"domain": _around(min(given), max(given)), "nice": False}
    return {"field": "y", "type": "quantitative", "scale": scale, **more}


def _around(low: float, high: float) -> list[float]:
    """Return the range of an axis: room above and below, also for a line that is level."""
    room = max((high - low) * 0.2, abs(high) * 0.02, 1.0)
    return [math.floor(low - room), math.ceil(high + room)]


def _below(longest: int) -> Spec:
    """Return an axis of names; a longer one stands in as many lines as it has words."""
    return {
        "labelAngle": 0,
        "grid": False,
        "ticks": False,
        "labelOverlap": True,
        "labelExpr": f"length(datum.label) > {longest} ? split(datum.label, ' ') : datum.label",
    }


def _mark_of_goal(settings: Mapping[str, Any]) -> Spec | None:
    """Return an axis that names the goal and nothing else."""
    if not settings.get("graph.show_goal"):
        return None
    name = json.dumps(settings.get("graph.goal_label", ""))
    return {
        "values": [settings["graph.goal_value"]],
        "labelExpr": name,
        "grid": False,
        "domain": False,
    }


def text_mark(**mark: Any) -> Spec:
    """Return a mark of text in the ink of the page."""
    return {"type": "text", "fill": INK, **mark}


def _rows(
    settings: Mapping[str, Any], series: Mapping[str, Spec], order: Sequence[str], ys: list[float]
) -> list[Spec]:
    place = {
        "y": _category(order, axis={"labelPadding": 8, "grid": False, "ticks": False}),
        "yOffset": {"field": "series", "sort": [one["title"] for one in series.values()]},
    }
    # Room at the right for the figure of the longest bar.
    x = _value(ys, settings, axis=None, stack=None)
    x["scale"] |= {"range": [0, {"expr": f"width - {LABEL}"}]}
    return [
        {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {**place, "x": x}},
        {
            "mark": text_mark(align="left", dx=4),
            "encoding": {**place, "x": x, "text": {"field": "label"}, "color": None},
        },
    ]


def _bars(
    settings: Mapping[str, Any], series: Mapping[str, Spec], order: Sequence[str], ys: list[float]
) -> list[Spec]:
    titles = [one["title"] for one in series.values()]
    x: Spec = {"x": _category(order, axis=_below(14))}
    stacked = settings.get("stackable.stack_type") == "stacked"
    axis = _mark_of_goal(settings)
    y = _value(ys, settings, axis=axis, stack="zero" if stacked else None)
    ranked: Spec = {"order": {"field": "series", "sort": titles}} if stacked else {}
    if not stacked:
        if len(series) > 1:
            x["xOffset"] = {"field": "series", "sort": titles}
        y["scale"] |= {"range": [{"expr": "height"}, 18]}
    label = {**y, "stack": "zero", "bandPosition": 0.5} if stacked else y
    return [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 0 if stacked else 2},
            "encoding": {**x, **ranked, "y": y},
        },
        {
            "transform": [{"filter": "datum.y != 0"}],
            "mark": text_mark(baseline="middle" if stacked else "bottom", dy=0 if stacked else -3),
            "encoding": {
                **x, **ranked, "y": label, "text": {"field": "label"}, "color": None,
                **({"detail": {"field": "series"}} if stacked else {}),
            },
        },
    ]  # fmt: skip


def _lines(
    settings: Mapping[str, Any], series: Mapping[str, Spec], order: Sequence[str], ys: list[float]
) -> list[Spec]:
    x = _category(order, axis=_below(8))
    y = _value(ys, settings, axis={"ticks": False, "domain": False, "tickCount": 5})
    layers: list[Spec] = []
    for one in series.values():
        only = [{"filter": {"field": "series", "equal": one["title"]}}]
        dashed = one.get("line.style") in DASHES
        line: Spec = {"type": "line", "strokeWidth": 2, "interpolate": "linear"}
        if dashed:
            line |= {"strokeDash": DASHES[one["line.style"]], "interpolate": "step"}
        if one.get("line.size") == "L":  # single points that mark something
            mark: Spec = {
                "type": "point", "size": 220, "shape": "diamond", "filled": True, "opacity": 1,
            }  # fmt: skip
            layers.append({"transform": only, "mark": mark, "encoding": {"x": x, "y": y}})
            continue
        layers.append({"transform": only, "mark": line, "encoding": {"x": x, "y": y}})
        if not dashed:
            point = {"type": "point", "filled": True, "size": 45, "opacity": 1}
            layers.append({"transform": only, "mark": point, "encoding": {"x": x, "y": y}})
            label = {"x": x, "y": y, "text": {"field": "label"}, "color": None}
            layers += [
                {
                    "transform": [*only, {"filter": f"datum.highest == {highest}"}],
                    "mark": text_mark(dy=-12 if highest == "true" else 14),
                    "encoding": label,
                }
                for highest in ("true", "false")
            ]
    return layers


def _goal(settings: Mapping[str, Any], display: str) -> list[Spec]:
    if not settings.get("graph.show_goal"):
        return []
    at = "x" if display == "row" else "y"
    return [
        {
            "mark": {"type": "rule", "strokeDash": [5, 4], "stroke": PALE},
            "encoding": {at: {"datum": settings["graph.goal_value"]}, "color": None},
        }
    ]
