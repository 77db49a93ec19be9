"""Slow work: one holder at a time, and a holder whose lease is gone changes nothing."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from typing import Any

import psycopg
import pytest

from praxis_chassis.database import Database
from praxis_chassis.jobs import Job, Jobs, LeaseLost, cancel, enqueue

from .conftest import Scratch, add_thing, count_things, through_proxy
from .work import FAST, Serving, claimed, eventually, make, queue, rows

pytestmark = pytest.mark.usefixtures("workers")

# One holder.


async def test_nothing_to_claim(worker: Database) -> None:
    assert await make(worker).claim() is None


async def test_many_workers_never_hold_one_job_together(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    practice = uuid.uuid4()
    subjects = await queue(app, practice, 60)
    held: Counter[uuid.UUID] = Counter()
    handled: list[uuid.UUID] = []

    def handler(mine: Jobs) -> Any:
        async def handle(job: Job) -> None:
            held[job.job_id] += 1
            assert held[job.job_id] == 1
            await asyncio.sleep(0.005)
            async with mine.ending(job):
                handled.append(job.subject_id)
            held[job.job_id] -= 1

        return handle

    for number in range(6):
        mine = make(worker, f"w{number}")
        workers.start(mine, handler(mine))
    await eventually(scratch, [("done", 1, 1)] * 60, "state, attempts, fence")
    assert sorted(handled) == sorted(subjects)


async def test_a_queued_job_rolls_back_with_its_cause(app: Database, scratch: Scratch) -> None:
    practice = uuid.uuid4()
    with pytest.raises(KeyError):
        async with app.write(practice) as connection:
            await enqueue(connection, practice, "work", uuid.uuid4())
            raise KeyError("anything")
    assert rows(scratch) == []


async def test_the_application_login_can_queue_and_nothing_else(app: Database) -> None:
    await queue(app)
    for statement in ("update job set state = 'done'", "delete from job"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with app.write(None) as connection:
                await connection.execute(statement.encode())


# Lease and fence.


async def test_an_expired_lease_hands_over_and_the_old_holder_changes_nothing(
    app: Database, worker: Database, scratch: Scratch
) -> None:
    practice = uuid.uuid4()
    await queue(app, practice)
    old, new = make(worker, "old", FAST), make(worker, "new")
    stale = await claimed(old)
    assert await new.claim() is None
    await asyncio.sleep(FAST + 0.1)
    fresh = await claimed(new)
    assert (fresh.job_id, fresh.fence, fresh.attempts) == (stale.job_id, stale.fence + 1, 2)
    before = rows(scratch, "*")
    for write in (old.step, old.ending):
        with pytest.raises(LeaseLost):
            async with write(stale) as connection:
                await add_thing(connection, practice)
    for change in (old.renew, old.put_back, old.release):
        with pytest.raises(LeaseLost):
            await change(stale)
    assert rows(scratch, "*") == before
    assert await count_things(worker, practice) == 0
    async with new.ending(fresh) as connection:
        await add_thing(connection, practice)
    assert rows(scratch, "state, lease_until") == [("done", None)]
    assert await count_things(worker, practice) == 1
    # Ended is ended, for its last holder too.
    with pytest.raises(LeaseLost):
        async with new.step(fresh):
            pass


async def test_renewing_keeps_the_lease(app: Database, worker: Database) -> None:
    await queue(app)
    first, second = make(worker, "first", FAST), make(worker, "second", FAST)
    job = await claimed(first)
    for _ in range(5):
        await asyncio.sleep(FAST / 2)
        await first.renew(job)
        assert await second.claim() is None


async def test_an_ending_that_fails_ends_nothing(
    app: Database, worker: Database, scratch: Scratch
) -> None:
    practice = uuid.uuid4()
    await queue(app, practice)
    mine = make(worker)
    job = await claimed(mine)
    with pytest.raises(KeyError):
        async with mine.ending(job) as connection:
            await add_thing(connection, practice)
            raise KeyError("anything")
    assert rows(scratch) == [("running",)]
    assert await count_things(worker, practice) == 0


async def test_effects_belong_to_the_jobs_practice_only(app: Database, worker: Database) -> None:
    await queue(app)
    mine = make(worker)
    job = await claimed(mine)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        async with mine.step(job) as connection:
            await add_thing(connection, uuid.uuid4())


async def test_a_claim_in_the_middle_of_an_ending_waits_for_nobody(
    app: Database, worker: Database
) -> None:
    """The row is locked by the ending, so that even an expired lease is not handed over."""
    await queue(app)
    mine = make(worker, "mine", 0.1)
    job = await claimed(mine)
    async with mine.ending(job):
        await asyncio.sleep(0.2)
        assert await make(worker, "other").claim() is None
    assert await make(worker, "other").claim() is None


async def test_a_served_job_outlives_its_first_lease(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app)
    mine = make(worker, "mine", FAST, FAST / 4)

    async def handle(job: Job) -> None:
        await asyncio.sleep(FAST * 4)
        async with mine.ending(job):
            pass

    workers.start(mine, handle)
    await asyncio.sleep(FAST * 2)
    assert await make(worker, "other").claim() is None
    await eventually(scratch, [("done", 1, 1)], "state, attempts, fence")


async def test_a_worker_paused_past_its_lease_loses_its_work(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    practice = uuid.uuid4()
    await queue(app, practice)
    mine = make(worker, "paused", FAST, FAST / 4)
    stopped: list[str] = []

    async def handle(job: Job) -> None:
        # Nothing of this process runs, as under SIGSTOP, while another takes over.
        with psycopg.connect(scratch.settings.conninfo("worker"), autocommit=True) as other:
            time.sleep(FAST + 0.2)
            taken = other.execute(
                "update job set fence = fence + 1, lease_owner = 'other',"
                " lease_until = clock_timestamp() + interval '1 minute'"
                " where lease_until < clock_timestamp() returning fence"
            ).fetchone()
            assert taken == (job.fence + 1,)
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            stopped.append("cancelled")
            raise

    workers.start(mine, handle)
    await eventually(scratch, [("running", "other")], "state, lease_owner")
    await asyncio.sleep(FAST)
    assert stopped == ["cancelled"]
    assert rows(scratch, "state, lease_owner, attempts") == [("running", "other", 1)]
    # The worker itself goes on.
    await queue(app, practice, priority=3)
    await asyncio.sleep(0.1)
    assert not workers.tasks[0].done()


async def test_a_worker_that_cannot_renew_stops_by_itself(
    app: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app)
    stopped = asyncio.Event()
    async with through_proxy(scratch.settings.conninfo("worker")) as (database, proxy):

        async def handle(_job: Job) -> None:
            await proxy.cut()
            try:
                await asyncio.sleep(30)
            finally:
                stopped.set()

        workers.start(make(database, "cut off", FAST, FAST / 4), handle)
        await asyncio.wait_for(stopped.wait(), 10)
        await workers.stop()


async def test_a_cancelled_job_stops_its_worker_within_a_second(
    worker: Database, app: Database, scratch: Scratch, workers: Serving
) -> None:
    practice = uuid.uuid4()
    [subject, waiting] = await queue(app, practice, 2)
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def handle(job: Job) -> None:
        assert job.subject_id == subject
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    workers.start(make(worker), handle)
    await asyncio.wait_for(begun.wait(), 5)
    async with worker.write(practice) as connection:
        # The one behind it first, so that it is never begun.
        assert await cancel(connection, practice, waiting)
        assert await cancel(connection, practice, subject)
        assert not await cancel(connection, practice, subject)
        assert not await cancel(connection, uuid.uuid4(), subject)
    before = time.monotonic()
    await asyncio.wait_for(stopped.wait(), 5)
    assert time.monotonic() - before < 1
    assert rows(scratch) == [("cancelled",), ("cancelled",)]
