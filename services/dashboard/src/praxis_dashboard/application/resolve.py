"""From widgets to questions, and from their answers to figures."""

from __future__ import annotations

from collections.abc import Sequence

from praxis.analytics.v1 import answer_pb2
from praxis.dashboard.v1 import dashboard_service_pb2, widget_pb2
from praxis_chassis.errors import Error, Forbidden, InvalidInput, Violation
from praxis_dashboard.application.analytics import Analytics, Outcome
from praxis_dashboard.application.charts import check_units, spec_of
from praxis_dashboard.application.grid import CHARTS
from praxis_dashboard.application.stored import etag, widgets_of
from praxis_dashboard.storage.dashboards import Record

Request = dashboard_service_pb2.GetDashboardDataRequest

_RANGE = ("start_date", "end_date", "relative_range")
_COMPARISON = ("comparison_start_date", "comparison_end_date", "compare_to")
_DEFAULT = answer_pb2.Period(relative_range="month_to_date")


async def resolve(
    analytics: Analytics, record: Record, request: Request
) -> dashboard_service_pb2.DashboardData:
    """All widgets of a dashboard at one revision. Raises: InvalidInput for a bad range."""
    widgets = widgets_of(record)
    asking = [widget for widget in widgets if widget.config.HasField("question")]
    questions = [question_of(widget, request) for widget in asking]
    response, outcomes = await analytics.ask(questions)
    if any(isinstance(outcome, InvalidInput) for outcome in outcomes):
        # The widgets may be right and the range wrong.
        await analytics.check_period(_period(_DEFAULT, request, pinned=False))
    found = {widget.id: outcome for widget, outcome in zip(asking, outcomes, strict=True)}
    data = dashboard_service_pb2.DashboardData(
        dashboard_id=str(record["id"]),
        widgets=[_widget_data(widget, found.get(widget.id)) for widget in widgets],
        practice_name=response.practice_name,
        time_zone=response.time_zone,
        etag=etag(record),
    )
    if response.answers:
        data.as_of.CopyFrom(response.answers[0].as_of)
    return data


def question_of(widget: widget_pb2.Widget, request: Request) -> answer_pb2.Question:
    """What a widget asks when its dashboard is asked for over a range."""
    own = widget.config.question
    period = own.period if own.HasField("period") else _DEFAULT
    return answer_pb2.Question(
        metrics=own.metrics,
        dimension=own.dimension,
        grain=own.grain,
        compare=own.compare,
        filters=own.filters,
        period=_period(period, request, own.is_pinned),
    )


def _period(own: answer_pb2.Period, request: Request, pinned: bool) -> answer_pb2.Period:
    """The asked range, or the own one; compared as asked, or as the own one is."""
    period = answer_pb2.Period()
    ranged = _has(request, _RANGE) and not pinned
    compared = _has(request, _COMPARISON) and not pinned
    _copy(period, request if ranged else own, _RANGE)
    if compared:
        _copy(period, request, _COMPARISON)
    else:
        # Fixed days belong to the range they were chosen for.
        _copy(period, own, ("compare_to",) if ranged else _COMPARISON)
    return period


def _has(message: Request | answer_pb2.Period, fields: Sequence[str]) -> bool:
    return any(message.HasField(field) for field in fields)


def _copy(
    period: answer_pb2.Period, source: Request | answer_pb2.Period, fields: Sequence[str]
) -> None:
    for field in fields:
        if source.HasField(field):
            setattr(period, field, getattr(source, field))


def _widget_data(widget: widget_pb2.Widget, outcome: Outcome | None) -> widget_pb2.WidgetData:
    data = widget_pb2.WidgetData(
        widget_id=widget.id,
        widget_type=widget.widget_type,
        title=widget.title,
        state=widget_pb2.WIDGET_STATE_EMPTY,
    )
    try:
        if isinstance(outcome, Error):
            raise outcome
        if outcome is not None:
            if widget.widget_type in CHARTS:
                data.spec.update(spec_of(widget, outcome))
            data.answer.CopyFrom(outcome)
            data.state = widget_pb2.WIDGET_STATE_READY
    except Forbidden as error:
        data.state, data.message = widget_pb2.WIDGET_STATE_MISSING_PERMISSION, error.message
    except InvalidInput as error:
        data.state, data.message = widget_pb2.WIDGET_STATE_INVALID, error.message
    return data


async def check_questions(analytics: Analytics, widgets: Sequence[widget_pb2.Widget]) -> None:
    """Raises: InvalidInput naming the widget's field; Forbidden for figures not the caller's."""
    asking = [(i, one) for i, one in enumerate(widgets) if one.config.HasField("question")]
    _, outcomes = await analytics.ask([question_of(one, Request()) for _, one in asking])
    for (index, widget), outcome in zip(asking, outcomes, strict=True):
        try:
            if isinstance(outcome, Error):
                raise outcome
            if widget.widget_type in CHARTS:
                check_units(outcome)
        except InvalidInput as error:
            raise _inside(f"widgets[{index}].config.question", error) from error


_PERIOD_FIELDS = (*_RANGE, *_COMPARISON)


def _inside(path: str, error: InvalidInput) -> InvalidInput:
    violations = []
    for violation in error.violations:
        place = f"{path}.period" if violation.field in _PERIOD_FIELDS else path
        violations.append(Violation(f"{place}.{violation.field}", violation.description))
    first = violations[0] if violations else Violation(path, error.message)
    return InvalidInput(f"{first.field}: {first.description}", violations or [first])
