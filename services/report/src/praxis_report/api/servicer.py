"""The report service's RPCs."""

from __future__ import annotations

import asyncio
import base64
import binascii
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from praxis.report.v1 import (
    report_execution_pb2,
    report_export_pb2,
    report_pb2,
    report_service_pb2,
    report_service_pb2_grpc,
    report_type_pb2,
)
from praxis_chassis.caller import current
from praxis_chassis.errors import InvalidInput
from praxis_chassis.idempotency import mark_replayed
from praxis_chassis.records import ReadAudit
from praxis_report.api import convert
from praxis_report.application.access import View, found
from praxis_report.application.codes import format_name, status_name, type_name
from praxis_report.application.comparing import compare
from praxis_report.application.downloads import Downloads
from praxis_report.application.executions import Starter, cancel_run
from praxis_report.application.exports import finished, start_export
from praxis_report.application.previews import preview
from praxis_report.application.reports import (
    create_report,
    delete_report,
    update_report,
)
from praxis_report.application.types import list_types
from praxis_report.application.watching import Watchers
from praxis_report.storage import reports as store
from praxis_report.storage.reports import Record

_PAGE = 50


def _now() -> datetime:
    return datetime.now(UTC)


class ReportServicer(report_service_pb2_grpc.ReportServiceServicer):
    """Reports of the caller's practice."""

    def __init__(
        self,
        starter: Starter,
        downloads: Downloads,
        watchers: Watchers,
        reads: ReadAudit,
        wake: asyncio.Event,
    ) -> None:
        self._database = starter.database
        self._starter = starter
        self._downloads = downloads
        self._watchers = watchers
        self._reads = reads
        self._wake = wake

    def _report(self, record: Record) -> report_pb2.Report:
        return convert.report(record, self._downloads.files, _now())

    def _execution(
        self, record: Record, share_id: uuid.UUID | None = None
    ) -> report_execution_pb2.ReportExecution:
        return convert.execution(record, self._downloads.links, _now(), share_id)

    async def CreateReport(  # noqa: N802
        self, request: report_service_pb2.CreateReportRequest, context: Any
    ) -> report_pb2.Report:
        """Defines a report."""
        record, replayed = await create_report(self._database, self._starter.analytics, request)
        if replayed:
            mark_replayed(context)
        return self._report(record)

    async def PreviewReport(  # noqa: N802
        self, request: report_service_pb2.PreviewReportRequest, context: Any
    ) -> report_service_pb2.ReportPreview:
        """A report as it would look now."""
        found = await preview(self._starter.analytics, request)
        self._reads.note("report.preview", "report", type_name(request.report_type))
        message = report_service_pb2.ReportPreview(
            row_count=found.row_count, cut_short=found.cut_short, parameters=found.parameters
        )
        message.document.update(found.document)
        return message

    async def GetReport(  # noqa: N802
        self, request: report_service_pb2.GetReportRequest, context: Any
    ) -> report_pb2.Report:
        """One report."""
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            row = await store.get_report(connection, practice_id, uuid.UUID(request.report_id))
            record = found(row, "report")
            view = await View.of_caller(connection)
        view.share_of(record, record["id"])
        self._reads.note("report.read", "report", request.report_id)
        return self._report(record)

    async def UpdateReport(  # noqa: N802
        self, request: report_service_pb2.UpdateReportRequest, context: Any
    ) -> report_pb2.Report:
        """Changes a report."""
        record = await update_report(self._database, self._starter.analytics, request)
        return self._report(record)

    async def DeleteReport(  # noqa: N802
        self, request: report_service_pb2.DeleteReportRequest, context: Any
    ) -> report_service_pb2.DeleteReportResponse:
        """Deletes a report."""
        await delete_report(self._database, request)
        return report_service_pb2.DeleteReportResponse()

    async def GetReportStats(  # noqa: N802
        self, request: report_service_pb2.GetReportStatsRequest, context: Any
    ) -> report_service_pb2.ReportStats:
        """Reports counted."""
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            view = await View.of_caller(connection)
            rows = await store.count_reports(connection, practice_id, view.filters)
        self._reads.note("report.list", "report", "*")
        return convert.stats(rows)

    async def ListReports(  # noqa: N802
        self, request: report_service_pb2.ListReportsRequest, context: Any
    ) -> report_service_pb2.ListReportsResponse:
        """A page of reports."""
        practice_id = current().caller.practice_id
        after = _open_page_token(request.page_token) if request.page_token else None
        limit = request.page_size or request.limit or _PAGE
        filters = {
            "report_type": type_name(request.report_type) if request.report_type else None,
            "status": status_name(request.status) if request.status else None,
            "format": format_name(request.format) if request.format else None,
            "templates_only": request.templates_only,
        }
        async with self._database.read(practice_id) as connection:
            # One more than asked for tells whether another page follows.
            view = await View.of_caller(connection)
            rows, total = await store.list_reports(
                connection, practice_id, filters | view.filters, request.skip, limit + 1, after
            )
        page = rows[:limit]
        self._reads.note("report.list", "report", "*")
        response = report_service_pb2.ListReportsResponse(
            items=[self._report(row) for row in page],
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=len(rows) > limit,
        )
        if len(rows) > limit:
            response.next_page_token = _page_token(page[-1])
        return response

    async def ExecuteReport(  # noqa: N802
        self, request: report_service_pb2.ExecuteReportRequest, context: Any
    ) -> report_execution_pb2.ReportExecution:
        """Queues a run."""
        record, replayed = await self._starter.execute(request)
        return self._queued(record, replayed, context)

    async def ListReportTypes(  # noqa: N802
        self, request: report_type_pb2.ListReportTypesRequest, context: Any
    ) -> report_type_pb2.ListReportTypesResponse:
        """What there is."""
        types = await list_types(self._starter.analytics)
        return report_type_pb2.ListReportTypesResponse(items=types)

    async def ExportAnalytics(  # noqa: N802
        self, request: report_export_pb2.ExportRequest, context: Any
    ) -> report_export_pb2.ExportResponse:
        """Figures as a file."""
        started, replayed = await start_export(self._starter, request)
        execution = self._queued(started, replayed, context)
        done = await finished(self._watchers, started["id"])
        return convert.export(self._execution(done) if done else execution)

    async def RerunReportExecution(  # noqa: N802
        self, request: report_service_pb2.RerunReportExecutionRequest, context: Any
    ) -> report_execution_pb2.ReportExecution:
        """Queues a run like an earlier one."""
        record, replayed = await self._starter.rerun(request)
        return self._queued(record, replayed, context)

    async def RetryReportExecution(  # noqa: N802
        self, request: report_service_pb2.RetryReportExecutionRequest, context: Any
    ) -> report_execution_pb2.ReportExecution:
        """Queues a run like one that broke off."""
        record, replayed = await self._starter.retry(request)
        return self._queued(record, replayed, context)

    async def CancelReportExecution(  # noqa: N802
        self, request: report_service_pb2.CancelReportExecutionRequest, context: Any
    ) -> report_execution_pb2.ReportExecution:
        """Stops a run."""
        return self._execution(await cancel_run(self._database, request))

    async def WatchReportExecution(  # noqa: N802
        self, request: report_service_pb2.WatchReportExecutionRequest, context: Any
    ) -> AsyncIterator[report_execution_pb2.ReportExecution]:
        """A run as it goes on."""
        self._reads.note("execution.watch", "execution", request.execution_id)
        async with aclosing(self._watchers.watch(uuid.UUID(request.execution_id))) as states:
            async for record, share_id in states:
                yield self._execution(record, share_id)

    async def CompareReportExecutions(  # noqa: N802
        self, request: report_service_pb2.CompareReportExecutionsRequest, context: Any
    ) -> report_service_pb2.ReportComparison:
        """Two runs side by side."""
        first, second, message = await compare(self._database, self._starter.analytics, request)
        self._reads.note("execution.compare", "execution", request.execution_id)
        self._reads.note("execution.compare", "execution", request.other_execution_id)
        message.first.CopyFrom(self._execution(first))
        message.second.CopyFrom(self._execution(second))
        return message

    def _queued(
        self, record: Record, replayed: bool, context: Any
    ) -> report_execution_pb2.ReportExecution:
        if replayed:
            mark_replayed(context)
        self._wake.set()
        return self._execution(record)

    async def GetReportExecution(  # noqa: N802
        self, request: report_service_pb2.GetReportExecutionRequest, context: Any
    ) -> report_execution_pb2.ReportExecution:
        """One execution."""
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            row = await store.get_execution(
                connection, practice_id, uuid.UUID(request.execution_id)
            )
            record = found(row, "execution")
            view = await View.of_caller(connection)
        share_id = view.share_of(record, record["report_id"])
        self._reads.note("execution.read", "execution", request.execution_id)
        return self._execution(record, share_id)

    async def ListReportExecutions(  # noqa: N802
        self, request: report_service_pb2.ListReportExecutionsRequest, context: Any
    ) -> report_service_pb2.ListReportExecutionsResponse:
        """A page of executions."""
        practice_id, limit = current().caller.practice_id, request.limit or _PAGE
        filters = {
            "report_id": request.report_id or None,
            "status": status_name(request.status) if request.status else None,
        }
        async with self._database.read(practice_id) as connection:
            view = await View.of_caller(connection)
            rows, total = await store.list_executions(
                connection, practice_id, filters | view.filters, request.skip, limit
            )
        self._reads.note("execution.list", "execution", "*")
        return report_service_pb2.ListReportExecutionsResponse(
            items=[self._execution(row, view.share_of(row, row["report_id"])) for row in rows],
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=request.skip + len(rows) < total,
        )

    async def DownloadReportExecution(  # noqa: N802
        self, request: report_service_pb2.DownloadReportExecutionRequest, context: Any
    ) -> AsyncIterator[report_service_pb2.DownloadReportExecutionResponse]:
        """The file behind a link."""
        opened = await self._downloads.open(request)
        record = opened.record
        yield report_service_pb2.DownloadReportExecutionResponse(
            file_name=record["file_name"],
            content_type=opened.media_type,
            file_size=record["file_size"],
            sha256=record["sha256"],
        )
        if opened.first:
            yield report_service_pb2.DownloadReportExecutionResponse(data=opened.first)
        async for piece in opened.rest:
            yield report_service_pb2.DownloadReportExecutionResponse(data=piece)


def _page_token(record: Record) -> str:
    text = f"{record['created_at'].isoformat()}|{record['id']}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _open_page_token(token: str) -> tuple[datetime, uuid.UUID]:
    try:
        at, _, report_id = base64.urlsafe_b64decode(token.encode()).decode().partition("|")
        return datetime.fromisoformat(at), uuid.UUID(report_id)
    except (binascii.Error, ValueError):
        raise InvalidInput.of("page_token", "is not one that a page gave out") from None
