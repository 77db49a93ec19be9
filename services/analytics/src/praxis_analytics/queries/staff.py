"""The staff directory, and what waits for one of its people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

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
_UNREAD = """
with me as (
    select user_id as id from dim_staff_user
    where practice_id = %(practice)s and not voided
        and (source_id = %(user)s or user_id::text = %(user)s)
    union
    select provider_id from dim_staff_user
    where practice_id = %(practice)s and not voided and provider_id is not null
        and (source_id = %(user)s or user_id::text = %(user)s)
)
select count(*) from fact_message m
where m.practice_id = %(practice)s and not m.voided and m.read_at is null
    and m.recipient_id in (select id from me)
    and m.sent_at < (%(today)s::date + 1)::timestamp at time zone %(zone)s
"""


async def unread_messages(
    connection: Connection, practice_id: uuid.UUID, user_id: str, today: date, zone: str
) -> int | None:
    """Messages to a signed-in user that were sent by the end of `today` and not read.

    None when the practice has no messages at all.
    """
    scope = {"practice": practice_id, "user": user_id, "today": today, "zone": zone}
    some = await connection.execute(
        "select 1 from fact_message where practice_id = %(practice)s and not voided limit 1", scope
    )
    if await some.fetchone() is None:
        return None
    row = await (await connection.execute(_UNREAD.encode(), scope)).fetchone()
    return int(row[0]) if row else 0
