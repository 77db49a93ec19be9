"""What an operator does with dead letters: see them, apply them again, give them up."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from praxis_analytics.application.ingest import Ingest
from praxis_analytics.settings import Settings
from praxis_chassis.database import Database
from praxis_chassis.dead_letters import DeadLetter
from praxis_chassis.errors import Error, NotFound

_MOST = 10_000


async def run_dead_letters(
    settings: Settings, options: argparse.Namespace, enter: Callable[[uuid.UUID], None]
) -> int:
    """Runs a command; `enter` makes the operator the caller in a practice.

    Returns 0, or 1 when a letter still cannot be applied. Raises: NotFound.
    """
    async with _ingest(settings) as ingest:
        letters, _ = await ingest.letters(None, _MOST)
        if options.action == "list":
            return _show(letters, as_json=options.json)
        chosen = [one for one in letters if options.all or one.id in options.ids]
        missing = set(options.ids) - {one.id for one in chosen}
        if missing:
            raise NotFound(f"no such dead letter: {min(map(str, missing))}")
        done = []
        for letter in chosen:
            enter(letter.practice_id)
            done.append(await _act(ingest, options.action, letter))
        return 0 if all(done) else 1


@asynccontextmanager
async def _ingest(settings: Settings) -> AsyncIterator[Ingest]:
    database = Database(settings.conninfo("app"), 2)
    working = Database(settings.conninfo("worker"), 2)
    try:
        yield Ingest(database, working)
    finally:
        await database.close()
        await working.close()


async def _act(ingest: Ingest, action: str, letter: DeadLetter) -> bool:
    """Replays or discards one; says what came of it."""
    if action == "discard":
        await ingest.discard(letter.practice_id, letter.id)
        print(f"discarded {letter.id}")
        return True
    try:
        _, applied = await ingest.replay(letter.practice_id, letter.id)
    except Error as error:
        print(f"kept      {letter.id}: {error}", file=sys.stderr)
        return False
    new, changed = applied.inserted, applied.changed + applied.voided
    print(f"applied   {letter.id}: {new} new, {changed} changed")
    return True


def _show(letters: list[DeadLetter], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps([dataclasses.asdict(one) for one in letters], default=str))
        return 0
    for one in letters:
        print(f"{one.id}  {one.at:%Y-%m-%d %H:%M:%S%z}  practice {one.practice_id}  {one.reason}")
    print(f"{len(letters)} dead letters")
    return 0
