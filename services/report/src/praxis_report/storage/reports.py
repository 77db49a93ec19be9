"""The SQL of report definitions and their executions."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from praxis_chassis.database import Connection

Record = dict[str, Any]
# What a run keeps of its report, so that a rerun is the same whatever the report is by then.
DEFINITION = ("name", "columns", "sort_by", "sort_order")

# The rule of application/access.py, for the rows of lists.
SEEN = """
  and ({0}.report_type = any(%(seen)s) or {0}.{1} = any(%(shared)s))
  and (%(patients)s or coalesce({0}.parameters ->> 'phi_level', '')
       not in ('PHI_LEVEL_LIMITED', 'PHI_LEVEL_IDENTIFIED'))
"""
_REPORT = """
select r.*, e.status as run_status, e.started_at, e.completed_at, e.result_count, e.file_name,
       e.file_size, e.error_message, e.expires_at, s.users as shared_with_users,
       s.shares > 0 as is_shared
from reports r
cross join lateral (
    select count(*) as shares, array_remove(array_agg(distinct user_id), null) as users
    from report_shares where practice_id = r.practice_id and report_id = r.id
      and revoked_at is null and (expires_at is null or expires_at > now())
) s
left join report_executions e on e.practice_id = r.practice_id and e.id = r.latest_execution_id
where r.practice_id = %(practice)s and r.deleted_at is null
"""
_REPORT_FILTERS = f"""{SEEN.format("r", "id")}
  and (%(report_type)s::text is null or r.report_type = %(report_type)s)
  and (%(status)s::text is null or r.status = %(status)s)
  and (%(format)s::text is null or r.format = %(format)s)
  and (not %(templates_only)s or r.is_template)
"""


async def fetch(connection: Connection, sql: str, parameters: Record) -> list[Record]:
    """The rows of a query."""
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(sql.encode(), parameters)
    return await cursor.fetchall()


async def fetch_one(connection: Connection, sql: str, parameters: Record) -> Record | None:
    """The first row of a query."""
    rows = await fetch(connection, sql, parameters)
    return rows[0] if rows else None


async def insert(connection: Connection, table: str, record: Record) -> bool:
    """Inserts a row; False when its id exists already."""
    values = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in record.items()}
    names = ", ".join(values)
    marks = ", ".join(f"%({name})s" for name in values)
    cursor = await connection.execute(
        f"insert into {table} ({names}) values ({marks}) on conflict do nothing".encode(), values
    )
    return cursor.rowcount == 1


async def update(
    connection: Connection, table: str, practice_id: uuid.UUID, row_id: uuid.UUID, change: Record
) -> None:
    """Sets columns of one row of the practice."""
    values = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in change.items()}
    sets = ", ".join(f"{name} = %({name})s" for name in values)
    await connection.execute(
        f"update {table} set {sets} where practice_id = %(practice)s and id = %(row_id)s".encode(),
        {**values, "practice": practice_id, "row_id": row_id},
    )


async def get_report(
    connection: Connection, practice_id: uuid.UUID, report_id: uuid.UUID, *, lock: bool = False
) -> Record | None:
    """A definition with the run fields of its latest execution."""
    parameters = {"practice": practice_id, "id": report_id}
    locked = " for update of r" if lock else ""
    return await fetch_one(connection, f"{_REPORT} and r.id = %(id)s{locked}", parameters)


async def maker_of(connection: Connection, practice_id: uuid.UUID, report_id: uuid.UUID) -> str:
    """Who defined a report, deleted ones included; empty when there is none."""
    row = await fetch_one(
        connection,
        "select created_by_user_id from reports where practice_id = %(practice)s and id = %(id)s",
        {"practice": practice_id, "id": report_id},
    )
    return row["created_by_user_id"] if row else ""


async def count_reports(
    connection: Connection, practice_id: uuid.UUID, filters: Record
) -> list[Record]:
    """Reports and downloads by type, format and state; `filters` of the caller's view."""
    return await fetch(
        connection,
        "select report_type, format, status, count(*) as reports,"
        " sum(download_count)::bigint as downloads from reports r"
        f" where practice_id = %(practice)s and deleted_at is null{SEEN.format('r', 'id')}"
        " group by report_type, format, status",
        {"practice": practice_id, **filters},
    )


