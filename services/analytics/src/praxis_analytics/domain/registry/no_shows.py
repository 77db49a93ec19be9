"""Missed appointments: what they cost and who they are."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.appointments import FULFILLED, NO_SHOWS
from praxis_analytics.domain.registry.derived import MISSING_PATIENTS, VISIT_CHARGES
from praxis_analytics.domain.registry.model import Metric, Part, terms
from praxis_analytics.domain.registry.revenue import VISITS
from praxis_analytics.domain.registry.sources import APPOINTMENTS

EXPECTED = Part(
    "expected_allowed", "expected allowed amounts of the charges of visits", VISIT_CHARGES,
    "service_date", "sum(f.expected_allowed)", "f.of_visit", adds="value",
)  # fmt: skip
REFILLED = Part(
    "refilled", "missed or late cancelled times that another patient had", APPOINTMENTS,
    "start_at", where="(f.status = 'noshow' or f.late_cancelled) and f.refilled",
)  # fmt: skip
REPEATED = Part(
    "repeat_missing", "patients with two no-shows or more in twelve months", MISSING_PATIENTS,
    "", where="f.missed >= 2", people=True,
)  # fmt: skip
_REMINDED = "f.reminder_sent_at < f.start_at"
REMINDED_MISSED = Part(
    "reminded_missed", "no-shows after a reminder", APPOINTMENTS, "start_at",
    where=f"f.status = 'noshow' and {_REMINDED}",
)  # fmt: skip
REMINDED = Part(
    "reminded", "appointments kept or missed after a reminder", APPOINTMENTS, "start_at",
    where=f"f.status in ('noshow', 'fulfilled') and {_REMINDED}",
)  # fmt: skip

_missed = partial(Metric, subject="no_shows", source="Praxis", polarity="lower")
METRICS = (
    _missed(
        "cost_of_no_shows",
        "Cost of no-shows",
        "money",
        "no-shows × expected allowed amount per visit of the period",
        numerator=terms(NO_SHOWS),
        times=terms(EXPECTED),
        denominator=terms(VISITS),
        caveats=("Visits whose charges have no expected amount count as if they brought nothing.",),
    ),
    _missed(
        "refilled_slots",
        "Times used again",
        "count",
        "missed or late cancelled times that another patient of the provider had",
        numerator=terms(REFILLED),
        polarity="higher",
    ),
    _missed(
        "repeat_no_show_patients",
        "Repeat no-shows",
        "count",
        "patients with two no-shows or more in the twelve months up to the end of the period",
        numerator=terms(REPEATED),
    ),
    _missed(
        "no_show_rate_reminded",
        "No-show rate after a reminder",
        "percent",
        "100 × no-shows / (completed + no-shows), of appointments with a reminder",
        numerator=terms(REMINDED_MISSED),
        denominator=terms(REMINDED),
    ),
    _missed(
        "no_show_rate_unreminded",
        "No-show rate without a reminder",
        "percent",
        "100 × no-shows / (completed + no-shows), of appointments without a reminder",
        numerator=terms(NO_SHOWS, less=(REMINDED_MISSED,)),
        denominator=terms(FULFILLED, NO_SHOWS, less=(REMINDED,)),
        caveats=("Without any reminder on record it is the no-show rate.",),
    ),
)
