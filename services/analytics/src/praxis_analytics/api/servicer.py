"""The analytics service's RPCs: convert, ask, convert back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from praxis.analytics.v1 import (
    analytics_service_pb2,
    analytics_service_pb2_grpc,
    answer_pb2,
    catalogue_pb2,
    metrics_pb2,
    practice_pb2,
    read_pb2,
    receipt_pb2,
)
from praxis_analytics.api import convert, fixed, shown
from praxis_analytics.api.catalogue import catalogue
from praxis_analytics.domain.questions import Order, Question, from_canonical
from praxis_analytics.measures.declared import measures
from praxis_analytics.measures.evaluate import evaluate, measurement_period
from praxis_analytics.queries.answers import Answer, State, answer, answers, state_at
from praxis_analytics.queries.ask import (
    ReceiptBook,
    business_date,
    page_of,
    read_text,
    resolve,
    small_cells,
    to_question,
    visible,
)
from praxis_analytics.queries.explain import component
from praxis_analytics.queries.staff import unread_messages
from praxis_analytics.storage.practices import Practice, get_practice, reading
from praxis_chassis.caller import current
from praxis_chassis.channels import MESSAGE_BYTES
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import InvalidInput, NotFound
from praxis_chassis.records import ReadAudit


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
        await self._answer(context, fixed.whole(message, _period(request)))
        return message

    async def GetAppointmentMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.AppointmentMetrics:
        """Appointments of a period."""
        message = metrics_pb2.AppointmentMetrics()
        await self._answer(context, fixed.whole(message, _period(request)))
        return message

    async def GetPaymentMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.PaymentMetrics:
        """Payments of a period."""
        message = metrics_pb2.PaymentMetrics()
        await self._answer(context, fixed.whole(message, _period(request)))
        return message

    async def GetClaimMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.ClaimMetrics:
        """Claims of a period."""
        message = metrics_pb2.ClaimMetrics()
        await self._answer(context, fixed.whole(message, _period(request)))
        return message

    async def GetPatientMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.PatientMetrics:
        """Patients of a period."""
        message = metrics_pb2.PatientMetrics()
        await self._answer(context, fixed.whole(message, _period(request)))
        return message

    async def GetTaskMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.TaskMetrics:
        """Tasks of a period."""
        message = metrics_pb2.TaskMetrics()
        await self._answer(context, fixed.whole(message, _period(request)))
        return message

    async def GetDocumentMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.DocumentMetrics:
        """Documents of a period."""
        message = metrics_pb2.DocumentMetrics()
        await self._answer(context, fixed.whole(message, _period(request)))
        return message

    async def GetProviderMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.ProviderMetricsList:
        """Providers in a period."""
        message = metrics_pb2.ProviderMetricsList()
        await self._answer(context, fixed.providers(message, _period(request)))
        return message

    async def GetStaffProductivityMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.StaffProductivityMetricsList:
        """Users in a period."""
        message = metrics_pb2.StaffProductivityMetricsList()
        await self._answer(context, fixed.staff(message, _period(request)))
        return message

    async def GetFinancialDashboardMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.FinancialDashboardMetrics:
        """Money at a glance."""
        message = metrics_pb2.FinancialDashboardMetrics()
        await self._answer(context, fixed.financial(message, _period(request)))
        return message

    async def GetClinicalDashboardMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.ClinicalDashboardMetrics:
        """Patients and visits at a glance."""
        message = metrics_pb2.ClinicalDashboardMetrics()
        await self._answer(context, fixed.clinical(message, _period(request)))
        year = measurement_period(date.fromisoformat(request.end_date))
        practice_id = current().caller.practice_id
        async with reading(self._database, practice_id) as (connection, practice):
            state = await state_at(connection, practice, message.as_of.revision, practice.today)
            every = list(measures().values())
            evaluated = await evaluate(connection, practice, state, every, year)
            fixed.put_measures(message, evaluated, small_cells(practice))
        return message

    async def GetOperationalDashboardMetrics(  # noqa: N802
        self, request: answer_pb2.DateRange, context: Any
    ) -> metrics_pb2.OperationalDashboardMetrics:
        """Work at a glance."""
        message = metrics_pb2.OperationalDashboardMetrics()
        await self._answer(context, fixed.operational(message, _period(request)))
        return message

    async def GetOverviewDashboardMetrics(  # noqa: N802
        self,
        request: analytics_service_pb2.GetOverviewDashboardMetricsRequest,
        context: Any,
    ) -> metrics_pb2.OverviewDashboardMetrics:
        """What a practice looks at first."""
        message = metrics_pb2.OverviewDashboardMetrics()
        revision = await self._answer(context, fixed.overview(message))
        unread = await self._unread(revision)
        if unread is None:
            message.reasons["unread_messages"] = "no_source_data"
        else:
            message.unread_messages = unread
        return message

    async def _unread(self, revision: int) -> int | None:
        caller = current().caller
        async with reading(self._database, caller.practice_id) as (connection, practice):
            today = business_date(practice, None)
            return await unread_messages(connection, practice, revision, caller.user_id, today)

    async def _answer(self, context: Any, asked: fixed.Asked) -> int:
        """Asks every question of a fixed answer at one revision and puts the answers in.

        Returns the revision.
        """
        questions = [question for question, _ in asked]
        _, found = await self._ask(analytics_service_pb2.AskRequest(questions=questions))
        receipts = [await self._book.give(self._reads, one) for one in found]
        for (_, put), one, receipt in zip(asked, found, receipts, strict=True):
            put(one, receipt)
        shown.tell(context, found, receipts)
        return found[0].state.revision

    async def Ask(  # noqa: N802
        self, request: analytics_service_pb2.AskRequest, context: Any
    ) -> analytics_service_pb2.AskResponse:
        """Several questions at one revision."""
        practice, found = await self._ask(request)
        pages = [page_of(*each) for each in zip(request.questions, found, strict=True)]
        receipts = [await self._book.give(self._reads, one) for one in found]
        response = analytics_service_pb2.AskResponse(
            answers=[
                convert.answer(one, receipt, practice, *page)
                for one, receipt, page in zip(found, receipts, pages, strict=True)
            ],
            practice_name=practice.name,
            time_zone=practice.time_zone,
        )
        _check_size(response)
        shown.tell(context, found, receipts)
        return response

    async def _ask(
        self, request: analytics_service_pb2.AskRequest
    ) -> tuple[Practice, list[Answer]]:
        self._reads.check()
        practice_id = current().caller.practice_id
        async with reading(self._database, practice_id) as (connection, practice):
            today = business_date(practice, request.today if request.HasField("today") else None)
            questions = [to_question(asked, practice, today) for asked in request.questions]
            revision = request.revision if request.HasField("revision") else None
            subjects = frozenset().union(*(question.subjects for question in questions))
            state = await state_at(connection, practice, revision, today, subjects)
            small = small_cells(practice)
            return practice, await answers(connection, questions, state, small)

    async def RecordReads(  # noqa: N802
        self, request: read_pb2.RecordReadsRequest, context: Any
    ) -> read_pb2.RecordReadsResponse:
        """Answers that were kept and shown again."""
        shown.record(self._reads, request)
        return read_pb2.RecordReadsResponse()

    async def AskText(  # noqa: N802
        self, request: analytics_service_pb2.AskTextRequest, context: Any
    ) -> analytics_service_pb2.AskTextResponse:
        """A question in words."""
        asked = analytics_service_pb2.AskRequest(questions=[read_text(request.text)])
        if request.HasField("revision"):
            asked.revision = request.revision
        if request.HasField("today"):
            asked.today = request.today
        response = await self.Ask(asked, context)
        return analytics_service_pb2.AskTextResponse(
            question=asked.questions[0], answer=response.answers[0]
        )

    async def GetMetricCatalogue(  # noqa: N802
        self, request: analytics_service_pb2.GetMetricCatalogueRequest, context: Any
    ) -> catalogue_pb2.MetricCatalogue:
        """What can be asked."""
        return catalogue()

    async def GetReceipt(  # noqa: N802
        self, request: analytics_service_pb2.GetReceiptRequest, context: Any
    ) -> receipt_pb2.Receipt:
        """Explains and reproduces."""
        self._reads.check()
        practice_id = current().caller.practice_id
        opened = await self._book.open(practice_id, request.receipt)
        if opened is None:
            raise NotFound("no such receipt")
        question, revision = from_canonical(opened[0]), opened[1]
        if not visible(question):
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
        then = await state_at(connection, practice, revision, question.today, question.subjects)
        now = await state_at(connection, practice, None, question.today, question.subjects)
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
        small = small_cells(practice)
        figures = await _figures(connection, question, (then, now), request.field, small)
        message.figures.extend(figures)
        if request.field and not message.figures:
            raise NotFound("the receipt has no such figure")
        return message

    async def ResolvePeriod(  # noqa: N802
        self, request: answer_pb2.Period, context: Any
    ) -> answer_pb2.ResolvedPeriod:
        """A period as fixed dates."""
        practice_id = current().caller.practice_id
        async with reading(self._database, practice_id) as (_, practice):
            pass
        period, comparison = resolve(request, practice, practice.today, compare=True)
        return convert.resolved(practice, period, comparison or period)

    async def GetPractice(  # noqa: N802
        self, request: analytics_service_pb2.GetPracticeRequest, context: Any
    ) -> practice_pb2.Practice:
        """The caller's practice."""
        practice_id = current().caller.practice_id
        async with reading(self._database, practice_id) as (_, practice):
            return convert.practice(practice)


