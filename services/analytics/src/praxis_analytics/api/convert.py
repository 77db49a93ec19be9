"""Answers as messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from praxis.analytics.v1 import answer_pb2, practice_pb2, receipt_pb2
from praxis_analytics.domain.kpis import Target
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.registry.model import Computed, Metric, change_percent
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


def metric_use(metric: Metric, variant: str = "") -> answer_pb2.MetricUse:
    """A metric as an answer used it."""
    return answer_pb2.MetricUse(
        variant=variant,
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
        keys=row.keys,
        labels=row.names,
        figures=[
            figure(value, earlier) for value, earlier in zip(row.figures, before, strict=True)
        ],
    )


def answer(
    value: Answer,
    receipt: str,
    practice: Practice,
    page: slice = slice(None),
    following: str = "",
) -> answer_pb2.Answer:
    """A generic answer: one page of its rows, and the token of the `following` one."""
    question = value.question
    comparison = question.comparison
    return answer_pb2.Answer(
        start_date=question.period.start.isoformat(),
        end_date=question.period.end.isoformat(),
        comparison_start_date=_day(comparison.start) if comparison else None,
        comparison_end_date=_day(comparison.end) if comparison else None,
        today=question.today.isoformat(),
        metrics=[metric_use(m, dict(question.variants).get(m.id, "")) for m in question.uses],
        rows=[_row(row) for row in value.rows[page]],
        as_of=as_of(value.state),
        receipt=receipt,
        synthetic=value.synthetic,
        currency=practice.currency,
        total_rows=len(value.rows),
        next_page_token=following,
        small_cell_limit=value.small,
    )


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
        week_start=value.week_start,
        holidays=[day.isoformat() for day in value.holidays],
        active_patient_months=value.active_patient_months,
        small_cell_limit=value.small_cell_limit,
        minimum_survey_answers=value.minimum_survey_answers,
        minimum_ranking_answers=value.minimum_ranking_answers,
        variants=value.variants,
        etag=f'"{value.version}"',
    )


def direction(target: Target) -> practice_pb2.TargetDirection:
    """Which way is better."""
    if target.lower_is_better:
        return practice_pb2.TARGET_DIRECTION_LOWER_IS_BETTER
    return practice_pb2.TARGET_DIRECTION_HIGHER_IS_BETTER


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
