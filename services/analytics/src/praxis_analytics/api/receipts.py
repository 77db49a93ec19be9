"""The receipt RPCs that look behind figures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from praxis.analytics.v1 import receipt_service_pb2, receipt_service_pb2_grpc
from praxis_analytics.api import convert
from praxis_analytics.domain import periods
from praxis_analytics.domain.questions import Order, Question, from_canonical
from praxis_analytics.domain.registry.model import Computed, Metric, Part
from praxis_analytics.queries.answers import State, answer, state_at
from praxis_analytics.queries.ask import ReceiptBook, small_cells, visible
from praxis_analytics.queries.drill import (
    Cell,
    Difference,
    DrillRow,
    differences,
    drill,
    totals,
)
from praxis_analytics.storage.disclosures import disclose
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.caller import current, may
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import InvalidInput, NotFound
from praxis_chassis.records import ReadAudit

_PAGE = 100
_READ_MS = 30_000


class ReceiptServicer(receipt_service_pb2_grpc.ReceiptServiceServicer):
    """Opens receipts of the caller's practice."""

    def __init__(self, database: Database, book: ReceiptBook, reads: ReadAudit) -> None:
        self._database = database
        self._book = book
        self._reads = reads

    async def ListReceiptRows(  # noqa: N802
        self, request: receipt_service_pb2.ListReceiptRowsRequest, context: Any
    ) -> receipt_service_pb2.ListReceiptRowsResponse:
        """Rows behind a figure."""
        question, revision = await self._open(request.receipt)
        metric = _metric(question, request.field)
        part = _part(metric, request.component)
        cell = _cell(question, request)
        size = request.page_size if request.HasField("page_size") else _PAGE
        offset = int(request.page_token or 0)
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id, _READ_MS) as connection:
            state = await _state(connection, practice_id, question, revision)
            rows = await drill(connection, question, part, state, cell, size + 1, offset)
            count, amount = await totals(connection, question, part, state, cell)
        shown = [uuid.UUID(row.patient_id) for row in rows[:size] if row.patient_id]
        async with self._database.write(practice_id) as connection:
            what = ("receipt", request.receipt)
            await disclose(connection, "receipt.rows", what, shown, [metric.id])
        return receipt_service_pb2.ListReceiptRowsResponse(
            metric=convert.metric_use(metric),
            component=receipt_service_pb2.DrillComponent(
                name=part.id,
                description=part.description,
                rows=count,
                value=None if part.adds == "value" else format(amount, "f"),
            ),
            components=[each.id for each in metric.parts],
            rows=map(_row, rows[:size]),
            next_page_token=str(offset + size) if len(rows) > size else "",
            as_of=convert.as_of(state),
        )

    async def GetReceiptDifference(  # noqa: N802
        self, request: receipt_service_pb2.GetReceiptDifferenceRequest, context: Any
    ) -> receipt_service_pb2.ReceiptDifference:
        """How figures moved since."""
        self._reads.check()
        question, revision = await self._open(request.receipt)
        asked = [_metric(question, request.field)] if request.field else question.uses
        cell = _cell(question, request)
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id, _READ_MS) as connection:
            practice = await get_practice(connection, practice_id)
            then = await _state(connection, practice_id, question, revision)
            now = await _state(connection, practice_id, question, None)
            message = receipt_service_pb2.ReceiptDifference(
                as_of=convert.as_of(then), as_of_now=convert.as_of(now)
            )
            small = small_cells(practice)
            for metric in asked:
                found = await _moved(connection, question, metric, cell, (then, now), small)
                message.figures.append(found)
        self._reads.note("receipt.difference", "receipt", request.receipt)
        return message

    async def _open(self, receipt: str) -> tuple[Question, int]:
        opened = await self._book.open(current().caller.practice_id, receipt)
        question = from_canonical(opened[0]) if opened else None
        if opened is None or question is None or not visible(question):
            raise NotFound("no such receipt")
        return question, opened[1]


async def _state(
    connection: Connection, practice_id: uuid.UUID, question: Question, revision: int | None
) -> State:
    practice = await get_practice(connection, practice_id)
    return await state_at(connection, practice, revision, question.today, question.subjects)


def _metric(question: Question, field: str) -> Metric:
    names = ", ".join(question.metrics)
    if not field and len(question.metrics) > 1:
        raise InvalidInput.of("field", f"is needed: the receipt has {names}")
    for metric in question.uses:
        if field in ("", metric.id):
            return metric
    raise InvalidInput.of("field", f"the receipt has {names}")


