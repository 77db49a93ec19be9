"""Imports FHIR R4 files into a practice, with or without the demo overlay.

Every file is looked through once before anything is loaded. Then the phases of the mapping, each
reading the files that hold its resource types in chunks of bounded size; last what follows from
all of them: the payers of encounters, and what the overlay makes of visits. Every step is an
upsert, so an import that was cut off is simply run again.
"""

from __future__ import annotations

import asyncio
import gc
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from praxis_analytics.application.import_batches import Mapped, with_values
from praxis_analytics.application.import_report import NO_TYPE, ImportResult
from praxis_analytics.application.import_run import Progress, Run
from praxis_analytics.domain.facts import CLAIM, ENCOUNTER, Batch
from praxis_analytics.sources.context import Answer, Links
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.mapping import (
    FILLED_BY_OTHERS,
    MAPPINGS,
    PHASES,
    to_facts,
    types_of,
)
from praxis_analytics.sources.fhir.mapping_claims import standing
from praxis_analytics.sources.fhir.reading import Line, SourceFile, find, inspect, read
from praxis_analytics.sources.problems import OtherCurrency, Rejected, Rejection, Skipped, shaped
from praxis_analytics.storage.apply import BATCH_MOST
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection

# A chunk ends at whichever comes first.
_CHUNK_RESOURCES, _CHUNK_BYTES = 10_000, 8 * 1024**2


_Placed = tuple[str, Line, Entry]


async def import_fhir(
    connection: Connection,
    practice: Practice,
    path: Path,
    *,
    overlay: bool,
    as_of: date | None,
    progress: Progress | None = None,
    import_id: uuid.UUID | None = None,
) -> ImportResult:
    """Imports a file, or a folder without its sub-folders.

    Args: connection: in autocommit mode and the caller's alone. overlay: make what synthetic
    data lack, up to `as_of` (default: the practice's today). as_of: also becomes the practice's
    business date. Returns: counts, rejections and warnings. Raises: BadFile, before anything is
    loaded; Conflict when the practice stays locked.
    """
    run = _Import(
        connection, practice, overlay=overlay, as_of=as_of, progress=progress, import_id=import_id
    )
    return await run.run(path)


@dataclass
class _Chunk:
    """Lines that are mapped and applied together."""

    lines: list[tuple[str, Line]] = field(default_factory=list)
    length: int = 0

    def add(self, file: str, line: Line) -> None:
        self.lines.append((file, line))
        self.length += line.length

    @property
    def full(self) -> bool:
        return len(self.lines) >= _CHUNK_RESOURCES or self.length >= _CHUNK_BYTES


