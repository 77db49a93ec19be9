"""The SQL of schedules and of when they fire next."""

from __future__ import annotations

import uuid
from datetime import datetime

from praxis_chassis.database import Connection
from praxis_scheduler.storage.rows import Record, fetch, fetch_one, fetch_page, update

CLAIM_MOST = 100


async def get_schedule(
    connection: Connection, practice_id: uuid.UUID, schedule_id: uuid.UUID
) -> Record | None:
    """One schedule that was not deleted."""
    return await fetch_one(
        connection,
        "select * from report_schedules"
        " where practice_id = %(practice)s and id = %(id)s and deleted_at is null",
        {"practice": practice_id, "id": schedule_id},
    )


async def list_schedules(
    connection: Connection, practice_id: uuid.UUID, filters: Record, skip: int, limit: int
) -> tuple[list[Record], int]:
    """A page of schedules, newest first, and how many match in all."""
    return await fetch_page(
        connection,
        "from report_schedules where practice_id = %(practice)s and deleted_at is null"
        " and (%(frequency)s::text is null or frequency = %(frequency)s)"
        " and (%(status)s::text is null or status = %(status)s)"
        " and (%(report_type)s::text is null or report_type = %(report_type)s)"
        " and (%(report_id)s::uuid is null or report_id = %(report_id)s::uuid)",
        {"practice": practice_id, "skip": skip, "limit": limit, **filters},
        "created_at desc, id desc",
    )


async def lock_due(
    connection: Connection, practice_id: uuid.UUID, schedule_id: uuid.UUID
) -> Record | None:
    """The due row of one schedule, locked before anything else of it is."""
    return await fetch_one(
        connection,
        "select * from schedule_due"
        " where practice_id = %(practice)s and schedule_id = %(id)s for update",
        {"practice": practice_id, "id": schedule_id},
    )


async def claim_due(connection: Connection, practice_id: uuid.UUID, now: datetime) -> list[Record]:
    """Due rows of a practice whose time has come and that nobody else holds, now locked."""
    return await fetch(
        connection,
        "select * from schedule_due where practice_id = %(practice)s and next_fire_at <= %(now)s"
        f" order by next_fire_at limit {CLAIM_MOST} for update skip locked",
        {"practice": practice_id, "now": now},
    )


async def practices_due(connection: Connection, now: datetime) -> list[uuid.UUID]:
    """Practices with schedules whose time has come, the longest waiting first."""
    rows = await fetch(
        connection,
        "select practice_id from schedule_due where next_fire_at <= %(now)s"
        " group by practice_id order by min(next_fire_at) limit 1000",
        {"now": now},
    )
    return [row["practice_id"] for row in rows]


async def schedules_of_other_zone_data(connection: Connection, zone_data: str) -> list[Record]:
    """Practice and id of schedules whose next fire time was computed from other zone data."""
    return await fetch(
        connection,
        "select practice_id, schedule_id from schedule_due where zone_data <> %(zone_data)s"
        " and next_fire_at is not null limit 1000",
        {"zone_data": zone_data},
    )


async def set_next(
    connection: Connection,
    practice_id: uuid.UUID,
    schedule_id: uuid.UUID,
    fire_at: datetime | None,
    label: str | None,
    zone_data: str,
) -> None:
    """Sets when a schedule fires next; None: it does not."""
    await connection.execute(
        "insert into schedule_due (schedule_id, practice_id, next_fire_at, local_label, zone_data)"
        " values (%(id)s, %(practice)s, %(at)s, %(label)s, %(zone_data)s)"
        " on conflict (schedule_id) do update set next_fire_at = excluded.next_fire_at,"
        " local_label = excluded.local_label, zone_data = excluded.zone_data"
        " where schedule_due.practice_id = excluded.practice_id",
        {
            "id": schedule_id,
            "practice": practice_id,
            "at": fire_at,
            "label": label,
            "zone_data": zone_data,
        },
    )
    await update(connection, "report_schedules", practice_id, schedule_id, {"next_run_at": fire_at})


async def count_run(connection: Connection, firing: Record) -> None:
    """Adds an ended firing to its schedule's figures, and shows it unless a later one is shown."""
    await connection.execute(
        "update report_schedules set total_runs = total_runs + 1,"
        " successful_runs = successful_runs + (%(status)s = 'completed')::int,"
        " failed_runs = failed_runs + (%(status)s <> 'completed')::int"
        " where practice_id = %(practice_id)s and id = %(schedule_id)s",
        firing,
    )
    await connection.execute(
        "update report_schedules set last_run_at = %(fired_at)s, last_run_status = %(status)s,"
        " last_run_error = %(error)s where practice_id = %(practice_id)s and id = %(schedule_id)s"
        " and (last_run_at is null or last_run_at <= %(fired_at)s)",
        firing,
    )


async def forget_due(
    connection: Connection, practice_id: uuid.UUID, schedule_id: uuid.UUID
) -> None:
    """Removes the due row of a schedule that has ended."""
    await connection.execute(
        "delete from schedule_due where practice_id = %s and schedule_id = %s",
        (practice_id, schedule_id),
    )
