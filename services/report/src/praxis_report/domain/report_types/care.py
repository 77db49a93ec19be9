"""Reports about care, and those of one's own choice."""

from __future__ import annotations

from praxis_report.domain.report_types.model import OFFICE, ReportType, Split

TYPES = (
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
