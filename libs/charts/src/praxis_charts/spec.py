"""A chart as a Vega-Lite specification: plain data with its values inside.

Page and PDF draw the same one.
"""

from collections import Counter
from itertools import cycle
from typing import Any

from praxis_charts.figures import PARTIAL, currency_prefix, format_value, plain_text
from praxis_charts.heat_map import heat_map
from praxis_charts.model import Chart, Series, number_of
from praxis_charts.pareto import pareto
from praxis_charts.tokens import tokens

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_AXIS_FORMATS = {"money": "$,.3~s", "count": ",.0~f"}
_FEW_BARS = 8  # fewer than this get a fixed width, so that one bar is no wall


def chart_spec(chart: Chart, currency: str) -> dict[str, Any]:
    """The Vega-Lite v6 specification of a chart, in the colours and type of the tokens.

    Bars over text categories lie on their side, so that long names stay readable.
    """
    sideways = is_sideways(chart)
    return {
        "$schema": _SCHEMA,
        "description": plain_text(chart.summary),
        "data": {"values": _marks(chart, currency)},
        **_drawing(chart, sideways),
        "width": tokens()["chart"]["width_px"],
        "height": _height(chart, sideways),
        "autosize": {"type": "fit", "contains": "padding"},
        "config": _config(currency),
    }


def is_sideways(chart: Chart) -> bool:
    """Whether the names stand at the left and the bars lie."""
    return chart.kind == "pareto" or (chart.kind == "bar" and chart.x.unit == "text")


def _drawing(chart: Chart, sideways: bool) -> dict[str, Any]:
    """Marks and what decides how they look."""
    if chart.kind == "heat_map":
        return heat_map(chart, _axis_format(chart))
    if chart.kind == "pareto":
        layers = pareto(chart, _category_axis(chart, sideways), _value_axis(chart))
        return layers | {"encoding": _series_channels(chart)}
    encoding = _places(chart, sideways) | _series_channels(chart)
    if chart.partial and chart.kind in ("bar", "stacked_bar"):
        faded = {"test": "datum.partial", "value": 0.55}
        encoding["fillOpacity"] = {"condition": faded, "value": 1}
    return {"mark": _mark(chart, not sideways), "encoding": encoding}


def _is_round(chart: Chart) -> bool:
    return chart.kind in ("pie", "donut")


def _is_grouped(chart: Chart) -> bool:
    """Whether the bars of a category stand side by side."""
    return chart.kind == "bar" and len(chart.series) > 1


def _places(chart: Chart, sideways: bool) -> dict[str, Any]:
    """What decides where a mark stands."""
    if _is_round(chart):
        return {"theta": {"field": "value", "type": "quantitative", "stack": True}}
    x, y = ("y", "x") if sideways else ("x", "y")
    places = {x: _category_axis(chart, sideways), y: _value_axis(chart)}
    if _is_grouped(chart):
        order = [plain_text(one.label) for one in _in_fixed_order(chart.series)]
        places[f"{x}Offset"] = {"field": "series", "type": "nominal", "sort": order}
    elif chart.kind == "area":
        places[y]["stack"] = None
    return places


def _marks(chart: Chart, currency: str) -> list[dict[str, Any]]:
    """One record per row and series; a category name that comes again gets its number."""
    seen: Counter[str] = Counter()
    ranks = {one.name: rank for rank, one in enumerate(_in_fixed_order(chart.series))}
    records = []
    for row, (x, *values) in enumerate(chart.rows):
        partial = x in chart.partial
        label = format_value(x, chart.x.unit, currency) + (PARTIAL if partial else "")
        seen[label] += 1
        name = label if seen[label] == 1 else f"{label} ({seen[label]})"
        for series, value in zip(chart.series, values, strict=True):
            # A binary float may place a mark; nobody reads its digits.
            exact = number_of(value)
            number = None if exact is None else float(exact)
            if _is_round(chart) and number is not None and number < 0:
                number = None  # less than nothing is no part of a whole
            mark = {"x": name, "series": plain_text(series.label), "value": number}
            mark |= {"rank": ranks[series.name], "row": row}
            records.append(mark | {"partial": True} if partial else mark)
    return records


def _mark(chart: Chart, upright: bool) -> dict[str, Any]:
    if chart.kind == "line":
        return {"type": "line", "strokeWidth": 2, "point": {"filled": True, "size": 26}}
    if chart.kind == "area":
        return {"type": "area", "line": {"strokeWidth": 2}, "fillOpacity": 0.25}
    # The edge in the colour of the paper keeps stacked neighbours apart without relying on hue.
    edge = {"stroke": tokens()["color"]["paper"], "strokeWidth": 0.75}
    if _is_round(chart):
        radius = _height(chart, sideways=False) // 2
        return {
            "type": "arc",
            **edge,
            "innerRadius": radius * 3 // 5 if chart.kind == "donut" else 0,
        }
    few = upright and len(chart.rows) < _FEW_BARS and not _is_grouped(chart)
    return {"type": "bar", **edge, **({"width": 48} if few else {})}


