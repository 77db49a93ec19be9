"""Gives a service's events their numbers and publishes them.

An event is inserted by the command that causes it, without a number. One relay per service, under
a fenced lease, numbers what has committed, without gaps, and publishes it in order. A killed
relay's successor goes on where it stopped; publishing twice is harmless.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from praxis.event.v1 import event_pb2
from praxis_chassis import logs
from praxis_chassis.broker import Broker
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import Error

_LEASE_S = 10
_NUMBER_MOST = 500
_ENVELOPE_MOST = 100
# Looks for events this often after one was seen, and ever less often up to the second figure.
_SOON_S, _LATER_S = 0.05, 0.5
_KEEP_DAYS = 14

_CLAIM = f"""
update relay set fence = fence + (lease_owner <> %(owner)s)::int, lease_owner = %(owner)s,
       lease_until = clock_timestamp() + interval '{_LEASE_S} seconds'
where lease_owner = %(owner)s or lease_until < clock_timestamp()
returning fence
"""
_NUMBER = f"""
with waiting as (
    select day, event_id, row_number() over (order by ord) as place
    from (select day, event_id, ord from event_log where seq is null
          order by ord limit {_NUMBER_MOST}) first
), counter as (
    update relay set last_seq = last_seq + (select count(*) from waiting)
    where fence = %(fence)s and lease_owner = %(owner)s
    returning last_seq - (select count(*) from waiting) as before
)
update event_log e set seq = counter.before + waiting.place
from waiting, counter where e.day = waiting.day and e.event_id = waiting.event_id
"""
_COLUMNS = "seq, event_id, practice_id, subject, payload, occurred_at, request_id"


def to_event(row: tuple[Any, ...]) -> event_pb2.Event:
    """A row of the log (`_COLUMNS`) as a message."""
    seq, event_id, practice_id, subject, payload, occurred_at, request_id = row
    event = event_pb2.Event(
        seq=seq,
        event_id=str(event_id),
        practice_id=str(practice_id),
        subject=subject,
        payload=payload,
        request_id=request_id,
    )
    event.occurred_at.FromDatetime(occurred_at)
    return event


async def read_log(
    connection: Connection, after_seq: int, limit: int, *, unpublished: bool = False
) -> list[event_pb2.Event]:
    """Numbered events after `after_seq`, in order."""
    cursor = await connection.execute(
        f"select {_COLUMNS} from event_log where seq > %s"
        f"{' and published_at is null' if unpublished else ''} order by seq limit %s".encode(),
        (after_seq, limit),
    )
    return [to_event(row) for row in await cursor.fetchall()]


class Relay:
    """The relay of one service; `database` is its worker login."""

    def __init__(self, database: Database, broker: Broker, service: str) -> None:
        self._database = database
        self._broker = broker
        self._service = service
        self._owner = f"{service}-{uuid.uuid4().hex}"

    async def run(self) -> None:
        """Numbers and publishes until cancelled; failures are tried again."""
        pause = _SOON_S
        while True:
            try:
                moved = await self._round()
            except Error as error:
                logs.get().warning("relay.delayed", reason=error.reason)
                moved, pause = 0, 1.0
            pause = _SOON_S if moved else min(_LATER_S, pause * 1.5)
            if not moved:
                await asyncio.sleep(pause)

    async def _round(self) -> int:
        if not await self._waiting():
            return 0
        fence = await self._claim()
        if fence is None:
            return 0
        return await self._number(fence) + await self._publish()

    async def _waiting(self) -> bool:
        """Whether there is anything to number or publish; a look, not a write."""
        async with self._database.read(None, 5_000) as connection:
            cursor = await connection.execute(
                "select exists (select from event_log where seq is null)"
                " or exists (select from event_log where seq is not null and published_at is null)"
            )
            row = await cursor.fetchone()
        return bool(row and row[0])

    async def _claim(self) -> int | None:
        async with self._database.write(None, 5_000) as connection:
            row = await (await connection.execute(_CLAIM, {"owner": self._owner})).fetchone()
        return None if row is None else int(row[0])

    async def _number(self, fence: int) -> int:
        async with self._database.write(None, 5_000) as connection:
            parameters = {"owner": self._owner, "fence": fence}
            cursor = await connection.execute(_NUMBER.encode(), parameters)
            return cursor.rowcount

    async def _publish(self) -> int:
        async with self._database.read(None, 5_000) as connection:
            events = await read_log(connection, 0, _ENVELOPE_MOST, unpublished=True)
        if not events:
            return 0
        envelope = event_pb2.Envelope(producer=self._service, events=events)
        first, last = events[0].seq, events[-1].seq
        subject = f"praxis.{self._service}.v1.envelope"
        message_id = f"{self._service}-{first}-{last}"
        await self._broker.publish(subject, envelope.SerializeToString(), message_id)
        async with self._database.write(None, 5_000) as connection:
            await connection.execute(
                "update event_log set published_at = clock_timestamp()"
                " where seq between %s and %s and published_at is null",
                (first, last),
            )
        return len(events)

    async def forget(self) -> int:
        """Deletes published events older than 14 days. Returns how many."""
        async with self._database.write(None, 60_000) as connection:
            cursor = await connection.execute(
                "delete from event_log where published_at is not null"
                f" and day < (clock_timestamp() at time zone 'UTC')::date - {_KEEP_DAYS}".encode()
            )
            return cursor.rowcount
