"""Runs that a schedule starts."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from conftest import enter_as
from praxis.event.v1 import event_pb2
from praxis.report.v1 import report_pb2
from praxis.scheduler.v1 import events_pb2
from praxis_report.application.scheduling import SUBJECT, handlers

from .conftest import NewClinic, Practice, Stand

CUSTOM, JSON = report_pb2.REPORT_TYPE_CUSTOM, report_pb2.REPORT_FORMAT_JSON


async def fire(stand: Stand, practice: Practice, **fields: Any) -> str:
    """A schedule of the practice fires; returns its firing's id."""
    message = events_pb2.ScheduleFired(
        schedule_id=str(uuid.uuid4()),
        firing_id=str(uuid.uuid4()),
        practice_id=str(practice.id),
        owner_user_id="ada",
        owner_roles=["owner"],
        schedule_name="Weekly",
        **fields,
    )
    message.fire_time.GetCurrentTime()
    event = event_pb2.Event(payload=message.SerializeToString())
    enter_as(practice.id)
    async with stand.runner.database.write(practice.id) as connection:
        await handlers(220, stand.service.wake)[SUBJECT](connection, event)
    return message.firing_id


@pytest.mark.parametrize("shown", [{"metrics": ["visits"]}, {"sql": "select 1 as one from visits"}])
async def test_what_a_definition_shows_holds_where_its_schedule_says_nothing(
    stand: Stand, new_clinic: NewClinic, shown: dict[str, Any]
) -> None:
    practice = await new_clinic()
    own = report_pb2.ReportParameters(relative_range="previous_month", **shown)
    report = await stand.report(practice.owner, report_type=CUSTOM, parameters=own)
    given = report_pb2.ReportParameters(relative_range="year_to_date")
    firing = await fire(stand, practice, report_id=report.id, format=JSON, parameters=given)
    sql = "select id from report_executions where firing_id = %s"
    [row] = await stand.rows(sql, uuid.UUID(firing))
    async with stand.working():
        done = await stand.ended(practice.owner, str(row["id"]))
    assert done.status == report_pb2.REPORT_STATUS_COMPLETED, done.error
    assert done.parameters.start_date == "2025-01-01"
    said = json.loads((await stand.download(done.download_url))[1])
    (main,) = [one for one in said["sections"] if one.get("main")]
    names = [column["name"] for column in main["columns"]]
    assert names[-1] == ("one" if "sql" in shown else "visits")
