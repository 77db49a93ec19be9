"""A bounded number of connections to one database, lent to one borrower at a time.

A connection is made when there is none idle, and handed on clean. Nothing runs in between: what a
server that went away has left is found out when it is borrowed, and the next borrower connects.
"""

from __future__ import annotations

import asyncio
import select
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from praxis_chassis.errors import DependencyDown, LimitExceeded

Connection = AsyncConnection[TupleRow]
_WAIT_S = 1.0
_WAITING_MOST = 20
_CLEAN_S = 5.0
# Then a connection is renewed, so that servers that came back get their share.
_LIFETIME_S = 3600.0


class Pool:
    """Up to `size` connections; up to twenty times as many borrowers wait, a second at most."""

    def __init__(self, conninfo: str, size: int) -> None:
        self._conninfo = conninfo
        self._free = asyncio.Semaphore(size)
        self._waiting_most = size * _WAITING_MOST
        self._waiting = 0
        self._idle: list[tuple[Connection, float]] = []
        self._returning: set[asyncio.Task[None]] = set()
        self._closed = False

    async def close(self) -> None:
        """Closes what is idle now, and the rest when it comes back."""
        self._closed = True
        await asyncio.gather(*self._returning)
        await self._close_idle()

    async def _close_idle(self) -> None:
        while self._idle:
            await self._idle.pop()[0].close()

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """A connection in autocommit mode, without anything of an earlier borrower.

        Raises: LimitExceeded when none comes free in time; DependencyDown when none can be made.
        """
        await self._take_turn()
        try:
            connection, born = await self._ready()
        except BaseException:
            self._free.release()
            raise
        try:
            yield connection
        finally:
            returning = asyncio.create_task(self._take_back(connection, born))
            self._returning.add(returning)
            returning.add_done_callback(self._returning.discard)

    async def _take_turn(self) -> None:
        busy = LimitExceeded("the database is busy; try again in a moment")
        if self._waiting >= self._waiting_most:
            raise busy
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_S):
                await self._free.acquire()
        except TimeoutError:
            raise busy from None
        finally:
            self._waiting -= 1

    async def _ready(self) -> tuple[Connection, float]:
        while self._idle:
            connection, born = self._idle.pop()
            if time.monotonic() - born < _LIFETIME_S and not _is_left(connection):
                return connection, born
            await connection.close()
        try:
            connection = await AsyncConnection.connect(
                self._conninfo, autocommit=True, prepare_threshold=None
            )
        except psycopg.OperationalError as error:
            raise DependencyDown("the database does not answer") from error
        return connection, time.monotonic()

    async def _take_back(self, connection: Connection, born: float) -> None:
        try:
            async with asyncio.timeout(_CLEAN_S):
                if connection.info.transaction_status != TransactionStatus.IDLE:
                    await connection.execute("ROLLBACK")
                await connection.execute("DISCARD ALL")
        except (psycopg.Error, TimeoutError):
            await connection.close()
        else:
            self._idle.append((connection, born))
        finally:
            self._free.release()
        if self._closed:
            await self._close_idle()


def _is_left(connection: Connection) -> bool:
    """Whether the server has left an idle connection: its last word or the end waits to be read."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return bool(socket.poll(0))
