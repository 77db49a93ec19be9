"""Slow work under lease and fence.

A worker claims the next job for 30 seconds and renews every 10. Whoever claims raises the fence;
every later write of the work carries its fence, and a worker whose fence is stale changes nothing.
Twice a second it looks whether the job is still its own, so that a cancelled one stops within a
second. Lease time is the database's clock.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from praxis_chassis import logs
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import DependencyDown, Error, LimitExceeded, TooSlow
from praxis_chassis.ids import uuid7

LEASE_S = 30
RENEW_S = 10
CHECK_S = 0.4
ATTEMPTS = 5
_TRANSIENT = (DependencyDown, TooSlow, LimitExceeded)


class LeaseLost(Exception):
    """Someone else has this job now; stop and change nothing."""


@dataclass(frozen=True)
class Job:
    """A claimed job."""

    job_id: uuid.UUID
    practice_id: uuid.UUID
    kind: str
    subject_id: uuid.UUID
    attempts: int
    fence: int


async def enqueue(
    connection: Connection,
    practice_id: uuid.UUID,
    kind: str,
    subject_id: uuid.UUID,
    *,
    priority: int = 2,
    queue_most: int = 500,
) -> None:
    """Queues work in the caller's transaction.

    Raises: LimitExceeded when `queue_most` jobs of the practice wait already.
    """
    cursor = await connection.execute(
        "select count(*) from job where practice_id = %s and state = 'queued'", (practice_id,)
    )
    row = await cursor.fetchone()
    if row is not None and row[0] >= queue_most:
        raise LimitExceeded(f"{queue_most} runs are waiting already; let some of them finish")
    await connection.execute(
        "insert into job (job_id, practice_id, kind, subject_id, priority)"
        " values (%s, %s, %s, %s, %s)",
        (uuid7(), practice_id, kind, subject_id, priority),
    )


async def cancel(connection: Connection, practice_id: uuid.UUID, subject_id: uuid.UUID) -> bool:
    """Takes a job out of the queue, or out of its worker's hands, in the caller's transaction.

    Returns: False when it has ended already.
    """
    cursor = await connection.execute(
        "update job set state = 'cancelled', lease_until = null where practice_id = %s"
        " and subject_id = %s and state in ('queued', 'running')",
        (practice_id, subject_id),
    )
    return cursor.rowcount > 0


# Practices with fewer jobs under way come first, then priority, then age.
_CLAIM = """
update job set state = 'running', lease_owner = %(owner)s, fence = fence + 1,
       attempts = attempts + 1, lease_until = clock_timestamp() + %(lease)s * interval '1 second'
where job_id = (
    select job_id from job j
    where (state = 'queued' and run_after <= clock_timestamp())
       or (state = 'running' and lease_until < clock_timestamp())
    order by (select count(*) from job r where r.practice_id = j.practice_id
              and r.state = 'running' and r.lease_until >= clock_timestamp()),
             priority desc, created_at
    limit 1 for update skip locked)
