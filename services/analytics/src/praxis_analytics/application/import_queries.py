"""What an import looks up in the facts loaded before, one statement per batch and question."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from praxis_analytics.domain.facts import SOURCE_COLUMNS, Kind, Row
from praxis_analytics.sources.context import Answer, Billed, Visit
from praxis_analytics.storage.apply import VISIT
from praxis_chassis.database import Connection, transaction

_STATEMENT_MS = 120_000
# Columns that mean another fact, and the table and key that hold it.
REFERENCES = {
    "patient_id": ("dim_patient", "patient_id"),
    "encounter_id": ("fact_encounter", "encounter_id"),
    "provider_id": ("dim_provider", "provider_id"),
    "payer_id": ("dim_payer", "payer_id"),
}


@dataclass(frozen=True)
class StoredVisit:
    """An encounter as the overlay's appointments need it; `is_visit` says whether it gets any."""

    encounter_id: uuid.UUID
    source_id: str
    patient_id: uuid.UUID | None
    provider_id: uuid.UUID | None
    location_id: uuid.UUID | None
    payer_id: uuid.UUID | None
    type_code: str | None
    start_at: datetime
    is_new: bool
    birth_date: date | None
    payer_class: str | None
    is_visit: bool


class Stored:
    """The facts of one practice and source system, read through the importer's own connection."""

    def __init__(self, connection: Connection, practice_id: uuid.UUID, system: str) -> None:
        self._connection = connection
        self.practice_id = practice_id
        self._system = system

    def _transaction(self) -> AbstractAsyncContextManager[object]:
        return transaction(self._connection, "BEGIN", self.practice_id, _STATEMENT_MS)

    async def _rows(self, statement: str, **values: object) -> list[Any]:
        async with self._transaction():
            parameters = {"practice": self.practice_id, "system": self._system, **values}
            cursor = await self._connection.execute(statement.encode(), parameters)
            return await cursor.fetchall()

    async def payer_classes(self) -> dict[uuid.UUID, str]:
        """The class of every payer."""
        return dict(
            await self._rows(
                "select payer_id, payer_class from dim_payer"
                " where practice_id = %(practice)s and not voided"
            )
        )

    async def npis(self) -> Iterator[tuple[str, str]]:
        """NPI and source id of every provider that has one."""
        rows = await self._rows(
            "select npi, source_id from dim_provider"
            " where practice_id = %(practice)s and npi is not null and not voided"
        )
        return ((npi, source_id) for npi, source_id in rows)

    async def visits(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Visit]:
        """What claims take from encounters."""
        if not ids:
            return {}
        rows = await self._rows(
            "select encounter_id, provider_id, start_at, type_code, is_new_patient"
            " from fact_encounter"
            " where practice_id = %(practice)s and encounter_id = any(%(ids)s)",
            ids=list(ids),
        )
        return {row[0]: Visit(*row[1:]) for row in rows}

    async def coverages(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
        """Payers of coverages."""
        if not ids:
            return {}
        rows = await self._rows(
            "select coverage_id, payer_id from coverage where practice_id = %(practice)s"
            " and payer_id is not null and coverage_id = any(%(ids)s)",
            ids=list(ids),
        )
        return dict(rows)

    async def claims(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Billed]:
        """Claims with the amounts that explanations of benefit stated as paid."""
        if not ids:
            return {}
        rows = await self._rows(
            "select c.claim_id, encounter_id, patient_id, provider_id, payer_id, service_from,"
            " (select array_agg(l.amount) from fact_ledger l"
            "  where l.practice_id = c.practice_id and l.claim_id = c.claim_id and not l.voided"
            "  and l.source_resource like 'ExplanationOfBenefit/%%')"
            " from fact_claim c where practice_id = %(practice)s and claim_id = any(%(ids)s)",
            ids=list(ids),
        )
        return {
            row[0]: Billed(row[1], row[2], row[3], row[4], row[5], frozenset(row[6] or ()))
            for row in rows
        }

    async def claim_totals(
        self, ids: Collection[uuid.UUID]
    ) -> dict[uuid.UUID, tuple[Decimal | None, Decimal]]:
        """What claims charge (None without a charge), and what insurers paid of it."""
        if not ids:
            return {}
        rows = await self._rows(
            "select id, (select sum(amount) from fact_charge c where"
            "  c.practice_id = %(practice)s and c.claim_id = id and not c.voided),"
            " (select coalesce(sum(amount), 0.00) from fact_ledger l"
            " where l.practice_id = %(practice)s"
            "  and l.claim_id = id and not l.voided and reason = 'insurance')"
            " from unnest(%(ids)s::uuid[]) id",
            ids=list(ids),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    async def answers(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Answer]]:
        """Events that payers' own answers made, by claim, oldest first."""
        found: dict[uuid.UUID, list[Answer]] = {}
        if ids:
            rows = await self._rows(
                "select claim_id, event, occurred_on, amount from fact_claim_event"
                " where practice_id = %(practice)s and claim_id = any(%(ids)s)"
                " and not voided and not synthetic order by claim_id, occurred_on, seq",
                ids=list(ids),
            )
            for claim_id, *event in rows:
                found.setdefault(claim_id, []).append(tuple(event))
        return found

    async def rows(self, kind: Kind, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Row]:
        """Whole rows of a kind with a single key column, by id, in the form `apply` takes."""
        if not ids:
            return {}
        names = ", ".join((*kind.names, *(name for name, _ in SOURCE_COLUMNS)))
        rows = await self._rows(
            f"select {names} from {kind.table}"
            f" where practice_id = %(practice)s and {kind.key[0]} = any(%(ids)s)",
            ids=list(ids),
        )
        return {row[0]: row for row in rows}

    async def resources(
        self, kind: Kind, names: list[str], import_id: uuid.UUID
    ) -> dict[str, bool]:
        """Which resources have facts of the kind, and whether this import wrote one of them."""
        return dict(
            await self._rows(
                "select source_resource, bool_or(import_batch_id = %(import)s)"
                f" from {kind.table} where practice_id = %(practice)s"
                " and source_system = %(system)s and source_resource = any(%(names)s)"
                " group by source_resource",
                names=names,
                **{"import": import_id},
            )
        )

    async def touched(self, kind: Kind, names: list[str], revision: int) -> set[str]:
        """Which resources have facts of the kind that a revision wrote."""
        rows = await self._rows(
            f"select distinct source_resource from {kind.table}"
            " where practice_id = %(practice)s and rev_from = %(revision)s"
            " and source_system = %(system)s and source_resource = any(%(names)s)",
            names=names,
            revision=revision,
        )
        return {name for (name,) in rows}

    async def missing(self, column: str, ids: set[uuid.UUID]) -> set[uuid.UUID]:
        """Which ids name no fact."""
        table, key = REFERENCES[column]
        rows = await self._rows(
            "select id from unnest(%(ids)s::uuid[]) id where not exists (select from"
            f" {table} t where t.practice_id = %(practice)s and t.{key} = id)",
            ids=list(ids),
        )
        return {missing for (missing,) in rows}

    async def after_death(self, ids: list[object]) -> list[str]:
        """Resources of the encounters that start after their patient's death."""
        rows = await self._rows(
            "select e.source_resource from fact_encounter e join dim_patient p"
            " on p.practice_id = e.practice_id and p.patient_id = e.patient_id"
            " where e.practice_id = %(practice)s and e.encounter_id = any(%(ids)s)"
            " and e.start_at > p.deceased_at and not e.voided",
            ids=ids,
        )
        return [name for (name,) in rows]

    # Payers of encounters, gathered while claims are read.

    async def begin_visit_payers(self) -> None:
        """An empty table, private to this connection."""
        await self._connection.execute(
            "create temp table if not exists import_visit_payer"
            " (encounter_id uuid primary key, claim text not null, payer_id uuid not null)"
        )
        await self._connection.execute("truncate import_visit_payer")

    async def add_visit_payers(self, found: dict[uuid.UUID, tuple[str, uuid.UUID]]) -> None:
        """Notes encounters' payers; of several claims the first by id decides."""
        if not found:
            return
        await self._connection.execute(
            "insert into import_visit_payer as p"
            " select * from unnest(%s::uuid[], %s::text[], %s::uuid[])"
            " on conflict (encounter_id) do update"
            " set claim = excluded.claim, payer_id = excluded.payer_id"
            " where excluded.claim <= p.claim",
            (
                list(found),
                [claim for claim, _ in found.values()],
                [payer_id for _, payer_id in found.values()],
            ),
        )

    async def visits_to_pay(self, kind: Kind, most: int) -> list[tuple[Row, uuid.UUID]]:
        """Encounters that do not have the payer noted, as rows, each with it."""
        names = ", ".join(f"e.{name}" for name in kind.names)
        source = ", ".join(f"e.{name}" for name, _ in SOURCE_COLUMNS)
        rows = await self._rows(
            f"select p.payer_id, {names}, {source} from import_visit_payer p"
            " join fact_encounter e on e.encounter_id = p.encounter_id"
            " where e.practice_id = %(practice)s and e.payer_id is distinct from p.payer_id"
            " order by e.encounter_id limit %(most)s",
            most=most,
        )
        return [(tuple(row[1:]), row[0]) for row in rows]

    async def has_overlay_visits(self) -> bool:
        """Whether an earlier import made appointments and what belongs to them."""
        rows = await self._rows(
            "select exists (select from fact_appointment"
            " where practice_id = %(practice)s and source_system = %(system)s"
            " and synthetic and not voided)"
        )
        return bool(rows[0][0])

    async def visits_after(self, last: uuid.UUID, most: int) -> list[StoredVisit]:
        """The next encounters by id, whether or not they are visits."""
        rows = await self._rows(
            "select e.encounter_id, e.source_id, e.patient_id, e.provider_id, e.location_id,"
            " e.payer_id, e.type_code, e.start_at, coalesce(e.is_new_patient, false),"
            " p.birth_date, d.payer_class,"
            f" coalesce({VISIT}, false) and not e.voided and e.start_at is not null"
            " from fact_encounter e"
            " left join dim_patient p"
            " on p.practice_id = e.practice_id and p.patient_id = e.patient_id"
            " left join dim_payer d on d.practice_id = e.practice_id and d.payer_id = e.payer_id"
            " where e.practice_id = %(practice)s and e.source_system = %(system)s"
            " and e.encounter_id > %(last)s"
            " order by e.encounter_id limit %(most)s",
            last=last,
            most=most,
        )
        return [StoredVisit(*row) for row in rows]
