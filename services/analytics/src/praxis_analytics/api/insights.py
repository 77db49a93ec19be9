"""The RPCs that say what changed and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from praxis.analytics.v1 import answer_pb2, insight_service_pb2, insight_service_pb2_grpc
from praxis_analytics.api import convert
from praxis_analytics.domain.registry.model import Computed
from praxis_analytics.domain.work_lists import WORK_LISTS
from praxis_analytics.queries.answers import state_at
from praxis_analytics.queries.ask import ReceiptBook, business_date, small_cells, to_question
from praxis_analytics.queries.changes import Changed, change
from praxis_analytics.queries.work_lists import Item, items, summaries
from praxis_analytics.storage.disclosures import disclose
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.caller import current, demand
from praxis_chassis.database import Database
from praxis_chassis.errors import NotFound, OutOfRange
from praxis_chassis.records import ReadAudit

_PAGE, _READ_MS, _NAMED = 100, 30_000, 3


class InsightServicer(insight_service_pb2_grpc.InsightServiceServicer):
    """Changes and work of the caller's practice."""

    def __init__(self, database: Database, book: ReceiptBook, reads: ReadAudit) -> None:
        self._database = database
        self._book = book
        self._reads = reads

    async def GetChange(  # noqa: N802
        self, request: insight_service_pb2.GetChangeRequest, context: Any
    ) -> insight_service_pb2.Change:
        """Why a metric changed."""
        self._reads.check()
        asked = answer_pb2.Question(
            metrics=[request.metric],
            dimension=request.dimension,
            period=request.period,
            compare=True,
            filters=request.filters,
        )
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            practice = await get_practice(connection, practice_id)
            question = to_question(asked, practice, practice.today)
            state = await state_at(connection, practice, None, practice.today, question.subjects)
            found = await change(connection, practice, question, state, small_cells(practice))
        message = _change(found)
        message.receipt = await self._book.give(self._reads, found.whole)
        return message

    async def ListWorkLists(  # noqa: N802
        self, request: insight_service_pb2.ListWorkListsRequest, context: Any
    ) -> insight_service_pb2.ListWorkListsResponse:
        """The lists with what they are worth."""
        self._reads.check()
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id, _READ_MS) as connection:
            practice = await get_practice(connection, practice_id)
            state = await state_at(connection, practice, None, practice.today)
            found = await summaries(connection, practice)
        self._reads.note("work_lists.read", "practice", practice_id)
        ranked = sorted(found, key=lambda name: found[name].amount, reverse=True)
        message = insight_service_pb2.ListWorkListsResponse(
            today=practice.today.isoformat(),
            currency=practice.currency,
            as_of=convert.as_of(state),
        )
        for name in ranked:
            one, summary = WORK_LISTS[name], found[name]
            message.work_lists.add(
                id=one.id,
                title=one.title,
                description=one.description,
                next_step=one.next_step,
                items=summary.items,
                amount=_text(summary.amount),
                recovered_amount=_text(summary.recovered),
            )
        return message

    async def ListWorkItems(  # noqa: N802
        self, request: insight_service_pb2.ListWorkItemsRequest, context: Any
    ) -> insight_service_pb2.ListWorkItemsResponse:
        """The rows of a list."""
        demand(current().caller, "PERMISSION_READ_FINANCIAL")
        if request.work_list_id not in WORK_LISTS:
            raise NotFound("no such work list")
        size = request.page_size if request.HasField("page_size") else _PAGE
        offset = int(request.page_token or 0)
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id, _READ_MS) as connection:
            now = await get_practice(connection, practice_id)
            revision = request.revision if request.HasField("revision") else now.revision
            if revision > now.revision:
                raise OutOfRange.of("revision", f"the newest is {now.revision}")
            today = business_date(now, request.today if request.HasField("today") else None)
            practice = replace(now, business_date=today)
            rows = await items(
                connection, practice, request.work_list_id, size + 1, offset, revision
            )
        shown = [row.patient_id for row in rows[:size] if row.patient_id]
        async with self._database.write(practice_id) as connection:
            what = ("work_list", request.work_list_id)
            await disclose(connection, "work_list.read", what, shown)
        message = insight_service_pb2.ListWorkItemsResponse(
            next_page_token=str(offset + size) if len(rows) > size else ""
        )
        for row in rows[:size]:
            message.items.append(_item(row))
            if row.due_on is not None:
                left = row.due_on - practice.today
                message.items[-1].days_left = left // timedelta(days=1)
        return message


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _item(row: Item) -> insight_service_pb2.WorkItem:
    return insight_service_pb2.WorkItem(
        id=str(row.id),
        source_id=row.source_id,
        amount=_text(row.amount),
        reason=row.reason,
        due_date=row.due_on.isoformat() if row.due_on else None,
        date=row.day.isoformat(),
        provider=row.provider,
        payer=row.payer,
        patient_id=str(row.patient_id) if row.patient_id else None,
        patient_name=row.patient or None,
    )


def _change(found: Changed) -> insight_service_pb2.Change:
    question = found.whole.question
    now, before = found.figures
    compared = question.comparison or question.period
    message = insight_service_pb2.Change(
        metric=convert.metric_use(question.uses[0]),
        start_date=question.period.start.isoformat(),
        end_date=question.period.end.isoformat(),
        comparison_start_date=compared.start.isoformat(),
        comparison_end_date=compared.end.isoformat(),
        figure=convert.figure(now, before),
        amount=_text(found.amount),
        sentence=_sentence(found),
        as_of=convert.as_of(found.whole.state),
    )
    for row, split in found.parts:
        message.parts.add(
            key=row.key or "",
            label=row.label,
            value=_text(row.figures[0].value),
            comparison_value=_text(row.comparison[0].value if row.comparison else None),
            amount=_text(split.amount),
            rate_amount=_text(split.rate),
            mix_amount=_text(split.mix),
        )
    if found.restated is not None:
        message.restatement.revision = found.restated.revision
        _restate(message.restatement, found.restated.figure, before)
    return message


def _restate(message: insight_service_pb2.Restatement, then: Computed, today: Computed) -> None:
    if then.value is None:
        return
    message.value = format(then.value, "f")
    if today.value is not None:
        message.amount = format(today.value - then.value, "f")


def _sentence(found: Changed) -> str:
    """`Revenue fell by 1200.00: Medicare -900.00, Commercial -400.00, 3 others +100.00.`"""
    label, amount = found.whole.question.uses[0].label, found.amount
    if amount is None:
        return f"{label} is absent in one of the two periods, so there is no change to split."
    if not amount:
        return f"{label} did not change."
    moved = "rose" if amount > 0 else "fell"
    named = [(row.label or "none", split.amount) for row, split in found.parts]
    told = [f"{name} {part:+f}" for name, part in named[:_NAMED]]
    rest: Sequence[tuple[str, Decimal]] = named[_NAMED:]
    if rest:
        told.append(f"{len(rest)} others {sum((part for _, part in rest), Decimal(0)):+f}")
    return f"{label} {moved} by {abs(amount):f}{': ' if told else ''}{', '.join(told)}."
