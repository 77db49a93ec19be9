"""Signals between the processes of this service: something of a practice has changed.

They travel through the database, so that they leave with the commit that causes them and reach
every process, whichever of them consumed the event.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import psycopg

from praxis_chassis.database import Connection

_CHANNEL = "practice_changed"


async def announce(connection: Connection, practice_id: uuid.UUID) -> None:
    """Tells every process, once the transaction in hand has committed."""
    await connection.execute("select pg_notify(%s, %s)", (_CHANNEL, str(practice_id)))


async def announced(conninfo: str) -> AsyncIterator[uuid.UUID | None]:
    """The practices that changed; None at first: whatever came before was not heard.

    Raises: psycopg.Error when the connection breaks.
    """
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute(f"listen {_CHANNEL}")
        yield None
        async for signal in connection.notifies():
            yield uuid.UUID(signal.payload)
