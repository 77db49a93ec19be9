"""Runs custom SQL: under its own login, in a snapshot that shows one practice, within bounds."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg import errors as pg

from praxis_analytics.queries.answers import state_at
from praxis_analytics.queries.sql_guard import NotAllowed, guarded
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.database import Connection, Database, transaction
from praxis_chassis.errors import DependencyDown, InvalidInput, TooSlow
from praxis_chassis.records import audit

_RUN_MS, _STREAM_MS = 8_000, 600_000
_PIECE_BYTES = 256 * 1024
_BYTES_MOST = 3_000_000
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_TYPES = {16: "boolean", 1082: "date"} | dict.fromkeys((20, 21, 23, 700, 701, 1700), "number")
_VIEWS = """
select c.relname, coalesce(obj_description(c.oid, 'pg_class'), ''), a.attname,
       a.atttypid::integer, coalesce(col_description(c.oid, a.attnum), '')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
where n.nspname = 'semantic' and c.relkind = 'v' and c.relname <> 'as_of'
order by c.relname, a.attnum
"""


@dataclass(frozen=True)
class Column:
    """A column: its name, its type (text, number, date or boolean) and its meaning."""

    name: str
    type: str
    description: str = ""


@dataclass(frozen=True)
class View:
    """A view that queries may read."""

    name: str
    description: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Checked:
    """A query as it would run, its columns, and what the database expects of it."""

    sql: str
    columns: tuple[Column, ...]
    rows: int
    cost: float


@dataclass(frozen=True)
class Result:
    """A query's rows as text, and the state of the facts that it read."""

    sql: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    truncated: bool
    revision: int
    recorded_at: datetime
    synthetic: bool
    data_through: date | None


@dataclass(frozen=True)
class Head:
    """What stands before the rows of a stream: the columns, and the state that is read."""

    columns: tuple[Column, ...]
    revision: int
    recorded_at: datetime
    synthetic: bool


class CustomSql:
    """Looks at queries, runs them, and records each with its text.

    `serving`, `working` and `reading` are the logins app, worker and sql of this service.
    """

    def __init__(self, serving: Database, working: Database, reading: Database) -> None:
        self._serving = serving
        self._working = working
        self._reading = reading
        self._views: tuple[View, ...] = ()

    async def views(self) -> tuple[View, ...]:
        """Every view, by name."""
        if not self._views:
            async with self._reading.read(None) as connection:
                rows = await (await connection.execute(_VIEWS)).fetchall()
            columns: dict[tuple[str, str], list[Column]] = {}
            for view, about, name, type_, meaning in rows:
                column = Column(name, _TYPES.get(type_, "text"), meaning)
                columns.setdefault((view, about), []).append(column)
            self._views = tuple(View(*key, tuple(each)) for key, each in columns.items())
        return self._views

    async def check(self, practice_id: uuid.UUID, sql: str) -> Checked:
        """What a query would do. Raises: InvalidInput naming what it may not do."""
        allowed = await self._guarded(sql)
        async with self._snapshot(practice_id) as connection:
            cursor = await _execute(connection, f"select * from ({allowed}) as result limit 0")
            columns = _columns(cursor)
            cursor = await _execute(connection, f"explain (format json) {allowed}")
            (plans,) = await cursor.fetchone() or ([],)
        plan = plans[0]["Plan"]
        return Checked(allowed, columns, plan["Plan Rows"], plan["Total Cost"])

    async def run(self, practice_id: uuid.UUID, sql: str, limit: int) -> Result:
        """Up to `limit` rows, fewer when they are wide. Raises: InvalidInput, TooSlow."""
        allowed = await self._guarded(sql)
        await self._record(practice_id, allowed)
        async with self._snapshot(practice_id) as connection:
            state = await _state(connection)
            text = f"select * from ({allowed}) as result limit {limit + 1}"
            cursor = await _execute(connection, text)
            rows = _fitting([_texts(row) for row in await cursor.fetchall()])
        truncated = len(rows) > limit or len(rows) < cursor.rowcount
        through = await self._data_through(practice_id)
        return Result(allowed, _columns(cursor), tuple(rows[:limit]), truncated, *state, through)

    async def _data_through(self, practice_id: uuid.UUID) -> date | None:
        """The last local date that has any fact; the views do not tell it."""
        async with self._serving.read(practice_id) as connection:
            practice = await get_practice(connection, practice_id)
            return (await state_at(connection, practice, None, practice.today)).data_through

    async def stream(
        self, practice_id: uuid.UUID, sql: str, limit: int
    ) -> AsyncIterator[Head | bytes | int]:
        """The head of a result, its lines in pieces as the database writes them, and how many
        rows they were. Raises: InvalidInput, TooSlow."""
        allowed = await self._guarded(sql)
        await self._record(practice_id, allowed)
        async with self._snapshot(practice_id, _STREAM_MS) as connection:
            cursor = await _execute(connection, f"select * from ({allowed}) as result limit 0")
            columns = _columns(cursor)
            yield Head(columns, *await _state(connection))
            names = [f"c{place}" for place in range(len(columns))]
            values = ", ".join(
                f"case when {name} then 'true' when not {name} then 'false' end"
                if column.type == "boolean"
                else name
                for name, column in zip(names, columns, strict=True)
            )
            text = (
                f"copy (select {values} from ({allowed}) as result({', '.join(names)})"
                f" limit {limit}) to stdout (format csv)"
            )
            async for piece in _copied(connection, text):
                yield piece

    async def _guarded(self, sql: str) -> str:
        try:
            return guarded(sql, {view.name for view in await self.views()})
        except NotAllowed as error:
            raise InvalidInput.of("sql", str(error)) from None

    async def _record(self, practice_id: uuid.UUID, sql: str) -> None:
        """Who ran what stands in the database before the first row is read."""
        digest = hashlib.sha256(sql.encode()).digest()
        async with self._serving.write(practice_id) as connection:
            await connection.execute(
                "insert into sql_text (practice_id, sql_hash, sql, first_seen)"
                " values (%s, %s, %s, %s) on conflict do nothing",
                (practice_id, digest, sql, datetime.now(UTC)),
            )
            await audit(connection, "sql.run", "sql", digest.hex())

    @asynccontextmanager
    async def _snapshot(
        self, practice_id: uuid.UUID, statement_ms: int = _RUN_MS
    ) -> AsyncIterator[Connection]:
        """A transaction of the SQL login that can read one practice's views and nothing else."""
        try:
            async with self._reading.alone() as connection:
                await self._assign(connection.info.backend_pid, practice_id)
                async with transaction(connection, _READ, None, statement_ms):
                    yield connection
        except pg.QueryCanceled as error:
            raise TooSlow("the query took longer than allowed; narrow it") from error
        except psycopg.OperationalError as error:
            raise DependencyDown("the database does not answer") from error

    async def _assign(self, pid: int, practice_id: uuid.UUID) -> None:
        async with self._working.write(None) as connection:
            await connection.execute(
                "insert into sql_session (pid, practice_id, salt) values (%s, %s, %s)"
                " on conflict (pid) do update set practice_id = excluded.practice_id,"
                " salt = excluded.salt, opened_at = clock_timestamp()",
                (pid, practice_id, secrets.token_bytes(16)),
            )


