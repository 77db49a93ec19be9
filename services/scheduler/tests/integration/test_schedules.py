"""Schedules as their RPCs show them, on a real database."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from praxis.report.v1 import report_pb2
from praxis.scheduler.v1 import schedule_pb2
from praxis.scheduler.v1 import schedule_service_pb2 as rpc
from praxis_chassis.errors import (
    Error,
    EtagMismatch,
    Forbidden,
    InvalidInput,
    KeyReused,
    NotBuilt,
    NotFound,
)
from praxis_chassis.server import validate

from .conftest import World, enter_as, request

pytestmark = pytest.mark.asyncio


class Context:
    """What a servicer may tell its server."""

    def __init__(self) -> None:
        self.trailer: list[tuple[str, str]] = []

    def set_trailing_metadata(self, trailer: tuple[tuple[str, str], ...]) -> None:
        self.trailer = list(trailer)


async def create(world: World, **fields: Any) -> schedule_pb2.ReportSchedule:
    message = request(**fields)
    validate(message)
    return await world.servicer.CreateSchedule(message, Context())


async def test_every_field_is_kept_and_returned(world: World) -> None:
    made = await create(
        world,
        description="For the board",
        frequency=schedule_pb2.SCHEDULE_FREQUENCY_YEARLY,
        day_of_week=2,
        day_of_month=31,
        month_of_year=2,
        time_of_day="07:30:15",
        timezone="Europe/Berlin",
        report_format=report_pb2.REPORT_FORMAT_CSV,
        report_parameters=report_pb2.ReportParameters(
            relative_range="previous_month", group_by=["payer_class"]
        ),
        delivery_method=schedule_pb2.DELIVERY_METHOD_BOTH,
        email_recipients=["a@praxis.test", "b@praxis.test"],
        email_subject="{{report_name}}",
        email_body="See {{link}}",
        retention_days=90,
        auto_delete_old_reports=True,
        metadata={"color": "blue", "n": [1, {"deep": True}]},
        catch_up=schedule_pb2.CATCH_UP_NONE,
    )
    found = await world.servicer.GetSchedule(rpc.GetScheduleRequest(schedule_id=made.id), Context())
    assert found == made
    assert (made.practice_id, made.created_by_user_id) == (str(world.practice_id), "tester")
    assert made.next_run_at.ToDatetime(tzinfo=UTC) == datetime(2027, 2, 28, 6, 30, 15, tzinfo=UTC)
    assert (made.description, made.time_of_day, made.timezone) == (
        *("For the board", "07:30:15", "Europe/Berlin"),
    )
    assert (made.day_of_week, made.day_of_month, made.month_of_year) == (2, 31, 2)
    assert made.report_parameters.group_by == ["payer_class"]
    assert made.report_format == report_pb2.REPORT_FORMAT_CSV
    assert list(made.email_recipients) == ["a@praxis.test", "b@praxis.test"]
    assert (made.email_subject, made.email_body) == ("{{report_name}}", "See {{link}}")
    assert (made.retention_days, made.auto_delete_old_reports) == (90, True)
    assert MessageToDict(made.metadata) == {"color": "blue", "n": [1, {"deep": True}]}
    assert made.catch_up == schedule_pb2.CATCH_UP_NONE
    assert made.overlap == schedule_pb2.OVERLAP_QUEUE_ONE
    assert (made.is_active, made.is_due, made.HasField("success_rate")) == (True, False, False)
    assert (made.total_runs, made.successful_runs, made.failed_runs) == (0, 0, 0)


async def test_a_change_that_could_never_run_is_refused(world: World) -> None:
    custom = report_pb2.REPORT_TYPE_CUSTOM
    parameters = report_pb2.ReportParameters(metrics=["total_revenue"])
    made = await create(world, report_type=custom, report_parameters=parameters)
    empty = rpc.UpdateScheduleRequest(schedule_id=made.id, update_mask=["report_parameters"])
    with pytest.raises(InvalidInput, match="at least one metric"):
        await world.servicer.UpdateSchedule(empty, Context())
    plain = rpc.UpdateScheduleRequest(
        schedule_id=made.id, report_type=report_pb2.REPORT_TYPE_REVENUE
    )
    with pytest.raises(InvalidInput, match="is for custom reports"):
        await world.servicer.UpdateSchedule(plain, Context())
    kept = rpc.GetScheduleRequest(schedule_id=made.id)
    assert await world.servicer.GetSchedule(kept, Context()) == made


async def test_what_is_not_said_has_a_default(world: World) -> None:
    made = await create(world)
    assert made.timezone == "America/New_York"
    assert made.delivery_method == schedule_pb2.DELIVERY_METHOD_PORTAL
    assert made.report_format == report_pb2.REPORT_FORMAT_PDF
    assert made.status == schedule_pb2.SCHEDULE_STATUS_ACTIVE and made.is_enabled
    mailed = await create(world, email_recipients=["a@praxis.test"])
    assert mailed.delivery_method == schedule_pb2.DELIVERY_METHOD_EMAIL


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"time_of_day": "24:00"}, "time_of_day"),
        ({"time_of_day": "8:00"}, "time_of_day"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "America"}, "timezone"),
        ({"frequency": schedule_pb2.SCHEDULE_FREQUENCY_WEEKLY}, "day_of_week"),
        ({"frequency": schedule_pb2.SCHEDULE_FREQUENCY_MONTHLY}, "day_of_month"),
        ({"frequency": schedule_pb2.SCHEDULE_FREQUENCY_QUARTERLY}, "day_of_month"),
        ({"day_of_month": 32}, "day_of_month"),
        ({"day_of_week": 7}, "day_of_week"),
        ({"month_of_year": 13}, "month_of_year"),
        ({"cron_expression": "0 8 * * *"}, "cron_expression"),
        ({"email_recipients": ["no address"]}, "email_recipients[0]"),
        ({"email_recipients": ["a@x.test\r\nBcc: b@x.test"]}, "email_recipients[0]"),
        ({"email_recipients": [f"a{n}@x.test" for n in range(51)]}, "email_recipients"),
        ({"delivery_method": schedule_pb2.DELIVERY_METHOD_EMAIL}, "email_recipients"),
        ({"email_subject": "x\r\nBcc: all@x.test"}, "email_subject"),
        ({"email_subject": "{{link}}"}, "email_subject"),
        ({"email_body": "{{patient_name}}"}, "email_body"),
        ({"retention_days": 0}, "retention_days"),
        ({"report_type": None}, "report_type"),
        ({"metadata": {"x": "y" * 20_000}}, "metadata"),
        (
            {"report_parameters": report_pb2.ReportParameters(relative_range="someday")},
            "report_parameters.relative_range",
        ),
        (
            {"report_parameters": report_pb2.ReportParameters(metrics=["total_revenue"])},
            "report_parameters.metrics",
        ),
        (
            {"report_parameters": report_pb2.ReportParameters(sql="select 1")},
            "report_parameters.sql",
        ),
        ({"report_type": report_pb2.REPORT_TYPE_CUSTOM}, "report_parameters.metrics"),
        (
            {"report_parameters": report_pb2.ReportParameters(revision=3)},
            "report_parameters.revision",
        ),
        (
            {"report_parameters": report_pb2.ReportParameters(start_date="yesterday")},
            "report_parameters.start_date",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_bad_input_names_its_field(world: World, fields: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await create(world, **fields)
    assert named in [
        one.field.removeprefix("report_parameters.report_") for one in caught.value.violations
    ]
    assert await world.rows("select 1 from report_schedules") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"frequency": schedule_pb2.SCHEDULE_FREQUENCY_CUSTOM, "cron_expression": "0 8 * * *"},
        {"business_days_only": True},
        {"overlap": schedule_pb2.OVERLAP_SKIP},
    ],
    ids=["cron", "business days", "skip overlapping"],
)
async def test_what_cannot_fire_yet_is_refused(world: World, fields: dict[str, Any]) -> None:
    with pytest.raises(NotBuilt, match="not built yet"):
        await create(world, **fields)


async def test_a_report_gives_type_and_format(world: World) -> None:
    report_id = str(uuid.uuid4())
    world.neighbours.reports[report_id] = report_pb2.Report(
        id=report_id,
        report_type=report_pb2.REPORT_TYPE_REVENUE,
        format=report_pb2.REPORT_FORMAT_JSON,
    )
    made = await create(world, report_type=None, report_id=report_id)
    assert made.report_type == report_pb2.REPORT_TYPE_REVENUE
    assert made.report_format == report_pb2.REPORT_FORMAT_JSON
    with pytest.raises(InvalidInput, match="report_type"):
        await create(world, report_type=report_pb2.REPORT_TYPE_CLAIMS, report_id=report_id)
    with pytest.raises(NotFound):
        await create(world, report_type=None, report_id=str(uuid.uuid4()))


async def test_a_change_replaces_what_it_names(world: World) -> None:
    made = await create(world, description="Old", email_recipients=["a@praxis.test"])
    world.clock.forward(hours=1)
    change = rpc.UpdateScheduleRequest(
        schedule_id=made.id, time_of_day="09:15", description="", etag=made.etag
    )
    validate(change)
    changed = await world.servicer.UpdateSchedule(change, Context())
    assert changed.time_of_day == "09:15" and not changed.HasField("description")
    assert changed.next_run_at.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 2, 14, 15, tzinfo=UTC)
    kept = ("name", "timezone", "email_recipients", "delivery_method", "created_at", "frequency")
    assert all(getattr(changed, name) == getattr(made, name) for name in kept)
    assert changed.etag != made.etag
    with pytest.raises(EtagMismatch):
        await world.servicer.UpdateSchedule(change, Context())
    with pytest.raises(InvalidInput, match="timezone"):
        bad = rpc.UpdateScheduleRequest(schedule_id=made.id, timezone="Nowhere")
        await world.servicer.UpdateSchedule(bad, Context())
    [fields] = await world.rows("select fields from audit_log where action = 'schedule.update'")
    assert fields == (["description", "time_of_day"],)


async def test_the_mask_clears_what_has_no_value(world: World) -> None:
    made = await create(
        world, description="Old", email_recipients=["a@praxis.test"], retention_days=9
    )
    change = rpc.UpdateScheduleRequest(schedule_id=made.id, retention_days=3)
    change.update_mask.extend(["email_recipients", "description", "delivery_method"])
    changed = await world.servicer.UpdateSchedule(change, Context())
    assert list(changed.email_recipients) == [] and not changed.HasField("description")
    assert changed.delivery_method == schedule_pb2.DELIVERY_METHOD_PORTAL
    # Not named, so not replaced.
    assert changed.retention_days == 9
    for name in ("name", "time_of_day", "report_type", "frequency"):
        change = rpc.UpdateScheduleRequest(schedule_id=made.id, update_mask=[name])
        with pytest.raises(InvalidInput, match=name):
            await world.servicer.UpdateSchedule(change, Context())
    change.update_mask[:] = ["total_runs"]
    with pytest.raises(InvalidInput, match="update_mask"):
        await world.servicer.UpdateSchedule(change, Context())


async def test_pause_resume_and_end(world: World) -> None:
    made = await create(world)
    paused = await world.servicer.PauseSchedule(
        rpc.PauseScheduleRequest(schedule_id=made.id), Context()
    )
    assert paused.status == schedule_pb2.SCHEDULE_STATUS_PAUSED
    assert not paused.is_active and not paused.HasField("next_run_at")
    world.clock.forward(days=3)
    await world.fire()
    resumed = await world.servicer.ResumeSchedule(
        rpc.ResumeScheduleRequest(schedule_id=made.id), Context()
    )
    assert resumed.next_run_at.ToDatetime(tzinfo=UTC) > world.clock()
    assert await world.rows("select 1 from firing") == []
    one = rpc.DeleteScheduleRequest(schedule_id=made.id, etag="99")
    with pytest.raises(EtagMismatch):
        await world.servicer.DeleteSchedule(one, Context())
    one.etag = resumed.etag
    await world.servicer.DeleteSchedule(one, Context())
    with pytest.raises(NotFound):
        await world.servicer.GetSchedule(rpc.GetScheduleRequest(schedule_id=made.id), Context())
    world.clock.forward(days=3)
    await world.fire()
    assert await world.rows("select 1 from firing") == []


async def test_lists_are_filtered_and_paged(world: World) -> None:
    for number in range(3):
        world.clock.forward(seconds=1)
        await create(world, name=f"n{number}")
    weekly = await create(
        world, frequency=schedule_pb2.SCHEDULE_FREQUENCY_WEEKLY, day_of_week=0, name="weekly"
    )
    page = await world.servicer.ListSchedules(rpc.ListSchedulesRequest(limit=2), Context())
    assert [page.total, page.limit, page.has_more, len(page.items)] == [4, 2, True, 2]
    only = rpc.ListSchedulesRequest(frequency=schedule_pb2.SCHEDULE_FREQUENCY_WEEKLY)
    assert [one.id for one in (await world.servicer.ListSchedules(only, Context())).items] == [
        weekly.id
    ]


async def test_next_runs_and_preview_agree(world: World) -> None:
    made = await create(world, time_of_day="02:30")
    listed = await world.servicer.ListNextRuns(
        rpc.ListNextRunsRequest(schedule_id=made.id, count=8), Context()
    )
    assert [run.local_time for run in listed.runs][5] == "2026-03-08T03:00:00"
    assert [run.utc_offset for run in listed.runs][4:7] == ["-05:00", "-04:00", "-04:00"]
    assert listed.description == "every day at 02:30, America/New_York"
    preview = rpc.PreviewScheduleRequest(
        frequency=schedule_pb2.SCHEDULE_FREQUENCY_DAILY, time_of_day="02:30", count=8
    )
    assert await world.servicer.PreviewSchedule(preview, Context()) == listed
    preview.after.CopyFrom(listed.runs[0].fire_at)
    later = await world.servicer.PreviewSchedule(preview, Context())
    assert list(later.runs)[:7] == list(listed.runs)[1:]
    preview.after.FromJsonString("9999-01-01T00:00:00Z")
    with pytest.raises(InvalidInput, match="after"):
        await world.servicer.PreviewSchedule(preview, Context())


async def test_the_same_create_again_is_the_same_schedule(world: World) -> None:
    enter_as(world.practice_id, key="k1")
    first, context = request(), Context()
    made = await world.servicer.CreateSchedule(first, context)
    assert not context.trailer
    again = await world.servicer.CreateSchedule(first, context)
    assert again == made and context.trailer == [("idempotency-replayed", "true")]
    with pytest.raises(KeyReused):
        await world.servicer.CreateSchedule(request(name="Other"), context)


async def test_only_its_maker_and_admins_change_a_schedule(world: World) -> None:
    enter_as(world.practice_id, "billing", user="maker")
    made = await create(world)
    enter_as(world.practice_id, "billing", user="other")
    with pytest.raises(Forbidden):
        await world.servicer.PauseSchedule(rpc.PauseScheduleRequest(schedule_id=made.id), Context())
    enter_as(world.practice_id, "admin", user="boss")
    change = rpc.UpdateScheduleRequest(schedule_id=made.id, name="Renamed")
    changed = await world.servicer.UpdateSchedule(change, Context())
    assert changed.created_by_user_id == "maker"
    # An admin's change lends the schedule no rights of the admin's.
    assert await world.rows("select owner_roles from report_schedules") == [(["billing"],)]


async def test_schedules_of_others_are_not_there(world: World) -> None:
    made = await create(world, email_recipients=["a@praxis.test"])
    world.clock.forward(days=1)
    await world.fire()
    before = await world.rows("select * from report_schedules")
    stranger = enter_as(uuid.uuid4()).practice_id
    calls: list[tuple[Any, Any]] = [
        (world.servicer.GetSchedule, rpc.GetScheduleRequest(schedule_id=made.id)),
        (world.servicer.UpdateSchedule, rpc.UpdateScheduleRequest(schedule_id=made.id, name="x")),
        (world.servicer.DeleteSchedule, rpc.DeleteScheduleRequest(schedule_id=made.id)),
        (world.servicer.PauseSchedule, rpc.PauseScheduleRequest(schedule_id=made.id)),
        (world.servicer.ResumeSchedule, rpc.ResumeScheduleRequest(schedule_id=made.id)),
        (world.servicer.ListNextRuns, rpc.ListNextRunsRequest(schedule_id=made.id)),
        (world.servicer.ListScheduleRuns, rpc.ListScheduleRunsRequest(schedule_id=made.id)),
        (world.servicer.CreateSchedule, request(practice_id=str(world.practice_id))),
    ]
    told = set()
    for call, message in calls:
        with pytest.raises(Error) as caught:
            await call(message, Context())
        told.add((type(caught.value), caught.value.message))
    assert told == {(NotFound, "no such schedule"), (NotFound, "no such practice")}
    listed = await world.servicer.ListSchedules(rpc.ListSchedulesRequest(), Context())
    assert listed.total == 0
    assert await world.rows("select * from report_schedules") == before
    async with world.app.read(stranger) as connection:
        for table in ("report_schedules", "firing", "delivery", "audit_log"):
            cursor = await connection.execute(
                f"select count(*) from {table} where practice_id = %s".encode(),
                (world.practice_id,),
            )
            assert await cursor.fetchone() == (0,)
