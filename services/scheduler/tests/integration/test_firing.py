"""Firing in a time that the tests drive: one outcome for every fire time."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from praxis.report.v1 import report_pb2
from praxis.scheduler.v1 import events_pb2, schedule_pb2
from praxis.scheduler.v1 import schedule_service_pb2 as rpc
from praxis_chassis.database import Database
from praxis_scheduler.application.firing import ZONE_DATA, Firer
from praxis_scheduler.domain.fire_times import Rule, fire_times
from praxis_scheduler.settings import Settings

from .conftest import START, Clock, World, enter_as, request

pytestmark = pytest.mark.asyncio


async def create(world: World, **fields: Any) -> schedule_pb2.ReportSchedule:
    return await world.servicer.CreateSchedule(request(**fields), None)


async def outcomes(world: World) -> list[tuple[Any, ...]]:
    return await world.rows("select local_label, outcome from firing order by fire_time")


async def events(world: World) -> list[events_pb2.ScheduleFired]:
    # Read from the log, where the relay takes them from.
    found = await world.rows(
        "select payload from event_log where practice_id = %s"
        " and subject = 'praxis.scheduler.v1.schedule.fired' order by ord",
        world.practice_id,
    )
    return [events_pb2.ScheduleFired.FromString(payload) for (payload,) in found]


async def test_a_due_schedule_fires_once_with_event_and_audit(world: World) -> None:
    enter_as(world.practice_id, "billing", user="maker")
    made = await create(
        world,
        report_parameters=report_pb2.ReportParameters(relative_range="previous_month"),
        delivery_method=schedule_pb2.DELIVERY_METHOD_PORTAL,
    )
    await world.fire()
    assert await outcomes(world) == []
    world.clock.now = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    for _ in range(3):
        await world.fire()
    assert await outcomes(world) == [("2026-03-02T08:00:00", "ran")]
    [event] = await events(world)
    assert (event.schedule_id, event.practice_id) == (made.id, str(world.practice_id))
    assert (event.owner_user_id, list(event.owner_roles)) == ("maker", ["billing"])
    assert event.fire_time.ToDatetime(tzinfo=UTC) == world.clock()
    assert (event.fire_date, event.schedule_name) == ("2026-03-02", "Morning")
    assert event.report_type == report_pb2.REPORT_TYPE_REVENUE
    assert event.format == report_pb2.REPORT_FORMAT_PDF
    assert event.parameters.relative_range == "previous_month"
    assert not event.HasField("report_id")
    [audited] = await world.rows(
        "select actor, on_behalf_of from audit_log where action = 'schedule.fire'"
    )
    assert audited == ("scheduler", "maker")
    found = await world.servicer.GetSchedule(rpc.GetScheduleRequest(schedule_id=made.id), None)
    assert found.next_run_at.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 3, 13, tzinfo=UTC)


async def test_it_is_due_until_it_has_fired(world: World) -> None:
    made = await create(world)
    world.clock.forward(days=1)
    which = rpc.GetScheduleRequest(schedule_id=made.id)
    assert (await world.servicer.GetSchedule(which, None)).is_due
    await world.fire()
    assert not (await world.servicer.GetSchedule(which, None)).is_due


async def test_missed_times_are_coalesced_and_old_ones_skipped(world: World) -> None:
    made = await create(world)
    world.clock.forward(days=10)
    await world.fire()
    found = [outcome for _, outcome in await outcomes(world)]
    assert found == ["skipped"] * 3 + ["coalesced"] * 7 + ["ran"]
    assert len(await events(world)) == 1
    listed = await world.servicer.ListScheduleRuns(
        rpc.ListScheduleRunsRequest(schedule_id=made.id), None
    )
    assert listed.total == 11
    assert listed.items[0].outcome == schedule_pb2.FIRING_OUTCOME_RAN
    assert listed.items[0].status == report_pb2.REPORT_STATUS_PENDING
    assert all(run.reason for run in listed.items[1:])


async def test_years_of_absence_are_settled_in_bounded_steps(world: World) -> None:
    await create(world)
    world.clock.forward(days=900)
    for expected in (400, 800, 901):
        await world.fire()
        assert len(await outcomes(world)) == expected
    assert [outcome for _, outcome in await outcomes(world)].count("ran") == 1


async def test_without_catching_up_nothing_late_runs(world: World) -> None:
    await create(world, catch_up=schedule_pb2.CATCH_UP_NONE)
    world.clock.now = datetime(2026, 3, 4, 13, 4, tzinfo=UTC)
    await world.fire()
    assert [outcome for _, outcome in await outcomes(world)] == ["skipped", "skipped", "ran"]


async def test_a_change_settles_what_has_come_before(world: World) -> None:
    made = await create(world)
    world.clock.now = datetime(2026, 3, 2, 13, 0, 1, tzinfo=UTC)
    change = rpc.UpdateScheduleRequest(schedule_id=made.id, time_of_day="20:00")
    await world.servicer.UpdateSchedule(change, None)
    await world.fire()
    assert await outcomes(world) == [("2026-03-02T08:00:00", "ran")]
    world.clock.forward(days=1)
    await world.fire()
    assert [label for label, _ in await outcomes(world)] == [
        *("2026-03-02T08:00:00", "2026-03-02T20:00:00")
    ]


async def test_a_local_time_runs_once_though_the_zone_moves(world: World) -> None:
    made = await create(world)
    world.clock.now = datetime(2026, 3, 2, 13, 0, 1, tzinfo=UTC)
    await world.fire()
    change = rpc.UpdateScheduleRequest(schedule_id=made.id, timezone="America/Los_Angeles")
    moved = await world.servicer.UpdateSchedule(change, None)
    assert moved.next_run_at.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 3, 16, tzinfo=UTC)
    world.clock.forward(days=1, hours=12)
    await world.fire()
    assert await outcomes(world) == [
        ("2026-03-02T08:00:00", "ran"),
        ("2026-03-03T08:00:00", "ran"),
    ]


async def test_a_clock_that_steps_back_fires_nothing_again(world: World) -> None:
    await create(world)
    world.clock.now = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
    await world.fire()
    world.clock.forward(hours=-1)
    await world.fire()
    world.clock.forward(hours=1)
    await world.fire()
    assert len(await events(world)) == 1


def _expected(at: str, zone: str, until: datetime) -> list[datetime]:
    rule = Rule("daily", clock_time.fromisoformat(at), ZoneInfo(zone))
    return [one.at for one in takewhile(lambda one: one.at <= until, fire_times(rule, START))]


async def test_a_year_of_virtual_time_over_zones(world: World) -> None:
    """Against the pure function: every fire time ran, through both clock changes."""
    zones = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo")
    made = [
        await create(world, timezone=zone, time_of_day=at)
        for zone in zones
        for at in ("01:30", "02:30")
    ]
    for _ in range(365 * 2):
        world.clock.forward(hours=12)
        await world.fire()
    for one in made:
        expected = [(at, "ran") for at in _expected(one.time_of_day, one.timezone, world.clock())]
        found = await world.rows(
            "select fire_time, outcome from firing where schedule_id = %s order by fire_time",
            uuid.UUID(one.id),
        )
        assert found == expected


async def test_new_zone_data_computes_the_next_time_again(world: World) -> None:
    made = await create(world)
    async with world.worker.write(None) as connection:
        await connection.execute(
            "update schedule_due set zone_data = 'old', next_fire_at = next_fire_at"
            " + interval '1 hour' where schedule_id = %s",
            (uuid.UUID(made.id),),
        )
    assert await world.firer.follow_zone_data() == 1
    assert await world.firer.follow_zone_data() == 0
    found = await world.rows(
        "select next_fire_at, zone_data from schedule_due where schedule_id = %s",
        uuid.UUID(made.id),
    )
    assert found == [(datetime(2026, 3, 2, 13, tzinfo=UTC), ZONE_DATA)]


# Virtual seconds to a real one: forty schedules fire every real second.
_SPEED = 86_400
_KILLS = 25
_FIRE = """
import asyncio, sys, time
from datetime import UTC, datetime, timedelta
from praxis_chassis.database import Database
from praxis_scheduler.application.firing import Firer

