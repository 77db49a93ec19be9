"""Questions answered a second time, in plain Python over the facts: slow, and easy to check.

Nothing here is shared with the product but the names of metrics and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    ENCOUNTER,
    LEDGER,
    PAYER,
    Kind,
    Row,
)

Fact = dict[str, Any]
Facts = dict[Kind, list[Fact]]
Key = tuple[date | None, str | None]
# A figure: value, reason, numerator, denominator.
Figure = tuple[Decimal | None, str, Decimal | None, Decimal | None]

FLOWS = (CHARGE, LEDGER, ENCOUNTER, APPOINTMENT)
DOMAIN = {CHARGE: "money", LEDGER: "money", ENCOUNTER: "visits", APPOINTMENT: "appointments"}
COMING = ("proposed", "pending", "booked", "arrived", "checked-in", "waitlist")


@dataclass(frozen=True)
class Asked:
    """A question, spelt out."""

    metrics: tuple[str, ...]
    start: date
    end: date
    today: date
    zone: str
    accrual: bool = False
    dimension: str = ""
    grain: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()


def as_facts(kind: Kind, rows: Iterable[Row]) -> list[Fact]:
    """Rows as dictionaries."""
    return [dict(zip(kind.names, row, strict=True)) for row in rows]


def day_of(kind: Kind, fact: Fact, zone: str) -> date | None:
    """The local date that decides which period a fact belongs to."""
    if kind in (CHARGE, LEDGER):
        return fact["posting_date"]  # type: ignore[no-any-return]
    start = fact["start_at"]
    return None if start is None else start.astimezone(ZoneInfo(zone)).date()


def bucket_of(day: date, grain: str) -> date | None:
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return day if grain == "day" else None


def cents(value: Decimal, places: int = 2) -> Decimal:
    with localcontext(prec=99):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def money(facts: Iterable[Fact]) -> Decimal:
    return sum((fact["amount"] for fact in facts), Decimal(0))


# What metrics are made of, for the facts of one group.


def payments(facts: Facts) -> Decimal:
    return money(
        f for f in facts[LEDGER] if f["entry"] == "payment" and f["reason"] != "recoupment"
    )


def refunds(facts: Facts) -> Decimal:
    return -money(f for f in facts[LEDGER] if f["entry"] == "refund" or f["reason"] == "recoupment")


def net_charges(facts: Facts) -> Decimal:
    given_up = ("contractual", "self_pay_discount")
    return money(facts[CHARGE]) - money(
        f for f in facts[LEDGER] if f["entry"] == "adjustment" and f["reason"] in given_up
    )


def patients(facts: Facts) -> Decimal:
    return Decimal(
        len(
            {
                f["patient_id"]
                for f in facts[ENCOUNTER]
                if f["status"] == "finished"
                and f["class"] in ("AMB", "VR", "HH")
                and f["type_code"] != "308646001"
                and f["patient_id"] is not None
            }
        )
    )


def paid(facts: Facts, reason: str = "") -> list[Fact]:
    return [
        f
        for f in facts[LEDGER]
        if f["entry"] == "payment"
        and f["reason"] != "recoupment"
        and (not reason or f["reason"] == reason)
    ]


def payment_count(facts: Facts) -> Decimal:
    return Decimal(len(paid(facts)))


def appointments(*statuses: str) -> Callable[[Facts], Decimal]:
    def count(facts: Facts) -> Decimal:
        return Decimal(
            sum(
                f["status"] != "entered-in-error" and (not statuses or f["status"] in statuses)
                for f in facts[APPOINTMENT]
                if f["status"] is not None
            )
        )

    return count


def appointment_days(facts: Facts) -> Decimal:
    days = {f["day"] for f in facts[APPOINTMENT] if f["status"] not in (None, "entered-in-error")}
    return Decimal(len(days))


Sum = Callable[[Facts], Decimal]
every, done = appointments(), appointments("fulfilled")
missed, cancelled = appointments("noshow"), appointments("cancelled")


def _cash(facts: Facts) -> Decimal:
    return payments(facts) - refunds(facts)


def _done_or_missed(facts: Facts) -> Decimal:
    return done(facts) + missed(facts)


# Metric → factor, numerator, denominator, kinds of fact needed.
RATIOS: dict[str, tuple[int, Sum, Sum, tuple[Kind, ...]]] = {
    "collection_rate": (100, payments, lambda f: money(f[CHARGE]), (CHARGE, LEDGER)),
    "net_collection_rate": (100, payments, net_charges, (CHARGE, LEDGER)),
    "average_payment_amount": (1, payments, payment_count, (LEDGER,)),
    "average_revenue_per_patient": (1, _cash, patients, (LEDGER, ENCOUNTER)),
    "completion_rate": (100, done, every, (APPOINTMENT,)),
    "no_show_rate": (100, missed, _done_or_missed, (APPOINTMENT,)),
    "cancellation_rate": (100, cancelled, every, (APPOINTMENT,)),
    "average_appointments_per_day": (1, every, appointment_days, (APPOINTMENT,)),
}
SUMS: dict[str, tuple[Sum, tuple[Kind, ...]]] = {
    "total_charges": (lambda f: money(f[CHARGE]), (CHARGE,)),
    "total_payments": (payments, (LEDGER,)),
    "total_amount": (payments, (LEDGER,)),
    "payment_count": (payment_count, (LEDGER,)),
    "insurance_payments": (lambda f: money(paid(f, "insurance")), (LEDGER,)),
    "patient_payments": (lambda f: money(paid(f, "patient")), (LEDGER,)),
    "refunds": (refunds, (LEDGER,)),
    "total_adjustments": (
        lambda f: money(x for x in f[LEDGER] if x["entry"] == "adjustment"),
        (LEDGER,),
    ),
    "total_revenue": (_cash, (LEDGER,)),
    "total_appointments": (every, (APPOINTMENT,)),
    "scheduled_appointments": (appointments(*COMING), (APPOINTMENT,)),
    "completed_appointments": (done, (APPOINTMENT,)),
    "cancelled_appointments": (cancelled, (APPOINTMENT,)),
    "no_show_appointments": (missed, (APPOINTMENT,)),
}
BALANCE = "outstanding_balance"
ACCRUAL = ("total_revenue", "average_revenue_per_patient")


def needs(metric: str, accrual: bool) -> tuple[Kind, ...]:
    """The kinds of fact that a metric rests on."""
    if metric == BALANCE:
        return (CHARGE, LEDGER)
    kinds = (RATIOS.get(metric) or SUMS[metric])[-1]
    if accrual and metric in ACCRUAL:
        return (*{*kinds, CHARGE},)
    return kinds


class ByHand:
    """The facts of one practice at one revision, and the answers they give."""

    def __init__(self, facts: Facts) -> None:
        self.classes = {f["payer_id"]: f["payer_class"] for f in facts.get(PAYER, [])}
        self.facts = {kind: facts.get(kind, []) for kind in FLOWS}

    def key_of(self, dimension: str, fact: Fact) -> str:
        if dimension == "provider":
            return str(fact["provider_id"] or "")
        return self.classes.get(fact["payer_id"]) or ""

    def _passes(self, asked: Asked, fact: Fact) -> bool:
        return all(self.key_of(name, fact) in values for name, values in asked.filters)

    def _has(self, asked: Asked, metric: str) -> bool:
        for kind in needs(metric, asked.accrual):
            if not any(day_of(kind, f, asked.zone) for f in self.facts[kind]):
                return False
            limit = date.max if kind is APPOINTMENT else asked.today
            days = [
                day
                for one in FLOWS
                if DOMAIN[one] == DOMAIN[kind]
                for day in (day_of(one, f, asked.zone) for f in self.facts[one])
                if day is not None and day <= limit
            ]
            end = min(asked.end, limit)
            if not days or min(days) > end:
                return False
            if metric != BALANCE and max(days) < asked.start:
                return False
        return True

    def answer(self, asked: Asked) -> dict[Key, list[Figure]]:
        """Figures by bucket and key, for every key that any fact of the period has."""
        groups: dict[Key, Facts] = {}
        kinds = {kind for m in asked.metrics if m != BALANCE for kind in needs(m, asked.accrual)}
        for kind in kinds:
            for fact, day in self._inside(asked, kind):
                key = self.key_of(asked.dimension, fact) if asked.dimension else None
                group = groups.setdefault(
                    (bucket_of(day, asked.grain), key), {k: [] for k in FLOWS}
                )
                group[kind].append({**fact, "day": day})
        balances = self._balances(asked) if BALANCE in asked.metrics else {}
        keys = groups.keys() | {(None, key) for key in balances}
        if not asked.dimension and not asked.grain:
            keys |= {(None, None)}
        empty: Facts = {k: [] for k in FLOWS}
        return {
            key: [self._figure(asked, m, groups.get(key, empty), balances.get(key[1], Decimal(0)))
                  for m in asked.metrics]
            for key in keys
        }  # fmt: skip

    def _inside(self, asked: Asked, kind: Kind) -> Iterable[tuple[Fact, date]]:
        end = asked.end if kind is APPOINTMENT else min(asked.end, asked.today)
        for fact in self.facts[kind]:
            day = day_of(kind, fact, asked.zone)
            if day is not None and asked.start <= day <= end and self._passes(asked, fact):
                yield fact, day

    def _figure(self, asked: Asked, metric: str, facts: Facts, balance: Decimal) -> Figure:
        known = self._has(asked, metric)
        if metric == BALANCE:
            return (cents(balance), "", None, None) if known else (None, "no_source_data", *_NONE)
        accrual = asked.accrual and metric in ACCRUAL
        if metric in SUMS:
            total = net_charges(facts) if accrual else SUMS[metric][0](facts)
            places = 0 if metric.endswith(("appointments", "count")) else 2
            value = cents(total, places)
            return (value, "", None, None) if known else (None, "no_source_data", *_NONE)
        factor, above, below, _ = RATIOS[metric]
        if not known:
            # Which half is missing shows in the parts; the test does not look at those.
            return None, "no_source_data", None, None
        numerator = net_charges(facts) if accrual else above(facts)
        denominator = below(facts)
        if not denominator:
            return None, "zero_denominator", numerator, denominator
        with localcontext(prec=99):
            return cents(factor * numerator / denominator), "", numerator, denominator

    def _balances(self, asked: Asked) -> dict[str | None, Decimal]:
        """Open balances by key; an account belongs to the payer and provider of its charges."""
        on = min(asked.end, asked.today)
        total: dict[object, Decimal] = {}
        owner: dict[object, Fact] = {}
        for kind in (CHARGE, LEDGER):
            for fact in self.facts[kind]:
                if fact["posting_date"] is None or fact["posting_date"] > on:
                    continue
                if kind is LEDGER and fact["entry"] == "transfer":
                    continue
                alone = fact["charge_id"] or fact.get("entry_id")
                account = fact["claim_id"] or fact["encounter_id"] or alone
                sign = 1 if kind is CHARGE else -1
                total[account] = total.get(account, Decimal(0)) + sign * fact["amount"]
                owner.setdefault(account, {"payer_id": None, "provider_id": None})
                if kind is CHARGE:
                    _own(owner[account], fact)
        found: dict[str | None, Decimal] = {}
        for account, amount in total.items():
            if self._passes(asked, owner[account]):
                key = self.key_of(asked.dimension, owner[account]) if asked.dimension else None
                found[key] = found.get(key, Decimal(0)) + max(amount, Decimal(0))
        return found


_NONE = (None, None)


def _own(owner: Fact, charge: Fact) -> None:
    """The least payer and provider of an account's charges, as text."""
    for name in owner:
        ids = [str(one) for one in (owner[name], charge[name]) if one is not None]
        owner[name] = type(charge[name] or owner[name])(min(ids)) if ids else None