returning job_id, practice_id, kind, subject_id, attempts, fence
"""


class Jobs:
    """This process's hold on the job table."""

    def __init__(
        self,
        database: Database,
        owner: str,
        lease_s: float = LEASE_S,
        renew_s: float = RENEW_S,
    ) -> None:
        self._database = database
        self._owner = owner
        self._lease_s = lease_s
        self._renew_s = renew_s

    async def claim(self) -> Job | None:
        """The next job due, now ours, or None."""
        async with self._database.write(None, 5_000) as connection:
            parameters = {"owner": self._owner, "lease": self._lease_s}
            row = await (await connection.execute(_CLAIM, parameters)).fetchone()
        return Job(*row) if row is not None else None

    async def renew(self, job: Job) -> None:
        """Keeps the lease. Raises: LeaseLost."""
        async with self._database.write(None, 5_000) as connection:
            lease = f"{self._lease_s} * interval '1 second'"
            await _fenced(connection, job, f"lease_until = clock_timestamp() + {lease}")

    async def check(self, job: Job) -> None:
        """Raises: LeaseLost when the job was cancelled, or is somebody else's by now."""
        async with self._database.read(None, 5_000) as connection:
            cursor = await connection.execute(
                "select from job where job_id = %s and fence = %s and state = 'running'",
                (job.job_id, job.fence),
            )
            if cursor.rowcount != 1:
                raise LeaseLost

    @asynccontextmanager
    async def ending(self, job: Job, state: str = "done") -> AsyncIterator[Connection]:
        """A transaction of the job's practice that ends the job, or changes nothing at all.

        The fence is checked first and the row stays locked, so effects and end are one.
        Raises: LeaseLost.
        """
        async with self._database.write(job.practice_id, 5_000) as connection:
            await _fenced(connection, job, f"state = '{state}', lease_until = null")
            yield connection

    @asynccontextmanager
    async def step(self, job: Job) -> AsyncIterator[Connection]:
        """A transaction for an effect in the middle of the job. Raises: LeaseLost."""
        async with self._database.write(job.practice_id, 5_000) as connection:
            await _fenced(connection, job, "lease_owner = lease_owner")
            yield connection

    async def put_back(self, job: Job) -> None:
        """Makes the job due again, later each time: full jitter, 10 s up to 15 min."""
        delay = random.uniform(0, min(900, 10 * 2**job.attempts))  # noqa: S311
        async with self._database.write(None, 5_000) as connection:
            await _fenced(
                connection,
                job,
                f"state = 'queued', lease_until = null,"
                f" run_after = clock_timestamp() + {delay:.3f} * interval '1 second'",
            )

    async def release(self, job: Job) -> None:
        """Gives the job back untouched, as at shutdown."""
        async with self._database.write(None, 5_000) as connection:
            await _fenced(
                connection, job, "state = 'queued', lease_until = null, attempts = attempts - 1"
            )

    async def serve(
        self,
        handle: Callable[[Job], Awaitable[None]],
        give_up: Callable[[Job, Error], Awaitable[None]],
        wake: asyncio.Event,
    ) -> None:
        """Claims and handles jobs until cancelled; `wake` cuts an idle wait short.

        A transient error puts the job back until it was tried five times; then, or at once for
        any other error, `give_up` records the failure and ends the job. It is called outside of
        what `handle` entered, and also for a job whose workers all died.
        """
        while True:
            wake.clear()
            job = await self._next()
            if job is not None:
                await self._handle(job, handle, give_up)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), 1.0)

    async def _next(self) -> Job | None:
        try:
            return await self.claim()
        except Exception as error:
            logs.get().warning("job.claim_failed", error_type=type(error).__name__)
            return None

    async def _handle(
        self,
        job: Job,
        handle: Callable[[Job], Awaitable[None]],
        give_up: Callable[[Job, Error], Awaitable[None]],
    ) -> None:
        if job.attempts > ATTEMPTS:
            await self._quietly(give_up(job, Error("the run broke off several times")))
            return
        work = asyncio.ensure_future(handle(job))
        renewal = asyncio.create_task(self._keep(job, work))
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await self._quietly(self.release(job))
            raise
        finally:
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)
        # Nobody but the renewal cancels work that we wait for.
        error = LeaseLost() if work.cancelled() else work.exception()
        if isinstance(error, LeaseLost):
            logs.get().warning("job.lease_lost", job_id=str(job.job_id), fence=job.fence)
        elif error is not None:
            await self._failed(job, error, give_up)

    async def _failed(
        self, job: Job, error: BaseException, give_up: Callable[[Job, Error], Awaitable[None]]
    ) -> None:
        known = error if isinstance(error, Error) else Error("the run failed on our side")
        logs.get().warning(
            "job.failed",
            job_id=str(job.job_id),
            attempt=job.attempts,
            reason=known.reason,
            error_type=type(error).__name__,
            where=logs.place_of(error),
        )
        if isinstance(error, _TRANSIENT) and job.attempts < ATTEMPTS:
            await self._quietly(self.put_back(job))
        else:
            await self._quietly(give_up(job, known))

    async def _keep(self, job: Job, work: asyncio.Future[None]) -> None:
        """Renews the lease; stops the work when it is lost, or cannot be renewed in time."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            await asyncio.sleep(min(CHECK_S, self._renew_s))
            asked = loop.time()
            try:
                if asked - renewed < self._renew_s:
                    await self.check(job)
                    continue
                await self.renew(job)
                renewed = asked
            except LeaseLost:
                break
            except Error:
                if loop.time() - renewed > self._lease_s:
                    break
        work.cancel()

    @staticmethod
    async def _quietly(action: Awaitable[None]) -> None:
        """What cannot be recorded now is found again when the lease runs out."""
        try:
            # In a context of its own: what it enters does not stay for the next job.
            await asyncio.ensure_future(action)
        except Exception as error:
            logs.get().warning("job.left_to_lease", error_type=type(error).__name__)


async def _fenced(connection: Connection, job: Job, change: str) -> None:
    cursor = await connection.execute(
        f"update job set {change} where job_id = %s and fence = %s and state = 'running'".encode(),
        (job.job_id, job.fence),
    )
    if cursor.rowcount != 1:
        raise LeaseLost
