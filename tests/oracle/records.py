"""The facts as records, and the rows that every bill makes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from .source import Claim, Encounter

CENT = Decimal("0.01")
PAYER_CLASS = {
    "private": "commercial",
    "medicare": "medicare",
    "medicaid": "medicaid",
    "dual_eligible": "dual",
    "no_insurance": "self_pay",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """An office, virtual or home visit; `is_new` by the three-year rule."""

    encounter_id: str
    patient_id: str
    on: date
    is_new: bool
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One charged line, in cents-exact Decimal."""

    claim_id: str
    line_no: int
    encounter_id: str
    patient_id: str
    provider_id: str | None
    payer_class: str
    amount: Decimal
    service_date: date
    posting_date: date


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A payment or adjustment; a positive amount lowers the balance of the claim.

    `payer_class` is that of who paid, `method` how, where the source says so.
    """

    claim_id: str
    entry: str
    reason: str
    payer_class: str
    provider_id: str | None
    amount: Decimal
    service_date: date
    posting_date: date
    method: str | None = None


@dataclass(frozen=True, slots=True)
class BilledClaim:
    """A claim as the practice made it; `closed` where the source says so and has no events."""

    claim_id: str
    created_on: date
    billed: Decimal
    payer_class: str
    provider_id: str | None = None
    service_date: date | None = None
    closed: bool | None = None


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """One step of a claim; `carc` only on denials."""

    claim_id: str
    event: str
    occurred_on: date
    carc: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment; `start_local` and `cancelled_at` are naive local times."""

    key: str
    encounter_id: str
    patient_id: str
    payer_class: str | None
    status: str
    start_local: datetime
    duration_minutes: int
    booked_on: date
    cancelled_at: datetime | None
    provider_id: str | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the figures are computed from."""

    visits: list[Visit] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    claims: list[BilledClaim] = field(default_factory=list)
    claim_events: list[ClaimEvent] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bill:
    """A non-pharmacy claim with what its encounter and payer say about it."""

    claim: Claim
    key: str
    payer_class: str
    provider_id: str | None
    service_date: date
    charge: Decimal


def r2(amount: Decimal) -> Decimal:
    """Round half-up to cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def bill(claim: Claim, encounter: Encounter, zone: ZoneInfo) -> Bill:
    """Join a claim to its encounter."""
    return Bill(
        claim=claim,
        key=claim.id,
        payer_class=PAYER_CLASS.get(claim.payer.lower(), "commercial"),
        provider_id=encounter.provider_id,
        service_date=encounter.start.astimezone(zone).date(),
        charge=r2(claim.total),
    )


def charges_of(b: Bill, posted: date) -> list[Charge]:
    """Return one charge per priced item and one for the visit item."""
    rest = b.claim.total - sum(i.net for i in b.claim.items if i.net is not None)
    amounts = [
        (item.sequence, rest if item.net is None else item.net)
        for position, item in enumerate(b.claim.items)
        if item.net is not None or position == 0
    ]
    return [
        Charge(
            claim_id=b.key,
            line_no=line_no,
            encounter_id=b.claim.encounter_id,
            patient_id=b.claim.patient_id,
            provider_id=b.provider_id,
            payer_class=b.payer_class,
            amount=r2(amount),
            service_date=b.service_date,
            posting_date=posted,
        )
        for line_no, amount in amounts
    ]


def ledger_entry(b: Bill, entry: str, reason: str, amount: Decimal, posted: date) -> LedgerEntry:
    """Return a ledger row of a bill."""
    return LedgerEntry(
        b.key, entry, reason, b.payer_class, b.provider_id, amount, b.service_date, posted
    )