async def _execute(connection: Connection, sql: str) -> psycopg.AsyncCursor[Any]:
    """Runs text of a user. Raises: InvalidInput with what the database says against it."""
    try:
        return await connection.execute(sql.encode())
    except (pg.QueryCanceled, psycopg.OperationalError):
        raise
    except psycopg.Error as error:
        said = error.diag.message_primary or "cannot be run"
        raise InvalidInput.of("sql", said[:300]) from None


async def _state(connection: Connection) -> tuple[int, datetime, bool]:
    """The revision that a snapshot reads, when it was recorded, and whether overlay is in it."""
    cursor = await connection.execute("select revision, recorded_at, synthetic from semantic.as_of")
    revision, recorded_at, synthetic = await cursor.fetchone() or (0, datetime.now(UTC), False)
    return revision, recorded_at, synthetic


async def _copied(connection: Connection, text: str) -> AsyncIterator[bytes | int]:
    """What COPY writes, gathered to pieces, and how many rows that was."""
    cursor, held = connection.cursor(), bytearray()
    try:
        async with cursor.copy(text.encode()) as copy:
            async for line in copy:
                held += line
                if len(held) >= _PIECE_BYTES:
                    yield bytes(held)
                    held.clear()
    except (pg.QueryCanceled, psycopg.OperationalError):
        raise
    except psycopg.Error as error:
        said = error.diag.message_primary or "cannot be run"
        raise InvalidInput.of("sql", said[:300]) from None
    if held:
        yield bytes(held)
    yield cursor.rowcount


def _columns(cursor: psycopg.AsyncCursor[Any]) -> tuple[Column, ...]:
    found = cursor.description or ()
    return tuple(Column(one.name, _TYPES.get(one.type_code, "text")) for one in found)


def _texts(row: Sequence[object]) -> tuple[str | None, ...]:
    return tuple(None if value is None else _text(value) for value in row)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _fitting(rows: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """The first rows that fit into one message together."""
    size = 0
    for index, row in enumerate(rows):
        size += sum(len((value or "").encode()) + 8 for value in row)
        if size > _BYTES_MOST:
            return rows[:index]
    return rows
