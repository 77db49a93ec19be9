"""The SQL of files: keys of practices, what is due for deletion, downloads, the download centre."""

from __future__ import annotations

import uuid
from datetime import datetime

from praxis_chassis.database import Connection
from praxis_report.storage.reports import SEEN, Record, fetch, fetch_one


async def newest_key(connection: Connection, practice_id: uuid.UUID) -> Record | None:
    """A practice's newest key, wrapped."""
    return await fetch_one(
        connection,
        "select version, wrapped from practice_keys where practice_id = %(practice)s"
        " order by version desc limit 1",
        {"practice": practice_id},
    )


async def practices_with_keys(connection: Connection) -> list[uuid.UUID]:
    """Every practice that has a key."""
    rows = await fetch(connection, "select practice_id from key_owner order by 1", {})
    return [row["practice_id"] for row in rows]


async def add_key(
    connection: Connection, practice_id: uuid.UUID, version: int, wrapped: bytes, now: datetime
) -> None:
    """Keeps a practice's key, unless there is one of this version."""
    await connection.execute(
        "insert into practice_keys (practice_id, version, wrapped, created_at)"
        " values (%s, %s, %s, %s) on conflict do nothing",
        (practice_id, version, wrapped, now),
    )
    await connection.execute(
        "insert into key_owner (practice_id) values (%s) on conflict do nothing", (practice_id,)
    )


async def set_due(
    connection: Connection, practice_id: uuid.UUID, execution_id: uuid.UUID, due_at: datetime
) -> None:
    """Says when a file is due for deletion, in place of what was said before."""
    await forget_due(connection, execution_id)
    await connection.execute(
        "insert into file_due (practice_id, execution_id, due_at) values (%s, %s, %s)",
        (practice_id, execution_id, due_at),
    )


async def forget_due(connection: Connection, execution_id: uuid.UUID) -> None:
    """A file is not due any longer."""
    await connection.execute("delete from file_due where execution_id = %s", (execution_id,))


async def due_files(connection: Connection, now: datetime, limit: int) -> list[Record]:
    """Practices and executions whose files are due, across practices; longest due first."""
    return await fetch(
        connection,
        "select practice_id, execution_id from file_due where due_at <= %(now)s"
        " order by due_at limit %(limit)s",
        {"now": now, "limit": limit},
    )


async def count_download(
    connection: Connection, record: Record, download_id: uuid.UUID, user_id: str, now: datetime
) -> None:
    """Records who fetched a run's file, and counts it on the run and on its report."""
    parameters = {
        "practice": record["practice_id"],
        "id": download_id,
        "execution": record["id"],
        "report": record["report_id"],
        "user": user_id,
        "bytes": record["file_size"],
        "now": now,
    }
    await connection.execute(
        "insert into report_downloads"
        " (practice_id, id, execution_id, user_id, bytes, downloaded_at) values"
        " (%(practice)s, %(id)s, %(execution)s, %(user)s, %(bytes)s, %(now)s)",
        parameters,
    )
    counted = "set download_count = download_count + 1, last_downloaded_at = %(now)s"
    await connection.execute(
        f"update report_executions {counted}"
        " where practice_id = %(practice)s and id = %(execution)s".encode(),
        parameters,
    )
    await connection.execute(
        f"update reports {counted} where practice_id = %(practice)s and id = %(report)s".encode(),
        parameters,
    )


async def list_files(
    connection: Connection, practice_id: uuid.UUID, filters: Record, skip: int, limit: int
) -> tuple[list[Record], int]:
    """A page of runs whose files are there, newest first, and how many there are in all.

    `filters`: the caller's view, `report_id` or None, `now`.
    """
    parameters = {"practice": practice_id, "skip": skip, "limit": limit, **filters}
    where = f"""
    from report_executions e where practice_id = %(practice)s and status = 'completed'
      and data_key is not null and (expires_at > %(now)s or held_at is not null)
      {SEEN.format("e", "report_id")}
      and (%(report_id)s::uuid is null or report_id = %(report_id)s::uuid)"""
    counted = await fetch_one(connection, f"select count(*) {where}", parameters)
    page = f"select * {where} order by completed_at desc, id desc offset %(skip)s limit %(limit)s"
    return await fetch(connection, page, parameters), counted["count"] if counted else 0


async def readers(
    connection: Connection, practice_id: uuid.UUID, execution_ids: list[uuid.UUID]
) -> list[Record]:
    """Who fetched these files how often, most often first, at most 20 a file."""
    return await fetch(
        connection,
        """
        select * from (
            select execution_id, user_id, count(*) as downloads,
                   max(downloaded_at) as last_downloaded_at,
                   row_number() over (partition by execution_id order by count(*) desc, user_id)
                       as place
            from report_downloads
            where practice_id = %(practice)s and execution_id = any(%(ids)s)
            group by execution_id, user_id
        ) counted where place <= 20 order by execution_id, place
        """,
        {"practice": practice_id, "ids": execution_ids},
    )
