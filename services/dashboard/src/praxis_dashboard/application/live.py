"""Live figures: who watches which practice, and when to look again."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg

from praxis.dashboard.v1.dashboard_service_pb2 import DashboardData, WatchDashboardResponse
from praxis.event.v1 import event_pb2
from praxis_chassis import logs
from praxis_chassis.caller import current, enter
from praxis_chassis.database import Connection
from praxis_chassis.errors import Draining, LimitExceeded
from praxis_chassis.tokens import InternalSigner
from praxis_dashboard.storage.signals import announce, announced

REVISION_RECORDED = "praxis.analytics.v1.revision.recorded"
_LOOK_S = 10.0

Look = Callable[[], Awaitable[DashboardData]]


async def on_revision(connection: Connection, event: event_pb2.Event) -> None:
    """Tells every process, with the commit that moves the cursor."""
    await announce(connection, uuid.UUID(event.practice_id))


class Watchers:
    """Who waits for news of which practice in this process. News that nobody took yet is one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[uuid.UUID, set[asyncio.Event]] = {}
        self._closing = False

    @contextmanager
    def join(self, practice_id: uuid.UUID) -> Iterator[asyncio.Event]:
        """Waits for news of a practice. Raises: LimitExceeded."""
        if sum(map(len, self._waiting.values())) >= self._most:
            raise LimitExceeded("too many live pages are open; try again in a moment")
        news = asyncio.Event()
        self._waiting.setdefault(practice_id, set()).add(news)
        try:
            yield news
        finally:
            self._waiting[practice_id].discard(news)
            if not self._waiting[practice_id]:
                del self._waiting[practice_id]

    def touch(self, practice_id: uuid.UUID | None) -> None:
        """Something of a practice has changed; None: perhaps of any."""
        for watched, waiting in self._waiting.items():
            if practice_id in (None, watched):
                for news in waiting:
                    news.set()

    def close(self) -> None:
        """Sends everybody away: this process is about to stop."""
        self._closing = True
        self.touch(None)

    def check(self) -> None:
        """Raises: Draining once closed."""
        if self._closing:
            raise Draining("this process is about to stop")

    async def listen(self, conninfo: str) -> None:
        """Hears of changes until cancelled; after a break everybody looks again."""
        while True:
            try:
                async for practice_id in announced(conninfo):
                    self.touch(practice_id)
            except (psycopg.Error, OSError) as error:
                logs.get().warning("signals.lost", error_type=type(error).__name__)
            # Not all processes at once.
            await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311


class Live:
    """Streams figures: now, and whenever they have changed.

    Args: pause_s: least time between two looks; heartbeat_s: longest silence.
    """

    def __init__(
        self,
        watchers: Watchers,
        signer: InternalSigner,
        pause_s: float = 1.0,
        heartbeat_s: float = 15.0,
    ) -> None:
        self._watchers = watchers
        self._signer = signer
        self._pause_s = pause_s
        self._heartbeat_s = heartbeat_s

    async def watch(self, look: Look) -> AsyncGenerator[WatchDashboardResponse, None]:
        """What `look` finds, in the current caller's name. Raises: its errors; Draining."""
        shown = b""
        with self._watchers.join(current().caller.practice_id) as news:
            while True:
                self._watchers.check()
                news.clear()
                self._renew()
                data = await look()
                looked = time.monotonic()
                if (figures := _figures(data)) != shown:
                    shown = figures
                    yield WatchDashboardResponse(data=data)
                while not await _within(self._heartbeat_s, news):
                    yield WatchDashboardResponse(heartbeat=True)
                await asyncio.sleep(looked + self._pause_s - time.monotonic())

    def _renew(self) -> None:
        """The caller's token and deadline are long over: look in their name, signed by us."""
        call = current()
        token = self._signer.mint(call.caller)
        enter(replace(call, token=token, deadline=time.monotonic() + _LOOK_S))


async def _within(seconds: float, news: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        return False
    return True


def _figures(data: DashboardData) -> bytes:
    """What a reader would see change: all but the state it was taken at."""
    seen = DashboardData()
    seen.CopyFrom(data)
    seen.ClearField("as_of")
    for widget in seen.widgets:
        if widget.HasField("answer"):
            widget.answer.ClearField("as_of")
            widget.answer.ClearField("receipt")
    return seen.SerializeToString(deterministic=True)
