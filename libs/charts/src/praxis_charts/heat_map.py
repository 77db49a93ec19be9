"""Cells of one colour in several strengths, so that light and dark surroundings both suit it."""

from typing import Any

from praxis_charts.figures import plain_text
from praxis_charts.model import Chart
from praxis_charts.tokens import tokens


def heat_map(chart: Chart, format: str) -> dict[str, Any]:
    """The mark and places of a heat map. Args: format: of the figures in its legend."""
    columns = [plain_text(one.label) for one in chart.series]
    across = {
        "field": "series",
        "type": "ordinal",
        "sort": columns,
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy", "domain": False, "ticks": False},
    }
    down = {
        "field": "x",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "axis": {"domain": False, "ticks": False, "labelLimit": 220},
    }
    strength = {
        "field": "value",
        "type": "quantitative",
        "scale": {"range": [0.06, 1], "zero": True},
        "legend": {"title": plain_text(chart.y.label), "orient": "right", "format": format},
    }
    color = tokens()["color"]
    mark = {"type": "rect", "color": color["accent"], "stroke": color["paper"], "strokeWidth": 1}
    return {
        "transform": [{"filter": "isValid(datum.value)"}],
        "mark": mark,
        "encoding": {"x": across, "y": down, "opacity": strength},
    }