conninfo, began = sys.argv[1], float(sys.argv[2])
start = datetime.fromisoformat(sys.argv[3])

def clock():
    return start + timedelta(seconds=(time.time() - began) * float(sys.argv[4]))

async def main():
    database = Database(conninfo, 2)
    await database.open()
    print("up", flush=True)
    await Firer(database, clock).run(0.01)

asyncio.run(main())
"""


async def test_schedulers_killed_at_random_miss_and_double_nothing(
    world: World, settings: Settings
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for number in range(40):
        await create(world, time_of_day=f"{number % 24:02}:{chance.randrange(60):02}")
    began = time.time()

    def start() -> subprocess.Popen[str]:
        arguments = (settings.conninfo("worker"), str(began), START.isoformat(), str(_SPEED))
        return subprocess.Popen(
            [sys.executable, "-c", _FIRE, *arguments], stdout=subprocess.PIPE, text=True
        )

    running = [start() for _ in range(4)]
    try:
        for _ in range(_KILLS):
            at = chance.randrange(len(running))
            await asyncio.to_thread(running[at].stdout.readline)  # type: ignore[union-attr]
            await asyncio.sleep(chance.uniform(0, 0.6))
            os.kill(running[at].pid, signal.SIGKILL)
            running[at].communicate()
            running[at] = start()
    finally:
        for process in running:
            process.kill()
            process.communicate()
    world.clock.now = START + timedelta(seconds=(time.time() - began) * _SPEED)
    await world.fire()
    await _nothing_missed_or_doubled(world)


async def _nothing_missed_or_doubled(world: World) -> None:
    schedules = await world.rows("select id, time_of_day, timezone from report_schedules")
    assert len(schedules) == 40
    ran = 0
    for schedule_id, at, zone in schedules:
        found = await world.rows(
            "select fire_time, outcome from firing where schedule_id = %s order by fire_time",
            schedule_id,
        )
        assert [fire_time for fire_time, _ in found] == _expected(at, zone, world.clock())
        ran += sum(outcome == "ran" for _, outcome in found)
    fired = [event.firing_id for event in await events(world)]
    assert len(fired) == len(set(fired)) == ran
    # Most were fired by those that died, not by the last look.
    assert ran > 200


async def test_two_schedulers_at_once_share_the_work(world: World, settings: Settings) -> None:
    for _ in range(30):
        await create(world)
    world.clock.forward(days=1)
    other = Database(settings.conninfo("worker"), 2)
    await other.open()
    try:
        second = Firer(other, Clock(world.clock()))
        await asyncio.gather(world.fire(), second._fire_practice(world.practice_id))
    finally:
        await other.close()
    assert len(await outcomes(world)) == 30 == len(await events(world))
