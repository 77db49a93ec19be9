"""Runs a set of processes: start in order of need, restart what dies, stop in reverse."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from praxis_cli.stack.processes import Child, NotReadyError, Process

_POLL_S = 0.1
_DELAY_FIRST_S = 0.2
_DELAY_MAX_S = 10.0
# A process that ran this long has recovered; its next restart is quick again.
_CALM_S = 30.0
_FIRST_STARTS = 3


class _Backoff:
    """The wait before a restart: doubles while deaths follow each other closely."""

    def __init__(self) -> None:
        self._delay_s = _DELAY_FIRST_S

    async def wait(self, lived_s: float) -> None:
        if lived_s > _CALM_S:
            self._delay_s = _DELAY_FIRST_S
        await asyncio.sleep(self._delay_s)
        self._delay_s = min(self._delay_s * 2, _DELAY_MAX_S)


class Supervisor:
    """Owns the processes from `start` to `stop`; both belong to one event loop.

    Args:
        say: told each step in one line.
        changed: called after every start of a process, when `pids` and `restarts` are new.
    """

    def __init__(
        self,
        processes: Iterable[Process],
        logs: Path,
        say: Callable[[str], None],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.restarts: dict[str, int] = {}
        self._processes = {process.name: process for process in processes}
        self._logs = logs
        self._say = say
        self._changed = changed
        self._ready = {name: asyncio.Event() for name in self._processes}
        self._gone = {name: asyncio.Event() for name in self._processes}
        self._children: dict[str, Child] = {}
        self._watches: list[asyncio.Task[NoReturn]] = []
        # One thread may wait for readiness and one for the end of each process.
        self._threads = ThreadPoolExecutor(2 * len(self._processes) + 1)

    def pids(self) -> dict[str, int]:
        """The running processes."""
        running = self._children.items()
        return {name: child.pid for name, child in running if child.exit_code() is None}

    async def start(self) -> None:
        """Returns when everything is ready. Raises: NotReadyError; `stop` is still due."""
        try:
            async with asyncio.TaskGroup() as group:
                for process in self._processes.values():
                    group.create_task(self._bring_up(process))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def stop(self) -> None:
        """Ends every process after those that need or use it; bounded by their stop times."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await asyncio.gather(*(self._end(process) for process in self._processes.values()))
        self._threads.shutdown()

    async def _bring_up(self, process: Process) -> None:
        for name in process.needs:
            await self._ready[name].wait()
        began = time.monotonic()
        child = await self._first_start(process)
        if process.on_ready:
            await self._in_thread(process.on_ready)
        self._say(f"{process.name} {time.monotonic() - began:.1f} s")
        self._ready[process.name].set()
        if process.ready:
            self._watches.append(asyncio.create_task(self._watch(process, child, began)))

    async def _first_start(self, process: Process) -> Child:
        """Starts it, again if it dies at once: a port can be lost between choice and use."""
        backoff = _Backoff()
        # A task that failed once fails again.
        chances = _FIRST_STARTS if process.ready else 1
        while True:
            began = time.monotonic()
            child = self._spawn(process)
            try:
                await self._in_thread(child.wait_ready)
                return child
            except NotReadyError:
                chances -= 1
                if not chances or time.monotonic() - began > process.ready_s:
                    raise
                await backoff.wait(0)

    async def _watch(self, process: Process, child: Child, began: float) -> NoReturn:
        """Restarts the process for as long as it dies."""
        backoff = _Backoff()
        while True:
            while (code := child.exit_code()) is None:  # noqa: ASYNC110  only polling tells
                await asyncio.sleep(_POLL_S)
            await self._in_thread(child.stop)
            self._say(f"{process.name} ended with {code}, restarting")
            await backoff.wait(time.monotonic() - began)
            self.restarts[process.name] = self.restarts.get(process.name, 0) + 1
            began = time.monotonic()
            child = self._spawn(process)
            try:
                await self._in_thread(child.wait_ready)
                self._say(f"{process.name} is back")
            except NotReadyError as error:
                self._say(str(error))
                await self._in_thread(child.stop)

    async def _end(self, process: Process) -> None:
        for other in self._processes.values():
            if process.name in (*other.needs, *other.uses):
                await self._gone[other.name].wait()
        if child := self._children.get(process.name):
            await self._in_thread(child.stop)
        self._gone[process.name].set()

    def _spawn(self, process: Process) -> Child:
        """Starts the process in the loop's own thread, with whose death it shall die."""
        child = self._children[process.name] = Child(process, self._logs)
        self._changed()
        return child

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, work)
