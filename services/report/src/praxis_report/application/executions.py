"""Commands on executions: start one, run one again, try one again, stop one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from praxis.report.v1 import events_pb2, report_execution_pb2, report_pb2, report_service_pb2
from praxis_chassis.caller import current
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import WrongState
from praxis_chassis.idempotency import Birth, birth
from praxis_chassis.jobs import cancel, enqueue
from praxis_chassis.records import audit, emit
from praxis_report.application.access import own_run, seen
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import (
    format_name,
    parameters_from_json,
    parameters_to_json,
)
from praxis_report.application.parameters import check_parameters, merged
from praxis_report.application.reports import built_type, check_format
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
        run["retention_days"] = report["retention_days"]
        run["definition"] = {name: report[name] for name in store.DEFINITION}
        parameters = merged(parameters_from_json(report["parameters"]), request.parameters)
        priority = request.priority or report_execution_pb2.PRIORITY_NORMAL
        new = birth("ExecuteReport", request)
        return await self._queue(run, _wanted(request), parameters, priority, new)

    async def rerun(
        self, request: report_service_pb2.RerunReportExecutionRequest
    ) -> tuple[Record, bool]:
        """Queues a run of an earlier one's period, as it looked then or as it looks now."""
        earlier = await self._earlier(request.execution_id)
        if earlier["revision"] is None:
            raise WrongState("that run never got as far as a revision; execute the report instead")
        parameters = parameters_from_json(earlier["parameters"])
        if parameters.HasField("sql") and not request.now:
            raise WrongState("SQL reads the newest facts; execute the report again, or rerun `now`")
        if request.now:
            parameters.ClearField("revision")
            parameters.ClearField("today")
        new = birth("RerunReportExecution", request)
        priority = report_execution_pb2.PRIORITY_NORMAL
        return await self._queue(_same(earlier), _wanted(request), parameters, priority, new)

    async def retry(
        self, request: report_service_pb2.RetryReportExecutionRequest
    ) -> tuple[Record, bool]:
        """Queues a run like one that failed or was cancelled, with its parameters as they were."""
        practice_id = current().caller.practice_id
        async with self.database.read(practice_id) as connection:
            row = await store.get_execution(
                connection, practice_id, uuid.UUID(request.execution_id)
            )
            earlier = await own_run(connection, row)
        if earlier["status"] not in ("failed", "cancelled"):
            raise WrongState(f"that run is {earlier['status']}; only what broke off is tried again")
        parameters = parameters_from_json(earlier["parameters"])
        run = _same(earlier) | {"retry_of_id": earlier["id"]}
        new = birth("RetryReportExecution", request)
        return await self._queue(run, None, parameters, earlier["priority"], new)

    async def _earlier(self, execution_id: str) -> Record:
        practice_id = current().caller.practice_id
        async with self.database.read(practice_id) as connection:
            found = await store.get_execution(connection, practice_id, uuid.UUID(execution_id))
        return seen(found, "execution")

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


async def cancel_run(
    database: Database, request: report_service_pb2.CancelReportExecutionRequest
) -> Record:
    """Stops a run; its worker finds out within half a second. Returns its row."""
    practice_id, execution_id = current().caller.practice_id, uuid.UUID(request.execution_id)
    async with database.write(practice_id) as connection:
        there = await store.get_execution(connection, practice_id, execution_id)
        await own_run(connection, there)
        # The job first: whoever ends a run locks in this order too.
        stopped = await cancel(connection, practice_id, execution_id)
        found = await store.get_execution(connection, practice_id, execution_id, lock=True)
        record = seen(found, "execution")
        if stopped:
            await _end_cancelled(connection, record)
        elif record["status"] != "cancelled":
            raise WrongState(f"that run is {record['status']} already")
        row = await store.get_execution(connection, practice_id, execution_id)
        return seen(row, "execution")


async def _end_cancelled(connection: Connection, record: Record) -> None:
    now = datetime.now(UTC)
    practice_id, execution_id = record["practice_id"], record["id"]
    change: Record = {"status": "cancelled", "completed_at": now}
    await store.update(connection, "report_executions", practice_id, execution_id, change)
    await store.set_latest(
        connection,
        practice_id,
        record["report_id"],
        execution_id,
        "cancelled",
        now,
        only_if_latest=True,
    )
    await audit(connection, "report.cancelled", "execution", execution_id)
    event = events_pb2.ExecutionEnded(
        execution_id=str(execution_id),
        report_id=str(record["report_id"]),
        practice_id=str(practice_id),
        status="cancelled",
        schedule_id=str(record["schedule_id"] or ""),
        firing_id=str(record["firing_id"] or ""),
    )
    await emit(connection, practice_id, "praxis.report.v1.execution.cancelled", event)


def _same(earlier: Record) -> Record:
    """What a run takes over from an earlier one."""
    names = ("report_id", "report_type", "definition", "format", "retention_days")
    return {name: earlier[name] for name in names}


def _wanted(
    request: report_service_pb2.ExecuteReportRequest
    | report_service_pb2.RerunReportExecutionRequest,
) -> str | None:
    return format_name(request.format) if request.HasField("format") else None
