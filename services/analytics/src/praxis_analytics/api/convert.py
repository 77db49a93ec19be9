"""Answers as messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from praxis.analytics.v1 import answer_pb2, metrics_pb2, practice_pb2, receipt_pb2
from praxis_analytics.domain.metrics import Computed, Metric, change_percent
from praxis_analytics.domain.periods import Range
from praxis_analytics.queries.answers import Answer, AnswerRow, State
from praxis_analytics.queries.explain import Component
from praxis_analytics.storage.practices import Practice


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def as_of(state: State) -> answer_pb2.AsOf:
    """The state of the facts."""
    message = answer_pb2.AsOf(revision=state.revision, data_through=_day(state.data_through))
    message.recorded_at.FromDatetime(state.recorded_at)
    return message


def metric_use(metric: Metric) -> answer_pb2.MetricUse:
    """A metric as an answer used it."""
    return answer_pb2.MetricUse(
        id=metric.id,
        version=metric.version,
        label=metric.label,
        unit=metric.unit,
        formula=metric.formula,
        source=metric.source,
    )


def figure(value: Computed, before: Computed | None = None) -> answer_pb2.Figure:
    """One figure, with its comparison when there is one."""
    message = answer_pb2.Figure(
        value=_text(value.value),
        reason=value.reason,
        numerator=_text(value.numerator),
        denominator=_text(value.denominator),
    )
    if before is not None:
        message.comparison_reason = before.reason
        for name, amount in (
            ("comparison_value", before.value),
            ("change_percent", change_percent(value.value, before.value)),
        ):
            text = _text(amount)
            if text is not None:
                setattr(message, name, text)
    return message


def _row(row: AnswerRow) -> answer_pb2.AnswerRow:
    before = row.comparison or (None,) * len(row.figures)
    return answer_pb2.AnswerRow(
        bucket=_day(row.bucket),
        partial=row.partial,
        key=row.key,
        label=row.label,
        figures=[
            figure(value, earlier) for value, earlier in zip(row.figures, before, strict=True)
        ],
    )


def answer(value: Answer, receipt: str, practice: Practice) -> answer_pb2.Answer:
    """A generic answer."""
    question = value.question
    comparison = question.comparison
    return answer_pb2.Answer(
        start_date=question.period.start.isoformat(),
        end_date=question.period.end.isoformat(),
        comparison_start_date=_day(comparison.start) if comparison else None,
        comparison_end_date=_day(comparison.end) if comparison else None,
        today=question.today.isoformat(),
        metrics=[metric_use(metric) for metric in question.uses],
        rows=[_row(row) for row in value.rows],
        as_of=as_of(value.state),
        receipt=receipt,
        synthetic=value.synthetic,
        currency=practice.currency,
    )


# Metrics whose field in a fixed answer has another name.
_FIELDS = {
    ("PaymentMetrics", "payment_count"): "total_payments",
    ("TaskMetrics", "task_completion_rate"): "completion_rate",
}
_OVERVIEW = {
    "open_tasks": "pending_tasks",
    "late_tasks": "overdue_tasks",
    "claims_pending": "pending_claims",
    "new_patients": "new_patients_this_month",
}


def put(message: Any, metric: Metric, computed: Computed, field: str) -> None:
    """Puts one figure into its field of a fixed answer, or the reason why there is none."""
    message.metric_versions[metric.id] = metric.version
    if computed.value is None:
        message.reasons[field] = computed.reason
    else:
        number = int(computed.value) if metric.unit == "count" else float(computed.value)
        setattr(message, field, number)


def fill(message: Any, value: Answer, receipt: str) -> None:
    """Fills a fixed answer: each metric has a field of its name; the first one leads."""
    question, row = value.question, value.rows[0]
    kind = message.DESCRIPTOR.name
    for metric, computed in zip(question.uses, row.figures, strict=True):
        field = _FIELDS.get((kind, metric.id), metric.id)
        put(message, metric, computed, field)
        if computed.numerator is not None and computed.denominator is not None:
            message.parts[field].numerator = float(computed.numerator)
            message.parts[field].denominator = float(computed.denominator)
    message.period_start = question.period.start.isoformat()
    message.period_end = question.period.end.isoformat()
    message.as_of.CopyFrom(as_of(value.state))
    message.receipt, message.synthetic = receipt, value.synthetic
    if "comparison_change" in message.DESCRIPTOR.fields_by_name:
        _compare(message, row)


def spread(message: Any, field: str, value: Answer) -> None:
    """Fills a map of a fixed answer with a figure per dimension value; no rows, a reason."""
    unit = value.question.uses[0].unit
    target = getattr(message, field)
    for row in value.rows:
        figure = row.figures[0]
        if figure.value is None:
            message.reasons[field] = figure.reason
        elif figure.value:
            number = int(figure.value) if unit == "count" else float(figure.value)
            target[row.key or "unknown"] = number
    message.synthetic = message.synthetic or value.synthetic


def overview(
    message: metrics_pb2.OverviewDashboardMetrics, found: Mapping[str, Answer], receipt: str
) -> None:
    """Fills the overview from its answers, by the suffix their fields have."""
    for suffix, value in found.items():
        for metric, computed in zip(value.question.uses, value.rows[0].figures, strict=True):
            field = _OVERVIEW.get(metric.id, f"{_STEMS.get(metric.id, metric.id)}{suffix}")
            put(message, metric, computed, field)
        message.as_of.CopyFrom(as_of(value.state))
        message.synthetic = message.synthetic or value.synthetic
    message.receipt = receipt


_STEMS = {"total_revenue": "revenue", "kept_appointments": "appointments"}


def _compare(message: Any, row: AnswerRow) -> None:
    leading, before = row.figures[0], row.comparison[0] if row.comparison else None
    change = change_percent(leading.value, before.value) if before else None
    if change is not None:
        message.comparison_change = float(change)
    else:
        message.reasons["comparison_change"] = _no_change_reason(leading, before)


def _no_change_reason(leading: Computed, before: Computed | None) -> str:
    reasons = [leading.reason, before.reason if before else ""]
    return next((reason for reason in reasons if reason), "zero_denominator")


def resolved(practice: Practice, period: Range, comparison: Range) -> answer_pb2.ResolvedPeriod:
    """A period as fixed dates."""
    return answer_pb2.ResolvedPeriod(
        start_date=period.start.isoformat(),
        end_date=period.end.isoformat(),
        comparison_start_date=comparison.start.isoformat(),
        comparison_end_date=comparison.end.isoformat(),
        today=practice.today.isoformat(),
        time_zone=practice.time_zone,
    )


def practice(value: Practice) -> practice_pb2.Practice:
    """A practice."""
    return practice_pb2.Practice(
        id=str(value.practice_id),
        name=value.name,
        time_zone=value.time_zone,
        currency=value.currency,
        fiscal_year_start_month=value.fiscal_year_start_month,
        accrual_basis=value.accrual_basis,
        business_date=_day(value.business_date),
        today=value.today.isoformat(),
        revision=value.revision,
    )


def explained(
    metric: Metric, then: Computed, now: Computed, components: Iterable[Component]
) -> receipt_pb2.ExplainedFigure:
    """A figure with its formula, its sums, and what it would be now."""
    difference = None
    if then.value is not None and now.value is not None:
        difference = now.value - then.value
    return receipt_pb2.ExplainedFigure(
        field=metric.id,
        metric=metric_use(metric),
        figure=figure(then),
        figure_now=figure(now),
        difference=_text(difference),
        components=[
            receipt_pb2.Component(
                name=one.part.id,
                description=one.part.description,
                value=_text(one.value),
                rows_counted=one.counted,
                rows_left_out=sum(one.left_out.values()),
                left_out_reasons=one.left_out,
            )
            for one in components
        ],
    )
