"""What an operator does with events that a service could not apply."""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from praxis.event.v1 import event_pb2
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.consumer import NOBODY, Handler
from praxis_chassis.database import Database
from praxis_chassis.errors import Error

_WORK_S = 60.0


@dataclass(frozen=True)
class DeadLetter:
    """One event, or an envelope of them, and why it could not be applied."""

    id: uuid.UUID
    practice_id: uuid.UUID
    subject: str
    reason: str
    at: datetime
    size: int


class Letters(Protocol):
    """Where they are kept, and what can be done with each."""

    async def found(self) -> list[DeadLetter]:
        """All of them, the newest first."""

    async def replay(self, letter: DeadLetter) -> str:
        """Applies it and forgets it, at once or not at all; returns what that did, if it can
        tell. Raises: what applying it does."""

    async def discard(self, letter: DeadLetter) -> None:
        """Gives it up for good."""


@dataclass(frozen=True)
class DeadLetters:
    """Those a consumer set apart; `database` is its worker login, `name` its service's."""

    database: Database
    name: str
    producer: str
    handlers: Mapping[str, Handler]

    async def found(self) -> list[DeadLetter]:
        """All of them, the newest first."""
        async with self.database.read(None) as connection:
            cursor = await connection.execute(
                "select event_id, practice_id, subject, reason, at, length(payload)"
                " from dead_letter where producer = %s order by at desc, event_id desc",
                (self.producer,),
            )
            return [DeadLetter(*row) for row in await cursor.fetchall()]

    async def replay(self, letter: DeadLetter) -> str:
        """Applies it and forgets it, at once or not at all. Raises: what its handler does."""
        await self._take_out(letter, apply=True)
        return ""

    async def discard(self, letter: DeadLetter) -> None:
        """Gives it up for good."""
        await self._take_out(letter, apply=False)

    async def _take_out(self, letter: DeadLetter, *, apply: bool) -> None:
        caller = Caller(letter.practice_id, self.producer, frozenset({"service"}), self.name)
        enter(Call(caller, uuid.uuid4().hex, "", time.monotonic() + _WORK_S))
        async with self.database.write(letter.practice_id, 5_000) as connection:
            cursor = await connection.execute(
                "delete from dead_letter where producer = %s and event_id = %s"
                " returning coalesce(seq, 0), payload",
                (self.producer, letter.id),
            )
            row = await cursor.fetchone()
            handler = self.handlers.get(letter.subject)
            if row is None or handler is None or not apply:
                return
            event = event_pb2.Event(
                event_id=str(letter.id),
                practice_id=str(letter.practice_id),
                subject=letter.subject,
                seq=row[0],
                payload=row[1],
            )
            event.occurred_at.FromDatetime(letter.at)
            await handler(connection, event)


async def run(letters: Letters, arguments: Sequence[str]) -> int:
    """Runs `list [--json]`, `replay` or `discard` with ids or `--all`.

    Returns 0, 1 when one still cannot be applied, 2 for an id that is none.
    """
    parser = argparse.ArgumentParser(prog="dead-letters")
    parser.add_argument("action", choices=("list", "replay", "discard"))
    parser.add_argument("ids", type=uuid.UUID, nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    found = await letters.found()
    if options.action == "list":
        _show(found, as_json=options.json)
        return 0
    chosen = [one for one in found if options.all or one.id in options.ids]
    if missing := set(options.ids) - {one.id for one in chosen}:
        print(f"praxis: no such dead letter: {min(map(str, missing))}", file=sys.stderr)
        return 2
    done = [await _act(letters, options.action, one) for one in chosen]
    return 0 if all(done) else 1


async def _act(letters: Letters, action: str, letter: DeadLetter) -> bool:
    if action == "discard":
        await letters.discard(letter)
        print(f"discarded {letter.id}")
        return True
    try:
        what = await letters.replay(letter)
    except Error as error:
        print(f"kept      {letter.id}: {error}", file=sys.stderr)
        return False
    except Exception as error:
        # Text of a foreign error may quote the event; its kind and place do not.
        where = logs.place_of(error)
        print(f"kept      {letter.id}: {type(error).__name__} at {where}", file=sys.stderr)
        return False
    print(f"applied   {letter.id}" + (f": {what}" if what else ""))
    return True


def _show(found: Sequence[DeadLetter], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([asdict(one) for one in found], default=str))
        return
    for one in found:
        practice = "" if one.practice_id == NOBODY else f"  practice {one.practice_id}"
        print(f"{one.id}  {one.at:%Y-%m-%d %H:%M:%S%z}{practice}  {one.reason}  {one.subject}")
    print(f"{len(found)} dead letters")


async def run_alone(
    conninfo: str,
    name: str,
    producer: str,
    handlers: Mapping[str, Handler],
    arguments: Sequence[str],
) -> int:
    """`run` with a database connection of its own."""
    database = Database(conninfo, 1)
    await database.open()
    try:
        return await run(DeadLetters(database, name, producer, handlers), arguments)
    finally:
        await database.close()
