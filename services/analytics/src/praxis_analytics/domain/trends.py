"""Where a series is heading: the median of the slopes between all pairs of its points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations

POINTS_LEAST, POINTS_MOST = 3, 400
_CENT = Decimal("0.01")
# A series is stable up to this many percent either way.
_STABLE = 2

Point = tuple[int, Decimal]


@dataclass(frozen=True)
class Trend:
    """up, down or stable, by how many percent over the series; or why that cannot be said."""

    direction: str | None = None
    percentage: Decimal | None = None
    reason: str = ""


def trend(values: Sequence[Decimal | None]) -> Trend:
    """The trend of the buckets of a series, oldest first; None where a bucket has no value.

    Percentage: 100 × slope × (last − first place) / |mean|, half up to two places. Buckets
    without a value keep their place and take no other part. `too_few_points` with fewer than
    three values, `zero_denominator` for a mean of 0.
    """
    points = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(points) < POINTS_LEAST:
        return Trend(reason="too_few_points")
    total = sum(Fraction(value) for _, value in points)
    if total == 0:
        return Trend(reason="zero_denominator")
    span = points[-1][0] - points[0][0]
    percentage = _rounded(100 * slope(points) * span * len(points) / abs(total))
    if abs(percentage) <= _STABLE:
        return Trend("stable", percentage)
    return Trend("up" if percentage > 0 else "down", percentage)


def slope(points: Sequence[Point]) -> Fraction:
    """The median slope of all pairs of points (Theil–Sen), exactly; at least two, by place."""
    pairs = [(y - x, j - i) for (i, x), (j, y) in combinations(points, 2)]
    pairs.sort(key=lambda pair: pair[0] / pair[1])
    middle = pairs[(len(pairs) - 1) // 2], pairs[len(pairs) // 2]
    return sum((Fraction(rise) / run for rise, run in middle), Fraction(0)) / 2


def _rounded(value: Fraction) -> Decimal:
    """The nearest hundredth; a half goes away from zero."""
    hundredths = int(abs(value) * 100 + Fraction(1, 2))
    sign = -1 if value < 0 and hundredths else 1
    return (sign * hundredths * _CENT).quantize(_CENT, ROUND_HALF_UP)


def label(day: date, grain: str) -> str:
    """What people call the bucket that begins on `day`: of weeks only those from Monday on are
    numbered."""
    if grain == "week" and day.weekday() == 0:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if grain == "month":
        return f"{_MONTHS[day.month - 1]} {day.year}"
    if grain == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
