"""From answers to a document: what a report says, in the words of the practice's owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from praxis.analytics.v1 import analytics_service_pb2, answer_pb2
from praxis.report.v1 import report_pb2
from praxis_charts.figures import format_value
from praxis_report.application.parameters import filters_of, grouping_of
from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Notes,
    Section,
    Series,
    Table,
)
from praxis_report.domain.report_types import GRAINS, GROUPINGS, PAYER_CLASSES, ReportType
from praxis_report.domain.spans import day_words, exact_words, span_words

_NO_BREAK = "\u00a0"
_BARS_MOST = 13  # more points of time than this are a line
_NAMES_MOST = 12  # more names than this make no picture


@dataclass(frozen=True)
class Definition:
    """The part of a report definition that its document shows; each run keeps its own copy."""

    name: str
    columns: tuple[str, ...] = ()
    sort_by: str = ""
    descending: bool = False

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Definition:
        """That part of a report's row, or of the copy in a run's row."""
        descending = report["sort_order"] == "desc"
        return cls(report["name"], tuple(report["columns"]), report["sort_by"] or "", descending)


def document(
    kind: ReportType,
    definition: Definition,
    parameters: report_pb2.ReportParameters,
    response: analytics_service_pb2.AskResponse,
) -> Document:
    """The document of a run. `parameters` are the resolved ones."""
    headline, groups, totals, *mix = response.answers
    grouping = grouping_of(parameters)
    rows = _rows(grouping, groups)
    main = _table(grouping, groups, rows, totals)
    main = replace(main, id="main", main=True, remark=_remark(grouping, groups, rows))
    sections: list[Section] = [_cards(kind, headline), _chart(kind, grouping, groups, rows)]
    sections.append(_arranged(main, definition))
    for answer in mix:
        by_name = _rows(kind.mix, answer)
        if len(rows) == 1:
            sections[1] = _chart(kind, kind.mix, answer, by_name)
        sections.append(_table(kind.mix, answer, by_name, totals))
    sections.append(_definitions(headline, groups))
    return Document(
        title=definition.name,
        subtitle=kind.question,
        practice_name=response.practice_name,
        period=_heading(headline),
        currency=headline.currency,
        time_zone=response.time_zone,
        as_of=AsOf(
            headline.as_of.revision,
            headline.as_of.recorded_at.ToDatetime(tzinfo=UTC),
            _day(headline.as_of.data_through) if headline.as_of.data_through else None,
        ),
        synthetic=any(answer.synthetic for answer in response.answers),
        phi_level="aggregate",
        parameters=tuple(_parameter_texts(kind, parameters)),
        sections=tuple(sections),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _heading(answer: answer_pb2.Answer) -> str:
    """The period; one that is not over says how far it counts."""
    words = span_words(_day(answer.start_date), _day(answer.end_date))
    return f"{words}, counted to {day_words(_day(answer.today))}" if _runs(answer) else words


def _runs(answer: answer_pb2.Answer) -> bool:
    """Whether today cuts the period short."""
    return answer.start_date <= answer.today < answer.end_date  # ISO dates sort as text


def _parameter_texts(
    kind: ReportType, parameters: report_pb2.ReportParameters
) -> Iterator[tuple[str, str]]:
    yield "Period", exact_words(_day(parameters.start_date), _day(parameters.end_date))
    compared = _day(parameters.comparison_start_date), _day(parameters.comparison_end_date)
    yield "Compared with", exact_words(*compared)
    yield "Grouped by", GROUPINGS[grouping_of(parameters)]
    filters = filters_of(parameters)
    for name, values in filters:
        yield f"Only {GROUPINGS[name].lower()}", ", ".join(_name(name, value) for value in values)
    if len(kind.cards_under(name for name, _ in filters)) < len(kind.cards):
        yield "Left out", "Figures that cannot be narrowed to this choice"
    yield "Business date", day_words(_day(parameters.today))


def _cell(figure: answer_pb2.Figure, unit: str) -> Decimal | int | Absent:
    if not figure.HasField("value"):
        return Absent(figure.reason)
    value = Decimal(figure.value)
    return int(value) if unit == "count" else value


def _cards(kind: ReportType, answer: answer_pb2.Answer) -> Cards:
    cards = []
    for metric, figure in zip(answer.metrics, answer.rows[0].figures, strict=True):
        value = _cell(figure, metric.unit)
        change = Decimal(figure.change_percent) if figure.HasField("change_percent") else None
        cards.append(
            Card(
                label=metric.label,
                value=None if isinstance(value, Absent) else value,
                unit=metric.unit,  # type: ignore[arg-type]  # the registry's units are the model's
                reason=value.reason if isinstance(value, Absent) else None,
                comparison_change=change,
                comparison_text=_compared(metric, figure, answer, metric.id in kind.balances),
                receipt=answer.receipt,
            )
        )
    return Cards("Summary", tuple(cards))


def _compared(
    metric: answer_pb2.MetricUse,
    figure: answer_pb2.Figure,
    answer: answer_pb2.Answer,
    balance: bool,
) -> str:
    """What a figure was before: `vs $4,014.42 in Aug 2025`; a balance had it on one day."""
    first, last = _day(answer.comparison_start_date), _day(answer.comparison_end_date)
    if balance:
        when = f"on {day_words(last, short=True)}"
    else:
        when = f"in {'all of ' if _runs(answer) else ''}{span_words(first, last, short=True)}"
    when = when.replace(" ", _NO_BREAK)
    if not figure.HasField("comparison_value"):
        return f"nothing to compare with {when}"
    before = Decimal(figure.comparison_value)
    return f"vs {format_value(before, metric.unit, answer.currency)} {when}"  # type: ignore[arg-type]


def _name(grouping: str, key: str, label: str = "") -> str:
    """What people call one value of a dimension."""
    if not key:
        return f"No {GROUPINGS[grouping].lower()}"
    return PAYER_CLASSES.get(key, key) if grouping == "payer_class" else label or key


def _key(grouping: str, row: answer_pb2.AnswerRow) -> date | str:
    return _day(row.bucket) if grouping in GRAINS else _name(grouping, row.key, row.label)


def _key_unit(grouping: str) -> str:
    if grouping in GRAINS:
        return "month" if grouping == "month" else "date"
    return "text"


def _key_words(grouping: str, row: answer_pb2.AnswerRow) -> str:
    return format_value(_key(grouping, row), _key_unit(grouping), "")  # type: ignore[arg-type]


def _rows(grouping: str, answer: answer_pb2.Answer) -> list[answer_pb2.AnswerRow]:
    """Times that have begun, oldest first; names with the largest first figure first."""
    if grouping in GRAINS:
        return [row for row in answer.rows if row.bucket <= answer.today]
    return sorted(answer.rows, key=lambda row: -Decimal(row.figures[0].value or 0))


def _remark(grouping: str, answer: answer_pb2.Answer, rows: Sequence[answer_pb2.AnswerRow]) -> str:
    """Says which rows of time are no whole ones, and which days they count."""
    words = []
    for row in rows:
        if grouping not in GRAINS or not row.partial:
            continue
        first = max(_day(row.bucket), _day(answer.start_date))
        last = min(_day(answer.end_date), _day(answer.today))
        days = span_words(first, last) if row is rows[-1] else f"from {day_words(first)}"
        name = _key_words(grouping, row)
        words.append(f"{name} is not a whole {grouping}: it counts {days}.")
    return " ".join(words)


def _table(
    grouping: str,
    answer: answer_pb2.Answer,
    rows: Iterable[answer_pb2.AnswerRow],
    totals: answer_pb2.Answer,
) -> Table:
    label = GROUPINGS[grouping]
    units = [metric.unit for metric in answer.metrics]
    columns = [Column("group", label, _key_unit(grouping))]  # type: ignore[arg-type]
    columns += [Column(m.id, m.label, m.unit) for m in answer.metrics]  # type: ignore[arg-type]
    return Table(
        id=f"by_{grouping}",
        title=f"By {label.lower()}",
        columns=tuple(columns),
        rows=tuple((_key(grouping, row), *_cells(row, units)) for row in rows),
        totals=("Total", *_cells(totals.rows[0], units)),
        receipt=answer.receipt,
    )


def _cells(row: answer_pb2.AnswerRow, units: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(_cell(figure, unit) for figure, unit in zip(row.figures, units, strict=True))


def _arranged(table: Table, definition: Definition) -> Table:
    """The main table with the columns and order that the definition asks for."""
    rows = list(table.rows)
    names = [column.name for column in table.columns]
    if definition.sort_by:
        index = names.index(definition.sort_by)
        known = [row for row in rows if not isinstance(row[index], Absent)]
        absent = [row for row in rows if isinstance(row[index], Absent)]
        known.sort(key=lambda row: row[index], reverse=definition.descending)  # type: ignore[arg-type,return-value]
        rows = known + absent
    wanted = definition.columns or names
    chosen = [index for index, name in enumerate(names) if name in wanted]
    totals = table.totals or ()
    return replace(
        table,
        columns=tuple(table.columns[index] for index in chosen),
        rows=tuple(tuple(row[index] for index in chosen) for row in rows),
        totals=tuple(totals[index] for index in chosen),
    )


def _chart(
    kind: ReportType,
    grouping: str,
    answer: answer_pb2.Answer,
    rows: Sequence[answer_pb2.AnswerRow],
) -> Chart:
    shown = [(i, metric) for i, metric in enumerate(answer.metrics) if metric.id in kind.marks]
    by_time = grouping in GRAINS
    few = rows if by_time else rows[:_NAMES_MOST]
    points = [
        (_key(grouping, row), *(_cell(row.figures[i], m.unit) for i, m in shown)) for row in few
    ]
    label = GROUPINGS[grouping]
    *others, last = [metric.label.lower() for _, metric in shown]
    title = f"{', '.join(others)} and {last} by {label.lower()}".capitalize()
    chart = Chart(
        title=title if len(few) == len(rows) else f"{title}, the {_NAMES_MOST} largest",
        summary=f"{title}.",
        kind="line" if by_time and len(points) > _BARS_MOST else "bar",
        x=Axis(label, _key_unit(grouping)),  # type: ignore[arg-type]
        y=Axis(answer.currency, "money"),
        series=tuple(Series(metric.id, metric.label) for _, metric in shown),
        rows=tuple(points),
    )
    return replace(chart, summary=_peaks(chart, answer.currency) or chart.summary)


def _peaks(chart: Chart, currency: str) -> str:
    """The highest point of each series in words; empty without any."""
    found = []
    for index, series in enumerate(chart.series, 1):
        known = [row for row in chart.rows if isinstance(row[index], Decimal)]
        if known:
            top = max(known, key=lambda row: row[index])  # type: ignore[arg-type,return-value]
            amount = format_value(top[index], chart.y.unit, currency)
            where = format_value(top[0], chart.x.unit, currency)
            found.append(f"{series.label.lower()} {amount} ({where})")
    return f"Highest: {', '.join(found)}." if found else ""


def _definitions(*answers: answer_pb2.Answer) -> Notes:
    texts = {}
    for answer in answers:
        for metric in answer.metrics:
            formula = f"{metric.formula[:1].upper()}{metric.formula[1:]}."
            # Our own need no reference.
            source = "" if metric.source == "Praxis" else f" Source: {metric.source}."
            texts[metric.label] = formula + source
    return Notes("Definitions", tuple(texts.items()))
