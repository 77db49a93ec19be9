"""What becomes of jobs that fail, workers that stop, and many jobs at once."""

from __future__ import annotations

import asyncio
import contextvars
import time
import uuid

import pytest

from praxis_chassis.caller import Call, Caller, current_or_none, enter
from praxis_chassis.database import Database
from praxis_chassis.errors import DependencyDown, Error, LimitExceeded, NotFound
from praxis_chassis.jobs import ATTEMPTS, Job, enqueue

from .conftest import Scratch, through_proxy
from .work import FAST, Serving, claimed, eventually, make, queue, rows

pytestmark = pytest.mark.usefixtures("workers")

# What becomes of failures.


async def test_a_transient_failure_is_tried_again_later(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app)

    async def handle(_job: Job) -> None:
        raise DependencyDown("not now")

    workers.start(make(worker), handle)
    columns = "state, attempts, lease_until, run_after between now() and now() + '20 s'::interval"
    await eventually(scratch, [("queued", 1, None, True)], columns)
    assert await make(worker).claim() is None


async def test_the_wait_grows_up_to_a_quarter_of_an_hour(
    app: Database, worker: Database, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    await queue(app)
    waits = []
    for attempts in (1, 2, 3, 7, 50):
        with scratch.admin() as admin:
            admin.execute("update job set attempts = %s, run_after = now()", (attempts - 1,))
        mine = make(worker)
        await mine.put_back(await claimed(mine))
        ((wait,),) = rows(scratch, "extract(epoch from run_after - clock_timestamp())")
        waits.append(round(wait))
    assert waits == [20, 40, 80, 900, 900]


@pytest.mark.parametrize(
    ("raised", "attempts", "told"),
    [
        (DependencyDown("not now"), ATTEMPTS, "DEPENDENCY_DOWN"),
        (NotFound("gone"), 1, "NOT_FOUND"),
        (ValueError("Jane Doe"), 1, "INTERNAL"),
    ],
)
async def test_what_cannot_pass_or_was_tried_enough_is_given_up(
    app: Database,
    worker: Database,
    scratch: Scratch,
    workers: Serving,
    raised: Exception,
    attempts: int,
    told: str,
) -> None:
    await queue(app)
    with scratch.admin() as admin:
        admin.execute("update job set attempts = %s", (attempts - 1,))
    mine = make(worker)
    given: list[Error] = []

    async def handle(_job: Job) -> None:
        raise raised

    async def give_up(job: Job, error: Error) -> None:
        given.append(error)
        async with mine.ending(job, "failed"):
            pass

    workers.start(mine, handle, give_up)
    await eventually(scratch, [("failed", attempts)], "state, attempts")
    assert [error.reason for error in given] == [told]
    assert "Jane" not in given[0].message


async def test_a_job_that_kills_its_workers_is_given_up_without_another_try(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app)
    for _ in range(ATTEMPTS):
        # Claimed, and never heard of again.
        await claimed(make(worker, "killed", 0.01))
        await asyncio.sleep(0.03)
    mine = make(worker)
    tried: list[Job] = []

    async def handle(job: Job) -> None:
        tried.append(job)

    async def give_up(job: Job, _error: Error) -> None:
        async with mine.ending(job, "failed"):
            pass

    workers.start(mine, handle, give_up)
    await eventually(scratch, [("failed",)])
    assert tried == []


async def test_a_failing_give_up_leaves_the_job_to_its_lease_and_the_worker_alive(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app)
    once, twice = asyncio.Event(), asyncio.Event()

    async def handle(_job: Job) -> None:
        raise NotFound("gone")

    async def give_up(_job: Job, _error: Error) -> None:
        (twice if once.is_set() else once).set()
        raise RuntimeError("cannot be recorded")

    task = workers.start(make(worker, "w", FAST, 10), handle, give_up)
    await eventually(scratch, [("running",)])
    await asyncio.wait_for(twice.wait(), 10)
    assert not task.done()


async def test_what_one_job_enters_is_gone_at_the_next(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app, count=4)
    mine = make(worker)
    seen: list[Call | None] = []

    def note_and_enter(job: Job) -> None:
        seen.append(current_or_none())
        caller = Caller(job.practice_id, "user-7", frozenset())
        enter(Call(caller, "r-1", "", time.monotonic() + 60))

    async def handle(job: Job) -> None:
        note_and_enter(job)
        raise NotFound("gone")

    async def give_up(job: Job, _error: Error) -> None:
        note_and_enter(job)
        async with mine.ending(job, "failed"):
            pass

    async def serve() -> None:
        workers.start(mine, handle, give_up)

    await asyncio.create_task(serve(), context=contextvars.Context())
    await eventually(scratch, [("failed",)] * 4)
    assert seen == [None] * 8


# Stopping and starting.


async def test_a_stopped_worker_gives_its_job_back_untouched(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app)
    begun, cleaned = asyncio.Event(), asyncio.Event()

    async def handle(_job: Job) -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        finally:
            await asyncio.sleep(0.05)
            cleaned.set()

    task = workers.start(make(worker), handle)
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()
    assert rows(scratch, "state, attempts, lease_until, fence") == [("queued", 0, None, 1)]
    assert (await claimed(make(worker))).attempts == 1


async def test_a_worker_stops_even_when_its_work_does_not_want_to(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    await queue(app)
    mine = make(worker)
    begun = asyncio.Event()

    async def handle(job: Job) -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            async with mine.ending(job):
                pass

    task = workers.start(mine, handle)
    await begun.wait()
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()
    assert rows(scratch) == [("done",)]


async def test_a_database_that_is_away_stops_no_worker(
    app: Database, scratch: Scratch, workers: Serving
) -> None:
    async with through_proxy(scratch.settings.conninfo("worker")) as (database, proxy):
        mine = make(database)

        async def handle(job: Job) -> None:
            async with mine.ending(job):
                pass

        await proxy.cut()
        workers.start(mine, handle)
        await queue(app)
        await asyncio.sleep(0.3)
        proxy.through = True
        await eventually(scratch, [("done",)])
        await workers.stop()


async def test_wake_cuts_the_wait_short(
    app: Database, worker: Database, scratch: Scratch, workers: Serving
) -> None:
    mine = make(worker)
    handled: list[float] = []

    async def handle(job: Job) -> None:
        handled.append(time.monotonic())
        async with mine.ending(job):
            pass

    workers.start(mine, handle)
    waits = []
    for number in range(1, 6):
        await asyncio.sleep(0.1)
        await queue(app)
        asked = time.monotonic()
        workers.wake.set()
        await eventually(scratch, [("done",)] * number)
        waits.append(handled[-1] - asked)
    assert max(waits) < 0.3


# Order and bounds.


async def _order(worker: Database) -> list[uuid.UUID]:
    found = []
    mine = make(worker)
    while (job := await mine.claim()) is not None:
        found.append(job.practice_id)
    return found


async def test_practices_take_turns(app: Database, worker: Database) -> None:
    busy, quiet, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    await queue(app, busy, 5)
    await queue(app, quiet, 1)
    await queue(app, other, 2)
    order = await _order(worker)
    assert order == [busy, quiet, other, busy, other, busy, busy, busy]


async def test_priority_then_age_within_a_practice(app: Database, worker: Database) -> None:
    practice = uuid.uuid4()
    low = await queue(app, practice, 2, priority=1)
    high = await queue(app, practice, 2, priority=3)
    mine = make(worker)
    order = [(await claimed(mine)).subject_id for _ in range(4)]
    assert order == high + low


async def test_a_full_queue_of_one_practice_is_its_own_affair(
    app: Database, worker: Database
) -> None:
    practice = uuid.uuid4()

    async def one(of: uuid.UUID) -> None:
        async with app.write(of) as connection:
            await enqueue(connection, of, "work", uuid.uuid4(), queue_most=3)

    for _ in range(3):
        await one(practice)
    with pytest.raises(LimitExceeded):
        await one(practice)
    await one(uuid.uuid4())
    # What runs does not wait any more.
    await claimed(make(worker))
    await one(practice)
