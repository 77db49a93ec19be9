"""What a run's end means here: the firing's result, the schedule's figures, the mails to send."""

from __future__ import annotations

import uuid
from datetime import datetime

from praxis.report.v1 import events_pb2
from praxis_chassis.database import Connection
from praxis_chassis.jobs import enqueue
from praxis_scheduler.storage import firings
from praxis_scheduler.storage import schedules as store
from praxis_scheduler.storage.rows import Record, insert, update

JOB = "delivery"
# Mails of a practice may wait; the recipients of each run are few.
_QUEUE_MOST = 1_000_000


async def record_end(
    connection: Connection,
    practice_id: uuid.UUID,
    ended: events_pb2.ExecutionEnded,
    ended_at: datetime,
) -> None:
    """Records how a scheduled run ended and queues its mails; runs of people are none of ours."""
    if not ended.firing_id:
        return
    firing = await firings.lock_firing(connection, practice_id, uuid.UUID(ended.firing_id))
    if firing is None or firing["status"] != "pending":
        return
    result: Record = {
        "status": ended.status,
        "execution_id": uuid.UUID(ended.execution_id),
        "error": ended.error_message or None,
        "ended_at": ended_at,
    }
    await update(connection, "firing", practice_id, firing["id"], result)
    await store.count_run(connection, firing | result)
    schedule = await store.get_schedule(connection, practice_id, firing["schedule_id"])
    if ended.status == "completed" and schedule is not None:
        await _queue_mails(connection, schedule, firing | result)


async def _queue_mails(connection: Connection, schedule: Record, firing: Record) -> None:
    if schedule["delivery_method"] == "portal":
        return
    for recipient in schedule["email_recipients"]:
        mail: Record = {
            "practice_id": firing["practice_id"],
            "id": delivery_id(firing["execution_id"], recipient),
            "schedule_id": schedule["id"],
            "firing_id": firing["id"],
            "execution_id": firing["execution_id"],
            "recipient": recipient,
            "created_at": firing["ended_at"],
        }
        if await insert(connection, "delivery", mail):
            await enqueue(
                connection, firing["practice_id"], JOB, mail["id"], queue_most=_QUEUE_MOST
            )


def delivery_id(execution_id: uuid.UUID, recipient: str) -> uuid.UUID:
    """The same for every attempt at one recipient of one execution, and part of its Message-ID."""
    return uuid.uuid5(execution_id, recipient)
