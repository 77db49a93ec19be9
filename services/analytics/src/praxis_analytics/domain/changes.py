"""Splits the change of a figure into parts that add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from praxis_analytics.domain.registry.model import Metric

_CENT = Fraction(1, 100)


@dataclass(frozen=True)
class Side:
    """Numerator and denominator of one group in one period; a plain sum has a denominator of 1."""

    over: Fraction
    under: Fraction


@dataclass(frozen=True)
class Split:
    """What a group adds to a change; of a ratio, how much by its rate and by its weight."""

    amount: Decimal
    rate: Decimal | None = None
    mix: Decimal | None = None


def additive(metric: Metric) -> str:
    """Why a metric's change cannot be split by groups; empty when it can."""
    if not metric.parts or metric.mean_of or metric.times or metric.share:
        return "is put together from more than one ratio"
    if any(part.adds != "sum" for part in metric.parts):
        return "counts something once however often it occurs, or is no sum"
    return ""


def split_sums(now: Sequence[Fraction], before: Sequence[Fraction], total: Decimal) -> list[Split]:
    """Parts of the change of a sum, one per group, adding up to `total`."""
    moves = [one - other for one, other in zip(now, before, strict=True)]
    return [Split(amount) for amount in _in_cents(moves, total)]


def split_ratios(
    now: Sequence[Side], before: Sequence[Side], scale: Fraction, total: Decimal
) -> list[Split]:
    """Parts of the change of a ratio, one per group, adding up to `total`.

    With w the group's share of all denominators and r its ratio, a group adds w₁(r₁ − r₀) by its
    rate and (w₁ − w₀)(r₀ − R₀) by its weight, R₀ being the ratio of all groups before. A group
    that was not there counts with R₀ as its ratio before.
    """
    whole_now, whole_before = (
        sum((side.under for side in sides), Fraction(0)) for sides in (now, before)
    )
    if not whole_now or not whole_before:
        return []
    overall = sum((side.over for side in before), Fraction(0)) / whole_before
    rates, mixes = [], []
    for one, other in zip(now, before, strict=True):
        weight, earlier = one.under / whole_now, other.under / whole_before
        ratio_before = other.over / other.under if other.under else overall
        # Without a denominator the numerator still counts in the whole.
        gained = one.over / whole_now - weight * ratio_before
        lost = other.over / whole_before - earlier * ratio_before
        rates.append(scale * (gained - lost))
        mixes.append(scale * (weight - earlier) * (ratio_before - overall))
    amounts = _in_cents([rate + mix for rate, mix in zip(rates, mixes, strict=True)], total)
    return [
        Split(amount, amount - _rounded(mix), _rounded(mix))
        for amount, mix in zip(amounts, mixes, strict=True)
    ]


def _rounded(value: Fraction) -> Decimal:
    return Decimal(round(value / _CENT)) / 100


def _in_cents(values: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """The values in whole cents that add up to `total`: those cut the most are raised first."""
    cents = [value // _CENT for value in values]
    missing = int(total * 100) - sum(cents)
    order = sorted(range(len(values)), key=lambda at: values[at] / _CENT - cents[at], reverse=True)
    for turn in range(abs(missing)):
        cents[order[turn % len(order)]] += 1 if missing > 0 else -1
    return [Decimal(cent) / 100 for cent in cents]
