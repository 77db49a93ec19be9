"""Reports about patients and visits."""

from __future__ import annotations

from praxis_report.domain.report_types.model import MONEY, OFFICE, ReportType, Split

_VISITS = ("month", "week", "day", "quarter", "provider", "location", "visit_type", "payer_class")
_PATIENTS = ("age_band", "sex", "payer_class", "race", "ethnicity", "language")

TYPES = (
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
)  # fmt: skip
