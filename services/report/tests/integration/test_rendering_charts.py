"""Charts: the specification that the PDF and the web page both draw."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from praxis_charts.spec import chart_spec
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Absent, Axis, Chart, Series
from praxis_report.rendering.charts import chart_svg

MONTHS = (date(2025, 1, 1), date(2025, 2, 1))
CLASSES = (
    Series("medicare", "Medicare"),
    Series("commercial", "Commercial"),
    Series("self_pay", "Self-pay"),
)
CHART = Chart(
    "Revenue by month and payer class",
    "Commercial payers bring the largest part.",
    "stacked_bar",
    Axis("Month", "month"),
    Axis("Revenue", "money"),
    CLASSES,
    tuple((month, Decimal(20000), Decimal(50000), Decimal(9000)) for month in MONTHS),
)


def test_chart_specification_is_plain_data_in_fixed_order() -> None:
    spec = json.loads(json.dumps(chart_spec(CHART, "USD")))
    colors = tokens()["chart"]["meanings"]
    scale = spec["encoding"]["color"]["scale"]
    assert scale["domain"] == ["Commercial", "Medicare", "Self-pay"]
    assert scale["range"] == [colors["commercial"], colors["medicare"], colors["self_pay"]]
    assert len(spec["data"]["values"]) == 6
    assert "url" not in json.dumps(spec["data"])


def test_chart_marks_are_missing_where_figures_are() -> None:
    rows = ((MONTHS[0], Absent("suppressed"), Decimal("1.5"), None),)
    values = chart_spec(replace(CHART, rows=rows), "USD")["data"]["values"]
    assert [mark["value"] for mark in values] == [None, 1.5, None]


def test_unknown_series_take_the_colors_that_are_left() -> None:
    series = (Series("acme", "Acme"), Series("medicare", "Medicare"), Series("zeta", "Zeta"))
    spec = chart_spec(replace(CHART, series=series), "USD")
    scale = spec["encoding"]["color"]["scale"]
    assert scale["domain"] == ["Medicare", "Acme", "Zeta"]
    assert len(set(scale["range"])) == 3


def test_equal_category_names_stay_apart() -> None:
    rows = (("Medicare", Decimal(1)), ("Medicare", Decimal(2)))
    chart = replace(CHART, kind="bar", x=Axis("Payer", "text"), series=CLASSES[:1], rows=rows)
    spec = chart_spec(chart, "USD")
    assert [mark["x"] for mark in spec["data"]["values"]] == ["Medicare", "Medicare (2)"]
    assert spec["encoding"]["y"]["field"] == "x"  # names stand at the side


def test_every_kind_draws_without_a_complaint() -> None:
    for kind, y in (("line", "percent"), ("bar", "money"), ("stacked_bar", "count")):
        svg = chart_svg(replace(CHART, kind=kind, y=Axis("Amount", y)), "EUR")  # type: ignore[arg-type]
        assert svg.startswith("<svg")
        assert "Jan 2025" in svg
    assert "€" in chart_svg(CHART, "EUR")


def test_labels_cannot_break_the_picture() -> None:
    evil = '</text><script>"\x00\x08&{{'
    chart = replace(CHART, title=evil, summary=evil, x=Axis(evil, "text"), rows=((evil, 1, 2, 3),))
    svg = chart_svg(chart, "USD")
    assert "<script" not in svg
    assert "\x00" not in svg
    assert "\x08" not in svg
