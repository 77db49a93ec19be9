"""Key figures: which there are, what a practice aims at, and how a figure stands to that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from praxis_analytics.domain.registry.model import Metric


@dataclass(frozen=True)
class Target:
    """Limits of one figure: good up to (or from) `good`, critical beyond `warning`."""

    lower_is_better: bool
    good: Decimal
    warning: Decimal

    @property
    def ordered(self) -> bool:
        """Whether the warning limit is not better than the good one."""
        sign = 1 if self.lower_is_better else -1
        return sign * self.good <= sign * self.warning

    def status(self, value: Decimal) -> str:
        """good, warning or critical."""
        sign = 1 if self.lower_is_better else -1
        if sign * value <= sign * self.good:
            return "good"
        return "warning" if sign * value <= sign * self.warning else "critical"


@dataclass(frozen=True)
class TargetChange:
    """The target of a metric from a date on, until a later change; None: that of the product.

    `version` counts the changes of a metric from 1.
    """

    metric_id: str
    version: int
    effective_from: date
    target: Target | None
    changed_at: datetime
    changed_by: str


def in_force(changes: Iterable[TargetChange], on: date) -> dict[str, TargetChange]:
    """Metric id → the change whose target holds on a date.

    The newest change that has begun by then: each overrides what was said before about its
    first day and all later ones.
    """
    found: dict[str, TargetChange] = {}
    for change in sorted(changes, key=lambda one: one.version):
        if change.effective_from <= on:
            found[change.metric_id] = change
    return found


@dataclass(frozen=True)
class Described:
    """What a metric or quality measure is called, measured in and aims at by default.

    `lower_is_better` is None where neither side is.
    """

    metric_id: str
    label: str
    unit: str
    lower_is_better: bool | None = None
    target: Target | None = None


def described(metric: Metric) -> Described:
    """A metric of the registry."""
    lower = {"lower": True, "higher": False}.get(metric.polarity)
    aim = None
    if metric.target is not None and lower is not None:
        aim = Target(lower, metric.target.good, metric.target.warning)
    return Described(metric.id, metric.label, metric.unit, lower, aim)


# The key figures of each category, in their order; the clinical ones go on with the measures.
KPIS: Mapping[str, tuple[str, ...]] = {
    "financial": (
        "net_collection_rate",
        "days_in_ar",
        "ar_over_90_pct",
        "clean_claim_rate",
        "initial_denial_rate",
        "charge_lag_days",
    ),
    "clinical": ("provider_rating_top_box",),
    "operational": (
        "no_show_rate",
        "cancellation_rate",
        "third_next_available",
        "on_time_pct",
        "average_review_time_hours",
        "verified_share",
    ),
}
