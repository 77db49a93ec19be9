"""Bars from the largest down, and a line of their running share: names stay readable sideways."""

from typing import Any

from praxis_charts.figures import plain_text
from praxis_charts.model import Chart


def pareto(chart: Chart, names: dict[str, Any], amounts: dict[str, Any]) -> dict[str, Any]:
    """The layers of a pareto. Args: names, amounts: the axes that other bars have too."""
    bars, line = (plain_text(one.label) for one in chart.series)
    share = {
        "field": "value",
        "type": "quantitative",
        "title": f"{line} (%)",
        "axis": {"orient": "top", "grid": False, "tickCount": 5},
        "scale": {"domain": [0, 100]},
    }
    return {
        "layer": [
            {
                "transform": [{"filter": {"field": "series", "equal": bars}}],
                "mark": {"type": "bar"},
                "encoding": {"y": names, "x": amounts},
            },
            {
                "transform": [{"filter": {"field": "series", "equal": line}}],
                "mark": {"type": "line", "strokeWidth": 2, "point": {"filled": True, "size": 26}},
                "encoding": {"y": names, "x": share, "order": {"field": "row"}},
            },
        ],
        "resolve": {"scale": {"x": "independent"}},
    }
