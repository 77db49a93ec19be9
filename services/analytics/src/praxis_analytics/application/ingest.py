"""Platform events in: by call, by stream of calls, or from the broker, all through `apply`.

Facts carry their source's id and version, so an envelope that comes twice, late or out of order
changes nothing it should not: no second bookkeeping of what was seen is needed.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass

import psycopg
from google.protobuf.message import DecodeError
from nats.aio.msg import Msg

from praxis.platform.v1 import events_pb2
from praxis_analytics.sources.platform import BadEvent, to_batch
from praxis_analytics.storage.apply import Applied, apply
from praxis_analytics.storage.dead_letters import (
    NO_PRACTICE,
    PRODUCER,
    bury,
    list_letters,
    take_out,
)
from praxis_analytics.storage.practices import get_practice
from praxis_chassis import logs
from praxis_chassis.broker import Broker
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Database
from praxis_chassis.dead_letters import DeadLetter
from praxis_chassis.errors import (
    Conflict,
    DependencyDown,
    Error,
    InvalidInput,
    LimitExceeded,
    TooSlow,
)
from praxis_chassis.records import audit
from praxis_chassis.server import validate

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
            async with self.database.alone() as connection:
                return await apply(connection, practice_id, batch, uuid.UUID(envelope.envelope_id))
        except BadEvent as error:
            raise InvalidInput.of(error.field, error.message) from error
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            raise InvalidInput("a value cannot be stored") from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise DependencyDown("the database does not answer") from error

    async def follow(self, broker: Broker) -> None:
        """Takes the platform's envelopes from the broker until cancelled."""
        while True:
            await broker.follow(PRODUCER, "analytics", self._message)
            await asyncio.sleep(0.5)

    async def _message(self, message: Msg) -> None:
        """Applies a message and only then acknowledges it; what cannot be applied is kept apart."""
        try:
            try:
                await self._take_new(message.data)
            except _AGAIN:
                raise
            except Exception as error:
                await self._set_apart(message, error)
        except Error as error:
            logs.get().warning("events.delayed", reason=error.reason)
            await message.nak(delay=_AGAIN_S)
        else:
            await message.ack()

    async def _take_new(self, data: bytes) -> None:
        envelope = events_pb2.Envelope.FromString(data)
        _enter(envelope)
        validate(envelope)
        await self.take(envelope)

    async def _set_apart(self, message: Msg, error: Exception) -> None:
        """Keeps the events that cannot be applied, and applies the others of their envelope."""
        bad = [(message.data, _reason(error))]
        envelope = _readable(message.data)
        good = None
        if envelope is not None:
            good, found = await self._sort(envelope)
            bad = found or bad
        practice_id = uuid.UUID(envelope.practice_id) if envelope else NO_PRACTICE
        async with self.working.write(practice_id, 5_000) as connection:
            for payload, reason in bad:
                logs.get().warning("events.refused", reason=reason, bytes=len(payload))
                await bury(connection, practice_id, message.subject, payload, reason)
        if good is not None:
            await self.take(good)

    async def _sort(
        self, envelope: events_pb2.Envelope
    ) -> tuple[events_pb2.Envelope | None, list[tuple[bytes, str]]]:
        """The envelope without its bad events, if it has both kinds, and these one by one."""
        practice_id = uuid.UUID(envelope.practice_id)
        good = events_pb2.Envelope()
        good.CopyFrom(envelope)
        del good.events[:]
        bad = []
        try:
            async with self.database.read(practice_id) as connection:
                practice = await get_practice(connection, practice_id)
        except _AGAIN:
            raise
        except Error:
            return None, []
        for event in envelope.events:
            one = events_pb2.Envelope()
            one.CopyFrom(good)
            del one.events[:]
            one.events.append(event)
            try:
                validate(one)
                to_batch(one, practice.currency)
            except (InvalidInput, BadEvent) as error:
                bad.append((one.SerializeToString(), _reason(error)))
            else:
                good.events.append(event)
        return (good, bad) if good.events and bad else (None, bad)

    async def letters(
        self, practice_id: uuid.UUID | None, limit: int, page_token: str = ""
    ) -> tuple[list[DeadLetter], str]:
        """Up to `limit` dead letters of a practice (None: of all, for operators), the newest
        first, and the next page's token."""
        async with self.working.read(practice_id) as connection:
            return await list_letters(connection, practice_id, limit, page_token)

    async def replay(self, practice_id: uuid.UUID, letter_id: uuid.UUID) -> tuple[str, Applied]:
        """Applies a dead letter and forgets it: its envelope's id, and what it did.

        Versions make a second application harmless, should this process die between the two
        commits. Raises: NotFound; InvalidInput when it still cannot be applied, and it is kept.
        """
        async with self.working.write(practice_id) as connection:
            payload = await take_out(connection, practice_id, letter_id)
            envelope = _readable(payload)
            if envelope is None:
                raise InvalidInput("this is no envelope; it can only be discarded")
            await audit(connection, "dead_letter.replayed", "dead_letter", letter_id)
            validate(envelope)
            return envelope.envelope_id, await self.take(envelope)

    async def discard(self, practice_id: uuid.UUID, letter_id: uuid.UUID) -> None:
        """Forgets a dead letter. Raises: NotFound."""
        async with self.working.write(practice_id) as connection:
            await take_out(connection, practice_id, letter_id)
            await audit(connection, "dead_letter.discarded", "dead_letter", letter_id)


def _readable(data: bytes) -> events_pb2.Envelope | None:
    """An envelope that names a practice."""
    try:
        envelope = events_pb2.Envelope.FromString(data)
        uuid.UUID(envelope.practice_id)
    except (DecodeError, ValueError):
        return None
    return envelope


def _reason(error: Exception) -> str:
    """A word and the field at fault; never a value, which may be about a person."""
    if isinstance(error, BadEvent):
        return f"invalid_field: {error.field}"
    if isinstance(error, Error):
        fields = ", ".join(one.field for one in getattr(error, "violations", ())[:3])
        return f"{error.reason.lower()}: {fields}" if fields else error.reason.lower()
    unreadable = isinstance(error, (DecodeError, ValueError))
    return "unreadable" if unreadable else type(error).__name__


def _enter(envelope: events_pb2.Envelope) -> None:
    """Makes the platform the caller, in the envelope's practice."""
    caller = Caller(uuid.UUID(envelope.practice_id), PRODUCER, frozenset({"service"}), PRODUCER)
    enter(Call(caller, envelope.envelope_id or uuid.uuid4().hex, "", time.monotonic() + 60))