def _category_axis(chart: Chart, sideways: bool) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "field": "x",
        "type": "ordinal",
        "sort": None,
        "title": None if sideways else plain_text(chart.x.label),  # names speak for themselves
        "axis": {"labelAngle": 0, "labelOverlap": "greedy", "grid": False, "labelLimit": 220},
    }
    if chart.kind not in ("line", "area"):
        axis["scale"] = {"paddingInner": 0.3, "paddingOuter": 0.15}
    return axis


def _axis_format(chart: Chart) -> str:
    return _AXIS_FORMATS.get(chart.y.unit, ",.4~f")


def _value_axis(chart: Chart) -> dict[str, Any]:
    return {
        "field": "value",
        "type": "quantitative",
        "title": plain_text(chart.y.label) + (" (%)" if chart.y.unit == "percent" else ""),
        "axis": {"format": _axis_format(chart), "tickCount": 5}
        | ({"tickMinStep": 1} if chart.y.unit == "count" else {}),
        "scale": {"zero": True, "nice": True},
    }


def _series_channels(chart: Chart) -> dict[str, Any]:
    """Colour (and dashes for lines) per series, and a legend where there is a choice."""
    series = _in_fixed_order(chart.series)
    domain = [plain_text(one.label) for one in series]
    colors = {"domain": domain, "range": _colors(series)}
    if len(series) == 1 and not _is_round(chart):
        return {"color": {"field": "series", "type": "nominal", "scale": colors, "legend": None}}
    channels: dict[str, Any] = {
        "color": {"field": "series", "type": "nominal", "sort": domain, "scale": colors}
    }
    if chart.kind == "line":
        dashes = {"domain": domain, "range": tokens()["chart"]["dashes"]}
        channels["strokeDash"] = {"field": "series", "type": "nominal", "scale": dashes}
        channels["color"]["legend"] = {"symbolType": "stroke", "symbolSize": 300}
    elif _is_round(chart):
        channels["color"]["legend"] = {"orient": "right"}
        channels["order"] = {"field": "rank", "type": "quantitative"}
    elif chart.kind == "pareto":
        channels["color"]["legend"] = {"symbolType": "square", "symbolSize": 90}
    elif not _is_grouped(chart):
        channels["order"] = {"field": "rank", "type": "quantitative"}
    return channels


def _in_fixed_order(series: tuple[Series, ...]) -> list[Series]:
    """Known meanings in the order of the tokens, then the others as they came."""
    order = list(tokens()["chart"]["meanings"])
    return sorted(series, key=lambda one: [*order, one.name].index(one.name))


def _colors(series: list[Series]) -> list[str]:
    """The fixed colour of each known meaning; the others take what is left, in order."""
    style = tokens()["chart"]
    meanings: dict[str, str] = style["meanings"]
    taken = {meanings[one.name] for one in series if one.name in meanings}
    free = cycle([color for color in style["categories"] if color not in taken] or ["#000000"])
    return [meanings.get(one.name) or next(free) for one in series]


def _height(chart: Chart, sideways: bool) -> int:
    style = tokens()["chart"]
    if chart.kind == "heat_map":
        return int(60 + style["bar_px"] * len(chart.rows))
    if not sideways:
        return int(style["height_px"])
    if chart.kind == "pareto":
        return int(115 + style["bar_px"] * len(chart.rows))
    bars = len(chart.rows) * (len(chart.series) if _is_grouped(chart) else 1)
    return int(60 + style["bar_px"] * bars)


def _config(currency: str) -> dict[str, Any]:
    color = tokens()["color"]
    text = {
        "labelColor": color["ink_soft"],
        "titleColor": color["ink_soft"],
        "labelFontSize": 10,
        "titleFontSize": 10,
        "titleFontWeight": "normal",
    }
    lines = {
        "domainColor": color["line_strong"],
        "tickColor": color["line_strong"],
        "gridColor": color["line"],
    }
    locale = {"decimal": ".", "thousands": ",", "grouping": [3]}
    return {
        "font": tokens()["type"]["family"],
        "background": color["paper"],
        "view": {"stroke": None},
        "axis": text | lines,
        "axisX": {"titleLimit": 400},
        "axisY": {"titleLimit": 120},
        "legend": text | {"title": None, "orient": "top", "symbolStrokeWidth": 2},
        "locale": {"number": locale | {"currency": [currency_prefix(currency), ""]}},
    }
