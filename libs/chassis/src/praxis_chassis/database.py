"""PostgreSQL: bounded pools, and transactions that belong to one practice.

The practice is set by a literal SET LOCAL as part of the statement that opens the transaction;
row-level security reads it there. Queries carry the practice as well: defence twice.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString

import psycopg
from psycopg import AsyncCursor, errors, sql
from psycopg.rows import TupleRow

from praxis_chassis.caller import current_or_none
from praxis_chassis.errors import Conflict, DependencyDown, TooSlow
from praxis_chassis.pool import Connection, Pool

__all__ = ["Connection", "Database", "transaction"]

_READ_ONLY: LiteralString = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_NOTHING = sql.SQL("")
_SLOW = (errors.QueryCanceled, errors.IdleInTransactionSessionTimeout)
_CONFLICT = (errors.LockNotAvailable, errors.SerializationFailure, errors.DeadlockDetected)
_READ_MS, _WRITE_MS, _LOCK_MS, _IDLE_MS, _CHECK_MS = 8_000, 5_000, 1_000, 10_000, 500

_PARALLEL_COST = 20_000


def _timeout_ms(most: int) -> int:
    """What a statement may take: `most`, or less when the call in hand has less time left."""
    call = current_or_none()
    return most if call is None else max(50, min(most, int(call.remaining_s() * 1000) - 100))


class Database:
    """One login's way into one database."""

    def __init__(self, conninfo: str, size: int = 10) -> None:
        self._pool = Pool(conninfo, size)

    async def open(self) -> None:
        """Makes sure that the server answers. Raises: DependencyDown."""
        async with self._pool.lend():
            pass

    async def close(self) -> None:
        """Closes every connection."""
        await self._pool.close()

    @asynccontextmanager
    async def write(
        self, practice_id: uuid.UUID | None, statement_ms: int | None = None
    ) -> AsyncIterator[Connection]:
        """A READ COMMITTED transaction of one practice; commits unless an exception leaves it."""
        ms = _timeout_ms(_WRITE_MS if statement_ms is None else statement_ms)
        async with self._transaction("BEGIN", practice_id, ms) as (connection, _):
            yield connection

    @asynccontextmanager
    async def read(
        self, practice_id: uuid.UUID | None, statement_ms: int | None = None
    ) -> AsyncIterator[Connection]:
        """A transaction that sees one state of the data throughout and can change nothing."""
        ms = _timeout_ms(_READ_MS if statement_ms is None else statement_ms)
        async with self._transaction(_READ_ONLY, practice_id, ms) as (connection, _):
            yield connection

    @asynccontextmanager
    async def read_first(
        self, practice_id: uuid.UUID, first: sql.Composable, statement_ms: int | None = None
    ) -> AsyncIterator[tuple[Connection, TupleRow | None]]:
        """As `read`, with the row of a first query: it goes out with what opens the transaction."""
        ms = _timeout_ms(_READ_MS if statement_ms is None else statement_ms)
        async with self._transaction(_READ_ONLY, practice_id, ms, first) as (connection, found):
            yield connection, await found.fetchone()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Connection]:
        """A connection in autocommit mode that is the caller's alone, for work that opens its own
        transactions."""
        async with self._pool.lend() as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(
        self,
        begin: LiteralString,
        practice_id: uuid.UUID | None,
        statement_ms: int,
        first: sql.Composable = _NOTHING,
    ) -> AsyncIterator[tuple[Connection, AsyncCursor[TupleRow]]]:
        try:
            async with (
                self._pool.lend() as connection,
                transaction(
                    # What only read has nothing to commit, and nobody waits for its end.
                    *(connection, begin, practice_id, statement_ms, first),
                    commits=begin != _READ_ONLY,
                ) as found,
            ):
                yield connection, found
        except _SLOW as error:
            raise TooSlow("the question took longer than allowed") from error
        except _CONFLICT as error:
            raise Conflict("another change is under way; try again") from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise DependencyDown("the database does not answer") from error


@asynccontextmanager
async def transaction(
    connection: Connection,
    begin: LiteralString,
    practice_id: uuid.UUID | None,
    statement_ms: int,
    first: sql.Composable = _NOTHING,
    *,
    commits: bool = True,
) -> AsyncIterator[AsyncCursor[TupleRow]]:
    """Opens, scopes, bounds and ends a transaction on a connection in autocommit mode.

    Yields what the query `first` found, which is sent with the opening. Without `commits` it is
    left open at its end, for the pool that takes the connection back.
    """
    opening = sql.SQL(
        begin + "; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {};"
        "SET LOCAL idle_in_transaction_session_timeout = {};"
        # A statement whose client died, or was cancelled twice, is not carried on with.
        "SET LOCAL client_connection_check_interval = {};"
        # Starting workers takes as long as most questions; only what is far longer gains by it.
        "SET LOCAL parallel_setup_cost = {};"
        "SET LOCAL app.practice_id = {};"
    ).format(
        *(statement_ms, _LOCK_MS, max(_IDLE_MS, statement_ms), _CHECK_MS, _PARALLEL_COST),
        str(practice_id or ""),
    )
    try:
        opened = await connection.execute(opening + first)
        while opened.nextset():
            pass
        yield opened
        ended = await connection.execute("COMMIT") if commits else None
    except BaseException:
        await _rollback(connection)
        raise
    if ended is not None and ended.statusmessage != "COMMIT":
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
