"""Report types as data: which figures, how split, drawn how. One declaration each.

What a metric can be split and filtered by, its name and its unit are the catalogue's to say; a
figure that cannot be shown under the chosen grouping or filter is left out, and the report says
so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from praxis_charts.model import ChartKind

# Ways to group by time; everything else is a dimension of the catalogue.
GRAINS = ("day", "week", "month", "quarter")
MONEY, OFFICE = "PERMISSION_READ_FINANCIAL", "PERMISSION_READ_OPERATIONAL"
SQL, PATIENTS = "PERMISSION_RUN_SQL", "PERMISSION_READ_PATIENTS"


@dataclass(frozen=True)
class Split:
    """Metrics split by one thing: a table, or a picture, or both.

    `by` is a grain or a dimension; `across` a second dimension, for heat maps. With `chart` the
    metrics of `marks` (default: the first) are drawn. Of more than `limit` groups those with the
    largest first metric are kept. `sparkline` adds the course of the first metric by month.
    """

    by: str
    metrics: tuple[str, ...]
    title: str = ""
    chart: ChartKind | None = None
    marks: tuple[str, ...] = ()
    table: bool = True
    limit: int = 0
    across: str = ""
    sparkline: bool = False

    @property
    def drawn(self) -> tuple[str, ...]:
        """The metrics of its picture."""
        return self.marks or self.metrics[:1]


@dataclass(frozen=True)
class ReportType:
    """What a type of report says.

    `cards` are the headline metrics, `columns` those of the main table, which is grouped by one
    of `groupings` (the first by default), `marks` those of its picture; `more` are further
    tables and pictures. With `measures` the quality measures of the period come first. `work`
    names the work list that stands in it where patients may be shown.
    """

    name: str
    title: str
    question: str
    permission: str
    cards: tuple[str, ...]
    columns: tuple[str, ...]
    marks: tuple[str, ...]
    groupings: tuple[str, ...]
    more: tuple[Split, ...] = ()
    measures: bool = False
    work: str = ""


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
_VISITS = ("month", "week", "day", "quarter", "provider", "location", "visit_type", "payer_class")
_PATIENTS = ("age_band", "sex", "payer_class", "race", "ethnicity", "language")

_TYPES = (
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
    ReportType(
        "patient_demographics",
        "Patients",
        "Who are our patients, and does the practice grow?",
        OFFICE,
        cards=(
            "total_patients", "active_patients", "inactive_patients", "new_patients",
            "attrition_rate", "average_age",
        ),
        columns=("total_patients", "active_patients", "inactive_patients", "average_age"),
        marks=("active_patients", "inactive_patients"),
        groupings=_PATIENTS,
        more=(
            Split("sex", ("total_patients", "active_patients"), chart="donut"),
            Split("payer_class", ("total_patients", "active_patients"), chart="bar"),
            Split("month", ("new_patients",), title="New patients by month", chart="line"),
            Split("race", ("total_patients",)),
            Split("language", ("total_patients",)),
            Split("postal_code3", ("total_patients",), limit=20),
        ),
    ),
    ReportType(
        "appointment_statistics",
        "Appointments",
        "How full is the schedule, and what becomes of it?",
        OFFICE,
        cards=(
            "total_appointments", "completed_appointments", "cancelled_appointments",
            "no_show_appointments", "completion_rate", "cancellation_rate", "no_show_rate",
            "late_cancellation_rate", "average_appointments_per_day", "lead_days",
            "third_next_available", "utilisation", "cycle_time_minutes",
        ),
        columns=(
            "total_appointments", "scheduled_appointments", "completed_appointments",
            "cancelled_appointments", "no_show_appointments", "completion_rate", "no_show_rate",
            "cancellation_rate",
        ),
        marks=("completed_appointments", "cancelled_appointments", "no_show_appointments"),
        groupings=(*_VISITS, "weekday", "hour", "lead_band", "new_or_established"),
        more=(
            Split(
                "weekday",
                ("total_appointments",),
                title="Appointments by weekday and hour",
                chart="heat_map",
                across="hour",
                table=False,
            ),
            Split(
                "provider",
                ("total_appointments", "completion_rate", "no_show_rate", "cancellation_rate"),
                limit=20,
            ),
        ),
    ),
    ReportType(
        "provider_productivity",
        "Provider productivity",
        "Who sees how many patients, and what comes of it?",
        MONEY,
        cards=(
            "visits", "unique_patients", "visits_per_day", "new_visit_share",
            "revenue_generated", "wrvu", "wrvu_per_visit", "wrvu_per_fte",
            "wrvu_unmapped_share", "charge_lag_days", "notes_in_72h_share",
        ),
        columns=(
            "visits", "unique_patients", "visits_per_day", "new_visit_share", "completion_rate",
            "total_charges", "revenue_generated", "wrvu", "wrvu_per_visit", "charge_lag_days",
        ),
        marks=("visits",),
        groupings=("provider", "specialty", "location", "month", "quarter"),
        more=(
            Split(
                "provider",
                ("visits", "revenue_generated"),
                title="Providers month by month",
                limit=20,
                sparkline=True,
            ),
            Split("procedure", ("coded_visits",), title="Coding mix", chart="bar", limit=12),
        ),
    ),
    ReportType(
        "no_shows",
        "No-shows",
        "When are visits missed, and what does it cost?",
        MONEY,
        cards=(
            "no_show_appointments", "no_show_rate", "cost_of_no_shows", "refilled_slots",
            "repeat_no_show_patients", "late_cancellations", "no_show_rate_reminded",
            "no_show_rate_unreminded",
        ),
        columns=("no_show_appointments", "completed_appointments", "no_show_rate"),
        marks=("no_show_appointments",),
        groupings=(*_VISITS, "weekday", "hour", "lead_band", "age_band", "new_or_established"),
        more=(
            Split(
                "weekday",
                ("no_show_rate",),
                title="No-show rate by weekday and hour",
                chart="heat_map",
                across="hour",
                table=False,
            ),
            Split("lead_band", ("no_show_rate", "no_show_appointments"), chart="bar"),
            Split("age_band", ("no_show_rate", "no_show_appointments"), chart="bar"),
            Split("provider", ("no_show_appointments", "no_show_rate"), limit=20),
        ),
        work="unfilled_no_shows",
    ),
    ReportType(
        "diagnosis_trends",
        "Diagnoses",
        "What do our patients have, and what is on the rise?",
        OFFICE,
        cards=(
            "new_diagnoses", "newly_diagnosed_patients", "diagnosed_patients",
            "diagnosed_per_1000_active", "diabetes_patients", "hypertension_patients",
            "asthma_patients", "copd_patients",
        ),
        columns=("diagnosed_patients", "newly_diagnosed_patients", "new_diagnoses"),
        marks=("diagnosed_patients",),
        groupings=("diagnosis", "age_band", "sex", "race", "ethnicity"),
        more=(
            Split("month", ("new_diagnoses",), title="New diagnoses by month", chart="line"),
            Split("age_band", ("diagnosed_patients", "newly_diagnosed_patients"), chart="bar"),
        ),
    ),
    ReportType(
        "staff_productivity",
        "Staff productivity",
        "Who gets how much done?",
        OFFICE,
        cards=(
            "staff_count", "tasks_assigned", "tasks_completed", "tasks_on_time_pct",
            "documents_processed", "messages_sent", "patients_handled",
        ),
        columns=(
            "tasks_assigned", "tasks_completed", "tasks_on_time_pct", "documents_processed",
            "messages_sent", "patients_handled",
        ),
        marks=("tasks_completed", "documents_processed"),
        groupings=("user", "month", "week"),
        more=(Split("month", ("tasks_completed", "documents_processed"), chart="line"),),
    ),
    ReportType(
        "task_completion",
        "Tasks",
        "Does the work get done in time?",
        OFFICE,
        cards=(
            "total_tasks", "completed_tasks", "pending_tasks", "overdue_tasks",
            "task_completion_rate", "on_time_pct", "average_completion_time_hours",
            "average_completion_time_hours_p90", "task_backlog",
        ),
        columns=(
            "total_tasks", "completed_tasks", "pending_tasks", "overdue_tasks",
            "task_completion_rate", "on_time_pct", "average_completion_time_hours",
        ),
        marks=("completed_tasks", "pending_tasks", "overdue_tasks"),
        groupings=("month", "week", "day", "task_type", "task_priority", "user"),
        more=(
            Split(
                "task_type",
                ("total_tasks", "completed_tasks", "overdue_tasks", "on_time_pct"),
                chart="bar",
            ),
            Split("task_priority", ("total_tasks", "overdue_tasks", "on_time_pct")),
        ),
    ),
    ReportType(
        "insurance_verification",
        "Insurance verification",
        "Is coverage known before the visit?",
        OFFICE,
        cards=(
            "verified_share", "verified_ahead_share", "active_coverage_share", "verifications",
            "verification_turnaround_seconds", "unverified_upcoming",
        ),
        columns=("verified_share", "verified_ahead_share", "active_coverage_share"),
        marks=("verified_share",),
        groupings=("month", "week", "payer", "payer_class", "provider", "location"),
        more=(
            Split("verification_result", ("verifications",), chart="donut"),
            Split("payer", ("verified_share", "active_coverage_share"), limit=20),
        ),
        work="unverified_appointments",
    ),
    ReportType(
        "document_status",
        "Documents",
        "What waits for review, and for how long?",
        OFFICE,
        cards=(
            "total_documents", "pending_review", "reviewed_documents", "approved_documents",
            "rejected_documents", "average_review_time_hours",
            "average_review_time_hours_p90", "documents_over_72h", "oldest_pending_days",
        ),
        columns=(
            "total_documents", "pending_review", "reviewed_documents", "approved_documents",
            "rejected_documents", "average_review_time_hours",
        ),
        marks=("pending_review", "reviewed_documents", "approved_documents"),
        groupings=("month", "week", "day", "document_type", "user"),
        more=(
            Split("document_type", ("total_documents", "pending_review"), chart="bar"),
            Split("user", ("total_documents", "average_review_time_hours"), limit=20),
        ),
    ),
    ReportType(
        "patient_satisfaction",
        "Patient satisfaction",
        "How do patients rate their visits?",
        OFFICE,
        cards=(
            "survey_response_rate", "provider_rating_top_box", "net_promoter_score",
            "access_composite", "communication_composite", "coordination_composite",
            "staff_composite", "surveys_completed",
        ),
        columns=(
            "surveys_sent", "surveys_completed", "survey_response_rate",
            "provider_rating_top_box", "net_promoter_score",
        ),
        marks=("provider_rating_top_box",),
        groupings=("month", "quarter", "provider", "specialty", "age_band", "sex"),
        more=(
            Split(
                "provider",
                ("surveys_completed", "provider_rating_top_box", "net_promoter_score"),
                limit=20,
            ),
        ),
    ),
    ReportType(
        "clinical_outcomes",
        "Clinical outcomes",
        "Do our patients get better?",
        OFFICE,
        cards=(
            "hba1c_below_8_share", "hba1c_at_most_9_share", "hba1c_change_mean",
            "systolic_change_mean", "ldl_change_mean", "bmi_change_mean", "readmission_rate",
            "ed_visits_per_1000",
        ),
        columns=(
            "hba1c_below_8_share", "hba1c_at_most_9_share", "hba1c_change_mean",
            "systolic_change_mean", "ldl_change_mean", "bmi_change_mean",
        ),
        marks=("hba1c_below_8_share",),
        groupings=("age_band", "sex", "race", "ethnicity"),
        more=(Split("month", ("ed_visits",), title="Emergency visits by month", chart="line"),),
    ),
    ReportType(
        "quality_measures",
        "Quality measures",
        "Which measures do we meet, and whom do we still have to reach?",
        OFFICE,
        cards=("active_patients", "visits"),
        columns=(),
        marks=(),
        groupings=("measure",),
        measures=True,
    ),
    ReportType(
        "custom",
        "Custom report",
        "Figures of your choice.",
        OFFICE,
        cards=(),
        columns=(),
        marks=(),
        groupings=("month",),
    ),
)  # fmt: skip

REPORT_TYPES: Mapping[str, ReportType] = {kind.name: kind for kind in _TYPES}
REVENUE = REPORT_TYPES["revenue"]
