"""Slow work: one holder at a time, and a holder whose lease is gone changes nothing."""

from __future__ import annotations

import asyncio
import contextvars
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest

from praxis_chassis.caller import Call, Caller, current_or_none, enter
from praxis_chassis.database import Database
from praxis_chassis.errors import DependencyDown, Error, LimitExceeded, NotFound
from praxis_chassis.jobs import ATTEMPTS, Job, Jobs, LeaseLost, enqueue

from .conftest import Scratch, add_thing, count_things, through_proxy

FAST = 0.4


@pytest.fixture(autouse=True)
def _nothing_waits(scratch: Scratch) -> None:
    """Jobs are claimed across practices: each test begins with an empty queue."""
    with scratch.admin() as admin:
        admin.execute("delete from job")


def _make(database: Database, owner: str = "w", lease_s: float = 30, renew_s: float = 10) -> Jobs:
    return Jobs(database, owner, lease_s, renew_s)


async def _queue(
    database: Database, practice: uuid.UUID | None = None, count: int = 1, priority: int = 2
) -> list[uuid.UUID]:
    practice = practice or uuid.uuid4()
    subjects = [uuid.uuid4() for _ in range(count)]
    for subject in subjects:
        async with database.write(practice) as connection:
            await enqueue(connection, practice, "work", subject, priority=priority)
    return subjects


def _rows(scratch: Scratch, columns: str = "state") -> list[Any]:
    with scratch.admin() as admin:
        return admin.execute(f"select {columns} from job order by created_at".encode()).fetchall()


async def _claimed(jobs: Jobs) -> Job:
    job = await jobs.claim()
    assert job is not None
    return job


Give = Callable[[Job, Error], Awaitable[None]]


async def _no_give_up(_job: Job, error: Error) -> None:
    raise AssertionError(error)