async def list_reports(
    connection: Connection,
    practice_id: uuid.UUID,
    filters: Record,
    skip: int,
    limit: int,
    after: tuple[datetime, uuid.UUID] | None = None,
) -> tuple[list[Record], int]:
    """A page of definitions, newest first, and how many match in all.

    `filters` hold every column of the filter, None where any value will do, and the caller's view.
    """
    parameters = {"practice": practice_id, "skip": skip, "limit": limit, **filters}
    where = _REPORT + _REPORT_FILTERS
    counted = await fetch_one(connection, f"select count(*) from ({where}) matching", parameters)
    total = counted["count"] if counted else 0
    if after is not None:
        parameters["at"], parameters["id"] = after
        where += " and (r.created_at, r.id) < (%(at)s, %(id)s)"
    page = where + " order by r.created_at desc, r.id desc offset %(skip)s limit %(limit)s"
    return await fetch(connection, page, parameters), total


_EXECUTION = """
select e.*, case when e.status = 'pending' then (
    select count(*) from job mine join job j on j.practice_id = mine.practice_id
        and j.state = 'queued' and (-j.priority, j.created_at) <= (-mine.priority, mine.created_at)
    where mine.practice_id = e.practice_id and mine.subject_id = e.id and mine.state = 'queued'
) end as queue_place
from report_executions e where e.practice_id = %(practice)s
"""


async def get_execution(
    connection: Connection, practice_id: uuid.UUID, execution_id: uuid.UUID, *, lock: bool = False
) -> Record | None:
    """One execution; while it waits with its place among the practice's waiting runs."""
    parameters = {"practice": practice_id, "id": execution_id}
    locked = " for update of e" if lock else ""
    return await fetch_one(connection, f"{_EXECUTION} and e.id = %(id)s{locked}", parameters)


async def kept_files(
    connection: Connection, practice_id: uuid.UUID, execution_ids: Iterable[uuid.UUID]
) -> set[str]:
    """The storage keys that these executions name."""
    rows = await fetch(
        connection,
        "select storage_key from report_executions where practice_id = %(practice)s"
        " and id = any(%(ids)s) and storage_key is not null",
        {"practice": practice_id, "ids": list(execution_ids)},
    )
    return {row["storage_key"] for row in rows}


async def list_executions(
    connection: Connection, practice_id: uuid.UUID, filters: Record, skip: int, limit: int
) -> tuple[list[Record], int]:
    """A page of executions, newest first, and how many match in all; `filters` as for reports."""
    parameters = {"practice": practice_id, "skip": skip, "limit": limit, **filters}
    where = f"""{SEEN.format("e", "report_id")}
      and (%(report_id)s::uuid is null or e.report_id = %(report_id)s::uuid)
      and (%(status)s::text is null or e.status = %(status)s)"""
    every = f"select count(*) from report_executions e where e.practice_id = %(practice)s{where}"
    counted = await fetch_one(connection, every, parameters)
    page = f"{_EXECUTION}{where} order by e.queued_at desc, e.id desc"
    page += " offset %(skip)s limit %(limit)s"
    return await fetch(connection, page, parameters), counted["count"] if counted else 0


async def set_latest(
    connection: Connection,
    practice_id: uuid.UUID,
    report_id: uuid.UUID,
    execution_id: uuid.UUID,
    status: str,
    now: datetime,
    *,
    only_if_latest: bool = False,
) -> None:
    """Makes an execution the one whose state the report shows, or only shows its new state."""
    await connection.execute(
        "update reports set latest_execution_id = %(id)s, status = %(status)s,"
        " updated_at = %(now)s where practice_id = %(practice)s and id = %(report)s"
        + (" and latest_execution_id = %(id)s" if only_if_latest else ""),
        {
            "practice": practice_id,
            "report": report_id,
            "id": execution_id,
            "status": status,
            "now": now,
        },
    )
