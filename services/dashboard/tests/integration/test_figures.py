"""The figures of a dashboard: those of analytics, at one revision, within the caller's rights."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import grpc
import pytest
import vl_convert
from google.protobuf import json_format

from praxis.analytics.v1 import analytics_service_pb2, analytics_service_pb2_grpc, answer_pb2
from praxis.dashboard.v1 import dashboard_service_pb2, widget_pb2
from praxis_charts.figures import PARTIAL
from praxis_chassis.errors import InvalidInput
from praxis_dashboard.domain.overview import overview_id
from tests.e2e.seeding import Clinic

from .conftest import Client, NewClient, failure_of
from .test_dashboards import CARD, CHART, FEED, create

Data = dashboard_service_pb2.GetDashboardDataRequest
READY = widget_pb2.WIDGET_STATE_READY


async def figures(client: Client, dashboard_id: Any, **wanted: str) -> Any:
    return await client.call("GetDashboardData", Data(dashboard_id=str(dashboard_id), **wanted))


@pytest.fixture
async def client(new_client: NewClient, clinic: Clinic) -> Client:
    return await new_client(clinic.practice_id)


async def test_the_overview_has_the_figures_of_analytics(
    client: Client, analytics_target: str
) -> None:
    data = await figures(client, overview_id(client.practice_id), relative_range="previous_month")
    assert [one.state for one in data.widgets] == [READY] * 6
    assert data.as_of.revision == 1
    assert {one.answer.as_of.revision for one in data.widgets} == {1}
    assert all(one.answer.receipt for one in data.widgets)
    assert (data.practice_name, data.time_zone) == (
        "Cedar Valley Family Medicine",
        "America/New_York",
    )
    question = answer_pb2.Question(
        metrics=["total_revenue", "outstanding_balance"],
        period=answer_pb2.Period(relative_range="previous_month"),
        compare=True,
    )
    async with grpc.aio.insecure_channel(analytics_target) as channel:
        stub = analytics_service_pb2_grpc.AnalyticsServiceStub(channel)  # type: ignore[no-untyped-call]
        response = await stub.Ask(
            analytics_service_pb2.AskRequest(questions=[question]), metadata=client._metadata()
        )
    assert data.widgets[0].answer.rows == response.answers[0].rows
    revenue = data.widgets[0].answer.rows[0].figures[0]
    assert Decimal(revenue.value) > 0
    assert revenue.HasField("comparison_value")


async def test_charts_come_with_a_specification_that_draws(client: Client) -> None:
    data = await figures(client, overview_id(client.practice_id))
    specs = [json_format.MessageToDict(one.spec) for one in data.widgets if one.HasField("spec")]
    assert [spec["mark"]["type"] for spec in specs] == ["line", "bar", "arc"]
    for spec in specs:
        assert spec["$schema"].endswith("v6.json")
        assert len(spec["data"]["values"]) >= 4
        svg = vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])
        assert svg.startswith("<svg")
    assert "Self-pay" in str(specs[2]["data"])
    line = next(one for one in data.widgets if one.widget_id == "revenue_by_month")
    drawn = [mark["value"] for mark in specs[0]["data"]["values"]]
    assert drawn == [float(row.figures[0].value) for row in line.answer.rows]
    cut_short = [row.partial for row in line.answer.rows]
    named = [mark["x"].endswith(PARTIAL) for mark in specs[0]["data"]["values"]]
    assert set(cut_short) == {True, False}
    assert named == cut_short
    assert PARTIAL in specs[0]["encoding"]["x"]["title"]


async def test_who_may_not_see_money_sees_the_rest(client: Client) -> None:
    owner = await figures(client, overview_id(client.practice_id))
    desk = await figures(client.a("front_desk"), overview_id(client.practice_id))
    states = {one.widget_id: one.state for one in desk.widgets}
    missing = widget_pb2.WIDGET_STATE_MISSING_PERMISSION
    assert states == {
        "money": missing,
        "appointments": READY,
        "revenue_by_month": missing,
        "charges_and_payments": missing,
        "payments_by_payer": missing,
        "by_provider": READY,
    }
    hidden = [one for one in desk.widgets if one.state == missing]
    assert all(one.message and not one.HasField("answer") for one in hidden)
    assert not any(one.HasField("spec") for one in hidden)
    assert desk.widgets[1].answer.rows == owner.widgets[1].answer.rows
    assert desk.as_of.revision == 1


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"start_date": "2025-02-01", "end_date": "2025-01-01"}, "end_date"),
        ({"start_date": "2025-02-01"}, "end_date"),
        ({"relative_range": "someday"}, "relative_range"),
        ({"relative_range": "x y"}, "relative_range"),
        ({"start_date": "2025-02-30", "end_date": "2025-03-01"}, "start_date"),
        ({"compare_to": "tomorrow"}, "compare_to"),
    ],
)
async def test_a_bad_range_names_the_field(
    client: Client, wanted: dict[str, str], field: str
) -> None:
    error = await failure_of(figures(client, overview_id(client.practice_id), **wanted))
    assert isinstance(error, InvalidInput)
    assert [violation.field for violation in error.violations] == [field]


async def test_a_range_holds_for_all_but_pinned_widgets(client: Client) -> None:
    free_card = {**CARD, "id": "free", "config": {"question": {"metrics": ["total_payments"]}}}
    made = await create(client, widgets=[CARD, free_card, CHART, FEED], layout={})
    data = await figures(client, made.id, start_date="2025-01-01", end_date="2025-03-31")
    pinned, free, chart, feed = data.widgets
    assert (pinned.answer.start_date, pinned.answer.end_date) == ("2025-09-01", "2025-09-30")
    assert (free.answer.start_date, free.answer.end_date) == ("2025-01-01", "2025-03-31")
    assert [row.bucket for row in chart.answer.rows] == ["2025-01-01", "2025-02-01", "2025-03-01"]
    assert feed.state == widget_pb2.WIDGET_STATE_EMPTY
    default = await figures(client, made.id)
    assert default.widgets[1].answer.start_date == "2025-10-01"
    year = await figures(
        client, overview_id(client.practice_id), compare_to="same_period_last_year"
    )
    assert year.widgets[0].answer.comparison_start_date == "2024-10-01"


async def test_a_widget_that_a_range_does_not_suit_says_so(client: Client) -> None:
    daily = {**CHART, "config": {"question": {"metrics": ["total_charges"], "grain": "GRAIN_DAY"}}}
    made = await create(client, widgets=[CARD, daily], layout={})
    data = await figures(client, made.id, start_date="2018-01-01", end_date="2025-01-01")
    assert [one.state for one in data.widgets] == [READY, widget_pb2.WIDGET_STATE_INVALID]
    assert "grain" in data.widgets[1].message


async def test_a_practice_without_facts_has_reasons_and_no_zeros(new_client: NewClient) -> None:
    client = await new_client()
    data = await figures(client, overview_id(client.practice_id))
    assert [one.state for one in data.widgets] == [READY] * 6
    for figure in data.widgets[0].answer.rows[0].figures:
        assert not figure.HasField("value")
        assert figure.reason == "no_source_data"
