"""Measures as they are declared, their windows, and what small cells hide."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from praxis_analytics.domain.periods import Range
from praxis_analytics.measures.compile import PLACES, Plan
from praxis_analytics.measures.declared import Expression, Measure, Step, local_codes, measures
from praxis_analytics.measures.evaluate import Counts, Group, Result
from praxis_analytics.measures.suppression import EVERYTHING, shown

YEAR = Range(date(2025, 1, 1), date(2025, 12, 31))
EVERY = list(measures().values())


def plan() -> Plan:
    return Plan(YEAR, date(2025, 6, 1), "UTC", {"practice": None}, newest=True, codes=local_codes())


def names_in(expression: Expression | None) -> Iterator[str]:
    if isinstance(expression, str):
        yield expression
    elif expression is not None and expression[0] not in ("age", "age_at_start", "sex"):
        for part in expression[1:]:
            if isinstance(part, str | list):
                yield from names_in(part)


@pytest.mark.parametrize("measure", EVERY, ids=lambda measure: measure.id)
def test_every_declared_thing_is_used_and_known(measure: Measure) -> None:
    codes = local_codes()
    used: set[str] = set()
    for rate in measure.rates:
        for expression in (
            rate.initial_population, rate.denominator, rate.exclusions, rate.exceptions,
            rate.numerator, *(part.where for part in rate.strata),
        ):  # fmt: skip
            used.update(names_in(expression))
        assert rate.sources
        read = {step.list for step in measure.steps.values()}
        assert {name for group in rate.sources for name in group} <= read
    assert used == measure.steps.keys()
    for step in measure.steps.values():
        lists = {step.list, step.reason, step.values, step.most_recent} - {"", "lowest"}
        assert lists <= codes.lists.keys()
        assert step.list or step.reason or step.fact == "visit"
        assert not step.unit or step.unit in codes.units
    assert re.fullmatch(r"cms\d+_2025", measure.id)
    assert measure.cms_id.lower().startswith(measure.id.partition("_")[0] + "v")


@pytest.mark.parametrize("measure", EVERY, ids=lambda measure: measure.id)
def test_every_rate_puts_a_patient_into_a_place(measure: Measure) -> None:
    for rate in measure.rates:
        sql = plan().place(measure, rate)
        assert set(re.findall("'([a-z]+)'", sql)) & set(PLACES) >= {"met", "missed"}


def test_lists_hold_no_more_than_they_need() -> None:
    codes = local_codes()
    assert all(1 <= len(codes.lists[name]) <= 10 for name in codes.lists)
    every = [code for name in codes.lists for code in codes.lists[name]]
    assert all(re.fullmatch(r"http://(snomed\.info/sct|loinc\.org)\|[0-9-]+", c) for c in every)


def test_an_unknown_step_or_operator_is_refused() -> None:
    with pytest.raises(KeyError):
        plan().truth(EVERY[0], "no such step")
    with pytest.raises(KeyError):
        plan().truth(EVERY[0], ["nearly", "visit", 1])


@pytest.mark.parametrize(
    ("step", "start", "end"),
    [
        (Step("visit"), "2025-01-01", "2025-12-31"),
        (Step("procedure", years_before=9), "2016-01-01", "2025-12-31"),
        (Step("procedure", years_before=2, since="10-01"), "2023-10-01", "2025-12-31"),
        (Step("procedure", months_before=6), "2024-07-01", "2025-12-31"),
        (Step("procedure", days_before=14), "2024-12-18", "2025-12-31"),
        (Step("condition", until="06-30"), "2025-01-01", "2025-06-30"),
        (Step("condition", ever=True), None, "2025-12-31"),
    ],
)
def test_windows(step: Step, start: str | None, end: str) -> None:
    first = date.fromisoformat(start) if start else None
    assert step.window(YEAR) == (first, date.fromisoformat(end))


def test_counts_and_rate() -> None:
    counts = Counts(initial=1, excluded=2, met=3, excepted=4, missed=6)
    assert (counts.initial_population, counts.denominator, counts.eligible) == (16, 15, 9)
    assert counts.figure().value == Decimal("33.33")
    assert Counts(met=1, missed=7).figure().value == Decimal("12.50")
    # 3 / 800 = 0.375 %: half up.
    assert Counts(met=3, missed=797).figure().value == Decimal("0.38")
    assert Counts(excluded=5).figure().reason == "zero_denominator"


def result(*groups: Counts, strata: tuple[Counts, ...] = ()) -> Result:
    measure = measures()["cms138_2025"]
    part = measure.rates[0].strata[0]
    made = tuple(
        Group(measure.rates[0], one, tuple((part, s) for s in strata), True, "") for one in groups
    )
    return Result(measure, YEAR, "local", made)


def test_nothing_is_hidden_without_small_cells() -> None:
    assert shown(result(Counts(excluded=11, met=50, missed=0)), 11) == EVERYTHING
    assert shown(result(Counts()), 11) == EVERYTHING


def test_a_small_cell_hides_all_inner_ones() -> None:
    assert shown(result(Counts(excluded=1, met=50, missed=50)), 11) == dataclasses.replace(
        EVERYTHING, inner=False, strata=False
    )
    # With the setting at 5 a count of 5 is shown.
    assert shown(result(Counts(met=50, missed=5)), 5) == EVERYTHING


def test_small_totals_hide_what_stands_below() -> None:
    seen = shown(result(Counts(initial=10, met=50, missed=50)), 11)
    assert (seen.initial_population, seen.denominator, seen.inner) == (True, False, False)
    seen = shown(result(Counts(met=5, missed=5)), 11)
    assert not seen.initial_population


def test_rates_of_one_measure_do_not_give_each_other_away() -> None:
    # 4 patients met the first rate and not the second.
    seen = shown(result(Counts(met=40, missed=60), Counts(met=36, missed=64)), 11)
    assert not seen.inner


def test_parts_are_hidden_with_their_complement() -> None:
    seen = shown(result(Counts(met=40, missed=60), strata=(Counts(met=36, missed=60),)), 11)
    assert seen == dataclasses.replace(EVERYTHING, strata=False)


def test_no_small_count_follows_from_what_is_shown() -> None:
    """Of every table up to a size: each of its small counts could as well be another."""
    limit, size = 3, 7
    tables = [Counts(*cells) for cells in product(range(size + 1), repeat=3) if sum(cells) <= size]

    def seen(one: Counts) -> tuple[object, ...]:
        visible = shown(result(one), limit)
        return (
            one.initial_population if visible.initial_population else None,
            one.denominator if visible.denominator else None,
            one.cells if visible.inner else None,
        )

    views: dict[tuple[object, ...], list[Counts]] = {}
    for one in tables:
        views.setdefault(seen(one), []).append(one)
    hidden = 0
    for same in views.values():
        for values in zip(*(one.cells for one in same), strict=True):
            if any(0 < value < limit for value in values):
                hidden += 1
                assert len(set(values)) > 1
    assert hidden > 10
