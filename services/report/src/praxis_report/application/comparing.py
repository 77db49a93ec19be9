"""Two runs side by side: the same questions, each at its run's revision, and what differs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal

from praxis.analytics.v1 import answer_pb2
from praxis.report.v1 import report_pb2, report_service_pb2
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput, WrongState
from praxis_report.application.access import seen
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import parameters_from_json
from praxis_report.application.gathering import gather
from praxis_report.application.plans import groupings_of
from praxis_report.application.reports import built_type
from praxis_report.storage import reports
from praxis_report.storage.reports import Record

_MOST = 1000
Figures = dict[tuple[int, str, str], str | None]


async def compare(
    database: Database,
    analytics: Analytics,
    request: report_service_pb2.CompareReportExecutionsRequest,
) -> tuple[Record, Record, report_service_pb2.ReportComparison]:
    """Both runs and their comparison, its runs still to be filled in.

    Raises: NotFound, WrongState, InvalidInput, and what asking raises.
    """
    first = await _run(database, request.execution_id)
    second = await _run(database, request.other_execution_id)
    if first["report_type"] != second["report_type"]:
        raise InvalidInput.of("other_execution_id", "is a run of another type of report")
    if _grouping(first) != _grouping(second):
        raise InvalidInput.of("other_execution_id", "is grouped in another way")
    before, after = await _answers(analytics, first), await _answers(analytics, second)
    message = report_service_pb2.ReportComparison(first_answers=before, second_answers=after)
    differing = list(_differences(_figures(before), _figures(after)))
    message.difference_count = len(differing)
    message.differences.extend(differing[:_MOST])
    return first, second, message


async def _run(database: Database, execution_id: str) -> Record:
    practice_id = current().caller.practice_id
    async with database.read(practice_id) as connection:
        found = await reports.get_execution(connection, practice_id, uuid.UUID(execution_id))
    record = seen(found, "execution")
    if record["revision"] is None:
        raise WrongState("a run without a revision cannot be compared")
    return record


def _parameters(record: Record) -> report_pb2.ReportParameters:
    return parameters_from_json(record["parameters"])


def _grouping(record: Record) -> tuple[str, ...]:
    return groupings_of(built_type(record["report_type"]), _parameters(record))


async def _answers(analytics: Analytics, record: Record) -> list[answer_pb2.Answer]:
    kind, parameters = built_type(record["report_type"]), _parameters(record)
    # In the name of whoever compares: figures that they may not see are left out.
    found = await gather(analytics, kind, parameters, current().caller)
    return list(found.answers.values())


def _figures(answers: Sequence[answer_pb2.Answer]) -> Figures:
    """(question, row, metric) → value."""
    return {
        (index, _row_name(row), metric.id): figure.value if figure.HasField("value") else None
        for index, answer in enumerate(answers)
        for row in answer.rows
        for metric, figure in zip(answer.metrics, row.figures, strict=True)
    }


def _row_name(row: answer_pb2.AnswerRow) -> str:
    """Bucket and group, as people call them; the key where two share a name."""
    group = row.label or row.key if row.HasField("key") else ""
    return " · ".join(part for part in (row.bucket, group) if part)


def _differences(before: Figures, after: Figures) -> Iterator[report_service_pb2.FigureDifference]:
    # Rows of the first run in its order, then those that only the second has.
    for place in dict.fromkeys([*before, *after]):
        first, second = before.get(place), after.get(place)
        if first == second:
            continue
        question, row, metric = place
        one = report_service_pb2.FigureDifference(question=question, row=row, metric=metric)
        if first is not None:
            one.first_value = first
        if second is not None:
            one.second_value = second
        if first is not None and second is not None:
            one.difference = str(Decimal(second) - Decimal(first))
        yield one
