"""The scheduler's RPCs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from praxis.report.v1 import report_pb2
from praxis.scheduler.v1 import schedule_pb2, schedule_service_pb2, schedule_service_pb2_grpc
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import NotFound, OutOfRange
from praxis_chassis.idempotency import mark_replayed
from praxis_chassis.records import ReadAudit
from praxis_scheduler.api import convert
from praxis_scheduler.application.checks import rule_of
from praxis_scheduler.application.codes import enum_name
from praxis_scheduler.application.schedules import Schedules
from praxis_scheduler.domain.fire_times import next_fire_times
from praxis_scheduler.storage import firings
from praxis_scheduler.storage import schedules as store
from praxis_scheduler.storage.rows import Record

_PAGE = 50
_COUNT = 5
_YEARS = range(1970, 2201)


class ScheduleServicer(schedule_service_pb2_grpc.ScheduleServiceServicer):
    """Schedules of the caller's practice."""

    def __init__(
        self,
        database: Database,
        schedules: Schedules,
        reads: ReadAudit,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._reads = reads
        self._clock = clock

    async def CreateSchedule(  # noqa: N802
        self, request: schedule_service_pb2.CreateScheduleRequest, context: Any
    ) -> schedule_pb2.ReportSchedule:
        """Makes a schedule."""
        record, replayed = await self._schedules.create(request)
        if replayed:
            mark_replayed(context)
        return convert.schedule(record, self._clock())

    async def GetSchedule(  # noqa: N802
        self, request: schedule_service_pb2.GetScheduleRequest, context: Any
    ) -> schedule_pb2.ReportSchedule:
        """One schedule."""
        record = await self._get(request.schedule_id)
        self._reads.note("schedule.read", "schedule", request.schedule_id)
        return convert.schedule(record, self._clock())

    async def ListSchedules(  # noqa: N802
        self, request: schedule_service_pb2.ListSchedulesRequest, context: Any
    ) -> schedule_service_pb2.ListSchedulesResponse:
        """A page of schedules."""
        practice_id, limit = current().caller.practice_id, request.limit or _PAGE
        filters: Record = {
            "frequency": enum_name(schedule_pb2.ScheduleFrequency.DESCRIPTOR, request.frequency),
            "status": enum_name(schedule_pb2.ScheduleStatus.DESCRIPTOR, request.status),
            "report_type": enum_name(report_pb2.ReportType.DESCRIPTOR, request.report_type),
            "report_id": request.report_id or None,
        }
        async with self._database.read(practice_id) as connection:
            rows, total = await store.list_schedules(
                connection, practice_id, filters, request.skip, limit
            )
        self._reads.note("schedule.list", "schedule", "*")
        now = self._clock()
        return schedule_service_pb2.ListSchedulesResponse(
            items=[convert.schedule(row, now) for row in rows],
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=request.skip + len(rows) < total,
        )

    async def UpdateSchedule(  # noqa: N802
        self, request: schedule_service_pb2.UpdateScheduleRequest, context: Any
    ) -> schedule_pb2.ReportSchedule:
        """Replaces the given fields."""
        return convert.schedule(await self._schedules.update(request), self._clock())

    async def DeleteSchedule(  # noqa: N802
        self, request: schedule_service_pb2.DeleteScheduleRequest, context: Any
    ) -> schedule_service_pb2.DeleteScheduleResponse:
        """Ends a schedule."""
        await self._schedules.delete(uuid.UUID(request.schedule_id), request.etag)
        return schedule_service_pb2.DeleteScheduleResponse()

    async def PauseSchedule(  # noqa: N802
        self, request: schedule_service_pb2.PauseScheduleRequest, context: Any
    ) -> schedule_pb2.ReportSchedule:
        """Keeps it from firing."""
        record = await self._schedules.set_status(uuid.UUID(request.schedule_id), "paused")
        return convert.schedule(record, self._clock())

    async def ResumeSchedule(  # noqa: N802
        self, request: schedule_service_pb2.ResumeScheduleRequest, context: Any
    ) -> schedule_pb2.ReportSchedule:
        """Lets it fire again."""
        record = await self._schedules.set_status(uuid.UUID(request.schedule_id), "active")
        return convert.schedule(record, self._clock())

    async def ListNextRuns(  # noqa: N802
        self, request: schedule_service_pb2.ListNextRunsRequest, context: Any
    ) -> schedule_service_pb2.FireTimes:
        """Coming fire times."""
        rule = rule_of(await self._get(request.schedule_id))
        found = next_fire_times(rule, self._clock(), request.count or _COUNT)
        return convert.fire_times(rule, found)

    async def PreviewSchedule(  # noqa: N802
        self, request: schedule_service_pb2.PreviewScheduleRequest, context: Any
    ) -> schedule_service_pb2.FireTimes:
        """Fire times of a schedule that is not kept."""
        rule = await self._schedules.rule_of(request)
        after = _instant(request.after) if request.HasField("after") else self._clock()
        return convert.fire_times(rule, next_fire_times(rule, after, request.count or _COUNT))

    async def ListScheduleRuns(  # noqa: N802
        self, request: schedule_service_pb2.ListScheduleRunsRequest, context: Any
    ) -> schedule_service_pb2.ListScheduleRunsResponse:
        """A page of what became of its fire times."""
        schedule, limit = await self._get(request.schedule_id), request.limit or _PAGE
        where = (schedule["practice_id"], schedule["id"])
        async with self._database.read(schedule["practice_id"]) as connection:
            rows, total = await firings.list_firings(connection, *where, request.skip, limit)
            ids = [row["id"] for row in rows]
            mails = await firings.list_deliveries(connection, schedule["practice_id"], ids)
        self._reads.note("schedule.runs", "schedule", request.schedule_id)
        return schedule_service_pb2.ListScheduleRunsResponse(
            items=[
                convert.run(row, (one for one in mails if one["firing_id"] == row["id"]))
                for row in rows
            ],
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=request.skip + len(rows) < total,
        )

    async def _get(self, schedule_id: str) -> Record:
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            record = await store.get_schedule(connection, practice_id, uuid.UUID(schedule_id))
        if record is None:
            raise NotFound("no such schedule")
        return record


def _instant(stamp: Timestamp) -> datetime:
    at = stamp.ToDatetime(tzinfo=UTC)
    if at.year not in _YEARS:
        raise OutOfRange.of("after", f"lies outside {_YEARS.start}–{_YEARS.stop - 1}")
    return at