class Serving:
    """Workers in the background, stopped at the end."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        self.wake = asyncio.Event()

    def start(self, jobs: Jobs, handle: Any, give_up: Give = _no_give_up) -> asyncio.Task[None]:
        task = asyncio.create_task(jobs.serve(handle, give_up, self.wake))
        self.tasks.append(task)
        return task

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
async def serving() -> AsyncIterator[Serving]:
    made = Serving()
    yield made
    await made.stop()


async def eventually(scratch: Scratch, expected: list[Any], columns: str = "state") -> None:
    deadline = time.monotonic() + 10
    while (found := _rows(scratch, columns)) != expected:
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.02)


# One holder.


async def test_nothing_to_claim(worker: Database) -> None:
    assert await _make(worker).claim() is None


async def test_many_workers_never_hold_one_job_together(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    practice = uuid.uuid4()
    subjects = await _queue(app, practice, 60)
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
        mine = _make(worker, f"w{number}")
        serving.start(mine, handler(mine))
    await eventually(scratch, [("done", 1, 1)] * 60, "state, attempts, fence")
    assert sorted(handled) == sorted(subjects)


async def test_a_queued_job_rolls_back_with_its_cause(app: Database, scratch: Scratch) -> None:
    practice = uuid.uuid4()
    with pytest.raises(KeyError):
        async with app.write(practice) as connection:
            await enqueue(connection, practice, "work", uuid.uuid4())
            raise KeyError("anything")
    assert _rows(scratch) == []


async def test_the_application_login_can_queue_and_nothing_else(app: Database) -> None:
    await _queue(app)
    for statement in ("update job set state = 'done'", "delete from job"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with app.write(None) as connection:
                await connection.execute(statement.encode())


# Lease and fence.


async def test_an_expired_lease_hands_over_and_the_old_holder_changes_nothing(
    app: Database, worker: Database, scratch: Scratch
) -> None:
    practice = uuid.uuid4()
    await _queue(app, practice)
    old, new = _make(worker, "old", FAST), _make(worker, "new")
    stale = await _claimed(old)
    assert await new.claim() is None
    await asyncio.sleep(FAST + 0.1)
    fresh = await _claimed(new)
    assert (fresh.job_id, fresh.fence, fresh.attempts) == (stale.job_id, stale.fence + 1, 2)
    before = _rows(scratch, "*")
    for write in (old.step, old.ending):
        with pytest.raises(LeaseLost):
            async with write(stale) as connection:
                await add_thing(connection, practice)
    for change in (old.renew, old.put_back, old.release):
        with pytest.raises(LeaseLost):
            await change(stale)
    assert _rows(scratch, "*") == before
    assert await count_things(worker, practice) == 0
    async with new.ending(fresh) as connection:
        await add_thing(connection, practice)
    assert _rows(scratch, "state, lease_until") == [("done", None)]
    assert await count_things(worker, practice) == 1
    # Ended is ended, for its last holder too.
    with pytest.raises(LeaseLost):
        async with new.step(fresh):
            pass


async def test_renewing_keeps_the_lease(app: Database, worker: Database) -> None:
    await _queue(app)
    first, second = _make(worker, "first", FAST), _make(worker, "second", FAST)
    job = await _claimed(first)
    for _ in range(5):
        await asyncio.sleep(FAST / 2)
        await first.renew(job)
        assert await second.claim() is None


async def test_an_ending_that_fails_ends_nothing(
    app: Database, worker: Database, scratch: Scratch
) -> None:
    practice = uuid.uuid4()
    await _queue(app, practice)
    mine = _make(worker)
    job = await _claimed(mine)
    with pytest.raises(KeyError):
        async with mine.ending(job) as connection:
            await add_thing(connection, practice)
            raise KeyError("anything")
    assert _rows(scratch) == [("running",)]
    assert await count_things(worker, practice) == 0


async def test_effects_belong_to_the_jobs_practice_only(app: Database, worker: Database) -> None:
    await _queue(app)
    mine = _make(worker)
    job = await _claimed(mine)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        async with mine.step(job) as connection:
            await add_thing(connection, uuid.uuid4())


async def test_a_claim_in_the_middle_of_an_ending_waits_for_nobody(
    app: Database, worker: Database
) -> None:
    """The row is locked by the ending, so that even an expired lease is not handed over."""
    await _queue(app)
    mine = _make(worker, "mine", 0.1)
    job = await _claimed(mine)
    async with mine.ending(job):
        await asyncio.sleep(0.2)
        assert await _make(worker, "other").claim() is None
    assert await _make(worker, "other").claim() is None


async def test_a_served_job_outlives_its_first_lease(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app)
    mine = _make(worker, "mine", FAST, FAST / 4)

    async def handle(job: Job) -> None:
        await asyncio.sleep(FAST * 4)
        async with mine.ending(job):
            pass

    serving.start(mine, handle)
    await asyncio.sleep(FAST * 2)
    assert await _make(worker, "other").claim() is None
    await eventually(scratch, [("done", 1, 1)], "state, attempts, fence")


async def test_a_worker_paused_past_its_lease_loses_its_work(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    practice = uuid.uuid4()
    await _queue(app, practice)
    mine = _make(worker, "paused", FAST, FAST / 4)
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

    serving.start(mine, handle)
    await eventually(scratch, [("running", "other")], "state, lease_owner")
    await asyncio.sleep(FAST)
    assert stopped == ["cancelled"]
    assert _rows(scratch, "state, lease_owner, attempts") == [("running", "other", 1)]
    # The worker itself goes on.
    await _queue(app, practice, priority=3)
    await asyncio.sleep(0.1)
    assert not serving.tasks[0].done()


async def test_a_worker_that_cannot_renew_stops_by_itself(
    app: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app)
    stopped = asyncio.Event()
    async with through_proxy(scratch.settings.conninfo("worker")) as (database, proxy):

        async def handle(_job: Job) -> None:
            await proxy.cut()
            try:
                await asyncio.sleep(30)
            finally:
                stopped.set()

        serving.start(_make(database, "cut off", FAST, FAST / 4), handle)
        await asyncio.wait_for(stopped.wait(), 10)
        await serving.stop()


# What becomes of failures.


async def test_a_transient_failure_is_tried_again_later(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app)

    async def handle(_job: Job) -> None:
        raise DependencyDown("not now")

    serving.start(_make(worker), handle)
    columns = "state, attempts, lease_until, run_after between now() and now() + '20 s'::interval"
    await eventually(scratch, [("queued", 1, None, True)], columns)
    assert await _make(worker).claim() is None


async def test_the_wait_grows_up_to_a_quarter_of_an_hour(
    app: Database, worker: Database, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    await _queue(app)
    waits = []
    for attempts in (1, 2, 3, 7, 50):
        with scratch.admin() as admin:
            admin.execute("update job set attempts = %s, run_after = now()", (attempts - 1,))
        mine = _make(worker)
        await mine.put_back(await _claimed(mine))
        ((wait,),) = _rows(scratch, "extract(epoch from run_after - clock_timestamp())")
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
    serving: Serving,
    raised: Exception,
    attempts: int,
    told: str,
) -> None:
    await _queue(app)
    with scratch.admin() as admin:
        admin.execute("update job set attempts = %s", (attempts - 1,))
    mine = _make(worker)
    given: list[Error] = []

    async def handle(_job: Job) -> None:
        raise raised

    async def give_up(job: Job, error: Error) -> None:
        given.append(error)
        async with mine.ending(job, "failed"):
            pass

    serving.start(mine, handle, give_up)
    await eventually(scratch, [("failed", attempts)], "state, attempts")
    assert [error.reason for error in given] == [told]
    assert "Jane" not in given[0].message


async def test_a_job_that_kills_its_workers_is_given_up_without_another_try(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app)
    for _ in range(ATTEMPTS):
        # Claimed, and never heard of again.
        await _claimed(_make(worker, "killed", 0.01))
        await asyncio.sleep(0.03)
    mine = _make(worker)
    tried: list[Job] = []

    async def handle(job: Job) -> None:
        tried.append(job)

    async def give_up(job: Job, _error: Error) -> None:
        async with mine.ending(job, "failed"):
            pass

    serving.start(mine, handle, give_up)
    await eventually(scratch, [("failed",)])
    assert tried == []


async def test_a_failing_give_up_leaves_the_job_to_its_lease_and_the_worker_alive(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app)
    once, twice = asyncio.Event(), asyncio.Event()

    async def handle(_job: Job) -> None:
        raise NotFound("gone")

    async def give_up(_job: Job, _error: Error) -> None:
        (twice if once.is_set() else once).set()
        raise RuntimeError("cannot be recorded")

    task = serving.start(_make(worker, "w", FAST, 10), handle, give_up)
    await eventually(scratch, [("running",)])
    await asyncio.wait_for(twice.wait(), 10)
    assert not task.done()


async def test_what_one_job_enters_is_gone_at_the_next(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app, count=4)
    mine = _make(worker)
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
        serving.start(mine, handle, give_up)

    await asyncio.create_task(serve(), context=contextvars.Context())
    await eventually(scratch, [("failed",)] * 4)
    assert seen == [None] * 8


# Stopping and starting.


async def test_a_stopped_worker_gives_its_job_back_untouched(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app)
    begun, cleaned = asyncio.Event(), asyncio.Event()

    async def handle(_job: Job) -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        finally:
            await asyncio.sleep(0.05)
            cleaned.set()

    task = serving.start(_make(worker), handle)
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()
    assert _rows(scratch, "state, attempts, lease_until, fence") == [("queued", 0, None, 1)]
    assert (await _claimed(_make(worker))).attempts == 1


async def test_a_worker_stops_even_when_its_work_does_not_want_to(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    await _queue(app)
    mine = _make(worker)
    begun = asyncio.Event()

    async def handle(job: Job) -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            async with mine.ending(job):
                pass

    task = serving.start(mine, handle)
    await begun.wait()
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()
    assert _rows(scratch) == [("done",)]


async def test_a_database_that_is_away_stops_no_worker(
    app: Database, scratch: Scratch, serving: Serving
) -> None:
    async with through_proxy(scratch.settings.conninfo("worker")) as (database, proxy):
        mine = _make(database)

        async def handle(job: Job) -> None:
            async with mine.ending(job):
                pass

        await proxy.cut()
        serving.start(mine, handle)
        await _queue(app)
        await asyncio.sleep(0.3)
        proxy.through = True
        await eventually(scratch, [("done",)])
        await serving.stop()


async def test_wake_cuts_the_wait_short(
    app: Database, worker: Database, scratch: Scratch, serving: Serving
) -> None:
    mine = _make(worker)
    handled: list[float] = []

    async def handle(job: Job) -> None:
        handled.append(time.monotonic())
        async with mine.ending(job):
            pass

    serving.start(mine, handle)
    waits = []
    for number in range(1, 6):
        await asyncio.sleep(0.1)
        await _queue(app)
        asked = time.monotonic()
        serving.wake.set()
        await eventually(scratch, [("done",)] * number)
        waits.append(handled[-1] - asked)
    assert max(waits) < 0.3


# Order and bounds.


async def _order(worker: Database) -> list[uuid.UUID]:
    claimed = []
    mine = _make(worker)
    while (job := await mine.claim()) is not None:
        claimed.append(job.practice_id)
    return claimed


async def test_practices_take_turns(app: Database, worker: Database) -> None:
    busy, quiet, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    await _queue(app, busy, 5)
    await _queue(app, quiet, 1)
    await _queue(app, other, 2)
    order = await _order(worker)
    assert order == [busy, quiet, other, busy, other, busy, busy, busy]


async def test_priority_then_age_within_a_practice(app: Database, worker: Database) -> None:
    practice = uuid.uuid4()
    low = await _queue(app, practice, 2, priority=1)
    high = await _queue(app, practice, 2, priority=3)
    mine = _make(worker)
    claimed = [(await _claimed(mine)).subject_id for _ in range(4)]
    assert claimed == high + low


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
    await _claimed(_make(worker))
    await one(practice)
