"""Where the parts of a period come from, and what can be rolled up at all."""

from __future__ import annotations

import runpy
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import praxis_analytics
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Part
from praxis_analytics.domain.rollups import (
    MARKED,
    can_roll,
    join_ranges,
    marked,
    rolled_facts,
    split,
)

MONTHS = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(36)]
DAYS = st.integers(0, 900).map(lambda n: date(2024, 1, 1) + timedelta(n))


def days(span: Range) -> list[date]:
    return [span.start + timedelta(n) for n in range(span.days)]


def month_days(month: date) -> list[date]:
    return [d for d in days(Range(month, month + timedelta(31))) if d.month == month.month]


@given(DAYS, DAYS, st.sets(st.sampled_from(MONTHS)), st.booleans(), st.booleans())
def test_every_day_comes_from_one_place(
    one: date, other: date, dirty: set[date], by_month: bool, by_day: bool
) -> None:
    period = Range(min(one, other), max(one, other))
    pieces = split(period, frozenset(dirty), by_month=by_month, by_day=by_day)
    found = [day for month in pieces.months for day in month_days(month)]
    found += [day for span in (*pieces.days, *pieces.facts) for day in days(span)]
    assert sorted(found) == days(period)
    stored = [*pieces.months, *(span.start.replace(day=1) for span in pieces.days)]
    assert not set(stored) & dirty
    assert by_month or not pieces.months
    assert by_day or not pieces.days


def test_days_that_follow_each_other_are_one_range() -> None:
    day = date(2025, 1, 30)
    spans = [
        Range(day, day),
        Range(day + timedelta(1), day + timedelta(3)),
        Range(MONTHS[20], MONTHS[20]),
    ]
    assert join_ranges(spans) == [Range(day, date(2025, 2, 2)), spans[2]]


def part(name: str) -> Part:
    return next(p for metric in METRICS.values() for p in metric.parts if p.id == name)


@pytest.mark.parametrize(
    "name", ["payments", "charges", "no_shows", "visit_patients", "claims", "denials"]
)
def test_flows_can_be_rolled_up(name: str) -> None:
    assert can_roll(part(name))


@pytest.mark.parametrize(
    "name", ["open_balance", "overturned", "living", "active", "overdue", "late"]
)
def test_what_depends_on_the_day_or_on_other_facts_cannot(name: str) -> None:
    found = [p for metric in METRICS.values() for p in metric.parts if p.id == name]
    assert not any(can_roll(p) for p in found)


def test_every_rolled_date_is_marked() -> None:
    assert len(rolled_facts()) > 4
    for fact in rolled_facts().values():
        marks = {name for table in MARKED for date in MARKED[table] for name in marked(table, date)}
        assert fact.name in marks
        assert len({p.id for p in fact.sums}) == len(fact.sums)
        assert fact.definition("UTC") != fact.definition("Asia/Tokyo") or not fact.instant


def test_what_apply_marks_is_what_the_migration_marked() -> None:
    versions = Path(praxis_analytics.__file__).parent / "storage" / "migrations" / "versions"
    files = ("0004_roll_up_months.py", "0011_mark_claim_stages.py")
    first, later = [runpy.run_path(str(versions / name))["_MARKED"] for name in files]
    assert first | later == MARKED


def test_what_is_absent_without_facts_is_not_rolled_up() -> None:
    kept = {part.id for fact in rolled_facts().values() for part in fact.sums}
    values = {p.id for m in METRICS.values() for p in m.parts if p.adds == "value"}
    assert kept
    assert values
    assert not kept & values
