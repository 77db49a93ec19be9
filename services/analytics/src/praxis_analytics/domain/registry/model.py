"""What a metric is: parts over one source of facts, put together by one formula.

A part is one aggregate over one source; a metric is a signed sum of parts, or one such sum over
another. The subjects beside this module declare them; adding a metric is one declaration there
and its test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_05UP, ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import Any, Literal

from praxis_analytics.domain.facts import Kind, columns_of

Unit = Literal["money", "percent", "count", "number", "days", "hours", "minutes"]
Polarity = Literal["higher", "lower", "neutral"]

# What a part without any fact to look at is when it is no sum: a median of nothing is not 0.
EMPTY = Decimal("NaN")


@dataclass(frozen=True, eq=False)
class Source:
    """Rows that parts count, called `f` in their SQL.

    They are the facts of `kind`, or with `rows` what the query of that name makes of facts.
    `derived` maps further columns (`name type`, comma separated) to the query that adds them, by
    its name; only what a question needs is added. `named` says under which name this source has
    a column that dimensions look for. `subject` are the facts whose time of coverage counts (empty:
    those of the practice altogether), and
    `tables` those that must be there at all. At a `moment` source every row stands at the end of
    the period or of today, whichever is earlier; `ahead` counts what is dated after today.
    """

    name: str
    subject: str
    kind: Kind
    derived: tuple[tuple[str, str], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    rows: str = ""
    columns: str = ""
    tables: tuple[str, ...] = ()
    moment: bool = False
    ahead: bool = False

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Column → SQL type, the derived ones included."""
        own = columns_of(self.columns) if self.rows else self.kind.stored
        more = (column for _, text in self.derived for column in columns_of(text))
        return dict((*own, *more))

    @cached_property
    def added_by(self) -> Mapping[str, str]:
        """Derived column → the query that adds it."""
        return {column: query for query, text in self.derived for column, _ in columns_of(text)}

    @cached_property
    def needs(self) -> frozenset[str]:
        """Tables without any row of which there is no source data."""
        return frozenset(self.tables or (self.kind.table,))

    def column(self, wanted: str) -> str | None:
        """The name here of a column that dimensions look for, or None."""
        name = dict(self.named).get(wanted, wanted)
        return name if name in self.types else None


@dataclass(frozen=True)
class Part:
    """One aggregate over one source.

    `aggregate` and `where` are SQL over `f`; `date` is the column that decides the period (an
    instant is taken in the practice's zone; empty at a moment). `since` is False for a state at
    the period's end, which counts everything dated up to then; `trailing` counts that many days
    up to the period's end instead of the period. With `quantile` the aggregate is the value that
    the quantile is taken of. `adds` is "sum" where the figure of two groups is the sum of
    theirs, "distinct" where it has to be counted anew (0 without facts), "value" where it also
    is absent without facts. `people` marks a count of patients, which small cells hide.
    """

    id: str
    description: str
    source: Source
    date: str
    aggregate: str = "count(*)"
    where: str = "true"
    since: bool = True
    trailing: int = 0
    quantile: Decimal | None = None
    adds: Literal["sum", "distinct", "value"] = "sum"
    people: bool = False
    subject: str = ""

    @property
    def table(self) -> str:
        """The kind of fact whose rows it counts."""
        return self.source.kind.table

    @property
    def instant(self) -> bool:
        """Whether its date is an instant, so that the zone decides the day."""
        return self.source.types.get(self.date) == "timestamptz"

    @property
    def covered_by(self) -> str:
        """The facts whose first and last date say whether there is data."""
        return self.subject or self.source.subject

    def on(self, column: str) -> Part:
        """The same by another date, for variants."""
        return replace(self, id=f"{self.id}@{column}", date=column)


def quantile(
    part_id: str, description: str, source: Source, date: str, value: str, at: str, **more: Any
) -> Part:
    """The `at` quantile (0.5, 0.9) of a value, between two values in proportion."""
    return Part(
        part_id, description, source, date, value, quantile=Decimal(at), adds="value", **more
    )


Terms = tuple[tuple[int, Part], ...]


def terms(*parts: Part, less: tuple[Part, ...] = ()) -> Terms:
    """The sum of `parts`, `less` taken away."""
    return (*((1, part) for part in parts), *((-1, part) for part in less))


def moved(sum_of: Terms, column: str) -> Terms:
    """The same sum by another deciding date."""
    return tuple((sign, part.on(column)) for sign, part in sum_of)


@dataclass(frozen=True)
class Variant:
    """Another lawful reading of a metric, asked for by name."""

    id: str
    label: str
    formula: str
    numerator: Terms
    denominator: Terms = ()


@dataclass(frozen=True)
class Target:
    """Limits of a status; which side of them is good follows from the metric's polarity."""

    good: Decimal
    warning: Decimal


def target(good: str, warning: str) -> Target:
    """Default limits of a metric, which a practice may change."""
    return Target(Decimal(good), Decimal(warning))


