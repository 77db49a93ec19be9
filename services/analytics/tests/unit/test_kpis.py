"""Targets: status, dates, and what is a good side."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.domain.kpis import KPIS, Target, TargetChange, described, in_force
from praxis_analytics.domain.registry import METRICS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HIGHER = Target(False, Decimal(95), Decimal(90))
LOWER = Target(True, Decimal(2), Decimal(5))
NUMBERS = st.decimals(-1000, 1000, places=2)


@pytest.mark.parametrize(
    ("target", "value", "status"),
    [
        (HIGHER, "95", "good"),
        (HIGHER, "94.99", "warning"),
        (HIGHER, "90", "warning"),
        (HIGHER, "89.99", "critical"),
        (LOWER, "2", "good"),
        (LOWER, "2.01", "warning"),
        (LOWER, "5", "warning"),
        (LOWER, "5.01", "critical"),
    ],
)
def test_status_at_the_limits(target: Target, value: str, status: str) -> None:
    assert target.status(Decimal(value)) == status


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_other_side_is_the_mirror(good: Decimal, warning: Decimal, value: Decimal) -> None:
    one, other = Target(True, good, warning), Target(False, -good, -warning)
    assert (one.ordered, one.status(value)) == (other.ordered, other.status(-value))


def change(version: int, start: str, target: Target | None = HIGHER) -> TargetChange:
    return TargetChange("rate", version, date.fromisoformat(start), target, NOW, "somebody")


def test_a_change_holds_from_its_day_on_whatever_was_said_before() -> None:
    first, planned = change(1, "2026-01-01"), change(2, "2027-01-01")
    ended, backdated = change(3, "2026-06-01", None), change(4, "2025-01-01", LOWER)

    def held(on: str, *changes: TargetChange) -> int:
        found = in_force(changes, date.fromisoformat(on)).get("rate")
        return found.version if found else 0

    assert [held(day, first) for day in ("2025-12-31", "2026-01-01")] == [0, 1]
    assert [held(day, planned, first) for day in ("2026-12-31", "2027-01-01")] == [1, 2]
    assert held("2027-02-01", ended, planned, first) == 3
    assert held("2027-02-01", first, planned, ended, backdated) == 4


def test_defaults_of_the_registry_are_the_right_way_around() -> None:
    targets = [one.target for one in map(described, METRICS.values()) if one.target]
    assert len(targets) >= 3
    assert all(target.ordered for target in targets)


LIMITS = {
    "net_collection_rate": (False, 95, 90),
    "days_in_ar": (True, 40, 50),
    "ar_over_90_pct": (True, 10, 20),
    "clean_claim_rate": (False, 95, 90),
    "initial_denial_rate": (True, 5, 10),
    "charge_lag_days": (True, 2, 5),
    "no_show_rate": (True, 7, 12),
    "cancellation_rate": (True, 10, 20),
    "third_next_available": (True, 2, 7),
    "on_time_pct": (False, 90, 75),
    "average_review_time_hours": (True, 24, 72),
    "provider_rating_top_box": (False, 80, 70),
    "verified_share": (False, 98, 95),
}


def test_every_key_figure_has_its_default_target() -> None:
    found = {name: described(METRICS[name]).target for names in KPIS.values() for name in names}
    assert found == {
        name: Target(lower, Decimal(good), Decimal(warning))
        for name, (lower, good, warning) in LIMITS.items()
    }
