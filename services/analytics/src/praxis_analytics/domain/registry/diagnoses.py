"""What patients have, and since when."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from praxis_analytics.domain.registry.model import Metric, Part, terms
from praxis_analytics.domain.registry.patients import ACTIVE
from praxis_analytics.domain.registry.sources import CONDITIONS

_PATIENTS = "count(distinct f.patient_id)"
# Still there on the first day of the period.
_LASTS = "(f.abated_on is null or f.abated_on >= %(start_on)s)"
# SNOMED CT codes of long-lasting diseases.
_CHRONIC = (
    ("diabetes", "Diabetes", ("44054006",)),
    ("hypertension", "Hypertension", ("38341003", "59621000")),
    ("asthma", "Asthma", ("195967001", "233678006")),
    ("copd", "Chronic obstructive lung disease", ("13645005", "185086009", "87433001")),
)

NEW = Part("new_diagnoses", "conditions that began in the period", CONDITIONS, "onset_on")
NEW_PATIENTS = Part(
    "newly_diagnosed", "distinct patients of these", CONDITIONS, "onset_on", _PATIENTS,
    adds="distinct", people=True,
)  # fmt: skip


def _having(part_id: str, description: str, where: str = "true") -> Part:
    return Part(
        part_id, description, CONDITIONS, "onset_on", _PATIENTS, f"{_LASTS} and {where}",
        since=False, adds="distinct", people=True,
    )  # fmt: skip


HAVING = _having("diagnosed", "distinct patients with a condition at any time of the period")

_diagnoses = partial(Metric, subject="diagnosis_trends", unit="count", source="Praxis")
METRICS = (
    _diagnoses(
        "new_diagnoses",
        "New diagnoses",
        formula="conditions with onset in the period",
        numerator=terms(NEW),
    ),
    _diagnoses(
        "newly_diagnosed_patients",
        "Newly diagnosed patients",
        formula="distinct patients with a condition that began in the period",
        numerator=terms(NEW_PATIENTS),
    ),
    _diagnoses(
        "diagnosed_patients",
        "Diagnosed patients",
        formula="distinct patients with a condition that began by the end of the period and had "
        "not abated before its start",
        numerator=terms(HAVING),
    ),
    _diagnoses(
        "diagnosed_per_1000_active",
        "Diagnosed per 1,000 patients",
        unit="number",
        formula="1,000 × diagnosed patients / active patients",
        numerator=terms(HAVING),
        denominator=terms(ACTIVE),
        scale=Decimal(1000),
        caveats=("Patients who were not seen lately may be diagnosed but are not active.",),
    ),
    *(
        _diagnoses(
            f"{group}_patients",
            label,
            formula=f"diagnosed patients of SNOMED CT {', '.join(codes)}",
            numerator=terms(
                _having(
                    f"having_{group}",
                    f"distinct patients with {label.lower()}",
                    f"f.code in ({', '.join(repr(code) for code in codes)})",
                )
            ),
        )
        for group, label, codes in _CHRONIC
    ),
)
