"""The analytics service's RPCs: convert, ask, convert back."""

from __future__ import annotations

import uuid
from typing import Any

from praxis.analytics.v1 import (
    analytics_service_pb2,
    analytics_service_pb2_grpc,
    answer_pb2,
    metrics_pb2,
    practice_pb2,
    receipt_pb2,
)
from praxis_analytics.api import convert
from praxis_analytics.domain.questions import Question, from_canonical
from praxis_analytics.domain.receipts import PATH
from praxis_analytics.queries.answers import Answer, State, answer, state_at
from praxis_analytics.queries.ask import ReceiptBook, business_date, resolve, to_question
from praxis_analytics.queries.explain import component
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.caller import current, may
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import DependencyDown, NotFound
from praxis_chassis.records import ReadAudit

REVENUE = (
    "total_revenue",
    "total_charges",
    "total_payments",
    "total_adjustments",
    "outstanding_balance",
    "collection_rate",
    "average_revenue_per_patient",
)
APPOINTMENTS = (
    "total_appointments",
    "scheduled_appointments",
    "completed_appointments",
    "cancelled_appointments",
    "no_show_appointments",
    "completion_rate",
    "no_show_rate",
    "cancellation_rate",
    "average_appointments_per_day",
)


PAYMENTS = (
    "total_amount",
    "payment_count",
    "insurance_payments",
    "patient_payments",
    "average_payment_amount",
)
CLAIMS = (
    "total_claims",
    "submitted_claims",
    "accepted_claims",
    "rejected_claims",
    "denied_claims",
    "pending_claims",
    "acceptance_rate",
    "average_claim_amount",
    "total_claim_value",
)
PATIENTS = (
    "total_patients",
    "new_patients",
    "active_patients",
    "inactive_patients",
    "average_age",
)
TASKS = (
    "total_tasks",
    "completed_tasks",
    "pending_tasks",
    "overdue_tasks",
    "task_completion_rate",
    "average_completion_time_hours",
)
# Suffix of the overview's fields → range and metrics asked for; money apart, for permissions.
_OVERVIEW_MONEY = {
    "_today": ("today", ("total_revenue",)),
    "_this_month": ("month_to_date", ("total_revenue",)),
    "": ("today", ("outstanding_balance", "claims_pending")),
}
_OVERVIEW = {
    "_today": ("today", ("kept_appointments",)),
    "_this_week": ("this_week", ("kept_appointments",)),
    "_now": ("today", ("open_tasks", "late_tasks")),
    "_month": ("month_to_date", ("new_patients",)),
}
Split = tuple[str, str, str]


