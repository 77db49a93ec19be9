"""The demo overlay: what synthetic populations lack, made from their facts by fixed rules.

O1 gives every claim its life (submission, denial, payment, write-off), O2 gives every visit its
appointments. Draws are exact integers, so that any machine and language gets the same facts.
Everything made here, or dated here, is marked synthetic.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from praxis_analytics.sources.money import cents

NAME = "demo-v1"
# A draw is 13 hexadecimal digits: an integer below 2**52 that stands for its 2**52nd part.
_BITS = 52
T = TypeVar("T")


def draw(purpose: str, key: str) -> int:
    """The draw for a purpose and a source id: an integer n that stands for n / 2**52."""
    text = f"{NAME}|{purpose}|{key}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:13], 16)


def below(n: int, percent: int) -> bool:
    """Whether the draw is below `percent` hundredths."""
    return n * 100 < percent << _BITS


def steps(n: int, count: int, parts: int = 1) -> int:
    """floor(count / parts × draw)."""
    return count * n // (parts << _BITS)


def pick(table: Mapping[T, int], n: int) -> T:
    """The first entry whose cumulative share, in hundredths, is above the draw."""
    total = 0
    for entry, percent in table.items():
        total += percent
        if below(n, total):
            return entry
    raise ValueError("the shares do not sum to 100")


def overlay_id(practice_id: uuid.UUID, kind: str, key: str) -> uuid.UUID:
    """The id of a fact that the overlay makes."""
    return uuid.uuid5(practice_id, f"{NAME}|{kind}|{key}")


# O1: claims and ledger.


@dataclass(frozen=True)
class PayerRule:
    """How payers of a class decide: days to adjudicate, denials, what they allow and leave."""

    days_least: int
    days_most: int
    denied_percent: int
    allowed_ratio: Decimal
    patient_share: Decimal


_RULES = {
    "commercial": PayerRule(12, 40, 9, Decimal("0.72"), Decimal("0.20")),
    "medicare": PayerRule(14, 20, 7, Decimal("0.48"), Decimal("0.20")),
    "medicaid": PayerRule(20, 45, 12, Decimal("0.40"), Decimal("0.03")),
    "dual": PayerRule(18, 40, 10, Decimal("0.44"), Decimal("0.05")),
}
_LAG_DAYS = {0: 35, 1: 25, 2: 15, 3: 10, 5: 8, 8: 5, 14: 2}
_CARCS = {"16": 30, "197": 20, "27": 14, "50": 10, "97": 10, "29": 8, "18": 8}
_NEVER_OVERTURNED = {"18", "29"}
_REJECTED_PERCENT, _OVERTURNED_PERCENT = 3, 62
_SELF_PAY_DISCOUNT, _SELF_PAY_PAYS_PERCENT = Decimal("0.40"), 35
_BAD_DEBT_DAYS, _WRITE_OFF_DAYS, _POSTING_DAYS = 180, 60, 2


@dataclass(frozen=True)
class Event:
    """Something that happens to a claim."""

    event: str
    on: date
    x12_source: str
    status_category: str | None = None
    group_code: str | None = None
    carc: str | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Posting:
    """A ledger entry of a claim or self-pay visit."""

    entry: str
    reason: str
    on: date
    amount: Decimal
    group_code: str | None = None
    carc: str | None = None


@dataclass(frozen=True)
class Course:
    """The life of one claim, or (without events) of one self-pay bill."""

    posted_on: date
    charge: Decimal
    events: tuple[Event, ...] = ()
    postings: tuple[Posting, ...] = ()
    allowed: Decimal | None = None
    patient_share: Decimal | None = None

    def until(self, as_of: date) -> Course:
        """What of it has happened by the end of `as_of`."""
        return replace(
            self,
            events=tuple(event for event in self.events if event.on <= as_of),
            postings=tuple(posting for posting in self.postings if posting.on <= as_of),
        )

    @property
    def summary(self) -> dict[str, object]:
        """The columns of fact_claim that follow from the events and postings.

        `status` is the last event's; a claim settled in full keeps it and gets closed_on.
        """
        final = [event for event in self.events if event.event in ("paid", "denied")]
        paid = next((event for event in final if event.event == "paid"), None)
        settled = sum((posting.amount for posting in self.postings), Decimal())
        closed = max((posting.on for posting in self.postings), default=None)
        return {
            "first_submitted_on": self.events[0].on if self.events else None,
            "first_adjudicated_on": final[0].on if final else None,
            "first_pass_outcome": final[0].event if final else None,
            "allowed": self.allowed if paid else None,
            "paid": paid.amount if paid else None,
            "patient_resp": self.patient_share if paid else None,
            "status": _STATUS[self.events[-1].event] if self.events else "draft",
            "closed_on": closed if settled == self.charge else None,
        }


_STATUS = {
    "submitted": "submitted",
    "resubmitted": "submitted",
    "rejected": "rejected",
    "denied": "denied",
    "paid": "paid",
}


@dataclass
class _Claim:
    """A claim while its life is being made."""

    key: str
    charge: Decimal
    rule: PayerRule
    events: list[Event] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)

    def draw(self, purpose: str) -> int:
        return draw(purpose, self.key)


def posting_date(claim_id: str, service_date: date) -> date:
    """When a bill is posted."""
    return service_date + timedelta(pick(_LAG_DAYS, draw("lag", claim_id)))


def expected_allowed(charge: Decimal, payer_class: str) -> Decimal:
    """What a payer of the class allows for a charge; without one, all of it."""
    return charge if payer_class == "self_pay" else cents(charge * _rule(payer_class).allowed_ratio)


def _rule(payer_class: str) -> PayerRule:
    # Classes that the demo data do not have decide as commercial payers do.
    return _RULES.get(payer_class, _RULES["commercial"])


def course(claim_id: str, charge: Decimal, payer_class: str, service_date: date) -> Course:
    """The life of a claim (O1). `charge` is the claim's total."""
    posted = posting_date(claim_id, service_date)
    if payer_class == "self_pay":
        return Course(posted, charge, postings=tuple(_self_pay(claim_id, charge, posted)))
    claim = _Claim(claim_id, charge, _rule(payer_class))
    adjudicated = _submit(claim, posted)
    denied = below(claim.draw("den"), claim.rule.denied_percent)
    payable = _deny(claim, adjudicated) if denied else adjudicated
    allowed = cents(charge * claim.rule.allowed_ratio)
    share = cents(allowed * claim.rule.patient_share)
    if payable is not None:
        _pay(claim, payable, allowed, share)
    return Course(posted, charge, tuple(claim.events), tuple(claim.postings), allowed, share)


