"""Dashboards: every field stored, bad ones named, strangers kept out."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from google.protobuf import json_format

from praxis.dashboard.v1 import dashboard_pb2, dashboard_service_pb2
from praxis_chassis.errors import (
    EtagMismatch,
    Forbidden,
    InvalidInput,
    KeyReused,
    NotFound,
    WrongState,
)
from praxis_dashboard.domain.overview import overview_id

from .conftest import Client, NewClient, failure_of

Create = dashboard_service_pb2.CreateDashboardRequest
Update = dashboard_service_pb2.UpdateDashboardRequest
Get = dashboard_service_pb2.GetDashboardRequest
Delete = dashboard_service_pb2.DeleteDashboardRequest
List = dashboard_service_pb2.ListDashboardsRequest
Data = dashboard_service_pb2.GetDashboardDataRequest

CARD: dict[str, Any] = {
    "id": "card",
    "widget_type": "WIDGET_TYPE_METRIC_CARD",
    "title": "Payments",
    "description": "What came in",
    "config": {
        "question": {
            "metrics": ["total_payments"],
            "period": {"relative_range": "previous_month", "compare_to": "previous_period"},
            "is_pinned": True,
            "compare": True,
            "filters": [{"dimension": "payer_class", "values": ["medicare"]}],
        },
        "options": {"color": "blue"},
    },
}
CHART: dict[str, Any] = {
    "id": "chart",
    "widget_type": "WIDGET_TYPE_BAR_CHART",
    "title": "Charges",
    "config": {
        "question": {"metrics": ["total_charges"], "grain": "GRAIN_MONTH"},
        "chart_kind": "CHART_KIND_STACKED_BAR",
    },
}
FEED: dict[str, Any] = {
    "id": "feed",
    "widget_type": "WIDGET_TYPE_NOTIFICATION_FEED",
    "title": "News",
}
WHOLE: dict[str, Any] = {
    "name": "Money",
    "description": "Where it is",
    "dashboard_type": "DASHBOARD_TYPE_FINANCIAL",
    "widgets": [CARD, CHART, FEED],
    "layout": {"items": [{"widget_id": "chart", "x": 0, "y": 0, "width": 12, "height": 5}]},
    "theme": "DASHBOARD_THEME_DARK",
    "refresh_interval": "REFRESH_INTERVAL_EVERY_5_MINUTES",
    "auto_refresh": False,
    "is_public": False,
    "shared_with_users": ["uma"],
    "shared_with_roles": ["ROLE_BILLING"],
    "is_default": True,
    "is_template": True,
    "sort_order": 7,
    "metadata": {"tags": ["a", "b"]},
}


def request_of(content: dict[str, Any]) -> Any:
    return json_format.ParseDict(content, Create())


def as_dict(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return found


async def create(client: Client, **changes: Any) -> Any:
    return await client.call("CreateDashboard", request_of(WHOLE | changes))


async def test_every_field_comes_back_as_it_was_given(new_client: NewClient) -> None:
    client = await new_client()
    made = await create(client)
    found = as_dict(await client.call("GetDashboard", Get(dashboard_id=made.id)))
    for field in set(WHOLE) - {"layout", "auto_refresh", "is_public"}:
        assert found[field] == WHOLE[field], field
    assert "auto_refresh" not in found  # false
    assert found["practice_id"] == str(client.practice_id)
    assert (found["user_id"], found["widget_count"], found["is_shared"]) == ("olga", 3, True)
    assert (found["view_count"], found["layout"]["columns"]) == ("1", 12)
    assert found["last_viewed_at"] >= found["created_at"]
    places = {one["widget_id"]: one for one in found["layout"]["items"]}
    assert places["chart"] == {"widget_id": "chart", "width": 12, "height": 5}
    assert places["card"] == {"widget_id": "card", "y": 5, "width": 3, "height": 2}
    assert places["feed"]["x"] == 3


async def test_the_same_key_makes_one_dashboard(new_client: NewClient) -> None:
    client = await new_client()
    request = request_of(WHOLE)
    first = await client.call("CreateDashboard", request, idempotency_key="k1")
    again = await client.call("CreateDashboard", request, idempotency_key="k1")
    assert again.id == first.id
    request.name = "Other"
    refused = client.call("CreateDashboard", request, idempotency_key="k1")
    assert isinstance(await failure_of(refused), KeyReused)
    assert (await client.call("ListDashboards", List())).total == 2


async def test_every_practice_has_an_overview(new_client: NewClient) -> None:
    client = await new_client()
    (found,) = (await client.call("ListDashboards", List())).items
    assert found.id == str(overview_id(client.practice_id))
    assert found.is_default
    assert found.is_public
    assert found.dashboard_type == dashboard_pb2.DASHBOARD_TYPE_OVERVIEW
    assert found.widget_count == len(found.widgets) == len(found.layout.items) == 6
    assert not found.HasField("user_id")
    assert found.view_count == 0
    await client.call("GetDashboard", Get(dashboard_id=found.id))
    desk = client.a("front_desk")
    assert (await desk.call("GetDashboard", Get(dashboard_id=found.id))).view_count == 2
    refused = await failure_of(client.call("DeleteDashboard", Delete(dashboard_id=found.id)))
    assert isinstance(refused, WrongState)
    refused = await failure_of(
        desk.call("UpdateDashboard", Update(dashboard_id=found.id, name="x"))
    )
    assert isinstance(refused, Forbidden)


def _changed(path: str, value: Any) -> dict[str, Any]:
    widget = {**CHART, "config": {**CHART["config"], "question": dict(CHART["config"]["question"])}}
    target: Any = widget
    *way, last = path.split(".")
    for name in way:
        target = target[name]
    target[last] = value
    return {"widgets": [FEED, widget], "layout": {}}


def _placed(widget_id: str, x: int, width: int) -> dict[str, Any]:
    return {"layout": {"items": [{"widget_id": widget_id, "x": x, "width": width, "height": 1}]}}


PLACE = "layout.items[0]"
ASKED = "widgets[1].config.question"
METRICS, PERIOD = "config.question.metrics", "config.question.period"
DIMENSION, GRAIN = "config.question.dimension", "config.question.grain"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"widgets": [FEED, FEED], "layout": {}}, "widgets[1].id"),
        ({"shared_with_roles": [0]}, "shared_with_roles[0]"),
        ({"shared_with_users": [""]}, "shared_with_users[0]"),
        ({"metadata": {"text": "x" * 17_000}}, "metadata"),
        (_placed("card", 0, 13), f"{PLACE}.width"),
        (_placed("card", 9, 4), f"{PLACE}.width"),
        (_placed("ghost", 0, 4), f"{PLACE}.widget_id"),
        ({"layout": {"columns": 24}}, "layout.columns"),
        ({"widgets": [{**CHART, "config": {}}], "layout": {}}, "widgets[0].config.question"),
        ({"widgets": [{**CHART, "widget_type": 0}], "layout": {}}, "widgets[0].widget_type"),
        (_changed(METRICS, ["profit"]), f"{ASKED}.metrics[0]"),
        (_changed(METRICS, ["total_charges", "no_show_rate"]), f"{ASKED}.metrics"),
        (_changed(DIMENSION, "moon"), f"{ASKED}.dimension"),
        (_changed(PERIOD, {"relative_range": "someday"}), f"{ASKED}.period.relative_range"),
        (_changed("config.chart_kind", "CHART_KIND_DONUT"), f"{ASKED}.dimension"),
        (_changed(GRAIN, 0), f"{ASKED}.dimension"),
    ],
)  # fmt: skip
async def test_bad_input_names_the_field(
    new_client: NewClient, changes: dict[str, Any], field: str
) -> None:
    client = await new_client()
    error = await failure_of(create(client, **changes))
    assert isinstance(error, InvalidInput)
    assert field in [violation.field for violation in error.violations]


async def test_figures_of_others_cannot_be_put_on_a_dashboard(new_client: NewClient) -> None:
    client = await new_client()
    assert isinstance(await failure_of(create(client.a("front_desk"))), Forbidden)
    foreign = await failure_of(create(client, practice_id=str(uuid.uuid4())))
    assert isinstance(foreign, NotFound)


async def _all_refused(client: Client, dashboard_id: str) -> None:
    for method, request in (
        ("GetDashboard", Get(dashboard_id=dashboard_id)),
        ("GetDashboardData", Data(dashboard_id=dashboard_id)),
        ("UpdateDashboard", Update(dashboard_id=dashboard_id, name="mine")),
        ("DeleteDashboard", Delete(dashboard_id=dashboard_id)),
    ):
        error = await failure_of(client.call(method, request))
        assert isinstance(error, NotFound), (method, error)
    async with client.watching(Data(dashboard_id=dashboard_id)) as following:
        assert isinstance(await failure_of(following()), NotFound)
    listed = await client.call("ListDashboards", List())
    assert dashboard_id not in [one.id for one in listed.items]


async def test_another_practice_finds_nothing(new_client: NewClient) -> None:
    mine, theirs = await new_client(), await new_client()
    made = await create(mine, is_public=True)
    await _all_refused(theirs, made.id)
    await _all_refused(theirs, str(overview_id(mine.practice_id)))
    kept = await mine.call("GetDashboard", Get(dashboard_id=made.id))
    assert (kept.name, kept.view_count) == ("Money", 1)


async def test_a_dashboard_is_seen_by_those_it_was_given_to(new_client: NewClient) -> None:
    owner = await new_client()
    maker = owner.a("analyst", "ann")
    made = await create(maker)
    await _all_refused(owner.a("analyst", "other"), made.id)
    for reader in (owner.a("front_desk", "uma"), owner.a("billing")):
        await reader.call("GetDashboard", Get(dashboard_id=made.id))
        refused = reader.call("UpdateDashboard", Update(dashboard_id=made.id, name="x"))
        assert isinstance(await failure_of(refused), Forbidden)
    unshared = Update(
        dashboard_id=made.id, update_mask=["shared_with_users", "shared_with_roles", "description"]
    )
    changed = await maker.call("UpdateDashboard", unshared)
    assert not changed.is_shared
    assert not changed.HasField("description")
    await _all_refused(owner.a("billing"), made.id)
    # Who runs the practice sees and changes everything.
    await owner.a("admin").call("UpdateDashboard", Update(dashboard_id=made.id, is_public=True))
    assert (await owner.a("billing").call("GetDashboard", Get(dashboard_id=made.id))).is_shared


async def test_a_change_replaces_what_it_names_and_nothing_else(new_client: NewClient) -> None:
    client = await new_client()
    made = await create(client)
    changed = await client.call(
        "UpdateDashboard", Update(dashboard_id=made.id, name="New", etag=made.etag)
    )
    before, after = as_dict(made), as_dict(changed)
    assert {key for key in before if before[key] != after[key]} == {"name", "updated_at", "etag"}
    stale = client.call("UpdateDashboard", Update(dashboard_id=made.id, name="x", etag=made.etag))
    assert isinstance(await failure_of(stale), EtagMismatch)
    fewer = json_format.ParseDict({"dashboard_id": made.id, "widgets": [FEED, CHART]}, Update())
    shrunk = await client.call("UpdateDashboard", fewer)
    places = {one.widget_id: one for one in shrunk.layout.items}
    assert places["chart"].width == 12
    assert places["feed"] == next(p for p in made.layout.items if p.widget_id == "feed")
    unknown = Update(dashboard_id=made.id, update_mask=["view_count"])
    error = await failure_of(client.call("UpdateDashboard", unknown))
    assert isinstance(error, InvalidInput)
    assert error.violations[0].field == "update_mask[0]"


async def test_one_dashboard_opens_first(new_client: NewClient) -> None:
    client = await new_client()
    first, second = await create(client), await create(client)
    listed = (await client.call("ListDashboards", List())).items
    assert [one.id for one in listed if one.is_default] == [
        second.id,
        str(overview_id(client.practice_id)),
    ]
    await client.call("UpdateDashboard", Update(dashboard_id=first.id, is_default=True))
    assert (await client.call("ListDashboards", List())).items[0].id == first.id
    other = (await client.a("admin").call("ListDashboards", List())).items[0]
    assert other.id == str(overview_id(client.practice_id))


async def test_lists_are_filtered_and_paged(new_client: NewClient) -> None:
    client = await new_client()
    made = [
        await create(client, is_template=i == 0, sort_order=i, is_default=False) for i in range(3)
    ]
    page = await client.call("ListDashboards", List(skip=1, limit=2))
    assert ([one.id for one in page.items], page.total) == ([made[0].id, made[1].id], 4)
    assert page.has_more
    templates = await client.call("ListDashboards", List(templates_only=True))
    assert [one.id for one in templates.items] == [made[0].id]
    financial = List(dashboard_type=dashboard_pb2.DASHBOARD_TYPE_FINANCIAL, is_public=False)
    assert (await client.call("ListDashboards", financial)).total == 3
    assert (await client.call("ListDashboards", List(user_id="nobody"))).total == 0


async def test_a_deleted_dashboard_is_gone_and_its_row_is_kept(
    new_client: NewClient, superuser: Any
) -> None:
    client = await new_client()
    made = await create(client)
    stale = client.call("DeleteDashboard", Delete(dashboard_id=made.id, etag='"99"'))
    assert isinstance(await failure_of(stale), EtagMismatch)
    await client.call("DeleteDashboard", Delete(dashboard_id=made.id))
    await _all_refused(client, made.id)
    row = superuser.execute(
        "select deleted_at from dashboards where id = %s", (made.id,)
    ).fetchone()
    assert row[0] is not None
    left = superuser.execute(
        "select action from audit_log where object_id = %s order by at", (made.id,)
    ).fetchall()
    assert {("dashboard.create",), ("dashboard.delete",)} <= set(left)
    subjects = superuser.execute(
        "select subject from event_log where practice_id = %s"
        " and position(%s::bytea in payload) > 0 order by ord",
        (client.practice_id, made.id.encode()),
    ).fetchall()
    assert [subject.rsplit(".", 1)[1] for (subject,) in subjects] == ["created", "deleted"]
