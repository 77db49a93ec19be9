"""A report as it would look now, of which nothing is kept."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from praxis.report.v1 import report_pb2, report_service_pb2
from praxis_chassis.caller import current
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import type_name
from praxis_report.application.compose import Definition, document
from praxis_report.application.gathering import gather
from praxis_report.application.parameters import check_parameters
from praxis_report.application.reports import built_type, check_columns
from praxis_report.domain.document import Document, Section, Table
from praxis_report.rendering import render

_ROWS = 50


@dataclass(frozen=True)
class Preview:
    """A document as JSON has it, how many rows its main table has, and what was asked."""

    document: dict[str, Any]
    row_count: int
    parameters: report_pb2.ReportParameters

    @property
    def cut_short(self) -> bool:
        """Whether there are more rows than are shown."""
        return self.row_count > _ROWS


async def preview(
    analytics: Analytics, request: report_service_pb2.PreviewReportRequest
) -> Preview:
    """Asks and composes, in the name of the caller. Raises: as defining and asking do."""
    kind = built_type(type_name(request.report_type))
    check_columns(kind, request.parameters, request)
    await check_parameters(kind, request.parameters, analytics)
    found = await gather(analytics, kind, request.parameters, current().caller)
    definition = Definition(
        request.name or kind.title,
        tuple(request.columns),
        request.sort_by,
        descending=request.sort_order == "desc",
    )
    whole = document(definition, found)
    out = io.BytesIO()
    render(_shortened(whole), "json", out)
    return Preview(json.loads(out.getvalue()), len(whole.main_table.rows), found.parameters)


def _shortened(whole: Document) -> Document:
    return replace(whole, sections=tuple(map(_first_rows, whole.sections)))


def _first_rows(section: Section) -> Section:
    if isinstance(section, Table):
        return replace(section, rows=tuple(islice(section.rows, _ROWS)))
    return section
