"""The demo overlay O3 to O6: tasks, documents, eligibility checks and surveys.

Where the rules leave a choice, this reading was taken:

1.  A date `n` days before or after another is a local date; hours are elapsed hours. Rows dated
    after `as_of` are not made, and what would be done to a row after it has not been done: such a
    task is open, such a document pending, such a survey not answered.
2.  The rows that belong to an appointment are made only with it.
3.  Insured means that the appointment has a payer class and that it is not self_pay.
4.  A survey is sent for every fulfilled appointment; both items hold the one rating drawn.
5.  A document that waits for review has no review time, any other status has one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from .overlay import pick, u
from .records import Appointment

PRIORITY = {"low": ".20", "normal": ".50", "high": ".25", "urgent": ".05"}
REVIEW = {"pending_review": ".04", "rejected": ".02", "reviewed": ".22", "approved": ".72"}
RESULT = {"active": ".91", "inactive": ".04", "not_found": ".03", "error": ".02"}
RATING = {10: ".58", 9: ".21", 8: ".11", 7: ".05", 5: ".05"}


@dataclass(frozen=True, slots=True)
class Task:
    """A task; `user` is the number of the demo user who has it."""

    key: str
    type: str
    patient_id: str
    priority: str
    user: int
    created_on: date
    due_on: date
    completed_on: date | None


@dataclass(frozen=True, slots=True)
class Document:
    """A report under review."""

    key: str
    patient_id: str
    status: str
    received_at: datetime
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verification:
    """An eligibility check and how many seconds its answer took."""

    key: str
    patient_id: str
    result: str
    done_on: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey, answered or not."""

    key: str
    patient_id: str
    completed_on: date | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class Cause:
    """A denial, a result or a report: its id in the file, its patient, and when it was."""

    id: str
    patient_id: str
    at: datetime | date


def tasks(
    booked: Iterable[Appointment],
    denials: Iterable[Cause],
    results: Iterable[Cause],
    zone: ZoneInfo,
    as_of: date,
) -> list[Task]:
    """Make the tasks of first denials, HbA1c results, no-shows and insured appointments."""
    made = [_task("billing_followup", d.id, d.patient_id, _day(d, zone), 0, 14) for d in denials]
    made += [_task("lab_followup", r.id, r.patient_id, _day(r, zone), 0, 3) for r in results]
    for a in booked:
        on = a.start_local.date()
        if a.status == "noshow":
            made.append(_task("patient_outreach", a.key, a.patient_id, on, 1, 7))
        if insured(a):
            made.append(_task("insurance_verification", a.key, a.patient_id, on, -5, -1))
    return [_until(task, as_of) for task in made if task.created_on <= as_of]


def _day(cause: Cause, zone: ZoneInfo) -> date:
    if isinstance(cause.at, datetime):
        return cause.at.astimezone(zone).date()
    return cause.at


def _task(kind: str, source_key: str, patient_id: str, on: date, first: int, last: int) -> Task:
    key = f"{kind}:{source_key}"
    created, due = on + timedelta(first), on + timedelta(last)
    done = None
    if u("task_done", key) < Fraction(".88"):
        window = (due - created).days
        done = created + timedelta(floor(Fraction("1.4") * window * u("task_days", key)))
    user = floor(8 * u("task_user", key)) + 1
    priority = pick(PRIORITY, u("task_prio", key))
    return Task(key, kind, patient_id, priority, user, created, due, done)


def _until(task: Task, as_of: date) -> Task:
    if task.completed_on is None or task.completed_on <= as_of:
        return task
    return Task(
        task.key, task.type, task.patient_id, task.priority, task.user, task.created_on,
        task.due_on, None,
    )  # fmt: skip


def insured(a: Appointment) -> bool:
    """Tell whether somebody else than the patient pays for an appointment."""
    return a.payer_class is not None and a.payer_class != "self_pay"


def documents(reports: Iterable[Cause], zone: ZoneInfo, as_of: date) -> Iterator[Document]:
    """Make the documents of diagnostic reports."""
    for report in reports:
        received = report.at
        assert isinstance(received, datetime)
        if received.astimezone(zone).date() > as_of:
            continue
        status = pick(REVIEW, u("doc_status", report.id))
        hours = 2 + floor(94 * u("doc_hours", report.id) ** 2)
        reviewed = received.astimezone(UTC) + timedelta(hours=hours)
        if status == "pending_review" or reviewed.astimezone(zone).date() > as_of:
            yield Document(report.id, report.patient_id, "pending_review", received, None)
        else:
            yield Document(report.id, report.patient_id, status, received, reviewed)


def verifications(booked: Iterable[Appointment]) -> Iterator[Verification]:
    """Make the eligibility checks of insured appointments."""
    for a in filter(insured, booked):
        days = 2 + floor(4 * u("ver_day", a.key))
        yield Verification(
            a.key,
            a.patient_id,
            pick(RESULT, u("ver", a.key)),
            a.start_local.date() - timedelta(days),
            2 + floor(38 * u("ver_sec", a.key)),
        )


def surveys(booked: Iterable[Appointment], as_of: date) -> Iterator[Survey]:
    """Make the surveys of fulfilled appointments."""
    for a in booked:
        if a.status != "fulfilled":
            continue
        on = a.start_local.date() + timedelta(1 + floor(9 * u("survey_day", a.key)))
        if u("survey", a.key) < Fraction(".22") and on <= as_of:
            yield Survey(a.key, a.patient_id, on, pick(RATING, u("rating", a.key)))
        else:
            yield Survey(a.key, a.patient_id, None, None)
