"""Runs custom SQL: under its own login, in a snapshot that shows one practice, within bounds."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

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


# What a spreadsheet must not get as it is: control characters, and what begins like a formula.
_BLANK = r"\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROL = r"\x01-\x1f\x7f-\x9f"
_CLEAN = rf"regexp_replace(translate({{0}}::text, E'\t\r\n', '   '), '[{_CONTROL}]', '', 'g')"
_PLAIN = {
    "text": (
        f"case when {{0}}::text !~ '[{_CONTROL}]|^[{_BLANK}]*[-=+@]' then {{0}}::text"
        rf" when {{0}}::text ~ '^[\t\r]|^[{_BLANK}{_CONTROL}]*[-=+@]'"
        f" then chr(39) || {_CLEAN} else {_CLEAN} end"
    ),
    "number": "case when {0} - {0} = 0 then {0} end",
    "date": "case when isfinite({0}) then {0} end",
}
_AS_IT_IS = {
    "text": "{0}::text",
    "boolean": "case when {0} then 'true' when not {0} then 'false' end",
}
_READABLE = _AS_IT_IS | dict.fromkeys(("number", "date"), "{0}::text")
# A name without a schema means the catalogue's own, or nothing.
_NAMES = "SET LOCAL search_path = pg_catalog"


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

    @property
    def names(self) -> list[str]:
        """Names of its columns."""
        return [column.name for column in self.columns]


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
    """What stands before the rows of a stream: the query, its columns, the state that is read."""

    sql: str
    columns: tuple[Column, ...]
    revision: int
    recorded_at: datetime
    synthetic: bool
    data_through: date | None


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
            columns = await _columns(connection, allowed)
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
            columns = await _columns(connection, allowed)
            text = _selected(allowed, columns, limit + 1, _READABLE)
            rows, truncated = await _first(connection, _sized(text, len(columns)), limit)
        through = await self._data_through(practice_id)
        return Result(allowed, columns, tuple(rows), truncated, *state, through)

    async def _data_through(self, practice_id: uuid.UUID) -> date | None:
        """The last local date that has any fact; the views do not tell it."""
        async with self._serving.read(practice_id) as connection:
            practice = await get_practice(connection, practice_id)
            return (await state_at(connection, practice, None, practice.today)).data_through

    async def stream(
        self, practice_id: uuid.UUID, sql: str, limit: int, *, plain: bool = False
    ) -> AsyncIterator[Head | bytes | int]:
        """The head of a result, its lines in pieces as the database writes them, and how many
        rows they were; `plain` is what a spreadsheet may get. Raises: InvalidInput, TooSlow."""
        allowed = await self._guarded(sql)
        await self._record(practice_id, allowed)
        through = await self._data_through(practice_id)
        async with self._snapshot(practice_id, _STREAM_MS) as connection:
            columns = await _columns(connection, allowed)
            yield Head(allowed, columns, *await _state(connection), through)
            forms = _AS_IT_IS | (_PLAIN if plain else {})
            # No more of a value than a row may have leaves the database.
            forms["text"] = f"left({forms['text']}, {_BYTES_MOST + 1})"
            text = _selected(allowed, columns, limit, forms)
            async for piece in _copied(connection, f"copy ({text}) to stdout (format csv)"):
                yield piece

    async def _guarded(self, sql: str) -> str:
        try:
            return guarded(sql, {view.name: view.names for view in await self.views()})
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
                async with transaction(connection, _READ, None, statement_ms, commits=False):
                    await connection.execute(_NAMES)
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


@contextmanager
def _told() -> Iterator[None]:
    """Raises: InvalidInput with what the database says against the text of a user."""
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate or ""
        # Too large in itself, or larger than a session may write to disk.
        excessive = state.startswith("54") or state == "53400"
        if isinstance(error, psycopg.OperationalError) and not excessive:
            raise
        said = error.diag.message_primary or "cannot be run"
        raise InvalidInput.of("sql", said[:300]) from None


async def _execute(connection: Connection, sql: str) -> psycopg.AsyncCursor[Any]:
    with _told():
        return await connection.execute(sql.encode())


async def _columns(connection: Connection, sql: str) -> tuple[Column, ...]:
    cursor = await _execute(connection, f"select * from ({sql}) as result limit 0")
    found = cursor.description or ()
    return tuple(Column(one.name, _TYPES.get(one.type_code, "text")) for one in found)


def _selected(sql: str, columns: Sequence[Column], limit: int, forms: Mapping[str, str]) -> str:
    """The first rows of a query, each column in the form of its type, named c0, c1 and so on."""
    names = _names(len(columns))
    values = (
        f"{forms.get(column.type, '{0}').format(name)} as {name}"
        for name, column in zip(names, columns, strict=True)
    )
    named = f"({sql}) as result({', '.join(names)})"
    return f"select {', '.join(values)} from {named} limit {limit}"


def _sized(sql: str, columns: int) -> str:
    """Rows of texts with their bytes; the texts of one that is too large stay in the database."""
    names = _names(columns)
    size = "+".join(["0::bigint", *(f"coalesce(octet_length({name}), 0)" for name in names)])
    values = (f"case when size <= {_BYTES_MOST} then {name} end" for name in names)
    sized = f"select *, {size} as size from ({sql}) texts"
    return f"select {', '.join(values)}, size from ({sized}) sized"


def _names(columns: int) -> list[str]:
    return [f"c{place}" for place in range(columns)]


async def _state(connection: Connection) -> tuple[int, datetime, bool]:
    """The revision that a snapshot reads, when it was recorded, and whether overlay is in it."""
    cursor = await connection.execute("select revision, recorded_at, synthetic from semantic.as_of")
    revision, recorded_at, synthetic = await cursor.fetchone() or (0, datetime.now(UTC), False)
    return revision, recorded_at, synthetic


async def _first(
    connection: Connection, text: str, limit: int
) -> tuple[list[tuple[str | None, ...]], bool]:
    """The first rows that fit into one message together, and whether there are more."""
    rows: list[tuple[str | None, ...]] = []
    size = 0
    with _told():
        found = cast("AsyncGenerator[Any]", connection.cursor().stream(text.encode()))
        async with aclosing(found):  # what is not read is cancelled
            async for *row, text_bytes in found:
                size += text_bytes + 8 * len(row)
                if size > _BYTES_MOST or len(rows) == limit:
                    return rows, True
                rows.append(tuple(row))
    return rows, False


async def _copied(connection: Connection, text: str) -> AsyncIterator[bytes | int]:
    """What COPY writes, gathered to pieces, and how many rows that was."""
    cursor, held = connection.cursor(), bytearray()
    with _told():
        async with cursor.copy(text.encode()) as copy:
            async for line in copy:
                if len(line) > _BYTES_MOST:
                    raise InvalidInput.of("sql", f"makes a row of over {_BYTES_MOST:,} bytes")
                held += line
                if len(held) >= _PIECE_BYTES:
                    yield bytes(held)
                    held.clear()
    if held:
        yield bytes(held)
    yield cursor.rowcount
