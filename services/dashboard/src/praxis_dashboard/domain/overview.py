"""The built-in dashboard that every practice has: what it shows and where it stands."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

NAME = "Overview"
DESCRIPTION = "Money, appointments and who pays, at a glance."
_YEAR = {"relative_range": "last_365_days"}
_MONTH = {"relative_range": "month_to_date"}


def overview_id(practice_id: uuid.UUID) -> uuid.UUID:
    """Its id in a practice."""
    return uuid.uuid5(practice_id, "dashboard|overview")


def _widget(widget_id: str, kind: str, title: str, **question: Any) -> Mapping[str, Any]:
    return {
        "id": widget_id,
        "widget_type": f"WIDGET_TYPE_{kind.upper()}",
        "title": title,
        "config": {"question": question},
    }


WIDGETS: tuple[Mapping[str, Any], ...] = (
    _widget(
        "money",
        "metric_card",
        "Revenue and open balance",
        metrics=["total_revenue", "outstanding_balance"],
        period=_MONTH,
        compare=True,
    ),
    _widget(
        "appointments",
        "metric_card",
        "Appointments and no-shows",
        metrics=["total_appointments", "no_show_rate"],
        period=_MONTH,
        compare=True,
    ),
    _widget(
        "revenue_by_month",
        "line_chart",
        "Revenue by month",
        metrics=["total_revenue"],
        grain="GRAIN_MONTH",
        period=_YEAR,
    ),
    _widget(
        "charges_and_payments",
        "bar_chart",
        "Charges and payments by month",
        metrics=["total_charges", "total_payments"],
        grain="GRAIN_MONTH",
        period=_YEAR,
    ),
    _widget(
        "payments_by_payer",
        "donut_chart",
        "Payments by payer class",
        metrics=["total_payments"],
        dimension="payer_class",
        period=_YEAR,
    ),
    _widget(
        "by_provider",
        "table",
        "Appointments by provider",
        metrics=[
            "total_appointments",
            "completed_appointments",
            "no_show_appointments",
            "completion_rate",
        ],
        dimension="provider",
        period=_YEAR,
    ),
)
# Widget → x, y, width, height.
PLACES: Mapping[str, tuple[int, int, int, int]] = {
    "money": (0, 0, 6, 2),
    "appointments": (6, 0, 6, 2),
    "revenue_by_month": (0, 2, 6, 4),
    "charges_and_payments": (6, 2, 6, 4),
    "payments_by_payer": (0, 6, 6, 4),
    "by_provider": (6, 6, 6, 4),
}
