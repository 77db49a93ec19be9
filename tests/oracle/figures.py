"""Revenue, receivables and appointment figures over the facts.

Money is Decimal. A figure is None where its facts are wholly absent or its denominator is 0.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .records import CENT, Charge, Facts, LedgerEntry, r2

BUCKETS = {"0-30": 30, "31-60": 60, "61-90": 90, "91-120": 120}
SCHEDULED = {"proposed", "pending", "booked", "arrived", "checked-in", "waitlist"}
Figures = dict[str, Decimal | int | None]


def revenue(facts: Facts, start: date, end: date, today: date) -> Figures:
    """Return the revenue figures of a period on a cash basis, by posting date."""
    last = min(end, today)
    charges = [c for c in facts.charges if start <= c.posting_date <= last]
    ledger = [e for e in facts.ledger if start <= e.posting_date <= last]
    charged = _total(charges) if facts.charges else None
    paid = _total(e for e in ledger if _is_payment(e)) if facts.ledger else None
    refunded = -_total(e for e in ledger if _is_refund(e)) if facts.ledger else None
    earned = _total_revenue(ledger) if facts.ledger else None
    agreed = [e for e in ledger if e.reason in ("contractual", "self_pay_discount")]
    due = None if charged is None else charged - _total(agreed)
    patients = {v.patient_id for v in facts.visits if start <= v.on <= last}
    return {
        "total_charges": charged,
        "total_payments": paid,
        "refunds": refunded,
        "total_adjustments": (
            _total(e for e in ledger if e.entry == "adjustment") if facts.ledger else None
        ),
        "total_revenue": earned,
        "outstanding_balance": (
            sum(_positive(balances(facts, last)).values(), Decimal(0)) if facts.charges else None
        ),
        "collection_rate": _ratio(100, paid, charged),
        "net_collection_rate": _ratio(100, paid, due),
        "average_revenue_per_patient": _ratio(1, earned, len(patients)),
    }


def balances(facts: Facts, on: date) -> dict[str, Decimal]:
    """Return charges less ledger of each claim or self-pay visit, by all posted up to a date."""
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for charge in facts.charges:
        if charge.posting_date <= on:
            owed[charge.claim_id] += charge.amount
    for entry in facts.ledger:
        if entry.posting_date <= on and entry.entry != "transfer":
            owed[entry.claim_id] -= entry.amount
    return dict(owed)


def aging(facts: Facts, today: date) -> dict[str, Decimal]:
    """Return the positive balances at the end of `today` by days since the service date."""
    served = {c.claim_id: c.service_date for c in facts.charges}
    buckets = {name: Decimal(0) for name in (*BUCKETS, "120+")}
    for claim_id, balance in _positive(balances(facts, today)).items():
        days = (today - served[claim_id]).days
        name = next((name for name, most in BUCKETS.items() if days <= most), "120+")
        buckets[name] += balance
    return buckets


def credit_balances(facts: Facts, today: date) -> Figures:
    """Return count and (positive) amount of the negative balances at the end of `today`."""
    credits = [-b for b in balances(facts, today).values() if b < 0]
    return {"count": len(credits), "amount": sum(credits, Decimal(0))}


def revenue_by_month(facts: Facts, start: date, end: date) -> dict[str, Decimal]:
    """Return total revenue per month (`YYYY-MM`) of a period, empty months as 0."""
    months: dict[str, list[LedgerEntry]] = {}
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        months[f"{year:04}-{month:02}"] = []
        year, month = year + month // 12, month % 12 + 1
    for entry in facts.ledger:
        if start <= entry.posting_date <= end:
            months[f"{entry.posting_date:%Y-%m}"].append(entry)
    return {name: _total_revenue(entries) for name, entries in months.items()}


def payments_by_payer_class(facts: Facts, start: date, end: date) -> dict[str, Decimal]:
    """Return the payments posted in a period by the payer class of their claim."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for entry in facts.ledger:
        if start <= entry.posting_date <= end and _is_payment(entry):
            paid[entry.payer_class] += entry.amount
    return dict(paid)


def appointments(facts: Facts, start: date, end: date) -> Figures:
    """Return the appointment figures of the cohort that starts in a period of local dates."""
    cohort = [a for a in facts.appointments if start <= a.start_local.date() <= end]
    total = len(cohort)
    completed = sum(a.status == "fulfilled" for a in cohort)
    cancelled = sum(a.status == "cancelled" for a in cohort)
    missed = sum(a.status == "noshow" for a in cohort)
    figures: Figures = {
        "total_appointments": total,
        "scheduled_appointments": sum(a.status in SCHEDULED for a in cohort),
        "completed_appointments": completed,
        "cancelled_appointments": cancelled,
        "no_show_appointments": missed,
        "completion_rate": _ratio(100, completed, total),
        "no_show_rate": _ratio(100, missed, completed + missed),
        "cancellation_rate": _ratio(100, cancelled, total),
        "average_appointments_per_day": _ratio(
            1, total, len({a.start_local.date() for a in cohort})
        ),
    }
    return figures if facts.appointments else dict.fromkeys(figures)


def _is_refund(entry: LedgerEntry) -> bool:
    return entry.entry == "refund" or entry.reason == "recoupment"


def _is_payment(entry: LedgerEntry) -> bool:
    return entry.entry == "payment" and not _is_refund(entry)


def _total(rows: Iterable[Charge | LedgerEntry]) -> Decimal:
    return sum((r.amount for r in rows), Decimal(0)).quantize(CENT)


def _total_revenue(ledger: list[LedgerEntry]) -> Decimal:
    # Refunds are entries of negative sign, so that adding them takes them away.
    return _total(e for e in ledger if _is_payment(e) or _is_refund(e))


def _positive(owed: dict[str, Decimal]) -> dict[str, Decimal]:
    return {claim_id: balance for claim_id, balance in owed.items() if balance > 0}


def _ratio(
    factor: int, numerator: Decimal | int | None, denominator: Decimal | int | None
) -> Decimal | None:
    if numerator is None or not denominator:
        return None
    return r2(factor * Decimal(numerator) / Decimal(denominator))
