"""What the imports of all sources share: their parts, their order, their progress."""

from __future__ import annotations

import gc
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from praxis_analytics.application.import_batches import FilledByOthers, Loader
from praxis_analytics.application.import_overlay import make_visit_facts
from praxis_analytics.application.import_queries import Stored
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.domain.facts import Ids
from praxis_analytics.sources.context import Context
from praxis_analytics.storage.imports import refresh_statistics
from praxis_analytics.storage.practices import Practice, set_business_date
from praxis_chassis.database import Connection, transaction
from praxis_chassis.ids import uuid7

Progress = Callable[[str, str, int, int, int], None]
"""Called with phase, file name, bytes read and bytes in all of the phase, and facts applied."""

_PROGRESS_S = 0.4
_SETTING_MS = 10_000


class Run(ABC):
    """One import of one source into one practice."""

    system: ClassVar[str]
    filled: ClassVar[FilledByOthers]
    """Columns that a fact's owner does not know and others fill."""

    def __init__(
        self,
        connection: Connection,
        practice: Practice,
        *,
        overlay: bool,
        as_of: date | None,
        progress: Progress | None,
        import_id: uuid.UUID | None,
    ) -> None:
        self.result = ImportResult()
        self._connection = connection
        self._as_of = as_of
        self._progress = progress or (lambda *_: None)
        self._told = 0.0
        ids = Ids(practice.practice_id, self.system)
        self._stored = Stored(connection, practice.practice_id, self.system)
        self._loader = Loader(
            connection, self._stored, import_id or uuid7(), self.result, self.filled
        )
        self._context = Context(
            ids, ZoneInfo(practice.time_zone), practice.currency, overlay,
            as_of or practice.today, self.result.warn,
        )  # fmt: skip

    async def run(self, path: Path) -> ImportResult:
        """Looks through the files, then loads them. Raises: BadFile, before anything is loaded;
        Conflict when the practice stays locked."""
        started = time.monotonic()
        await self._inspect(path)
        if self._as_of is not None:
            practice_id = self._stored.practice_id
            async with transaction(self._connection, "BEGIN", practice_id, _SETTING_MS):
                await set_business_date(self._connection, practice_id, self._as_of)
        self._context.classes.update(await self._stored.payer_classes())
        with _collecting_by_hand():
            await self._load()
            if self._context.overlay or await self._stored.has_overlay_visits():
                await make_visit_facts(self._loader, self._stored, self._context)
        await refresh_statistics(self._connection, self._loader.kinds)
        self.result.seconds = round(time.monotonic() - started, 3)
        return self.result

    @abstractmethod
    async def _inspect(self, path: Path) -> None:
        """The first pass over all files. Raises: BadFile."""

    @abstractmethod
    async def _load(self) -> None:
        """Every phase, each in chunks of bounded size."""

    def _tell(self, phase: str, file: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_S:
            self._told = now
            self._progress(phase, file, done, total, self._loader.facts)


@contextmanager
def _collecting_by_hand() -> Iterator[None]:
    """No cyclic garbage collection inside: a chunk's many objects hold no cycles, and walking
    them again and again took a third of an import. It is collected between chunks instead."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
