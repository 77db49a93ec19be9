"""Queueing, claiming and serving jobs in a few words."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from praxis_chassis.database import Database
from praxis_chassis.errors import Error
from praxis_chassis.jobs import Job, Jobs, enqueue

if TYPE_CHECKING:
    from .conftest import Scratch

FAST = 0.4


def make(database: Database, owner: str = "w", lease_s: float = 30, renew_s: float = 10) -> Jobs:
    return Jobs(database, owner, lease_s, renew_s)


async def queue(
    database: Database, practice: uuid.UUID | None = None, count: int = 1, priority: int = 2
) -> list[uuid.UUID]:
    practice = practice or uuid.uuid4()
    subjects = [uuid.uuid4() for _ in range(count)]
    for subject in subjects:
        async with database.write(practice) as connection:
            await enqueue(connection, practice, "work", subject, priority=priority)
    return subjects


def rows(scratch: Scratch, columns: str = "state") -> list[Any]:
    with scratch.admin() as admin:
        return admin.execute(f"select {columns} from job order by created_at".encode()).fetchall()


async def claimed(jobs: Jobs) -> Job:
    job = await jobs.claim()
    assert job is not None
    return job


Give = Callable[[Job, Error], Awaitable[None]]


async def no_give_up(_job: Job, error: Error) -> None:
    raise AssertionError(error)


class Serving:
    """Workers in the background, stopped at the end."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        self.wake = asyncio.Event()

    def start(self, jobs: Jobs, handle: Any, give_up: Give = no_give_up) -> asyncio.Task[None]:
        task = asyncio.create_task(jobs.serve(handle, give_up, self.wake))
        self.tasks.append(task)
        return task

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def eventually(scratch: Scratch, expected: list[Any], columns: str = "state") -> None:
    deadline = time.monotonic() + 10
    while (found := rows(scratch, columns)) != expected:
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.02)
