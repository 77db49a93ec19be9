"""Reports about the work of the office."""

from __future__ import annotations

from praxis_report.domain.report_types.model import OFFICE, ReportType, Split

TYPES = (
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
)  # fmt: skip
