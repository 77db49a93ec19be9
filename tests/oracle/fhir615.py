"""Revenue, receivables and appointments of a FHIR folder, computed from its raw lines.

Shares no code with the product, so that the two can only agree by being right. Standard
library only; literal and slow rather than clever.

Where the rules of the metrics leave a choice, this reading was taken:

1.  O2 draws (`noshow`, `cancel_hours`, `slot`, `lead` ...) all use the encounter id; `:ns` and
    `:cx` only name the row. The three appointments of one visit share slot and lead time.
2.  `cancelled_at` counts elapsed hours, so across a DST change its wall clock moves by one.
3.  New visit: no earlier visit (strictly earlier start instant) whose local date lies on or
    after the date three years before; 29 February maps to 28 February. Visits that start at the
    same instant do not precede each other. No-show and cancelled rows take their visit's length.
4.  Every row is kept or dropped by its own date: the posting date, the event's date, the claim's
    created_on, the appointment's local date. A no-show before `as_of` stays although its visit
    comes later. Without overlay `as_of` drops nothing.
5.  O1 events are submitted, rejected, resubmitted, denied and paid. There is no `created` event
    (that is `created_on`) and no `closed` one. An overturned denial is a second `resubmitted`.
6.  The payer class of every ledger row, patient payments too, is that of its claim.
7.  Without overlay a payment of 0.00 is still a row (counts, but sums nothing), and self-pay
    claims are claims like others. An EOB event falls on the local date of `EOB.created`.
8.  Priced items and the visit item make charges, other unpriced items none; a visit item of zero
    or less is still a charge. If the first item is priced there is no visit item.
9.  Nothing dated after `min(end, today)` is read, in period sums as in snapshots.
10. A figure is None for want of data only if its fact table is wholly empty; a period without
    rows measures 0. Rates are None only at a denominator of exactly 0.
11. Recoupments count as refunds and not as (negative) payments as well. Rates divide payments,
    not payments less refunds.
12. Exactly 120 days is `91-120`; `120+` begins at 121. Age is counted at `today`.
13. The amount of credit balances is shown positive.
14. Three-year and age arithmetic use local dates; a birthday on 29 February falls on 1 March.
15. Death certification excludes a visit if any coding of any type carries it; the practitioner is
    the first participant marked PPRF, otherwise the first.
16. Visits and appointments before birth or after death are kept like any other. The appointment
    cohort is not cut at `today`: future bookings are part of a period asked for.
17. Nothing orders a cancellation after its booking: a row may be booked after it was cancelled.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .figures import (
    aging,
    appointments,
    credit_balances,
    payments_by_payer_class,
    revenue,
    revenue_by_month,
)
from .overlay import add_o1, o2
from .records import Bill, BilledClaim, ClaimEvent, Facts, Visit, bill, charges_of, ledger_entry, r2
from .source import Encounter, Eob, Raw, load

__all__ = [
    "Facts",
    "Raw",
    "aging",
    "appointments",
    "credit_balances",
    "facts",
    "load",
    "payments_by_payer_class",
    "revenue",
    "revenue_by_month",
]

DEATH_CERTIFICATION = "308646001"
VISIT_CLASSES = {"AMB", "VR", "HH"}


def facts(raw: Raw, tz: str, *, overlay: bool, as_of: date) -> Facts:
    """Make the facts of a practice in time zone `tz`, with or without the demo overlay."""
    zone = ZoneInfo(tz)
    bills = {
        c.id: bill(c, raw.encounters[c.encounter_id], zone)
        for c in raw.claims.values()
        if c.use == "claim" and c.kind != "pharmacy"
    }
    made = Facts(visits=visits(raw.encounters.values(), zone))
    if not overlay:
        return _add_as_filed(made, bills, raw.eobs.values(), zone)
    for one in bills.values():
        add_o1(made, one)
    payer_classes = {b.claim.encounter_id: b.payer_class for b in bills.values()}
    for visit in made.visits:
        born = raw.patients[visit.patient_id].birth_date
        payer_class = payer_classes.get(visit.encounter_id)
        made.appointments.extend(o2(visit, completed_years(born, visit.on), payer_class, zone))
    return Facts(
        visits=made.visits,
        charges=[c for c in made.charges if c.posting_date <= as_of],
        ledger=[e for e in made.ledger if e.posting_date <= as_of],
        claims=[c for c in made.claims if c.created_on <= as_of],
        claim_events=[e for e in made.claim_events if e.occurred_on <= as_of],
        appointments=[a for a in made.appointments if a.start_local.date() <= as_of],
    )


def local_date(text: str, zone: ZoneInfo) -> date:
    """Return the local date of a FHIR date (itself) or instant."""
    if len(text) == len("2021-03-31"):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(zone).date()


def _add_as_filed(
    made: Facts, bills: dict[str, Bill], eobs: Iterable[Eob], zone: ZoneInfo
) -> Facts:
    for b in bills.values():
        posted = local_date(b.claim.created, zone)
        made.charges.extend(charges_of(b, posted))
        made.claims.append(
            BilledClaim(b.key, posted, b.charge, b.payer_class, b.provider_id, b.service_date)
        )
    for eob in eobs:
        if eob.claim_id in bills:
            paid_on = local_date(eob.paid_on or eob.created, zone)
            b = bills[eob.claim_id]
            made.ledger.append(ledger_entry(b, "payment", "insurance", r2(eob.paid), paid_on))
            made.claim_events.extend(eob_event(eob, local_date(eob.created, zone)))
    return made


def eob_event(eob: Eob, on: date) -> list[ClaimEvent]:
    """Return the event an EOB's outcome stands for; none while it is queued."""
    denied = eob.paid == 0 and eob.reason is not None
    complete = "denied" if denied else "paid"
    event = {"complete": complete, "error": "rejected", "partial": "partially_paid"}.get(
        eob.outcome
    )
    return [ClaimEvent(eob.claim_id, event, on, eob.reason)] if event else []


def visits(encounters: Iterable[Encounter], zone: ZoneInfo) -> list[Visit]:
    """Return the finished office, virtual and home encounters, oldest first."""
    found = [
        e
        for e in encounters
        if e.status == "finished"
        and e.class_code in VISIT_CLASSES
        and DEATH_CERTIFICATION not in e.type_codes
    ]
    starts: dict[str, list[datetime]] = defaultdict(list)
    for e in found:
        starts[e.patient_id].append(e.start)
    made = []
    for e in sorted(found, key=lambda e: (e.start, e.id)):
        on = e.start.astimezone(zone).date()
        since = three_years_before(on)
        seen = (s.astimezone(zone).date() for s in starts[e.patient_id] if s < e.start)
        is_new = not any(day >= since for day in seen)
        made.append(Visit(e.id, e.patient_id, on, is_new, e.provider_id))
    return made


def three_years_before(on: date) -> date:
    """Return the same day three years earlier, 28 February for 29 February."""
    if (on.month, on.day) == (2, 29):
        return date(on.year - 3, 2, 28)
    return on.replace(year=on.year - 3)


def completed_years(born: date, on: date) -> int:
    """Return the age in completed years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
