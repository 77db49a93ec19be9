"""Everything a run needs from analytics, gathered at one revision."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from praxis.analytics.v1 import (
    answer_pb2,
    insight_service_pb2,
    measure_pb2,
    measure_service_pb2,
    practice_pb2,
)
from praxis.report.v1 import report_pb2
from praxis_chassis.caller import Caller, demand
from praxis_report.application.analytics import Analytics
from praxis_report.application.parameters import period_of, resolved
from praxis_report.application.plans import (
    Asked,
    Catalogue,
    Plan,
    ask_request,
    groupings_of,
    plan,
)
from praxis_report.application.sql_rows import Spool, SqlRows, all_rows, first_rows
from praxis_report.domain.report_types import PATIENTS, ReportType

WORK_ROWS = 2_000
_WORK_PAGE = 500


@dataclass(frozen=True)
class Gathered:
    """Answers by question, and what else a type of report rests on.

    `parameters` are the resolved ones, which make a rerun the same; `work` are the rows of its
    work list, first ones first, where rows about patients are wanted.
    """

    plan: Plan
    parameters: report_pb2.ReportParameters
    catalogue: Catalogue
    practice: practice_pb2.Practice
    as_of: answer_pb2.AsOf
    answers: Mapping[Asked, answer_pb2.Answer]
    measures: measure_pb2.MeasureResults | None = None
    sql: SqlRows | None = None
    work: Sequence[insight_service_pb2.WorkItem] | None = None


async def gather(
    analytics: Analytics,
    kind: ReportType,
    parameters: report_pb2.ReportParameters,
    behalf: Caller,
    spool: Spool | None = None,
) -> Gathered:
    """Asks for a report in the name of `behalf`; `spool` takes the rows of SQL, of which there
    are only the first ones without it.

    Raises: Forbidden when the figures of this type are not theirs; what analytics answers;
    OSError when the disk does not take the rows.
    """
    demand(behalf, kind.permission)
    catalogue, span, practice = await asyncio.gather(
        analytics.catalogue(behalf),
        analytics.resolve(period_of(parameters), behalf),
        analytics.practice(behalf),
    )
    if parameters.HasField("today"):
        span.today = parameters.today
    planned = plan(kind, parameters, catalogue, behalf)
    by = groupings_of(kind, parameters)
    if parameters.HasField("sql"):
        asked = analytics, parameters.sql, behalf
        rows = await (all_rows(*asked, spool) if spool else first_rows(*asked))
        fixed = resolved(parameters, span, rows.as_of.revision, by)
        return Gathered(planned, fixed, catalogue, practice, rows.as_of, {}, sql=rows)
    # The practice's newest revision may be older than that of the answers, never newer.
    revision = parameters.revision if parameters.HasField("revision") else practice.revision
    fixed = resolved(parameters, span, revision, by)
    response, measures, work = await asyncio.gather(
        analytics.ask(ask_request(planned, fixed, _fixed_period(fixed)), behalf),
        _measures(analytics, kind, fixed, behalf),
        _work(analytics, kind, fixed, behalf),
    )
    as_of = response.answers[0].as_of
    answers = dict(zip(planned.questions, response.answers, strict=True))
    return Gathered(planned, fixed, catalogue, practice, as_of, answers, measures, None, work)


async def _measures(
    analytics: Analytics, kind: ReportType, fixed: report_pb2.ReportParameters, behalf: Caller
) -> measure_pb2.MeasureResults | None:
    if not kind.measures:
        return None
    request = measure_service_pb2.EvaluateMeasuresRequest(
        period=_fixed_period(fixed), revision=fixed.revision
    )
    return await analytics.measures(request, behalf)


async def _work(
    analytics: Analytics, kind: ReportType, fixed: report_pb2.ReportParameters, behalf: Caller
) -> list[insight_service_pb2.WorkItem] | None:
    """The first rows of the work list at the revision, read for the purpose of the run."""
    if not (kind.work and fixed.phi_level > report_pb2.PHI_LEVEL_AGGREGATE):
        return None
    demand(behalf, PATIENTS)
    named = replace(behalf, purpose=fixed.purpose)
    request = insight_service_pb2.ListWorkItemsRequest(
        work_list_id=kind.work, page_size=_WORK_PAGE, revision=fixed.revision, today=fixed.today
    )
    items: list[insight_service_pb2.WorkItem] = []
    while len(items) < WORK_ROWS:
        page = await analytics.work_items(request, named)
        items.extend(page.items)
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    return items


def _fixed_period(fixed: report_pb2.ReportParameters) -> answer_pb2.Period:
    return answer_pb2.Period(
        start_date=fixed.start_date,
        end_date=fixed.end_date,
        comparison_start_date=fixed.comparison_start_date,
        comparison_end_date=fixed.comparison_end_date,
    )
