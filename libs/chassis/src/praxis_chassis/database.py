"""PostgreSQL: bounded pools, and transactions that belong to one practice.

The practice is set by a literal SET LOCAL as part of the statement that opens the transaction;
row-level security reads it there. Queries carry the practice as well: defence twice.
"""

from __future__ import annotations

import asyncio
import select
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString, cast

import psycopg
from psycopg import AsyncConnection, errors, sql
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from praxis_chassis.caller import current_or_none
from praxis_chassis.errors import Conflict, DependencyDown, LimitExceeded, TooSlow

Connection = AsyncConnection[TupleRow]
_POOL_WAIT_S = 1.0
# After this long without the server the pool waits for the next borrower to ask for it again.
_RECONNECT_S = 10.0
_SLOW = (errors.QueryCanceled, errors.IdleInTransactionSessionTimeout)
_CONFLICT = (errors.LockNotAvailable, errors.SerializationFailure, errors.DeadlockDetected)
_READ_MS, _WRITE_MS, _LOCK_MS, _IDLE_MS = 8_000, 5_000, 1_000, 10_000


async def _discard_all(connection: Connection) -> None:
    # A net under SET LOCAL: nothing a borrower left behind reaches the next one.
    await connection.execute("DISCARD ALL")


def open_pool(conninfo: str, size: int) -> AsyncConnectionPool[Connection]:
    """A pool that is not yet open; the caller opens and closes it."""
    return AsyncConnectionPool(
        conninfo,
        connection_class=cast(Any, AsyncConnection[TupleRow]),
        kwargs={"autocommit": True, "prepare_threshold": None},
        min_size=1,
        max_size=size,
        timeout=_POOL_WAIT_S,
        reconnect_timeout=_RECONNECT_S,
        max_waiting=size * 20,
        reset=_discard_all,
        open=False,
    )


def _timeout_ms(most: int) -> int:
    call = current_or_none()
    return most if call is None else max(50, min(most, int(call.remaining_s() * 1000) - 100))


class Database:
    """One login's way into one database."""

    def __init__(self, conninfo: str, size: int = 10) -> None:
        self._pool = open_pool(conninfo, size)
        self._lent = 0

    async def open(self) -> None:
        """Opens the pool. Raises: DependencyDown when the server does not answer in 10 s."""
        try:
            await self._pool.open(wait=True, timeout=_RECONNECT_S)
        except PoolTimeout as error:
            raise DependencyDown("the database does not answer") from error

    async def close(self) -> None:
        """Closes every connection."""
        await self._pool.close()

    @asynccontextmanager
    async def write(
        self, practice_id: uuid.UUID | None, statement_ms: int | None = None
    ) -> AsyncIterator[Connection]:
        """A READ COMMITTED transaction of one practice; commits unless an exception leaves it."""
        ms = _timeout_ms(_WRITE_MS) if statement_ms is None else statement_ms
        async with self._transaction("BEGIN", practice_id, ms) as connection:
            yield connection

    @asynccontextmanager
    async def read(
        self, practice_id: uuid.UUID | None, statement_ms: int | None = None
    ) -> AsyncIterator[Connection]:
        """A transaction that sees one state of the data throughout and can change nothing."""
        ms = _timeout_ms(_READ_MS) if statement_ms is None else statement_ms
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        async with self._transaction(begin, practice_id, ms) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(
        self, begin: LiteralString, practice_id: uuid.UUID | None, statement_ms: int
    ) -> AsyncIterator[Connection]:
        try:
            async with (
                self._borrowed() as connection,
                transaction(connection, begin, practice_id, statement_ms),
            ):
                yield connection
        except _SLOW as error:
            raise TooSlow("the question took longer than allowed") from error
        except _CONFLICT as error:
            raise Conflict("another change is under way; try again") from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise DependencyDown("the database does not answer") from error

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[Connection]:
        connection = await self._borrow()
        self._lent += 1
        try:
            yield connection
        finally:
            self._lent -= 1
            await self._pool.putconn(connection)

    async def _borrow(self) -> Connection:
        try:
            while _is_left(connection := await self._pool.getconn()):
                await connection.close()
                await self._pool.putconn(connection)
        except (PoolTimeout, TooManyRequests) as error:
            if self._lent:
                raise LimitExceeded("the database is busy; try again in a moment") from error
            # Nobody holds a connection, and there is none to be had.
            raise DependencyDown("the database does not answer") from error
        return connection


def _is_left(connection: Connection) -> bool:
    """Whether the server has left an idle connection: its last word or the end waits to be read."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return bool(socket.poll(0))


@asynccontextmanager
async def transaction(
    connection: Connection,
    begin: LiteralString,
    practice_id: uuid.UUID | None,
    statement_ms: int,
) -> AsyncIterator[None]:
    """Opens, scopes, bounds and ends a transaction on a connection in autocommit mode."""
    opening = sql.SQL(
        begin + "; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {};"
        "SET LOCAL idle_in_transaction_session_timeout = {};"
        "SET LOCAL app.practice_id = {}"
    ).format(statement_ms, _LOCK_MS, max(_IDLE_MS, statement_ms), str(practice_id or ""))
    try:
        await connection.execute(opening)
        yield
        ended = await connection.execute("COMMIT")
    except BaseException:
        await _rollback(connection)
        raise
    if ended.statusmessage != "COMMIT":
        # The answer of a transaction in which an error was passed over: nothing was kept.
        raise errors.InFailedSqlTransaction("the transaction was rolled back")


async def _rollback(connection: Connection) -> None:
    """Rolls back, or gives the connection up when it cannot."""
    try:
        async with asyncio.timeout(5):
            await connection.execute("ROLLBACK")
    except (psycopg.Error, TimeoutError):
        await connection.close()
    except asyncio.CancelledError:
        await connection.close()
        raise