def _self_pay(claim_id: str, charge: Decimal, posted: date) -> Iterator[Posting]:
    discount = cents(charge * _SELF_PAY_DISCOUNT)
    yield Posting("adjustment", "self_pay_discount", posted, discount)
    if below(draw("sp_pay", claim_id), _SELF_PAY_PAYS_PERCENT):
        on = posted + timedelta(1 + steps(draw("sp_day", claim_id), 30))
        yield Posting("payment", "patient", on, charge - discount)
    else:
        on = posted + timedelta(_BAD_DEBT_DAYS)
        yield Posting("adjustment", "bad_debt", on, charge - discount)


def _submit(claim: _Claim, posted: date) -> date:
    """Submission, perhaps a front-end rejection. Returns the date of the first adjudication."""
    last = posted + timedelta(1 + steps(claim.draw("sub"), 3))
    claim.events.append(Event("submitted", last, "837", amount=claim.charge))
    if below(claim.draw("rej"), _REJECTED_PERCENT):
        claim.events.append(Event("rejected", last + timedelta(1), "277CA", "A3"))
        last += timedelta(4)
        claim.events.append(Event("resubmitted", last, "837", amount=claim.charge))
    span = claim.rule.days_most - claim.rule.days_least + 1
    return last + timedelta(claim.rule.days_least + steps(claim.draw("adj"), span))


def _deny(claim: _Claim, on: date) -> date | None:
    """A denial. Returns the date of the payable adjudication after it, or None."""
    carc = pick(_CARCS, claim.draw("carc"))
    claim.events.append(Event("denied", on, "835", "F2", "CO", carc, Decimal("0.00")))
    if carc in _NEVER_OVERTURNED or not below(claim.draw("over"), _OVERTURNED_PERCENT):
        off = on + timedelta(_WRITE_OFF_DAYS)
        claim.postings.append(
            Posting("adjustment", "denial_write_off", off, claim.charge, "CO", carc)
        )
        return None
    again = on + timedelta(10 + steps(claim.draw("resub"), 15))
    claim.events.append(Event("resubmitted", again, "837", amount=claim.charge))
    return again + timedelta(25 + steps(claim.draw("adj2"), 20))


