"""What callers were shown: told to whoever may keep an answer, recorded when it is shown again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from praxis.analytics.v1 import read_pb2
from praxis_analytics.domain.receipts import PATH
from praxis_analytics.queries.answers import Answer
from praxis_analytics.queries.ask import READ
from praxis_chassis.caller import current, enter
from praxis_chassis.records import ReadAudit

_KEY = "praxis-shown-bin"
# A header that is too long fails the call it belongs to.
_BYTES_MOST = 4_000


def tell(context: Any, answers: Sequence[Answer], receipts: Sequence[str]) -> None:
    """Says that the answer to this call may be kept, and what it shows.

    Only of answers at the newest revision is it known when they are not true any more.
    """
    shown = read_pb2.Shown(
        answers=[
            read_pb2.ShownAnswer(receipt=receipt.removeprefix(PATH), fields=one.question.metrics)
            for one, receipt in zip(answers, receipts, strict=True)
        ]
    )
    if all(one.state.newest for one in answers) and shown.ByteSize() <= _BYTES_MOST:
        context.set_trailing_metadata(((_KEY, shown.SerializeToString()),))


def record(reads: ReadAudit, request: read_pb2.RecordReadsRequest) -> None:
    """Notes kept answers as read by the current caller. Raises: DependencyDown."""
    reads.check()
    call = current()
    for read in request.reads:
        enter(replace(call, request_id=read.request_id))
        for one in read.shown.answers:
            at = read.at.ToDatetime(UTC)
            reads.note(READ, "receipt", one.receipt, fields=list(one.fields), at=at)
    enter(call)
