"""Firing in a time that the tests drive: one outcome for every fire time."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from datetime import time as clock_time
from itertools import takewhile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from conftest import eventually
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


async def test_a_firing_says_how_long_the_file_is_kept(world: World) -> None:
    await create(world)
    await create(world, retention_days=90)
    world.clock.now = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    await world.fire()
    kept = [
        event.retention_days if event.HasField("retention_days") else None
        for event in await events(world)
    ]
    assert sorted(kept, key=str) == [90, None]


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


_SCHEDULER = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from praxis_chassis.database import Database
from praxis_scheduler.application.firing import Firer

conninfo, clock = sys.argv[1], Path(sys.argv[2])

async def main():
    database = Database(conninfo, 2)
    await database.open()
    print("up", flush=True)
    await Firer(database, lambda: datetime.fromisoformat(clock.read_text())).run(0.005)

asyncio.run(main())
"""


class Schedulers:
    """Processes that fire by the clock in a file; whoever is killed is started again."""

    def __init__(self, settings: Settings, clock: Path) -> None:
        self._arguments = (settings.conninfo("worker"), str(clock))
        self._running = [self._start() for _ in range(4)]

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _SCHEDULER, *self._arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    async def all_up(self) -> None:
        for process in self._running:
            await _up(process)

    async def kill(self, at: int) -> None:
        """Kills one and starts another; the rest goes on meanwhile."""
        os.kill(self._running[at].pid, signal.SIGKILL)
        self._running[at].communicate()
        self._running[at] = self._start()
        # One more than the test counts is up again before the next is killed.
        await _up(self._running[at - 1])

    def stop(self) -> None:
        for process in self._running:
            process.kill()
            process.communicate()


async def _up(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    if not getattr(process, "is_up", False):
        assert await asyncio.to_thread(process.stdout.readline) == "up\n"
        process.is_up = True  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kills", "steps"),
    [(8, 8), pytest.param(150, 4, marks=pytest.mark.long)],
)
async def test_schedulers_killed_at_random_miss_and_double_nothing(
    world: World, settings: Settings, tmp_path: Path, kills: int, steps: int
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for number in range(40):
        await create(world, time_of_day=f"{number % 24:02}:{chance.randrange(60):02}")
    clock = tmp_path / "clock"
    _set(clock, world.clock())
    schedulers = Schedulers(settings, clock)
    try:
        await schedulers.all_up()
        for number in range(kills * steps):
            world.clock.forward(hours=12)
            _set(clock, world.clock())
            if number % steps == 0:
                await asyncio.sleep(chance.uniform(0, 0.06))
                await schedulers.kill(number // steps % 4)
            await eventually(lambda: _nothing_due(world), 60)
    finally:
        schedulers.stop()
    await _nothing_missed_or_doubled(world)


def _set(clock: Path, now: datetime) -> None:
    fresh = clock.with_suffix(".new")
    fresh.write_text(now.isoformat())
    fresh.rename(clock)


async def _nothing_due(world: World) -> bool:
    due = "select 1 from schedule_due where practice_id = %s and next_fire_at <= %s limit 1"
    return not await world.rows(due, world.practice_id, world.clock())


async def _nothing_missed_or_doubled(world: World) -> None:
    schedules = await world.rows("select id, time_of_day, timezone from report_schedules")
    assert len(schedules) == 40
    times = 0
    for schedule_id, at, zone in schedules:
        found = await world.rows(
            "select fire_time, outcome from firing where schedule_id = %s order by fire_time",
            schedule_id,
        )
        expected = _expected(at, zone, world.clock())
        assert found == [(one, "ran") for one in expected]
        times += len(expected)
    fired = [event.firing_id for event in await events(world)]
    assert len(fired) == len(set(fired)) == times > 1_000


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
