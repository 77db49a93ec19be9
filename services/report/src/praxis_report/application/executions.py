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
from praxis_report.application.reports import built_type, check_format, check_parameters
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
        report_id = uuid.UUID(request.report_id)
        async with self.database.read(practice_id) as connection:
            report = await store.get_report(connection, practice_id, report_id)
        if report is None:
            raise NotFound("no such report")
        parameters = merged(parameters_from_json(report["parameters"]), request.parameters)
        kind = built_type(report["report_type"])
        wanted = format_name(request.format) if request.HasField("format") else report["format"]
        check_format(wanted)
        await check_parameters(kind, parameters, self.analytics)
        priority = request.priority or report_execution_pb2.PRIORITY_NORMAL
        new = birth("ExecuteReport", request)
        return await self._queue(report_id, kind.name, wanted, parameters, priority, new)

    async def rerun(
        self, request: report_service_pb2.RerunReportExecutionRequest
    ) -> tuple[Record, bool]:
        """Queues a run with the resolved parameters of an earlier one."""
        practice_id = current().caller.practice_id
        async with self.database.read(practice_id) as connection:
            earlier = await store.get_execution(
                connection, practice_id, uuid.UUID(request.execution_id)
            )
        if earlier is None:
            raise NotFound("no such execution")
        if earlier["revision"] is None:
            raise WrongState("that run never got as far as a revision; execute the report instead")
        wanted = format_name(request.format) if request.HasField("format") else earlier["format"]
        check_format(wanted)
        kind = built_type(earlier["report_type"])
        parameters = parameters_from_json(earlier["parameters"])
        await check_parameters(kind, parameters, self.analytics)
        new = birth("RerunReportExecution", request)
        priority = report_execution_pb2.PRIORITY_NORMAL
        return await self._queue(earlier["report_id"], kind.name, wanted, parameters, priority, new)

    async def _queue(
        self,
        report_id: uuid.UUID,
        report_type: str,
        wanted: str,
        parameters: report_pb2.ReportParameters,
        priority: int,
        new: Birth,
    ) -> tuple[Record, bool]:
        caller = current().caller
        now = datetime.now(UTC)
        record: Record = {
            "practice_id": caller.practice_id,
            "id": new.id,
            "report_id": report_id,
            "report_type": report_type,
            "format": wanted,
            "status": "pending",
            "stage": "queued",
            "priority": priority,
            "parameters": parameters_to_json(parameters),
            "requested_by_user_id": caller.user_id,
            "requested_roles": sorted(caller.roles),
            "queued_at": now,
            "request_hash": new.request_hash,
        }
        async with self.database.write(caller.practice_id) as connection:
            made = await store.insert(connection, "report_executions", record)
            if made:
                await self._announce(connection, caller, report_id, new.id, priority, now)
            row = await store.get_execution(connection, caller.practice_id, new.id)
        if row is None:
            raise NotFound("no such execution")
        new.check(row["request_hash"])
        return row, not made

    async def _announce(
        self,
        connection: Connection,
        caller: Caller,
        report_id: uuid.UUID,
        execution_id: uuid.UUID,
        priority: int,
        now: datetime,
    ) -> None:
        practice_id = caller.practice_id
        await enqueue(
            connection,
            practice_id,
            JOB,
            execution_id,
            priority=priority,
            queue_most=self.queue_most,
        )
        await store.set_latest(connection, practice_id, report_id, execution_id, "pending", now)
        await audit(connection, "report.execute", "execution", execution_id)
        event = events_pb2.ExecutionQueued(
            execution_id=str(execution_id), report_id=str(report_id), practice_id=str(practice_id)
        )
        await emit(connection, practice_id, "praxis.report.v1.execution.queued", event)


def merged(
    defaults: report_pb2.ReportParameters, given: report_pb2.ReportParameters
) -> report_pb2.ReportParameters:
    """The report's parameters with those of a run in place of the same names.

    Dates replace a relative range and the other way round; so do the two forms of comparison.
    """
    result = report_pb2.ReportParameters()
    result.CopyFrom(defaults)
    if given.HasField("relative_range"):
        result.ClearField("start_date")
        result.ClearField("end_date")
    if given.HasField("start_date") or given.HasField("end_date"):
        result.ClearField("relative_range")
    if given.HasField("compare_to"):
        result.ClearField("comparison_start_date")
        result.ClearField("comparison_end_date")
    if given.group_by:
        result.ClearField("group_by")
    if given.HasField("filters"):
        result.ClearField("filters")
    result.MergeFrom(given)
    return result


MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@dataclass(frozen=True)
class Opened:
    """A file about to be sent."""

    record: Record
    media_type: str


async def open_download(
    database: Database,
    files: LocalFiles,
    links: Links,
    request: report_service_pb2.DownloadReportExecutionRequest,
) -> Opened:
    """Checks a link and its file, and records the download before the first byte leaves.

    Raises: NotFound for a forged link, another practice's, or a file that is gone; LinkExpired;
    Integrity.
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
    if not await files.intact(record["storage_key"], record["sha256"]):
        raise Integrity("the stored file is missing or was changed; run the report again")
    async with database.write(link.practice_id) as connection:
        await store.count_download(connection, link.practice_id, record["report_id"], now)
        await audit(connection, "report.download", "execution", execution_id)
    return Opened(record, MEDIA_TYPES[record["format"]])


def _enter_subject(practice_id: uuid.UUID, user_id: str) -> None:
    """From here on the call is made in the name of the link's subject, by way of the gateway."""
    call = current()
    subject = Caller(practice_id, user_id, frozenset(), "gateway", address=call.caller.address)
    enter(Call(subject, call.request_id, call.token, call.deadline))