def _part(metric: Metric, component: str) -> Part:
    for part in metric.parts:
        if component in ("", part.id):
            return part
    names = ", ".join(part.id for part in metric.parts) or "no component"
    raise InvalidInput.of("component", f"{metric.id} has {names}")


_OfCell = (
    receipt_service_pb2.ListReceiptRowsRequest | receipt_service_pb2.GetReceiptDifferenceRequest
)


def _cell(question: Question, request: _OfCell) -> Cell:
    keys = tuple(request.keys)
    if keys and len(keys) != len(question.dimensions):
        wanted = ", ".join(question.dimensions) or "no dimension"
        raise InvalidInput.of("keys", f"one value for each of the question's: {wanted}")
    return Cell(_bucket(question, request), keys)


def _bucket(question: Question, request: _OfCell) -> date | None:
    if not request.HasField("bucket"):
        return None
    if not question.grain:
        raise InvalidInput.of("bucket", "the receipt's question has no buckets")
    try:
        return periods.parse_date("bucket", request.bucket)
    except periods.PeriodError as error:
        raise InvalidInput.of(error.field, error.message) from error


def _row(row: DrillRow) -> receipt_service_pb2.DrillRow:
    return receipt_service_pb2.DrillRow(
        id=row.id,
        amount=format(row.adds, "f"),
        date=row.day.isoformat() if row.day else None,
        provider=row.provider,
        payer=row.payer,
        source_system=row.source[0],
        source_id=row.source[1],
        patient_id=row.patient_id or None,
        patient_name=row.patient or None,
        details=row.told,
    )


async def _moved(
    connection: Connection,
    question: Question,
    metric: Metric,
    cell: Cell,
    states: tuple[State, State],
    small: int,
) -> receipt_service_pb2.FigureMove:
    """One metric of a cell, or of the whole period, at both states, and why it moved."""
    asked = replace(
        question,
        metrics=(metric.id,),
        variants=tuple(one for one in question.variants if one[0] == metric.id),
        dimensions=question.dimensions if cell.keys else (),
        grain=question.grain if cell.bucket else "",
        order=Order(),
        comparison=None,
        limit=0,
    )
    then, now = [await _figure(connection, asked, cell, state, small) for state in states]
    move = None if then.value is None or now.value is None else now.value - then.value
    message = receipt_service_pb2.FigureMove(
        metric=convert.metric_use(metric),
        figure=convert.figure(then),
        figure_now=convert.figure(now),
        difference=None if move is None else format(move, "f"),
    )
    told: list[Difference] = []
    if may(current().caller, "PERMISSION_READ_PATIENTS"):
        for part in metric.parts:
            found = await differences(connection, asked, part, cell, *states)
            message.components.append(_component(part, found))
            told += found or []
    message.sentence = _sentence(move, told)
    return message


async def _figure(
    connection: Connection, question: Question, cell: Cell, state: State, small: int
) -> Computed:
    found = await answer(connection, question, state, small, also=cell.keys)
    for row in found.rows:
        if (row.bucket, row.keys) == (cell.bucket, cell.keys):
            return row.figures[0]
    raise InvalidInput.of("bucket", "no bucket of the receipt's question begins then")


def _component(
    part: Part, found: Sequence[Difference] | None
) -> receipt_service_pb2.ComponentDifference:
    total = None if found is None else sum((each.amount for each in found), Decimal(0))
    return receipt_service_pb2.ComponentDifference(
        name=part.id,
        description=part.description,
        amount=None if total is None else format(total, "f"),
        reasons=[
            receipt_service_pb2.DifferenceReason(
                reason=each.reason, rows=each.rows, amount=format(each.amount, "f")
            )
            for each in found or ()
        ],
    )


_WORDS = {
    "new": "{} new",
    "late": "{} came late",
    "corrected": "{} corrected",
    "voided": "{} voided",
}


def _sentence(move: Decimal | None, reasons: Sequence[Difference]) -> str:
    """`+312.00: 4 came late, 1 voided.`"""
    if move is None:
        return "One of the two figures is absent, so there is no difference to tell."
    counts: dict[str, int] = {}
    for each in reasons:
        counts[each.reason] = counts.get(each.reason, 0) + each.rows
    said = ", ".join(words.format(counts[name]) for name, words in _WORDS.items() if name in counts)
    if not move:
        return f"No difference today{f', though facts moved: {said}' if said else ''}."
    return f"{move:+f}{f': {said}' if said else ''}."
