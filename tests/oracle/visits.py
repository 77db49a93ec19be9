"""Patients, providers, appointments and no-shows.

Where the rules leave a choice, this reading was taken:

1.  Who was active a year ago is told at the same day of the year before (28 February for the
    29th), of those living then; lost are those of them not active now, also by death.
2.  A lead is the number of local dates from booking to start.
3.  A missed slot is one of a no-show or of a cancellation less than 24 elapsed hours ahead. It was
    used when another patient was seen by the same provider in it.
4.  Repeat no-shows are counted over the twelve months up to the period's end.
5.  Visits per day divide by the local dates with a visit of those asked about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from .exact import Figures, percentile, ratio, rounded, total
from .fhir615 import completed_years
from .figures import appointments as first_figures
from .practice import Person, Practice
from .records import Appointment

BANDS = ((17, "0-17"), (29, "18-29"), (39, "30-39"), (49, "40-49"), (64, "50-64"), (74, "65-74"),
         (84, "75-84"), (89, "85-89"))  # fmt: skip
MISSED = {"noshow", "cancelled"}


def months_before(on: date, months: int) -> date:
    """The same day some months earlier, or the last day of a shorter month."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    for day in range(on.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, on.day)


def band(years: int) -> str:
    """The age band of completed years."""
    return next((name for most, name in BANDS if years <= most), "90+")


def registered(made: Practice) -> dict[str, date]:
    """The local date of each patient's first encounter."""
    found: dict[str, date] = {}
    for s in made.stays:
        on = made.day(s.start)
        found[s.patient_id] = min(on, found.get(s.patient_id, on))
    return found


def living(made: Practice, on: date) -> dict[str, Person]:
    """The patients of a day, by id."""
    return {
        key: made.people[key]
        for key, first in registered(made).items()
        if first <= on and not _dead(made, key, on)
    }


def _dead(made: Practice, key: str, on: date) -> bool:
    died = made.people[key].died_at
    return died is not None and made.day(died) <= on


def active(made: Practice, on: date) -> set[str]:
    """The living patients seen in the 24 months up to a day."""
    since = months_before(on, 24)
    return {v.patient_id for v in made.facts.visits if since < v.on <= on} & living(made, on).keys()


def age(person: Person, on: date) -> int:
    """Completed years; nobody is younger than 0."""
    return max(0, completed_years(person.birth_date, on))


def patients(made: Practice, start: date, end: date) -> Figures:
    """Who is a patient at the end of a period, who was lost, who is new."""
    on = min(end, made.today)
    here, now, before = living(made, on), active(made, on), active(made, months_before(on, 12))
    return {
        "total_patients": len(here),
        "new_patients": len(
            {v.patient_id for v in made.facts.visits if v.is_new and start <= v.on <= on}
        ),
        "active_patients": len(now),
        "inactive_patients": len(here) - len(now),
        "average_age": ratio(1, sum(age(p, on) for p in here.values()), len(here)),
        "patients_lost": len(before - now),
        "attrition_rate": ratio(100, len(before - now), len(before)),
    }


def distribution(made: Practice, end: date, by: str) -> Counter[str]:
    """The patients of a day by sex, race, ethnicity, language, postal_3, age_band or
    payer_class; empty text where it is not known."""
    on = min(end, made.today)
    latest: dict[str, tuple[datetime, str, str]] = {}
    for s in made.stays:
        if s.payer_class and made.day(s.start) <= on:
            entry = (s.start, s.id, s.payer_class)
            latest[s.patient_id] = max(entry, latest.get(s.patient_id, entry))

    def value(p: Person) -> str:
        if by == "age_band":
            return band(age(p, on))
        if by == "postal_3":
            return (p.postal_code or "")[:3]
        if by == "payer_class":
            return latest[p.id][2] if p.id in latest else ""
        return getattr(p, by) or ""

    return Counter(map(value, living(made, on).values()))


def _cohort(made: Practice, start: date, end: date) -> list[Appointment]:
    return [a for a in made.facts.appointments if start <= a.start_local.date() <= end]


def _instant(made: Practice, wall: datetime) -> datetime:
    return wall.replace(tzinfo=made.zone).astimezone(UTC)


def _is_late(made: Practice, a: Appointment) -> bool:
    return (
        a.status == "cancelled"
        and a.cancelled_at is not None
        and _instant(made, a.start_local) - _instant(made, a.cancelled_at) < timedelta(hours=24)
    )


def _refilled(made: Practice, missed: Iterable[Appointment]) -> int:
    seen: dict[str | None, list[Appointment]] = defaultdict(list)
    for a in made.facts.appointments:
        if a.status not in MISSED:
            seen[a.provider_id].append(a)

    def used(slot: Appointment) -> bool:
        ends = slot.start_local + timedelta(minutes=slot.duration_minutes)
        return any(
            slot.start_local <= a.start_local < ends and a.patient_id != slot.patient_id
            for a in seen[slot.provider_id]
        )

    return sum(map(used, missed))


def appointments(made: Practice, start: date, end: date) -> Figures:
    """The appointments that start in a period."""
    cohort = _cohort(made, start, end)
    late = [a for a in cohort if _is_late(made, a)]
    missed = [a for a in cohort if a.status == "noshow"]
    last = min(end, made.today)
    year = [
        a.patient_id
        for a in _cohort(made, months_before(last, 12) + timedelta(1), last)
        if a.status == "noshow"
    ]
    return {
        **first_figures(made.facts, start, end),
        "no_show_rate@of_scheduled": ratio(100, len(missed), len(cohort)),
        "late_cancellations": len(late),
        "late_cancellation_rate": ratio(100, len(late), len(cohort)),
        "lead_days": percentile([(a.start_local.date() - a.booked_on).days for a in cohort], ".5"),
        "refilled_slots": _refilled(made, [*missed, *late]),
        "repeat_no_show_patients": sum(count >= 2 for count in Counter(year).values()),
    }


def cost_of_no_shows(made: Practice, start: date, end: date) -> Decimal | None:
    """No-shows at what a visit of the period brings; None without a fee schedule."""
    if not made.valued:
        return None
    last = min(end, made.today)
    visits = {v.encounter_id for v in made.facts.visits if start <= v.on <= last}
    allowed = total(v.expected_allowed for v in made.valued if start <= v.service_date <= last)
    missed = sum(a.status == "noshow" for a in _cohort(made, start, last))
    return rounded(Fraction(missed) * allowed / len(visits)) if visits else None


def providers(made: Practice, start: date, end: date) -> Figures:
    """What providers did in a period."""
    last = min(end, made.today)
    seen = [v for v in made.facts.visits if start <= v.on <= last]
    work = [v for v in made.valued if start <= v.service_date <= last and v.work is not None]
    done = total(v.work for v in work if v.work is not None)
    valued = {v.encounter_id for v in work}
    return {
        "visits": len(seen),
        "unique_patients": len({v.patient_id for v in seen}),
        "new_visit_share": ratio(100, sum(v.is_new for v in seen), len(seen)),
        "visits_per_day": ratio(1, len(seen), len({v.on for v in seen})),
        "wrvu": rounded(done) if work else None,
        "wrvu_per_visit": ratio(1, done, len(seen)) if work else None,
        "wrvu_unmapped_share": ratio(
            100, sum(v.encounter_id not in valued for v in seen), len(seen)
        ),
    }
