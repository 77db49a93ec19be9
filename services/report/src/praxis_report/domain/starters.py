"""Templates that every practice has."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_NAMESPACE = uuid.UUID("6f1f6f0e-59c6-5a52-9d1c-6d2f0d8a3c11")


@dataclass(frozen=True)
class Starter:
    """A template as data; `parameters` in the form they are stored in."""

    name: str
    description: str
    report_type: str
    period: str
    format: str = "pdf"
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> uuid.UUID:
        """The same in every practice and release."""
        return uuid.uuid5(_NAMESPACE, self.name)

    @property
    def all_parameters(self) -> dict[str, Any]:
        """Parameters with the period."""
        return {"relative_range": self.period, **self.parameters}


STARTERS = (
    Starter(
        "Day sheet",
        "What was posted yesterday: charges, payments, adjustments.",
        "revenue",
        "yesterday",
        parameters={"group_by": ["day"]},
    ),
    Starter(
        "Month-end close",
        "The month that ended, by month and payer class, against the one before.",
        "revenue",
        "previous_month",
        parameters={"group_by": ["payer_class"]},
    ),
    Starter(
        "A/R aging",
        "What is still open, by age and payer class.",
        "outstanding_balances",
        "month_to_date",
        "excel",
    ),
    Starter(
        "Denial work list",
        "Denied claims of the last 90 days, to be worked before their limits.",
        "claims",
        "last_90_days",
        "excel",
    ),
    Starter(
        "Provider scorecard",
        "Visits, patients and revenue per provider in the last quarter.",
        "provider_productivity",
        "previous_quarter",
    ),
    Starter(
        "No-show review",
        "Missed appointments of the last month, when and with whom.",
        "no_shows",
        "previous_month",
    ),
    Starter(
        "Quality summary",
        "Quality measures of the year so far, with their gaps.",
        "quality_measures",
        "year_to_date",
    ),
    Starter(
        "Payer mix",
        "Who pays: charges and payments of the year so far by payer class.",
        "revenue",
        "year_to_date",
        parameters={"group_by": ["payer_class"]},
    ),
    Starter(
        "Task backlog",
        "Open and overdue tasks of the last 30 days.",
        "task_completion",
        "last_30_days",
    ),
    Starter(
        "Patient growth",
        "New and active patients of the year so far.",
        "patient_demographics",
        "year_to_date",
    ),
)
