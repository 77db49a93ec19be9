"""The fixed answers as questions: which metrics each asks, and where their figures go.

An answer is a list of questions, each with what puts its answer into the message; all of them
are asked together, at one revision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from praxis.analytics.v1 import answer_pb2, metrics_pb2
from praxis_analytics.api.convert import as_of
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Computed, Metric, change_percent
from praxis_analytics.measures.evaluate import Evaluation
from praxis_analytics.measures.suppression import shown
from praxis_analytics.queries.answers import Answer, AnswerRow
from praxis_chassis.caller import current, may

Put = Callable[[Answer, str], None]
Asked = list[tuple[answer_pb2.Question, Put]]

# Message → its metrics, the leading one first, and its maps: field, metric, dimension.
_METRICS: Mapping[str, tuple[str, ...]] = {
    "RevenueMetrics": (
        *("total_revenue", "total_charges", "total_payments", "total_adjustments"),
        *("outstanding_balance", "collection_rate", "average_revenue_per_patient"),
    ),
    "AppointmentMetrics": (
        *("total_appointments", "scheduled_appointments", "completed_appointments"),
        *("cancelled_appointments", "no_show_appointments", "completion_rate", "no_show_rate"),
        *("cancellation_rate", "average_appointments_per_day"),
    ),
    "PaymentMetrics": (
        *("total_amount", "payment_count", "insurance_payments", "patient_payments"),
        "average_payment_amount",
    ),
    "ClaimMetrics": (
        *("total_claims", "submitted_claims", "accepted_claims", "rejected_claims"),
        *("denied_claims", "pending_claims", "acceptance_rate", "average_claim_amount"),
        "total_claim_value",
    ),
    "PatientMetrics": (
        *("total_patients", "new_patients", "active_patients", "inactive_patients"),
        "average_age",
    ),
    "TaskMetrics": (
        *("total_tasks", "completed_tasks", "pending_tasks", "overdue_tasks"),
        *("task_completion_rate", "average_completion_time_hours"),
    ),
    "DocumentMetrics": (
        *("total_documents", "pending_review", "reviewed_documents", "approved_documents"),
        *("rejected_documents", "average_review_time_hours"),
    ),
    "WorkflowEfficiency": (
        *("average_completion_time_hours", "on_time_pct", "average_review_time_hours"),
        *("verified_share", "charge_lag_days"),
    ),
    # The last one is there for those who did nothing.
    "ProviderMetrics": (
        *("total_appointments", "completed_appointments", "cancelled_appointments"),
        *("no_show_appointments", "visits", "unique_patients", "average_appointments_per_day"),
        *("completion_rate", "revenue_generated", "provider_count"),
    ),
    "StaffProductivityMetrics": (
        *("tasks_assigned", "tasks_completed", "messages_sent", "patients_handled"),
        *("documents_processed", "staff_count"),
    ),
}
_MAPS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "PaymentMetrics": (("payment_methods", "total_amount", "method"),),
    "PatientMetrics": (
        ("gender_distribution", "total_patients", "sex"),
        ("insurance_distribution", "total_patients", "payer_class"),
    ),
    "TaskMetrics": (
        ("by_type", "total_tasks", "task_type"),
        ("by_priority", "total_tasks", "task_priority"),
    ),
    "DocumentMetrics": (("by_type", "total_documents", "document_type"),),
}
# Metrics whose field has another name.
_FIELDS = {
    ("PaymentMetrics", "payment_count"): "total_payments",
    ("TaskMetrics", "task_completion_rate"): "completion_rate",
    ("ProviderMetrics", "no_show_appointments"): "no_shows",
    ("ProviderMetrics", "visits"): "total_patients_seen",
}
_TOP = 10
_NOBODY = "Nobody"


def _field(message: Any, metric_id: str) -> str:
    return _FIELDS.get((message.DESCRIPTOR.name, metric_id), metric_id)


def _seen(message: Any) -> list[str]:
    """The metrics of a message that the caller may see; the others are absent with a reason."""
    seen = []
    for metric_id in _METRICS[message.DESCRIPTOR.name]:
        if may(current().caller, METRICS[metric_id].permission):
            seen.append(metric_id)
        else:
            message.reasons[_field(message, metric_id)] = "missing_permission"
    return seen


def whole(message: Any, period: answer_pb2.Period) -> Asked:
    """A message of one figure per metric, and its maps."""
    metrics = _seen(message)
    own = answer_pb2.Question(metrics=metrics, period=period, compare=True)
    asked: Asked = [(own, partial(_fill, message))]
    for field, metric_id, dimension in _MAPS.get(message.DESCRIPTOR.name, ()):
        split = answer_pb2.Question(metrics=[metric_id], dimension=dimension, period=period)
        asked.append((split, partial(_spread, message, field)))
    return asked


def each(rows: Any, period: answer_pb2.Period, dimension: str, parent: Any) -> Asked:
    """A list of messages, one for each value of a dimension, inside `parent`."""
    model = rows.add()
    metrics = _seen(model)
    refused = dict(model.reasons)
    del rows[:]
    question = answer_pb2.Question(metrics=metrics, dimension=dimension, period=period)

    def put_rows(found: Answer, receipt: str) -> None:
        for row in found.rows:
            if row.key is not None:
                _add(rows.add(), dimension, found.question, row, refused)
        _sign(parent, found, receipt)

    return [(question, put_rows)]


def _add(
    message: Any, dimension: str, question: Question, row: AnswerRow, refused: Mapping[str, str]
) -> None:
    if row.key:
        setattr(message, f"{dimension}_id", row.key)
    setattr(message, f"{dimension}_name", row.label or _NOBODY)
    message.reasons.update(refused)
    *shown, _ = zip(question.uses, row.figures, strict=True)
    for metric, computed in shown:
        _put(message, metric, computed, _field(message, metric.id))
    _dates(message, question)


def providers(message: Any, period: answer_pb2.Period) -> Asked:
    """Every provider."""
    return each(message.providers, period, "provider", message)


def staff(message: Any, period: answer_pb2.Period) -> Asked:
    """Every user."""
    return each(message.staff, period, "user", message)


def financial(message: metrics_pb2.FinancialDashboardMetrics, period: answer_pb2.Period) -> Asked:
    """Money at a glance."""
    top = answer_pb2.Question(
        metrics=["total_amount"],
        dimension="payer",
        period=period,
        order=answer_pb2.Order(by="total_amount", descending=True),
        limit=_TOP,
    )
    aging = answer_pb2.Question(
        metrics=["outstanding_balance"], dimension="aging_bucket", period=period
    )

    def put_top(found: Answer, receipt: str) -> None:
        for row in found.rows:
            if row.figures[0].value is None:
                message.reasons["top_payers"] = row.figures[0].reason
            else:
                message.top_payers.add(
                    payer_id=row.key or None,
                    payer_name=row.label or _NOBODY,
                    amount=float(row.figures[0].value),
                )

    return [
        *whole(message.revenue, period),
        *whole(message.payments, period),
        *whole(message.claims, period),
        *_trend(message, "revenue_trend", "total_revenue", period),
        (top, put_top),
        (aging, partial(_spread, message, "aging_report")),
    ]


def clinical(message: metrics_pb2.ClinicalDashboardMetrics, period: answer_pb2.Period) -> Asked:
    """Patients and visits at a glance."""
    top = answer_pb2.Question(
        metrics=["diagnosed_patients"],
        dimension="diagnosis",
        period=period,
        order=answer_pb2.Order(by="diagnosed_patients", descending=True),
        limit=_TOP,
    )

    def put_top(found: Answer, receipt: str) -> None:
        for row in found.rows:
            figure = row.figures[0]
            if figure.reason == "suppressed":
                message.suppressed.append(f"top_diagnoses.{row.key}")
            elif figure.value is None:
                message.reasons["top_diagnoses"] = figure.reason
            else:
                message.top_diagnoses.add(
                    code=row.key, display=row.label, patients=int(figure.value)
                )

    return [
        *whole(message.appointments, period),
        *whole(message.patients, period),
        *each(message.providers, period, "provider", message),
        *_trend(message, "appointment_trend", "total_appointments", period),
        (top, put_top),
    ]


def put_measures(
    message: metrics_pb2.ClinicalDashboardMetrics, evaluated: Evaluation, small: int
) -> None:
    """Puts the first rate of every quality measure into the clinical dashboard."""
    for result in evaluated.results:
        figure, field = result.groups[0].figure, f"quality_measures.{result.measure.id}"
        if small and not shown(result, small).inner:
            message.reasons[field] = "suppressed"
            message.suppressed.append(field)
        elif figure.value is None:
            message.reasons[field] = figure.reason
        else:
            message.quality_measures[result.measure.id] = float(figure.value)
    message.synthetic = message.synthetic or evaluated.synthetic


def operational(
    message: metrics_pb2.OperationalDashboardMetrics, period: answer_pb2.Period
) -> Asked:
    """Work at a glance."""
    return [
        *whole(message.tasks, period),
        *whole(message.documents, period),
        *each(message.staff_productivity, period, "user", message),
        *_trend(message, "task_completion_trend", "task_completion_rate", period),
        *whole(message.workflow_efficiency, period),
    ]


def _trend(message: Any, field: str, metric_id: str, period: answer_pb2.Period) -> Asked:
    """A figure by month."""
    question = answer_pb2.Question(metrics=[metric_id], grain=answer_pb2.GRAIN_MONTH, period=period)

    def put_points(found: Answer, receipt: str) -> None:
        for row in found.rows:
            value = row.figures[0].value
            getattr(message, field).add(
                date=row.bucket.isoformat() if row.bucket else "",
                value=None if value is None else float(value),
                label=row.bucket.strftime("%b %Y") if row.bucket else None,
                partial=row.partial,
                reason=row.figures[0].reason,
            )
        _sign(message, found, receipt)

    return [(question, put_points)]


# The overview: suffix of the fields → range and metrics.
_OVERVIEW = (
    ("_today", "today", ("total_revenue", "kept_appointments")),
    ("_this_month", "month_to_date", ("total_revenue", "new_patients")),
    ("_this_week", "this_week", ("kept_appointments",)),
    ("", "today", ("open_tasks", "late_tasks", "claims_pending", "outstanding_balance")),
)
_OVERVIEW_FIELDS = {
    "total_revenue": "revenue",
    "kept_appointments": "appointments",
    "open_tasks": "pending_tasks",
    "late_tasks": "overdue_tasks",
    "claims_pending": "pending_claims",
}


def overview(message: metrics_pb2.OverviewDashboardMetrics) -> Asked:
    """What a practice looks at first."""
    asked: Asked = []
    for suffix, span, metrics in _OVERVIEW:
        fields = {one: f"{_OVERVIEW_FIELDS.get(one, one)}{suffix}" for one in metrics}
        seen = [one for one in metrics if may(current().caller, METRICS[one].permission)]
        for metric_id in set(metrics) - set(seen):
            message.reasons[fields[metric_id]] = "missing_permission"

        def put_figures(found: Answer, receipt: str, fields: dict[str, str] = fields) -> None:
            for metric, computed in zip(found.question.uses, found.rows[0].figures, strict=True):
                _put(message, metric, computed, fields[metric.id])
            _sign(message, found, receipt)

        period = answer_pb2.Period(relative_range=span)
        asked.append((answer_pb2.Question(metrics=seen, period=period), put_figures))
    return asked


def _put(message: Any, metric: Metric, computed: Computed, field: str) -> None:
    """Puts one figure into its field, or the reason why there is none."""
    if "metric_versions" in message.DESCRIPTOR.fields_by_name:
        message.metric_versions[metric.id] = metric.version
    if computed.reason == "suppressed":
        message.suppressed.append(field)
    if computed.value is None:
        message.reasons[field] = computed.reason
    else:
        number = int(computed.value) if metric.unit == "count" else float(computed.value)
        setattr(message, field, number)
    divided = computed.numerator is not None and computed.denominator is not None
    if divided and "parts" in message.DESCRIPTOR.fields_by_name:
        message.parts[field].numerator = float(computed.numerator or 0)
        message.parts[field].denominator = float(computed.denominator or 0)


def _fill(message: Any, found: Answer, receipt: str) -> None:
    """Fills a message of figures; the first one leads."""
    row = found.rows[0]
    for metric, computed in zip(found.question.uses, row.figures, strict=True):
        _put(message, metric, computed, _field(message, metric.id))
    _sign(message, found, receipt)
    if "comparison_change" in message.DESCRIPTOR.fields_by_name:
        _compare(message, row)


def _dates(message: Any, question: Question) -> None:
    if "period_start" in message.DESCRIPTOR.fields_by_name:
        message.period_start = question.period.start.isoformat()
        message.period_end = question.period.end.isoformat()


def _sign(message: Any, found: Answer, receipt: str) -> None:
    """What every answer carries, whichever of its questions comes last."""
    _dates(message, found.question)
    for metric in found.question.uses:
        message.metric_versions[metric.id] = metric.version
    message.as_of.CopyFrom(as_of(found.state))
    message.receipt = receipt
    message.synthetic = message.synthetic or found.synthetic


def _spread(message: Any, field: str, found: Answer, _receipt: str) -> None:
    """Fills a map with a figure per dimension value; without rows, with a reason."""
    unit = found.question.uses[0].unit
    target = getattr(message, field)
    for row in found.rows:
        figure = row.figures[0]
        if figure.reason == "suppressed":
            message.suppressed.append(f"{field}.{row.key or 'unknown'}")
        elif figure.value is None:
            message.reasons[field] = figure.reason
        elif figure.value:
            number = int(figure.value) if unit == "count" else float(figure.value)
            target[row.key or "unknown"] = number
    message.synthetic = message.synthetic or found.synthetic


def _compare(message: Any, row: AnswerRow) -> None:
    leading, before = row.figures[0], row.comparison[0] if row.comparison else None
    change = change_percent(leading.value, before.value) if before else None
    if change is not None:
        message.comparison_change = float(change)
        return
    reasons = [leading.reason, before.reason if before else ""]
    found = next((reason for reason in reasons if reason), "zero_denominator")
    message.reasons["comparison_change"] = found
