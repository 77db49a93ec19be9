"""Runs as they go on: their row again after every change, until they have ended."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field

from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import LimitExceeded
from praxis_report.application.access import View, found
from praxis_report.storage import reports
from praxis_report.storage.reports import Record

_EVERY_S = 0.4
_SHOWN = ("status", "stage", "progress_percent", "queue_place")
_ENDED = ("completed", "failed", "cancelled")


@dataclass
class Watchers:
    """Those who watch runs by way of this process: a bounded number."""

    database: Database
    most: int = 64
    _watching: int = field(default=0, init=False)
    _closed: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def close(self) -> None:
        """Sends everybody away, who then watch by way of another process."""
        self._closed.set()

    async def watch(
        self, execution_id: uuid.UUID
    ) -> AsyncGenerator[tuple[Record, uuid.UUID | None], None]:
        """A run's row, and the share that shows it, now and after every change.

        Raises: NotFound; LimitExceeded when too many watch already.
        """
        if self._watching >= self.most:
            raise LimitExceeded("too many runs are being watched; ask for this one again later")
        self._watching += 1
        try:
            shown = None
            while not self._closed.is_set():
                record, share_id = await self._read(execution_id)
                state = [record[name] for name in _SHOWN]
                if state != shown:
                    shown = state
                    yield record, share_id
                if record["status"] in _ENDED:
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closed.wait(), _EVERY_S)
        finally:
            self._watching -= 1

    async def _read(self, execution_id: uuid.UUID) -> tuple[Record, uuid.UUID | None]:
        practice_id = current().caller.practice_id
        async with self.database.read(practice_id) as connection:
            row = await reports.get_execution(connection, practice_id, execution_id)
            record = found(row, "execution")
            view = await View.of_caller(connection)
            return record, view.share_of(record, record["report_id"])