@dataclass(frozen=True)
class Metric:
    """What a figure means.

    Its value is scale × numerator × times / denominator, each a signed sum of parts; what is
    empty is left out. `mean_of` adds no such sums but the mean of several shares. A percent has
    a scale of 100 on top. Without `dimensions` it can be split by everything that the sources
    of all its parts know, `without` excepted. `accrual` replaces the numerator under accrual
    accounting. Of a `share` the denominator is that of all groups together. `answers` says that
    fewer answers in the denominator than the practice's minimum are not shown. `absent` is the
    reason why no facts can tell a metric, which has no parts then.
    """

    id: str
    label: str
    unit: Unit
    formula: str
    source: str
    numerator: Terms
    denominator: Terms = ()
    times: Terms = ()
    scale: Decimal = Decimal(1)
    mean_of: tuple[tuple[Terms, Terms], ...] = ()
    accrual: Terms = ()
    variants: tuple[Variant, ...] = ()
    share: bool = False
    answers: bool = False
    absent: str = ""
    polarity: Polarity = "neutral"
    target: Target | None = None
    caveats: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    subject: str = ""
    version: int = 1
    effective: date = date(2026, 1, 1)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part it needs, each once."""
        means = [side for share in self.mean_of for side in share]
        sums = (self.numerator, self.times, self.denominator, *means)
        return tuple(dict.fromkeys(part for one in sums for _, part in one))

    def variant(self, name: str) -> Variant | None:
        """The variant of that name, or None."""
        return next((one for one in self.variants if one.id == name), None)

    def used(self, accrual_basis: bool = False, variant: str = "") -> Metric:
        """The metric as a question uses it: in a variant, or under the practice's accounting."""
        if (other := self.variant(variant)) is not None:
            return replace(
                self,
                formula=other.formula,
                numerator=other.numerator,
                denominator=other.denominator,
            )
        if accrual_basis and self.accrual:
            return replace(self, numerator=self.accrual)
        return self

    @property
    def financial(self) -> bool:
        """Whether it shows money or claims and so needs the right to see them."""
        return any(part.source.subject in ("money", "claims") for part in self.parts)

    @property
    def permission(self) -> str:
        """What seeing it takes."""
        return f"PERMISSION_READ_{'FINANCIAL' if self.financial else 'OPERATIONAL'}"

    @property
    def trendable(self) -> bool:
        """Whether it can be split by time; a balance or count at a moment cannot."""
        return bool(self.parts) and all(
            part.since and not part.source.moment and not part.trailing for part in self.parts
        )


@dataclass(frozen=True)
class Computed:
    """A metric's figure: a value, or the reason there is none."""

    value: Decimal | None
    reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None


Sums = Mapping[str, Decimal | None]


def compute(
    metric: Metric, sums: Sums, accrual_basis: bool = False, whole: Sums | None = None
) -> Computed:
    """The figure from the sums of its parts (part id → sum, None = no source data).

    `whole` are the sums of all groups together, for shares. Rounds once, half up: money, rates
    and means to two places, counts not at all.
    """
    used = metric.used(accrual_basis)
    if used.absent:
        return Computed(None, used.absent)
    if used.mean_of:
        return _mean(used, sums)
    numerator = _add(used.numerator, sums)
    if numerator is not None and used.times:
        times = _add(used.times, sums)
        numerator = None if times is None else _EXACT.multiply(numerator, times)
    if numerator is None:
        return Computed(None, "no_source_data")
    if numerator.is_nan():
        return Computed(None, "zero_denominator")
    if not used.denominator:
        return Computed(_half_up(_EXACT.multiply(numerator, used.scale), used.unit))
    all_of_it = sums if whole is None or not used.share else whole
    return _share(used, numerator, _add(used.denominator, all_of_it))


def _share(metric: Metric, numerator: Decimal, denominator: Decimal | None) -> Computed:
    if denominator is None:
        return Computed(None, "no_source_data", numerator)
    if denominator.is_nan() or denominator == 0:
        return Computed(None, "zero_denominator", numerator, Decimal(0))
    share = _EXACT.divide(_EXACT.multiply(numerator, metric.scale), denominator)
    if metric.unit == "percent":
        share = share.scaleb(2, _EXACT)
    return Computed(_half_up(share, metric.unit), "", numerator, denominator)


def _mean(metric: Metric, sums: Sums) -> Computed:
    """The mean of the shares that have a denominator."""
    pairs = [(_add(over, sums), _add(under, sums)) for over, under in metric.mean_of]
    known = [(over, under) for over, under in pairs if over is not None and under is not None]
    if not known:
        return Computed(None, "no_source_data")
    shares = [_EXACT.divide(over, under) for over, under in known if under]
    total = Decimal(0)
    for share in shares:
        total = _EXACT.add(total, share)
    return _share(metric, total, Decimal(len(shares)))


def _add(sum_of: Terms, sums: Sums) -> Decimal | None:
    total = Decimal(0)
    for sign, part in sum_of:
        value = sums[part.id]
        if value is None:
            return None
        total = (_EXACT.add if sign > 0 else _EXACT.subtract)(total, value)
    return total


def answered(metric: Metric, sums: Sums) -> Decimal:
    """How many answers a figure rests on: its denominator, or the most of its shares'."""
    counts = [_add(under, sums) for _, under in metric.mean_of] or [_add(metric.denominator, sums)]
    return max((count for count in counts if count is not None), default=Decimal(0))


# More digits than any sum of cents has (the default context has 28), and a rounding after which
# rounding again to fewer places gives what rounding once would have given.
_EXACT = Context(prec=100, rounding=ROUND_05UP)
_CENT, _ONE = Decimal("0.01"), Decimal(1)


def _half_up(value: Decimal, unit: str) -> Decimal:
    """The nearest cent or hundredth, of a count the nearest whole; a half goes away from zero."""
    rounded = value.quantize(_ONE if unit == "count" else _CENT, ROUND_HALF_UP, _EXACT)
    return _EXACT.add(rounded, Decimal(0))  # there is no minus zero


def change_percent(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """100 × (value − before) / |before|, two places; None where either is absent or before is 0."""
    if value is None or before is None or before == 0:
        return None
    share = _EXACT.divide(_EXACT.subtract(value, before), _EXACT.abs(before))
    return _half_up(share.scaleb(2, _EXACT), "percent")
