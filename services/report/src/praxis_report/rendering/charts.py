"""Charts as SVG, without a browser."""

from praxis_charts.model import Chart
from praxis_charts.spec import chart_spec

VEGA_LITE = "6.4"


def chart_svg(chart: Chart, currency: str) -> str:
    """The chart as SVG text; nothing is fetched from anywhere."""
    # Not at the top: the engine costs memory that only a render process needs.
    import vl_convert

    spec = chart_spec(chart, currency)
    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))
