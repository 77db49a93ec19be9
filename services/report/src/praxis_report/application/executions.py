"""Commands on executions: start one, run one again, fetch its file."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from praxis.report.v1 import events_pb2, report_execution_pb2, report_pb2, report_service_pb2
from praxis_chassis.caller import Call, Caller, current, enter
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import Integrity, LinkExpired, NotFound, WrongState
from praxis_chassis.idempotency import Birth, birth
from praxis_chassis.jobs import enqueue
from praxis_chassis.records import audit, emit
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import (
    format_name,
    parameters_from_json,
    parameters_to_json,
)
from praxis_report.application.parameters import check_parameters, merged
from praxis_report.application.reports import built_type, check_format, seen
from praxis_report.blobs.local import LocalFiles
from praxis_report.domain.links import Links
from praxis_report.storage import reports as store
from praxis_report.storage.reports import Record

JOB = "execution"


@dataclass(frozen=True)
class Starter:
    """What starting a run needs."""

    database: Database
    analytics: Analytics
    queue_most: int

    async def execute(
        self, request: report_service_pb2.ExecuteReportRequest
    ) -> tuple[Record, bool]:
        """Queues a run of a report. Returns it, and True when an earlier request had queued it."""
        practice_id = current().caller.practice_id
        async with self.database.read(practice_id) as connection:
            found = await store.get_report(connection, practice_id, uuid.UUID(request.report_id))
        report = seen(found, "report")
        run = {name: report[name] for name in ("report_type", "format")}
        run["report_id"] = report["id"]
        run["definition"] = {name: report[name] for name in store.DEFINITION}
        parameters = merged(parameters_from_json(report["parameters"]), request.parameters)
        priority = request.priority or report_execution_pb2.PRIORITY_NORMAL
        new = birth("ExecuteReport", request)
        return await self._queue(run, _wanted(request), parameters, priority, new)

    async def rerun(
        self, request: report_service_pb2.RerunReportExecutionRequest
    ) -> tuple[Record, bool]:
        """Queues a run with the resolved parameters of an earlier one."""
        practice_id, earlier_id = current().caller.practice_id, uuid.UUID(request.execution_id)
        async with self.database.read(practice_id) as connection:
            found = await store.get_execution(connection, practice_id, earlier_id)
        earlier = seen(found, "execution")
        if earlier["revision"] is None:
            raise WrongState("that run never got as far as a revision; execute the report instead")
        names = ("report_id", "report_type", "definition", "format")
        run = {name: earlier[name] for name in names}
        parameters = parameters_from_json(earlier["parameters"])
        new = birth("RerunReportExecution", request)
        priority = report_execution_pb2.PRIORITY_NORMAL
        return await self._queue(run, _wanted(request), parameters, priority, new)

    async def _queue(
        self,
        run: Record,
        wanted: str | None,
        parameters: report_pb2.ReportParameters,
        priority: int,
        new: Birth,
    ) -> tuple[Record, bool]:
        caller = current().caller
        record = run | {
            "practice_id": caller.practice_id,
            "id": new.id,
            "format": wanted or run["format"],
            "status": "pending",
            "stage": "queued",
            "priority": priority,
            "parameters": parameters_to_json(parameters),
            "requested_by_user_id": caller.user_id,
            "requested_roles": sorted(caller.roles),
            "queued_at": datetime.now(UTC),
            "request_hash": new.request_hash,
        }
        check_format(record["format"])
        await check_parameters(built_type(record["report_type"]), parameters, self.analytics)
        async with self.database.write(caller.practice_id) as connection:
            made = await store.insert(connection, "report_executions", record)
            if made:
                await announce(connection, record, self.queue_most)
            row = await store.get_execution(connection, caller.practice_id, new.id)
        row = seen(row, "execution")
        new.check(row["request_hash"])
        return row, not made


async def announce(connection: Connection, record: Record, queue_most: int) -> None:
    """Queues a new execution's job and records it, in the transaction that inserted it.

    Raises: LimitExceeded when the practice's queue is full.
    """
    practice_id, execution_id = record["practice_id"], record["id"]
    report_id, now = record["report_id"], record["queued_at"]
    await enqueue(
        connection,
        practice_id,
        JOB,
        execution_id,
        priority=record["priority"],
        queue_most=queue_most,
    )
    await store.set_latest(connection, practice_id, report_id, execution_id, "pending", now)
    await audit(connection, "report.execute", "execution", execution_id)
    event = events_pb2.ExecutionQueued(
        execution_id=str(execution_id), report_id=str(report_id), practice_id=str(practice_id)
    )
    await emit(connection, practice_id, "praxis.report.v1.execution.queued", event)


def _wanted(
    request: report_service_pb2.ExecuteReportRequest
    | report_service_pb2.RerunReportExecutionRequest,
) -> str | None:
    return format_name(request.format) if request.HasField("format") else None


MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}


@dataclass(frozen=True)
class Opened:
    """A file about to be sent: `length` bytes of it from the wanted offset on, maybe none."""

    record: Record
    media_type: str
    length: int


async def open_download(
    database: Database,
    files: LocalFiles,
    links: Links,
    request: report_service_pb2.DownloadReportExecutionRequest,
) -> Opened:
    """Checks a link and its file, and records the download before the first byte leaves.

    Raises: NotFound for a forged link, another practice's, or a file whose time has passed;
    LinkExpired; Integrity.
    """
    execution_id, now = uuid.UUID(request.execution_id), datetime.now(UTC)
    link = links.open(execution_id, request.token)
    missing = NotFound("no such file")
    if link is None:
        raise missing
    if request.caller_practice_id and uuid.UUID(request.caller_practice_id) != link.practice_id:
        raise missing
    if link.expired(now):
        raise LinkExpired("this link has expired; fetch the execution again for a new one")
    _enter_subject(link.practice_id, link.user_id)
    async with database.read(link.practice_id) as connection:
        record = await store.get_execution(connection, link.practice_id, execution_id)
    if record is None or record["status"] != "completed" or record["expires_at"] <= now:
        raise missing
    length = _length(request, record["file_size"])
    if not await files.intact(record["storage_key"], record["sha256"]):
        raise Integrity("the stored file is missing or was changed; run the report again")
    if length:
        async with database.write(link.practice_id) as connection:
            await store.count_download(connection, link.practice_id, record["report_id"], now)
            await audit(connection, "report.download", "execution", execution_id)
    return Opened(record, MEDIA_TYPES[record["format"]], length)


def _length(request: report_service_pb2.DownloadReportExecutionRequest, size: int) -> int:
    rest = max(0, size - request.offset)
    return min(rest, request.length) if request.HasField("length") else rest


def _enter_subject(practice_id: uuid.UUID, user_id: str) -> None:
    """From here on the call is made in the name of the link's subject, by way of the gateway."""
    call = current()
    subject = Caller(practice_id, user_id, frozenset(), "gateway", address=call.caller.address)
    enter(Call(subject, call.request_id, call.token, call.deadline))
