"""Commands on schedules."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf import json_format

from praxis.report.v1 import report_pb2
from praxis.scheduler.v1 import schedule_service_pb2
from praxis_chassis.caller import current
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import (
    Conflict,
    EtagMismatch,
    Forbidden,
    InvalidInput,
    NotFound,
    WrongState,
)
from praxis_chassis.idempotency import birth
from praxis_chassis.records import audit
from praxis_scheduler.application import checks
from praxis_scheduler.application.codes import enum_name, given
from praxis_scheduler.application.firing import plan, settle
from praxis_scheduler.application.neighbours import Neighbours
from praxis_scheduler.domain.fire_times import Rule
from praxis_scheduler.storage import schedules as store
from praxis_scheduler.storage.rows import Record, insert, update

_METADATA_BYTES = 16 * 1024
_ADMINS = frozenset({"owner", "admin"})


def _missing() -> NotFound:
    return NotFound("no such schedule")


def _change_of(request: schedule_service_pb2.UpdateScheduleRequest) -> Record:
    """Fields to replace; those that the mask names without a value go back to their defaults."""
    usual = checks.defaults()
    for index, name in enumerate(request.update_mask):
        if name not in (*usual, "business_days_only"):
            raise InvalidInput.of(f"update_mask[{index}]", f"{name[:60]!r} cannot be changed")
    cleared = {name: usual[name] for name in request.update_mask if name in usual}
    return cleared | given(request, request.update_mask or checks.FIELDS)


@dataclass(frozen=True)
class Schedules:
    """What changing schedules needs; `mail_domains` as in the settings."""

    database: Database
    neighbours: Neighbours
    clock: Callable[[], datetime]
    mail_domains: tuple[str, ...] = ()

    async def create(
        self, request: schedule_service_pb2.CreateScheduleRequest
    ) -> tuple[Record, bool]:
        """Makes a schedule. Returns its row, and True when an earlier request had made it."""
        caller, now = current().caller, self.clock()
        if request.practice_id and uuid.UUID(request.practice_id) != caller.practice_id:
            raise NotFound("no such practice")
        given_fields = given(request, checks.FIELDS)
        fields = await self._checked(request, given_fields, checks.defaults())
        new = birth("CreateSchedule", request)
        record: Record = {
            **fields,
            "practice_id": caller.practice_id,
            "id": new.id,
            "created_by_user_id": caller.user_id,
            "owner_roles": sorted(caller.roles),
            "request_hash": new.request_hash,
            "created_at": now,
            "updated_at": now,
        }
        async with self.database.write(caller.practice_id) as connection:
            made = await insert(connection, "report_schedules", record)
            if made:
                await plan(connection, record, now)
                await audit(connection, "schedule.create", "schedule", new.id)
            row = await store.get_schedule(connection, caller.practice_id, new.id)
        if row is None:
            raise _missing()
        new.check(row["request_hash"])
        return row, not made

    async def update(self, request: schedule_service_pb2.UpdateScheduleRequest) -> Record:
        """Replaces the given fields of a schedule."""
        practice_id, schedule_id = current().caller.practice_id, uuid.UUID(request.schedule_id)
        async with self.database.read(practice_id) as connection:
            seen = await store.get_schedule(connection, practice_id, schedule_id)
        if seen is None:
            raise _missing()
        # Neighbours are asked before anything is locked; nobody may change the row in between.
        change = _change_of(request)
        fields = await self._checked(request, change, seen)
        async with self._changing(schedule_id, request.etag) as (connection, now_there):
            if now_there["version"] != seen["version"]:
                raise Conflict("this schedule was changed at the same moment; try again")
            row = await self._change(connection, schedule_id, fields)
            await audit(
                connection, "schedule.update", "schedule", schedule_id, fields=sorted(change)
            )
        return row

    async def set_status(self, schedule_id: uuid.UUID, status: str) -> Record:
        """Pauses a schedule, or makes it active again from now on."""
        async with self._changing(schedule_id) as (connection, seen):
            if seen["status"] == "disabled":
                raise WrongState("this schedule is disabled; set its status to active first")
            if seen["status"] == status:
                return seen
            row = await self._change(connection, schedule_id, {"status": status})
            await audit(connection, f"schedule.set_{status}", "schedule", schedule_id)
        return row

    async def delete(self, schedule_id: uuid.UUID, etag: str) -> None:
        """Ends a schedule; its runs stay."""
        async with self._changing(schedule_id, etag) as (connection, seen):
            change = {"deleted_at": self.clock(), "next_run_at": None}
            where = (seen["practice_id"], schedule_id)
            await update(connection, "report_schedules", *where, change)
            await store.forget_due(connection, *where)
            await audit(connection, "schedule.delete", "schedule", schedule_id)

    async def rule_of(self, request: schedule_service_pb2.PreviewScheduleRequest) -> Rule:
        """When a schedule of these fields would fire. Raises: InvalidInput; NotBuilt."""
        fields = checks.merged(checks.defaults(), given(request, checks.FIELDS))
        await self._complete_zone(fields)
        checks.check_rule(fields)
        checks.check_policies(fields, request.business_days_only)
        return checks.rule_of(fields)

    @asynccontextmanager
    async def _changing(
        self, schedule_id: uuid.UUID, etag: str = ""
    ) -> AsyncIterator[tuple[Connection, Record]]:
        """A transaction that holds a schedule; fire times that have come are settled first."""
        caller = current().caller
        async with self.database.write(caller.practice_id) as connection:
            due = await store.lock_due(connection, caller.practice_id, schedule_id)
            seen = await store.get_schedule(connection, caller.practice_id, schedule_id)
            if due is None or seen is None:
                raise _missing()
            if caller.user_id != seen["created_by_user_id"] and not _ADMINS & caller.roles:
                raise Forbidden("only who made a schedule, owners and admins may change it")
            EtagMismatch.check(etag, str(seen["version"]))
            await settle(connection, seen, due, self.clock())
            yield connection, seen

    async def _change(
        self, connection: Connection, schedule_id: uuid.UUID, change: Record
    ) -> Record:
        caller, now = current().caller, self.clock()
        where = (caller.practice_id, schedule_id)
        seen = await store.get_schedule(connection, *where)
        if seen is None:
            raise _missing()
        change = {**change, "updated_at": now, "version": seen["version"] + 1}
        if caller.user_id == seen["created_by_user_id"]:
            change["owner_roles"] = sorted(caller.roles)
        await update(connection, "report_schedules", *where, change)
        await plan(connection, seen | change, now)
        row = await store.get_schedule(connection, *where)
        if row is None:
            raise _missing()
        return row

    async def _checked(self, request: Any, change: Record, current_fields: Record) -> Record:
        """The fields after a change, every one of them checked."""
        if request.metadata.ByteSize() > _METADATA_BYTES:
            raise InvalidInput.of("metadata", f"is over {_METADATA_BYTES // 1024} KiB")
        fields = checks.merged(current_fields, change)
        if not fields["name"]:
            raise InvalidInput.of("name", "is needed")
        await self._complete_zone(fields)
        checks.check_rule(fields)
        checks.check_policies(fields, request.business_days_only)
        checks.check_mail(fields, self.mail_domains)
        await self._complete_report(fields, change)
        return fields

    async def _complete_zone(self, fields: Record) -> None:
        if fields["timezone"] is None:
            fields["timezone"] = (await self.neighbours.practice()).time_zone

    async def _complete_report(self, fields: Record, change: Record) -> None:
        """Checks what is made, and takes from the report definition what was not said."""
        if fields["report_id"] and change.keys() & {"report_id", "report_type"}:
            await self._follow_report(fields, change)
        if fields["report_type"] is None:
            raise InvalidInput.of("report_type", "is needed without report_id")
        fields["report_format"] = fields["report_format"] or "pdf"
        checks.check_parameters(fields)
        if change.get("report_parameters"):
            for name in ("revision", "today"):
                if name in change["report_parameters"]:
                    raise InvalidInput.of(f"report_parameters.{name}", "is set by the run")
            parameters = report_pb2.ReportParameters()
            json_format.ParseDict(change["report_parameters"], parameters)
            await self.neighbours.check_period(parameters)

    async def _follow_report(self, fields: Record, change: Record) -> None:
        report = await self.neighbours.report(str(fields["report_id"]))
        kind = enum_name(report_pb2.ReportType.DESCRIPTOR, report.report_type)
        if change.get("report_type", kind) != kind:
            raise InvalidInput.of("report_type", f"that report is about {kind}")
        fields["report_type"] = kind
        fields["report_format"] = fields["report_format"] or enum_name(
            report_pb2.ReportFormat.DESCRIPTOR, report.format
        )
