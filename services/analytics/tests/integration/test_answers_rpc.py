"""The answers through the real server: fixed forms, questions, periods, permissions, refusals."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    ENCOUNTER,
    LEDGER,
    PATIENT,
    PAYER,
    PROVIDER,
)
from praxis_analytics.domain.metrics import METRICS
from praxis_analytics.storage.practices import get_practice, set_business_date
from praxis_chassis import errors
from praxis_chassis.caller import ROLES
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import Client, Service

TODAY = date(2025, 7, 10)
MAY = answer_pb2.DateRange(start_date="2025-05-01", end_date="2025-05-31")
MAY_PERIOD = answer_pb2.Period(start_date="2025-05-01", end_date="2025-05-31")


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    """A practice whose today is TODAY, with a little of everything."""
    book = Book(connection, await new_practice())
    async with transaction(connection, "BEGIN", book.practice_id, 10_000):
        await set_business_date(connection, book.practice_id, TODAY)
        book.practice = await get_practice(connection, book.practice_id)
    await book.apply(*_facts(book))
    return book


def _facts(book: Book) -> list[Any]:
    who = {"payer_id": book.id(PAYER, "m"), "provider_id": book.id(PROVIDER, "1")}
    money = {**who, "claim_id": book.id(CLAIM, "1")}
    at = datetime(2025, 5, 12, 13, tzinfo=UTC)
    return [
        book.entry(PAYER, "m", name="Medicare", payer_class="medicare"),
        book.entry(PROVIDER, "1", display_name="Dr Okafor"),
        book.entry(
            CHARGE, "c1", amount=Decimal("1000.00"), posting_date=date(2025, 5, 12), **money
        ),
        book.entry(CHARGE, "c0", amount=Decimal("200.00"), posting_date=date(2025, 4, 3)),
        book.entry(
            LEDGER, "p1", entry="payment", amount=Decimal("600.00"), posting_date=date(2025, 5, 30),
            **money,
        ),
        book.entry(
            LEDGER, "p0", entry="payment", amount=Decimal("480.00"), posting_date=date(2025, 4, 30)
        ),
        book.entry(
            LEDGER, "a1", entry="adjustment", reason="contractual", amount=Decimal("150.00"),
            posting_date=date(2025, 5, 30), **money,
        ),
        *(
            book.entry(
                ENCOUNTER, str(n), status="finished", start_at=at,
                patient_id=book.id(PATIENT, str(n)), **{"class": "AMB"}, **who,
            )
            for n in range(7)
        ),
        *(
            book.entry(APPOINTMENT, str(n), status=status, start_at=at, **who)
            for n, status in enumerate(["fulfilled"] * 5 + ["noshow", "cancelled", "booked"])
        ),
    ]  # fmt: skip


@pytest.fixture
def owner(service: Service, book: Book) -> Client:
    return service.client(book.practice_id)


def question(*metrics: str, **more: Any) -> answer_pb2.Question:
    return answer_pb2.Question(metrics=metrics, **{"period": MAY_PERIOD, **more})


def ask(*questions: answer_pb2.Question, **more: Any) -> api.AskRequest:
    return api.AskRequest(questions=questions, **more)


# The fixed forms.


async def test_revenue_of_a_month(owner: Client, book: Book) -> None:
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
    owner: Client, book: Book, superuser: psycopg.Connection[Any]
) -> None:
    superuser.execute(
        "update practice set accrual_basis = true where practice_id = %s", (book.practice_id,)
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


async def test_questions_as_of_an_earlier_revision_or_day(owner: Client, book: Book) -> None:
    await book.apply(
        book.entry(
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


INVALID: dict[str, tuple[api.AskRequest, str, str]] = {
    "no questions": (ask(), "questions", ""),
    "no metric": (ask(question()), "questions[0].metrics", ""),
    "an unknown metric": (
        ask(question("total_charges", "total_revenu")), "metrics[1]", "total_revenue",
    ),
    "something else": (ask(question("profit")), "metrics[0]", "total_"),
    "one metric twice": (ask(question("refunds", "refunds")), "questions[0].metrics", ""),
    "an unknown dimension": (
        ask(question("refunds", dimension="moon")), "dimension", "payer_class, provider works",
    ),
    "a dimension that the metric has not": (
        ask(question("average_revenue_per_patient", dimension="payer_class")),
        "dimension",
        "provider works",
    ),
    "a filter that the metric has not": (
        ask(
            question(
                "average_revenue_per_patient",
                filters=[answer_pb2.Filter(dimension="payer_class", values=["medicare"])],
            )
        ),
        "filters[0].dimension",
        "provider works",
    ),
    "an unknown class": (
        ask(
            question(
                "refunds", filters=[answer_pb2.Filter(dimension="payer_class", values=["Medicare"])]
            )
        ),
        "filters[0].values[0]",
        "medicaid",
    ),
    "no id": (
        ask(
            question(
                "refunds", filters=[answer_pb2.Filter(dimension="provider", values=["", "\0'"])]
            )
        ),
        "filters[0].values[1]",
        "UUID",
    ),
    "a filter without values": (
        ask(question("refunds", filters=[answer_pb2.Filter(dimension="provider")])),
        "questions[0].filters[0].values",
        "",
    ),
    "buckets of a balance": (
        ask(question("outstanding_balance", grain=answer_pb2.GRAIN_MONTH)), "grain", "leave one",
    ),
    "too many days": (
        ask(
            question(
                "refunds",
                grain=answer_pb2.GRAIN_DAY,
                period=answer_pb2.Period(start_date="2020-01-01", end_date="2025-01-01"),
            )
        ),
        "grain",
        "week or month",
    ),
    "no period": (
        ask(answer_pb2.Question(metrics=["refunds"])), "questions[0].period", "",
    ),
    "an empty period": (
        ask(question("refunds", period=answer_pb2.Period())), "start_date", "required",
    ),
    "half a period": (
        ask(question("refunds", period=answer_pb2.Period(start_date="2025-01-01"))),
        "end_date",
        "required",
    ),
    "both forms of a period": (
        ask(
            question(
                "refunds",
                period=answer_pb2.Period(start_date="2025-01-01", relative_range="today"),
            )
        ),
        "relative_range",
        "not both",
    ),
    "an unknown range": (
        ask(question("refunds", period=answer_pb2.Period(relative_range="last_0_days"))),
        "relative_range",
        "last_N_days",
    ),
    "a day that is not": (
        ask(
            question(
                "refunds", period=answer_pb2.Period(start_date="2025-02-29", end_date="2025-03-01")
            )
        ),
        "start_date",
        "calendar date",
    ),
    "a day out of all time": (
        ask(
            question(
                "refunds",
                compare=True,
                period=answer_pb2.Period(start_date="0001-01-01", end_date="0001-01-01"),
            )
        ),
        "start_date",
        "1900",
    ),
    "half a comparison": (
        ask(
            question(
                "refunds",
                compare=True,
                period=answer_pb2.Period(
                    relative_range="today", comparison_start_date="2025-01-01"
                ),
            )
        ),
        "comparison_end_date",
        "required",
    ),
    "an unknown comparison": (
        ask(question("refunds", period=answer_pb2.Period(relative_range="today", compare_to="x"))),
        "questions[0].period.compare_to",
        "",
    ),
    "a today to come": (ask(question("refunds"), today="2025-07-11"), "today", "2025-07-10"),
    "a today that is not": (ask(question("refunds"), today="2025-07-32"), "today", "calendar date"),
    "a revision that never was": (ask(question("refunds"), revision=2), "revision", "1"),
    "a revision before all": (ask(question("refunds"), revision=-1), "revision", ""),
    "a revision beyond all": (ask(question("refunds"), revision=2**63 - 1), "revision", "1"),
    "too many questions": (ask(*[question("refunds")] * 21), "questions", ""),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "field", "hint"), INVALID.values(), ids=INVALID)
async def test_an_invalid_question_is_refused_by_field(
    owner: Client, request_: api.AskRequest, field: str, hint: str
) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        await owner("Ask", request_)
    out_of_range = field == "revision" and request_.revision >= 0
    assert type(refused.value) is (errors.OutOfRange if out_of_range else errors.InvalidInput)
    (violation, *_) = refused.value.violations
    assert violation.field == field
    assert hint in violation.description
    assert refused.value.message.startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2025-05-31", "2025-05-01", "end_date"),
        ("2010-01-01", "2025-01-01", "end_date"),
        ("2025-5-1", "2025-05-02", "start_date"),
        ("", "2025-05-02", "start_date"),
        ("2025-05-01", "2025-04-31", "end_date"),
    ],
)
@pytest.mark.parametrize("method", ["GetRevenueMetrics", "GetAppointmentMetrics"])
async def test_a_bad_range_is_refused_by_field(
    owner: Client, method: str, start: str, end: str, field: str
) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        await owner(method, answer_pb2.DateRange(start_date=start, end_date=end))
    assert refused.value.violations[0].field == field


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
    owner: Client, book: Book, superuser: psycopg.Connection[Any]
) -> None:
    superuser.execute(
        "update practice set fiscal_year_start_month = 2 where practice_id = %s",
        (book.practice_id,),
    )
    found = await owner("ResolvePeriod", answer_pb2.Period(relative_range="this_fiscal_quarter"))
    assert (found.start_date, found.end_date) == ("2025-05-01", "2025-07-31")
    # The whole quarter before, though it has not as many days.
    assert (found.comparison_start_date, found.comparison_end_date) == ("2025-02-01", "2025-04-30")


async def test_the_practice(owner: Client, book: Book) -> None:
    found = await owner("GetPractice", api.GetPracticeRequest())
    assert found.id == str(book.practice_id)
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


# Who may.

MONEY = {"owner", "admin", "billing", "analyst"}
ASKING = MONEY | {"front_desk"}
ANYONE = ASKING | {"provider", "auditor"}
CALLS: dict[str, tuple[str, Any, set[str]]] = {
    "revenue": ("GetRevenueMetrics", MAY, MONEY),
    "appointments": ("GetAppointmentMetrics", MAY, ASKING),
    "a question of money": ("Ask", ask(question("total_charges")), MONEY),
    "a question of both": (
        "Ask", ask(question("total_appointments"), question("average_revenue_per_patient")), MONEY,
    ),
    "a question of appointments": ("Ask", ask(question("no_show_rate")), ASKING),
    "a period": ("ResolvePeriod", answer_pb2.Period(relative_range="today"), ASKING),
    "the practice": ("GetPractice", api.GetPracticeRequest(), ANYONE),
}  # fmt: skip


@pytest.mark.parametrize(("method", "request_", "allowed"), CALLS.values(), ids=CALLS)
async def test_each_role_may_do_what_it_may(
    service: Service, book: Book, method: str, request_: Any, allowed: set[str]
) -> None:
    assert allowed < ROLES
    for role in ROLES:
        call = service.client(book.practice_id, role)(method, request_)
        if role in allowed:
            assert await call is not None
        else:
            with pytest.raises(errors.Forbidden):
                await call
    nobody = service.client(book.practice_id, "auditor", "provider")
    if "auditor" not in allowed:
        with pytest.raises(errors.Forbidden):
            await nobody(method, request_)


async def test_reads_and_refusals_are_recorded(
    service: Service, book: Book, superuser: psycopg.Connection[Any]
) -> None:
    owner = service.client(book.practice_id)
    answer = (await owner("Ask", ask(question("refunds", "total_charges")))).answers[0]
    desk = service.client(book.practice_id, "front_desk")
    with pytest.raises(errors.Forbidden):
        await desk("GetRevenueMetrics", MAY)
    await service.reads.flush()
    rows = superuser.execute(
        "select actor, action, object_id, outcome, fields from audit_log"
        " where practice_id = %s and action <> 'practice.create' and action <> 'practice.update'"
        " order by at",
        (book.practice_id,),
    ).fetchall()
    read, refused = rows
    receipt = answer.receipt.rsplit("/", 1)[1]
    assert read == (
        owner.caller.user_id, "metrics.read", receipt, "ok", ["refunds", "total_charges"],
    )  # fmt: skip
    assert refused[:2] == (desk.caller.user_id, "call.refused")
    assert refused[3] == "missing_permission"


# Anything that is valid is answered.


@pytest.mark.slow
async def test_five_hundred_random_valid_questions_are_all_answered(
    service: Service, book: Book
) -> None:
    rng = random.Random(500)
    owner = service.client(book.practice_id)
    for _ in range(25):
        await book.apply(
            book.entry(
                CHARGE, str(rng.random()), amount=Decimal(rng.randint(1, 999)),
                posting_date=date(2025, 1, 1) + timedelta(days=rng.randint(0, 200)),
                provider_id=book.id(PROVIDER, rng.choice("123")),
            )
        )  # fmt: skip
    head, values = await book.head(), 0
    for _ in range(50):
        asked = [_random_question(rng, book) for _ in range(10)]
        request = ask(*asked)
        if rng.random() < 0.5:
            request.revision = rng.randint(0, head)
        if rng.random() < 0.3:
            request.today = (TODAY - timedelta(days=rng.randint(0, 400))).isoformat()
        response = await owner("Ask", request)
        assert len(response.answers) == 10
        for one, found in zip(asked, response.answers, strict=True):
            assert found.rows
            for row in found.rows:
                assert len(row.figures) == len(one.metrics)
                for figure in row.figures:
                    assert figure.HasField("value") != bool(figure.reason)
                    values += figure.HasField("value")
    assert values > 1000


RANGES = [
    "today", "yesterday", "this_week", "previous_week", "this_month", "previous_month",
    "this_quarter", "previous_quarter", "this_year", "previous_year", "month_to_date",
    "quarter_to_date", "year_to_date", "last_30_days", "last_1_days", "last_400_days",
    "this_fiscal_quarter", "previous_fiscal_year", "fiscal_year_to_date",
]  # fmt: skip


def _random_question(rng: random.Random, book: Book) -> answer_pb2.Question:
    dimension = rng.choice(["", "", "provider", "payer_class"])
    grain = answer_pb2.Grain.Name(rng.choice([0, 0, *answer_pb2.Grain.values()]))
    filtered = rng.choice(["", "", "provider", "payer_class"])
    able = [
        metric.id
        for metric in METRICS.values()
        if {dimension, filtered} - {""} <= set(metric.dimensions)
        and (grain == "GRAIN_UNSPECIFIED" or metric.trendable)
    ]
    asked = answer_pb2.Question(
        metrics=rng.sample(able, rng.randint(1, min(6, len(able)))),
        dimension=dimension,
        grain=grain,
        compare=rng.random() < 0.5,
    )
    if rng.random() < 0.6:
        asked.period.relative_range = rng.choice(RANGES)
    else:
        start = date(1900, 1, 1) + timedelta(days=rng.randint(0, 109_000))
        if rng.random() < 0.8:
            start = date(2024, 6, 1) + timedelta(days=rng.randint(0, 500))
        asked.period.start_date = start.isoformat()
        days = rng.randint(0, 60 if grain == "GRAIN_DAY" else 1000)
        asked.period.end_date = (start + timedelta(days=days)).isoformat()
    if rng.random() < 0.3:
        asked.period.compare_to = rng.choice(["previous_period", "same_period_last_year"])
    if rng.random() < 0.1:
        asked.period.comparison_start_date = "2024-02-29"
        asked.period.comparison_end_date = "2024-12-31"
    if filtered:
        values = ["medicare", "", "self_pay"] if filtered == "payer_class" else [
            str(book.id(PROVIDER, "1")), "", str(book.id(PROVIDER, "2")).upper(),
        ]  # fmt: skip
        asked.filters.add(dimension=filtered, values=rng.sample(values, rng.randint(1, 3)))
    return asked
