"""Imports FHIR R4 files into a practice, with or without the demo overlay.

Every file is looked through once before anything is loaded. Then the phases of the mapping, each
reading the files that hold its resource types in chunks of bounded size; last what follows from
all of them: the payers of encounters, and the overlay's appointments. Every step is an upsert, so
an import that was cut off is simply run again.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from praxis_analytics.application.import_batches import Loader, Mapped
from praxis_analytics.application.import_queries import Stored, StoredVisit
from praxis_analytics.application.import_report import NO_TYPE, Counts, ImportResult
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CLAIM,
    ENCOUNTER,
    Batch,
    Ids,
    Source,
)
from praxis_analytics.sources import overlay
from praxis_analytics.sources.fhir.mapping import MAPPINGS, PHASES, types_of
from praxis_analytics.sources.fhir.mapping_money import encounter_of, standing
from praxis_analytics.sources.fhir.reading import (
    BadFile,
    Line,
    Rejection,
    SourceFile,
    find,
    inspect,
    read,
)
from praxis_analytics.sources.fhir.values import (
    Context,
    Entry,
    Links,
    OtherCurrency,
    Rejected,
    Skipped,
    at,
)
from praxis_analytics.sources.fhir.versions import foreign_version
from praxis_analytics.storage.apply import BATCH_MOST
from praxis_analytics.storage.practices import set_business_date
from praxis_chassis.database import Connection, transaction
from praxis_chassis.ids import uuid7

__all__ = ["BadFile", "Counts", "ImportResult", "Progress", "import_fhir"]

SYSTEM = "fhir"
Progress = Callable[[str, str, int, int, int], None]
"""Called with phase, file name, bytes read and bytes in all of the phase, and facts applied."""

# A chunk ends at whichever comes first.
_CHUNK_RESOURCES, _CHUNK_BYTES = 10_000, 8 * 1024**2
_PAGE = 4_000
_PROGRESS_S = 0.4
_SETTING_MS = 10_000


class Practice(Protocol):
    """What an import needs to know of a practice."""

    @property
    def practice_id(self) -> uuid.UUID: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def today(self) -> date: ...


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
    started = time.monotonic()
    run = _Import(connection, practice, overlay, as_of or practice.today, import_id or uuid7())
    if progress is not None:
        run.progress = progress
    await run.inspect(path)
    if as_of is not None:
        async with transaction(connection, "BEGIN", practice.practice_id, _SETTING_MS):
            await set_business_date(connection, practice.practice_id, as_of)
    await run.load()
    run.result.seconds = round(time.monotonic() - started, 3)
    return run.result


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


class _Import:
    """One run."""

    def __init__(
        self,
        connection: Connection,
        practice: Practice,
        overlay: bool,
        today: date,
        import_id: uuid.UUID,
    ) -> None:
        self.result = ImportResult()
        self.progress: Progress = lambda *_: None
        self._ids = Ids(practice.practice_id, SYSTEM)
        self._loader = Loader(connection, practice.practice_id, import_id, self.result)
        self._stored = Stored(connection, practice.practice_id)
        self._context = Context(
            self._ids, ZoneInfo(practice.time_zone), practice.currency, overlay, today,
            self.result.warn,
        )  # fmt: skip
        self._files: list[SourceFile] = []
        self._told = 0.0

    def _tell(self, phase: str, file: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_S:
            self._told = now
            self.progress(phase, file, done, total, self._loader.facts)

    # Before anything is loaded.

    async def inspect(self, path: Path) -> None:
        """The first pass over all files. Raises: BadFile."""
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

    async def load(self) -> None:
        """All phases."""
        context = self._context
        context.classes.update(await self._stored.payer_classes())
        for npi, source_id in await self._stored.npis():
            key = f"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|{npi}"
            context.identifiers[key] = source_id
        await self._stored.begin_visit_payers()
        for phase in PHASES:
            await self._load_phase(phase)
        await self._set_visit_payers()
        if context.overlay or await self._stored.has_overlay_appointments():
            await self._make_appointments()

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
                    self._tell(phase, file.path.name, before + line.position, total)
            before += file.size
        await self._load_chunk(chunk)
        if files:
            self._tell(phase, files[-1].path.name, total, total)

    async def _load_chunk(self, chunk: _Chunk) -> None:
        entries = [
            (place, line, e) for place, line in chunk.lines if (e := self._entry(place, line))
        ]
        answered = await self._look_up([e for _, _, e in entries])
        mapped = (self._map(place, line, e) for place, line, e in entries)
        resources = [one for one in mapped if one is not None]
        shared, self._context.new_payers = self._context.new_payers, []
        await self._loader.load(resources, shared)
        await self._stored.add_visit_payers(self._context.visit_payers)
        self._context.visit_payers.clear()
        await self._restate(answered)

    def _entry(self, file: str, line: Line) -> Entry | None:
        """The resource of a line, or None when it is rejected."""
        if line.resource is None:
            return self._reject(file, line, line.problem)
        version = foreign_version(line.resource)
        if version is not None:
            return self._reject(file, line, f"is FHIR {version}")
        try:
            return Entry(line.resource, self._context)
        except Rejected as error:
            return self._reject(file, line, str(error))

    def _reject(self, file: str, line: Line, reason: str) -> None:
        self.result.reject(line.kind, Rejection(file, line.number, reason))

    async def _look_up(self, entries: list[Entry]) -> set[uuid.UUID]:
        """Gathers what the entries refer to. Returns the claims that payers' answers are about."""
        visits, coverages = set[uuid.UUID](), set[uuid.UUID]()
        filed, answered = set[uuid.UUID](), set[uuid.UUID]()
        for e in entries:
            if e.kind == "Claim":
                filed.add(e.own_id("claim"))
                _add(visits, e, encounter_of)
            if e.kind in ("Claim", "ExplanationOfBenefit"):
                _add(coverages, e, lambda e: e.ref(e.get("insurance", "coverage"), "coverage"))
            if e.kind in _ANSWERED:
                _add(answered, e, lambda e: e.ref(e.get(_ANSWERED[e.kind]), "claim"))
            if e.kind == "PaymentReconciliation":
                for detail in e.resource.get("detail") or ():
                    _add(answered, e, lambda e, d=detail: e.ref(at(d, "request"), "claim"))
        self._context.links = Links(
            visits=await self._stored.visits(visits),
            claims=await self._stored.claims(answered),
            coverages=await self._stored.coverages(coverages),
            events={} if self._context.overlay else await self._stored.answers(filed),
        )
        return answered

    def _map(self, file: str, line: Line, e: Entry) -> Mapped | None:
        mapping = MAPPINGS[e.kind]
        try:
            facts = list(mapping.to_facts(e))
            if len(facts) > BATCH_MOST:
                raise Rejected("makes more facts than a batch holds")
        except Skipped as skipped:
            self.result.skip(e.kind, str(skipped))
            return (
                Mapped(e.kind, e.source, mapping.kinds, [], skipped=True) if mapping.kinds else None
            )
        except OtherCurrency as error:
            e.warn("other_currency")
            return self._reject(file, line, str(error))
        except Rejected as error:
            return self._reject(file, line, str(error))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            # Elements are read as the specification shapes them; this one is shaped otherwise.
            return self._reject(file, line, "has an element of the wrong shape")
        return Mapped(e.kind, e.source, mapping.kinds, facts, mapping.patch)

    # What follows from several resources.

    async def _restate(self, claims: set[uuid.UUID]) -> None:
        """Brings claims up to what payers have answered."""
        if not claims or self._context.overlay:
            return
        answers = await self._stored.answers(claims)
        batch = Batch()
        for row in (await self._stored.rows(CLAIM, [(claim,) for claim in claims])).values():
            if row[CLAIM.names.index("status")] in ("draft", "voided"):
                continue
            state = standing(answers.get(row[0], []))  # type: ignore[arg-type]
            batch.add(CLAIM, _with(CLAIM.names, row, state))
            if batch.size == BATCH_MOST:
                await self._loader.apply(batch)
                batch = Batch()
        await self._loader.apply(batch)

    async def _set_visit_payers(self) -> None:
        """Gives encounters the payer of their claim."""
        while rows := await self._stored.visits_to_pay(ENCOUNTER, BATCH_MOST):
            batch = Batch()
            for row, payer_id in rows:
                batch.add(ENCOUNTER, _with(ENCOUNTER.names, row, {"payer_id": payer_id}))
            if (await self._loader.apply(batch)).revision is None:
                return

    async def _make_appointments(self) -> None:
        """The overlay's appointments of every visit; takes back those that no longer follow."""
        last = uuid.UUID(int=0)
        while visits := await self._stored.visits_after(last, _PAGE):
            batch = Batch()
            for visit in visits:
                self._add_appointments(batch, visit)
            await self._loader.apply(batch)
            last = visits[-1].encounter_id
            self._tell("appointments", "", 0, 0)

    def _add_appointments(self, batch: Batch, visit: StoredVisit) -> None:
        resource = f"{overlay.NAME}/Encounter/{visit.source_id}"
        source = Source(SYSTEM, resource, synthetic=True)
        batch.yields(source, (APPOINTMENT,))
        if not visit.is_visit or not self._context.overlay:
            return
        for made in self._appointments(visit):
            row = APPOINTMENT.fact(
                source,
                made.key,
                appointment_id=overlay.overlay_id(self._ids.practice_id, "appointment", made.key),
                patient_id=visit.patient_id,
                provider_id=visit.provider_id,
                location_id=visit.location_id,
                payer_id=visit.payer_id,
                visit_type=visit.type_code,
                status=made.status,
                start_at=made.start_at,
                end_at=made.end_at,
                booked_at=made.booked_at,
                cancelled_at=made.cancelled_at,
                encounter_id=visit.encounter_id if made.status == "fulfilled" else None,
            )
            batch.add(APPOINTMENT, row)

    def _appointments(self, visit: StoredVisit) -> Iterator[overlay.Appointment]:
        on = visit.start_at.astimezone(self._context.zone).date()
        visited = overlay.Visited(
            visit.source_id, on, _age(visit.birth_date, on), visit.payer_class, visit.is_new
        )
        return overlay.appointments(visited, self._context.zone, self._context.today)


# Where each kind of answer names its claim.
_ANSWERED = {"ClaimResponse": "request", "ExplanationOfBenefit": "claim"}


def _add(ids: set[uuid.UUID], e: Entry, find_id: Callable[[Entry], uuid.UUID | None]) -> None:
    """Adds an id if there is one; what is wrong with the resource is told when it is mapped."""
    try:
        found = find_id(e)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return
    if found is not None:
        ids.add(found)


def _with(
    names: tuple[str, ...], row: tuple[object, ...], values: dict[str, object]
) -> tuple[object, ...]:
    own = (values.get(name, row[index]) for index, name in enumerate(names))
    return (*own, *row[len(names) :])


def _age(born: date | None, on: date) -> int | None:
    """Completed years."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
