"""The demo overlay O1 and O2: every row follows from a draw on the source id."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import floor
from typing import TypeVar
from zoneinfo import ZoneInfo

from .records import (
    Appointment,
    Bill,
    BilledClaim,
    ClaimEvent,
    Facts,
    LedgerEntry,
    Visit,
    charges_of,
    ledger_entry,
    r2,
)

T = TypeVar("T")

LAG_DAYS = {0: ".35", 1: ".25", 2: ".15", 3: ".10", 5: ".08", 8: ".05", 14: ".02"}
CARC = {"16": ".30", "197": ".20", "27": ".14", "50": ".10", "97": ".10", "29": ".08", "18": ".08"}
FINAL_CARC = {"18", "29"}
ADJUDICATION_DAYS = {
    "commercial": (12, 40),
    "medicare": (14, 20),
    "medicaid": (20, 45),
    "dual": (18, 40),
}
DENIAL = {"commercial": ".09", "medicare": ".07", "medicaid": ".12", "dual": ".10"}
ALLOWED = {"commercial": ".72", "medicare": ".48", "medicaid": ".40", "dual": ".44"}
PATIENT_SHARE = {"commercial": ".20", "medicare": ".20", "medicaid": ".03", "dual": ".05"}


def u(purpose: str, key: str) -> Fraction:
    """Return the exact draw in [0, 1) for a purpose and a source id."""
    digest = sha256(f"demo-v1|{purpose}|{key}".encode()).hexdigest()
    return Fraction(int(digest[:13], 16), 16**13)


def pick(table: dict[T, str], x: Fraction) -> T:
    """Return the first entry whose cumulative share is above x."""
    total = Fraction(0)
    for value, share in table.items():
        total += Fraction(share)
        if total > x:
            return value
    raise ValueError("shares end at or below the draw")


def add_o1(made: Facts, b: Bill) -> None:
    """Add charges, claim, events and ledger of one bill by the claim overlay."""
    posted = b.service_date + timedelta(pick(LAG_DAYS, u("lag", b.key)))
    made.charges.extend(charges_of(b, posted))
    if b.payer_class == "self_pay":
        made.ledger.extend(_self_pay(b, posted))
        return
    made.claims.append(
        BilledClaim(b.key, posted, b.charge, b.payer_class, b.provider_id, b.service_date)
    )
    submitted = _submissions(made, b, posted)
    low, high = ADJUDICATION_DAYS[b.payer_class]
    adjudicated = submitted + timedelta(low + floor((high - low + 1) * u("adj", b.key)))
    if u("den", b.key) >= Fraction(DENIAL[b.payer_class]):
        _pay(made, b, adjudicated)
        return
    carc = pick(CARC, u("carc", b.key))
    made.claim_events.append(ClaimEvent(b.key, "denied", adjudicated, carc))
    if carc not in FINAL_CARC and u("over", b.key) < Fraction(".62"):
        again = adjudicated + timedelta(10 + floor(15 * u("resub", b.key)))
        made.claim_events.append(ClaimEvent(b.key, "resubmitted", again))
        _pay(made, b, again + timedelta(25 + floor(20 * u("adj2", b.key))))
    else:
        late = adjudicated + timedelta(60)
        made.ledger.append(ledger_entry(b, "adjustment", "denial_write_off", b.charge, late))


def _self_pay(b: Bill, posted: date) -> list[LedgerEntry]:
    discount = r2(Decimal("0.40") * b.charge)
    rest = b.charge - discount
    discounted = ledger_entry(b, "adjustment", "self_pay_discount", discount, posted)
    if u("sp_pay", b.key) < Fraction(".35"):
        paid_on = posted + timedelta(1 + floor(30 * u("sp_day", b.key)))
        return [discounted, ledger_entry(b, "payment", "patient", rest, paid_on)]
    lost_on = posted + timedelta(180)
    return [discounted, ledger_entry(b, "adjustment", "bad_debt", rest, lost_on)]


def _submissions(made: Facts, b: Bill, posted: date) -> date:
    """Add the submissions up to the first adjudication and return the date of the last."""
    first = posted + timedelta(1 + floor(3 * u("sub", b.key)))
    made.claim_events.append(ClaimEvent(b.key, "submitted", first))
    if u("rej", b.key) >= Fraction(".03"):
        return first
    again = first + timedelta(4)
    made.claim_events.append(ClaimEvent(b.key, "rejected", first + timedelta(1)))
    made.claim_events.append(ClaimEvent(b.key, "resubmitted", again))
    return again


def _pay(made: Facts, b: Bill, adjudicated: date) -> None:
    """Add the payable adjudication and everything that follows from it."""
    made.claim_events.append(ClaimEvent(b.key, "paid", adjudicated))
    posted = adjudicated + timedelta(2)
    allowed = r2(b.charge * Decimal(ALLOWED[b.payer_class]))
    share = r2(allowed * Decimal(PATIENT_SHARE[b.payer_class]))
    made.ledger.append(ledger_entry(b, "adjustment", "contractual", b.charge - allowed, posted))
    made.ledger.append(ledger_entry(b, "payment", "insurance", allowed - share, posted))
    made.ledger.extend(_patient_share(b, share, posted))


def _patient_share(b: Bill, share: Decimal, posted: date) -> list[LedgerEntry]:
    draw = u("pp", b.key)
    lost_on = posted + timedelta(180)
    if draw < Fraction(".68"):
        paid_on = posted + timedelta(10 + floor(51 * u("ppd", b.key)))
        return [ledger_entry(b, "payment", "patient", share, paid_on)]
    if draw < Fraction(".82"):
        half = r2(share / 2)
        return [
            ledger_entry(b, "payment", "patient", half, posted + timedelta(30)),
            ledger_entry(b, "adjustment", "bad_debt", share - half, lost_on),
        ]
    return [ledger_entry(b, "adjustment", "bad_debt", share, lost_on)]


def o2(visit: Visit, age: int, payer_class: str | None, zone: ZoneInfo) -> list[Appointment]:
    """Return the fulfilled appointment of a visit and the missed ones before it."""
    key = visit.encounter_id
    made = [_appointment(visit, "", "fulfilled", visit.on, payer_class)]
    if u("noshow", key) < _no_show_share(age, payer_class):
        day = visit.on - timedelta(14 + floor(21 * u("noshow_day", key)))
        made.append(_appointment(visit, ":ns", "noshow", day, payer_class))
    if u("cancel", key) < Fraction(".08"):
        day = visit.on - timedelta(7 + floor(14 * u("cancel_day", key)))
        made.append(_appointment(visit, ":cx", "cancelled", day, payer_class, zone))
    return made


def _no_show_share(age: int, payer_class: str | None) -> Fraction:
    by_age = ".06" if age < 18 else ".12" if age < 40 else ".08" if age < 65 else ".05"
    return Fraction(by_age) + Fraction(".04" if payer_class == "medicaid" else "0")


def _appointment(
    visit: Visit,
    suffix: str,
    status: str,
    day: date,
    payer_class: str | None,
    cancelled_in: ZoneInfo | None = None,
) -> Appointment:
    key = visit.encounter_id
    start = datetime.combine(day, time(8)) + timedelta(minutes=15 * floor(36 * u("slot", key)))
    cancelled_at = None
    if cancelled_in:
        elapsed = timedelta(hours=floor(72 * u("cancel_hours", key)))
        instant = start.replace(tzinfo=cancelled_in).astimezone(UTC) - elapsed
        cancelled_at = instant.astimezone(cancelled_in).replace(tzinfo=None)
    return Appointment(
        key=key + suffix,
        encounter_id=key,
        patient_id=visit.patient_id,
        payer_class=payer_class,
        status=status,
        start_local=start,
        duration_minutes=30 if visit.is_new else 15,
        booked_on=day - timedelta(1 + floor(60 * u("lead", key) ** 2)),
        cancelled_at=cancelled_at,
        provider_id=visit.provider_id,
    )
