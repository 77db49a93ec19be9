"""Figures that cannot be computed are absent with a reason; zero is measured."""

from __future__ import annotations

from datetime import date

import pytest_asyncio

from conftest import NewPractice
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CONDITION,
)
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import DIMENSIONS, dimensions_of
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book
from services.analytics.tests.small import (
    JUNE,
    MAY,
    MAY_DAYS,
    ZONE,
    ask,
    booked,
    charge,
    posted,
    value,
    visit,
)

YEAR = ("2025-01-01", "2025-12-31")


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    return Book(connection, await new_practice(ZONE))


async def test_an_empty_practice_answers_everything_with_a_reason(book: Book) -> None:
    def reasons(names: list[str]) -> list[str]:
        return [METRICS[name].absent or "no_source_data" for name in names]

    everything = list(METRICS)
    for more in ({}, {"accrual_basis": True}, {"comparison": MAY_DAYS}):
        found = await ask(book, " ".join(everything), YEAR, **more)
        (row,) = found.rows
        assert [figure.value for figure in row.figures] == [None] * len(everything)
        assert [figure.reason for figure in row.figures] == reasons(everything)
        assert row.comparison in (None, row.figures)
        assert (found.state.revision, found.state.data_through) == (0, None)
    for dimension in DIMENSIONS:
        able = [name for name in METRICS if dimension in dimensions_of(METRICS[name])]
        split = await ask(book, " ".join(able), YEAR, dimensions=(dimension,))
        (row,) = split.rows
        assert [figure.reason for figure in row.figures] == reasons(able)


async def test_a_practice_with_clinical_facts_only_has_no_money(book: Book) -> None:
    await book.apply(
        visit(book, "v", "2025-05-12T09:00"),
        book.entry(CONDITION, "c", code="44054006", onset_on=date(2025, 5, 12)),
    )
    money = [metric.id for metric in METRICS.values() if metric.financial]
    assert "total_revenue" in money
    for metric in (*money, "total_appointments", "no_show_rate"):
        assert await value(book, metric, MAY) == "no_source_data"
    assert (await ask(book, "total_charges", MAY)).state.data_through == date(2025, 5, 12)


async def test_zero_inside_the_time_of_the_data_and_absent_outside(book: Book) -> None:
    await book.apply(
        charge(book, "c", "100.00", "2025-03-03"),
        posted(book, "p", "payment/insurance", "60.00", "2025-07-07"),
        booked(book, "a", "2025-05-12T09:00"),
    )
    # Money lasts from the first charge to the last payment, for both.
    for metric, reason in (
        ("total_charges", "0.00"),
        ("total_payments", "0.00"),
        ("total_revenue", "0.00"),
        ("collection_rate", "zero_denominator"),
    ):
        assert await value(book, metric, MAY) == reason
        assert await value(book, metric, ("2025-01-01", "2025-03-02")) == "no_source_data"
        assert await value(book, metric, ("2025-07-08", "2025-12-31")) == "no_source_data"
        assert await value(book, metric, ("2025-07-07", "2025-12-31")) != "no_source_data"
    # Appointments have a time of their own.
    assert await value(book, "no_show_appointments", MAY) == "0"
    assert await value(book, "no_show_rate", MAY) == "0.00"
    assert await value(book, "no_show_appointments", JUNE) == "no_source_data"
    assert await value(book, "no_show_rate", JUNE) == "no_source_data"
    # No visits at all: a mean over them is not a division by zero.
    assert await value(book, "average_revenue_per_patient", MAY) == "no_source_data"


async def test_a_kind_that_was_never_recorded_is_absent_not_zero(book: Book) -> None:
    await book.apply(charge(book, "c", "100.00", "2025-05-12"))
    assert await value(book, "total_charges", MAY) == "100.00"
    for metric in ("total_payments", "collection_rate", "outstanding_balance", "refunds"):
        assert await value(book, metric, MAY) == "no_source_data"


async def test_facts_without_a_date_or_voided_are_no_data(book: Book) -> None:
    await book.apply(
        book.entry(APPOINTMENT, "w", status="waitlist"),
        charge(book, "c", "100.00", "2025-05-12", version=1),
    )
    assert await value(book, "total_appointments", MAY) == "no_source_data"
    assert await value(book, "total_charges", MAY) == "100.00"
    await book.apply(charge(book, "c", "100.00", "2025-05-12", version=2, voided=True))
    assert await value(book, "total_charges", MAY) == "no_source_data"


async def test_trends_fill_empty_buckets(book: Book) -> None:
    await book.apply(
        charge(book, "c1", "100.00", "2025-05-12"),
        charge(book, "c2", "10.00", "2025-07-12"),
        posted(book, "p", "payment/insurance", "20.00", "2025-06-12"),
    )
    found = await ask(
        book, "total_charges collection_rate", ("2025-05-01", "2025-07-31"), grain="month"
    )
    assert [row.figures[0].value for row in found.rows] == [100, 0, 10]
    rates = [row.figures[1] for row in found.rows]
    assert [rate.value for rate in rates] == [0, None, 0]
    assert rates[1].reason == "zero_denominator"
