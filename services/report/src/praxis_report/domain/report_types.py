"""Report types as data: which figures, how split, drawn how. One declaration each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Ways to group a main table → grain, or a dimension of the metrics.
GRAINS = ("day", "week", "month", "quarter")
GROUPINGS: Mapping[str, str] = {
    "day": "Day",
    "week": "Week",
    "month": "Month",
    "quarter": "Quarter",
    "payer_class": "Payer class",
    "provider": "Provider",
}
PAYER_CLASSES: Mapping[str, str] = {
    "commercial": "Commercial",
    "medicare": "Medicare",
    "medicaid": "Medicaid",
    "dual": "Dual eligible",
    "tricare": "TRICARE",
    "workers_comp": "Workers' compensation",
    "other": "Other",
    "self_pay": "Self-pay",
}


@dataclass(frozen=True)
class ReportType:
    """What a type of report says.

    `cards` are the headline metrics, `columns` those of the main table, `marks` those of the
    chart; `mix` is a second table, split by a dimension, shown when the main one is by time.
    `balances` are the cards that stand at the end of the period instead of adding up over it, and
    `beyond` names for a filter the cards that it cannot narrow, which are then left out.
    """

    name: str
    title: str
    question: str
    permission: str
    cards: tuple[str, ...]
    columns: tuple[str, ...]
    marks: tuple[str, ...]
    mix: str
    groupings: tuple[str, ...]
    filters: tuple[str, ...]
    balances: tuple[str, ...] = ()
    beyond: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cards_under(self, filters: Iterable[str]) -> tuple[str, ...]:
        """The cards that all of these filters can narrow."""
        lost = {card for name in filters for card in self.beyond.get(name, ())}
        return tuple(card for card in self.cards if card not in lost)

    @property
    def table_columns(self) -> tuple[str, ...]:
        """Names a client may choose and sort by: the grouping, then the metrics."""
        return ("group", *self.columns)


REVENUE = ReportType(
    name="revenue",
    title="Revenue",
    question="What was billed, what came in, and what is still open?",
    permission="PERMISSION_READ_FINANCIAL",
    cards=(
        "total_revenue",
        "total_charges",
        "total_payments",
        "total_adjustments",
        "outstanding_balance",
        "collection_rate",
        "net_collection_rate",
        "average_revenue_per_patient",
    ),
    columns=(
        "total_charges",
        "total_payments",
        "refunds",
        "total_adjustments",
        "total_revenue",
        "collection_rate",
    ),
    marks=("total_charges", "total_payments", "total_adjustments"),
    mix="payer_class",
    groupings=tuple(GROUPINGS),
    filters=("payer_class", "provider"),
    balances=("outstanding_balance",),
    beyond={"payer_class": ("average_revenue_per_patient",)},
)

# Types that are built; the others of the contract are known and refused.
REPORT_TYPES: Mapping[str, ReportType] = {kind.name: kind for kind in (REVENUE,)}
