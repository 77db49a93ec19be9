"""The demo overlay around visits and results: tasks (O3), the review of documents (O4),
eligibility checks (O5), surveys (O6) and the work values of visits (O7).

Days are local dates. What would happen after `as_of` has not happened yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from praxis_analytics.sources.overlay import Appointment, below, draw, pick, steps

USERS = 8
HBA1C = "4548-4"

# O3: tasks.


@dataclass(frozen=True)
class Task:
    """A task of the overlay; `assignee` is the number of a demo user, from 1."""

    key: str
    type: str
    status: str
    priority: str
    assignee: int
    created_at: datetime
    due_at: datetime
    completed_at: datetime | None


_PRIORITIES = {"low": 20, "normal": 50, "high": 25, "urgent": 5}
_DONE_PERCENT = 88
_BEGINS, _ENDS = time(9), time(17)
# The first and the last day of a task, in days from what causes it.
_WINDOWS = {
    "billing_followup": (0, 14),
    "lab_followup": (0, 3),
    "patient_outreach": (1, 7),
    "insurance_verification": (-5, -1),
}


def task(kind: str, source_key: str, cause: date, zone: ZoneInfo, as_of: date) -> Task:
    """The task of a `kind` that something on the day `cause` calls for."""
    key = f"{kind}:{source_key}"
    first, last = _WINDOWS[kind]
    created, due = cause + timedelta(first), cause + timedelta(last)
    # 1.4 times the window, as an exact fraction.
    took = steps(draw("task_days", key), 14 * (due - created).days, 10)
    completed = created + timedelta(took)
    done = below(draw("task_done", key), _DONE_PERCENT) and completed <= as_of
    return Task(
        key=key,
        type=kind,
        status="completed" if done else "requested",
        priority=pick(_PRIORITIES, draw("task_prio", key)),
        assignee=steps(draw("task_user", key), USERS) + 1,
        created_at=datetime.combine(created, _BEGINS, zone),
        due_at=datetime.combine(due, _ENDS, zone),
        completed_at=datetime.combine(completed, _ENDS, zone) if done else None,
    )


# O4: documents.

_REVIEWS = {"pending_review": 4, "rejected": 2, "reviewed": 22, "approved": 72}


def review(
    report_id: str, received: datetime, zone: ZoneInfo, as_of: date
) -> tuple[str, datetime | None]:
    """How the review of a report stands at the end of `as_of`, and when it was done."""
    status = pick(_REVIEWS, draw("doc_status", report_id))
    if status == "pending_review":
        return status, None
    slow = draw("doc_hours", report_id)
    reviewed = received.astimezone(UTC) + timedelta(hours=2 + steps(slow * slow, 94, 1 << 52))
    if reviewed.astimezone(zone).date() > as_of:
        return "pending_review", None
    return status, reviewed


# O5: eligibility checks.


@dataclass(frozen=True)
class Verification:
    """A check of the coverage before an appointment."""

    result: str
    requested_at: datetime
    responded_at: datetime


_RESULTS = {"active": 91, "inactive": 4, "not_found": 3, "error": 2}


def is_insured(payer_class: str | None) -> bool:
    """Whether somebody else than the patient pays."""
    return payer_class not in (None, "self_pay")


def verification(appointment: Appointment) -> Verification:
    """The check for an insured patient's appointment."""
    key = appointment.key
    days = timedelta(2 + steps(draw("ver_day", key), 4))
    # The same time of day, days before; clocks change at night, never within these seconds.
    requested = appointment.start_at - days
    return Verification(
        result=pick(_RESULTS, draw("ver", key)),
        requested_at=requested,
        responded_at=requested + timedelta(seconds=2 + steps(draw("ver_sec", key), 38)),
    )


# O6: surveys.


@dataclass(frozen=True)
class Survey:
    """A survey sent after a visit; answered, it has a time and a rating from 0 to 10."""

    sent_at: datetime
    completed_at: datetime | None
    rating: int | None


_RATINGS = {10: 58, 9: 21, 8: 11, 7: 5, 5: 5}
_ANSWERED_PERCENT = 22


def survey(appointment: Appointment, as_of: date) -> Survey:
    """The survey after a fulfilled appointment."""
    key, sent = appointment.key, appointment.end_at
    completed = sent + timedelta(1 + steps(draw("survey_day", key), 9))
    if not below(draw("survey", key), _ANSWERED_PERCENT) or completed.date() > as_of:
        return Survey(sent, None, None)
    return Survey(sent, completed, pick(_RATINGS, draw("rating", key)))


# O7: work values, as the physician fee schedule states them for the code a visit would have.

_WELLNESS = {"162673000", "410620009"}
_CODES = {"390906007": "99212", "448337001": "99213", **dict.fromkeys(_WELLNESS, "99396")}
_WORK = {
    "99203": Decimal("1.60"),
    "99212": Decimal("0.70"),
    "99213": Decimal("1.30"),
    "99396": Decimal("1.90"),
}


def work_value(type_code: str | None, is_new: bool) -> Decimal:
    """The work RVU of a visit: by its type where that decides, else by new or established."""
    return _WORK[_CODES.get(type_code or "", "99203" if is_new else "99213")]
