"""Revenue, payments, receivables and collections beyond the first figures.

Where the rules leave a choice, this reading was taken:

1.  The lag of a bill is from its first date of service to its first posting, one value for each
    claim or self-pay visit, in the period of that posting.
2.  A payment lag is that of a claim's first insurance payment; negative ones are no first payment.
3.  Taken back is what a recoupment or a refund takes, whoever asked for it; shown positive.
4.  An account is the patient's from the first posting of insurance money above 0; a self-pay one
    from its first charge. Before, the insurance owes it.
5.  Patients are asked for what the account holds at the end of that day, their own payments left
    out; only accounts of at least 120 days count.
6.  The trailing 90 days end with the day of the balance, which is one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from .exact import Figures, mean, percentile, ratio, spread, total
from .figures import BUCKETS, balances
from .practice import Practice
from .records import Facts, LedgerEntry

AGREED = ("contractual", "self_pay_discount")


def _within(entries: Iterable[LedgerEntry], start: date, last: date) -> list[LedgerEntry]:
    return [e for e in entries if start <= e.posting_date <= last]


def _is_taken_back(e: LedgerEntry) -> bool:
    return e.entry == "refund" or e.reason == "recoupment"


def _payments(facts: Facts) -> list[LedgerEntry]:
    return [e for e in facts.ledger if e.entry == "payment" and e.reason != "recoupment"]


def _sum(entries: Iterable[LedgerEntry], *reasons: str) -> Decimal:
    return sum((e.amount for e in entries if not reasons or e.reason in reasons), Decimal("0.00"))


def revenue(made: Practice, start: date, end: date) -> Figures:
    """What revenue says of visits, and how long bills take to be posted."""
    facts, last = made.facts, min(end, made.today)
    ledger = _within(facts.ledger, start, last)
    earned = _sum(e for e in ledger if e.entry == "payment" or _is_taken_back(e))
    posted, served = _first_posted(facts), _first_served(facts)
    lags = [(on - served[key]).days for key, on in posted.items() if start <= on <= last]
    return {
        "average_revenue_per_visit": ratio(
            1, earned, sum(start <= v.on <= last for v in facts.visits)
        ),
        "charge_lag_days": percentile(lags, ".5"),
        "average_charge_lag_days": mean(lags),
    }


def _first_posted(facts: Facts) -> dict[str, date]:
    found: dict[str, date] = {}
    for c in facts.charges:
        found[c.claim_id] = min(c.posting_date, found.get(c.claim_id, c.posting_date))
    return found


def _first_served(facts: Facts) -> dict[str, date]:
    found: dict[str, date] = {}
    for c in facts.charges:
        found[c.claim_id] = min(c.service_date, found.get(c.claim_id, c.service_date))
    return found


def matched_rate(made: Practice, start: date, end: date) -> Figures:
    """Payments to date on the services of a period, at least six months ago."""
    year, month = divmod(made.today.year * 12 + made.today.month - 1 - 6, 12)
    ripe = min(end, _day_in(year, month + 1, made.today.day))

    def of_cohort(rows: list[LedgerEntry]) -> list[LedgerEntry]:
        return [e for e in rows if start <= e.service_date <= ripe and e.posting_date <= made.today]

    charged = total(
        c.amount
        for c in made.facts.charges
        if start <= c.service_date <= ripe and c.posting_date <= made.today
    )
    ledger = of_cohort(made.facts.ledger)
    agreed = _sum((e for e in ledger if e.entry == "adjustment"), *AGREED)
    paid = _sum(of_cohort(_payments(made.facts)))
    return {"net_collection_rate@matched": ratio(100, paid, charged - total([agreed]))}


def _day_in(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def payments(made: Practice, start: date, end: date) -> Figures:
    """Payments posted in a period: how many, whose, when, and what was taken back."""
    facts, last = made.facts, min(end, made.today)
    paid = _within(_payments(facts), start, last)
    own = [e for e in paid if e.reason == "patient"]
    back = [e for e in _within(facts.ledger, start, last) if _is_taken_back(e)]
    served = _first_served(facts)
    lags = [
        (on - served[key]).days
        for key, on in _first_insured(facts).items()
        if start <= on <= last and key in served
    ]
    return {
        "payment_count": len(paid),
        "insurance_payments": _sum(paid, "insurance"),
        "patient_payments": _sum(own),
        "average_payment_amount": ratio(1, _sum(paid), len(paid)),
        "point_of_service_share": ratio(
            100, _sum(e for e in own if e.posting_date == e.service_date), _sum(own)
        ),
        "unapplied_payments": Decimal("0.00"),  # each belongs to a claim or self-pay visit
        "takebacks": len(back),
        "takeback_amount": -_sum(back),
        **spread("days_service_to_insurance_payment", lags),
    }


def _first_insured(facts: Facts) -> dict[str, date]:
    """The day of a bill's first insurance payment above 0."""
    found: dict[str, date] = {}
    for e in _payments(facts):
        if e.reason == "insurance" and e.amount > 0:
            found[e.claim_id] = min(e.posting_date, found.get(e.claim_id, e.posting_date))
    return found


