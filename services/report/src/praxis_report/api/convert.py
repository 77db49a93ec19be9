"""Rows as messages."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from praxis.analytics.v1 import answer_pb2
from praxis.report.v1 import (
    report_access_service_pb2,
    report_execution_pb2,
    report_export_pb2,
    report_pb2,
    report_service_pb2,
    report_template_service_pb2,
)
from praxis_chassis.caller import current
from praxis_report.application.access import is_personal
from praxis_report.application.codes import format_number, parameters_from_json, type_number
from praxis_report.application.downloads import has_file
from praxis_report.application.reports import etag
from praxis_report.blobs.files import Files
from praxis_report.domain.links import Links
from praxis_report.domain.report_types import REPORT_TYPES
from praxis_report.storage.reports import Record

_MIB = 1024 * 1024


def _status(name: str) -> Any:
    return report_pb2.ReportStatus.Value(f"REPORT_STATUS_{name.upper()}")


def _instant(message: Any, field: str, value: datetime | None) -> None:
    if value is not None:
        getattr(message, field).FromDatetime(value.astimezone(UTC).replace(tzinfo=None))


def _copy(message: Any, record: Record, *fields: str) -> None:
    for field in fields:
        if record.get(field) is not None:
            setattr(message, field, record[field])


def report(record: Record, files: Files, now: datetime) -> report_pb2.Report:
    """A definition with the run fields of its latest execution."""
    status = record.get("run_status") or record["status"]
    message = report_pb2.Report(
        id=str(record["id"]),
        practice_id=str(record["practice_id"]),
        report_type=type_number(record["report_type"]),
        parameters=parameters_from_json(record["parameters"]),
        columns=record["columns"],
        status=_status(status),
        format=format_number(record["format"]),
        is_completed=status == "completed",
        is_running=status == "running",
        is_failed=status == "failed",
        etag=etag(record),
    )
    _copy(message, record, "name", "description", "sort_by", "sort_order", "created_by_user_id")
    _copy(message, record, "result_count", "file_size", "error_message", "download_count")
    _copy(message, record, "is_template", "template_name", "template_version", "retention_days")
    message.is_shared = record["is_shared"]
    message.shared_with_users.extend(sorted(record["shared_with_users"] or ()))
    if record["made_from_template_id"] is not None:
        message.made_from_template_id = str(record["made_from_template_id"])
    for field in ("started_at", "completed_at", "expires_at", "last_downloaded_at"):
        _instant(message, field, record.get(field))
    _instant(message, "created_at", record["created_at"])
    _instant(message, "updated_at", record["updated_at"])
    message.metadata.update(record["metadata"])
    _run_fields(message, record, files, now)
    return message


def stats(rows: list[Record]) -> report_service_pb2.ReportStats:
    """Reports counted, from rows by type, format and state."""
    message = report_service_pb2.ReportStats()
    for row in rows:
        message.total += row["reports"]
        message.total_downloads += row["downloads"]
        if row["status"] in ("completed", "running", "failed"):
            held = getattr(message, row["status"])
            setattr(message, row["status"], held + row["reports"])
        message.by_type[row["report_type"]] += row["reports"]
        message.by_format[row["format"]] += row["reports"]
    return message


def backend(files: Files) -> Any:
    """Where files are kept."""
    return report_pb2.StorageBackend.Value(f"STORAGE_BACKEND_{files.backend.upper()}")


def _run_fields(message: report_pb2.Report, record: Record, files: Files, now: datetime) -> None:
    if record.get("file_name") is not None:
        message.file_path = record["file_name"]
        message.storage_backend = backend(files)
        if files.bucket:
            message.bucket_name = files.bucket
        message.file_size_mb = round(record["file_size"] / _MIB, 2)
        message.is_expired = record["expires_at"] <= now
    elapsed = elapsed_ms(record)
    if elapsed is not None:
        message.execution_time_ms = elapsed


def elapsed_ms(record: Record) -> int | None:
    """From start to end, milliseconds."""
    if record.get("started_at") is None or record.get("completed_at") is None:
        return None
    return int((record["completed_at"] - record["started_at"]).total_seconds() * 1000)


def execution(
    record: Record,
    links: Links,
    now: datetime,
    share_id: uuid.UUID | None = None,
) -> report_execution_pb2.ReportExecution:
    """An execution; with a fresh link for the caller when its file is there.

    `share_id`: the share that shows it to the caller, if that is why they see it.
    """
    parameters = parameters_from_json(record["parameters"])
    message = report_execution_pb2.ReportExecution(
        id=str(record["id"]),
        report_id=str(record["report_id"]),
        practice_id=str(record["practice_id"]),
        report_type=type_number(record["report_type"]),
        format=format_number(record["format"]),
        status=_status(record["status"]),
        parameters=parameters,
        priority=record["priority"],
        contains_phi=is_personal(parameters),
        is_cut_short=record["is_cut_short"],
    )
    _copy(message, record, "stage", "progress_percent", "requested_by_user_id")
    _copy(message, record, "queue_place", "download_count")
    _copy(message, record, "result_count", "file_name", "file_size", "sha256")
    if record["schedule_id"] is not None:
        message.schedule_id = str(record["schedule_id"])
    if record["retry_of_id"] is not None:
        message.retry_of_id = str(record["retry_of_id"])
    for field in ("queued_at", "started_at", "completed_at", "expires_at"):
        _instant(message, field, record[field])
    for field in ("last_downloaded_at", "deleted_at"):
        _instant(message, field, record[field])
    if record["held_at"] is not None:
        message.legal_hold.reason = record["hold_reason"]
        message.legal_hold.held_by_user_id = record["held_by_user_id"]
        _instant(message.legal_hold, "held_at", record["held_at"])
    elapsed = elapsed_ms(record)
    if elapsed is not None:
        message.execution_time_ms = elapsed
    if record["revision"] is not None:
        message.as_of.CopyFrom(_as_of(record))
    if record["error_code"] is not None:
        message.error.code = record["error_code"]
        message.error.message, message.error.hint = record["error_message"], record["error_hint"]
    if has_file(record, now):
        caller = current().caller
        message.download_url = links.url(
            caller.practice_id, record["id"], caller.user_id, caller.roles, now, share_id
        )
    return message


def export(run: report_execution_pb2.ReportExecution) -> report_export_pb2.ExportResponse:
    """A run as an export's answer: with its file where that is there."""
    message = report_export_pb2.ExportResponse(export_id=run.id, format=run.format)
    if run.HasField("download_url"):
        message.file_path, message.file_size = run.file_name, run.file_size
        message.expires_at.CopyFrom(run.expires_at)
        message.download_url = run.download_url
    return message


