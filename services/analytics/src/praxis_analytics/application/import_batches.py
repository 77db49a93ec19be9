"""Mapped resources to batches: de-duplicated, completed from what is stored, applied, counted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from praxis_analytics.application.import_queries import REFERENCES, Stored
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.domain.facts import ENCOUNTER, SOURCE_COLUMNS, Batch, Kind, Row, Source
from praxis_analytics.sources.context import Fact
from praxis_analytics.storage.apply import BATCH_MOST, Applied, apply
from praxis_chassis.database import Connection

FilledByOthers = Mapping[Kind, tuple[str, ...]]
"""Columns that the owner of a fact does not know, so that what is stored in them stays."""

_KNOWN_MOST = 100_000


@dataclass(frozen=True)
class Mapped:
    """A resource with its facts. `kinds` are all it may yield; a `patch` owns none of them."""

    type: str
    source: Source
    kinds: tuple[Kind, ...]
    facts: list[Fact]
    patch: bool = False
    skipped: bool = False
    """Already counted; it stands here only so that what it once yielded is voided."""


class Loader:
    """Applies mapped resources to one practice and keeps count."""

    def __init__(
        self,
        connection: Connection,
        stored: Stored,
        import_id: uuid.UUID,
        result: ImportResult,
        filled: FilledByOthers,
    ) -> None:
        self._connection = connection
        self._stored = stored
        self._import_id = import_id
        self._result = result
        self._filled = filled
        self._known: set[object] = set()
        self.facts = 0
        self.kinds: set[Kind] = set()

    async def apply(self, batch: Batch) -> Applied:
        """Applies a batch and adds it to the result."""
        applied = await apply(self._connection, self._stored.practice_id, batch, self._import_id)
        self._result.add(applied)
        self.facts += batch.size
        if applied.revision is not None:
            self.kinds |= batch.rows.keys()
        return applied

    async def load(self, resources: Iterable[Mapped], shared: Iterable[Fact]) -> None:
        """Applies resources, and facts that no resource owns, in as many batches as it takes."""
        await self._complete(unique := self._unique(resources))
        batch, inside = Batch(), list[Mapped]()
        for kind, row in shared:
            batch.add(kind, row)
        for mapped in unique:
            if batch.rows and batch.size + len(mapped.facts) > BATCH_MOST:
                await self._apply_counted(batch, inside)
                batch, inside = Batch(), []
            for kind, row in mapped.facts:
                batch.add(kind, row)
            if not mapped.patch:
                batch.yields(mapped.source, mapped.kinds)
            inside.append(mapped)
        await self._apply_counted(batch, inside)

    def _unique(self, resources: Iterable[Mapped]) -> list[Mapped]:
        """One copy of each resource: the newest version, of equal ones the last."""
        kept: dict[str, Mapped] = {}
        for mapped in resources:
            name = mapped.source.resource
            before = kept.get(name)
            if before is not None:
                self._count_copy(before, mapped)
                if mapped.source.version < before.source.version:
                    continue
            kept[name] = mapped
        return list(kept.values())

    def _count_copy(self, before: Mapped, after: Mapped) -> None:
        if before.skipped or after.skipped:
            return
        counts = self._result.of(after.type)
        if before.facts == after.facts:
            counts.unchanged += 1
        else:
            counts.updated += 1
            self._result.warn("duplicate_id", after.source.resource)

    # What other resources know about the same fact.

    async def _complete(self, resources: list[Mapped]) -> None:
        """Fills the columns that the resource in hand does not know from what is stored."""
        for kind, columns in self._filled.items():
            places = [
                (mapped, index)
                for mapped in resources
                for index, (of, _) in enumerate(mapped.facts)
                if of is kind
            ]
            ids = {_id_at(mapped, index) for mapped, index in places}
            stored = await self._stored.rows(kind, ids)
            for mapped, index in places:
                fact_id, row = _id_at(mapped, index), mapped.facts[index][1]
                before = stored.get(fact_id)
                if before is not None:
                    row = merge(kind, row, before, columns, patch=mapped.patch)
                    mapped.facts[index] = (kind, row)
                if mapped.patch:
                    self._count_patch(mapped, changed=row != before)
                    stored[fact_id] = row  # a later patch of the same fact builds on it

    def _count_patch(self, mapped: Mapped, *, changed: bool) -> None:
        counts = self._result.of(mapped.type)
        if changed:
            counts.loaded += 1
        else:
            counts.unchanged += 1

    # Batches.

    async def _apply_counted(self, batch: Batch, inside: list[Mapped]) -> None:
        if not batch.rows and not batch.resources:
            return
        owners = [mapped for mapped in inside if not mapped.patch]
        existing = await self._existing(owners)
        applied = await self.apply(batch)
        touched = await self._touched(owners, existing, applied)
        for mapped in owners:
            name = mapped.source.resource
            if name in touched and existing[name]:
                self._result.warn("duplicate_id", name)
            if mapped.skipped:
                continue
            counts = self._result.of(mapped.type)
            if applied.revision is not None and name not in existing:
                counts.loaded += 1
            elif name in touched:
                counts.updated += 1
            else:
                counts.unchanged += 1
        await self._check(batch)

    async def _existing(self, owners: list[Mapped]) -> dict[str, bool]:
        """Resources that have facts already, and whether this import wrote them."""
        existing: dict[str, bool] = {}
        for kind, names in _names_by_kind(owners).items():
            found = await self._stored.resources(kind, names, self._import_id)
            for name, mine in found.items():
                existing[name] = existing.get(name, False) or mine
        return existing

    async def _touched(
        self, owners: list[Mapped], existing: dict[str, bool], applied: Applied
    ) -> set[str]:
        """Those of the existing resources that the batch changed."""
        touched: set[str] = set()
        if applied.revision is None or not existing:
            return touched
        known = [mapped for mapped in owners if mapped.source.resource in existing]
        for kind, names in _names_by_kind(known).items():
            touched |= await self._stored.touched(kind, names, applied.revision)
        return touched

    # Quality.

    async def _check(self, batch: Batch) -> None:
        """Warns of references to nothing, and of visits after death."""
        for column in REFERENCES:
            await self._check_references(batch, column)
        encounters = batch.rows.get(ENCOUNTER, {})
        for name in await self._stored.after_death([key[0] for key in encounters]):
            self._result.warn("visit_after_death", name)

    async def _check_references(self, batch: Batch, column: str) -> None:
        places = {
            kind: kind.names.index(column)
            for kind in batch.rows
            if column in kind.names and column not in kind.key
        }
        ids = {
            row[place] for kind, place in places.items() for row in batch.rows[kind].values()
        } - {None}
        fresh = ids - self._known
        missing = await self._stored.missing(column, fresh) if fresh else set()  # type: ignore[arg-type]
        if len(self._known) > _KNOWN_MOST:
            self._known.clear()
        self._known |= fresh - missing
        if not missing:
            return
        lost = {
            str(row[len(kind.names) + _RESOURCE])
            for kind, place in places.items()
            for row in batch.rows[kind].values()
            if row[place] in missing
        }
        for name in sorted(lost):
            self._result.warn("unknown_reference", name)


_RESOURCE = [name for name, _ in SOURCE_COLUMNS].index("source_resource")


def _id_at(mapped: Mapped, index: int) -> uuid.UUID:
    """The id that a fact of a single key column is known by."""
    found = mapped.facts[index][1][0]
    assert isinstance(found, uuid.UUID)  # noqa: S101
    return found


def _names_by_kind(resources: list[Mapped]) -> dict[Kind, list[str]]:
    names: dict[Kind, list[str]] = {}
    for mapped in resources:
        for kind in mapped.kinds:
            names.setdefault(kind, []).append(mapped.source.resource)
    return names


def merge(kind: Kind, row: Row, stored: Row, columns: tuple[str, ...], *, patch: bool) -> Row:
    """`row` with what it lacks taken from the stored one: for an owner those of `columns`, for a
    patch all, with the owner as its source."""
    own = len(kind.names)
    values = [
        before if value is None and (patch or name in columns) else value
        for name, value, before in zip(kind.names, row[:own], stored[:own], strict=True)
    ]
    return (*values, *(stored if patch else row)[own:])


def with_values(kind: Kind, row: Row, values: dict[str, object]) -> Row:
    """`row` with other values in some columns."""
    own = (values.get(name, value) for name, value in zip(kind.names, row, strict=False))
    return (*own, *row[len(kind.names) :])
