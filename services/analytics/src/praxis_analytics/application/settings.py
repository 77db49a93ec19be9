"""Commands on a practice's settings and targets: one transaction, one revision, one audit row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from praxis.analytics.v1 import practice_pb2
from praxis.analytics.v1.practice_service_pb2 import (
    DeleteTargetRequest,
    SetTargetRequest,
    UpdatePracticeRequest,
)
from praxis_analytics.domain import settings as rules
from praxis_analytics.domain.kpis import Described, Target, TargetChange, in_force
from praxis_analytics.domain.periods import PeriodError, parse_date
from praxis_analytics.storage.practices import SETTINGS, Practice, check_time_zone, write_settings
from praxis_analytics.storage.settings import has_money, lock_practice, take_revision
from praxis_analytics.storage.targets import add_target_change, target_changes
from praxis_chassis.caller import current
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import EtagMismatch, InvalidInput, NotFound, WrongState
from praxis_chassis.records import audit

_MAY_BE_EMPTY = ("business_date", "holidays", "variants")
_LOWER = practice_pb2.TARGET_DIRECTION_LOWER_IS_BETTER


async def update_practice(database: Database, request: UpdatePracticeRequest) -> Practice:
    """Changes settings.

    Raises: InvalidInput naming the field; EtagMismatch; WrongState for another currency once
    there is money.
    """
    practice_id = current().caller.practice_id
    asked = _asked(request)
    async with database.write(practice_id) as connection:
        practice = await lock_practice(connection, practice_id)
        EtagMismatch.check(request.etag, str(practice.version))
        try:
            values = _values(request, asked, practice)
        except rules.SettingError as error:
            raise InvalidInput.of(error.field, error.message) from error
        changes = {name: v for name, v in values.items() if v != getattr(practice, name)}
        if not changes:
            return practice
        await _check_currency(connection, practice_id, changes)
        revision = await take_revision(connection, practice_id, "practice")
        return await write_settings(connection, practice, changes, revision)


def _asked(request: UpdatePracticeRequest) -> list[str]:
    """The settings to replace: those named, or else those that are set."""
    for index, name in enumerate(request.update_mask):
        if name not in SETTINGS:
            raise InvalidInput.of(f"update_mask[{index}]", f"{name!r} cannot be changed")
    given = {field.name for field, _ in request.ListFields()}
    for name in request.update_mask:
        if name not in given and name not in _MAY_BE_EMPTY:
            raise InvalidInput.of(name, "cannot be empty")
    return [name for name in SETTINGS if name in (request.update_mask or given)]


def _values(request: UpdatePracticeRequest, asked: list[str], practice: Practice) -> dict[str, Any]:
    """The asked settings as they are stored. Raises: InvalidInput, SettingError."""
    values = {name: getattr(request, name) for name in asked}
    if "name" in values:
        values["name"] = request.name.strip()
        if not values["name"]:
            raise InvalidInput.of("name", "cannot be empty")
    if "time_zone" in values:
        check_time_zone("time_zone", request.time_zone)
    if "currency" in values:
        rules.check_currency(request.currency)
    if "holidays" in values:
        values["holidays"] = rules.holidays_of(request.holidays)
    if "variants" in values:
        rules.check_variants(request.variants)
        values["variants"] = dict(request.variants)
    if "business_date" in values:
        text = request.business_date
        values["business_date"] = rules.fixed_today(text, practice.local_today) if text else None
    return values


async def _check_currency(
    connection: Connection, practice_id: uuid.UUID, changes: Mapping[str, Any]
) -> None:
    if "currency" in changes and await has_money(connection, practice_id):
        raise WrongState("the practice has amounts in its currency; it cannot be changed any more")


async def set_target(
    database: Database, request: SetTargetRequest, metric: Described
) -> TargetChange:
    """Sets a metric's target from a date on.

    Raises: InvalidInput naming the field; EtagMismatch.
    """
    practice_id = current().caller.practice_id
    async with database.write(practice_id) as connection:
        practice = await lock_practice(connection, practice_id)
        changes = await _changes_of(connection, practice_id, request.metric_id)
        EtagMismatch.check(request.etag, str(len(changes)))
        try:
            text = request.effective_from
            start = parse_date("effective_from", text) if text else practice.today
        except PeriodError as error:
            raise InvalidInput.of(error.field, error.message) from error
        before = in_force(changes, start).get(request.metric_id)
        lower = metric.lower_is_better
        if before and before.target:
            lower = before.target.lower_is_better
        target = _target(request, lower)
        return await _write(
            connection, practice_id, _next(changes, metric.metric_id, start, target)
        )


def _target(request: SetTargetRequest, lower: bool | None) -> Target:
    if request.HasField("direction"):
        lower = request.direction == _LOWER
    if lower is None:
        raise InvalidInput.of("direction", "is required: no side of this metric is the better one")
    target = Target(lower, _exact(request.good_limit), _exact(request.warning_limit))
    if not target.ordered:
        side = "below" if target.lower_is_better else "above"
        raise InvalidInput.of("warning_limit", f"is {side} the good limit, on its better side")
    return target


def _exact(number: float) -> Decimal:
    """The shortest decimal that is this number."""
    return Decimal(repr(number))


async def end_target(database: Database, request: DeleteTargetRequest) -> None:
    """Ends the practice's own target of a metric today.

    Raises: NotFound when it has none; EtagMismatch.
    """
    practice_id = current().caller.practice_id
    async with database.write(practice_id) as connection:
        practice = await lock_practice(connection, practice_id)
        changes = await _changes_of(connection, practice_id, request.metric_id)
        if not changes or changes[-1].target is None:
            raise NotFound("the practice has no target of its own for this metric")
        EtagMismatch.check(request.etag, str(len(changes)))
        change = _next(changes, request.metric_id, practice.today, None)
        await _write(connection, practice_id, change)


async def _changes_of(
    connection: Connection, practice_id: uuid.UUID, metric_id: str
) -> list[TargetChange]:
    every = await target_changes(connection, practice_id)
    return [change for change in every if change.metric_id == metric_id]


def _next(
    changes: list[TargetChange], metric_id: str, start: Any, target: Target | None
) -> TargetChange:
    now, user = datetime.now(UTC), current().caller.user_id
    return TargetChange(metric_id, len(changes) + 1, start, target, now, user)


async def _write(
    connection: Connection, practice_id: uuid.UUID, change: TargetChange
) -> TargetChange:
    revision = await take_revision(connection, practice_id, "metric_target")
    await add_target_change(connection, practice_id, change, revision)
    action = "target.set" if change.target else "target.end"
    fields = ("direction", "good_limit", "warning_limit", "effective_from")
    await audit(connection, action, "metric_target", change.metric_id, fields=fields)
    return change
