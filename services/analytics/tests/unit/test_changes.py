"""Parts of a change always add up to it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.domain.changes import Side, Split, additive, split_ratios, split_sums
from praxis_analytics.domain.registry import METRICS

_money = st.decimals(-10_000, 10_000, places=2).map(Fraction)
_counts = st.integers(0, 500).map(Fraction)


def _sides() -> st.SearchStrategy[list[tuple[Side, Side]]]:
    side = st.builds(Side, _counts, _counts)
    return st.lists(st.tuples(side, side), min_size=1, max_size=8)


@given(st.lists(st.tuples(_money, _money), min_size=1, max_size=8))
def test_parts_of_a_sum_are_the_moves_of_its_groups(
    groups: list[tuple[Fraction, Fraction]],
) -> None:
    now, before = ([pair[at] for pair in groups] for at in (0, 1))
    moves = [one - other for one, other in groups]
    total = Decimal(int(sum(moves) * 100)) / 100
    found = split_sums(now, before, total)
    assert [Fraction(part.amount) for part in found] == moves


@given(_sides())
def test_parts_of_a_ratio_add_up_to_its_change(groups: list[tuple[Side, Side]]) -> None:
    now, before = ([pair[at] for pair in groups] for at in (0, 1))
    wholes = [sum(side.under for side in sides) for sides in (now, before)]
    if not all(wholes):
        assert split_ratios(now, before, Fraction(100), Decimal(0)) == []
        return
    ratios = [
        Decimal(round(10_000 * sum(side.over for side in sides) / whole)) / 100
        for sides, whole in zip((now, before), wholes, strict=True)
    ]
    total = ratios[0] - ratios[1]
    found = split_ratios(now, before, Fraction(100), total)
    assert sum((part.amount for part in found), Decimal(0)) == total
    for part in found:
        assert part.rate is not None
        assert part.mix is not None
        assert part.rate + part.mix == part.amount


def test_a_worked_case_by_rate_and_by_mix() -> None:
    # Medicare 10 of 100 then 30 of 200 now; commercial 40 of 100 both times but 100 of 300 now.
    before = [Side(Fraction(10), Fraction(100)), Side(Fraction(40), Fraction(100))]
    now = [Side(Fraction(30), Fraction(200)), Side(Fraction(40), Fraction(100))]
    # 25.00 % became 23.33 %.
    found = split_ratios(now, before, Fraction(100), Decimal("-1.67"))
    # Medicare: 2/3 × (15 − 10) by rate, (2/3 − 1/2) × (10 − 25) by weight.
    assert found[0] == Split(Decimal("0.83"), Decimal("3.33"), Decimal("-2.50"))
    # Commercial: its rate stood, its weight fell by 1/6 of 40 − 25.
    assert found[1] == Split(Decimal("-2.50"), Decimal("0.00"), Decimal("-2.50"))


def test_what_has_no_exact_parts_is_known() -> None:
    assert additive(METRICS["total_revenue"]) == ""
    assert additive(METRICS["no_show_rate"]) == ""
    assert additive(METRICS["average_revenue_per_patient"])
    assert additive(METRICS["new_patients"])
