"""Commands on report definitions."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime

from google.protobuf import json_format, struct_pb2

from praxis.report.v1 import events_pb2, report_pb2, report_service_pb2
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import EtagMismatch, InvalidInput, NotBuilt, NotFound
from praxis_chassis.idempotency import birth
from praxis_chassis.records import audit, emit
from praxis_report.application.access import own_report, seen
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import (
    format_name,
    parameters_from_json,
    parameters_to_json,
    type_name,
)
from praxis_report.application.parameters import check_parameters
from praxis_report.application.plans import columns_of
from praxis_report.domain.report_types import REPORT_TYPES, ReportType
from praxis_report.rendering import RENDERERS
from praxis_report.storage import reports as store
from praxis_report.storage.reports import Record
from praxis_report.storage.shares import revoke_all

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


async def create_report(
    database: Database,
    analytics: Analytics,
    request: report_service_pb2.CreateReportRequest,
    made_from: uuid.UUID | None = None,
) -> tuple[Record, bool]:
    """Defines a report, maybe from a template. Returns its row, and True when an earlier request
    had made it."""
    caller = current().caller
    if request.practice_id and uuid.UUID(request.practice_id) != caller.practice_id:
        raise NotFound("no such practice")
    kind = built_type(type_name(request.report_type))
    wanted = format_name(request.format or report_pb2.REPORT_FORMAT_PDF)
    check_format(wanted)
    check_columns(kind, request.parameters, request)
    await check_parameters(kind, request.parameters, analytics)
    new = birth("CreateReport", request)
    now = datetime.now(UTC)
    async with database.write(caller.practice_id) as connection:
        record = _new_record(request, kind, wanted, now)
        record |= {"practice_id": caller.practice_id, "id": new.id}
        record |= {"made_from_template_id": made_from}
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


async def update_report(
    database: Database, analytics: Analytics, request: report_service_pb2.UpdateReportRequest
) -> Record:
    """Changes the named fields of a report. Returns its row."""
    practice_id, report_id = current().caller.practice_id, uuid.UUID(request.report_id)
    mask = set(request.update_mask)
    async with database.read(practice_id) as connection:
        there = await store.get_report(connection, practice_id, report_id)
        now_there = await own_report(connection, there, "report")
    kind = built_type(now_there["report_type"])
    stored = parameters_from_json(now_there["parameters"])
    check_columns(kind, request.parameters if "parameters" in mask else stored, request)
    if "parameters" in mask:
        await check_parameters(kind, request.parameters, analytics)
    change = _change(request, mask)
    async with database.write(practice_id) as connection:
        there = await store.get_report(connection, practice_id, report_id, lock=True)
        row = await own_report(connection, there, "report")
        EtagMismatch.check(request.etag, etag(row))
        await store.update(
            connection,
            "reports",
            practice_id,
            report_id,
            {**change, "updated_at": datetime.now(UTC)},
        )
        await audit(connection, "report.update", "report", report_id, fields=sorted(change))
        return seen(await store.get_report(connection, practice_id, report_id), "report")


def _change(request: report_service_pb2.UpdateReportRequest, mask: set[str]) -> Record:
    """Columns to set. Raises: InvalidInput for a field that cannot be changed or left empty."""
    change: Record = {}
    for name in mask & {"name", "description", "sort_by", "sort_order", "template_name"}:
        change[name] = getattr(request, name) if request.HasField(name) else None
    if "is_template" in mask:
        change["is_template"] = request.is_template
    if "columns" in mask:
        change["columns"] = list(request.columns)
    if "parameters" in mask:
        change["parameters"] = parameters_to_json(request.parameters)
    if "retention_days" in mask:
        days = request.retention_days if request.HasField("retention_days") else None
        change["retention_days"] = days
    if "metadata" in mask:
        change["metadata"] = _metadata(request.metadata)
    if "format" in mask:
        change["format"] = format_name(request.format or report_pb2.REPORT_FORMAT_PDF)
        check_format(change["format"])
    if "name" in change and not change["name"]:
        raise InvalidInput.of("name", "cannot be empty")
    unknown = mask - change.keys() - {"report_id", "etag"}
    if unknown:
        raise InvalidInput.of(min(unknown), "cannot be changed")
    return change


async def delete_report(
    database: Database, request: report_service_pb2.DeleteReportRequest
) -> None:
    """Takes a report away and ends its shares; its runs and files stay until they expire."""
    practice_id, report_id = current().caller.practice_id, uuid.UUID(request.report_id)
    async with database.write(practice_id) as connection:
        there = await store.get_report(connection, practice_id, report_id, lock=True)
        row = await own_report(connection, there, "report")
        EtagMismatch.check(request.etag, etag(row))
        now = datetime.now(UTC)
        await store.update(connection, "reports", practice_id, report_id, {"deleted_at": now})
        await revoke_all(connection, practice_id, report_id, current().caller.user_id, now)
        await audit(connection, "report.delete", "report", report_id)


def etag(row: Record) -> str:
    """Changes with every change of the definition, and with nothing else."""
    names = (*store.DEFINITION, "description", "parameters", "format", "is_template")
    more = ("template_name", "metadata", "retention_days")
    definition = [row[name] for name in (*names, *more)]
    text = json.dumps(definition, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _metadata(metadata: struct_pb2.Struct) -> dict[str, object]:
    if metadata.ByteSize() > _METADATA_BYTES:
        raise InvalidInput.of("metadata", f"is over {_METADATA_BYTES // 1024} KiB")
    stored: dict[str, object] = json_format.MessageToDict(metadata)
    return stored


def check_columns(
    kind: ReportType,
    parameters: report_pb2.ReportParameters,
    request: report_service_pb2.CreateReportRequest
    | report_service_pb2.UpdateReportRequest
    | report_service_pb2.PreviewReportRequest,
) -> None:
    """Raises: InvalidInput for a column that the main table of this choice does not have."""
    able = columns_of(kind, parameters)
    if able is None:
        for name in ("columns", "sort_by"):
            if getattr(request, name):
                raise InvalidInput.of(name, "SQL says itself which columns it has, in what order")
        return
    for index, name in enumerate(request.columns):
        if name not in able:
            raise InvalidInput.of(f"columns[{index}]", f"{name!r} is not one of {', '.join(able)}")
    if request.sort_by and request.sort_by not in able:
        raise InvalidInput.of("sort_by", f"{request.sort_by!r} is not one of {', '.join(able)}")


def _new_record(
    request: report_service_pb2.CreateReportRequest, kind: ReportType, wanted: str, now: datetime
) -> Record:
    optional = ("description", "sort_by", "sort_order", "template_name", "retention_days")
    return {
        "report_type": kind.name,
        "name": request.name,
        "parameters": parameters_to_json(request.parameters),
        "columns": list(request.columns),
        "format": wanted,
        "status": "pending",
        "is_template": request.is_template,
        "metadata": _metadata(request.metadata),
        "created_at": now,
        "updated_at": now,
        **{
            field: getattr(request, field) if request.HasField(field) else None
            for field in optional
        },
    }
