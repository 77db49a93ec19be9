"""Fires what is due: each fire time gets its one outcome, its event and the next fire time at once.

Whoever works on a schedule locks its due row first, here and in `schedules`, so that several
schedulers and users' changes come one after the other.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from praxis.scheduler.v1 import events_pb2
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, current_or_none, enter
from praxis_chassis.database import Connection, Database
from praxis_chassis.ids import uuid7
from praxis_chassis.records import audit, emit
from praxis_scheduler.application.checks import is_active, rule_of
from praxis_scheduler.application.codes import fill_message, set_instant
from praxis_scheduler.domain.fire_times import FireTime, fire_times, next_fire_time
from praxis_scheduler.domain.misfires import Decision, decide
from praxis_scheduler.storage import firings
from praxis_scheduler.storage import schedules as store
from praxis_scheduler.storage.rows import Record, insert

FIRED = "praxis.scheduler.v1.schedule.fired"
ZONE_DATA = version("tzdata")
_ONCE_MOST = 400
_WORK_S = 600.0


@dataclass(frozen=True)
class Firer:
    """Fires with the worker login; `clock` tells the time."""

    database: Database
    clock: Callable[[], datetime]

    async def run(self, poll_s: float) -> None:
        """Fires until cancelled; what fails is tried again."""
        zone_data_is_new = True
        while True:
            try:
                while zone_data_is_new:
                    zone_data_is_new = await self.follow_zone_data() > 0
                await self.fire_due()
            except Exception as error:
                _log_failure(error)
            await asyncio.sleep(poll_s)

    async def fire_due(self) -> int:
        """Fires schedules whose time has come. Returns how many fire times got their outcome.

        A practice whose schedules cannot be fired now does not keep others from it.
        """
        settled = 0
        async with self.database.read(None, 5_000) as connection:
            practices = await store.practices_due(connection, self.clock())
        for practice_id in practices:
            try:
                settled += await self._fire_practice(practice_id)
            except Exception as error:
                _log_failure(error)
        return settled

    async def _fire_practice(self, practice_id: uuid.UUID) -> int:
        settled = 0
        async with self.database.write(practice_id, 5_000) as connection:
            now = self.clock()
            for due in await store.claim_due(connection, practice_id, now):
                schedule = await store.get_schedule(connection, practice_id, due["schedule_id"])
                if schedule is not None:
                    settled += await settle(connection, schedule, due, now)
        return settled

    async def follow_zone_data(self) -> int:
        """Computes next fire times again that rest on other zone data. Returns how many."""
        async with self.database.read(None, 5_000) as connection:
            stale = await store.schedules_of_other_zone_data(connection, ZONE_DATA)
        for row in stale:
            async with self.database.write(row["practice_id"], 5_000) as connection:
                await self._replan(connection, row["practice_id"], row["schedule_id"])
        return len(stale)

    async def _replan(
        self, connection: Connection, practice_id: uuid.UUID, schedule_id: uuid.UUID
    ) -> None:
        now = self.clock()
        due = await store.lock_due(connection, practice_id, schedule_id)
        schedule = await store.get_schedule(connection, practice_id, schedule_id)
        if due is not None and schedule is not None:
            await settle(connection, schedule, due, now)
            await plan(connection, schedule, now)


def _log_failure(error: Exception) -> None:
    logs.get().error(
        "schedule.firing_failed", error_type=type(error).__name__, where=logs.place_of(error)
    )


@contextmanager
def on_behalf(owner: Caller, request_id: str) -> Iterator[None]:
    """Work inside is the scheduler's, for the owner of a schedule, whoever set it off."""
    before = current_or_none()
    enter(Call(owner, request_id, "", time.monotonic() + _WORK_S))
    try:
        yield
    finally:
        if before is not None:
            enter(before)


def owner_of(schedule: Record) -> Caller:
    """In whose name a schedule (or a row that carries its owner) works."""
    roles = frozenset(schedule["owner_roles"])
    return Caller(schedule["practice_id"], schedule["created_by_user_id"], roles, "scheduler")


async def settle(connection: Connection, schedule: Record, due: Record, now: datetime) -> int:
    """Gives every fire time that has come its outcome, and finds the next one.

    The next one follows from the last fire time, not from now. Returns how many got one.
    """
    if due["next_fire_at"] is None or due["next_fire_at"] > now:
        return 0
    rule = rule_of(schedule)
    come = [FireTime(due["next_fire_at"], due["local_label"])]
    for following in fire_times(rule, come[0].at):
        if following.at > now or len(come) == _ONCE_MOST:
            break
        come.append(following)
    is_all = following.at > now
    decisions = decide(come, now, schedule["catch_up"], is_all=is_all)
    settled = sum([await _record(connection, schedule, one, now) for one in decisions])
    await _set_next(connection, schedule, following)
    return settled


async def plan(connection: Connection, schedule: Record, after: datetime) -> None:
    """Sets the next fire time later than `after` whose instant and local time are still free."""
    if not is_active(schedule):
        await _set_next(connection, schedule, None)
        return
    rule = rule_of(schedule)
    found = next_fire_time(rule, after)
    where = (schedule["practice_id"], schedule["id"])
    while await firings.has_fired(connection, *where, found.at, found.label):
        found = next_fire_time(rule, found.at)
    await _set_next(connection, schedule, found)


async def _set_next(connection: Connection, schedule: Record, found: FireTime | None) -> None:
    at, label = (found.at, found.label) if found else (None, None)
    where = (schedule["practice_id"], schedule["id"])
    await store.set_next(connection, *where, at, label, ZONE_DATA)


async def _record(
    connection: Connection, schedule: Record, decision: Decision, now: datetime
) -> bool:
    """Records one outcome; False when the fire time had one before."""
    ran = decision.outcome == "ran"
    firing: Record = {
        "practice_id": schedule["practice_id"],
        "id": uuid7(),
        "schedule_id": schedule["id"],
        "fire_time": decision.fire_time.at,
        "local_label": decision.fire_time.label,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "fired_at": now,
        "status": "pending" if ran else None,
    }
    if not await insert(connection, "firing", firing):
        return False
    if ran:
        with on_behalf(owner_of(schedule), uuid.uuid4().hex):
            await audit(connection, "schedule.fire", "schedule", schedule["id"])
            await emit(connection, schedule["practice_id"], FIRED, _fired(schedule, firing))
    return True


def _fired(schedule: Record, firing: Record) -> events_pb2.ScheduleFired:
    event = events_pb2.ScheduleFired(
        firing_id=str(firing["id"]),
        owner_user_id=schedule["created_by_user_id"],
        owner_roles=schedule["owner_roles"],
        schedule_name=schedule["name"],
        fire_date=firing["local_label"][:10],
    )
    set_instant(event.fire_time, firing["fire_time"])
    named: Record = {
        "schedule_id": schedule["id"],
        "practice_id": schedule["practice_id"],
        "report_id": schedule["report_id"],
        "report_type": schedule["report_type"],
        "format": schedule["report_format"],
        "parameters": schedule["report_parameters"],
        "delivery": schedule["delivery_method"],
        "retention_days": schedule["retention_days"],
    }
    fill_message(event, named)
    return event
