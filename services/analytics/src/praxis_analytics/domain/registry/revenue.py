"""Charges, payments, adjustments and what they say together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from praxis_analytics.domain.registry.derived import BILLS
from praxis_analytics.domain.registry.model import (
    Metric,
    Part,
    Variant,
    moved,
    quantile,
    target,
    terms,
)
from praxis_analytics.domain.registry.sources import CHARGES as CHARGE_LINES
from praxis_analytics.domain.registry.sources import ENCOUNTERS, LEDGER

_posted = partial(Part, source=LEDGER, date="posting_date", aggregate="sum(f.amount)")

CHARGES = Part("charges", "charges posted", CHARGE_LINES, "posting_date", "sum(f.amount)")
PAYMENTS = _posted(
    "payments",
    "payments posted, insurance and patient",
    where="f.entry = 'payment' and f.reason is distinct from 'recoupment'",
)
REFUNDS = _posted(
    "refunds",
    "refunds and recoupments posted, as a positive amount",
    where="f.entry = 'refund' or f.reason = 'recoupment'",
    aggregate="-sum(f.amount)",
)
ADJUSTMENTS = _posted("adjustments", "adjustments posted", where="f.entry = 'adjustment'")
CONTRACTUAL = _posted(
    "contractual",
    "contractual adjustments and self-pay discounts posted",
    where="f.entry = 'adjustment' and f.reason in ('contractual', 'self_pay_discount')",
)
# A visit is finished, at the office, virtual or at home, and no death certification.
VISIT = (
    "f.status = 'finished' and f.class in ('AMB', 'VR', 'HH')"
    " and f.type_code is distinct from '308646001'"
)
VISIT_PATIENTS = Part(
    "visit_patients",
    "distinct patients with an office, virtual or home visit",
    ENCOUNTERS,
    "start_at",
    "count(distinct f.patient_id)",
    VISIT,
    adds="distinct",
    people=True,
)
VISITS = Part("visits", "office, virtual and home visits", ENCOUNTERS, "start_at", where=VISIT)
BILLS_POSTED = Part("bills_posted", "claims and self-pay visits posted", BILLS, "posted_on")
LAG_DAYS = Part(
    "lag_days", "days from their service to their posting", BILLS, "posted_on", "sum(f.lag_days)"
)
LAG_MEDIAN = quantile("lag_median", "middle of these days", BILLS, "posted_on", "f.lag_days", "0.5")
# Services at least six months old, with what was posted on them to date.
_RIPE = (
    "f.posting_date < %(tomorrow)s"
    " and f.service_date <= %(tomorrow)s::date - 1 - interval '6 months'"
)


def _matched(part: Part) -> Part:
    return replace(
        part, id=f"{part.id}@matched", date="service_date", where=f"({part.where}) and {_RIPE}"
    )


REVENUE = terms(PAYMENTS, less=(REFUNDS,))
NET_CHARGES = terms(CHARGES, less=(CONTRACTUAL,))

_money = partial(Metric, unit="money", subject="revenue")
METRICS = (
    _money(
        "total_charges",
        "Charges",
        formula="sum of charges posted in the period",
        source="MGMA, gross fee-for-service charges",
        numerator=terms(CHARGES),
        variants=(
            Variant(
                "service_date",
                "Charges by service date",
                "sum of charges for services rendered in the period",
                moved(terms(CHARGES), "service_date"),
            ),
        ),
    ),
    _money(
        "total_payments",
        "Payments",
        formula="sum of payments posted in the period",
        source="MGMA",
        numerator=terms(PAYMENTS),
        polarity="higher",
    ),
    _money(
        "refunds",
        "Refunds",
        formula="refunds and recoupments posted in the period, shown positive",
        source="X12 835 PLB, claim reversals",
        numerator=terms(REFUNDS),
        polarity="lower",
    ),
    _money(
        "total_adjustments",
        "Adjustments",
        formula="sum of adjustments posted in the period",
        source="X12 835 CAS",
        numerator=terms(ADJUSTMENTS),
    ),
    _money(
        "total_revenue",
        "Revenue",
        formula="payments − refunds (cash basis); charges − contractual adjustments − self-pay "
        "discounts (accrual basis)",
        source="Cash receipts; HFMA net patient service revenue for accrual",
        numerator=REVENUE,
        accrual=NET_CHARGES,
        polarity="higher",
    ),
    _money(
        "collection_rate",
        "Collection rate (gross)",
        unit="percent",
        formula="100 × payments / charges",
        source="MGMA, gross collection percentage",
        numerator=terms(PAYMENTS),
        denominator=terms(CHARGES),
        polarity="higher",
        caveats=("Fee schedules differ, so it does not compare across specialties.",),
    ),
    _money(
        "net_collection_rate",
        "Collection rate (net)",
        unit="percent",
        formula="100 × payments / (charges − contractual adjustments − self-pay discounts)",
        source="MGMA, adjusted (net) collection percentage",
        numerator=terms(PAYMENTS),
        denominator=NET_CHARGES,
        polarity="higher",
        target=target("95", "90"),
        variants=(
            Variant(
                "matched",
                "Collection rate (net), matched",
                "the same over services of the period at least six months old, with everything "
                "posted on them to date",
                terms(_matched(PAYMENTS)),
                terms(_matched(CHARGES), less=(_matched(CONTRACTUAL),)),
            ),
        ),
        caveats=(
            "Payments of a month belong to charges of earlier months; the variant "
            "`matched` follows services to their payments.",
        ),
    ),
    _money(
        "average_revenue_per_patient",
        "Revenue per patient",
        formula="revenue / distinct patients with a visit in the period",
        source="Praxis",
        numerator=REVENUE,
        denominator=terms(VISIT_PATIENTS),
        accrual=NET_CHARGES,
        polarity="higher",
    ),
    _money(
        "average_revenue_per_visit",
        "Revenue per visit",
        formula="revenue / visits in the period",
        source="Praxis",
        numerator=REVENUE,
        denominator=terms(VISITS),
        accrual=NET_CHARGES,
        polarity="higher",
    ),
    _money(
        "contractual_adjustments",
        "Contractual adjustments",
        formula="contractual adjustments and self-pay discounts posted in the period",
        source="X12 835 CAS",
        numerator=terms(CONTRACTUAL),
    ),
    _money(
        "charge_lag_days",
        "Charge lag",
        unit="days",
        formula="median of the days from service to posting, one value for each claim or "
        "self-pay visit first posted in the period",
        source="MGMA; two days at an office",
        numerator=terms(LAG_MEDIAN),
        polarity="lower",
        target=target("2", "5"),
    ),
    _money(
        "average_charge_lag_days",
        "Charge lag (mean)",
        unit="days",
        formula="mean of the days from service to posting, one value for each claim or "
        "self-pay visit first posted in the period",
        source="MGMA",
        numerator=terms(LAG_DAYS),
        denominator=terms(BILLS_POSTED),
        polarity="lower",
    ),
    _money(
        "charges_share",
        "Payer mix of charges",
        unit="percent",
        formula="100 × charges of the group / charges of all groups",
        source="MGMA, payer mix",
        numerator=terms(CHARGES),
        denominator=terms(CHARGES),
        share=True,
    ),
    _money(
        "payments_share",
        "Payer mix of payments",
        unit="percent",
        formula="100 × payments of the group / payments of all groups",
        source="MGMA, payer mix",
        numerator=terms(PAYMENTS),
        denominator=terms(PAYMENTS),
        share=True,
    ),
)
