"""What the scheduler does with the report service's events."""

from __future__ import annotations

import uuid
from datetime import UTC

from praxis.event.v1 import event_pb2
from praxis.report.v1 import events_pb2
from praxis_chassis.consumer import Handler
from praxis_chassis.database import Connection
from praxis_scheduler.application.outcomes import record_end


async def execution_ended(connection: Connection, event: event_pb2.Event) -> None:
    """A run ended, however."""
    ended = events_pb2.ExecutionEnded.FromString(event.payload)
    at = event.occurred_at.ToDatetime(tzinfo=UTC)
    await record_end(connection, uuid.UUID(event.practice_id), ended, at)


HANDLERS: dict[str, Handler] = {
    f"praxis.report.v1.execution.{status}": execution_ended
    for status in ("completed", "failed", "cancelled")
}