def _check_size(response: analytics_service_pb2.AskResponse) -> None:
    """Raises: InvalidInput naming `page_size` for what no message may hold."""
    if response.ByteSize() <= MESSAGE_BYTES:
        return
    index, largest = max(enumerate(response.answers), key=lambda one: one[1].ByteSize())
    fit = MESSAGE_BYTES // 2 * len(largest.rows) // largest.ByteSize() // len(response.answers)
    raise InvalidInput.of(
        f"questions[{index}].page_size",
        f"is needed: {len(largest.rows):,} rows do not fit into one answer; {max(1, fit)} do",
    )


def _period(wanted: answer_pb2.DateRange) -> answer_pb2.Period:
    period = answer_pb2.Period(start_date=wanted.start_date, end_date=wanted.end_date)
    if wanted.HasField("comparison_start_date"):
        period.comparison_start_date = wanted.comparison_start_date
    if wanted.HasField("comparison_end_date"):
        period.comparison_end_date = wanted.comparison_end_date
    return period


async def _figures(
    connection: Connection,
    question: Question,
    states: tuple[State, State],
    field: str,
    small: int,
) -> list[receipt_pb2.ExplainedFigure]:
    """The question's whole-period figures, at both states, with what they are made of."""
    whole = replace(question, dimensions=(), grain="", comparison=None, order=Order(), limit=0)
    then, now = [
        (await answer(connection, whole, state, small)).rows[0].figures for state in states
    ]
    figures = []
    for metric, figure_then, figure_now in zip(whole.uses, then, now, strict=True):
        if field in ("", metric.id):
            hidden = "suppressed" in (figure_then.reason, figure_now.reason)
            components = [
                await component(connection, whole, part, states[0])
                for part in (() if hidden else metric.parts)
            ]
            figures.append(convert.explained(metric, figure_then, figure_now, components))
    return figures
