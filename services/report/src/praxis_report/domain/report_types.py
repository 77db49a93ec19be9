"""Report types as data: which figures, how split, drawn how. One declaration each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class ReportType:
    """What a type of report says.

    `cards` are the headline metrics, `columns` those of the main table, `marks` those of the
    chart; `mix` is a second table, split by a dimension, shown when the main one is by time.
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
)

# Types that are built; the others of the contract are known and refused.
REPORT_TYPES: Mapping[str, ReportType] = {kind.name: kind for kind in (REVENUE,)}
