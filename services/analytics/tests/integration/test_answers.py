"""Cases worked by hand: small facts, and the figures that follow from the definitions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    ENCOUNTER,
    PAYER,
    PROVIDER,
)
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.model import Computed, change_percent
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.small import (
    JULY,
    JUNE,
    MAY,
    MAY_DAYS,
    ZONE,
    ask,
    booked,
    charge,
    figure,
    local,
    posted,
    value,
    visit,
)

NO_DATA = Computed(None, "no_source_data")


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    return Book(connection, await new_practice(ZONE))


async def test_the_collection_example(book: Book) -> None:
    await book.apply(
        charge(book, "c", "1000.00", "2025-05-12"),
        posted(book, "1", "adjustment/contractual", "350.00", "2025-06-02"),
        posted(book, "2", "payment/insurance", "500.00", "2025-06-02"),
        posted(book, "3", "payment/patient", "60.00", "2025-06-20"),
        posted(book, "4", "adjustment/bad_debt", "40.00", "2025-06-30"),
    )
    assert await value(book, "collection_rate", MAY) == "0.00"
    june = await figure(book, "collection_rate", JUNE)
    assert (june.value, june.reason) == (None, "zero_denominator")
    assert (june.numerator, june.denominator) == (Decimal("560.00"), Decimal(0))
    both = ("2025-05-01", "2025-06-30")
    assert await value(book, "collection_rate", both) == "56.00"
    net = await figure(book, "net_collection_rate", both)
    assert net == Computed(Decimal("86.15"), "", Decimal("560.00"), Decimal("650.00"))
    assert await value(book, "outstanding_balance", both) == "50.00"
    assert await value(book, "outstanding_balance", MAY) == "1000.00"
    assert await value(book, "total_adjustments", JUNE) == "390.00"
    assert await value(book, "total_revenue", both) == "560.00"
    assert await value(book, "total_revenue", both, accrual_basis=True) == "650.00"


async def test_a_credit_balance_is_not_netted_against_an_open_one(book: Book) -> None:
    await book.apply(
        charge(book, "c1", "100.00", "2025-05-12", claim="1"),
        posted(book, "p1", "payment/insurance", "130.00", "2025-05-20", claim="1"),
        charge(book, "c2", "80.00", "2025-05-12", claim="2"),
        posted(book, "p2", "payment/insurance", "30.00", "2025-06-20", claim="2"),
    )
    assert await value(book, "outstanding_balance", MAY) == "80.00"
    assert await value(book, "outstanding_balance", JUNE) == "50.00"


async def test_a_balance_stands_on_after_the_last_posting(book: Book) -> None:
    await book.apply(
        charge(book, "c", "100.00", "2025-05-12"),
        posted(book, "p", "payment/insurance", "30.00", "2025-05-20"),
    )
    assert await value(book, "outstanding_balance", JULY) == "70.00"
    assert await value(book, "total_charges", JULY) == "no_source_data"
    assert await value(book, "outstanding_balance", ("2025-04-01", "2025-04-30")) == (
        "no_source_data"
    )


async def test_a_self_pay_visit_has_a_balance_of_its_own(book: Book) -> None:
    one: dict[str, Any] = {"encounter_id": book.id(ENCOUNTER, "1")}
    two: dict[str, Any] = {"encounter_id": book.id(ENCOUNTER, "2")}
    await book.apply(
        charge(book, "c1", "100.00", "2025-05-12", **one),
        charge(book, "c2", "50.00", "2025-05-12", **two),
        posted(book, "p", "payment/patient", "100.00", "2025-05-12", **two),
        # Neither claim nor visit: these have nothing to do with each other.
        charge(book, "c3", "7.00", "2025-05-12", claim_id=None),
        posted(book, "u", "payment/patient", "7.00", "2025-05-12", claim_id=None),
    )
    assert await value(book, "outstanding_balance", MAY) == "107.00"


async def test_a_reversal_counts_on_its_own_posting_date(book: Book) -> None:
    await book.apply(
        charge(book, "c", "100.00", "2025-05-12"),
        posted(book, "p", "payment/insurance", "80.00", "2025-05-20"),
        posted(book, "r", "payment/insurance", "-80.00", "2025-06-05"),
        charge(book, "d", "-100.00", "2025-06-06"),
    )
    assert await value(book, "total_payments", MAY) == "80.00"
    assert await value(book, "total_payments", JUNE) == "-80.00"
    assert await value(book, "total_charges", MAY) == "100.00"
    assert await value(book, "total_charges", JUNE) == "-100.00"
    assert await value(book, "outstanding_balance", MAY) == "20.00"
    assert await value(book, "outstanding_balance", JUNE) == "0.00"


async def test_refunds_larger_than_the_payments_make_revenue_negative(book: Book) -> None:
    await book.apply(
        charge(book, "c", "500.00", "2025-05-12"),
        posted(book, "p", "payment/insurance", "120.00", "2025-06-05"),
        posted(book, "r", "refund", "-150.00", "2025-06-06"),
        posted(book, "k", "payment/recoupment", "-20.00", "2025-06-07"),
        posted(book, "t", "transfer/transfer_out", "999.00", "2025-06-08"),
    )
    assert await value(book, "refunds", JUNE) == "170.00"
    assert await value(book, "total_payments", JUNE) == "120.00"
    assert await value(book, "total_revenue", JUNE) == "-50.00"
    assert await value(book, "outstanding_balance", JUNE) == "550.00"


async def test_half_a_cent_goes_up_once_and_at_the_end(book: Book) -> None:
    visits = [visit(book, str(n), f"2025-05-0{n}T09:00", str(n)) for n in range(1, 9)]
    await book.apply(
        *visits,
        charge(book, "c", "8.00", "2025-05-01"),
        posted(book, "p", "payment/insurance", "0.01", "2025-05-02"),
        posted(book, "q", "payment/patient", "0.99", "2025-05-03"),
    )
    # 1.00 / 8 = 0.125
    assert await value(book, "average_revenue_per_patient", MAY) == "0.13"
    assert await value(book, "collection_rate", MAY) == "12.50"


# Dates and zones.


@pytest.mark.parametrize(
    ("start", "inside"),
    [
        ("2025-04-30T23:59", False),
        ("2025-05-01T00:00", True),
        ("2025-05-31T23:30", True),  # already June in UTC
        ("2025-05-31T23:59:59.999999", True),
        ("2025-06-01T00:00", False),
    ],
)
async def test_the_practice_s_midnight_divides_the_days(
    book: Book, start: str, inside: bool
) -> None:
    await book.apply(
        booked(book, "1", start),
        booked(book, "low", "2025-01-05T09:00"),
        booked(book, "high", "2025-12-05T09:00"),
    )
    assert await value(book, "total_appointments", MAY) == str(int(inside))


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        # 23 hours, and 25: from the first minute to the last.
        (ZONE, "2025-03-09", ("00:00", "01:59", "03:00", "23:59")),
        (ZONE, "2025-11-02", ("00:00", "01:30", "23:59")),
        ("Asia/Kolkata", "2025-03-09", ("00:00", "23:59")),
        # The clock skips midnight itself, or repeats the hour after it.
        ("Africa/Cairo", "2025-04-25", ("01:00", "23:59")),
        ("Atlantic/Azores", "2025-10-26", ("00:00", "00:30", "23:59")),
        ("America/Havana", "2025-11-02", ("00:00", "00:30", "23:59")),
    ],
)
async def test_every_minute_of_a_day_belongs_to_it(
    connection: Connection, new_practice: NewPractice, zone: str, day: str, starts: tuple[str, ...]
) -> None:
    book = Book(connection, await new_practice(zone))
    at = [local(f"{day}T{time}", zone) for time in starts]
    await book.apply(
        *(book.entry(APPOINTMENT, str(i), start_at=s, status="booked") for i, s in enumerate(at))
    )
    assert await value(book, "total_appointments", (day, day)) == str(len(starts))
    by_day = await ask(book, "total_appointments", (day, day), grain="day")
    assert [row.figures[0].value for row in by_day.rows] == [len(starts)]
    per_day = await value(book, "average_appointments_per_day", (day, day))
    assert per_day == f"{len(starts)}.00"


async def test_a_day_that_never_was_has_nothing_in_it(
    connection: Connection, new_practice: NewPractice
) -> None:
    """Samoa went from 29 to 31 December 2011."""
    book = Book(connection, await new_practice("Pacific/Apia"))
    before, after = (local(f"2011-12-{d}", "Pacific/Apia") for d in ("29T23:59", "31T00:00"))
    await book.apply(
        book.entry(APPOINTMENT, "1", start_at=before, status="booked"),
        book.entry(APPOINTMENT, "2", start_at=after, status="booked"),
    )
    period = ("2011-12-28", "2012-01-01")
    found = await ask(book, "total_appointments", period, grain="day")
    assert [row.figures[0].value for row in found.rows] == [0, 1, 0, 1, 0]


async def test_what_is_dated_after_today_is_not_read_but_appointments_are(book: Book) -> None:
    await book.apply(
        charge(book, "c1", "100.00", "2025-05-12"),
        charge(book, "c2", "30.00", "2025-05-20"),
        posted(book, "p", "payment/patient", "100.00", "2025-05-21"),
        visit(book, "v1", "2025-05-12T09:00"),
        visit(book, "v2", "2025-05-20T09:00", "q"),
        booked(book, "a1", "2025-05-12T09:00"),
        booked(book, "a2", "2025-05-20T09:00", "booked"),
    )
    on = {"today": "2025-05-14"}
    assert await value(book, "total_charges", MAY, **on) == "100.00"
    assert await value(book, "outstanding_balance", MAY, **on) == "100.00"
    assert await value(book, "total_payments", MAY, **on) == "0.00"
    assert await value(book, "total_appointments", MAY, **on) == "2"
    later = ("2025-05-18", "2025-05-31")
    assert await value(book, "total_charges", later, **on) == "no_source_data"
    assert await value(book, "total_charges", later) == "30.00"
    average = await figure(book, "average_revenue_per_patient", MAY, today="2025-05-21")
    assert average == Computed(Decimal("50.00"), "", Decimal("100.00"), Decimal(2))
    found = await ask(book, "total_charges", MAY, **on)
    assert found.state.data_through == date(2025, 5, 12)
    assert (await ask(book, "total_charges", MAY)).state.data_through == date(2025, 5, 21)


async def test_a_bucket_that_is_cut_short_says_so(book: Book) -> None:
    await book.apply(charge(book, "c", "100.00", "2025-05-12"))
    found = await ask(
        book, "total_charges", ("2025-04-15", "2025-08-31"), grain="month", today="2025-07-10"
    )
    months = {row.bucket.month: row.partial for row in found.rows if row.bucket}
    assert months == {4: True, 5: False, 6: False, 7: True, 8: False}


# Comparison and dimensions.


async def test_a_comparison_with_zero_or_nothing_has_no_change(book: Book) -> None:
    await book.apply(
        charge(book, "c", "100.00", "2025-04-01"),
        posted(book, "p", "payment/insurance", "60.00", "2025-06-12"),
    )
    zero = await ask(book, "total_revenue", JUNE, comparison=MAY_DAYS)
    (row,) = zero.rows
    assert row.comparison is not None
    assert (row.figures[0].value, row.comparison[0].value) == (Decimal(60), Decimal(0))
    assert change_percent(row.figures[0].value, row.comparison[0].value) is None
    nothing = Range(date(2025, 3, 1), date(2025, 3, 31))
    (row,) = (await ask(book, "total_revenue", JUNE, comparison=nothing)).rows
    assert row.comparison == (NO_DATA,)


async def test_a_provider_without_visits_has_no_average(book: Book) -> None:
    with_visits: dict[str, Any] = {"provider_id": book.id(PROVIDER, "1")}
    without: dict[str, Any] = {"provider_id": book.id(PROVIDER, "2")}
    await book.apply(
        book.entry(PROVIDER, "1", display_name="Dr Busy"),
        book.entry(PROVIDER, "2", display_name="Dr Idle"),
        visit(book, "v", "2025-05-12T09:00", **with_visits),
        posted(book, "p", "payment/insurance", "90.00", "2025-05-12", **with_visits),
        posted(book, "q", "payment/insurance", "10.00", "2025-05-12", **without),
    )
    found = await ask(
        book, "average_revenue_per_patient total_payments", MAY, dimensions=("provider",)
    )
    busy, idle = found.rows
    assert (busy.label, busy.figures[0].value) == ("Dr Busy", Decimal("90.00"))
    assert idle.figures[0] == Computed(None, "zero_denominator", Decimal("10.00"), Decimal(0))
    assert idle.figures[1].value == 10


async def test_a_payer_s_class_is_read_as_of_the_revision(book: Book) -> None:
    def payer(kind: str) -> Entry:
        return book.entry(PAYER, "x", payer_class=kind)

    paid = posted(
        book, "p", "payment/insurance", "90.00", "2025-05-12", payer_id=book.id(PAYER, "x")
    )
    await book.apply(payer("commercial"), paid)
    await book.apply(payer("medicare"))
    question = Question(
        ("total_payments",), MAY_DAYS, date(2026, 1, 1), ZONE, accrual_basis=False,
        dimensions=("payer_class",),
    )  # fmt: skip
    assert [row.key for row in (await book.ask(question)).rows] == ["medicare"]
    assert [row.key for row in (await book.ask(question, 1)).rows] == ["commercial"]


async def test_distinct_patients_are_counted_once(book: Book) -> None:
    await book.apply(
        visit(book, "1", "2025-05-12T09:00", "p"),
        visit(book, "2", "2025-05-20T09:00", "p"),
        visit(book, "3", "2025-05-20T09:00", "q"),
        visit(book, "4", "2025-05-20T09:00", "r", **{"class": "EMER"}),
        visit(book, "5", "2025-05-20T09:00", "s", status="cancelled"),
        visit(book, "6", "2025-05-20T09:00", "t", type_code="308646001"),
        charge(book, "c", "1.00", "2025-05-12"),
        posted(book, "p", "payment/insurance", "90.00", "2025-05-12"),
    )
    found = await figure(book, "average_revenue_per_patient", MAY)
    assert (found.value, found.denominator) == (Decimal("45.00"), Decimal(2))


async def test_appointments_by_outcome(book: Book) -> None:
    states = (
        ["fulfilled"] * 6 + ["noshow"] * 2 + ["cancelled"] * 3
        + ["proposed", "pending", "booked", "arrived", "checked-in", "waitlist"]
        + ["entered-in-error"] * 4
    )  # fmt: skip
    await book.apply(
        *(booked(book, str(i), f"2025-05-{1 + i % 5:02}T10:00", s) for i, s in enumerate(states))
    )
    found = await ask(
        book,
        "total_appointments scheduled_appointments completed_appointments cancelled_appointments"
        " no_show_appointments completion_rate no_show_rate cancellation_rate"
        " average_appointments_per_day",
        MAY,
    )
    values = [str(figure.value) for figure in found.rows[0].figures]
    assert values == ["17", "6", "6", "3", "2", "35.29", "25.00", "17.65", "3.40"]
