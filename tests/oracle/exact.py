"""Exact ratios, means and percentiles, rounded half away from zero once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

Number = Decimal | Fraction | int
Figure = Decimal | int | None
Figures = dict[str, Figure]


def rounded(value: Number) -> Decimal:
    """Two places."""
    exact = Fraction(value)
    cents = floor(abs(exact) * 100 + Fraction(1, 2))
    return Decimal(cents if exact >= 0 else -cents) / 100


def ratio(factor: Number, above: Number | None, below: Number | None) -> Decimal | None:
    """factor × above / below, or None at a denominator of 0."""
    if above is None or not below:
        return None
    return rounded(Fraction(factor) * Fraction(above) / Fraction(below))


def mean(values: Sequence[Number]) -> Decimal | None:
    """The mean, or None of nothing."""
    return ratio(1, total(values), len(values))


def total(values: Iterable[Number]) -> Fraction:
    """The exact sum."""
    return sum((Fraction(v) for v in values), Fraction(0))


def percentile(values: Iterable[Number], share: str) -> Decimal | None:
    """The value below which a share lies, drawn straight between neighbours; None of nothing."""
    ordered = sorted(Fraction(v) for v in values)
    if not ordered:
        return None
    at = Fraction(share) * (len(ordered) - 1)
    below = floor(at)
    above = min(below + 1, len(ordered) - 1)
    return rounded(ordered[below] + (at - below) * (ordered[above] - ordered[below]))


def spread(name: str, values: Sequence[Number]) -> Figures:
    """Mean, median and ninth decile."""
    return {
        name: mean(values),
        f"{name}_p50": percentile(values, ".5"),
        f"{name}_p90": percentile(values, ".9"),
    }
