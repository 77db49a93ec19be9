"""From a run's parameters to questions, and from their answers to a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from decimal import Decimal

from google.protobuf import json_format

from praxis.analytics.v1 import analytics_service_pb2, answer_pb2
from praxis.report.v1 import report_pb2
from praxis_chassis.errors import InvalidInput
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
from praxis_report.domain.report_types import GRAINS, GROUPINGS, ReportType

DEFAULT_GROUPING = "month"
_GRAINS = {
    "day": answer_pb2.GRAIN_DAY,
    "week": answer_pb2.GRAIN_WEEK,
    "month": answer_pb2.GRAIN_MONTH,
    "quarter": answer_pb2.GRAIN_QUARTER,
}
_PAYER_LABELS = {
    "commercial": "Commercial",
    "medicare": "Medicare",
    "medicaid": "Medicaid",
    "dual": "Dual eligible",
    "tricare": "TRICARE",
    "workers_comp": "Workers' compensation",
    "other": "Other",
    "self_pay": "Self-pay",
}


def grouping_of(parameters: report_pb2.ReportParameters) -> str:
    """How the main table is grouped."""
    return parameters.group_by[0] if parameters.group_by else DEFAULT_GROUPING


def check(kind: ReportType, parameters: report_pb2.ReportParameters) -> None:
    """Raises: InvalidInput naming the parameter that this type of report cannot take."""
    grouping = grouping_of(parameters)
    if grouping not in kind.groupings:
        options = ", ".join(kind.groupings)
        raise InvalidInput.of("parameters.group_by[0]", f"{grouping!r}; it takes {options}")
    for name, _ in filters_of(parameters):
        if name not in kind.filters:
            options = ", ".join(kind.filters)
            raise InvalidInput.of(f"parameters.filters.{name}", f"is not known; {options} are")
    if parameters.phi_level > report_pb2.PHI_LEVEL_AGGREGATE:
        raise InvalidInput.of("parameters.phi_level", "this report is aggregate only")


def filters_of(parameters: report_pb2.ReportParameters) -> list[tuple[str, list[str]]]:
    """Dimension and accepted values. Raises: InvalidInput for anything but text."""
    found = []
    for name, value in json_format.MessageToDict(parameters.filters).items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(item, str) for item in values):
            raise InvalidInput.of(f"parameters.filters.{name}", "takes a text or a list of texts")
        found.append((name, values))
    return sorted(found)


def period_of(parameters: report_pb2.ReportParameters) -> answer_pb2.Period:
    """The period to ask for; without any dates, the previous month."""
    period = answer_pb2.Period()
    for field in period.DESCRIPTOR.fields_by_name:
        if parameters.HasField(field):
            setattr(period, field, getattr(parameters, field))
    if not (period.start_date or period.end_date or period.relative_range):
        period.relative_range = "previous_month"
    return period


def ask_request(
    kind: ReportType, parameters: report_pb2.ReportParameters
) -> analytics_service_pb2.AskRequest:
    """Headline figures, the main table's rows and totals, and the mix, at one revision."""
    grouping = grouping_of(parameters)
    request = analytics_service_pb2.AskRequest()
    if parameters.HasField("revision"):
        request.revision = parameters.revision
    if parameters.HasField("today"):
        request.today = parameters.today
    _add(request, kind.cards, parameters, compare=True)
    _add(request, kind.columns, parameters, grouping=grouping)
    _add(request, kind.columns, parameters)
    if grouping in GRAINS and kind.mix:
        _add(request, kind.columns, parameters, grouping=kind.mix)
    return request


def _add(
    request: analytics_service_pb2.AskRequest,
    metrics: Iterable[str],
    parameters: report_pb2.ReportParameters,
    *,
    grouping: str = "",
    compare: bool = False,
) -> None:
    question = request.questions.add(metrics=metrics, compare=compare)
    question.period.CopyFrom(period_of(parameters))
    if grouping in GRAINS:
        question.grain = _GRAINS[grouping]
    elif grouping:
        question.dimension = grouping
    for name, values in filters_of(parameters):
        question.filters.add(dimension=name, values=values)


def resolved(
    parameters: report_pb2.ReportParameters, answer: answer_pb2.Answer
) -> report_pb2.ReportParameters:
    """The parameters with every date fixed: what a rerun needs to be the same."""
    fixed = report_pb2.ReportParameters()
    fixed.CopyFrom(parameters)
    fixed.ClearField("relative_range")
    fixed.ClearField("compare_to")
    fixed.start_date, fixed.end_date = answer.start_date, answer.end_date
    fixed.comparison_start_date = answer.comparison_start_date
    fixed.comparison_end_date = answer.comparison_end_date
    fixed.revision, fixed.today = answer.as_of.revision, answer.today
    fixed.phi_level = report_pb2.PHI_LEVEL_AGGREGATE
    fixed.ClearField("group_by")
    fixed.group_by.append(grouping_of(parameters))
    return fixed


