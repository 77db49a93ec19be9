"""The one way facts come in: `apply` makes one batch of one practice's facts one revision.

Staged outside the lock, then, under the practice's row in `revision_head`: older copies dropped,
upsert with history, voiding of what a corrected source no longer yields, recomputation of what
follows from other facts and of the balances that they move, the revision's log and its event. A
batch that changes nothing takes no revision.
"""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from psycopg import errors as pg

from praxis.analytics.v1 import events_pb2
from praxis_analytics.domain.facts import ENCOUNTER, PATIENT, Batch, Kind
from praxis_analytics.storage import balances, statements
from praxis_analytics.storage.staging import stage
from praxis_analytics.storage.statements import VISIT
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import Conflict, InvalidInput
from praxis_chassis.records import emit

__all__ = ["BATCH_MOST", "VISIT", "Applied", "apply"]

BATCH_MOST = 10_000
_STATEMENT_MS = 120_000
_TRIES = 60


@dataclass
class Applied:
    """What a batch did: the revision it became (None when nothing changed) and rows by outcome."""

    revision: int | None = None
    inserted: int = 0
    changed: int = 0
    voided: int = 0
    # Changed rows that this same import had written before: a second, different copy.
    rewritten: int = 0
    by_table: dict[str, int] = field(default_factory=dict)


async def apply(
    connection: Connection, practice_id: uuid.UUID, batch: Batch, import_batch_id: uuid.UUID
) -> Applied:
    """Applies `batch` on a connection in autocommit mode that belongs to the caller alone.

    Raises: InvalidInput for a batch over 10,000 rows or a practice that does not exist; Conflict
    when the practice stays locked for about a minute.
    """
    if batch.size > BATCH_MOST:
        raise InvalidInput(f"a batch holds at most {BATCH_MOST} facts, not {batch.size}")
    for attempt in range(_TRIES):
        try:
            async with transaction(connection, "BEGIN", practice_id, _STATEMENT_MS):
                work = _Work(connection, practice_id, batch, import_batch_id)
                return await work.run()
        except (pg.LockNotAvailable, pg.DeadlockDetected):
            await asyncio.sleep(random.uniform(0, min(1.0, 0.05 * 2**attempt)))  # noqa: S311
    raise Conflict("the practice is being changed by others all the time; try again later")


