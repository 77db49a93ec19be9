"""Figures from sums: exact, rounded once and half up, absent with a reason."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Computed, Metric, Unit, change_percent, compute
from praxis_analytics.queries.sources import COLUMNS, JOINS, ROWS

CENTS = st.decimals(-(10**14), 10**14, places=2)
RATE = METRICS["collection_rate"]
MEAN = METRICS["average_revenue_per_patient"]
REVENUE = METRICS["total_revenue"]


def by_id(**sums: str | int | None) -> dict[str, Decimal | None]:
    return {name: None if value is None else Decimal(value) for name, value in sums.items()}


def figure(metric: Metric, **sums: str | int | None) -> Computed:
    return compute(metric, by_id(**sums), accrual_basis=False)


def digits(value: Decimal, places: int) -> Decimal:
    """Rounded half up by the decimal module, with room for every digit."""
    with localcontext(prec=200):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [
        ("1", "3", "33.33"),
        ("2", "3", "66.67"),
        ("0.005", "1", "0.50"),
        ("1", "800", "0.13"),  # 0.125: a half goes up
        ("-1", "800", "-0.13"),  # and away from zero below it
        ("1", "-800", "-0.13"),
        ("0", "7", "0.00"),
        ("0", "-7", "0.00"),
        ("-1", "99999999", "0.00"),
        ("350.00", "0.01", "3500000.00"),
    ],
)
def test_a_rate_is_rounded_half_up_to_two_places(
    numerator: str, denominator: str, value: str
) -> None:
    found = figure(RATE, payments=numerator, charges=denominator)
    assert str(found.value) == value
    assert (found.numerator, found.denominator) == (Decimal(numerator), Decimal(denominator))


def test_a_quotient_just_under_the_half_cent_is_not_rounded_up() -> None:
    assert figure(RATE, payments="0.0005", charges=10).value == Decimal("0.01")
    # At 28 digits, the default of the decimal module, this would be the half cent as well.
    assert figure(RATE, payments="0.0004" + "9" * 40, charges=10).value == 0


def test_huge_sums_keep_their_cents() -> None:
    many = "123456789012345678901234567890123456.78"
    found = figure(REVENUE, payments=many, refunds="0.01")
    assert str(found.value) == "123456789012345678901234567890123456.77"
    found = figure(RATE, payments=many, charges=many)
    assert found.value == 100
    assert found.numerator == Decimal(many)


@given(CENTS, CENTS.filter(bool))
def test_a_rate_equals_the_long_division(numerator: Decimal, denominator: Decimal) -> None:
    with localcontext(prec=200):
        expected = digits(100 * numerator / denominator, 2)
    found = figure(RATE, payments=str(numerator), charges=str(denominator))
    assert found.value == expected


@given(CENTS, CENTS)
def test_a_sum_is_exact(payments: Decimal, refunds: Decimal) -> None:
    found = figure(REVENUE, payments=str(payments), refunds=str(refunds))
    assert found == Computed(payments - refunds)


@given(CENTS, st.integers(1, 10**6))
def test_a_mean_is_rounded_once(amount: Decimal, patients: int) -> None:
    found = figure(MEAN, payments=str(amount), refunds=0, visit_patients=patients)
    with localcontext(prec=200):
        assert found.value == digits(amount / patients, 2)


def test_a_count_has_no_places() -> None:
    found = figure(METRICS["no_show_appointments"], no_shows=12)
    assert str(found.value) == "12"


def test_what_is_not_there_is_absent_with_a_reason() -> None:
    assert figure(REVENUE, payments=None, refunds=0) == Computed(None, "no_source_data")
    assert figure(RATE, payments=None, charges=5).reason == "no_source_data"
    no_charges = figure(RATE, payments=5, charges=None)
    assert (no_charges.value, no_charges.reason) == (None, "no_source_data")
    zero = figure(RATE, payments=5, charges="0.00")
    assert (zero.value, zero.reason) == (None, "zero_denominator")
    assert (zero.numerator, zero.denominator) == (Decimal(5), Decimal(0))


def test_the_accounting_basis_decides_what_revenue_is() -> None:
    sums = by_id(payments=100, refunds=30, charges=500, contractual=120)
    assert compute(REVENUE, sums, accrual_basis=False).value == 70
    assert compute(REVENUE, sums, accrual_basis=True).value == 380
    assert compute(METRICS["total_payments"], sums, accrual_basis=True).value == 100


@pytest.mark.parametrize(
    ("value", "before", "change"),
    [
        ("110", "100", "10.00"),
        ("90", "100", "-10.00"),
        ("-50", "-100", "50.00"),
        ("50", "-100", "150.00"),
        ("0", "3", "-100.00"),
        ("800.01", "800.00", "0.00"),
        ("800.04", "800.00", "0.01"),
        ("799.96", "800.00", "-0.01"),
        ("1", "0", None),
        (None, "5", None),
        ("5", None, None),
    ],
)
def test_change_in_percent(value: str | None, before: str | None, change: str | None) -> None:
    found = change_percent(*(None if text is None else Decimal(text) for text in (value, before)))
    assert (None if found is None else str(found)) == change


def test_the_registry_is_sound() -> None:
    meanings: dict[str, object] = {}
    for name, metric in METRICS.items():
        assert name == metric.id
        assert metric.unit in get_args(Unit)
        assert metric.label
        assert metric.formula
        assert metric.source
        assert metric.subject
        assert bool(metric.parts) != bool(metric.absent)
        shares = bool(metric.denominator or metric.mean_of or metric.absent)
        assert (metric.unit == "percent") <= shares
        used = (metric.used(), metric.used(accrual_basis=True))
        variants = (metric.used(variant=one.id) for one in metric.variants)
        for part in (part for one in (*used, *variants) for part in one.parts):
            assert meanings.setdefault(part.id, part) == part, f"{part.id}: one id, two meanings"
            assert not part.date or part.date in part.source.types, part.id
            assert bool(part.date) != part.source.moment, part.id


def test_what_sources_derive_is_known_to_the_queries() -> None:
    sources = {part.source for metric in METRICS.values() for part in metric.parts}
    for source in sources:
        assert not source.rows or source.rows in ROWS
        assert {query for query, _ in source.derived} <= COLUMNS.keys() | JOINS.keys()
        # A derived column would hide one of the fact.
        own = [name for name, _ in source.kind.stored] if not source.rows else []
        assert not set(own) & source.added_by.keys()