class _Import(Run):
    """One run."""

    system = "fhir"
    filled = FILLED_BY_OTHERS

    # Before anything is loaded.

    async def _inspect(self, path: Path) -> None:
        self._files: list[SourceFile] = []
        paths, self.result.files_skipped = find(path)
        total, done = sum(file.stat().st_size for file in paths), 0
        for file in paths:
            found = await asyncio.to_thread(inspect, file)
            self._files.append(found)
            self.result.files.append(file.name)
            done += found.size
            self._tell("looking through", file.name, done, total)
        for found in self._files:
            self._count(found)

    def _count(self, file: SourceFile) -> None:
        """Counts what the first pass saw and no phase will read."""
        for rejection in file.rejections:
            self.result.reject(NO_TYPE, rejection)
        more = file.rejected - len(file.rejections)
        self.result.rejected += more
        if file.rejected:
            counts = self.result.of(NO_TYPE)
            counts.read += file.rejected
            counts.rejected += more
        for kind, count in file.types.items():
            self.result.of(kind).read += count
            if kind not in MAPPINGS:
                self.result.skip(kind, "makes no fact", count)

    # Loading.

    async def _load(self) -> None:
        for npi, source_id in await self._stored.npis():
            key = f"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|{npi}"
            self._context.identifiers[key] = source_id
        await self._stored.begin_visit_payers()
        for phase in PHASES:
            await self._load_phase(phase)
        await self._set_visit_payers()

    async def _load_phase(self, phase: str) -> None:
        wanted = types_of(phase)
        files = [file for file in self._files if wanted & file.types.keys()]
        total, before, chunk = sum(file.size for file in files), 0, _Chunk()
        for file in files:
            for line in read(file, wanted):
                chunk.add(file.path.name, line)
                if chunk.full:
                    await self._load_chunk(chunk)
                    chunk = _Chunk()
                    gc.collect(0)
                    self._tell(phase, file.path.name, before + line.position, total)
            before += file.size
        await self._load_chunk(chunk)
        if files:
            self._tell(phase, files[-1].path.name, total, total)

    async def _load_chunk(self, chunk: _Chunk) -> None:
        needs: dict[str, set[uuid.UUID]] = defaultdict(set)
        entries = list(self._entries(chunk, needs))
        self._context.links = Links(
            visits=await self._stored.visits(needs["visits"]),
            claims=await self._stored.claims(needs["claims"]),
            coverages=await self._stored.coverages(needs["coverages"]),
            events=await self._answers(needs["filed"]),
        )
        resources = list(self._mapped(entries))
        shared, self._context.new_payers = self._context.new_payers, []
        await self._loader.load(resources, shared)
        await self._stored.add_visit_payers(self._context.visit_payers)
        self._context.visit_payers.clear()
        await self._restate(needs["claims"])

    async def _answers(self, claims: set[uuid.UUID]) -> dict[uuid.UUID, list[Answer]]:
        return {} if self._context.overlay else await self._stored.answers(claims)

    def _entries(self, chunk: _Chunk, needs: dict[str, set[uuid.UUID]]) -> Iterator[_Placed]:
        """The resources of the chunk's lines, and what they need; rejects lines without one."""
        for file, line in chunk.lines:
            try:
                if line.resource is None:
                    raise Rejected(line.problem)
                with shaped():
                    entry = Entry(line.resource, self._context)
                    for name, needed in MAPPINGS[entry.kind].needs(entry):
                        if needed is not None:
                            needs[name].add(needed)
                yield file, line, entry
            except Rejected as error:
                self._reject(file, line, error)

    def _mapped(self, entries: list[_Placed]) -> Iterator[Mapped]:
        """The entries with their facts; rejects those that cannot be read."""
        for file, line, entry in entries:
            mapping = MAPPINGS[entry.kind]
            try:
                facts = to_facts(entry)
            except Skipped as skipped:
                self.result.skip(entry.kind, str(skipped))
                if mapping.kinds:
                    yield Mapped(entry.kind, entry.source, mapping.kinds, [], skipped=True)
            except Rejected as error:
                if isinstance(error, OtherCurrency):
                    entry.warn("other_currency")
                self._reject(file, line, error)
            else:
                yield Mapped(entry.kind, entry.source, mapping.kinds, facts, mapping.patch)

    def _reject(self, file: str, line: Line, error: Rejected) -> None:
        self.result.reject(line.kind, Rejection(file, line.number, str(error)))

    # What follows from several resources.

    async def _restate(self, claims: set[uuid.UUID]) -> None:
        """Brings claims up to what payers have answered."""
        if not claims or self._context.overlay:
            return
        answers = await self._stored.answers(claims)
        batch = Batch()
        stored = await self._stored.rows(CLAIM, claims)
        for claim, row in stored.items():
            if row[CLAIM.names.index("status")] in ("draft", "voided"):
                continue
            state = standing(answers.get(claim, []))
            batch.add(CLAIM, with_values(CLAIM, row, state))
            if batch.size == BATCH_MOST:
                await self._loader.apply(batch)
                batch = Batch()
        await self._loader.apply(batch)

    async def _set_visit_payers(self) -> None:
        """Gives encounters the payer of their claim."""
        while rows := await self._stored.visits_to_pay(ENCOUNTER, BATCH_MOST):
            batch = Batch()
            for row, payer_id in rows:
                batch.add(ENCOUNTER, with_values(ENCOUNTER, row, {"payer_id": payer_id}))
            if (await self._loader.apply(batch)).revision is None:
                return