def _as_of(record: Record) -> answer_pb2.AsOf:
    message = answer_pb2.AsOf(revision=record["revision"])
    _instant(message, "recorded_at", record["recorded_at"])
    if record["data_through"] is not None:
        message.data_through = record["data_through"].isoformat()
    return message


def share(record: Record, now: datetime) -> report_access_service_pb2.ReportShare:
    """A share, and whether it still holds."""
    ends = record["expires_at"]
    message = report_access_service_pb2.ReportShare(
        id=str(record["id"]),
        report_id=str(record["report_id"]),
        is_active=record["revoked_at"] is None and (ends is None or ends > now),
    )
    _copy(message, record, "user_id", "role", "created_by_user_id")
    for field in ("created_at", "expires_at", "revoked_at"):
        _instant(message, field, record[field])
    return message


def readers(
    rows: list[Record], execution_id: uuid.UUID
) -> list[report_access_service_pb2.FileReader]:
    """Who fetched the file of one run."""
    found = []
    for row in rows:
        if row["execution_id"] == execution_id:
            one = report_access_service_pb2.FileReader(
                user_id=row["user_id"], downloads=row["downloads"]
            )
            _instant(one, "last_downloaded_at", row["last_downloaded_at"])
            found.append(one)
    return found


def template(record: Record) -> report_template_service_pb2.ReportTemplate:
    """A template, of the practice or of the starter set."""
    message = report_template_service_pb2.ReportTemplate(
        id=str(record["id"]),
        version=record["template_version"] or 1,
        is_starter=record["created_by_user_id"] is None,
        is_built=record["report_type"] in REPORT_TYPES,
        report_type=type_number(record["report_type"]),
        format=format_number(record["format"]),
        parameters=parameters_from_json(record["parameters"]),
        columns=record["columns"],
        template_name=record["template_name"] or record["name"],
    )
    _copy(message, record, "description", "sort_by", "sort_order", "created_by_user_id")
    _instant(message, "created_at", record["created_at"])
    return message
