"""From an answer to a chart: what stands on the axes, and which marks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from praxis.analytics.v1 import answer_pb2
from praxis.dashboard.v1 import widget_pb2
from praxis_charts.figures import PARTIAL
from praxis_charts.model import Absent, Axis, Cell, Chart, ChartKind, Series, Unit
from praxis_charts.spec import chart_spec
from praxis_charts.tokens import tokens
from praxis_chassis.errors import InvalidInput
from praxis_dashboard.application.grid import drawn_as

_NOBODY = "none"
Rows = tuple[tuple[Cell, ...], ...]


def spec_of(widget: widget_pb2.Widget, answer: answer_pb2.Answer) -> dict[str, Any]:
    """The Vega-Lite specification of a chart widget. Raises: InvalidInput for mixed units."""
    check_units(answer)
    return chart_spec(_chart(widget, answer), answer.currency)


def check_units(answer: answer_pb2.Answer) -> None:
    """Raises: InvalidInput when the figures do not fit on one axis."""
    units = sorted({metric.unit for metric in answer.metrics})
    if len(units) > 1:
        raise InvalidInput.of("metrics", f"a chart has one unit, these have {', '.join(units)}")


def _chart(widget: widget_pb2.Widget, answer: answer_pb2.Answer) -> Chart:
    question, kind = widget.config.question, drawn_as(widget)
    if kind in ("pie", "donut"):
        series, rows = _shares(answer)
    elif question.grain and question.dimension:
        series, rows = _split_over_time(answer)
    else:
        series = tuple(Series(metric.id, metric.label) for metric in answer.metrics)
        rows = tuple((_place(row), *_cells(row)) for row in answer.rows)
    names = " and ".join(metric.label for metric in answer.metrics)
    partial = tuple(dict.fromkeys(_place(row) for row in answer.rows if row.partial))
    return Chart(
        title=widget.title,
        summary=f"{widget.title}: {names}, {answer.start_date} to {answer.end_date}.",
        kind=cast(ChartKind, kind),
        x=_axis(question, in_part=bool(partial)),
        y=_value_axis(answer),
        series=series,
        rows=rows,
        partial=partial,
    )


def _axis(question: widget_pb2.WidgetQuestion, *, in_part: bool) -> Axis:
    if not question.grain:
        return Axis(question.dimension.replace("_", " ").capitalize(), "text")
    grain = answer_pb2.Grain.Name(question.grain).removeprefix("GRAIN_").lower()
    label = grain.capitalize() + (f" ({PARTIAL} not a whole one)" if in_part else "")
    return Axis(label, "month" if grain == "month" else "date")


def _value_axis(answer: answer_pb2.Answer) -> Axis:
    unit = cast(Unit, answer.metrics[0].unit)
    label = answer.currency if unit == "money" else answer.metrics[0].label
    return Axis(label, unit if unit in ("money", "percent", "count") else "number")


def _place(row: answer_pb2.AnswerRow) -> Cell:
    return date.fromisoformat(row.bucket) if row.HasField("bucket") else _label(row)


def _label(row: answer_pb2.AnswerRow) -> str:
    known: dict[str, str] = tokens()["chart"]["labels"]
    return known.get(row.key) or row.label or row.key or "None"


def _cells(row: answer_pb2.AnswerRow) -> tuple[Cell, ...]:
    return tuple(
        Decimal(figure.value) if figure.HasField("value") else Absent(figure.reason)
        for figure in row.figures
    )


def _keys(answer: answer_pb2.Answer) -> tuple[Series, ...]:
    """One series per value of the dimension; equal labels are numbered."""
    found: dict[str, str] = {}
    for row in answer.rows:
        label, times = _label(row), 1
        while row.key not in found and label in found.values():
            times += 1
            label = f"{_label(row)} ({times})"
        found.setdefault(row.key, label)
    return tuple(Series(key or _NOBODY, label) for key, label in found.items())


def _shares(answer: answer_pb2.Answer) -> tuple[tuple[Series, ...], Rows]:
    if not answer.rows or not answer.rows[0].HasField("key"):
        return (), ()
    cells = [_cells(row)[0] for row in answer.rows]
    return _keys(answer), ((answer.metrics[0].label, *cells),)


def _split_over_time(answer: answer_pb2.Answer) -> tuple[tuple[Series, ...], Rows]:
    series = _keys(answer)
    table: dict[str, dict[str, Cell]] = {}
    for row in answer.rows:
        table.setdefault(row.bucket, {})[row.key or _NOBODY] = _cells(row)[0]
    rows = [
        (date.fromisoformat(bucket), *(cells.get(one.name) for one in series))
        for bucket, cells in table.items()
    ]
    return series, tuple(rows)
