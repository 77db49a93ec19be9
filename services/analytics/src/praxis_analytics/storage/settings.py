"""What a change of settings needs: the practice's lock, a revision, and the list of changes."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from praxis.analytics.v1 import events_pb2
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.database import Connection
from praxis_chassis.errors import NotFound
from praxis_chassis.records import emit

_SUBJECT = "praxis.analytics.v1.revision.recorded"
# Kinds of fact that hold amounts; even a voided one was entered in the currency of its time.
_MONEY = ("fact_charge", "fact_ledger", "fact_claim")


@dataclass(frozen=True)
class Change:
    """One form of the settings, from `revision` on; `settings` are all of them as JSON."""

    version: int
    revision: int
    changed_at: datetime
    changed_by: str
    fields: list[str]
    settings: dict[str, Any]


async def lock_practice(connection: Connection, practice_id: uuid.UUID) -> Practice:
    """The practice; nobody else changes it or its facts until the transaction ends.

    Raises: NotFound.
    """
    # A batch of facts may hold the lock for seconds; the default would give up after one.
    await connection.execute("set local lock_timeout = '4s'")
    cursor = await connection.execute(
        "select 1 from revision_head h join practice p on p.practice_id = h.practice_id"
        " where h.practice_id = %s for update",
        (practice_id,),
    )
    if await cursor.fetchone() is None:
        raise NotFound("no such practice")
    return await get_practice(connection, practice_id)


async def take_revision(connection: Connection, practice_id: uuid.UUID, table: str) -> int:
    """Makes a change of one row of `table`, no fact, a revision; the caller holds the lock."""
    cursor = await connection.execute(
        "update revision_head set revision = revision + 1,"
        " recorded_at = greatest(recorded_at, clock_timestamp())"
        " where practice_id = %s returning revision, recorded_at",
        (practice_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("no such practice")
    revision: int = row[0]
    changed = {table: 1}
    await connection.execute(
        "insert into revision_log (practice_id, revision, recorded_at, changed, amounts)"
        " values (%s, %s, %s, %s::jsonb, '{}')",
        (practice_id, revision, row[1], json.dumps(changed)),
    )
    # Months are rolled up by the zone and settings in force.
    await connection.execute(
        "insert into rollup_due (practice_id, touched_at) values (%s, %s)"
        " on conflict (practice_id) do update set touched_at = excluded.touched_at",
        (practice_id, row[1]),
    )
    event = events_pb2.RevisionRecorded(
        practice_id=str(practice_id), revision=revision, changed=changed
    )
    await emit(connection, practice_id, _SUBJECT, event)
    return revision


async def has_money(connection: Connection, practice_id: uuid.UUID) -> bool:
    """Whether any amount was ever entered."""
    found = " or ".join(
        f"exists (select from {table} where practice_id = %(practice)s)" for table in _MONEY
    )
    cursor = await connection.execute(f"select {found}".encode(), {"practice": practice_id})
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def list_changes(
    connection: Connection, practice_id: uuid.UUID, skip: int, limit: int
) -> tuple[list[Change], int]:
    """A page of the forms that the settings have had, newest first, and how many there are."""
    cursor = await connection.execute(
        "select version, revision, changed_at, changed_by, fields, settings from practice_history"
        " where practice_id = %s order by version desc offset %s limit %s",
        (practice_id, skip, limit),
    )
    changes = [Change(*row) for row in await cursor.fetchall()]
    counted = await connection.execute(
        "select count(*) from practice_history where practice_id = %s", (practice_id,)
    )
    total = await counted.fetchone()
    return changes, total[0] if total else 0
