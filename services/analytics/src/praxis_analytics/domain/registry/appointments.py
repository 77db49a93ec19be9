"""Appointments by scheduled start, and what became of them."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.derived import THIRD_SLOTS
from praxis_analytics.domain.registry.model import (
    Metric,
    Part,
    Variant,
    quantile,
    target,
    terms,
)
from praxis_analytics.domain.registry.sources import APPOINTMENTS, SLOTS


def _appointment(part_id: str, description: str, where: str, aggregate: str = "count(*)") -> Part:
    where = f"f.status <> 'entered-in-error' and ({where})"
    return Part(part_id, description, APPOINTMENTS, "start_at", aggregate, where)


ALL_APPOINTMENTS = _appointment("appointments", "appointments by scheduled start", "true")
SCHEDULED = _appointment(
    "scheduled",
    "appointments still to come or under way",
    "f.status in ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'waitlist')",
)
FULFILLED = _appointment("fulfilled", "appointments that took place", "f.status = 'fulfilled'")
CANCELLED = _appointment("cancelled", "appointments cancelled", "f.status = 'cancelled'")
NO_SHOWS = _appointment("no_shows", "appointments missed", "f.status = 'noshow'")
APPOINTMENT_DAYS = Part(
    "appointment_days",
    "local dates with at least one appointment",
    APPOINTMENTS,
    "start_at",
    "count(distinct (f.start_at at time zone %(zone)s)::date)",
    "f.status <> 'entered-in-error'",
    adds="distinct",
)
LATE_CANCELLED = _appointment(
    "late_cancelled", "appointments cancelled less than 24 hours ahead", "f.late_cancelled"
)
_KEPT = "f.status <> 'entered-in-error'"
LEAD_DAYS = quantile(
    "lead_days", "middle of the days from booking to start", APPOINTMENTS, "start_at",
    "f.lead_days", "0.5", where=_KEPT,
)  # fmt: skip


def _minutes(since: str, until: str) -> str:
    return f"(extract(epoch from f.{until} - f.{since})::numeric / 60)"


WAIT = quantile(
    "wait_minutes", "middle of the minutes from check-in to room", APPOINTMENTS, "start_at",
    _minutes("checked_in_at", "roomed_at"), "0.5", where=_KEPT,
)  # fmt: skip
CYCLE = quantile(
    "cycle_minutes", "middle of the minutes from check-in to check-out", APPOINTMENTS,
    "start_at", _minutes("checked_in_at", "checked_out_at"), "0.5", where=_KEPT,
)  # fmt: skip
BOOKED_MINUTES = _appointment(
    "booked_minutes",
    "minutes of appointments that were not cancelled",
    "f.status not in ('cancelled', 'proposed', 'waitlist')",
    f"sum({_minutes('start_at', 'end_at')})",
)
SLOT_MINUTES = Part(
    "slot_minutes", "minutes that could be booked", SLOTS, "start_at",
    f"sum({_minutes('start_at', 'end_at')})", "f.status <> 'busy-unavailable'",
)  # fmt: skip
THIRD_DAYS = Part("third_days", "days to the third free slot", THIRD_SLOTS, "",
                  "sum(f.days_ahead)")  # fmt: skip
THIRD_COUNT = Part("third_count", "providers with three free slots", THIRD_SLOTS, "")

_FHIR = "HL7 FHIR R4 appointment status"
_count = partial(Metric, subject="appointment_statistics", unit="count", source=_FHIR)
_rate = partial(Metric, subject="appointment_statistics", unit="percent", source="MGMA")
METRICS = (
    _count(
        "total_appointments",
        "Appointments",
        formula="appointments whose scheduled start lies in the period",
        source="Praxis",
        numerator=terms(ALL_APPOINTMENTS),
    ),
    _count(
        "scheduled_appointments",
        "Scheduled",
        formula="of these, still to come or under way",
        numerator=terms(SCHEDULED),
    ),
    _count(
        "completed_appointments",
        "Completed",
        formula="of these, fulfilled",
        numerator=terms(FULFILLED),
        polarity="higher",
    ),
    _count(
        "cancelled_appointments",
        "Cancelled",
        formula="of these, cancelled",
        numerator=terms(CANCELLED),
        polarity="lower",
    ),
    _count(
        "no_show_appointments",
        "No-shows",
        formula="of these, missed by the patient",
        numerator=terms(NO_SHOWS),
        polarity="lower",
    ),
    _count(
        "kept_appointments",
        "Appointments not cancelled",
        formula="appointments by scheduled start − cancelled",
        source="Praxis",
        numerator=terms(ALL_APPOINTMENTS, less=(CANCELLED,)),
    ),
    _rate(
        "completion_rate",
        "Completion rate",
        formula="100 × completed / all appointments",
        numerator=terms(FULFILLED),
        denominator=terms(ALL_APPOINTMENTS),
        polarity="higher",
    ),
    _rate(
        "no_show_rate",
        "No-show rate",
        formula="100 × no-shows / (completed + no-shows)",
        numerator=terms(NO_SHOWS),
        denominator=terms(FULFILLED, NO_SHOWS),
        polarity="lower",
        target=target("7", "12"),
        variants=(
            Variant(
                "of_scheduled",
                "No-show rate of all appointments",
                "100 × no-shows / all appointments",
                terms(NO_SHOWS),
                terms(ALL_APPOINTMENTS),
            ),
        ),
    ),
    _rate(
        "cancellation_rate",
        "Cancellation rate",
        formula="100 × cancelled / all appointments",
        numerator=terms(CANCELLED),
        denominator=terms(ALL_APPOINTMENTS),
        polarity="lower",
        target=target("10", "20"),
    ),
    _count(
        "average_appointments_per_day",
        "Appointments per day",
        unit="number",
        formula="all appointments / local dates with at least one",
        source="Praxis",
        numerator=terms(ALL_APPOINTMENTS),
        denominator=terms(APPOINTMENT_DAYS),
    ),
    _count(
        "late_cancellations",
        "Late cancellations",
        formula="appointments cancelled less than 24 hours before their start",
        numerator=terms(LATE_CANCELLED),
        polarity="lower",
    ),
    _rate(
        "late_cancellation_rate",
        "Late cancellation rate",
        formula="100 × late cancellations / all appointments",
        numerator=terms(LATE_CANCELLED),
        denominator=terms(ALL_APPOINTMENTS),
        polarity="lower",
    ),
    _count(
        "lead_days",
        "Days to schedule",
        unit="days",
        formula="median of the local dates from booking to start",
        source="MGMA",
        numerator=terms(LEAD_DAYS),
        polarity="lower",
    ),
    _count(
        "third_next_available",
        "Third next available",
        unit="days",
        formula="calendar days from the period's last day, or from today, to the third free slot,"
        " mean over providers",
        source="IHI; 0 in primary care, 2 for specialists",
        numerator=terms(THIRD_DAYS),
        denominator=terms(THIRD_COUNT),
        polarity="lower",
        target=target("2", "7"),
        caveats=(
            "Of a day before today, from the slots as they were known when it ended.",
            "Providers with fewer than three free slots are left out.",
        ),
    ),
    _rate(
        "utilisation",
        "Utilisation",
        formula="100 × minutes of appointments not cancelled / minutes of slots",
        numerator=terms(BOOKED_MINUTES),
        denominator=terms(SLOT_MINUTES),
        polarity="higher",
    ),
    _count(
        "check_in_to_room_minutes",
        "Wait for a room",
        unit="minutes",
        formula="median minutes from check-in to room",
        source="MGMA",
        numerator=terms(WAIT),
        polarity="lower",
    ),
    _count(
        "cycle_time_minutes",
        "Cycle time",
        unit="minutes",
        formula="median minutes from check-in to check-out",
        source="MGMA",
        numerator=terms(CYCLE),
        polarity="lower",
    ),
)
