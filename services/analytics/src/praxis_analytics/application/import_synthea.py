"""Imports a folder of Synthea CSV into a practice, with or without the demo overlay.

Every file is looked through once before anything is loaded. Then the tables in the order of the
mapping, each in chunks of bounded size; last what the overlay makes of visits. Every step is an
upsert, so an import that was cut off is simply run again.
"""

from __future__ import annotations

import asyncio
import gc
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from praxis_analytics.application.import_batches import Mapped, with_values
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.application.import_run import Progress, Run
from praxis_analytics.domain.facts import CLAIM, Batch
from praxis_analytics.sources.context import Links
from praxis_analytics.sources.problems import BadFile, Rejected, Rejection
from praxis_analytics.sources.synthea.mapping import (
    FILLED_BY_OTHERS,
    MAPPINGS,
    MONEY,
    PEOPLE,
    REQUIRED,
    TABLES,
)
from praxis_analytics.sources.synthea.mapping_claims import claim_of
from praxis_analytics.sources.synthea.reading import Line, Table, find, inspect, read
from praxis_analytics.sources.synthea.record import Payers, Record
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection

_CHUNK_ROWS = 5_000
_TRANSACTIONS = "claims_transactions"


async def import_synthea(
    connection: Connection,
    practice: Practice,
    path: Path,
    *,
    overlay: bool,
    as_of: date | None,
    progress: Progress | None = None,
    import_id: uuid.UUID | None = None,
) -> ImportResult:
    """Imports the folder of an export.

    Args: connection: in autocommit mode and the caller's alone. overlay: make what the export
    lacks, up to `as_of` (default: the practice's today); its claims and money are real and stay
    as they are. as_of: also becomes the practice's business date. Returns: counts, rejections and
    warnings. Raises: BadFile, before anything is loaded; Conflict when the practice stays locked.
    """
    run = _Import(
        connection, practice, overlay=overlay, as_of=as_of, progress=progress, import_id=import_id
    )
    return await run.run(path)


class _Import(Run):
    """One run."""

    system = "synthea"
    filled = FILLED_BY_OTHERS

    # Before anything is loaded.

    async def _inspect(self, path: Path) -> None:
        self._tables: dict[str, Table] = {}
        self._payers = Payers()
        paths, self.result.files_skipped = find(path, frozenset(TABLES))
        _check_complete(path, paths)
        total, done = sum(file.stat().st_size for file in paths.values()), 0
        for name, file in paths.items():
            table = self._tables[name] = await asyncio.to_thread(inspect, file, REQUIRED)
            self.result.files.append(file.name)
            self.result.of(name).read += table.rows
            if name not in MAPPINGS:
                self.result.skip(name, "makes no fact", table.rows)
            done += table.size
            self._tell("looking through", file.name, done, total)

    # Loading.

    async def _load(self) -> None:
        for name in MAPPINGS:
            if name in self._tables:
                await self._load_table(self._tables[name])

    async def _load_table(self, table: Table) -> None:
        chunk: list[Line] = []
        for line in read(table):
            chunk.append(line)
            if len(chunk) == _CHUNK_ROWS:
                await self._load_chunk(table, chunk)
                self._tell(table.name, table.path.name, line.position, table.size)
                chunk = []
                gc.collect(0)
        await self._load_chunk(table, chunk)
        self._tell(table.name, table.path.name, table.size, table.size)

    async def _load_chunk(self, table: Table, lines: list[Line]) -> None:
        records = list(self._records(table, lines))
        claims: set[uuid.UUID] = set()
        if table.name == _TRANSACTIONS:
            claims = {claim_of(record) for _, record in records if record.text("CLAIMID")}
        self._context.links = Links(claims=await self._stored.claims(claims))
        await self._loader.load(self._mapped(table, records), ())
        await self._total(claims)

    def _records(self, table: Table, lines: list[Line]) -> Iterator[tuple[Line, Record]]:
        """The rows as records; rejects those that are none."""
        key = MAPPINGS[table.name].key
        for line in lines:
            try:
                if line.values is None:
                    raise Rejected(line.problem)
                yield line, Record(table.name, line.values, key, self._context, self._payers)
            except Rejected as error:
                self._reject(table, line, error)

    def _mapped(self, table: Table, records: list[tuple[Line, Record]]) -> Iterator[Mapped]:
        """The records with their facts; rejects those that cannot be read."""
        mapping = MAPPINGS[table.name]
        for line, record in records:
            try:
                facts = list(mapping.to_facts(record))
            except Rejected as error:
                self._reject(table, line, error)
            else:
                yield Mapped(table.name, record.source, mapping.kinds, facts)

    def _reject(self, table: Table, line: Line, error: Rejected) -> None:
        self.result.reject(table.name, Rejection(table.path.name, line.number, str(error)))

    async def _total(self, claims: set[uuid.UUID]) -> None:
        """Brings what claims bill and were paid up to their transactions."""
        batch = Batch()
        totals = await self._stored.claim_totals(claims)
        for claim_id, row in (await self._stored.rows(CLAIM, claims)).items():
            billed, paid = totals[claim_id]
            batch.add(CLAIM, with_values(CLAIM, row, {"billed": billed, "paid": paid}))
        await self._loader.apply(batch)


def _check_complete(path: Path, tables: dict[str, Path]) -> None:
    """Raises BadFile for a folder that lacks a file which others need."""
    wanted = PEOPLE if not tables.keys() & {*MONEY[1:]} else (*PEOPLE, *MONEY)
    missing = [f"{name}.csv" for name in wanted if name not in tables]
    if missing:
        raise BadFile(path, None, f"lacks {', '.join(missing)}; name the folder of a whole export")
