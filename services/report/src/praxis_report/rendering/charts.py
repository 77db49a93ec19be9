"""Charts: a Chart section as a Vega-Lite specification, and that as SVG without a browser.

The specification is plain data with its values inside, so a browser can draw the same one.
"""

from collections import Counter
from decimal import Decimal
from itertools import cycle
from typing import Any

from praxis_report.domain.document import Chart, Series
from praxis_report.rendering.figures import currency_prefix, format_value, plain_text
from praxis_report.rendering.tokens import tokens

VEGA_LITE = "6.4"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_AXIS_FORMATS = {"money": "$,.3~s", "count": ",.0~f"}
_FEW_BARS = 8  # fewer than this get a fixed width, so that one bar is no wall


def chart_svg(chart: Chart, currency: str) -> str:
    """The chart as SVG text; nothing is fetched from anywhere."""
    # Not at the top: the engine costs memory that only a render process needs.
    import vl_convert

    spec = chart_spec(chart, currency)
    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))


def chart_spec(chart: Chart, currency: str) -> dict[str, Any]:
    """The Vega-Lite v6 specification of a chart, in the colours and type of the tokens.

    Bars over text categories lie on their side, so that long names stay readable.
    """
    sideways = chart.kind == "bar" and chart.x.unit == "text"
    x, y = _category_axis(chart, sideways), _value_axis(chart)
    return {
        "$schema": _SCHEMA,
        "description": plain_text(chart.summary),
        "data": {"values": _marks(chart, currency)},
        "mark": _mark(chart, not sideways),
        "encoding": ({"x": y, "y": x} if sideways else {"x": x, "y": y}) | _series_channels(chart),
        "width": tokens()["chart"]["width_px"],
        "height": _height(chart, sideways),
        "autosize": {"type": "fit", "contains": "padding"},
        "config": _config(currency),
    }


def _marks(chart: Chart, currency: str) -> list[dict[str, Any]]:
    """One record per row and series; a category name that comes again gets its number."""
    seen: Counter[str] = Counter()
    ranks = {one.name: rank for rank, one in enumerate(_in_fixed_order(chart.series))}
    records = []
    for x, *values in chart.rows:
        label = format_value(x, chart.x.unit, currency)
        seen[label] += 1
        name = label if seen[label] == 1 else f"{label} ({seen[label]})"
        for series, value in zip(chart.series, values, strict=True):
            # A binary float may place a mark; nobody reads its digits.
            number = float(value) if isinstance(value, Decimal | int) else None
            mark = {"x": name, "series": plain_text(series.label), "value": number}
            records.append(mark | {"rank": ranks[series.name]})
    return records


def _mark(chart: Chart, upright: bool) -> dict[str, Any]:
    if chart.kind == "line":
        return {"type": "line", "strokeWidth": 2, "point": {"filled": True, "size": 26}}
    # The edge in the colour of the paper keeps stacked neighbours apart without relying on hue.
    mark = {"type": "bar", "stroke": tokens()["color"]["paper"], "strokeWidth": 0.75}
    return mark | ({"width": 48} if upright and len(chart.rows) < _FEW_BARS else {})


def _category_axis(chart: Chart, sideways: bool) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "field": "x",
        "type": "ordinal",
        "sort": None,
        "title": None if sideways else plain_text(chart.x.label),  # names speak for themselves
        "axis": {"labelAngle": 0, "labelOverlap": "greedy", "grid": False, "labelLimit": 220},
    }
    if chart.kind != "line":
        axis["scale"] = {"paddingInner": 0.3, "paddingOuter": 0.15}
    return axis


def _value_axis(chart: Chart) -> dict[str, Any]:
    number_format = _AXIS_FORMATS.get(chart.y.unit, ",.4~f")
    return {
        "field": "value",
        "type": "quantitative",
        "title": plain_text(chart.y.label) + (" (%)" if chart.y.unit == "percent" else ""),
        "axis": {"format": number_format, "tickCount": 5},
        "scale": {"zero": True, "nice": True},
    }


def _series_channels(chart: Chart) -> dict[str, Any]:
    """Colour (and dashes for lines) per series, and a legend where there is a choice."""
    series = _in_fixed_order(chart.series)
    domain = [plain_text(one.label) for one in series]
    colors = {"domain": domain, "range": _colors(series)}
    if len(series) == 1:
        return {"color": {"field": "series", "type": "nominal", "scale": colors, "legend": None}}
    channels: dict[str, Any] = {
        "color": {"field": "series", "type": "nominal", "sort": domain, "scale": colors}
    }
    if chart.kind == "line":
        dashes = {"domain": domain, "range": tokens()["chart"]["dashes"]}
        channels["strokeDash"] = {"field": "series", "type": "nominal", "scale": dashes}
        channels["color"]["legend"] = {"symbolType": "stroke", "symbolSize": 300}
    else:
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
    return int(60 + style["bar_px"] * len(chart.rows) if sideways else style["height_px"])


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
