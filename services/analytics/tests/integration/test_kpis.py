"""Trends and key figures through the real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import answer_pb2, kpi_pb2, kpi_service_pb2_grpc, practice_pb2
from praxis.analytics.v1 import kpi_service_pb2 as api
from praxis_analytics.api.kpis import KPIServicer
from praxis_analytics.bootstrap import KPIS as SERVICE
from praxis_analytics.domain.facts import CHARGE, ENCOUNTER, OBSERVATION, PATIENT
from praxis_analytics.domain.kpis import KPIS, Target, TargetChange
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.measures.declared import measures
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import set_business_date
from praxis_analytics.storage.targets import add_target_change
from praxis_chassis import errors
from praxis_chassis.database import Connection, transaction
from praxis_cli.stack.services import Stack
from services.analytics.tests.book import Book
from services.analytics.tests.integration.desk import Desk, open_desk


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(postgres: Stack, analytics_settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(
        postgres,
        analytics_settings,
        kpi_service_pb2_grpc,
        SERVICE,
        lambda parts: KPIServicer(parts.database, parts.book, parts.reads),
    ) as opened:
        yield opened


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    """A practice on 20 May 2025 with charges of 10, 12, 11 and 15 in January to April."""
    opened = Book(connection, await new_practice())
    async with transaction(connection, "BEGIN", opened.practice_id, 10_000):
        await set_business_date(connection, opened.practice_id, date(2025, 5, 20))
    amounts = (10, 12, 11, 15, 900)
    await opened.apply(
        *(
            opened.entry(
                CHARGE, str(month), amount=Decimal(amount), posting_date=date(2025, month, 9)
            )
            for month, amount in enumerate(amounts, 1)
        )
    )
    return opened


# Trends.


def trend(start: str, end: str, metric: str = "total_charges", **more: Any) -> Any:
    return api.GetTrendAnalysisRequest(metric=metric, start_date=start, end_date=end, **more)


async def test_the_worked_example_without_the_month_that_is_not_over(
    desk: Desk, book: Book
) -> None:
    found = await desk.client(book.practice_id)(
        "GetTrendAnalysis", trend("2025-01-01", "2025-05-31")
    )
    points = [(one.date, one.value, one.label, one.partial) for one in found.data_points]
    assert points == [
        ("2025-01-01", 10, "Jan 2025", False),
        ("2025-02-01", 12, "Feb 2025", False),
        ("2025-03-01", 11, "Mar 2025", False),
        ("2025-04-01", 15, "Apr 2025", False),
        ("2025-05-01", 900, "May 2025", True),
    ]
    assert (found.trend_direction, found.trend_percentage) == (kpi_pb2.TREND_DIRECTION_UP, 39.58)
    assert (found.metric_name, found.metric_id, found.unit) == ("Charges", "total_charges", "money")
    assert (found.period_start, found.period_end) == ("2025-01-01", "2025-05-31")
    assert found.receipt.startswith("/api/v1/receipts/")
    assert (found.as_of.revision, dict(found.metric_versions)) == (1, {"total_charges": 1})
    assert not found.reasons


async def test_buckets_that_are_cut_or_to_come_do_not_count(desk: Desk, book: Book) -> None:
    ask = desk.client(book.practice_id)
    cut = await ask("GetTrendAnalysis", trend("2025-01-15", "2025-12-31"))
    whole = [one.date for one in cut.data_points if not one.partial]
    assert whole == ["2025-02-01", "2025-03-01", "2025-04-01"]
    # 12, 11, 15: slopes −1, 1.5 and 4.
    assert cut.trend_percentage == round(100 * 1.5 * 2 / (38 / 3), 2)
    quarters = await ask(
        "GetTrendAnalysis", trend("2025-01-01", "2025-06-30", grain=answer_pb2.GRAIN_QUARTER)
    )
    assert [(one.label, one.value) for one in quarters.data_points] == [
        ("2025-Q1", 33),
        ("2025-Q2", 915),
    ]
    assert not quarters.HasField("trend_percentage")
    assert dict(quarters.reasons) == {
        "trend_direction": "too_few_points",
        "trend_percentage": "too_few_points",
    }


async def test_empty_buckets_are_0_for_sums_and_absent_for_rates(desk: Desk, book: Book) -> None:
    ask = desk.client(book.practice_id)
    weeks = trend("2025-01-06", "2025-02-16", grain=answer_pb2.GRAIN_WEEK)
    found = await ask("GetTrendAnalysis", weeks)
    assert [one.value for one in found.data_points] == [10, 0, 0, 0, 12, 0]
    weeks.metric = "collection_rate"
    rates = await ask("GetTrendAnalysis", weeks)
    # The practice has charges and nothing that collects them.
    assert [one.reason for one in rates.data_points] == ["no_source_data"] * 6
    assert not any(one.HasField("value") for one in rates.data_points)


async def test_nothing_there_says_why(desk: Desk, new_practice: NewPractice) -> None:
    ask = desk.client((await new_practice()).practice_id)
    found = await ask("GetTrendAnalysis", trend("2025-01-01", "2025-05-31"))
    assert set(found.reasons.values()) == {"no_source_data"}
    assert [one.reason for one in found.data_points] == ["no_source_data"] * 5


async def test_what_has_no_trend_is_refused_by_name(desk: Desk, book: Book) -> None:
    ask = desk.client(book.practice_id)
    for request, field in (
        (trend("2025-01-01", "2025-05-31", "luck"), "metric"),
        (trend("2025-01-01", "2025-05-31", "outstanding_balance"), "grain"),
        (trend("2024-01-01", "2025-05-31", grain=answer_pb2.GRAIN_DAY), "grain"),
        (trend("2025-05-31", "2025-01-01"), "end_date"),
        (trend("2025-02-30", "2025-05-01"), "start_date"),
    ):
        with pytest.raises(errors.InvalidInput) as refused:
            await ask("GetTrendAnalysis", request)
        assert [violation.field for violation in refused.value.violations] == [field]
    with pytest.raises(errors.Forbidden):
        await desk.client(book.practice_id, "front_desk")(
            "GetTrendAnalysis", trend("2025-01-01", "2025-05-31")
        )


# Key figures.


def kpis(category: kpi_pb2.KPICategory, **period: str) -> api.GetKPIDashboardRequest:
    return api.GetKPIDashboardRequest(category=category, **period)


MAY = {"start_date": "2025-05-01", "end_date": "2025-05-31"}


async def test_money_against_its_targets(desk: Desk, clinic: Book) -> None:
    found = await desk.client(clinic.practice_id)(
        "GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_FINANCIAL, **MAY)
    )
    by_id = {one.metric_id: one for one in found.metrics}
    assert tuple(by_id) == KPIS["financial"]
    rate = by_id["net_collection_rate"]
    # 600 of 1,000 − 150; in April 480 of 200.
    assert (rate.value, rate.comparison_value) == (70.59, 240.0)
    assert (rate.parts.numerator, rate.parts.denominator) == (600, 850)
    assert (rate.unit, rate.target, rate.warning_limit) == ("percent", 95, 90)
    assert rate.direction == practice_pb2.TARGET_DIRECTION_HIGHER_IS_BETTER
    assert rate.comparison_period == "2025-04-01/2025-04-30"
    assert rate.status == kpi_pb2.KPI_STATUS_CRITICAL
    assert dict(rate.reasons) == {"trend": "too_few_points", "trend_percentage": "too_few_points"}
    assert (found.period_start, found.period_end) == ("2025-05-01", "2025-05-31")
    assert found.last_updated == found.as_of.recorded_at
    assert found.receipt.startswith("/api/v1/receipts/")
    assert found.trend_receipt not in ("", found.receipt)
    for one in found.metrics:
        assert one.HasField("value") != ("value" in one.reasons), one
        assert one.HasField("status") != ("status" in one.reasons), one


async def test_appointments_and_a_target_of_that_date(desk: Desk, clinic: Book) -> None:
    ask = desk.client(clinic.practice_id)
    asked = kpis(kpi_pb2.KPI_CATEGORY_OPERATIONAL, **MAY)
    before = {one.metric_id: one for one in (await ask("GetKPIDashboard", asked)).metrics}
    assert (before["no_show_rate"].value, before["no_show_rate"].target) == (16.67, 7)
    assert before["no_show_rate"].status == kpi_pb2.KPI_STATUS_CRITICAL
    assert before["cancellation_rate"].value == 12.5
    assert before["cancellation_rate"].status == kpi_pb2.KPI_STATUS_WARNING
    mild = Target(True, Decimal("16.67"), Decimal(20))
    async with transaction(clinic.connection, "BEGIN", clinic.practice_id, 10_000):
        for version, start in enumerate((date(2025, 5, 31), date(2025, 6, 1)), 1):
            aim = mild if version == 1 else Target(True, Decimal(1), Decimal(2))
            change = TargetChange("no_show_rate", version, start, aim, datetime.now(UTC), "x")
            await add_target_change(clinic.connection, clinic.practice_id, change, 1)
    after = {one.metric_id: one for one in (await ask("GetKPIDashboard", asked)).metrics}
    assert after["no_show_rate"].target == 16.67
    assert after["no_show_rate"].status == kpi_pb2.KPI_STATUS_GOOD


async def test_the_last_whole_month_unless_asked_otherwise(desk: Desk, clinic: Book) -> None:
    ask = desk.client(clinic.practice_id)
    found = await ask("GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_FINANCIAL))
    assert (found.period_start, found.period_end) == ("2025-06-01", "2025-06-30")
    year = kpis(
        kpi_pb2.KPI_CATEGORY_FINANCIAL, relative_range="this_year", compare_to="previous_period"
    )
    found = await ask("GetKPIDashboard", year)
    assert (found.period_start, found.period_end) == ("2025-01-01", "2025-12-31")
    assert found.metrics[0].comparison_period == "2024-01-01/2024-12-31"
    first = kpis(kpi_pb2.KPI_CATEGORY_CLINICAL, start_date="1900-01-01", end_date="1900-01-02")
    assert (await ask("GetKPIDashboard", first)).metrics[0].reasons["value"] == "no_source_data"
    with pytest.raises(errors.InvalidInput):
        await ask("GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_FINANCIAL, start_date="2025-01-01"))
    with pytest.raises(errors.InvalidInput):
        await ask("GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_UNSPECIFIED))


async def test_a_year_has_a_trend(desk: Desk, book: Book) -> None:
    """Collection is 0 of each month's charges: no slope, and a mean of 0."""
    found = await desk.client(book.practice_id)(
        "GetKPIDashboard",
        kpis(kpi_pb2.KPI_CATEGORY_FINANCIAL, start_date="2025-04-01", end_date="2025-04-30"),
    )
    rate = found.metrics[0]
    assert rate.reasons["trend"] in ("zero_denominator", "no_source_data")