class _Work:
    """One attempt at one batch."""

    def __init__(
        self,
        connection: Connection,
        practice_id: uuid.UUID,
        batch: Batch,
        import_batch_id: uuid.UUID,
    ) -> None:
        self._connection = connection
        self._practice_id = practice_id
        self._batch = batch
        self._yielding = list(
            {kind: None for _, kinds in batch.resources.values() for kind in kinds}
        )
        self._done = Applied()
        self._amounts: dict[str, Decimal] = {}
        self._patients: set[uuid.UUID] = set()
        self._parameters: dict[str, Any] = {"practice": practice_id, "import": import_batch_id}

    async def run(self) -> Applied:
        # Statistics may not know the practice yet, or not what it has grown to: its tables are
        # read as those of an average one, not as if they were empty.
        await self._connection.execute("set local plan_cache_mode = force_generic_plan")
        await stage(self._connection, self._batch, {*self._batch.rows, *self._yielding})
        await self._take_revision()
        await self._drop_older()
        for kind in self._batch.rows:
            await self._write(kind)
        for kind in self._yielding:
            await self._void_gone(kind)
        if any(kind.table in self._done.by_table for kind in balances.ACCOUNT_OF):
            await self._refresh_balances()
        if self._patients:
            await self._recompute(ENCOUNTER, statements.NEW_PATIENT)
            await self._recompute(PATIENT, statements.REGISTERED)
        if self._done.by_table:
            await self._record()
        return self._done

    async def _execute(self, statement: str) -> int:
        cursor = await self._connection.execute(statement.encode(), self._parameters)
        return cursor.rowcount

    async def _row(self, statement: str) -> Any:
        cursor = await self._connection.execute(statement.encode(), self._parameters)
        return await cursor.fetchone()

    async def _take_revision(self) -> None:
        row = await self._row(
            "select revision + 1, greatest(recorded_at, clock_timestamp()) from revision_head"
            " where practice_id = %(practice)s for update"
        )
        if row is None:
            raise InvalidInput("the practice has no revision head")
        self._parameters["revision"], self._parameters["recorded_at"] = row

    async def _drop_older(self) -> None:
        """Leaves nothing in the stage of a resource that a newer copy of was met before."""
        if any(version for version, _ in self._batch.resources.values()):
            await self._execute(statements.REMEMBER_VERSIONS)
        elif not (await self._row(statements.ANY_VERSIONS))[0]:
            return
        for kind in self._batch.rows:
            await self._execute(statements.drop_older(f"stage_{kind.table}"))
        if self._batch.resources:
            await self._execute(statements.drop_older("stage_resource"))

    async def _write(self, kind: Kind) -> None:
        rows = self._batch.rows[kind]
        inserted, *effects = await self._row(statements.insert(kind))
        self._done.inserted += inserted
        self._note(kind, inserted, *effects)
        if inserted == len(rows):
            if kind in balances.ACCOUNT_OF:
                await self._execute(balances.add(kind))
            return
        if inserted and kind in balances.ACCOUNT_OF:
            await self._execute(balances.touch(kind))
        inserted, changed, rewritten, *effects = await self._row(statements.upsert(kind))
        self._done.inserted += inserted
        self._done.changed += changed
        self._done.rewritten += rewritten
        self._note(kind, inserted + changed, *effects)
        at = kind.version_at
        if any(row[at] or row[at + 1] for row in rows.values()):
            await self._execute(statements.confirm(kind))

    async def _void_gone(self, kind: Kind) -> None:
        voided, *effects = await self._row(statements.void_gone(kind))
        self._done.voided += voided
        self._note(kind, voided, *effects)

    async def _refresh_balances(self) -> None:
        (accounts,) = await self._row(balances.TOUCHED)
        if accounts:
            self._parameters["accounts"] = accounts
            await self._execute(balances.REFRESH)

    async def _recompute(self, kind: Kind, statement: str) -> None:
        self._parameters["patients"] = list(self._patients)
        # Statistics know nothing of rows of this batch: a plan for one row would loop over all.
        await self._connection.execute("set local enable_nestloop = off")
        (more,) = await self._row(statement)
        await self._connection.execute("set local enable_nestloop = on")
        self._note(kind, more)

    def _note(
        self,
        kind: Kind,
        written: int,
        moved: Decimal = Decimal(0),
        patients: list[uuid.UUID] | None = None,
    ) -> None:
        table = kind.table
        if written:
            self._done.by_table[table] = self._done.by_table.get(table, 0) + written
        if moved:
            self._amounts[table] = self._amounts.get(table, Decimal(0)) + moved
        self._patients.update(patients or ())

    async def _record(self) -> None:
        self._done.revision = self._parameters["revision"]
        self._parameters["changed"] = json.dumps(self._done.by_table, sort_keys=True)
        self._parameters["amounts"] = json.dumps(self._amounts, sort_keys=True, default=str)
        await self._execute(
            "insert into revision_log (practice_id, revision, recorded_at, import_batch_id,"
            " changed, amounts) values (%(practice)s, %(revision)s, %(recorded_at)s, %(import)s,"
            " %(changed)s::jsonb, %(amounts)s::jsonb)"
        )
        await self._execute(
            "update revision_head set revision = %(revision)s, recorded_at = %(recorded_at)s"
            " where practice_id = %(practice)s"
        )
        await self._execute(
            "insert into rollup_due (practice_id, touched_at)"
            " values (%(practice)s, %(recorded_at)s)"
            " on conflict (practice_id) do update set touched_at = excluded.touched_at"
        )
        payload = events_pb2.RevisionRecorded(
            practice_id=str(self._practice_id),
            revision=self._done.revision,
            changed=self._done.by_table,
        )
        subject = "praxis.analytics.v1.revision.recorded"
        await emit(self._connection, self._practice_id, subject, payload)
