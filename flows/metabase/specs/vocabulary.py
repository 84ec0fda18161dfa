"""The words that Metabase draws by: displays, settings and their types.

The server accepts anything here and a typo does nothing, so the words are checked before sending.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any], bool]


def _one_of(*words: Any) -> Check:
    return lambda value: value in words


def _is(*types: type) -> Check:
    # A bool is an int to Python.
    return lambda value: isinstance(value, types) and (bool in types) == isinstance(value, bool)


def _text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


BOOL, TEXT, NUMBER, OBJECT = _is(bool), _is(str), _is(int, float), _is(dict)


def _colour(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{6}", value) is not None


def _segments(value: Any) -> bool:
    return isinstance(value, list) and all(
        set(item) <= {"min", "max", "color", "label"}
        and NUMBER(item["min"])
        and NUMBER(item["max"])
        and _colour(item["color"])
        for item in value
    )


def _columns(value: Any) -> bool:
    return isinstance(value, list) and all(
        set(item) == {"name", "enabled"} and TEXT(item["name"]) and BOOL(item["enabled"])
        for item in value
    )


OPERATORS = (
    "=", "!=", "<", ">", "<=", ">=", "is-null", "not-null", "contains", "does-not-contain",
    "starts-with", "ends-with", "is-true", "is-false",
)  # fmt: skip


def _formatting(value: Any) -> bool:
    return isinstance(value, list) and all(
        item.get("type") == "single"
        and set(item) <= {"columns", "type", "operator", "value", "color", "highlight_row"}
        and _text_list(item.get("columns"))
        and item.get("operator") in OPERATORS
        and _colour(item.get("color"))
        for item in value
    )


def _comparisons(value: Any) -> bool:
    kinds = ("previousPeriod", "previousValue", "periodsAgo", "staticNumber", "anotherColumn")
    return (
        isinstance(value, list)
        and 1 <= len(value) <= 3
        and all(item.get("type") in kinds and "id" in item for item in value)
    )


EVERYWHERE: Mapping[str, Check] = {"card.title": TEXT, "column_settings": OBJECT}

ON_A_TILE: Mapping[str, Check] = {
    # Not in the contract's table: a setting of dashboard cards of Metabase since v0.47.
    "card.hide_empty": BOOL,
    "dashcard.background": BOOL,
    "iku.key": TEXT,  # ours: by it a tile is found again
    "text": TEXT,
    "virtual_card": OBJECT,
}

GRAPH: Mapping[str, Check] = {
    "graph.dimensions": _text_list,
    "graph.metrics": _text_list,
    "graph.show_goal": BOOL,
    "graph.goal_value": NUMBER,
    "graph.goal_label": TEXT,
    "graph.show_trendline": BOOL,
    "graph.show_values": BOOL,
    "graph.label_value_frequency": _one_of("fit", "all"),
    "graph.label_value_formatting": _one_of("auto", "compact", "full"),
    "graph.x_axis.scale": _one_of("ordinal", "timeseries", "linear", "histogram", "log", "pow"),
    "graph.x_axis.title_text": TEXT,
    "graph.x_axis.labels_enabled": BOOL,
    "graph.x_axis.axis_enabled": _one_of(True, False, "compact", "rotate-45", "rotate-90"),
    "graph.y_axis.scale": _one_of("linear", "log", "pow"),
    "graph.y_axis.title_text": TEXT,
    "graph.y_axis.labels_enabled": BOOL,
    "graph.y_axis.axis_enabled": BOOL,
    "graph.y_axis.auto_range": BOOL,
    "graph.y_axis.min": NUMBER,
    "graph.y_axis.max": NUMBER,
    "graph.y_axis.auto_split": BOOL,
    "graph.y_axis.unpin_from_zero": BOOL,
    "graph.tooltip_columns": _text_list,
    "stackable.stack_type": _one_of(None, "stacked", "normalized"),
    "graph.show_stack_values": _one_of("total", "all", "series"),
    "graph.series_order": OBJECT,
    "series_settings": OBJECT,
}

DISPLAYS: Mapping[str, Mapping[str, Check]] = {
    "table": {
        "table.columns": _columns,
        "table.column_formatting": _formatting,
        "table.pivot": BOOL,
        "table.row_index": BOOL,
        "table.pagination": BOOL,
    },
    "bar": GRAPH,
    "line": GRAPH,
    "area": GRAPH,
    "combo": GRAPH,
    "row": GRAPH,
    "pie": {
        "pie.dimension": TEXT,
        "pie.metric": TEXT,
        "pie.show_legend": BOOL,
        "pie.show_total": BOOL,
        "pie.show_labels": BOOL,
        "pie.percent_visibility": _one_of("off", "legend", "inside", "both"),
        "pie.slice_threshold": NUMBER,
        "pie.decimal_places": NUMBER,
    },
    "scalar": {"scalar.field": TEXT, "scalar.segments": _segments},
    "smartscalar": {
        "scalar.field": TEXT,
        "scalar.comparisons": _comparisons,
        "scalar.switch_positive_negative": BOOL,
        "scalar.compact_primary_number": BOOL,
    },
    "progress": {"progress.goal": NUMBER, "progress.value": TEXT, "progress.color": _colour},
    "gauge": {"gauge.segments": _segments},
}
"""The displays used here, each with its settings."""

SERIES: Mapping[str, Check] = {
    "title": TEXT,
    "color": _colour,
    "display": _one_of("line", "bar", "area"),
    "axis": _one_of("left", "right", None),
    "line.style": _one_of("solid", "dashed", "dotted"),
    "line.size": _one_of("S", "M", "L"),
    "line.interpolate": _one_of("linear", "cardinal", "step-after"),
    "line.missing": _one_of("interpolate", "zero", "none"),
    "line.marker_enabled": _one_of(True, False, None),
    "show_series_values": BOOL,
}

COLUMN: Mapping[str, Check] = {
    "column_title": TEXT,
    "number_style": _one_of("decimal", "percent", "currency", "scientific"),
    "currency": TEXT,
    "currency_style": _one_of("symbol", "code", "name"),
    "currency_in_header": BOOL,
    "number_separators": _one_of(",."),
    "decimals": NUMBER,
    "scale": NUMBER,
    "prefix": TEXT,
    "suffix": TEXT,
    "date_style": TEXT,
    "date_abbreviate": BOOL,
    "time_enabled": _one_of("minutes", "seconds", "milliseconds", None),
    "time_style": TEXT,
    "show_mini_bar": BOOL,
    "view_as": _one_of(None, "link", "email_link", "image", "auto"),
    "text_align": _one_of("left", "right", "middle"),
    "text_wrapping": BOOL,
    "click_behavior": OBJECT,
}


def faults(display: str, settings: Mapping[str, Any]) -> Iterator[str]:
    """Tell what Metabase would not understand of a question's display and settings."""
    if display not in DISPLAYS:
        yield f"display {display!r} is not known"
        return
    yield from _all_faults(settings, {**EVERYWHERE, **DISPLAYS[display]})


def tile_faults(settings: Mapping[str, Any]) -> Iterator[str]:
    """Tell what Metabase would not understand of the settings of a place on a dashboard."""
    yield from _all_faults(settings, {**EVERYWHERE, **ON_A_TILE})


def _all_faults(settings: Mapping[str, Any], known: Mapping[str, Check]) -> Iterator[str]:
    yield from _faults("", settings, known)
    for key, column in settings.get("column_settings", {}).items():
        yield from _faults(f"column {key}: ", column, COLUMN)
    for key, series in settings.get("series_settings", {}).items():
        yield from _faults(f"series {key}: ", series, SERIES)


def _faults(where: str, given: Mapping[str, Any], known: Mapping[str, Check]) -> Iterator[str]:
    for key, value in given.items():
        if key not in known:
            yield f"{where}{key!r} is not known"
        elif not known[key](value):
            yield f"{where}{key!r} cannot be {value!r}"
