"""The RPCs of shares, the download centre and legal holds."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from praxis.report.v1 import (
    report_access_service_pb2,
    report_access_service_pb2_grpc,
    report_execution_pb2,
)
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.idempotency import mark_replayed
from praxis_chassis.records import ReadAudit
from praxis_report.api import convert
from praxis_report.application import expiry, shares
from praxis_report.application.access import View, seen
from praxis_report.application.downloads import Downloads
from praxis_report.storage import files as file_store
from praxis_report.storage import reports as store
from praxis_report.storage import shares as share_store
from praxis_report.storage.reports import Record

_PAGE = 50


class ReportAccessServicer(report_access_service_pb2_grpc.ReportAccessServiceServicer):
    """Who may fetch files of the caller's practice, who did, and what keeps them."""

    def __init__(self, database: Database, downloads: Downloads, reads: ReadAudit) -> None:
        self._database = database
        self._downloads = downloads
        self._reads = reads

    def _execution(
        self, record: Record, share_id: uuid.UUID | None = None
    ) -> report_execution_pb2.ReportExecution:
        return convert.execution(record, self._downloads.links, datetime.now(UTC), share_id)

    async def CreateReportShare(  # noqa: N802
        self, request: report_access_service_pb2.CreateReportShareRequest, context: Any
    ) -> report_access_service_pb2.ReportShare:
        """Gives a report away."""
        record, replayed = await shares.create_share(self._database, request)
        if replayed:
            mark_replayed(context)
        return convert.share(record, datetime.now(UTC))

    async def GetReportShare(  # noqa: N802
        self, request: report_access_service_pb2.GetReportShareRequest, context: Any
    ) -> report_access_service_pb2.ReportShare:
        """One share."""
        practice_id, share_id = current().caller.practice_id, uuid.UUID(request.share_id)
        async with self._database.read(practice_id) as connection:
            row = await share_store.get_share(connection, practice_id, share_id)
        record = seen(row, "share")
        self._reads.note("share.read", "share", request.share_id)
        return convert.share(record, datetime.now(UTC))

    async def ListReportShares(  # noqa: N802
        self, request: report_access_service_pb2.ListReportSharesRequest, context: Any
    ) -> report_access_service_pb2.ListReportSharesResponse:
        """A report's shares."""
        practice_id, report_id = current().caller.practice_id, uuid.UUID(request.report_id)
        async with self._database.read(practice_id) as connection:
            seen(await store.get_report(connection, practice_id, report_id), "report")
            rows = await share_store.list_shares(connection, practice_id, report_id)
        self._reads.note("share.list", "report", request.report_id)
        now = datetime.now(UTC)
        return report_access_service_pb2.ListReportSharesResponse(
            items=[convert.share(row, now) for row in rows]
        )

    async def DeleteReportShare(  # noqa: N802
        self, request: report_access_service_pb2.DeleteReportShareRequest, context: Any
    ) -> report_access_service_pb2.DeleteReportShareResponse:
        """Takes a share back."""
        await shares.revoke_share(self._database, request)
        return report_access_service_pb2.DeleteReportShareResponse()

    async def ListReportFiles(  # noqa: N802
        self, request: report_access_service_pb2.ListReportFilesRequest, context: Any
    ) -> report_access_service_pb2.ListReportFilesResponse:
        """The download centre."""
        practice_id, limit = current().caller.practice_id, request.limit or _PAGE
        filters: Record = {"report_id": request.report_id or None, "now": datetime.now(UTC)}
        async with self._database.read(practice_id) as connection:
            view = await View.of_caller(connection)
            rows, total = await file_store.list_files(
                connection, practice_id, filters | view.filters, request.skip, limit
            )
            ids = [row["id"] for row in rows]
            readers = await file_store.readers(connection, practice_id, ids)
        self._reads.note("file.list", "execution", "*")
        items = [
            report_access_service_pb2.ReportFile(
                report_name=row["definition"]["name"],
                execution=self._execution(row, view.share_of(row, row["report_id"])),
                downloaded_by=convert.readers(readers, row["id"]),
                storage_backend=convert.backend(self._downloads.files),
            )
            for row in rows
        ]
        return report_access_service_pb2.ListReportFilesResponse(
            items=items,
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=request.skip + len(rows) < total,
        )

    async def HoldReportExecution(  # noqa: N802
        self, request: report_access_service_pb2.HoldReportExecutionRequest, context: Any
    ) -> report_execution_pb2.ReportExecution:
        """Keeps a file from being deleted."""
        return self._execution(await expiry.hold(self._database, request))

    async def ReleaseReportExecution(  # noqa: N802
        self, request: report_access_service_pb2.ReleaseReportExecutionRequest, context: Any
    ) -> report_execution_pb2.ReportExecution:
        """Lets a file go again."""
        return self._execution(await expiry.release(self._database, request))
