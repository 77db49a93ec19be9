"""Follows another service's log: each event applied exactly once, in order, whatever is lost.

One cursor per producer moves in the transaction of the effect. A number at or below it is skipped,
the next one applied, and anything beyond makes the consumer read the gap from the producer. The
broker is only the quick way; every few seconds the log itself is asked.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import grpc
from nats.aio.msg import Msg

from praxis.event.v1 import event_log_service_pb2, event_log_service_pb2_grpc, event_pb2
from praxis_chassis import logs
from praxis_chassis.broker import Broker
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.channels import metadata
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import Conflict, DependencyDown, Error, LimitExceeded, TooSlow, from_rpc
from praxis_chassis.relay import read_log
from praxis_chassis.tokens import InternalSigner

SERVICE = "praxis.event.v1.EventLogService"
_ASK_EVERY_S = 3.0
_READ = 500
_TRIES = 5
_TRANSIENT = (DependencyDown, TooSlow, LimitExceeded, Conflict)
NOBODY = uuid.UUID(int=0)

Handler = Callable[[Connection, event_pb2.Event], Awaitable[None]]


class EventLogServicer(event_log_service_pb2_grpc.EventLogServiceServicer):
    """Serves this service's own log; `database` is its worker login."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ReadEvents(  # noqa: N802
        self, request: event_log_service_pb2.ReadEventsRequest, context: Any
    ) -> event_log_service_pb2.ReadEventsResponse:
        """Entries after a number."""
        async with self._database.read(None) as connection:
            events = await read_log(connection, request.after_seq, request.limit or _READ)
            cursor = await connection.execute(
                "select last_seq, coalesce((select min(seq) from event_log where seq is not null),"
                " 0) from relay"
            )
            row = await cursor.fetchone()
        head, oldest = row if row is not None else (0, 0)
        return event_log_service_pb2.ReadEventsResponse(
            events=events, head_seq=head, oldest_seq=oldest
        )


class EventReader:
    """Reads a producer's log over gRPC, in the name of this service."""

    def __init__(self, channel: grpc.aio.Channel, signer: InternalSigner) -> None:
        self._stub = event_log_service_pb2_grpc.EventLogServiceStub(channel)  # type: ignore[no-untyped-call]
        self._caller = Caller(NOBODY, signer.name, frozenset({"service"}))
        self._signer = signer

    async def read(self, after_seq: int) -> list[event_pb2.Event]:
        """Entries after a number, at most 500. Raises: the producer's errors."""
        request = event_log_service_pb2.ReadEventsRequest(after_seq=after_seq, limit=_READ)
        token = self._signer.mint(self._caller)
        try:
            response = await self._stub.ReadEvents(
                request, metadata=metadata(token, uuid.uuid4().hex), timeout=10
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        return list(response.events)


class Consumer:
    """Applies one producer's events to this service's database (its worker login).

    `handlers` maps subjects to what is done, in the transaction that moves the cursor and under
    the event's practice; other subjects only move the cursor. A handler that fails five times, or
    at once with an error that cannot pass, puts the event into `dead_letter`, never in the way.
    """

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        reader: EventReader,
        name: str,
        producer: str,
        handlers: Mapping[str, Handler],
    ) -> None:
        self._database = database
        self._broker = broker
        self._reader = reader
        self._name = name
        self._producer = producer
        self._handlers = handlers
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Follows until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._ask())

    async def _follow(self) -> None:
        while True:
            await self._broker.follow(self._producer, self._name, self._take)
            await asyncio.sleep(0.5)

    async def _take(self, message: Msg) -> None:
        envelope = event_pb2.Envelope.FromString(message.data)
        try:
            await self._apply_all(envelope.events)
        except Error as error:
            logs.get().warning("events.delayed", reason=error.reason)
            await message.nak(delay=1)
            return
        await message.ack()

    async def _ask(self) -> None:
        while True:
            try:
                await self.catch_up()
            except Error as error:
                logs.get().debug("events.unread", reason=error.reason)
            await asyncio.sleep(_ASK_EVERY_S)

    async def catch_up(self) -> None:
        """Reads and applies everything the producer's log holds beyond the cursor."""
        while events := await self._reader.read(await self.position()):
            await self._apply_all(events)

    async def position(self) -> int:
        """The number of the last event that was applied."""
        async with self._database.read(None, 5_000) as connection:
            return await self._position(connection)

    async def _position(self, connection: Connection, *, lock: bool = False) -> int:
        cursor = await connection.execute(
            "select seq from cursor where consumer = %s and producer = %s"
            + (" for update" if lock else ""),
            (self._name, self._producer),
        )
        row = await cursor.fetchone()
        return 0 if row is None else int(row[0])

    async def _apply_all(self, events: Iterable[event_pb2.Event]) -> None:
        async with self._turn:
            at = await self.position()
            for event in events:
                if event.seq > at + 1:
                    at = await self._fill(at, event.seq)
                if event.seq == at + 1:
                    await self._apply(event)
                    at = event.seq

    async def _fill(self, at: int, before: int) -> int:
        """Applies what lies between the cursor and an event that came too early."""
        while at + 1 < before:
            found = await self._reader.read(at)
            if not found or found[0].seq != at + 1:
                raise DependencyDown(f"the log of {self._producer} does not reach back far enough")
            for event in found:
                await self._apply(event)
                at = event.seq
        return at

    async def _apply(self, event: event_pb2.Event) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                return await self._apply_once(event)
            except _TRANSIENT:
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(0.1 * 2**attempt)
            except Exception as error:
                logs.get().error(
                    "event.refused",
                    method=event.subject,
                    error_type=type(error).__name__,
                    where=logs.place_of(error),
                )
                return await self._bury(event, type(error).__name__)
        return None

    async def _apply_once(self, event: event_pb2.Event) -> None:
        handler = self._handlers.get(event.subject)
        practice_id = uuid.UUID(event.practice_id)
        caller = Caller(practice_id, self._producer, frozenset({"service"}), self._name)
        enter(Call(caller, event.request_id, "", asyncio.get_running_loop().time() + 60))
        async with self._database.write(practice_id, 5_000) as connection:
            if await self._move(connection, event) and handler is not None:
                await handler(connection, event)

    async def _move(self, connection: Connection, event: event_pb2.Event) -> bool:
        """Moves the cursor onto the event; False when it was there already."""
        at = await self._position(connection, lock=True)
        if event.seq != at + 1:
            return False
        cursor = await connection.execute(
            "insert into cursor (consumer, producer, seq, moved_at)"
            " values (%(consumer)s, %(producer)s, %(seq)s, clock_timestamp())"
            " on conflict (consumer, producer) do update"
            " set seq = excluded.seq, moved_at = excluded.moved_at"
            " where cursor.seq = excluded.seq - 1",
            {"consumer": self._name, "producer": self._producer, "seq": event.seq},
        )
        return cursor.rowcount == 1

    async def _bury(self, event: event_pb2.Event, reason: str) -> None:
        async with self._database.write(uuid.UUID(event.practice_id), 5_000) as connection:
            if await self._move(connection, event):
                await connection.execute(
                    "insert into dead_letter (producer, event_id, seq, practice_id, subject,"
                    " payload, reason, at) values (%s, %s, %s, %s, %s, %s, %s, clock_timestamp())"
                    " on conflict do nothing",
                    (
                        self._producer,
                        uuid.UUID(event.event_id),
                        event.seq,
                        uuid.UUID(event.practice_id),
                        event.subject,
                        event.payload,
                        reason,
                    ),
                )
