"""Reports about money."""

from __future__ import annotations

from praxis_report.domain.report_types.model import MONEY, ReportType, Split

_TIME_AND_PAYER = (
    "month",
    "week",
    "day",
    "quarter",
    "payer_class",
    "payer",
    "provider",
    "location",
)

TYPES = (
    ReportType(
        "revenue",
        "Revenue",
        "What was billed, what came in, and what is still open?",
        MONEY,
        cards=(
            "total_revenue", "total_charges", "total_payments", "total_adjustments",
            "outstanding_balance", "collection_rate", "net_collection_rate",
            "average_revenue_per_patient",
        ),
        columns=(
            "total_charges", "total_payments", "refunds", "total_adjustments", "total_revenue",
            "collection_rate",
        ),
        marks=("total_charges", "total_payments", "total_adjustments"),
        groupings=_TIME_AND_PAYER,
        more=(
            Split(
                "payer_class",
                (
                    "total_charges", "total_payments", "refunds", "total_adjustments",
                    "total_revenue", "collection_rate",
                ),
                chart="donut",
            ),
            Split("provider", ("total_charges", "total_payments", "charge_lag_days"), limit=20),
            Split("adjustment_reason", ("total_adjustments",), chart="bar", limit=10),
        ),
    ),
    ReportType(
        "payments",
        "Payments",
        "Who paid, how, and how fast?",
        MONEY,
        cards=(
            "total_amount", "payment_count", "insurance_payments", "patient_payments",
            "average_payment_amount", "point_of_service_share",
            "days_service_to_insurance_payment", "unapplied_payments", "takeback_amount",
        ),
        columns=(
            "total_amount", "payment_count", "insurance_payments", "patient_payments",
            "average_payment_amount",
        ),
        marks=("insurance_payments", "patient_payments"),
        groupings=(*_TIME_AND_PAYER, "method", "user"),
        more=(
            Split("method", ("total_amount", "payment_count"), chart="donut"),
            Split(
                "payer",
                (
                    "total_amount", "days_service_to_insurance_payment_p50",
                    "days_service_to_insurance_payment_p90",
                ),
                title="Payment lag by payer",
                limit=20,
            ),
        ),
    ),
    ReportType(
        "claims",
        "Claims",
        "Where do claims stand, and why are they denied?",
        MONEY,
        cards=(
            "total_claims", "total_claim_value", "acceptance_rate", "clean_claim_rate",
            "initial_denial_rate", "first_pass_resolution_rate", "denial_overturn_rate",
            "denial_write_off_pct", "days_to_adjudicate_p50",
        ),
        columns=(
            "total_claims", "submitted_claims", "accepted_claims", "rejected_claims",
            "denied_claims", "pending_claims", "acceptance_rate", "total_claim_value",
        ),
        marks=("accepted_claims", "denied_claims", "pending_claims"),
        groupings=_TIME_AND_PAYER,
        more=(
            Split(
                "carc",
                ("initial_denials", "initial_denials_billed", "denial_overturn_rate"),
                title="Denials by reason",
                chart="pareto",
                limit=12,
            ),
            Split(
                "payer_class",
                ("initial_denial_rate", "clean_claim_rate", "days_to_adjudicate_p50"),
                title="Denials by payer class",
                chart="bar",
            ),
        ),
        work="denials",
    ),
    ReportType(
        "outstanding_balances",
        "Outstanding balances",
        "Where is the money that is still owed, and how old is it?",
        MONEY,
        cards=(
            "outstanding_balance", "insurance_balance", "patient_balance", "ar_over_90_pct",
            "days_in_ar", "open_accounts", "credit_balances", "credit_balance_count",
        ),
        columns=("outstanding_balance", "insurance_balance", "patient_balance", "open_accounts"),
        marks=("outstanding_balance",),
        groupings=("aging_bucket", "payer_class", "payer", "provider", "location"),
        more=(
            Split(
                "payer_class",
                ("outstanding_balance", "ar_over_90_pct", "credit_balances"),
                chart="bar",
            ),
            Split("provider", ("outstanding_balance", "ar_over_90_pct"), limit=20),
        ),
        work="credit_balances",
    ),
    ReportType(
        "collections",
        "Collections",
        "What do patients owe, and what of it comes in?",
        MONEY,
        cards=(
            "patient_balance", "patient_collection_rate", "patient_payments", "bad_debt",
            "bad_debt_rate", "charity", "self_pay_yield", "payment_plan_balance",
            "cost_to_collect",
        ),
        columns=("patient_payments", "bad_debt", "charity", "bad_debt_rate"),
        marks=("patient_payments", "bad_debt"),
        groupings=("month", "quarter", "week", "payer_class", "provider"),
        more=(
            Split(
                "aging_bucket",
                ("patient_balance",),
                title="Patients' balance by age in days",
                chart="bar",
            ),
            Split("payer_class", ("patient_balance", "bad_debt")),
        ),
    ),
)  # fmt: skip
