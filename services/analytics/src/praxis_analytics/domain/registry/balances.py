"""What is still open: accounts receivable at a moment."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial

from praxis_analytics.domain.registry.model import Metric, Part, Variant, target, terms
from praxis_analytics.domain.registry.revenue import CHARGES, CONTRACTUAL
from praxis_analytics.domain.registry.sources import ACCOUNTS

OPEN_BALANCE = Part(
    "open_balance",
    "positive balances of claims and self-pay visits: charges less payments and adjustments",
    ACCOUNTS,
    "",
    "sum(f.balance)",
    "f.balance > 0",
)


def _accounts(part_id: str, description: str, where: str, aggregate: str = "count(*)") -> Part:
    return Part(part_id, description, ACCOUNTS, "", aggregate, where)


OVER_90 = _accounts(
    "over_90", "of these, older than 90 days since service",
    "f.balance > 0 and f.balance_age > 90", "sum(f.balance)",
)  # fmt: skip
OVER_90_SENT = _accounts(
    "over_90_sent", "of these, first submitted more than 90 days ago",
    "f.balance > 0 and f.days_since_submission > 90", "sum(f.balance)",
)  # fmt: skip
PATIENT_OPEN = _accounts(
    "patient_open", "of these, the patient's to pay", "f.balance > 0 and f.patient_due",
    "sum(f.balance)",
)  # fmt: skip
OPEN_ACCOUNTS = _accounts("open_accounts", "claims and self-pay visits still open", "f.balance > 0")
CREDITS = _accounts("credits", "accounts paid more than charged", "f.balance < 0")
CREDIT = _accounts(
    "credit", "what they hold too much, as a positive amount", "f.balance < 0", "-sum(f.balance)"
)
RECENT_CHARGES = replace(
    CHARGES, id="recent_charges", trailing=90, description="charges posted in the last 90 days"
)
RECENT_CONTRACTUAL = replace(
    CONTRACTUAL, id="recent_contractual", trailing=90,
    description="contractual adjustments and self-pay discounts of the last 90 days",
)  # fmt: skip

_money = partial(Metric, unit="money", subject="outstanding_balances")
METRICS = (
    _money(
        "outstanding_balance",
        "Outstanding balance",
        formula="sum of the positive balances of claims and self-pay visits at the end of the "
        "period or today, whichever is earlier; credit balances are not netted",
        source="HFMA, gross accounts receivable",
        numerator=terms(OPEN_BALANCE),
        polarity="lower",
    ),
    _money(
        "ar_over_90_pct",
        "Receivables over 90 days",
        unit="percent",
        formula="100 × open balances more than 90 days after service / open balances",
        source="MGMA, accounts receivable over 90 days",
        numerator=terms(OVER_90),
        denominator=terms(OPEN_BALANCE),
        polarity="lower",
        target=target("10", "20"),
        variants=(
            Variant(
                "first_submission",
                "Receivables over 90 days since submission",
                "100 × open balances more than 90 days after first submission / open balances",
                terms(OVER_90_SENT),
                terms(OPEN_BALANCE),
            ),
        ),
    ),
    _money(
        "days_in_ar",
        "Days in receivables",
        unit="days",
        formula="open balances / (charges posted in the last 90 days / 90)",
        source="MGMA, days in accounts receivable",
        numerator=terms(OPEN_BALANCE),
        denominator=terms(RECENT_CHARGES),
        scale=Decimal(90),
        polarity="lower",
        target=target("40", "50"),
        variants=(
            Variant(
                "net",
                "Net days in receivables",
                "open balances / ((charges − contractual adjustments − self-pay discounts) of "
                "the last 90 days / 90)",
                terms(OPEN_BALANCE),
                terms(RECENT_CHARGES, less=(RECENT_CONTRACTUAL,)),
            ),
        ),
    ),
    _money(
        "patient_balance",
        "Patients' balance",
        formula="open balances that payers have paid their part of, and those of self-pay",
        source="HFMA",
        numerator=terms(PATIENT_OPEN),
        polarity="lower",
    ),
    _money(
        "insurance_balance",
        "Payers' balance",
        formula="open balances − those that are the patient's to pay",
        source="HFMA",
        numerator=terms(OPEN_BALANCE, less=(PATIENT_OPEN,)),
        polarity="lower",
    ),
    _money(
        "open_accounts",
        "Open accounts",
        unit="count",
        formula="claims and self-pay visits with an open balance",
        source="Praxis",
        numerator=terms(OPEN_ACCOUNTS),
        polarity="lower",
    ),
    _money(
        "credit_balances",
        "Credit balances",
        formula="what accounts hold beyond their charges, shown positive and never netted",
        source="HFMA",
        numerator=terms(CREDIT),
        polarity="lower",
    ),
    _money(
        "credit_balance_count",
        "Accounts in credit",
        unit="count",
        formula="claims and self-pay visits with more posted on them than charged",
        source="HFMA",
        numerator=terms(CREDITS),
        polarity="lower",
    ),
)
