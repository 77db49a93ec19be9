"""Events that come in all the time: half of them today's, half late ones of the month before."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from praxis_analytics.application.rollup import RollUps
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CLAIM,
    CLAIM_EVENT,
    ENCOUNTER,
    LEDGER,
    Batch,
    Ids,
    Kind,
    Source,
)
from praxis_analytics.storage.apply import apply
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Database

_FACTS, _PAUSE_S = 60, 0.1


@asynccontextmanager
async def streaming(
    application: str, worker: str, practice: Practice, today: date
) -> AsyncIterator[Callable[[], float]]:
    """Batches of new facts through apply, and the worker that follows them; the value says how
    many facts a second have come in so far."""
    begun, stream = time.perf_counter(), _Stream(practice, today)
    workers = Database(worker, size=1)
    async with await psycopg.AsyncConnection.connect(
        application, autocommit=True, prepare_threshold=None
    ) as connection:
        tasks = [
            asyncio.create_task(stream.run(connection)),
            asyncio.create_task(RollUps(workers).run()),
        ]
        try:
            yield lambda: stream.count / (time.perf_counter() - begun)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await workers.close()


class _Stream:
    """New facts of a practice, without end."""

    def __init__(self, practice: Practice, today: date) -> None:
        self.count = 0
        self._practice_id, self._today = practice.practice_id, today
        self._ids = Ids(practice.practice_id, "stream")
        self._chance = random.Random(1)
        self._source = Source("stream", "stream")

    async def run(self, connection: psycopg.AsyncConnection) -> None:
        """Applies batches until cancelled."""
        import_id = uuid.uuid4()
        while True:
            batch = self._batch()
            await apply(connection, self._practice_id, batch, import_id)
            await asyncio.sleep(_PAUSE_S)

    def _batch(self) -> Batch:
        batch = Batch()
        for _ in range(_FACTS // 5):
            day = self._today - timedelta(self._chance.choice([0, self._chance.randint(15, 45)]))
            at = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
            who = {"patient_id": self._ids.of("patient", str(self.count))}
            claim = self._ids.of("claim", str(self.count))
            self._add(batch, APPOINTMENT, start_at=at, status="noshow", **who)
            self._add(batch, ENCOUNTER, start_at=at, status="finished", **{"class": "AMB"}, **who)
            self._add(batch, CLAIM, claim_id=claim, created_on=day, billed=Decimal(100), **who)
            self._add(batch, CLAIM_EVENT, claim_id=claim, seq=1, event="denied", occurred_on=day)
            self._add(
                batch, LEDGER, claim_id=claim, entry="payment", reason="insurance",
                amount=Decimal(10), posting_date=day, **who,
            )  # fmt: skip
        return batch

    def _add(self, batch: Batch, kind: Kind, **values: Any) -> None:
        self.count += 1
        name = str(self.count)
        values.setdefault(kind.key[0], self._ids.of(kind.table, name))
        batch.add(kind, kind.fact(self._source, name, **values))
