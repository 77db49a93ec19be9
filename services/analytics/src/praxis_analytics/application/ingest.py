"""Platform events in: by call, by stream of calls, or from the broker, all through `apply`.

Facts carry their source's id and version, so an envelope that comes twice, late or out of order
changes nothing it should not: no second bookkeeping of what was seen is needed.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from google.protobuf.message import DecodeError
from nats.aio.msg import Msg

from praxis.platform.v1 import events_pb2
from praxis_analytics.sources.platform import BadEvent, to_batch
from praxis_analytics.storage.apply import Applied, apply
from praxis_analytics.storage.practices import get_practice
from praxis_chassis import logs
from praxis_chassis.broker import Broker
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Database
from praxis_chassis.errors import (
    Conflict,
    DependencyDown,
    Error,
    InvalidInput,
    LimitExceeded,
    NotFound,
    TooSlow,
)
from praxis_chassis.server import validate

PRODUCER = "platform"
_AGAIN = (Conflict, DependencyDown, LimitExceeded, TooSlow)
_AGAIN_S = 2


@dataclass(frozen=True)
class Ingest:
    """What taking events needs: the application login, and the worker's for dead letters."""

    database: Database
    working: Database

    async def take(self, envelope: events_pb2.Envelope) -> Applied:
        """Applies one envelope, in the name of the current caller's practice.

        Raises: InvalidInput naming the field; NotFound for an unknown practice.
        """
        practice_id = uuid.UUID(envelope.practice_id)
        async with self.database.read(practice_id) as connection:
            practice = await get_practice(connection, practice_id)
        try:
            batch = to_batch(envelope, practice.currency)
        except BadEvent as error:
            raise InvalidInput.of(error.field, error.message) from error
        async with self.database.alone() as connection:
            return await apply(connection, practice_id, batch, uuid.UUID(envelope.envelope_id))

    async def follow(self, broker: Broker) -> None:
        """Takes the platform's envelopes from the broker until cancelled."""
        while True:
            await broker.follow(PRODUCER, "analytics", self._message)
            await asyncio.sleep(0.5)

    async def _message(self, message: Msg) -> None:
        """Applies a message and only then acknowledges it; what cannot be applied is kept apart."""
        try:
            envelope = events_pb2.Envelope.FromString(message.data)
            _enter(envelope)
            validate(envelope)
            await self.take(envelope)
        except _AGAIN as error:
            logs.get().warning("events.delayed", reason=error.reason)
            await message.nak(delay=_AGAIN_S)
            return
        except (DecodeError, ValueError, InvalidInput, NotFound) as error:
            try:
                await self._bury(message, error)
            except Error:
                await message.nak(delay=_AGAIN_S)
                return
        await message.ack()

    async def _bury(self, message: Msg, error: Exception) -> None:
        reason = error.reason.lower() if isinstance(error, Error) else "unreadable"
        logs.get().warning("events.refused", reason=reason, bytes=len(message.data))
        async with self.working.write(None, 5_000) as connection:
            await connection.execute(
                "insert into dead_letter (producer, event_id, practice_id, subject, payload,"
                " reason, at) values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
                (
                    PRODUCER,
                    uuid.uuid5(uuid.NAMESPACE_OID, message.data.hex()),
                    uuid.UUID(int=0),
                    message.subject,
                    message.data,
                    reason,
                    datetime.now(UTC),
                ),
            )


def _enter(envelope: events_pb2.Envelope) -> None:
    """Makes the platform the caller, in the envelope's practice."""
    caller = Caller(uuid.UUID(envelope.practice_id), PRODUCER, frozenset({"service"}), PRODUCER)
    enter(Call(caller, envelope.envelope_id or uuid.uuid4().hex, "", time.monotonic() + 60))
