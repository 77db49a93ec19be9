"""Platform events that could not be applied, as an operator deals with them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from praxis_analytics.application.ingest import Ingest
from praxis_analytics.settings import Settings
from praxis_chassis import dead_letters
from praxis_chassis.database import Database
from praxis_chassis.dead_letters import DeadLetter

_MOST = 10_000


async def run_dead_letters(
    settings: Settings, arguments: Sequence[str], enter: Callable[[uuid.UUID], None]
) -> int:
    """Runs a command of `praxis_chassis.dead_letters.run`; `enter` makes the operator the caller
    in a practice."""
    database = Database(settings.conninfo("app"), 2)
    working = Database(settings.conninfo("worker"), 2)
    try:
        return await dead_letters.run(_Platform(Ingest(database, working), enter), arguments)
    finally:
        await database.close()
        await working.close()


@dataclass(frozen=True)
class _Platform:
    ingest: Ingest
    enter: Callable[[uuid.UUID], None]

    async def found(self) -> list[DeadLetter]:
        letters, _ = await self.ingest.letters(None, _MOST)
        return letters

    async def replay(self, letter: DeadLetter) -> str:
        self.enter(letter.practice_id)
        _, applied = await self.ingest.replay(letter.practice_id, letter.id)
        return f"{applied.inserted} new, {applied.changed + applied.voided} changed"

    async def discard(self, letter: DeadLetter) -> None:
        self.enter(letter.practice_id)
        await self.ingest.discard(letter.practice_id, letter.id)
