"""Money received: how much, from whom, how."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.derived import FIRST_PAYMENTS
from praxis_analytics.domain.registry.model import Metric, Part, quantile, terms
from praxis_analytics.domain.registry.revenue import PAYMENTS, REFUNDS
from praxis_analytics.domain.registry.sources import LEDGER


def _payment(part_id: str, description: str, where: str, aggregate: str = "sum(f.amount)") -> Part:
    where = f"f.entry = 'payment' and f.reason is distinct from 'recoupment' and {where}"
    return Part(part_id, description, LEDGER, "posting_date", aggregate, where)


PAYMENT_COUNT = _payment("payment_count", "payments posted, counted", "true", "count(*)")
INSURANCE = _payment("insurance", "payments from payers", "f.reason = 'insurance'")
PATIENT_MONEY = _payment("patient_money", "payments from patients", "f.reason = 'patient'")
AT_SERVICE = _payment(
    "at_service",
    "payments from patients posted on the day of service",
    "f.reason = 'patient' and f.posting_date = f.service_date",
)
UNAPPLIED = _payment(
    "unapplied",
    "payments that name neither claim nor charge nor visit",
    "f.claim_id is null and f.charge_id is null and f.encounter_id is null",
)
_BACK = "f.entry = 'refund' or f.reason = 'recoupment'"
TAKEBACKS = Part("takebacks", "refunds and recoupments", LEDGER, "posting_date", where=_BACK)
FIRST_PAID = Part("first_paid", "bills first paid by a payer", FIRST_PAYMENTS, "paid_on")
PAID_AFTER = Part(
    "paid_after", "days from their service to that payment", FIRST_PAYMENTS, "paid_on",
    "sum(f.lag_days)",
)  # fmt: skip
_PAID_AFTER = {
    "p50": quantile("paid_p50", "middle of these days", FIRST_PAYMENTS, "paid_on", "f.lag_days",
                    "0.5"),
    "p90": quantile("paid_p90", "ninth decile of these days", FIRST_PAYMENTS, "paid_on",
                    "f.lag_days", "0.9"),
}  # fmt: skip

_payments = partial(Metric, subject="payments", source="Praxis")
METRICS = (
    _payments(
        "total_amount",
        "Payments",
        "money",
        "sum of payments posted in the period",
        numerator=terms(PAYMENTS),
        polarity="higher",
    ),
    _payments(
        "payment_count",
        "Number of payments",
        "count",
        "payments posted in the period",
        numerator=terms(PAYMENT_COUNT),
    ),
    _payments(
        "insurance_payments",
        "Insurance payments",
        "money",
        "payments from payers posted in the period",
        numerator=terms(INSURANCE),
        polarity="higher",
    ),
    _payments(
        "patient_payments",
        "Patient payments",
        "money",
        "payments from patients posted in the period",
        numerator=terms(PATIENT_MONEY),
        polarity="higher",
    ),
    _payments(
        "average_payment_amount",
        "Average payment",
        "money",
        "sum of payments / number of payments",
        numerator=terms(PAYMENTS),
        denominator=terms(PAYMENT_COUNT),
    ),
    _payments(
        "point_of_service_share",
        "Paid at the visit",
        "percent",
        "100 × patient payments posted on the day of service / patient payments",
        source="HFMA MAP, point-of-service cash collections",
        numerator=terms(AT_SERVICE),
        denominator=terms(PATIENT_MONEY),
        polarity="higher",
    ),
    _payments(
        "unapplied_payments",
        "Unapplied payments",
        "money",
        "payments posted without claim, charge or visit",
        numerator=terms(UNAPPLIED),
        polarity="lower",
    ),
    _payments(
        "days_service_to_insurance_payment",
        "Days from service to payer's payment",
        "days",
        "mean days from service to a claim's first insurance payment, for those of the period",
        numerator=terms(PAID_AFTER),
        denominator=terms(FIRST_PAID),
        polarity="lower",
    ),
    *(
        _payments(
            f"days_service_to_insurance_payment_{name}",
            f"Days from service to payer's payment ({name})",
            "days",
            f"{label} of the days from service to a claim's first insurance payment",
            numerator=terms(_PAID_AFTER[name]),
            polarity="lower",
        )
        for name, label in (("p50", "median"), ("p90", "ninth decile"))
    ),
    _payments(
        "takebacks",
        "Takebacks",
        "count",
        "refunds and recoupments posted in the period",
        source="X12 835 PLB, claim reversals",
        numerator=terms(TAKEBACKS),
        polarity="lower",
    ),
    _payments(
        "takeback_amount",
        "Amount taken back",
        "money",
        "refunds and recoupments posted in the period, shown positive",
        source="X12 835 PLB, claim reversals",
        numerator=terms(REFUNDS),
        polarity="lower",
    ),
)
