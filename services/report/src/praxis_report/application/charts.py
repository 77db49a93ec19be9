"""The pictures of a report: one answer drawn in the way its declaration asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import cast

from praxis.analytics.v1 import answer_pb2
from praxis_charts.figures import format_value
from praxis_report.application.plans import Catalogue
from praxis_report.application.tables import ORDERED, key_of, key_unit, rows_of
from praxis_report.domain.document import Absent, Axis, Cell, Chart, Series, Unit
from praxis_report.domain.report_types import GRAINS, Split
from praxis_report.domain.words import lowered

_BARS_MOST = 13  # more points of time than this are a line
_NAMES_MOST = 12  # more names than this make no picture
_SLICES_MOST = 8
_PLACES_LEAST = 2  # one bar or slice says nothing that its figure does not
_LABEL_MOST = 18  # longer names of an axis would be cut


def chart_of(split: Split, answer: answer_pb2.Answer, catalogue: Catalogue) -> Iterator[Chart]:
    """The picture of a split, if there is anything to draw; of many groups it shows the largest
    and says of how many, and shares are of all of them."""
    shown = [(i, m) for i, m in enumerate(answer.metrics) if m.id in split.drawn]
    rows = rows_of(answer, (split.by, split.across) if split.across else (split.by,))
    if len(rows) < _PLACES_LEAST or not any(
        Decimal(row.figures[i].value or 0) for row in rows for i, _ in shown
    ):
        return
    if split.chart == "heat_map":
        yield _heat_map(split, answer, catalogue, rows, shown[0])
    elif split.chart in ("donut", "pie"):
        yield from _donut(split, answer, catalogue, rows, shown[0])
    elif split.chart == "pareto":
        yield _pareto(split, answer, catalogue, rows, shown[0])
    else:
        yield _bars(split, answer, catalogue, rows, shown)


Shown = tuple[int, answer_pb2.MetricUse]


def _value(figure: answer_pb2.Figure, unit: str) -> Decimal | int | Absent:
    if not figure.HasField("value"):
        return Absent(figure.reason)
    value = Decimal(figure.value)
    return int(value) if unit == "count" else value


def _title(split: Split, catalogue: Catalogue, metrics: Sequence[answer_pb2.MetricUse]) -> str:
    if split.title:
        return split.title
    names = [metric.label for metric in metrics]
    *others, last = [names[0], *(lowered(name) for name in names[1:])]
    joined = f"{', '.join(others)} and {last}" if others else last
    return f"{joined} by {lowered(catalogue.label(split.by))}"


def _axis(metric: answer_pb2.MetricUse, currency: str, several: bool) -> Axis:
    label = currency if metric.unit == "money" else _UNITS.get(metric.unit, metric.label)
    named = metric.unit == "money" or several or len(metric.label) > _LABEL_MOST
    return Axis(label if named else metric.label, cast(Unit, metric.unit))


_UNITS = {
    "percent": "Rate",
    "count": "Number",
    "days": "Days",
    "hours": "Hours",
    "minutes": "Minutes",
}


def _x(split: Split, catalogue: Catalogue, row: answer_pb2.AnswerRow) -> date | str:
    key = row.bucket if split.by in GRAINS else row.key
    return key_of(catalogue, split.by, key, row.label)


def _bars(
    split: Split,
    answer: answer_pb2.Answer,
    catalogue: Catalogue,
    rows: Sequence[answer_pb2.AnswerRow],
    shown: Sequence[Shown],
) -> Chart:
    by_time = split.by in GRAINS
    few = rows if by_time or split.by in ORDERED else rows[: split.limit or None][:_NAMES_MOST]
    places = _distinct([_x(split, catalogue, row) for row in few])
    points = [
        (place, *(_value(row.figures[i], m.unit) for i, m in shown))
        for place, row in zip(places, few, strict=True)
    ]
    metrics = [metric for _, metric in shown]
    title = _title(split, catalogue, metrics)
    line = by_time and (split.chart == "line" or len(points) > _BARS_MOST)
    chart = Chart(
        title=_counted(title, len(few), len(rows)),
        summary=f"{title}.",
        kind="line" if line else "bar",
        x=Axis(catalogue.label(split.by), key_unit(split.by)),
        y=_axis(metrics[0], answer.currency, len(metrics) > 1),
        series=tuple(Series(metric.id, metric.label) for metric in metrics),
        rows=tuple(points),
        partial=tuple(
            place for place, row in zip(places, few, strict=True) if by_time and row.partial
        ),
        receipt=answer.receipt,
    )
    return replace(chart, summary=_peaks(chart, answer.currency) or chart.summary)


def _counted(title: str, shown: int, there: int) -> str:
    return title if shown == there else f"{title}, the {shown} largest of {there:,}"


def _distinct(places: Sequence[date | str]) -> list[date | str]:
    """Names that would meet in one place of an axis are told apart."""
    seen: dict[date | str, int] = {}
    found: list[date | str] = []
    for place in places:
        seen[place] = seen.get(place, 0) + 1
        found.append(place if seen[place] == 1 else f"{place} ({seen[place]})")
    return found


def _peaks(chart: Chart, currency: str) -> str:
    """The highest point of each series in words; empty without any."""
    found = []
    for index, series in enumerate(chart.series, 1):
        known = [row for row in chart.rows if isinstance(row[index], Decimal | int)]
        if known:
            top = max(known, key=lambda row: cast(Decimal, row[index]))
            amount = format_value(top[index], chart.y.unit, currency)
            where = format_value(top[0], chart.x.unit, currency)
            found.append(f"{lowered(series.label)} {amount} ({where})")
    return f"Highest: {', '.join(found)}." if found else ""


def _donut(
    split: Split,
    answer: answer_pb2.Answer,
    catalogue: Catalogue,
    rows: Sequence[answer_pb2.AnswerRow],
    shown: Shown,
) -> Iterator[Chart]:
    index, metric = shown
    known = [row for row in rows if Decimal(row.figures[index].value or 0) > 0]
    if len(known) < _PLACES_LEAST:
        return
    slices = [
        (row.key or "none", str(_x(split, catalogue, row)), _value(row.figures[index], metric.unit))
        for row in known[:_SLICES_MOST]
    ]
    rest = known[_SLICES_MOST:]
    if rest:
        amount = sum((Decimal(row.figures[index].value) for row in rest), Decimal(0))
        slices.append(("rest", f"{len(rest)} others", amount))
    labels = _distinct([label for _, label, _ in slices])
    whole = sum((Decimal(cast(Decimal, value)) for *_, value in slices), Decimal(0))
    share = (100 * Decimal(cast(Decimal, slices[0][2])) / whole).quantize(Decimal("0.1"))
    title = _title(split, catalogue, [metric])
    yield Chart(
        title=title,
        summary=f"The largest is {labels[0]} with {share} %.",
        kind="donut",
        x=Axis(catalogue.label(split.by), "text"),
        y=_axis(metric, answer.currency, several=False),
        series=tuple(
            Series(name, str(label)) for (name, *_), label in zip(slices, labels, strict=True)
        ),
        rows=((metric.label, *(value for *_, value in slices)),),
        receipt=answer.receipt,
    )


def _pareto(
    split: Split,
    answer: answer_pb2.Answer,
    catalogue: Catalogue,
    rows: Sequence[answer_pb2.AnswerRow],
    shown: Shown,
) -> Chart:
    index, metric = shown
    every = [row for row in rows if Decimal(row.figures[index].value or 0) > 0]
    whole = sum((Decimal(row.figures[index].value) for row in every), Decimal(0)) or Decimal(1)
    named = [row for row in every if row.key]
    known = named[: split.limit or None][:_NAMES_MOST]
    points: list[tuple[Cell, ...]] = []
    running = Decimal(0)
    for place, row in zip(
        _distinct([_x(split, catalogue, row) for row in known]), known, strict=True
    ):
        running += Decimal(row.figures[index].value)
        share = (100 * running / whole).quantize(Decimal("0.01"))
        points.append((place, _value(row.figures[index], metric.unit), share))
    first = points[0] if points else ("none", 0, 0)
    return Chart(
        title=_counted(_title(split, catalogue, [metric]), len(known), len(named)),
        summary=f"The most frequent is {first[0]}, with {first[2]} % of all.",
        kind="pareto",
        x=Axis(catalogue.label(split.by), "text"),
        y=_axis(metric, answer.currency, several=False),
        series=(Series(metric.id, metric.label), Series("running_share", "Running share")),
        rows=tuple(points),
        receipt=answer.receipt,
    )


def _heat_map(
    split: Split,
    answer: answer_pb2.Answer,
    catalogue: Catalogue,
    rows: Sequence[answer_pb2.AnswerRow],
    shown: Shown,
) -> Chart:
    index, metric = shown
    cells: dict[tuple[str, str], Decimal | int | Absent] = {}
    lines: dict[str, str] = {}
    columns: dict[str, str] = {}
    for row in rows:
        line, column = row.keys
        lines.setdefault(line, catalogue.value(split.by, line, row.labels[0]))
        columns.setdefault(column, catalogue.value(split.across, column, row.labels[1]))
        cells[(line, column)] = _value(row.figures[index], metric.unit)
    across = sorted(columns, key=lambda key: (len(key), key))
    values = {
        (line, column): value
        for (line, column), value in cells.items()
        if isinstance(value, Decimal | int)
    }
    top = max(values, key=lambda cell: values[cell])
    peak = format_value(values[top], cast(Unit, metric.unit), answer.currency)
    return Chart(
        title=_title(split, catalogue, [metric]),
        summary=f"Highest: {peak} ({lines[top[0]]}, {columns[top[1]]}).",
        kind="heat_map",
        x=Axis(catalogue.label(split.by), "text"),
        y=_axis(metric, answer.currency, several=False),
        series=tuple(Series(f"c{place}", columns[key]) for place, key in enumerate(across)),
        rows=tuple(
            (name, *(cells.get((line, key)) for key in across)) for line, name in lines.items()
        ),
        receipt=answer.receipt,
    )
