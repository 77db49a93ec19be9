"""What a command leaves behind in its own transaction: an audit row and an event."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from google.protobuf.message import Message

from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, current
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import DependencyDown, Error
from praxis_chassis.ids import uuid7

_INSERT_AUDIT = """
insert into audit_log (practice_id, audit_id, at, actor, on_behalf_of, roles, purpose, action,
                       object_type, object_id, outcome, address, request_id, fields)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict do nothing
"""


def acting(caller: Caller) -> tuple[str, str]:
    """Who acts, and for whom: a service for a user, or a user alone (for nobody else)."""
    by_service = caller.actor not in ("", "gateway")
    return (caller.actor, caller.user_id) if by_service else (caller.user_id, "")


def _audit_row(
    call: Call,
    action: str,
    what: tuple[str, str],
    outcome: str,
    fields: Sequence[str],
    at: datetime | None = None,
) -> tuple[object, ...]:
    caller, at = call.caller, at or datetime.now(UTC)
    who = (*acting(caller), sorted(caller.roles), caller.purpose)
    head = (caller.practice_id, uuid7(), at, *who)
    return (*head, action, *what, outcome, caller.address, call.request_id, list(fields))


async def audit(
    connection: Connection,
    action: str,
    object_type: str,
    object_id: object,
    *,
    outcome: str = "ok",
    fields: Sequence[str] = (),
) -> None:
    """Records that the current caller did `action`; commits with the action itself.

    `fields` are names of fields, never their values.
    """
    row = _audit_row(current(), action, (object_type, str(object_id)), outcome, fields)
    await connection.execute(_INSERT_AUDIT, row)


async def emit(
    connection: Connection, practice_id: uuid.UUID, subject: str, payload: Message
) -> None:
    """Puts an event into this service's log; the relay numbers and publishes it."""
    now = datetime.now(UTC)
    await connection.execute(
        "insert into event_log (day, event_id, practice_id, subject, payload, request_id,"
        " occurred_at) values (%s, %s, %s, %s, %s, %s, %s)",
        (
            now.date(),
            uuid7(),
            practice_id,
            subject,
            payload.SerializeToString(),
            current().request_id,
            now,
        ),
    )


class ReadAudit:
    """Gathers audit rows of aggregate reads and refusals, and writes them at most a second late.

    A read of aggregates costs no commit of its own; reads of identified data do not come here.
    """

    _MOST = 10_000

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: list[tuple[object, ...]] = []
        self._task: asyncio.Task[None] | None = None

    def note(
        self,
        action: str,
        object_type: str,
        object_id: object,
        *,
        outcome: str = "ok",
        fields: Sequence[str] = (),
        at: datetime | None = None,
    ) -> None:
        """Remembers that the current caller did `action`, now or `at` an earlier time.

        When the database stays away the rows are kept, and `full` says when no more reads may be
        answered, so that nothing is seen without a record.
        """
        what = (object_type, str(object_id))
        self._rows.append(_audit_row(current(), action, what, outcome, fields, at))

    @property
    def full(self) -> bool:
        """True when no more reads may be answered."""
        return len(self._rows) >= self._MOST

    def check(self) -> None:
        """Raises: DependencyDown when no more reads may be answered."""
        if self.full:
            raise DependencyDown("reads cannot be recorded at the moment")

    def refused(self, method: str, error: Error) -> None:
        """Remembers that the current caller was refused; for the server's front."""
        if not self.full:
            self.note("call.refused", "method", method, outcome=error.reason.lower())

    def start(self) -> None:
        """Begins writing in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Writes what is left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.flush()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            try:
                await self.flush()
            except Exception as error:
                logs.get().warning(
                    "audit.delayed", error_type=type(error).__name__, count=len(self._rows)
                )

    async def flush(self) -> None:
        """Writes everything noted so far, one transaction a practice.

        Raises: DependencyDown and the like; then what was not written is kept. A row that was
        written without our knowing is not written twice.
        """
        rows, self._rows = self._rows, []
        by_practice: dict[object, list[tuple[object, ...]]] = {}
        for row in rows:
            by_practice.setdefault(row[0], []).append(row)
        try:
            while by_practice:
                practice_id = next(iter(by_practice))
                assert isinstance(practice_id, uuid.UUID)  # noqa: S101
                async with self._database.write(practice_id, 5_000) as connection:
                    cursor = connection.cursor()
                    await cursor.executemany(_INSERT_AUDIT, by_practice[practice_id])
                del by_practice[practice_id]
        finally:
            self._rows[:0] = [row for left in by_practice.values() for row in left]
