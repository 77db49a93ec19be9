"""The RPCs of templates."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from praxis.report.v1 import report_pb2, report_template_service_pb2_grpc
from praxis.report.v1 import report_template_service_pb2 as rpc
from praxis_chassis.database import Database
from praxis_chassis.idempotency import mark_replayed
from praxis_chassis.records import ReadAudit
from praxis_report.api import convert
from praxis_report.application import templates
from praxis_report.application.analytics import Analytics
from praxis_report.blobs.files import Files


class ReportTemplateServicer(report_template_service_pb2_grpc.ReportTemplateServiceServicer):
    """Templates of the caller's practice, and the starter set."""

    def __init__(
        self, database: Database, analytics: Analytics, files: Files, reads: ReadAudit
    ) -> None:
        self._database = database
        self._analytics = analytics
        self._files = files
        self._reads = reads

    async def CreateReportTemplate(  # noqa: N802
        self, request: rpc.CreateReportTemplateRequest, context: Any
    ) -> rpc.ReportTemplate:
        """Saves a report as a template."""
        record, replayed = await templates.save_template(self._database, request)
        if replayed:
            mark_replayed(context)
        return convert.template(record)

    async def GetReportTemplate(  # noqa: N802
        self, request: rpc.GetReportTemplateRequest, context: Any
    ) -> rpc.ReportTemplate:
        """One template."""
        record = await templates.get_template(self._database, uuid.UUID(request.template_id))
        self._reads.note("template.read", "report", request.template_id)
        return convert.template(record)

    async def ListReportTemplates(  # noqa: N802
        self, request: rpc.ListReportTemplatesRequest, context: Any
    ) -> rpc.ListReportTemplatesResponse:
        """Templates by name."""
        rows = await templates.list_templates(self._database)
        self._reads.note("template.list", "report", "*")
        return rpc.ListReportTemplatesResponse(items=[convert.template(row) for row in rows])

    async def CreateReportFromTemplate(  # noqa: N802
        self, request: rpc.CreateReportFromTemplateRequest, context: Any
    ) -> report_pb2.Report:
        """Makes a report from a template."""
        record, replayed = await templates.make_report(self._database, self._analytics, request)
        if replayed:
            mark_replayed(context)
        return convert.report(record, self._files, datetime.now(UTC))
