"""The RPCs on a practice: settings, targets, staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from praxis.analytics.v1 import practice_pb2, practice_service_pb2, practice_service_pb2_grpc
from praxis_analytics.api import convert
from praxis_analytics.application import settings as commands
from praxis_analytics.domain.kpis import Described, TargetChange, in_force
from praxis_analytics.domain.periods import PeriodError, parse_date
from praxis_analytics.queries.kpis import find, with_targets
from praxis_analytics.queries.staff import StaffUser, list_staff
from praxis_analytics.storage.practices import get_practice
from praxis_analytics.storage.settings import Change, list_changes
from praxis_analytics.storage.targets import target_changes
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput, NotFound

_PAGE = 50


class PracticeServicer(practice_service_pb2_grpc.PracticeServiceServicer):
    """Settings, targets and staff of the caller's practice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def UpdatePractice(  # noqa: N802
        self, request: practice_service_pb2.UpdatePracticeRequest, context: Any
    ) -> practice_pb2.Practice:
        """Changes settings."""
        return convert.practice(await commands.update_practice(self._database, request))

    async def ListPracticeChanges(  # noqa: N802
        self, request: practice_service_pb2.ListPracticeChangesRequest, context: Any
    ) -> practice_service_pb2.ListPracticeChangesResponse:
        """A page of changes."""
        practice_id, limit = current().caller.practice_id, request.limit or _PAGE
        async with self._database.read(practice_id) as connection:
            changes, total = await list_changes(connection, practice_id, request.skip, limit)
        return practice_service_pb2.ListPracticeChangesResponse(
            items=[_change(one) for one in changes],
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=request.skip + len(changes) < total,
        )

    async def ListTargets(  # noqa: N802
        self, request: practice_service_pb2.ListTargetsRequest, context: Any
    ) -> practice_service_pb2.ListTargetsResponse:
        """Every target in force."""
        found = await self._targets(request.on)
        return practice_service_pb2.ListTargetsResponse(
            items=[found[metric_id] for metric_id in sorted(found)]
        )

    async def GetTarget(  # noqa: N802
        self, request: practice_service_pb2.GetTargetRequest, context: Any
    ) -> practice_pb2.MetricTarget:
        """The target of one metric."""
        found = (await self._targets(request.on)).get(request.metric_id)
        if found is None:
            raise NotFound("this metric has no target")
        return found

    async def SetTarget(  # noqa: N802
        self, request: practice_service_pb2.SetTargetRequest, context: Any
    ) -> practice_pb2.MetricTarget:
        """Sets the target of a metric."""
        metric = find(request.metric_id)
        if metric is None:
            raise NotFound("no such metric")
        change = await commands.set_target(self._database, request, metric)
        return _target(metric, change, change.version)

    async def DeleteTarget(  # noqa: N802
        self, request: practice_service_pb2.DeleteTargetRequest, context: Any
    ) -> practice_service_pb2.DeleteTargetResponse:
        """Ends the practice's own target."""
        await commands.end_target(self._database, request)
        return practice_service_pb2.DeleteTargetResponse()

    async def ListStaffUsers(  # noqa: N802
        self, request: practice_service_pb2.ListStaffUsersRequest, context: Any
    ) -> practice_service_pb2.ListStaffUsersResponse:
        """A page of people."""
        practice_id, limit = current().caller.practice_id, request.limit or _PAGE
        async with self._database.read(practice_id) as connection:
            people, total = await list_staff(
                connection, practice_id, request.active_only, request.skip, limit
            )
        return practice_service_pb2.ListStaffUsersResponse(
            items=[_staff_user(one) for one in people],
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=request.skip + len(people) < total,
        )

    async def _targets(self, on: str) -> dict[str, practice_pb2.MetricTarget]:
        """Metric id → the target in force on a date; without one on the practice's today."""
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id) as connection:
            practice = await get_practice(connection, practice_id)
            changes = await target_changes(connection, practice_id)
        held = in_force(changes, _day(on) if on else practice.today)
        counts = {change.metric_id: change.version for change in changes}
        targets = {}
        for metric_id in (*with_targets(), *held):
            # A metric may have gone from the registry since its target was set.
            metric = find(metric_id) or Described(metric_id, metric_id, "number")
            change = held.get(metric_id)
            if (change and change.target) or metric.target:
                targets[metric_id] = _target(metric, change, counts.get(metric_id, 0))
        return targets


def _day(text: str) -> date:
    try:
        return parse_date("on", text)
    except PeriodError as error:
        raise InvalidInput.of(error.field, error.message) from error


def _target(
    metric: Described, change: TargetChange | None, version: int
) -> practice_pb2.MetricTarget:
    own = change if change and change.target else None
    target = own.target if own else metric.target
    message = practice_pb2.MetricTarget(
        metric_id=metric.metric_id,
        label=metric.label,
        unit=metric.unit,
        is_default=own is None,
        etag=f'"{version}"',
    )
    if target:
        message.direction = convert.direction(target)
        message.good_limit, message.warning_limit = float(target.good), float(target.warning)
    if own:
        message.effective_from = own.effective_from.isoformat()
        message.set_by = own.changed_by
        message.set_at.FromDatetime(own.changed_at)
    return message


def _change(change: Change) -> practice_pb2.PracticeChange:
    message = practice_pb2.PracticeChange(
        version=change.version,
        revision=change.revision,
        changed_by=change.changed_by,
        fields=change.fields,
    )
    message.changed_at.FromDatetime(change.changed_at)
    message.settings.update(change.settings)
    return message


def _staff_user(user: StaffUser) -> practice_pb2.StaffUser:
    return practice_pb2.StaffUser(
        id=str(user.user_id),
        display_name=user.display_name or "",
        role=user.role,
        department=user.department,
        active=user.active is not False,
    )