def _pay(claim: _Claim, on: date, allowed: Decimal, share: Decimal) -> None:
    """The payable adjudication on `on`, and what is posted because of it."""
    claim.events.append(Event("paid", on, "835", "F1", amount=allowed - share))
    posted = on + timedelta(_POSTING_DAYS)
    claim.postings += (
        Posting("adjustment", "contractual", posted, claim.charge - allowed, "CO", "45"),
        Posting("payment", "insurance", posted, allowed - share),
        *_patient_share(claim, posted, share),
    )


def _patient_share(claim: _Claim, posted: date, share: Decimal) -> Iterator[Posting]:
    behaviour = claim.draw("pp")
    if below(behaviour, 68):
        on = posted + timedelta(10 + steps(claim.draw("ppd"), 51))
        yield Posting("payment", "patient", on, share)
        return
    paid = Decimal("0.00")
    if below(behaviour, 82):
        paid = cents(share / 2)
        yield Posting("payment", "patient", posted + timedelta(30), paid)
    yield Posting("adjustment", "bad_debt", posted + timedelta(_BAD_DEBT_DAYS), share - paid)


# O2: appointments.


@dataclass(frozen=True)
class Visited:
    """What an appointment takes from its visit. `age` is in completed years on its date."""

    encounter_id: str
    on: date
    age: int | None
    payer_class: str | None
    is_new: bool


@dataclass(frozen=True)
class Appointment:
    """An appointment of the overlay; `key` is the encounter id, `:ns` or `:cx` appended."""

    key: str
    status: str
    start_at: datetime
    end_at: datetime
    booked_at: datetime
    cancelled_at: datetime | None = None


# No-show share in hundredths, by the age it holds below; older patients have the last one.
_NO_SHOW_PERCENT = ((18, 6), (40, 12), (65, 8))
_NO_SHOW_ELDERLY, _NO_SHOW_MEDICAID_MORE, _CANCELLED_PERCENT = 5, 4, 8
_AGE_UNKNOWN = 40
_OPENS, _SLOT = time(8), timedelta(minutes=15)


def appointments(visit: Visited, zone: ZoneInfo, as_of: date) -> Iterator[Appointment]:
    """The appointments of a visit (O2) whose own local date is not after `as_of`."""
    key = visit.encounter_id
    days: list[tuple[str, str, int]] = [("", "fulfilled", 0)]
    if below(draw("noshow", key), _no_show_percent(visit)):
        days.append((":ns", "noshow", 14 + steps(draw("noshow_day", key), 21)))
    if below(draw("cancel", key), _CANCELLED_PERCENT):
        days.append((":cx", "cancelled", 7 + steps(draw("cancel_day", key), 14)))
    for suffix, status, days_before in days:
        on = visit.on - timedelta(days_before)
        if on <= as_of:
            yield _appointment(visit, suffix, status, on, zone)


def _no_show_percent(visit: Visited) -> int:
    age = _AGE_UNKNOWN if visit.age is None else visit.age
    percent = next((p for limit, p in _NO_SHOW_PERCENT if age < limit), _NO_SHOW_ELDERLY)
    return percent + (_NO_SHOW_MEDICAID_MORE if visit.payer_class == "medicaid" else 0)


def _appointment(visit: Visited, suffix: str, status: str, on: date, zone: ZoneInfo) -> Appointment:
    key = visit.encounter_id
    wall = datetime.combine(on, _OPENS) + _SLOT * steps(draw("slot", key), 36)
    lead = draw("lead", key)
    days_ahead = 1 + (60 * lead * lead >> 2 * _BITS)
    start = wall.replace(tzinfo=zone)
    # Hours before a start are elapsed hours, also across a change of the clock.
    hours = timedelta(hours=steps(draw("cancel_hours", key), 72))
    cancelled = (start.astimezone(UTC) - hours) if status == "cancelled" else None
    return Appointment(
        key=key + suffix,
        status=status,
        start_at=start,
        end_at=start + _SLOT * (2 if visit.is_new else 1),
        booked_at=(wall - timedelta(days_ahead)).replace(tzinfo=zone),
        cancelled_at=cancelled,
    )
