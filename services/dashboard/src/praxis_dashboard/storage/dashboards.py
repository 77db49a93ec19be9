"""The SQL of dashboards."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from praxis_chassis.caller import Caller
from praxis_chassis.database import Connection

Record = dict[str, Any]

# Whom a dashboard exists for: its maker, whom it is shared with, and who runs the practice.
_SEEN = """
practice_id = %(practice)s and deleted_at is null
  and (%(all)s or is_public or user_id = %(user)s or %(user)s = any(shared_with_users)
       or shared_with_roles && %(roles)s)
"""
_FILTERS = """
  and (%(dashboard_type)s::text is null or dashboard_type = %(dashboard_type)s)
  and (%(user_id)s::text is null or user_id = %(user_id)s)
  and (%(is_public)s::boolean is null or is_public = %(is_public)s)
  and (not %(templates_only)s or is_template)
"""
# One's own default first, then the practice's.
_ORDER = """
order by (is_default and user_id = %(user)s) is true desc, is_default and user_id is null desc,
         sort_order, created_at desc, id
"""
RUNS_PRACTICE = frozenset({"owner", "admin"})


def _viewer(caller: Caller) -> Record:
    return {
        "practice": caller.practice_id,
        "user": caller.user_id,
        "roles": sorted(caller.roles),
        "all": bool(RUNS_PRACTICE & caller.roles),
    }


async def _fetch(connection: Connection, sql: str, parameters: Record) -> list[Record]:
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(sql.encode(), parameters)
    return await cursor.fetchall()


def _values(record: Record) -> Record:
    """Documents as JSON; lists of texts are arrays."""
    documents = ("widgets", "layout", "metadata")
    return {k: json.dumps(v) if k in documents else v for k, v in record.items()}


async def insert(connection: Connection, record: Record) -> bool:
    """Inserts a dashboard; False when its id exists already."""
    values = _values(record)
    marks = ", ".join(f"%({name})s" for name in values)
    cursor = await connection.execute(
        f"insert into dashboards ({', '.join(values)}) values ({marks})"
        " on conflict do nothing".encode(),
        values,
    )
    return cursor.rowcount == 1


async def get(
    connection: Connection, caller: Caller, dashboard_id: uuid.UUID, *, lock: bool = False
) -> Record | None:
    """A dashboard that exists for the caller."""
    rows = await _fetch(
        connection,
        f"select * from dashboards where {_SEEN} and id = %(id)s" + (" for update" if lock else ""),
        {**_viewer(caller), "id": dashboard_id},
    )
    return rows[0] if rows else None


async def get_born(connection: Connection, caller: Caller, dashboard_id: uuid.UUID) -> Record:
    """The caller's own dashboard, deleted or not, that a create gave this id."""
    rows = await _fetch(
        connection,
        "select * from dashboards where practice_id = %(practice)s and id = %(id)s",
        {"practice": caller.practice_id, "id": dashboard_id},
    )
    return rows[0]


async def view(
    connection: Connection, caller: Caller, dashboard_id: uuid.UUID, now: datetime
) -> Record | None:
    """The same, counted as opened."""
    rows = await _fetch(
        connection,
        "update dashboards set view_count = view_count + 1, last_viewed_at = %(now)s"
        f" where {_SEEN} and id = %(id)s returning *",
        {**_viewer(caller), "id": dashboard_id, "now": now},
    )
    return rows[0] if rows else None


async def listed(
    connection: Connection, caller: Caller, filters: Record, skip: int, limit: int
) -> tuple[list[Record], int]:
    """A page of the dashboards that exist for the caller, and how many match in all."""
    parameters = {**_viewer(caller), **filters, "skip": skip, "limit": limit}
    where = f"from dashboards where {_SEEN} {_FILTERS}"
    counted = await _fetch(connection, f"select count(*) {where}", parameters)
    page = f"select * {where} {_ORDER} offset %(skip)s limit %(limit)s"
    return await _fetch(connection, page, parameters), counted[0]["count"]


async def change(
    connection: Connection, practice_id: uuid.UUID, dashboard_id: uuid.UUID, change: Record
) -> Record:
    """Sets columns, and counts a version. Returns the row."""
    values = _values(change)
    sets = ", ".join([*(f"{name} = %({name})s" for name in values), "version = version + 1"])
    rows = await _fetch(
        connection,
        f"update dashboards set {sets}"
        " where practice_id = %(practice)s and id = %(dashboard)s returning *",
        {**values, "practice": practice_id, "dashboard": dashboard_id},
    )
    return rows[0]


async def keep_one_default(connection: Connection, caller: Caller, kept: Record) -> None:
    """Takes the mark from the other dashboards of this one's maker."""
    await connection.execute(
        "update dashboards set is_default = false, version = version + 1"
        " where practice_id = %s and user_id = %s and id <> %s and is_default",
        (caller.practice_id, kept["user_id"], kept["id"]),
    )
