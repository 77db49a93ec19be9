"""Native charts in Excel: what they point to, how they look, read back from the file."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from praxis_charts.tokens import tokens
from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Chart,
    ChartKind,
    Column,
    Document,
    Series,
    Table,
)
from praxis_report.rendering import render

MONTHS = (date(2025, 5, 1), date(2025, 6, 1))
CHART = Chart(
    "Revenue by payer class",
    "Commercial payers bring most.",
    "stacked_bar",
    Axis("Month", "month"),
    Axis("Revenue", "money"),
    (Series("medicare", "Medicare"), Series("commercial", "Commercial")),
    ((MONTHS[0], Decimal("20.50"), Decimal(70)), (MONTHS[1], Absent("suppressed"), Decimal(80))),
)


def opened(chart: Chart) -> Any:
    """The workbook of a document with one chart."""
    table = Table("main", "Rows", (Column("a", "A", "count"),), ((7,),), main=True)
    document = Document(
        title="Revenue",
        subtitle="",
        practice_name="Cedar Valley",
        period="May to June 2025",
        currency="USD",
        time_zone="UTC",
        as_of=AsOf(42, datetime(2025, 7, 1, tzinfo=UTC), None),
        synthetic=False,
        phi_level="aggregate",
        parameters=(),
        sections=(chart, table),
    )
    out = io.BytesIO()
    render(document, "excel", out)
    return openpyxl.load_workbook(out)


def places(formula: str, workbook: Any) -> list[Any]:
    """The values of the cells that a chart points to."""
    sheet, _, area = formula.rpartition("!")
    cells = workbook[sheet.strip("'")][area.replace("$", "")]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    return [cell.value for row in rows for cell in row]


def cached(points: Any) -> list[float]:
    return [point.v for point in points.numCache.pt]


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("line", "lineChart"),
        ("area", "lineChart"),
        ("bar", "barChart"),
        ("stacked_bar", "barChart"),
    ],
)
def test_charts_are_native_and_rest_on_cells(kind: ChartKind, element: str) -> None:
    workbook = opened(replace(CHART, kind=kind))
    [chart] = workbook["Summary"]._charts
    assert chart.tagname == element
    assert [places(one.tx.strRef.f, workbook) for one in chart.series] == [
        ["Commercial"],  # in the order that payer classes have everywhere
        ["Medicare"],
    ]
    assert [places(one.val.numRef.f, workbook) for one in chart.series] == [[70, 80], [20.5, None]]
    assert [cached(one.val.numRef) for one in chart.series] == [[70, 80], [20.5]]
    assert cached(chart.series[0].cat.numRef) == [45778, 45809]
    assert places(chart.series[0].cat.numRef.f, workbook)[0].date() == MONTHS[0]
    meanings = tokens()["chart"]["meanings"]
    for one, name in zip(chart.series, ("commercial", "medicare"), strict=True):
        line = one.spPr.ln.solidFill if element == "lineChart" else one.spPr.solidFill
        assert f"#{line.srgbClr}" == meanings[name]
    assert not chart.x_axis.delete
    assert not chart.y_axis.delete


@pytest.mark.parametrize("kind", ["pie", "donut"])
def test_a_pie_has_one_slice_per_series(kind: ChartKind) -> None:
    pie = replace(CHART, kind=kind, rows=CHART.rows[:1])
    workbook = opened(pie)
    [chart] = workbook["Summary"]._charts
    [series] = chart.series
    assert places(series.val.numRef.f, workbook) == [20.5, 70]
    assert places(series.cat.strRef.f, workbook) == ["Medicare", "Commercial"]
    meanings = tokens()["chart"]["meanings"]
    colors = [f"#{point.spPr.solidFill.srgbClr}" for point in series.dPt]
    assert colors == [meanings["medicare"], meanings["commercial"]]


def test_bars_over_names_lie_on_their_side_and_one_series_needs_no_legend() -> None:
    chart = replace(
        CHART,
        kind="bar",
        x=Axis("Payer", "text"),
        y=Axis("Share", "percent"),
        series=CHART.series[:1],
        rows=(("=Acme", Decimal("12.5")), ("=Acme", Decimal(50)), ("Zeta", None)),
    )
    workbook = opened(chart)
    [native] = workbook["Summary"]._charts
    [series] = native.series
    assert native.barDir == "bar"
    assert native.legend is None
    assert places(series.cat.strRef.f, workbook) == ["=Acme", "=Acme", "Zeta"]
    assert places(series.val.numRef.f, workbook) == [0.125, 0.5, None]


def test_a_chart_without_rows_says_so() -> None:
    workbook = opened(replace(CHART, rows=()))
    assert workbook["Summary"]._charts == []
    assert "There is nothing to draw for this period." in [
        cell.value for cell in workbook["Summary"]["A"]
    ]