async def test_a_metric_that_is_not_there_yet(
    desk: Desk, clinic: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KPIS, "financial", ("net_collection_rate", "not_yet_there"))
    found = await desk.client(clinic.practice_id)(
        "GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_FINANCIAL, **MAY)
    )
    there, absent = found.metrics
    assert there.value == 70.59
    assert (absent.name, absent.HasField("value")) == ("Not yet there", False)
    assert absent.reasons["value"] == absent.reasons["trend"] == "not_evaluable"
    assert absent.reasons["target"] == absent.reasons["status"] == "no_target"


async def test_nobody_sees_more_than_allowed(desk: Desk, clinic: Book) -> None:
    ask = desk.client(clinic.practice_id, "front_desk")
    money = await ask("GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_FINANCIAL, **MAY))
    for one in money.metrics:
        assert not one.HasField("value")
        wanted = "missing_permission" if one.metric_id in METRICS else "not_evaluable"
        assert one.reasons["value"] == one.reasons["comparison_value"] == wanted
    assert (money.receipt, money.trend_receipt) == ("", "")
    office = await ask("GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_OPERATIONAL, **MAY))
    assert {one.metric_id: one.value for one in office.metrics}["no_show_rate"] == 16.67
    with pytest.raises(errors.Forbidden):
        await desk.client(clinic.practice_id, "auditor")(
            "GetKPIDashboard", kpis(kpi_pb2.KPI_CATEGORY_OPERATIONAL)
        )


async def test_quality_measures_are_key_figures_and_small_ones_hide(
    desk: Desk, clinic: Book
) -> None:
    """Four patients with a visit, three of them asked about tobacco."""
    at = datetime(2025, 3, 4, 15, tzinfo=UTC)
    for n in range(4):
        who = {"patient_id": clinic.id(PATIENT, str(n))}
        visit = clinic.entry(
            ENCOUNTER, f"q{n}", status="finished", start_at=at, end_at=at, type_code="185345009",
            codings=["http://snomed.info/sct|185345009"], **{"class": "AMB"}, **who,
        )  # fmt: skip
        asked = clinic.entry(
            OBSERVATION, f"t{n}", code_system="http://loinc.org", code="72166-2",
            codings=["http://loinc.org|72166-2"], status="final", value_type="code",
            value_code="266919005", effective_at=at, component_no=0, **who,
        )  # fmt: skip
        patient = clinic.entry(PATIENT, str(n), birth_date=date(1980, 1, 1), sex="female")
        await clinic.apply(patient, visit, *([asked] if n else []))
    asked_for = kpis(kpi_pb2.KPI_CATEGORY_CLINICAL, **MAY)
    found = await desk.client(clinic.practice_id)("GetKPIDashboard", asked_for)
    by_id = {one.metric_id: one for one in found.metrics}
    assert set(by_id) == {*KPIS["clinical"], *measures()}
    tobacco = by_id["cms138_2025"]
    assert (tobacco.value, tobacco.unit, tobacco.parts.denominator) == (75.0, "percent", 4)
    assert tobacco.comparison_period == "2024-01-01/2024-12-31"
    assert tobacco.reasons["trend"] == "no_series"
    assert tobacco.reasons["status"] == "no_target"
    assert (tobacco.data_warning, by_id["cms130_2025"].data_warning) == ("", "no_numerator_source")
    hidden = await desk.client(clinic.practice_id, "analyst")("GetKPIDashboard", asked_for)
    shown = {one.metric_id: one for one in hidden.metrics}["cms138_2025"]
    assert (shown.HasField("value"), shown.reasons["value"]) == (False, "suppressed")
    assert not shown.HasField("parts")
    assert "cms138_2025" in hidden.suppressed
    assert (found.small_cell_limit, hidden.small_cell_limit) == (0, 11)
