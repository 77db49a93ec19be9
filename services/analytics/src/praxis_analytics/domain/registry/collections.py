"""What patients owe and pay, and what the practice gives up."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.derived import (
    OWN_CHARGES,
    OWN_LEDGER,
    RESPONSIBILITIES,
)
from praxis_analytics.domain.registry.model import Metric, Part, target, terms
from praxis_analytics.domain.registry.revenue import CHARGES
from praxis_analytics.domain.registry.sources import ACCOUNTS, LEDGER

_RIPE = "f.due_on < %(tomorrow)s::date - 120"


def _given_up(part_id: str, description: str, reason: str) -> Part:
    where = f"f.entry = 'adjustment' and f.reason = '{reason}'"
    return Part(part_id, description, LEDGER, "posting_date", "sum(f.amount)", where)


BAD_DEBT = _given_up("bad_debt", "bad debt written off", "bad_debt")
CHARITY = _given_up("charity", "care given for charity", "charity")
ASKED = Part(
    "asked", "what patients were asked for", RESPONSIBILITIES, "due_on", "sum(f.asked)", _RIPE
)
PAID_OF_IT = Part(
    "paid_of_it", "what they paid of it by now", RESPONSIBILITIES, "due_on", "sum(f.paid)", _RIPE
)
SELF_CHARGED = Part(
    "self_charged", "charges of self-pay visits", OWN_CHARGES, "posting_date", "sum(f.amount)",
    "f.self_pay",
)  # fmt: skip
SELF_DISCOUNT = Part(
    "self_discount", "discounts given on them", OWN_LEDGER, "posting_date", "sum(f.amount)",
    "f.entry = 'adjustment' and f.reason in ('contractual', 'self_pay_discount') and f.self_pay",
)  # fmt: skip
SELF_PAID = Part(
    "self_paid", "payments of self-pay patients", OWN_LEDGER, "posting_date", "sum(f.amount)",
    "f.entry = 'payment' and f.reason = 'patient' and f.self_pay",
)  # fmt: skip
# Days since a balance became the patient's: at most as many, and more than.
_STATEMENTS = (
    ("0_30", "0-30 days", 0, 30),
    ("31_60", "31-60 days", 31, 60),
    ("61_90", "61-90 days", 61, 90),
    ("91_120", "91-120 days", 91, 120),
    ("over_120", "more than 120 days", 121, 99_999),
)

_money = partial(Metric, subject="collections", unit="money", source="HFMA")
METRICS = (
    *(
        _money(
            f"patient_balance_{name}",
            f"Patients' balance, {words}",
            formula=f"open balances that have been the patient's to pay for {words}",
            numerator=terms(
                Part(
                    f"patient_open_{name}",
                    f"balances that have been the patient's for {words}",
                    ACCOUNTS,
                    "",
                    "sum(f.balance)",
                    f"f.balance > 0 and f.due_age between {least} and {most}",
                )
            ),
            polarity="lower",
        )
        for name, words, least, most in _STATEMENTS
    ),
    _money(
        "patient_collection_rate",
        "Patient collection rate",
        unit="percent",
        formula="100 × what patients paid to date / what they were asked for in the period, at "
        "least 120 days ago",
        numerator=terms(PAID_OF_IT),
        denominator=terms(ASKED),
        polarity="higher",
        caveats=("Bills that became the patient's less than 120 days ago are left out.",),
    ),
    _money(
        "bad_debt",
        "Bad debt",
        formula="bad debt written off in the period",
        numerator=terms(BAD_DEBT),
        polarity="lower",
    ),
    _money(
        "bad_debt_rate",
        "Bad debt rate",
        unit="percent",
        formula="100 × bad debt written off / charges",
        source="HFMA MAP, bad debt",
        numerator=terms(BAD_DEBT),
        denominator=terms(CHARGES),
        polarity="lower",
        target=target("2", "3"),
    ),
    _money(
        "charity",
        "Charity care",
        formula="charity adjustments posted in the period",
        source="HFMA MAP, charity care",
        numerator=terms(CHARITY),
    ),
    _money(
        "self_pay_yield",
        "Self-pay yield",
        unit="percent",
        formula="100 × payments of self-pay patients / (their charges − their discounts)",
        numerator=terms(SELF_PAID),
        denominator=terms(SELF_CHARGED, less=(SELF_DISCOUNT,)),
        polarity="higher",
    ),
    _money(
        "payment_plan_balance",
        "Payment plans",
        formula="open balances under a payment plan",
        numerator=(),
        absent="not_evaluable",
        caveats=("No source records payment plans yet.",),
    ),
    _money(
        "cost_to_collect",
        "Cost to collect",
        unit="percent",
        formula="100 × cost of collecting / payments",
        source="HFMA MAP, cost to collect",
        numerator=(),
        absent="not_evaluable",
        polarity="lower",
        caveats=("No source records costs yet.",),
    ),
)
