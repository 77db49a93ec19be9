"""The SQL of firings and of the mails that follow."""

from __future__ import annotations

import uuid
from datetime import datetime

from praxis_chassis.database import Connection
from praxis_scheduler.storage.rows import Record, fetch, fetch_one, fetch_page


async def has_fired(
    connection: Connection, practice_id: uuid.UUID, schedule_id: uuid.UUID, at: datetime, label: str
) -> bool:
    """Whether an instant or its local time has an outcome already."""
    found = await fetch_one(
        connection,
        "select 1 from firing where practice_id = %(practice)s and schedule_id = %(id)s"
        " and (fire_time = %(at)s or local_label = %(label)s)",
        {"practice": practice_id, "id": schedule_id, "at": at, "label": label},
    )
    return found is not None


async def lock_firing(
    connection: Connection, practice_id: uuid.UUID, firing_id: uuid.UUID
) -> Record | None:
    """One firing, locked."""
    return await fetch_one(
        connection,
        "select * from firing where practice_id = %(practice)s and id = %(id)s for update",
        {"practice": practice_id, "id": firing_id},
    )


async def list_firings(
    connection: Connection, practice_id: uuid.UUID, schedule_id: uuid.UUID, skip: int, limit: int
) -> tuple[list[Record], int]:
    """A page of a schedule's firings, newest first, and how many there are."""
    return await fetch_page(
        connection,
        "from firing where practice_id = %(practice)s and schedule_id = %(id)s",
        {"practice": practice_id, "id": schedule_id, "skip": skip, "limit": limit},
        "fire_time desc",
    )


async def list_deliveries(
    connection: Connection, practice_id: uuid.UUID, firing_ids: list[uuid.UUID]
) -> list[Record]:
    """Mails about some firings, by recipient."""
    return await fetch(
        connection,
        "select * from delivery where practice_id = %(practice)s and firing_id = any(%(ids)s)"
        " order by recipient",
        {"practice": practice_id, "ids": firing_ids},
    )


async def get_delivery(
    connection: Connection, practice_id: uuid.UUID, delivery_id: uuid.UUID
) -> Record | None:
    """One mail with what it is written from."""
    return await fetch_one(
        connection,
        "select d.*, f.local_label, s.name, s.email_subject, s.email_body, s.created_by_user_id,"
        " s.owner_roles from delivery d"
        " join firing f on f.practice_id = d.practice_id and f.id = d.firing_id"
        " join report_schedules s on s.practice_id = d.practice_id and s.id = d.schedule_id"
        " where d.practice_id = %(practice)s and d.id = %(id)s",
        {"practice": practice_id, "id": delivery_id},
    )


async def begin_attempt(
    connection: Connection, practice_id: uuid.UUID, delivery_id: uuid.UUID
) -> bool:
    """Notes that the mail is about to be handed over.

    Returns whether an earlier attempt was broken off after the server may have taken it.
    """
    row = await fetch_one(
        connection,
        "update delivery set is_uncertain = is_uncertain or status = 'sending',"
        " status = 'sending', attempts = attempts + 1"
        " where practice_id = %(practice)s and id = %(id)s returning is_uncertain",
        {"practice": practice_id, "id": delivery_id},
    )
    return bool(row and row["is_uncertain"])
