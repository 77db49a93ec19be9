"""Exports: a custom report defined and run in one request, with as much waiting as it may have."""

from __future__ import annotations

import asyncio
import re
import uuid
from contextlib import aclosing

from praxis.report.v1 import report_export_pb2, report_pb2, report_service_pb2
from praxis_chassis.caller import current
from praxis_chassis.errors import InvalidInput, Violation, WrongState
from praxis_report.application.analytics import Analytics
from praxis_report.application.executions import Starter
from praxis_report.application.plans import Catalogue
from praxis_report.application.reports import create_report
from praxis_report.application.watching import Watchers
from praxis_report.domain.report_types import REPORT_TYPES
from praxis_report.storage.reports import Record

_WAIT_S = 8.0
_ANSWER_S = 1.0  # of the time that the caller has left, what stays for the answer
_DATE = re.compile(r"^parameters\.(?=\w+_date$)")
_OTHER_NAMES = {
    "appointments": "appointment_statistics",
    "patients": "patient_demographics",
    "providers": "provider_productivity",
    "staff": "staff_productivity",
    "tasks": "task_completion",
    "documents": "document_status",
}


async def start_export(
    starter: Starter, request: report_export_pb2.ExportRequest
) -> tuple[Record, bool]:
    """Defines the report and queues its run. Returns it, and True when an earlier request had.

    Raises: as defining and running a report do.
    """
    wanted = await _definition(starter.analytics, request)
    try:
        report, _ = await create_report(starter.database, starter.analytics, wanted)
    except InvalidInput as error:
        raise _in_its_words(error) from error
    run = report_service_pb2.ExecuteReportRequest(report_id=str(report["id"]))
    return await starter.execute(run)


async def finished(watchers: Watchers, execution_id: uuid.UUID) -> Record | None:
    """The run once it has completed; None when it takes longer than a request may wait.

    Raises: WrongState with what it failed with.
    """
    wait_s = min(_WAIT_S, current().remaining_s() - _ANSWER_S)
    try:
        async with asyncio.timeout(wait_s), aclosing(watchers.watch(execution_id)) as states:
            async for record, _ in states:
                if record["status"] == "completed":
                    return record
                if record["status"] in ("failed", "cancelled"):
                    why = record["error_message"] or "it was cancelled"
                    raise WrongState(f"the export ended without a file: {why}")
    except TimeoutError:
        pass
    return None


def _in_its_words(error: InvalidInput) -> InvalidInput:
    """The same, with the fields called as an export calls them."""
    found = [
        Violation(_DATE.sub("date_range.", v.field).removeprefix("parameters."), v.description)
        for v in error.violations
    ]
    return type(error)("; ".join(f"{v.field}: {v.description}" for v in found), found)


async def _definition(
    analytics: Analytics, request: report_export_pb2.ExportRequest
) -> report_service_pb2.CreateReportRequest:
    """The custom report that says what is to be exported."""
    metrics, by, title = _figures(request.metric_type, await analytics.catalogue())
    dates = request.date_range
    parameters = report_pb2.ReportParameters(
        start_date=dates.start_date,
        end_date=dates.end_date,
        metrics=metrics,
        group_by=by,
        include_charts=request.include_charts,
    )
    for field in ("comparison_start_date", "comparison_end_date"):
        if dates.HasField(field):
            setattr(parameters, field, getattr(dates, field))
    if request.HasField("filters"):
        parameters.filters.CopyFrom(request.filters)
    return report_service_pb2.CreateReportRequest(
        report_type=report_pb2.REPORT_TYPE_CUSTOM,
        name=f"Export: {title}",
        format=request.format,
        parameters=parameters,
    )


def _figures(metric_type: str, catalogue: Catalogue) -> tuple[list[str], list[str], str]:
    """Metrics, what they are split by, and what people call them together."""
    kind = REPORT_TYPES.get(_OTHER_NAMES.get(metric_type, metric_type))
    if kind is not None and kind.columns:
        by = kind.groupings[0]
        return [one for one in kind.columns if catalogue.splits(one, by)], [by], kind.title
    if metric_type in catalogue.metrics:
        by_time = catalogue.metrics[metric_type].by_time
        return [metric_type], ["month"] if by_time else [], catalogue.metrics[metric_type].label
    types = (kind.name for kind in REPORT_TYPES.values() if kind.columns)
    known = ", ".join(dict.fromkeys((*_OTHER_NAMES, *types)))
    raise InvalidInput.of("metric_type", f"is not known; {known} are, and every metric is")
