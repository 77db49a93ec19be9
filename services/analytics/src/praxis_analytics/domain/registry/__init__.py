"""The metric registry: every metric one declared object, gathered by subject."""

from __future__ import annotations

from collections.abc import Mapping

from praxis_analytics.domain.registry import (
    appointments,
    balances,
    claim_stages,
    claims,
    clinical,
    collections,
    diagnoses,
    documents,
    no_shows,
    patients,
    payments,
    providers,
    revenue,
    satisfaction,
    staff,
    tasks,
    verification,
)
from praxis_analytics.domain.registry.model import Metric

_SUBJECTS = (
    revenue,
    payments,
    claims,
    claim_stages,
    balances,
    collections,
    patients,
    appointments,
    providers,
    no_shows,
    diagnoses,
    staff,
    tasks,
    verification,
    documents,
    satisfaction,
    clinical,
)
METRICS: Mapping[str, Metric] = {
    metric.id: metric for subject in _SUBJECTS for metric in subject.METRICS
}
