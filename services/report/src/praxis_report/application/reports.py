"""Commands on report definitions."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from google.protobuf import json_format

from praxis.report.v1 import events_pb2, report_pb2, report_service_pb2
from praxis_chassis.caller import current, may
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput, NotBuilt, NotFound
from praxis_chassis.idempotency import birth
from praxis_chassis.records import audit, emit
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import format_name, parameters_to_json, type_name
from praxis_report.application.parameters import check_parameters
from praxis_report.domain.report_types import REPORT_TYPES, ReportType
from praxis_report.rendering import RENDERERS
from praxis_report.storage import reports as store
from praxis_report.storage.reports import Record

_METADATA_BYTES = 16 * 1024


def built_type(name: str) -> ReportType:
    """The declaration of a report type. Raises: NotBuilt."""
    kind = REPORT_TYPES.get(name)
    if kind is None:
        built = ", ".join(REPORT_TYPES)
        raise NotBuilt(f"reports of the type {name} are not built yet; there is {built}")
    return kind


def check_format(name: str) -> None:
    """Raises: NotBuilt for a format of the contract that has no renderer."""
    if name not in RENDERERS:
        raise NotBuilt(f"the format {name} is not built yet; there are {', '.join(RENDERERS)}")


def seen_types() -> list[str]:
    """The types of report whose figures the current caller may see."""
    caller = current().caller
    return [kind.name for kind in REPORT_TYPES.values() if may(caller, kind.permission)]


def seen(record: Record | None, what: str) -> Record:
    """A row that has a report type, if the caller may know of it. Raises: NotFound."""
    if record is None or record["report_type"] not in seen_types():
        raise NotFound(f"no such {what}")
    return record


async def create_report(
    database: Database, analytics: Analytics, request: report_service_pb2.CreateReportRequest
) -> tuple[Record, bool]:
    """Defines a report. Returns its row, and True when an earlier request had made it."""
    caller = current().caller
    if request.practice_id and uuid.UUID(request.practice_id) != caller.practice_id:
        raise NotFound("no such practice")
    kind = built_type(type_name(request.report_type))
    wanted = format_name(request.format or report_pb2.REPORT_FORMAT_PDF)
    check_format(wanted)
    _check_columns(kind, request)
    await check_parameters(kind, request.parameters, analytics)
    new = birth("CreateReport", request)
    now = datetime.now(UTC)
    async with database.write(caller.practice_id) as connection:
        record = _new_record(request, kind, wanted, now)
        record |= {"practice_id": caller.practice_id, "id": new.id}
        record |= {"created_by_user_id": caller.user_id, "request_hash": new.request_hash}
        made = await store.insert(connection, "reports", record)
        if made:
            await audit(connection, "report.create", "report", new.id)
            event = events_pb2.ReportCreated(
                report_id=str(new.id), practice_id=str(caller.practice_id)
            )
            subject = "praxis.report.v1.report.created"
            await emit(connection, caller.practice_id, subject, event)
        row = seen(await store.get_report(connection, caller.practice_id, new.id), "report")
    new.check(row["request_hash"])
    return row, not made


def _check_columns(kind: ReportType, request: report_service_pb2.CreateReportRequest) -> None:
    able = ", ".join(kind.table_columns)
    for index, name in enumerate(request.columns):
        if name not in kind.table_columns:
            raise InvalidInput.of(f"columns[{index}]", f"{name!r} is not one of {able}")
    if request.sort_by and request.sort_by not in kind.table_columns:
        raise InvalidInput.of("sort_by", f"{request.sort_by!r} is not one of {able}")


def _new_record(
    request: report_service_pb2.CreateReportRequest, kind: ReportType, wanted: str, now: datetime
) -> Record:
    metadata = json_format.MessageToDict(request.metadata)
    if request.metadata.ByteSize() > _METADATA_BYTES:
        raise InvalidInput.of("metadata", f"is over {_METADATA_BYTES // 1024} KiB")
    optional = ("description", "sort_by", "sort_order", "template_name")
    return {
        "report_type": kind.name,
        "name": request.name,
        "parameters": parameters_to_json(request.parameters),
        "columns": list(request.columns),
        "format": wanted,
        "status": "pending",
        "is_template": request.is_template,
        "metadata": metadata,
        "created_at": now,
        "updated_at": now,
        **{
            field: getattr(request, field) if request.HasField(field) else None
            for field in optional
        },
    }
