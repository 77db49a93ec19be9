"""The staff directory, and what waits for one of its people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from praxis_analytics.queries.sources import facts_as_of
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection

_FROM = """
from dim_staff_user
where practice_id = %(practice)s and not voided and (not %(active)s or active is not false)
"""


@dataclass(frozen=True)
class StaffUser:
    """Somebody who works in the practice."""

    user_id: uuid.UUID
    display_name: str | None
    role: str | None
    department: str | None
    active: bool | None


async def list_staff(
    connection: Connection, practice_id: uuid.UUID, active_only: bool, skip: int, limit: int
) -> tuple[list[StaffUser], int]:
    """A page of people by name, and how many match in all."""
    scope = {"practice": practice_id, "active": active_only, "skip": skip, "limit": limit}
    cursor = await connection.execute(
        f"select user_id, display_name, role, department, active {_FROM}"
        " order by display_name, user_id offset %(skip)s limit %(limit)s".encode(),
        scope,
    )
    people = [StaffUser(*row) for row in await cursor.fetchall()]
    counted = await (
        await connection.execute(f"select count(*) {_FROM}".encode(), scope)
    ).fetchone()
    return people, counted[0] if counted else 0


# A platform's staff user has the id of the sign-in as its own; others write to the provider.
_STAFF = facts_as_of("dim_staff_user", newest=False)
_MESSAGES = facts_as_of("fact_message", newest=False)
_UNREAD = f"""
with me as (
    select u.user_id as id, u.provider_id from {_STAFF} u
    where u.source_id = %(user)s or u.user_id::text = %(user)s
)
select count(*), count(*) filter (where m.read_at is null
    and m.recipient_id in (select id from me union all select provider_id from me)
    and m.sent_at < (%(today)s::date + 1)::timestamp at time zone %(zone)s)
from {_MESSAGES} m
"""


async def unread_messages(
    connection: Connection, practice: Practice, revision: int, user_id: str, today: date
) -> int | None:
    """Messages to a signed-in user that were sent by the end of `today` and not read, as they
    were known at a revision.

    None when the practice has no messages at all.
    """
    scope = {"practice": practice.practice_id, "revision": revision, "user": user_id}
    scope |= {"today": today, "zone": practice.time_zone}
    cursor = await connection.execute(_UNREAD.encode(), scope)
    ((messages, unread),) = await cursor.fetchall()
    return unread if messages else None
