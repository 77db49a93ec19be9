"""What each user did, by the date of doing it."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.derived import WORK_ITEMS
from praxis_analytics.domain.registry.model import Metric, Part, terms
from praxis_analytics.domain.registry.sources import DOCUMENTS, LEDGER, MESSAGES, STAFF, TASKS
from praxis_analytics.domain.registry.tasks import ALL_TASKS

DONE = Part("tasks_done", "tasks completed in the period", TASKS, "completed_at")
DONE_DUE = Part(
    "tasks_done_due", "of these, with a due time", TASKS, "completed_at",
    where="f.due_at is not null",
)  # fmt: skip
DONE_ON_TIME = Part(
    "tasks_done_on_time", "of these, done by it", TASKS, "completed_at",
    where="f.completed_at <= f.due_at",
)  # fmt: skip
REVIEWED = Part("documents_processed", "documents reviewed in the period", DOCUMENTS, "reviewed_at")
SENT = Part("messages_sent", "messages sent in the period", MESSAGES, "sent_at")
HANDLED = Part(
    "patients_handled", "distinct patients of the tasks, documents and messages of users",
    WORK_ITEMS, "done_at", "count(distinct f.patient_id)", adds="distinct", people=True,
)  # fmt: skip
POSTED = Part(
    "payments_entered", "payments that a user posted", LEDGER, "posting_date",
    where="f.entry = 'payment' and f.posted_by is not null",
)  # fmt: skip

LISTED = Part("listed_users", "users of the practice", STAFF, "", where="f.active is not false")

_staff = partial(
    Metric, subject="staff_productivity", unit="count", source="Praxis", polarity="higher"
)
METRICS = (
    _staff(
        "staff_count",
        "Users",
        formula="users of the practice who are not inactive",
        numerator=terms(LISTED),
        polarity="neutral",
    ),
    _staff(
        "tasks_assigned",
        "Tasks assigned",
        formula="tasks created in the period",
        numerator=terms(ALL_TASKS),
        polarity="neutral",
    ),
    _staff(
        "tasks_completed",
        "Tasks completed",
        formula="tasks completed in the period",
        numerator=terms(DONE),
    ),
    _staff(
        "tasks_on_time_pct",
        "Completed on time",
        unit="percent",
        formula="100 × tasks completed in the period by their due time / tasks completed in the "
        "period with one",
        numerator=terms(DONE_ON_TIME),
        denominator=terms(DONE_DUE),
    ),
    _staff(
        "documents_processed",
        "Documents processed",
        formula="documents reviewed in the period",
        numerator=terms(REVIEWED),
    ),
    _staff(
        "messages_sent",
        "Messages sent",
        formula="messages sent in the period",
        numerator=terms(SENT),
    ),
    _staff(
        "patients_handled",
        "Patients handled",
        formula="distinct patients of tasks given, documents reviewed and messages sent in the "
        "period",
        numerator=terms(HANDLED),
    ),
    _staff(
        "payments_entered",
        "Payments posted",
        formula="payments of the period that name the user who posted them",
        numerator=terms(POSTED),
    ),
    _staff(
        "claims_worked",
        "Claims worked",
        formula="claims that the user worked on in the period",
        numerator=(),
        absent="not_evaluable",
        caveats=("No source records who works on claims yet.",),
    ),
)
