"""Chart specifications: what is drawn where, and that the engine accepts every kind."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
import vl_convert

from praxis_charts.model import Axis, Chart, ChartKind, Series
from praxis_charts.spec import chart_spec

CHART = Chart(
    "Charges and payments",
    "Charges and payments by month.",
    "bar",
    Axis("Month", "month"),
    Axis("USD", "money"),
    (Series("total_charges", "Charges"), Series("total_payments", "Payments")),
    (
        (date(2026, 1, 1), Decimal("100.10"), Decimal("60.05")),
        (date(2026, 2, 1), Decimal("90.00"), Decimal("-5.00")),
    ),
)
SHARES = Chart(
    "Payments by payer class",
    "Most is paid by Medicare.",
    "donut",
    Axis("Payer class", "text"),
    Axis("USD", "money"),
    (Series("medicare", "Medicare"), Series("other", "Other"), Series("self_pay", "Self-pay")),
    (("Payments", Decimal(70), Decimal(30), Decimal(-1)),),
)


@pytest.mark.parametrize("kind", get_args(ChartKind))
def test_the_engine_draws_every_kind(kind: Any) -> None:
    chart = replace(SHARES if kind in ("pie", "donut") else CHART, kind=kind)
    spec = json.loads(json.dumps(chart_spec(chart, "USD")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])
    assert chart.series[0].label in svg


def test_bars_of_one_month_stand_side_by_side() -> None:
    encoding = chart_spec(CHART, "USD")["encoding"]
    assert encoding["xOffset"]["sort"] == ["Charges", "Payments"]
    assert "xOffset" not in chart_spec(replace(CHART, kind="stacked_bar"), "USD")["encoding"]


def test_a_donut_has_a_slice_per_series_and_none_for_less_than_nothing() -> None:
    spec = chart_spec(SHARES, "USD")
    assert [mark["value"] for mark in spec["data"]["values"]] == [70, 30, None]
    assert spec["mark"]["type"] == "arc"
    assert spec["mark"]["innerRadius"] > 0
    assert "x" not in spec["encoding"]


def test_a_pie_of_two_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="one row"):
        replace(CHART, kind="pie")
