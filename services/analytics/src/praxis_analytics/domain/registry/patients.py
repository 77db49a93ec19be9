"""Who the practice's patients are, at the end of the period."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.model import Metric, Part, terms
from praxis_analytics.domain.registry.sources import ENCOUNTERS, PATIENTS


def _patient(
    part_id: str, description: str, where: str, aggregate: str = "count(*)", people: bool = True
) -> Part:
    where = f"(f.deceased_at is null or f.deceased_at >= %(end_at)s) and {where}"
    return Part(
        part_id,
        description,
        PATIENTS,
        "registered_on",
        aggregate,
        where,
        since=False,
        people=people,
    )


LIVING = _patient("living", "living patients registered by the end of the period", "true")
ACTIVE = _patient("active", "of these, with a visit in the 24 months up to it", "f.active")
AGED = _patient("aged", "of these, with a known birth date", "f.birth_date is not null")
AGES = _patient(
    "ages",
    "completed years of age on the last day",
    "f.birth_date is not null",
    "sum(greatest(0, extract(year from age(%(end_on)s::date, f.birth_date))))",
    people=False,
)
NEW_PATIENTS = Part(
    "new_patients",
    "distinct patients with a new visit",
    ENCOUNTERS,
    "start_at",
    "count(distinct f.patient_id)",
    "f.is_new_patient",
    adds="distinct",
    people=True,
)
# Living at the end of the same day a year before, and seen in the 24 months up to it.
_BEFORE = "f.active_before and (f.deceased_at is null or f.deceased_at >= %(year_ago_at)s)"
ACTIVE_BEFORE = Part(
    "active_before", "patients active a year before", PATIENTS, "registered_on", where=_BEFORE,
    since=False, people=True,
)  # fmt: skip
LOST = Part(
    "lost", "of these, not active now", PATIENTS, "registered_on",
    where=f"{_BEFORE} and not (f.active and"
    " (f.deceased_at is null or f.deceased_at >= %(end_at)s))",
    since=False, people=True,
)  # fmt: skip

_patients = partial(Metric, subject="patient_demographics", unit="count", source="Praxis")
METRICS = (
    _patients(
        "total_patients",
        "Patients",
        formula="living, registered on or before the end of the period",
        numerator=terms(LIVING),
        polarity="higher",
    ),
    _patients(
        "new_patients",
        "New patients",
        formula="distinct patients with a new visit (none in the three years before it) in the "
        "period",
        source="CPT three-year rule",
        numerator=terms(NEW_PATIENTS),
        polarity="higher",
    ),
    _patients(
        "active_patients",
        "Active patients",
        formula="living, with a visit in the 24 months up to the end of the period",
        numerator=terms(ACTIVE),
        polarity="higher",
    ),
    _patients(
        "inactive_patients",
        "Inactive patients",
        formula="patients − active patients",
        numerator=terms(LIVING, less=(ACTIVE,)),
        polarity="lower",
    ),
    _patients(
        "average_age",
        "Average age",
        unit="number",
        formula="mean of completed years on the last day of the period",
        numerator=terms(AGES),
        denominator=terms(AGED),
    ),
    _patients(
        "patients_lost",
        "Patients lost",
        formula="patients active a year before the end of the period and not at its end",
        numerator=terms(LOST),
        polarity="lower",
    ),
    _patients(
        "attrition_rate",
        "Attrition",
        unit="percent",
        formula="100 × patients lost / patients active a year before",
        numerator=terms(LOST),
        denominator=terms(ACTIVE_BEFORE),
        polarity="lower",
    ),
)
