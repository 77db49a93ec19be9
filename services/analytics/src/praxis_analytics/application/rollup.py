"""The worker that keeps roll-ups up with the facts. Several may run at once."""

from __future__ import annotations

import asyncio
import uuid

import psycopg

from praxis_analytics.domain.rollups import rolled_facts
from praxis_analytics.storage import rollups
from praxis_chassis import logs
from praxis_chassis.database import Connection, Database, transaction
from praxis_chassis.errors import Error

_PAUSE_S, _FAILED_S = 0.5, 2.0
_STATEMENT_MS = 120_000
_FASTER = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
)


class RollUps:
    """Looks for touched months and rolls them up; `database` is the worker login."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Works until cancelled; failures are tried again."""
        while True:
            try:
                async with self._database.alone() as connection:
                    pause = 0.0 if await work_once(connection) else _PAUSE_S
            except (Error, psycopg.Error):
                logs.get().warning("rollup.failed", exc_info=True)
                pause = _FAILED_S
            await asyncio.sleep(pause)


async def work_once(connection: Connection) -> bool:
    """Brings one practice that needs it up to date; False when none does.

    The connection is in autocommit mode and the caller's alone.
    """
    async with transaction(connection, "BEGIN", None, _STATEMENT_MS):
        claimed = await rollups.claim(connection)
    if claimed is None:
        return False
    practice_id, touched_at = claimed
    if await roll_up(connection, practice_id):
        async with transaction(connection, "BEGIN", None, _STATEMENT_MS):
            await rollups.done(connection, practice_id, touched_at)
    return True


async def roll_up(connection: Connection, practice_id: uuid.UUID) -> bool:
    """Rolls up what a practice's facts need; whether nothing was left for later."""
    left = False
    for fact in rolled_facts().values():
        try:
            async with transaction(
                connection, "BEGIN ISOLATION LEVEL REPEATABLE READ", practice_id, _STATEMENT_MS
            ):
                left |= not await rollups.roll(connection, practice_id, fact)
        except _FASTER:  # another worker was
            left = True
    return not left
