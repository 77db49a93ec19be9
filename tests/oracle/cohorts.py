"""Claims, patients and tasks of a period, counted from the raw facts a second way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from .fhir615 import completed_years
from .office import Task
from .records import Facts
from .source import Encounter, Patient

Figures = dict[str, Decimal | int | None]
ANSWER = {"paid": "accepted", "rejected": "rejected", "denied": "denied"}


def half_up(value: Fraction) -> Decimal:
    """Two places, halves away from zero; `value` is not negative."""
    return Decimal(int(value * 100 + Fraction(1, 2))) / 100


def claims(facts: Facts, start: date, end: date, today: date) -> Figures:
    """The claims created in a period by where they stand today."""
    last: dict[str, str] = {}
    for event in sorted(facts.claim_events, key=lambda event: event.occurred_on):
        if event.occurred_on <= today:
            last[event.claim_id] = event.event
    cohort = [c for c in facts.claims if start <= c.created_on <= min(end, today)]
    states = Counter(
        ANSWER.get(last[c.claim_id], "pending") if c.claim_id in last else "draft" for c in cohort
    )
    answered = states["accepted"] + states["rejected"] + states["denied"]
    value = sum((c.billed for c in cohort), Decimal(0))
    return {
        "total_claims": len(cohort),
        "submitted_claims": len(cohort) - states["draft"],
        **{f"{name}_claims": states[name] for name in (*ANSWER.values(), "pending")},
        "acceptance_rate": half_up(Fraction(100 * states["accepted"], answered))
        if answered
        else None,
        "total_claim_value": value,
        "average_claim_amount": half_up(Fraction(value) / len(cohort)) if cohort else None,
    }


def patients(
    people: Mapping[str, Patient],
    encounters: Iterable[Encounter],
    facts: Facts,
    start: date,
    end: date,
    zone: ZoneInfo,
) -> Figures:
    """Who is a patient at the end of a period, who was seen lately, who is new."""
    registered: dict[str, date] = {}
    for e in encounters:
        on = e.start.astimezone(zone).date()
        registered[e.patient_id] = min(on, registered.get(e.patient_id, on))
    living = {
        key
        for key, on in registered.items()
        if on <= end and not _dead(people[key].deceased_at, end, zone)
    }
    month = date(end.year - 2, end.month, min(end.day, 28) if end.month == 2 else end.day)
    seen = {v.patient_id for v in facts.visits if month < v.on <= end}
    # Some first encounters lie before the birth: nobody is younger than 0.
    years = sum(max(0, completed_years(people[key].birth_date, end)) for key in living)
    return {
        "total_patients": len(living),
        "new_patients": len(
            {v.patient_id for v in facts.visits if v.is_new and start <= v.on <= end}
        ),
        "active_patients": len(living & seen),
        "inactive_patients": len(living - seen),
        "average_age": half_up(Fraction(years, len(living))) if living else None,
    }


def _dead(died: datetime | None, end: date, zone: ZoneInfo) -> bool:
    return died is not None and died.astimezone(zone).date() <= end


def tasks(made: Iterable[Task], start: date, end: date, today: date, zone: ZoneInfo) -> Figures:
    """The tasks created in a period by where they stand at the end of today."""
    cohort = [t for t in made if start <= t.created_on <= min(end, today)]
    done = [t for t in cohort if t.completed_on and t.completed_on <= today]
    open_ones = [t for t in cohort if t not in done]
    hours = sum((_hours(t, zone) for t in done), Fraction(0))
    return {
        "total_tasks": len(cohort),
        "completed_tasks": len(done),
        "pending_tasks": len(open_ones),
        "overdue_tasks": sum(t.due_on <= today for t in open_ones),
        "task_completion_rate": half_up(Fraction(100 * len(done), len(cohort))) if cohort else None,
        "average_completion_time_hours": half_up(hours / len(done)) if done else None,
    }


def _hours(task: Task, zone: ZoneInfo) -> Fraction:
    """Elapsed hours from 09:00 on the day it was made to 17:00 on the day it was done."""
    assert task.completed_on is not None
    begun = datetime.combine(task.created_on, time(9), zone).astimezone(UTC)
    ended = datetime.combine(task.completed_on, time(17), zone).astimezone(UTC)
    return Fraction(int((ended - begun).total_seconds()), 3600)