def _patients_from(made: Practice) -> dict[str, date]:
    """Since when an account is the patient's."""
    found = _first_insured(made.facts)
    for c in made.facts.charges:
        if c.payer_class == "self_pay":
            known = found.get(c.claim_id, c.posting_date)
            found[c.claim_id] = min(c.posting_date, known)
    return found


def _aged(
    open_ones: dict[str, Decimal], since: Callable[[str], date], on: date, name: str
) -> Figures:
    made: Figures = {f"{name}_{bucket}": Decimal("0.00") for bucket in _NAMES.values()}
    for key, balance in open_ones.items():
        days = (on - since(key)).days
        bucket = next((b for b, most in BUCKETS.items() if days <= most), "120+")
        label = f"{name}_{_NAMES[bucket]}"
        made[label] = Decimal(made[label] or 0) + balance
    return made


_NAMES = {
    "0-30": "0_30", "31-60": "31_60", "61-90": "61_90", "91-120": "91_120", "120+": "over_120",
}  # fmt: skip


def receivables(made: Practice, end: date) -> Figures:
    """What is owed at the end of a day: how old, by whom, and what the practice owes itself."""
    facts, on = made.facts, min(end, made.today)
    held = balances(facts, on)
    owed = {key: balance for key, balance in held.items() if balance > 0}
    credit = [-balance for balance in held.values() if balance < 0]
    served, patients = _first_served(facts), _patients_from(made)
    whole = total(owed.values())
    theirs = {key: b for key, b in owed.items() if patients.get(key, date.max) <= on}
    old = total(balance for key, balance in owed.items() if (on - served[key]).days > 90)
    since = on - timedelta(89)
    charged = total(c.amount for c in facts.charges if since <= c.posting_date <= on)
    recent = (e for e in _within(facts.ledger, since, on) if e.entry == "adjustment")
    agreed = _sum(recent, *AGREED)
    return {
        "ar_over_90_pct": ratio(100, old, whole),
        "days_in_ar": ratio(90, whole, charged),
        "days_in_ar@net": ratio(90, whole, charged - total([agreed])),
        "patient_balance": sum(theirs.values(), Decimal("0.00")),
        "insurance_balance": sum(
            (b for key, b in owed.items() if key not in theirs), Decimal("0.00")
        ),
        "credit_balance_count": len(credit),
        "credit_balances": sum(credit, Decimal("0.00")),
        "open_accounts": len(owed),
        **_aged(theirs, lambda key: patients[key], on, "patient_balance"),
    }


def collections(made: Practice, start: date, end: date) -> Figures:
    """What patients owed and paid, and what was given up."""
    facts, last = made.facts, min(end, made.today)
    adjusted = [e for e in _within(facts.ledger, start, last) if e.entry == "adjustment"]
    charged = total(c.amount for c in facts.charges if start <= c.posting_date <= last)
    own = [c for c in facts.charges if c.payer_class == "self_pay"]
    own_paid = [
        e for e in _within(_payments(facts), start, last)
        if e.reason == "patient" and e.payer_class == "self_pay"
    ]  # fmt: skip
    own_charged = total(c.amount for c in own if start <= c.posting_date <= last)
    discount = _sum((e for e in adjusted if e.payer_class == "self_pay"), *AGREED)
    asked, paid = _asked(made, start, min(last, made.today - timedelta(120)))
    return {
        "patient_collection_rate": ratio(100, paid, asked),
        "bad_debt": _sum(adjusted, "bad_debt"),
        "bad_debt_rate": ratio(100, _sum(adjusted, "bad_debt"), charged),
        "charity": _sum(adjusted, "charity"),
        "self_pay_yield": ratio(100, _sum(own_paid), own_charged - total([discount])),
    }


def _asked(made: Practice, start: date, last: date) -> tuple[Decimal, Decimal]:
    """What patients were asked for in a period, and what they paid of it to date."""
    cohort = {k: on for k, on in _patients_from(made).items() if start <= on <= last}
    asked: dict[str, Decimal] = defaultdict(Decimal)
    paid = Decimal(0)
    for c in made.facts.charges:
        if c.posting_date <= cohort.get(c.claim_id, date.min):
            asked[c.claim_id] += c.amount
    for e in made.facts.ledger:
        if e.claim_id not in cohort or e.entry == "transfer":
            continue
        patient = e.entry == "payment" and e.reason == "patient"
        if patient and e.posting_date <= made.today:
            paid += e.amount
        elif not patient and e.posting_date <= cohort[e.claim_id]:
            asked[e.claim_id] -= e.amount
    open_ones = {key for key, amount in asked.items() if amount > 0}
    kept = sum((asked[key] for key in open_ones), Decimal(0))
    return kept, paid
