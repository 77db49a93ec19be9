"""Trends: the worked example, the rules, and properties of the slope."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.domain.trends import Trend, label, slope, trend

CENTS = st.decimals(-1_000_000, 1_000_000, places=2)
SERIES = st.lists(CENTS, min_size=3, max_size=25)
GAPPED = st.lists(st.none() | CENTS, max_size=25)


def series(*values: float | str | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(str(value)) for value in values]


def test_the_worked_example() -> None:
    values = series(10, 12, 11, 15)
    exact = slope([(place, value) for place, value in enumerate(values) if value is not None])
    assert exact == (Fraction(3, 2) + Fraction(5, 3)) / 2
    assert trend(values) == Trend("up", Decimal("39.58"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((), Trend(reason="too_few_points")),
        ((1, 2), Trend(reason="too_few_points")),
        ((1, None, None, 2), Trend(reason="too_few_points")),
        ((0, 0, 0), Trend(reason="zero_denominator")),
        ((-5, 0, 5), Trend(reason="zero_denominator")),
        ((7, 7, 7), Trend("stable", Decimal("0.00"))),
        # Exactly two percent is stable, a hundredth more is not.
        ((99, 100, 101), Trend("stable", Decimal("2.00"))),
        ((98.995, 100, 101.005), Trend("up", Decimal("2.01"))),
        ((101.005, 100, 98.995), Trend("down", Decimal("-2.01"))),
        # A gap keeps its place: one step up in each of three.
        ((1, None, 3, 4), Trend("up", Decimal("112.50"))),
        # Growing less negative is growing.
        ((-30, -20, -10), Trend("up", Decimal("100.00"))),
    ],
)
def test_rules(values: tuple[float | None, ...], found: Trend) -> None:
    assert trend(series(*values)) == found


def test_one_wild_value_does_not_turn_a_series_around() -> None:
    steady, wild = series(10, 11, 12, 13, 14, 15, 16), series(10, 11, 12, 13, -900, 15, 16)
    assert trend(steady).direction == "up"
    assert slope(list(enumerate(v for v in wild if v is not None))) > 0


@given(SERIES)
def test_it_is_the_median_of_all_slopes(values: list[Decimal]) -> None:
    points = list(enumerate(values))
    every = [Fraction(y - x) / (j - i) for (i, x), (j, y) in combinations(points, 2)]
    assert slope(points) == median(every)


@given(GAPPED)
def test_upside_down_turns_it_around(values: list[Decimal | None]) -> None:
    opposite = {"up": "down", "down": "up", "stable": "stable", None: None}
    found, turned = trend(values), trend([None if v is None else -v for v in values])
    assert turned.direction == opposite[found.direction]
    assert turned.reason == found.reason
    if found.percentage is not None and turned.percentage is not None:
        assert turned.percentage == -found.percentage


@given(GAPPED, st.integers(1, 1000))
def test_the_unit_of_the_values_does_not_matter(values: list[Decimal | None], by: int) -> None:
    assert trend([None if v is None else v * by for v in values]) == trend(values)


@given(SERIES, CENTS.filter(bool), CENTS)
def test_a_straight_line_has_its_own_slope(
    values: list[Decimal], step: Decimal, first: Decimal
) -> None:
    line = [first + step * place for place in range(len(values))]
    assert slope(list(enumerate(line))) == Fraction(step)


@given(GAPPED)
def test_either_a_figure_or_a_reason(values: list[Decimal | None]) -> None:
    found = trend(values)
    assert (found.percentage is None) == (found.direction is None) == bool(found.reason)


def test_labels() -> None:
    assert label(date(2026, 3, 2), "day") == "2026-03-02"
    assert label(date(2024, 12, 30), "week") == "2025-W01"
    assert label(date(2026, 3, 1), "month") == "Mar 2026"
    assert [label(date(2026, month, 1), "quarter")[-2:] for month in (1, 4, 7, 10)] == [
        "Q1", "Q2", "Q3", "Q4",
    ]  # fmt: skip
