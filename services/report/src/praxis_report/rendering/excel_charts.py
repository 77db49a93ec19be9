"""Native Excel charts over the cells of a sheet, in the colours every other form uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.chart import (  # type: ignore[import-untyped]
    AreaChart,
    BarChart,
    DoughnutChart,
    LineChart,
    PieChart,
)
from openpyxl.chart.data_source import (  # type: ignore[import-untyped]
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.marker import DataPoint, Marker  # type: ignore[import-untyped]
from openpyxl.chart.series import Series, SeriesLabel  # type: ignore[import-untyped]
from openpyxl.chart.shapes import GraphicalProperties  # type: ignore[import-untyped]
from openpyxl.chart.text import RichText  # type: ignore[import-untyped]
from openpyxl.chart.title import title_maker  # type: ignore[import-untyped]
from openpyxl.drawing.line import LineProperties  # type: ignore[import-untyped]
from openpyxl.drawing.text import (  # type: ignore[import-untyped]
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
)
from openpyxl.utils import get_column_letter, quote_sheetname  # type: ignore[import-untyped]

from praxis_charts.figures import format_value, plain_text
from praxis_charts.spec import chart_spec, is_sideways
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Cell, Chart
from praxis_report.rendering.workbook import cell_number, clean, number_format

_DASHES = ("solid", "dash", "sysDot", "lgDashDot", "sysDash", "lgDash", "dot", "lgDashDotDot")
_AXES = {"percent": "0%", "count": "#,##0"}


def native_chart(chart: Chart, currency: str, sheet: str, head: int) -> Any:
    """The chart as Excel draws it.

    Args: sheet: the one with the figures, laid out as `chart_table` has them; head: the number
    of their head line, where the names of the series stand.
    """
    cells = _Cells(chart, currency, sheet, head)
    if chart.kind in ("pie", "donut"):
        return _pie(chart, cells)
    if chart.kind == "pareto":
        return _pareto(chart, cells, currency)
    sideways = is_sideways(chart)
    made = _bare(chart, sideways)
    made.series = [_series(chart, cells, rank) for rank in range(len(chart.series))]
    made.title = _title(chart.title, 12)
    _style_axes(made, chart, currency, sideways)
    if len(chart.series) == 1:
        made.legend = None
    else:
        made.legend.position, made.legend.overlay = "t", False
        made.legend.txPr = _text(9)
    return made


class _Cells:
    """Where the figures of a chart stand, and a copy of them for readers that do not calculate."""

    def __init__(self, chart: Chart, currency: str, sheet: str, head: int) -> None:
        self._chart, self._currency = chart, currency
        self._sheet, self._head = quote_sheetname(sheet), head
        scale = chart_spec(chart, currency)["encoding"]["color"]["scale"]
        labels = [plain_text(series.label) for series in chart.series]
        # Known meanings come in the order, and in the colours, that they have everywhere.
        self.order = [labels.index(label) for label in scale["domain"]]
        self.colors = [color[1:] for color in scale["range"]]

    def names(self) -> AxDataSource:
        """What stands along the axis: dates as such, everything else as text."""
        values, unit = [row[0] for row in self._chart.rows], self._chart.x.unit
        place = self._place(1, 1)
        if all(isinstance(value, date) for value in values):
            code = number_format(values[0], unit, self._currency)
            return AxDataSource(numRef=NumRef(place, self._numbers(values, unit, code)))
        return AxDataSource(strRef=StrRef(place, _texts(values)))

    def values(self, index: int) -> NumDataSource:
        """The figures of one series."""
        unit = self._chart.unit_of(index)
        values = [row[1 + index] for row in self._chart.rows]
        code = number_format(Decimal(0), unit, self._currency)
        place = self._place(2 + index, 2 + index)
        return NumDataSource(numRef=NumRef(place, self._numbers(values, unit, code)))

    def label(self, index: int) -> SeriesLabel:
        """The name of one series."""
        place = f"{self._sheet}!${get_column_letter(2 + index)}${self._head}"
        return SeriesLabel(StrRef(place, _texts([self._chart.series[index].label])))

    def slices(self) -> tuple[AxDataSource, NumDataSource]:
        """The names and figures of a pie: one line, from left to right."""
        last, unit = get_column_letter(1 + len(self._chart.series)), self._chart.y.unit
        rows = (self._head, self._head + 1)
        names, figures = (f"{self._sheet}!$B${row}:${last}${row}" for row in rows)
        labels = [series.label for series in self._chart.series]
        code = number_format(Decimal(0), unit, self._currency)
        numbers = self._numbers(self._chart.rows[0][1:], unit, code)
        return (
            AxDataSource(strRef=StrRef(names, _texts(labels))),
            NumDataSource(numRef=NumRef(figures, numbers)),
        )

    def _place(self, first: int, last: int) -> str:
        start, end = self._head + 1, self._head + len(self._chart.rows)
        letters = get_column_letter(first), get_column_letter(last)
        return f"{self._sheet}!${letters[0]}${start}:${letters[1]}${end}"

    def _numbers(self, values: Sequence[Cell], unit: Any, code: str) -> NumData:
        known = [(i, cell_number(value, unit)) for i, value in enumerate(values)]
        points = [NumVal(i, None, number) for i, number in known if number is not None]
        return NumData(code, len(values), points)


def _texts(values: Sequence[Cell]) -> StrData:
    points = [StrVal(i, clean(format_value(value, "text", ""))) for i, value in enumerate(values)]
    return StrData(len(points), points)


def _pareto(chart: Chart, cells: _Cells, currency: str) -> Any:
    """Standing bars, and their running share as a line on an axis of its own."""
    made, line = _bare(chart, sideways=False), LineChart()
    made.series = [_series(chart, cells, 0)]
    line.series = [_series(replace(chart, kind="line"), cells, 1)]
    made.title = _title(chart.title, 12)
    _style_axes(made, chart, currency, sideways=False)
    share = line.y_axis
    share.axId, share.crosses, share.delete = 200, "max", False
    share.scaling.min, share.scaling.max, share.numFmt = 0, 1, _AXES["percent"]
    share.majorGridlines, share.txPr = None, _text(9)
    share.title = _title(chart.series[1].label, 9)
    made.legend.position, made.legend.overlay, made.legend.txPr = "t", False, _text(9)
    made += line
    return made


def _is_lines(chart: Chart) -> bool:
    """Areas that would hide each other are lines too: Excel draws them opaque here."""
    return chart.kind == "line" or (chart.kind == "area" and len(chart.series) > 1)


def _bare(chart: Chart, sideways: bool) -> Any:
    if _is_lines(chart):
        return LineChart()
    if chart.kind == "area":
        return AreaChart()
    stacked = chart.kind == "stacked_bar"
    return BarChart(
        barDir="bar" if sideways else "col",
        grouping="stacked" if stacked else "clustered",
        overlap=100 if stacked else 0,
        gapWidth=45,
    )


def _series(chart: Chart, cells: _Cells, rank: int) -> Any:
    index, color = cells.order[rank], cells.colors[rank]
    made = Series(rank, rank, tx=cells.label(index), cat=cells.names(), val=cells.values(index))
    if not _is_lines(chart):
        made.spPr = _fill(color)
        made.invertIfNegative = False  # a negative bar keeps its colour
        return made
    dash = _DASHES[rank % len(_DASHES)]
    made.spPr = GraphicalProperties(ln=LineProperties(w=25400, solidFill=color, prstDash=dash))
    made.marker = Marker(symbol="circle", size=5, spPr=_fill(color))
    made.smooth = False
    return made


def _pie(chart: Chart, cells: _Cells) -> Any:
    made = PieChart() if chart.kind == "pie" else DoughnutChart(holeSize=60)
    names, figures = cells.slices()
    series = Series(0, 0, cat=names, val=figures)
    colors = dict(zip(cells.order, cells.colors, strict=True))
    series.dPt = [DataPoint(i, spPr=_fill(colors[i])) for i in range(len(chart.series))]
    made.series = [series]
    made.title = _title(chart.title, 12)
    made.legend.position, made.legend.overlay = "r", False
    made.legend.txPr = _text(9)
    return made


def _fill(color: str) -> Any:
    # An edge in the colour of the paper keeps neighbours apart without relying on hue.
    edge = LineProperties(w=9525, solidFill=tokens()["color"]["paper"][1:])
    return GraphicalProperties(solidFill=color, ln=edge)


def _style_axes(made: Any, chart: Chart, currency: str, sideways: bool) -> None:
    color = {name: value[1:] for name, value in tokens()["color"].items()}
    x, y = made.x_axis, made.y_axis
    for axis in (x, y):
        axis.delete = False
        axis.txPr = _text(9)
        axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=color["line_strong"]))
    y.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=color["line"]))
    whole = number_format(0, chart.y.unit, currency).replace("0.00", "0")
    y.numFmt, y.title = _AXES.get(chart.y.unit, whole), _title(chart.y.label, 9)
    if isinstance(chart.rows[0][0], date):
        x.numFmt, x.auto = number_format(chart.rows[0][0], chart.x.unit, ""), False
    if sideways:
        x.scaling.orientation, y.crosses = "maxMin", "max"  # the first name on top
    else:
        x.title = _title(chart.x.label, 9)
        x.tickLblPos = "low"  # below bars that hang down


def _title(text: str, points: int) -> Any:
    made = title_maker(clean(text))
    made.overlay = False
    made.tx.rich.p[0].pPr = ParagraphProperties(defRPr=_letters(points, bold=points > 10))
    return made


def _text(points: int) -> Any:
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_letters(points)))])


def _letters(points: int, *, bold: bool = False) -> Any:
    family = tokens()["type"]["fallback"].split(",")[0]
    ink = tokens()["color"]["ink" if bold else "ink_soft"][1:]
    return CharacterProperties(sz=points * 100, b=bold, solidFill=ink, latin=Font(typeface=family))
