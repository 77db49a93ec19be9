"""Results of care: how patients' values move, who comes back to hospital, who needs it at once."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from praxis_analytics.domain.registry.derived import DISCHARGES, RESULT_SPANS
from praxis_analytics.domain.registry.model import Metric, Part, quantile, terms
from praxis_analytics.domain.registry.patients import ACTIVE
from praxis_analytics.domain.registry.sources import ENCOUNTERS

_DIABETIC_SUGAR = "f.code = '4548-4' and f.diabetic"
_CHANGE = "(f.last_value - f.first_value)"
# What is followed: LOINC code, whose results, unit, and which way is better.
_FOLLOWED = (
    ("hba1c", "HbA1c", _DIABETIC_SUGAR, "diabetics", "percentage points"),
    ("systolic", "Systolic pressure", "f.code = '8480-6' and f.hypertensive", "hypertensives",
     "mm[Hg]"),
    ("ldl", "LDL cholesterol", "f.code = '18262-6'", "patients", "mg/dL"),
    ("bmi", "Body mass index", "f.code = '39156-5'", "patients", "kg/m2"),
)  # fmt: skip


def _span(part_id: str, description: str, where: str, aggregate: str = "count(*)") -> Part:
    return Part(
        part_id, description, RESULT_SPANS, "", aggregate, where, people=aggregate == "count(*)"
    )


MEASURED = _span("hba1c_measured", "diabetics with an HbA1c result", _DIABETIC_SUGAR)
BELOW_8 = _span(
    "hba1c_below_8", "of these, last below 8 %", f"{_DIABETIC_SUGAR} and f.last_value < 8"
)
AT_MOST_9 = _span(
    "hba1c_at_most_9", "of these, last at most 9 %", f"{_DIABETIC_SUGAR} and f.last_value <= 9"
)
LEFT = Part("discharges", "inpatient discharges, 30 days back or more", DISCHARGES, "discharged_on")
RETURNED = Part(
    "readmissions", "of these, followed by an admission within 30 days", DISCHARGES,
    "discharged_on", where="f.readmitted",
)  # fmt: skip
EMERGENCIES = Part(
    "ed_visits", "finished emergency visits", ENCOUNTERS, "start_at",
    where="f.status = 'finished' and f.class = 'EMER'",
)  # fmt: skip

_outcome = partial(Metric, subject="clinical_outcomes", source="Praxis", polarity="lower")


def _change(name: str, label: str, where: str, whose: str, unit: str) -> tuple[Metric, Metric]:
    """Mean and median of the change from first to last result of the period."""
    where = f"{where} and f.moments > 1"
    formula = f"of last − first result of the period in {unit}, over {whose} with two or more"
    changed = _span(f"{name}_changed", f"{whose} with two results or more", where)
    change = _span(f"{name}_change", "last − first result", where, f"sum({_CHANGE})")
    middle = quantile(
        f"{name}_change_p50", "middle of these changes", RESULT_SPANS, "", _CHANGE, "0.5",
        where=where,
    )  # fmt: skip
    return (
        _outcome(
            f"{name}_change_mean", f"{label}, mean change", "number", f"mean {formula}",
            numerator=terms(change), denominator=terms(changed),
        ),
        _outcome(
            f"{name}_change_median", f"{label}, median change", "number", f"median {formula}",
            numerator=terms(middle),
        ),
    )  # fmt: skip


METRICS = (
    _outcome(
        "hba1c_below_8_share",
        "HbA1c below 8 %",
        "percent",
        "100 × diabetics whose last HbA1c of the period is below 8 % / diabetics with a result",
        numerator=terms(BELOW_8),
        denominator=terms(MEASURED),
        polarity="higher",
    ),
    _outcome(
        "hba1c_at_most_9_share",
        "HbA1c at most 9 %",
        "percent",
        "100 × diabetics whose last HbA1c of the period is at most 9 % / diabetics with a result",
        numerator=terms(AT_MOST_9),
        denominator=terms(MEASURED),
        polarity="higher",
        caveats=("Diabetics without a result are left out here, unlike in the quality measure.",),
    ),
    *(metric for followed in _FOLLOWED for metric in _change(*followed)),
    _outcome(
        "readmission_rate",
        "Readmissions within 30 days",
        "percent",
        "100 × inpatient discharges followed by another admission 1 to 30 days later / inpatient "
        "discharges of living patients",
        source="CMS, all-cause readmission",
        numerator=terms(RETURNED),
        denominator=terms(LEFT),
        caveats=(
            "Discharges of the last 30 days are left out; a transfer on the same day is no "
            "readmission.",
        ),
    ),
    _outcome(
        "ed_visits",
        "Emergency visits",
        "count",
        "finished emergency encounters of the period",
        numerator=terms(EMERGENCIES),
    ),
    _outcome(
        "ed_visits_per_1000",
        "Emergency visits per 1,000 patients",
        "number",
        "1,000 × emergency visits / active patients",
        numerator=terms(EMERGENCIES),
        denominator=terms(ACTIVE),
        scale=Decimal(1000),
        # A patient's own provider is not who saw them in the emergency room.
        without=("provider", "specialty"),
    ),
)
