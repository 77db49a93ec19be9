"""Starts a run for each firing of a schedule, once, in the transaction that takes its event."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from praxis.event.v1 import event_pb2
from praxis.report.v1 import events_pb2, report_execution_pb2
from praxis.scheduler.v1 import events_pb2 as scheduler_events
from praxis_chassis.caller import Call, Caller, current, enter
from praxis_chassis.database import Connection
from praxis_chassis.errors import Error, NotFound
from praxis_chassis.records import emit
from praxis_report.application.codes import (
    format_name,
    parameters_from_json,
    parameters_to_json,
    type_name,
)
from praxis_report.application.executions import announce
from praxis_report.application.parameters import Parameters, merged
from praxis_report.application.reports import built_type, check_format
from praxis_report.storage import reports as store
from praxis_report.storage.reports import Record

SUBJECT = "praxis.scheduler.v1.schedule.fired"
PRODUCER = "scheduler"
# A run about as old as its firing takes the day it runs on; one caught up takes the firing's day.
_RECENT = timedelta(hours=20)

Handler = Callable[[Connection, event_pb2.Event], Awaitable[None]]


def handlers(queue_most: int, wake: asyncio.Event) -> dict[str, Handler]:
    """What the report service does about the scheduler's events."""

    async def fired(connection: Connection, event: event_pb2.Event) -> None:
        message = scheduler_events.ScheduleFired.FromString(event.payload)
        _enter_owner(message)
        try:
            # What a refused start did before it was refused must not stay.
            async with connection.transaction():
                await _start(connection, message, queue_most)
        except Error as error:
            await _refuse(connection, message, error)
        wake.set()

    return {SUBJECT: fired}


def _enter_owner(message: scheduler_events.ScheduleFired) -> None:
    """The run is the owner's, by way of the scheduler."""
    call = current()
    owner = Caller(
        uuid.UUID(message.practice_id),
        message.owner_user_id,
        frozenset(message.owner_roles),
        PRODUCER,
    )
    enter(Call(owner, call.request_id, "", call.deadline))


def _execution_id(message: scheduler_events.ScheduleFired) -> uuid.UUID:
    return uuid.uuid5(uuid.UUID(message.practice_id), f"firing|{message.firing_id}")


async def _start(
    connection: Connection, message: scheduler_events.ScheduleFired, queue_most: int
) -> None:
    now = datetime.now(UTC)
    report = await _report(connection, message, now)
    wanted = format_name(message.format) if message.format else report["format"]
    built_type(report["report_type"])
    check_format(wanted)
    # A definition that was named brings its own; one made for the schedule only repeats them.
    own = parameters_from_json(report["parameters"]) if message.report_id else Parameters()
    parameters = merged(own, message.parameters)
    fire_time = message.fire_time.ToDatetime(tzinfo=UTC)
    if message.fire_date and now - fire_time > _RECENT:
        parameters.today = message.fire_date
    record: Record = {
        "practice_id": uuid.UUID(message.practice_id),
        "id": _execution_id(message),
        "report_id": report["id"],
        "schedule_id": uuid.UUID(message.schedule_id),
        "firing_id": uuid.UUID(message.firing_id),
        "report_type": report["report_type"],
        "definition": {name: report[name] for name in store.DEFINITION},
        "format": wanted,
        "retention_days": message.retention_days or report["retention_days"],
        "status": "pending",
        "stage": "queued",
        "priority": report_execution_pb2.PRIORITY_NORMAL,
        "parameters": parameters_to_json(parameters),
        "requested_by_user_id": message.owner_user_id,
        "requested_roles": sorted(message.owner_roles),
        "queued_at": now,
        "request_hash": b"",
    }
    if await store.insert(connection, "report_executions", record):
        await announce(connection, record, queue_most)


async def _report(
    connection: Connection, message: scheduler_events.ScheduleFired, now: datetime
) -> Record:
    """The definition to run: the one named, or one of the schedule's own."""
    practice_id = uuid.UUID(message.practice_id)
    if message.report_id:
        found = await store.get_report(connection, practice_id, uuid.UUID(message.report_id))
        if found is None:
            raise NotFound("the report of this schedule was deleted")
        return found
    report_id = uuid.uuid5(practice_id, f"schedule|{message.schedule_id}")
    record: Record = {
        "practice_id": practice_id,
        "id": report_id,
        "report_type": type_name(message.report_type),
        "name": message.schedule_name,
        "parameters": parameters_to_json(message.parameters),
        "columns": [],
        "format": format_name(message.format),
        "status": "pending",
        "is_template": False,
        "metadata": {"schedule_id": message.schedule_id},
        "created_by_user_id": message.owner_user_id,
        "request_hash": b"",
        "created_at": now,
        "updated_at": now,
    }
    built_type(record["report_type"])
    await store.insert(connection, "reports", record)
    found = await store.get_report(connection, practice_id, report_id)
    if found is None:
        raise NotFound("the report of this schedule was deleted")
    return found


async def _refuse(
    connection: Connection, message: scheduler_events.ScheduleFired, error: Error
) -> None:
    """A firing that no run can come of has an outcome too."""
    ended = events_pb2.ExecutionEnded(
        execution_id=str(_execution_id(message)),
        report_id=message.report_id,
        practice_id=message.practice_id,
        status="failed",
        schedule_id=message.schedule_id,
        firing_id=message.firing_id,
        error_message=error.message,
    )
    practice_id = uuid.UUID(message.practice_id)
    await emit(connection, practice_id, "praxis.report.v1.execution.failed", ended)
