"""A made-up clinic of two years, put in with `apply`: the same facts for the same last day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    ENCOUNTER,
    LEDGER,
    PATIENT,
    PAYER,
    PROVIDER,
    Batch,
    Ids,
    Kind,
    Source,
)
from praxis_analytics.storage.apply import apply
from praxis_analytics.storage.practices import add_practice, set_business_date
from praxis_chassis.database import Connection, transaction

TODAY = date(2025, 10, 15)
DAYS = 730
_PAYERS = (
    ("blue", "Blue Valley Health", "commercial"),
    ("medicare", "Medicare", "medicare"),
    ("medicaid", "State Medicaid", "medicaid"),
    ("self", "Self-pay", "self_pay"),
)
_PROVIDERS = ("Amara Okafor", "Luis Ortega", "Wei Zhang")
_STATUSES = ("fulfilled",) * 7 + ("noshow", "cancelled")
_FEES = tuple(Decimal(text) for text in ("148.50", "212.00", "96.25", "305.10", "181.75"))


@dataclass
class Clinic:
    """A practice with facts. `scale` multiplies its fees, so that clinics can be told apart."""

    practice_id: uuid.UUID
    system: str = "book"
    scale: int = 1
    synthetic: bool = False
    until: date = TODAY
    batch: Batch = field(default_factory=Batch)

    def add(self, kind: Kind, source_id: str, version: int = 1, **values: Any) -> None:
        """Puts one fact into the batch, identified by its source id."""
        source = Source(self.system, f"{kind.table}/{source_id}", version, self.synthetic)
        key: dict[str, Any] = {kind.key[0]: self.id_of(kind, source_id)}
        self.batch.add(kind, kind.fact(source, source_id, **key, **values))

    def id_of(self, kind: Kind, source_id: str) -> uuid.UUID:
        """The id that a fact of this clinic has."""
        return Ids(self.practice_id, self.system).of(kind.table, source_id)

    async def apply(self, connection: Connection) -> int:
        """Applies what was added as one revision and returns it."""
        done = await apply(connection, self.practice_id, self.batch, uuid.uuid4())
        self.batch = Batch()
        assert done.revision is not None, "nothing changed"
        return done.revision

    async def correct(self, connection: Connection) -> int:
        """One payment of the last whole month is found to have been higher."""
        day = self.until.replace(day=1) - timedelta(days=9)
        self.pay("correction", 0, day, Decimal("312.00"))
        return await self.apply(connection)

    def people(self) -> None:
        """Payers, providers and patients."""
        for source_id, name, payer_class in _PAYERS:
            self.add(PAYER, source_id, name=name, payer_class=payer_class)
        for index, name in enumerate(_PROVIDERS):
            self.add(PROVIDER, str(index), display_name=name, specialty="Family medicine")
        for index in range(60):
            born = date(1940 + index, 1 + index % 12, 1 + index % 28)
            self.add(PATIENT, str(index), mrn=f"M{index:05}", birth_date=born, sex="female")

    def visits(self) -> None:
        """Two to three visits each weekday: what was billed, and what came of it."""
        for index, day in enumerate(_weekdays(self.until)):
            for slot in range(2 + (index % 3 == 0)):
                self._visit(f"{day:%Y%m%d}-{slot}", index * 3 + slot, day)

    def _visit(self, name: str, index: int, day: date) -> None:
        status = _STATUSES[index % len(_STATUSES)]
        who = self._who(index)
        start = datetime.combine(day, time(13 + index % 7), UTC)
        end = start + timedelta(minutes=30)
        self.add(APPOINTMENT, name, status=status, start_at=start, end_at=end, **who)
        if status != "fulfilled":
            return
        visit: dict[str, Any] = {"class": "AMB", "status": "finished", "start_at": start, **who}
        self.add(ENCOUNTER, name, end_at=end, **visit)
        fee = _FEES[index % len(_FEES)] * self.scale
        bill: dict[str, Any] = {
            "encounter_id": self.id_of(ENCOUNTER, name),
            "claim_id": self.id_of(CLAIM, name),
            "service_date": day,
        }
        self.add(CHARGE, name, line_no=1, amount=fee, posting_date=day, **bill, **who)
        insured = index % len(_PAYERS) != 3
        if insured:
            self.add(CLAIM, name, billed=fee, service_from=day, status="submitted", **who)
        self._settle(name, index, day, fee, insured)

    def _settle(self, name: str, index: int, day: date, fee: Decimal, insured: bool) -> None:
        """Insurers pay three fifths after three weeks; one bill in nine stays open."""
        if index % 9 == 4:
            return
        paid = (fee * 3 / 5).quantize(Decimal("0.01"))
        self.pay(name, index, day + timedelta(days=21 if insured else 3), paid)
        reason = "contractual" if insured else "self_pay_discount"
        rest = fee - paid - (Decimal(20) if index % 5 else Decimal(0))
        self.post(f"{name}-adj", index, day + timedelta(days=21), rest, "adjustment", reason)
        if index % 40 == 7:
            self.post(f"{name}-ref", index, day + timedelta(days=40), -paid / 4, "refund", None)

    def pay(self, name: str, index: int, day: date, amount: Decimal) -> None:
        """A payment on the bill `name`."""
        self.post(f"{name}-pay", index, day, amount, "payment", None, method="eft")

    def post(
        self, name: str, index: int, day: date, amount: Decimal, entry: str, reason: str | None,
        **more: Any,
    ) -> None:  # fmt: skip
        """A line of the ledger; nothing is posted after the last day."""
        if day > self.until:
            return
        bill = name.rsplit("-", 1)[0]
        self.add(
            LEDGER,
            name,
            entry=entry,
            reason=reason,
            amount=amount.quantize(Decimal("0.01")),
            posting_date=day,
            deposit_date=day,
            claim_id=self.id_of(CLAIM, bill),
            encounter_id=self.id_of(ENCOUNTER, bill),
            **self._who(index),
            **more,
        )

    def _who(self, index: int) -> dict[str, Any]:
        return {
            "patient_id": self.id_of(PATIENT, str(index * 7 % 60)),
            "provider_id": self.id_of(PROVIDER, str(index % len(_PROVIDERS))),
            "payer_id": self.id_of(PAYER, _PAYERS[index % len(_PAYERS)][0]),
        }


def _weekdays(until: date) -> Iterator[date]:
    for back in range(DAYS, -1, -1):
        day = until - timedelta(days=back)
        if day.weekday() < 5:
            yield day


async def open_practice(
    connection: Connection, practice_id: uuid.UUID, name: str = "Cedar Valley Family Medicine"
) -> None:
    """Adds a practice whose business date is fixed to TODAY. The caller entered it."""
    async with transaction(connection, "BEGIN", practice_id, 10_000):
        await add_practice(connection, practice_id, name, "America/New_York")
        await set_business_date(connection, practice_id, TODAY)


async def seed(
    connection: Connection, practice_id: uuid.UUID, *, scale: int = 1, synthetic: bool = False
) -> Clinic:
    """A clinic of two years in a practice that exists. The caller entered it."""
    clinic = Clinic(practice_id, scale=scale, synthetic=synthetic)
    clinic.people()
    clinic.visits()
    await clinic.apply(connection)
    return clinic
