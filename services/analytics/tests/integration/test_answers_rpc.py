"""The answers through the real server: fixed forms, questions, periods, the practice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from conftest import NewPractice
from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain.facts import LEDGER, MESSAGE, PROVIDER, STAFF_USER
from praxis_chassis import errors
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import TODAY, Client, Service

MAY = answer_pb2.DateRange(start_date="2025-05-01", end_date="2025-05-31")
MAY_PERIOD = answer_pb2.Period(start_date="2025-05-01", end_date="2025-05-31")


def question(*metrics: str, **more: Any) -> answer_pb2.Question:
    return answer_pb2.Question(metrics=metrics, **{"period": MAY_PERIOD, **more})


def ask(*questions: answer_pb2.Question, **more: Any) -> api.AskRequest:
    return api.AskRequest(questions=questions, **more)


# The fixed forms.


async def test_revenue_of_a_month(owner: Client, clinic: Book) -> None:
    found = await owner("GetRevenueMetrics", MAY)
    values = {
        "total_revenue": 600.0,
        "total_charges": 1000.0,
        "total_payments": 600.0,
        "total_adjustments": 150.0,
        "outstanding_balance": 450.0,
        "collection_rate": 60.0,
        "average_revenue_per_patient": 85.71,
        "comparison_change": 25.0,
    }
    assert {name: getattr(found, name) for name in values} == values
    assert (found.period_start, found.period_end) == ("2025-05-01", "2025-05-31")
    assert (found.as_of.revision, found.as_of.data_through) == (1, "2025-05-30")
    assert abs(found.as_of.recorded_at.ToDatetime(UTC) - datetime.now(UTC)) < timedelta(minutes=5)
    assert dict(found.reasons) == {}
    assert dict(found.metric_versions) == dict.fromkeys(values.keys() - {"comparison_change"}, 1)
    parts = {name: (part.numerator, part.denominator) for name, part in found.parts.items()}
    assert parts == {"collection_rate": (600, 1000), "average_revenue_per_patient": (600, 7)}
    assert found.receipt.startswith("/api/v1/receipts/")
    assert len(found.receipt) < 60
    assert not found.synthetic
    assert not found.suppressed


async def test_appointments_of_a_month(owner: Client) -> None:
    found = await owner("GetAppointmentMetrics", MAY)
    values = {
        "total_appointments": 8,
        "scheduled_appointments": 1,
        "completed_appointments": 5,
        "cancelled_appointments": 1,
        "no_show_appointments": 1,
        "completion_rate": 62.5,
        "no_show_rate": 16.67,
        "cancellation_rate": 12.5,
        "average_appointments_per_day": 8.0,
    }
    assert {name: getattr(found, name) for name in values} == values
    assert not found.HasField("comparison_change")
    assert dict(found.reasons) == {"comparison_change": "no_source_data"}
    assert found.parts["no_show_rate"].denominator == 6


async def test_what_cannot_be_computed_is_absent_with_its_reason(
    service: Service, new_practice: NewPractice, owner: Client
) -> None:
    empty = service.client((await new_practice()).practice_id)
    for method in ("GetRevenueMetrics", "GetAppointmentMetrics"):
        found = await empty(method, MAY)
        assert set(found.reasons.values()) == {"no_source_data"}
        for name in found.reasons:
            assert not found.HasField(name)
        assert found.reasons.keys() == {*found.metric_versions, "comparison_change"}
        assert found.as_of.revision == 0
        assert not found.as_of.HasField("data_through")
        assert found.receipt
    april = answer_pb2.DateRange(start_date="2025-04-01", end_date="2025-04-30")
    found = await owner("GetRevenueMetrics", april)
    assert found.reasons["average_revenue_per_patient"] == "no_source_data"
    assert found.collection_rate == 240.0


async def test_a_comparison_period_of_choice(owner: Client) -> None:
    wanted = answer_pb2.DateRange(
        start_date="2025-05-01", end_date="2025-05-31",
        comparison_start_date="2025-04-01", comparison_end_date="2025-04-29",
    )  # fmt: skip
    found = await owner("GetRevenueMetrics", wanted)
    assert found.reasons["comparison_change"] == "zero_denominator"
    assert not found.HasField("comparison_change")


async def test_the_accounting_basis_of_the_practice(
    owner: Client, clinic: Book, superuser: psycopg.Connection[Any]
) -> None:
    superuser.execute(
        "update practice set accrual_basis = true where practice_id = %s", (clinic.practice_id,)
    )
    found = await owner("GetRevenueMetrics", MAY)
    assert (found.total_revenue, found.total_payments) == (850.0, 600.0)
    assert found.average_revenue_per_patient == 121.43


# Questions.


async def test_a_question_and_its_answer(owner: Client) -> None:
    asked = question("total_payments", "collection_rate", compare=True, dimension="payer_class")
    response = await owner("Ask", ask(asked, question("total_appointments")))
    assert (response.practice_name, response.time_zone) == ("Test practice", "America/New_York")
    money, appointments = response.answers
    assert (money.start_date, money.end_date) == ("2025-05-01", "2025-05-31")
    assert (money.comparison_start_date, money.comparison_end_date) == ("2025-04-01", "2025-04-30")
    assert not appointments.HasField("comparison_start_date")
    assert (money.today, money.currency) == (TODAY.isoformat(), "USD")
    assert [use.id for use in money.metrics] == ["total_payments", "collection_rate"]
    assert money.metrics[0].unit == "money"
    assert [(row.key, row.label) for row in money.rows] == [("", ""), ("medicare", "medicare")]
    paid, rate = money.rows[1].figures
    assert (paid.value, paid.comparison_value) == ("600.00", "0.00")
    assert not paid.HasField("change_percent")
    assert (rate.value, rate.numerator, rate.denominator) == ("60.00", "600.00", "1000.00")
    assert rate.comparison_reason == "zero_denominator"
    assert not rate.HasField("comparison_value")
    nobody = money.rows[0].figures[0]
    assert (nobody.value, nobody.comparison_value, nobody.change_percent) == (
        "0.00", "480.00", "-100.00",
    )  # fmt: skip
    assert [figure.value for figure in appointments.rows[0].figures] == ["8"]
    assert money.as_of == appointments.as_of
    assert money.receipt != appointments.receipt


async def test_equal_questions_have_one_receipt(owner: Client) -> None:
    ids = ["00000000-0000-0000-0000-00000000000a", ""]
    filters = [
        [answer_pb2.Filter(dimension="provider", values=values)]
        for values in (ids, ids[::-1], [*ids, ids[0].upper()])
    ]
    response = await owner("Ask", ask(*(question("total_charges", filters=one) for one in filters)))
    assert len({answer.receipt for answer in response.answers}) == 1
    relative = answer_pb2.Period(relative_range="previous_month")
    june = answer_pb2.Period(start_date="2025-06-01", end_date="2025-06-30")
    response = await owner(
        "Ask", ask(*(question("total_charges", period=one) for one in (relative, june)))
    )
    assert len({answer.receipt for answer in response.answers}) == 1


async def test_questions_as_of_an_earlier_revision_or_day(owner: Client, clinic: Book) -> None:
    await clinic.apply(
        clinic.entry(
            LEDGER, "late", entry="payment", amount=Decimal("12.00"), posting_date=date(2025, 5, 31)
        )
    )

    async def paid(**more: Any) -> tuple[str, int]:
        (found,) = (await owner("Ask", ask(question("total_payments"), **more))).answers
        return found.rows[0].figures[0].value, found.as_of.revision

    assert await paid() == ("612.00", 2)
    assert await paid(revision=2) == ("612.00", 2)
    assert await paid(revision=1) == ("600.00", 1)
    assert await paid(today="2025-05-29") == ("0.00", 2)
    (nothing,) = (await owner("Ask", ask(question("total_payments"), revision=0))).answers
    assert nothing.rows[0].figures[0].reason == "no_source_data"
    assert nothing.as_of.revision == 0


# Periods and the practice.


async def test_periods_are_resolved_on_the_practice_s_today(owner: Client) -> None:
    def days(found: answer_pb2.ResolvedPeriod) -> tuple[str, ...]:
        return (
            found.start_date, found.end_date, found.comparison_start_date, found.comparison_end_date
        )  # fmt: skip

    period = answer_pb2.Period(relative_range="previous_month")
    found = await owner("ResolvePeriod", period)
    assert days(found) == ("2025-06-01", "2025-06-30", "2025-05-01", "2025-05-31")
    assert (found.today, found.time_zone) == ("2025-07-10", "America/New_York")
    period.compare_to = "same_period_last_year"
    assert days(await owner("ResolvePeriod", period))[2:] == ("2024-06-01", "2024-06-30")
    period = answer_pb2.Period(relative_range="last_7_days")
    found = await owner("ResolvePeriod", period)
    assert days(found) == ("2025-07-04", "2025-07-10", "2025-06-27", "2025-07-03")
    with pytest.raises(errors.InvalidInput) as refused:
        await owner("ResolvePeriod", answer_pb2.Period())
    assert refused.value.violations[0].field == "start_date"


async def test_fiscal_periods_follow_the_setting(
    owner: Client, clinic: Book, superuser: psycopg.Connection[Any]
) -> None:
    superuser.execute(
        "update practice set fiscal_year_start_month = 2 where practice_id = %s",
        (clinic.practice_id,),
    )
    found = await owner("ResolvePeriod", answer_pb2.Period(relative_range="this_fiscal_quarter"))
    assert (found.start_date, found.end_date) == ("2025-05-01", "2025-07-31")
    # The whole quarter before, though it has not as many days.
    assert (found.comparison_start_date, found.comparison_end_date) == ("2025-02-01", "2025-04-30")


async def test_the_practice(owner: Client, clinic: Book) -> None:
    found = await owner("GetPractice", api.GetPracticeRequest())
    assert found.id == str(clinic.practice_id)
    assert (found.name, found.time_zone, found.currency) == (
        "Test practice", "America/New_York", "USD",
    )  # fmt: skip
    assert (found.fiscal_year_start_month, found.accrual_basis, found.revision) == (1, False, 1)
    assert found.business_date == found.today == TODAY.isoformat()


async def test_a_practice_without_a_fixed_date_goes_by_its_clock(
    service: Service, new_practice: NewPractice
) -> None:
    practice = await new_practice("Pacific/Kiritimati")
    found = await service.client(practice.practice_id)("GetPractice", api.GetPracticeRequest())
    assert not found.HasField("business_date")
    local = datetime.now(UTC) + timedelta(hours=14)
    assert date.fromisoformat(found.today) in (local.date(), (local - timedelta(seconds=9)).date())


async def test_the_overview_counts_what_the_caller_has_not_read(
    service: Service, connection: psycopg.AsyncConnection[Any], new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice())
    owner, overview = service.client(book.practice_id), api.GetOverviewDashboardMetricsRequest()
    found = await owner("GetOverviewDashboardMetrics", overview)
    assert not found.HasField("unread_messages")
    assert found.reasons["unread_messages"] == "no_source_data"

    def message(called: str, to: str, **values: Any) -> Any:
        values = {"recipient_id": book.id(STAFF_USER, to), "sent_at": datetime.now(UTC)} | values
        return book.entry(MESSAGE, called, **values)

    me, now = owner.caller.user_id, datetime.now(UTC)
    await book.apply(message("others", "somebody"))
    found = await owner("GetOverviewDashboardMetrics", overview)
    assert (found.HasField("unread_messages"), found.unread_messages) == (True, 0)
    provider = book.id(PROVIDER, "me")
    await book.apply(
        book.entry(STAFF_USER, me, resource=me, provider_id=provider),
        *(message(f"new{n}", me) for n in range(3)),
        message("to the provider", me, recipient_id=provider),
        message("read", me, read_at=now),
        message("gone", me, voided=True),
        message("not yet", me, sent_at=now + timedelta(days=2)),
    )
    found = await owner("GetOverviewDashboardMetrics", overview)
    assert found.unread_messages == 4
    assert "unread_messages" not in found.reasons
    colleague = service.client(book.practice_id, "admin")
    assert (await colleague("GetOverviewDashboardMetrics", overview)).unread_messages == 0
