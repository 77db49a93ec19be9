"""Reading and writing rows as dictionaries."""

from __future__ import annotations

import json
import uuid
from typing import Any

from psycopg.rows import dict_row

from praxis_chassis.database import Connection

Record = dict[str, Any]


def _values(record: Record) -> Record:
    return {k: json.dumps(v) if isinstance(v, dict) else v for k, v in record.items()}


async def fetch(connection: Connection, sql: str, parameters: Record) -> list[Record]:
    """The rows of a query."""
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(sql.encode(), parameters)
    return await cursor.fetchall()


async def fetch_one(connection: Connection, sql: str, parameters: Record) -> Record | None:
    """The first row of a query, or None."""
    rows = await fetch(connection, sql, parameters)
    return rows[0] if rows else None


async def fetch_page(
    connection: Connection, source: str, parameters: Record, order: str
) -> tuple[list[Record], int]:
    """The page `skip`, `limit` of everything `source` (from …) yields, and how much that is."""
    counted = await fetch_one(connection, f"select count(*) {source}", parameters)
    page = f"select * {source} order by {order} offset %(skip)s limit %(limit)s"
    return await fetch(connection, page, parameters), counted["count"] if counted else 0


async def insert(connection: Connection, table: str, record: Record) -> bool:
    """Inserts a row; False when one of its keys exists already."""
    names, marks = ", ".join(record), ", ".join(f"%({name})s" for name in record)
    cursor = await connection.execute(
        f"insert into {table} ({names}) values ({marks}) on conflict do nothing".encode(),
        _values(record),
    )
    return cursor.rowcount == 1


async def update(
    connection: Connection, table: str, practice_id: uuid.UUID, row_id: uuid.UUID, change: Record
) -> None:
    """Sets columns of one row of the practice."""
    sets = ", ".join(f"{name} = %({name})s" for name in change)
    await connection.execute(
        f"update {table} set {sets} where practice_id = %(practice)s and id = %(row_id)s".encode(),
        {**_values(change), "practice": practice_id, "row_id": row_id},
    )