class AnalyticsServicer(analytics_service_pb2_grpc.AnalyticsServiceServicer):
    """Answers questions of the caller's practice."""

    def __init__(self, database: Database, book: ReceiptBook, reads: ReadAudit) -> None:
        self._database = database
        self._book = book
        self._reads = reads

    async def GetRevenueMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.RevenueMetrics:
        """Revenue of a period."""
        message = metrics_pb2.RevenueMetrics()
        await self._fixed(message, REVENUE, request)
        return message

    async def GetAppointmentMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.AppointmentMetrics:
        """Appointments of a period."""
        message = metrics_pb2.AppointmentMetrics()
        await self._fixed(message, APPOINTMENTS, request)
        return message

    async def GetPaymentMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.PaymentMetrics:
        """Payments of a period."""
        message = metrics_pb2.PaymentMetrics()
        split = ("payment_methods", "total_amount", "method")
        await self._fixed(message, PAYMENTS, request, split)
        return message

    async def GetClaimMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.ClaimMetrics:
        """Claims of a period."""
        message = metrics_pb2.ClaimMetrics()
        await self._fixed(message, CLAIMS, request)
        return message

    async def GetPatientMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.PatientMetrics:
        """Patients of a period."""
        message = metrics_pb2.PatientMetrics()
        by_sex = ("gender_distribution", "total_patients", "sex")
        by_payer = ("insurance_distribution", "total_patients", "payer_class")
        await self._fixed(message, PATIENTS, request, by_sex, by_payer)
        return message

    async def GetTaskMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.TaskMetrics:
        """Tasks of a period."""
        message = metrics_pb2.TaskMetrics()
        by_type = ("by_type", "total_tasks", "task_type")
        by_priority = ("by_priority", "total_tasks", "task_priority")
        await self._fixed(message, TASKS, request, by_type, by_priority)
        return message

    async def GetOverviewDashboardMetrics(  # noqa: N802
        self,
        request: analytics_service_pb2.GetOverviewDashboardMetricsRequest,
        context: Any,
    ) -> metrics_pb2.OverviewDashboardMetrics:
        """What a practice looks at first."""
        message = metrics_pb2.OverviewDashboardMetrics()
        money = may(current().caller, "PERMISSION_READ_FINANCIAL")
        wanted = [_OVERVIEW, *([_OVERVIEW_MONEY] if money else [])]
        asked = [(suffix, *question) for group in wanted for suffix, question in group.items()]
        questions = [
            answer_pb2.Question(metrics=ids, period=answer_pb2.Period(relative_range=span))
            for _, span, ids in asked
        ]
        _, found = await self._ask(analytics_service_pb2.AskRequest(questions=questions))
        cut = len(_OVERVIEW)
        suffixes = [suffix for suffix, *_ in asked]
        receipts = [await self._receipt(one) for one in found]
        for group in (slice(cut), slice(cut, None)):
            answers = dict(zip(suffixes[group], found[group], strict=True))
            convert.overview(message, answers, receipts[-1])
        if not money:
            for field in ("revenue_today", "revenue_this_month", "outstanding_balance"):
                message.reasons[field] = "missing_permission"
            message.reasons["pending_claims"] = "missing_permission"
        # Messages are facts of staff users; nobody has said yet which one a caller is.
        message.reasons["unread_messages"] = "no_source_data"
        return message

    async def _fixed(
        self,
        message: Any,
        metrics: tuple[str, ...],
        wanted: answer_pb2.DateRange,
        *splits: Split,
    ) -> None:
        period = answer_pb2.Period(start_date=wanted.start_date, end_date=wanted.end_date)
        if wanted.HasField("comparison_start_date"):
            period.comparison_start_date = wanted.comparison_start_date
        if wanted.HasField("comparison_end_date"):
            period.comparison_end_date = wanted.comparison_end_date
        question = answer_pb2.Question(metrics=metrics, period=period, compare=True)
        request = analytics_service_pb2.AskRequest(questions=[question])
        for _, metric, dimension in splits:
            request.questions.add(metrics=[metric], dimension=dimension, period=period)
        _, (found, *parts) = await self._ask(request)
        convert.fill(message, found, await self._receipt(found))
        for (field, *_), part in zip(splits, parts, strict=True):
            convert.spread(message, field, part)

    async def Ask(  # noqa: N802
        self, request: analytics_service_pb2.AskRequest, context: Any
    ) -> analytics_service_pb2.AskResponse:
        """Several questions at one revision."""
        practice, found = await self._ask(request)
        return analytics_service_pb2.AskResponse(
            answers=[convert.answer(one, await self._receipt(one), practice) for one in found],
            practice_name=practice.name,
            time_zone=practice.time_zone,
        )

    async def _ask(
        self, request: analytics_service_pb2.AskRequest
    ) -> tuple[Practice, list[Answer]]:
        self._may_read()
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            practice = await get_practice(connection, practice_id)
            today = business_date(practice, request.today if request.HasField("today") else None)
            questions = [to_question(asked, practice, today) for asked in request.questions]
            revision = request.revision if request.HasField("revision") else None
            state = await state_at(connection, practice, revision, today)
            return practice, [await answer(connection, one, state) for one in questions]

    def _may_read(self) -> None:
        if self._reads.full:
            raise DependencyDown("reads cannot be recorded at the moment")

    async def _receipt(self, found: Answer) -> str:
        receipt = await self._book.issue(found)
        self._reads.note(
            "metrics.read", "receipt", receipt.removeprefix(PATH), fields=found.question.metrics
        )
        return receipt

    async def GetReceipt(  # noqa: N802
        self, request: analytics_service_pb2.GetReceiptRequest, context: Any
    ) -> receipt_pb2.Receipt:
        """Explains and reproduces."""
        self._may_read()
        practice_id = current().caller.practice_id
        opened = await self._book.open(practice_id, request.receipt)
        if opened is None:
            raise NotFound("no such receipt")
        question, revision = from_canonical(opened[0]), opened[1]
        if not _visible(question):
            raise NotFound("no such receipt")
        async with self._database.read(practice_id, 30_000) as connection:
            message = await self._explain(connection, practice_id, question, revision, request)
        self._reads.note("receipt.read", "receipt", request.receipt)
        return message

    async def _explain(
        self,
        connection: Connection,
        practice_id: uuid.UUID,
        question: Question,
        revision: int,
        request: analytics_service_pb2.GetReceiptRequest,
    ) -> receipt_pb2.Receipt:
        practice = await get_practice(connection, practice_id)
        then = await state_at(connection, practice, revision, question.today)
        now = await state_at(connection, practice, None, question.today)
        message = receipt_pb2.Receipt(
            receipt=request.receipt,
            as_of=convert.as_of(then),
            as_of_now=convert.as_of(now),
            period_start=question.period.start.isoformat(),
            period_end=question.period.end.isoformat(),
            time_zone=question.time_zone,
            today=question.today.isoformat(),
            filters=[f"{name} is one of {', '.join(values)}" for name, values in question.filters],
        )
        message.figures.extend(await _figures(connection, question, (then, now), request.field))
        if request.field and not message.figures:
            raise NotFound("the receipt has no such figure")
        return message

    async def ResolvePeriod(  # noqa: N802
        self, request: answer_pb2.Period, context: Any
    ) -> answer_pb2.ResolvedPeriod:
        """A period as fixed dates."""
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            practice = await get_practice(connection, practice_id)
        period, comparison = resolve(request, practice, practice.today, compare=True)
        return convert.resolved(practice, period, comparison or period)

    async def GetPractice(  # noqa: N802
        self, request: analytics_service_pb2.GetPracticeRequest, context: Any
    ) -> practice_pb2.Practice:
        """The caller's practice."""
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            return convert.practice(await get_practice(connection, practice_id))


def _visible(question: Question) -> bool:
    """Whether the caller may see every figure of a question."""
    caller = current().caller
    return all(
        may(caller, "PERMISSION_READ_FINANCIAL" if m.financial else "PERMISSION_READ_OPERATIONAL")
        for m in question.uses
    )


async def _figures(
    connection: Connection, question: Question, states: tuple[State, State], field: str
) -> list[receipt_pb2.ExplainedFigure]:
    """The question's whole-period figures, at both states, with what they are made of."""
    whole = Question(**{**question.__dict__, "dimension": "", "grain": "", "comparison": None})
    then, now = [(await answer(connection, whole, state)).rows[0].figures for state in states]
    figures = []
    for metric, figure_then, figure_now in zip(whole.uses, then, now, strict=True):
        if field in ("", metric.id):
            parts = metric.parts(question.accrual_basis)
            components = [await component(connection, whole, part, states[0]) for part in parts]
            figures.append(convert.explained(metric, figure_then, figure_now, components))
    return figures