def document(
    kind: ReportType,
    name: str,
    parameters: report_pb2.ReportParameters,
    report: report_pb2.Report,
    response: analytics_service_pb2.AskResponse,
) -> Document:
    """The document of a run. `parameters` are the resolved ones."""
    headline, groups, totals, *mix = response.answers
    grouping = grouping_of(parameters)
    main = _table(grouping, groups, totals, main=True)
    main = _arranged(main, report)
    sections: list[Section] = [_cards(headline), _chart(kind, grouping, groups), main]
    sections += [_table(kind.mix, answer, totals) for answer in mix]
    sections.append(_notes(headline, groups))
    return Document(
        title=name,
        subtitle=kind.question,
        practice_name=response.practice_name,
        period=_span(headline.start_date, headline.end_date),
        currency=headline.currency,
        time_zone=response.time_zone,
        as_of=AsOf(
            headline.as_of.revision,
            headline.as_of.recorded_at.ToDatetime(tzinfo=UTC),
            _day(headline.as_of.data_through) if headline.as_of.data_through else None,
        ),
        synthetic=any(answer.synthetic for answer in response.answers),
        phi_level="aggregate",
        parameters=tuple(_parameter_texts(parameters)),
        sections=tuple(sections),
        receipts=(),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _span(start: str, end: str) -> str:
    first, last = _day(start), _day(end)
    if first == last:
        return f"{first:%B} {first.day}, {first.year}"
    return f"{first:%B} {first.day}, {first.year} – {last:%B} {last.day}, {last.year}"


def _parameter_texts(parameters: report_pb2.ReportParameters) -> Iterable[tuple[str, str]]:
    yield "Period", _span(parameters.start_date, parameters.end_date)
    compared = _span(parameters.comparison_start_date, parameters.comparison_end_date)
    yield "Compared with", compared
    yield "Grouped by", GROUPINGS[grouping_of(parameters)]
    for name, values in filters_of(parameters):
        yield GROUPINGS[name], ", ".join(values)
    yield "Business date", parameters.today


def _cell(figure: answer_pb2.Figure, unit: str) -> Cell:
    if not figure.HasField("value"):
        return Absent(figure.reason)
    value = Decimal(figure.value)
    return int(value) if unit == "count" else value


def _cards(answer: answer_pb2.Answer) -> Cards:
    compared = _span(answer.comparison_start_date, answer.comparison_end_date)
    cards = []
    for metric, figure in zip(answer.metrics, answer.rows[0].figures, strict=True):
        value = _cell(figure, metric.unit)
        change = Decimal(figure.change_percent) if figure.HasField("change_percent") else None
        cards.append(
            Card(
                label=metric.label,
                value=value if isinstance(value, Decimal | int) else None,
                unit=metric.unit,  # type: ignore[arg-type]  # the registry's units are the model's
                reason=value.reason if isinstance(value, Absent) else None,
                comparison_change=change,
                comparison_text=f"vs {compared}" if change is not None else "",
                receipt=answer.receipt,
            )
        )
    return Cards("Summary", tuple(cards))


def _key(grouping: str, row: answer_pb2.AnswerRow) -> Cell:
    if grouping in GRAINS:
        return _day(row.bucket)
    if grouping == "payer_class":
        return _PAYER_LABELS.get(row.key, row.key or "No payer")
    return row.label or row.key or "No provider"


def _key_unit(grouping: str) -> str:
    if grouping in GRAINS:
        return "month" if grouping == "month" else "date"
    return "text"


def _table(
    grouping: str, groups: answer_pb2.Answer, totals: answer_pb2.Answer, *, main: bool = False
) -> Table:
    label = GROUPINGS[grouping]
    units = [metric.unit for metric in groups.metrics]
    columns = [Column("group" if main else grouping, label, _key_unit(grouping))]  # type: ignore[arg-type]
    columns += [Column(m.id, m.label, m.unit) for m in groups.metrics]  # type: ignore[arg-type]
    rows = [(_key(grouping, row), *_cells(row, units)) for row in groups.rows]
    return Table(
        id="main" if main else f"by_{grouping}",
        title=f"By {label.lower()}",
        columns=tuple(columns),
        rows=tuple(rows),
        totals=("Total", *_cells(totals.rows[0], units)),
        receipt=groups.receipt,
        main=main,
    )


def _cells(row: answer_pb2.AnswerRow, units: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(_cell(figure, unit) for figure, unit in zip(row.figures, units, strict=True))


def _arranged(table: Table, report: report_pb2.Report) -> Table:
    """The main table with the columns and order that the definition asks for."""
    rows = list(table.rows)
    names = [column.name for column in table.columns]
    if report.sort_by:
        index = names.index(report.sort_by)
        known = [row for row in rows if not isinstance(row[index], Absent)]
        absent = [row for row in rows if isinstance(row[index], Absent)]
        known.sort(key=lambda row: row[index], reverse=report.sort_order == "desc")  # type: ignore[arg-type,return-value]
        rows = known + absent
    chosen = [i for i, name in enumerate(names) if not report.columns or name in report.columns]
    return Table(
        table.id,
        table.title,
        tuple(table.columns[i] for i in chosen),
        tuple(tuple(row[i] for i in chosen) for row in rows),
        tuple((table.totals or ())[i] for i in chosen) if table.totals else None,
        table.receipt,
        table.main,
    )


def _chart(kind: ReportType, grouping: str, groups: answer_pb2.Answer) -> Chart:
    shown = [
        (index, metric) for index, metric in enumerate(groups.metrics) if metric.id in kind.marks
    ]
    rows = [
        (_key(grouping, row), *(_cell(row.figures[i], m.unit) for i, m in shown))
        for row in groups.rows
    ]
    names = " and ".join(metric.label.lower() for _, metric in shown)
    label = GROUPINGS[grouping]
    by_time, period = grouping in GRAINS, _span(groups.start_date, groups.end_date)
    return Chart(
        title=f"{kind.title} by {label.lower()}",
        summary=f"{names.capitalize()} by {label.lower()}, {period}.",
        kind="line" if by_time and len(rows) > 2 else "bar",
        x=Axis(label, _key_unit(grouping)),  # type: ignore[arg-type]
        y=Axis(groups.currency, "money"),
        series=tuple(Series(metric.id, metric.label) for _, metric in shown),
        rows=tuple(rows),
    )


def _notes(*answers: answer_pb2.Answer) -> Notes:
    texts = {
        metric.label: f"{metric.formula}. Source: {metric.source}."
        for answer in answers
        for metric in answer.metrics
    }
    return Notes("Definitions", tuple(texts.items()))
