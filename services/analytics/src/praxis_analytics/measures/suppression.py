"""Small cells: what callers who may not see patients are shown of a measure.

When any count inside a measure is small, all its inner counts and rates are hidden, not only the
small ones, so that none can be worked out from the others, from another rate, or from a total.
Zeros are no small counts, but hide with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from praxis_analytics.measures.evaluate import Counts, Group, Result


def _is_small(count: int, limit: int) -> bool:
    return 0 < abs(count) < limit


def _between(one: Counts, other: Counts) -> Iterator[int]:
    """What can be worked out from two groups of counts over the same patients."""
    return (a - b for a, b in zip(one.cells, other.cells, strict=True))


@dataclass(frozen=True)
class Shown:
    """Which counts of a measure may be shown."""

    initial_population: bool
    denominator: bool
    inner: bool
    strata: bool


EVERYTHING = Shown(initial_population=True, denominator=True, inner=True, strata=True)


def shown(result: Result, limit: int) -> Shown:
    """What of a result may be shown to somebody who may not see patients.

    Counts from 1 to below `limit`, the practice's setting, are small.
    """
    groups = result.groups
    totals = [group.counts.initial_population for group in groups]
    below = [one for group in groups for one in (group.counts.denominator, group.counts.initial)]
    inner = [cell for group in groups for cell in group.counts.cells]
    for one, other in combinations([group.counts for group in groups], 2):
        below.append(one.denominator - other.denominator)
        inner += _between(one, other)
    strata = [cell for group in groups for cell in _strata_cells(group)]
    levels = [not any(_is_small(one, limit) for one in some) for some in (totals, below, inner)]
    population, denominator, counts = levels
    denominator = population and denominator
    counts = denominator and counts
    parts = counts and not any(_is_small(one, limit) for one in strata)
    return Shown(population, denominator, counts, parts)


def _strata_cells(group: Group) -> Iterator[int]:
    """The cells of every part, and those of its patients' complement."""
    for _, counts in group.strata:
        yield from counts.cells
        yield from _between(group.counts, counts)
