"""Tasks, documents, eligibility checks and surveys; and what each user did.

Where the rules leave a choice, this reading was taken:

1.  States are those at the end of today; on time means done no later than the due instant.
2.  A check has answered when its result is neither an error nor pending; of several the last one
    before the appointment counts. Ahead means two local dates or more.
3.  A user handled the patients of the tasks given to them in the period and of the documents that
    they reviewed in it.
4.  A survey belongs to the date of its visit.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from .exact import Figures, percentile, ratio, spread
from .office import Document, Task, insured
from .practice import Practice, hours


def _task_hours(made: Practice, t: Task) -> Decimal:
    assert t.completed_on is not None
    return hours(
        datetime.combine(t.created_on, time(9), made.zone),
        datetime.combine(t.completed_on, time(17), made.zone),
    )


def tasks(made: Practice, start: date, end: date) -> Figures:
    """The tasks created in a period, and the work still open at its end."""
    last = min(end, made.today)
    cohort = [t for t in made.tasks if start <= t.created_on <= last]
    done = [t for t in cohort if t.completed_on and t.completed_on <= made.today]
    late = [t for t in cohort if t not in done and t.due_on <= made.today]
    took = [_task_hours(made, t) for t in done]
    return {
        "total_tasks": len(cohort),
        "completed_tasks": len(done),
        "pending_tasks": len(cohort) - len(done),
        "overdue_tasks": len(late),
        "task_completion_rate": ratio(100, len(done), len(cohort)),
        "on_time_pct": ratio(
            100, sum((t.completed_on or last) <= t.due_on for t in done), len(done)
        ),
        **spread("average_completion_time_hours", took),
        "task_backlog": sum(
            t.created_on <= last and not (t.completed_on and t.completed_on <= last)
            for t in made.tasks
        ),
    }


def staff(made: Practice, start: date, end: date) -> Figures:
    """What users did in a period; of one user with `made.only("user", …)`."""
    last = min(end, made.today)
    given = [t for t in made.tasks if start <= t.created_on <= last]
    done = [t for t in made.tasks if t.completed_on and start <= t.completed_on <= last]
    return {
        "tasks_assigned": len(given),
        "tasks_completed": len(done),
        "tasks_on_time_pct": ratio(
            100, sum((t.completed_on or last) <= t.due_on for t in done), len(done)
        ),
        "patients_handled": len({t.patient_id for t in given}),
    }


def documents(made: Practice, start: date, end: date) -> Figures:
    """The documents received in a period."""
    last = min(end, made.today)
    cohort = [d for d in made.documents if start <= made.day(d.received_at) <= last]
    now = datetime.combine(made.today + timedelta(1), time(), made.zone).astimezone(UTC)
    waiting = [d for d in cohort if d.reviewed_at is None]
    took = [hours(d.received_at, d.reviewed_at) for d in cohort if d.reviewed_at]
    return {
        "total_documents": len(cohort),
        "pending_review": len(waiting),
        "reviewed_documents": _count(cohort, "reviewed"),
        "approved_documents": _count(cohort, "approved"),
        "rejected_documents": _count(cohort, "rejected"),
        **spread("average_review_time_hours", took),
        "documents_over_72h": sum(hours(d.received_at, now) > 72 for d in waiting),
        "oldest_pending_days": max(
            ((made.today - made.day(d.received_at)).days for d in waiting), default=None
        ),
    }


def _count(cohort: list[Document], status: str) -> int:
    return sum(d.status == status for d in cohort)


def verification(made: Practice, start: date, end: date) -> Figures:
    """The eligibility checks of the insured appointments that start in a period."""
    cohort = [
        a for a in made.facts.appointments if insured(a) and start <= a.start_local.date() <= end
    ]
    checks = {c.key: c for c in made.checks}
    answers = {
        a.key: checks[a.key]
        for a in cohort
        if a.key in checks and checks[a.key].result not in ("error", "pending")
    }
    ahead = sum(
        (a.start_local.date() - answers[a.key].done_on).days >= 2
        for a in cohort
        if a.key in answers
    )
    return {
        "verified_share": ratio(100, len(answers), len(cohort)),
        "verified_ahead_share": ratio(100, ahead, len(cohort)),
        "active_coverage_share": ratio(
            100, sum(c.result == "active" for c in answers.values()), len(answers)
        ),
        "verification_turnaround_seconds": percentile(
            [checks[a.key].seconds for a in cohort if a.key in checks], ".5"
        ),
    }


def satisfaction(made: Practice, start: date, end: date) -> Figures:
    """The surveys of the visits of a period."""
    visits = {v.encounter_id: v.on for v in made.facts.visits}
    last = min(end, made.today)
    sent = [s for s in made.surveys if start <= visits.get(s.key, date.min) <= last]
    answers = [s.rating for s in sent if s.rating is not None]
    best = sum(rating >= 9 for rating in answers)
    return {
        "surveys_sent": len(sent),
        "surveys_completed": len(answers),
        "survey_response_rate": ratio(100, len(answers), len(sent)),
        "provider_rating_top_box": ratio(100, best, len(answers)),
        "net_promoter_score": ratio(
            100, best - sum(rating <= 6 for rating in answers), len(answers)
        ),
    }
