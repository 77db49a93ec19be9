"""The RPCs of trends and key figures."""

from __future__ import annotations

from typing import Any

from praxis.analytics.v1 import answer_pb2, kpi_pb2, kpi_service_pb2, kpi_service_pb2_grpc
from praxis_analytics.api import convert, shown
from praxis_analytics.domain.kpis import Target, in_force
from praxis_analytics.domain.registry.model import Computed
from praxis_analytics.domain.trends import Trend, label
from praxis_analytics.queries.answers import Answer
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.queries.kpis import Figure, KeyFigures, complete, key_figures, series_of
from praxis_analytics.storage.practices import reading
from praxis_analytics.storage.targets import target_changes
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput, Violation
from praxis_chassis.records import ReadAudit

_PERIOD = (
    *("start_date", "end_date", "relative_range"),
    *("comparison_start_date", "comparison_end_date", "compare_to"),
)
_DEFAULT_RANGE = "previous_month"
_STATUS = {
    "good": kpi_pb2.KPI_STATUS_GOOD,
    "warning": kpi_pb2.KPI_STATUS_WARNING,
    "critical": kpi_pb2.KPI_STATUS_CRITICAL,
}


class KPIServicer(kpi_service_pb2_grpc.KPIServiceServicer):
    """Judges figures of the caller's practice."""

    def __init__(self, database: Database, book: ReceiptBook, reads: ReadAudit) -> None:
        self._database = database
        self._book = book
        self._reads = reads

    async def GetTrendAnalysis(  # noqa: N802
        self, request: kpi_service_pb2.GetTrendAnalysisRequest, context: Any
    ) -> kpi_pb2.TrendAnalysis:
        """How a metric developed."""
        self._reads.check()
        period = answer_pb2.Period(start_date=request.start_date, end_date=request.end_date)
        grain = request.grain or answer_pb2.GRAIN_MONTH
        asked = answer_pb2.Question(
            metrics=[request.metric], period=period, grain=grain, filters=request.filters
        )
        practice_id = current().caller.practice_id
        async with reading(self._database, practice_id) as (connection, practice):
            try:
                found, trend = await series_of(connection, practice, asked)
            except InvalidInput as error:
                raise _renamed(error) from error
        receipt = await self._book.give(self._reads, found)
        shown.tell(context, [found], [receipt])
        return _trend_analysis(found, trend, receipt)

    async def GetKPIDashboard(  # noqa: N802
        self, request: kpi_service_pb2.GetKPIDashboardRequest, context: Any
    ) -> kpi_pb2.KPIDashboard:
        """The key figures of a category."""
        self._reads.check()
        given = {name: getattr(request, name) for name in _PERIOD if request.HasField(name)}
        if not given.keys() & {"start_date", "end_date", "relative_range"}:
            given["relative_range"] = _DEFAULT_RANGE
        category = kpi_pb2.KPICategory.Name(request.category).removeprefix("KPI_CATEGORY_").lower()
        practice_id = current().caller.practice_id
        async with reading(self._database, practice_id) as (connection, practice):
            found = await key_figures(connection, practice, answer_pb2.Period(**given), category)
            changes = in_force(await target_changes(connection, practice_id), found.period.end)
        own = {name: change.target for name, change in changes.items() if change.target}
        message = kpi_pb2.KPIDashboard(category=request.category)
        message.metrics.extend(
            _metric(one, own.get(one.metric.metric_id, one.metric.target)) for one in found.figures
        )
        await self._fill(message, found, context)
        return message

    async def _fill(self, message: kpi_pb2.KPIDashboard, found: KeyFigures, context: Any) -> None:
        """Everything beside the figures."""
        message.period_start = found.period.start.isoformat()
        message.period_end = found.period.end.isoformat()
        message.as_of.CopyFrom(convert.as_of(found.state))
        message.last_updated.FromDatetime(found.state.recorded_at)
        message.synthetic, message.small_cell_limit = found.synthetic, found.small
        message.suppressed.extend(
            one.metric.metric_id for one in found.figures if one.now.reason == "suppressed"
        )
        answers = [one for one in (found.values, found.trends) if one is not None]
        receipts = [await self._book.give(self._reads, one) for one in answers]
        message.receipt, message.trend_receipt = (*receipts, "", "")[:2]
        for metric in found.values.question.uses if found.values else ():
            message.metric_versions[metric.id] = metric.version
        shown.tell(context, answers, receipts)


def _renamed(error: InvalidInput) -> InvalidInput:
    """The same, by the field names of a trend."""
    return InvalidInput(
        error.message,
        [
            Violation("metric" if one.field == "metrics[0]" else one.field, one.description)
            for one in error.violations
        ],
    )


def _trend_analysis(found: Answer, trend: Trend, receipt: str) -> kpi_pb2.TrendAnalysis:
    question, (metric,) = found.question, found.question.uses
    message = kpi_pb2.TrendAnalysis(
        metric_name=metric.label,
        metric_id=metric.id,
        unit=metric.unit,
        period_start=question.period.start.isoformat(),
        period_end=question.period.end.isoformat(),
        as_of=convert.as_of(found.state),
        metric_versions={metric.id: metric.version},
        receipt=receipt,
        synthetic=found.synthetic,
        small_cell_limit=found.small,
    )
    for row, whole in zip(found.rows, complete(found), strict=True):
        figure, day = row.figures[0], row.bucket or question.period.start
        point = message.data_points.add(
            date=day.isoformat(),
            label=label(day, question.grain),
            partial=not whole,
            reason=figure.reason,
        )
        _set(point, "value", figure, {})
    if any(row.figures[0].reason == "suppressed" for row in found.rows):
        message.suppressed.append("data_points")
    _set_trend(message, "trend_direction", trend)
    return message


def _metric(figure: Figure, target: Target | None) -> kpi_pb2.KPIMetric:
    metric, span = figure.metric, figure.compared_with
    message = kpi_pb2.KPIMetric(
        name=metric.label,
        unit=metric.unit,
        metric_id=metric.metric_id,
        comparison_period=f"{span.start}/{span.end}",
        data_warning=figure.warning,
    )
    _set(message, "value", figure.now, message.reasons)
    _set(message, "comparison_value", figure.before, message.reasons)
    _set_trend(message, "trend", figure.trend)
    if figure.now.numerator is not None and figure.now.denominator is not None:
        message.parts.numerator = float(figure.now.numerator)
        message.parts.denominator = float(figure.now.denominator)
    if target is None:
        message.reasons["target"] = message.reasons["status"] = "no_target"
        return message
    message.direction = convert.direction(target)
    message.target, message.warning_limit = float(target.good), float(target.warning)
    if figure.now.value is None:
        message.reasons["status"] = figure.now.reason
    else:
        message.status = _STATUS[target.status(figure.now.value)]
    return message


def _set(message: Any, field: str, figure: Computed, reasons: Any) -> None:
    """Puts a figure into its field, or the reason why there is none."""
    if figure.value is None:
        reasons[field] = figure.reason
    else:
        setattr(message, field, float(figure.value))


def _set_trend(message: Any, field: str, trend: Trend) -> None:
    if trend.percentage is None or trend.direction is None:
        message.reasons[field] = message.reasons["trend_percentage"] = trend.reason
        return
    message.trend_percentage = float(trend.percentage)
    direction = f"TREND_DIRECTION_{trend.direction.upper()}"
    setattr(message, field, kpi_pb2.TrendDirection.Value(direction))
