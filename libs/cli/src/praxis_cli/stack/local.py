"""A stack in action: all of it for `up`, or just its databases for the length of a command."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace

from praxis_cli.errors import BadInputError, BusyError
from praxis_cli.stack import broker, ports, postgres
from praxis_cli.stack.layout import Layout, State
from praxis_cli.stack.processes import Child, start
from praxis_cli.stack.services import GATEWAY, PORTS, Stack
from praxis_cli.stack.supervisor import Supervisor

_WAIT_S = 60


@asynccontextmanager
async def started(
    layout: Layout, say: Callable[[str], None], port: int | None = None
) -> AsyncIterator[Stack]:
    """Everything runs and is ready inside; afterwards nothing of it runs.

    Args:
        say: told each step in one line.
        port: of the gateway; None for the one it had, or any free one.

    Raises: BusyError when the stack is up already, NotReadyError when a process does not start,
        BadInputError when the port is taken.
    """
    layout.create()
    with layout.lock():
        stack = _prepare(layout, State(pid=os.getpid()), port)
        state = layout.load()

        def record() -> None:
            layout.save(replace(state, pids=supervisor.pids(), restarts=supervisor.restarts))

        supervisor = Supervisor(stack.processes(), layout.logs, say, record)
        try:
            await supervisor.start()
            state.url = stack.url
            record()
            yield stack
        finally:
            await supervisor.stop()
            layout.save(State(stack.ports))


@contextmanager
def running(layout: Layout) -> Iterator[Stack]:
    """The stack's databases are there inside: those of a stack that is up, else started for it.

    Raises: BusyError when another command still holds the stack after a minute.
    """
    layout.create()
    with ExitStack() as held:
        stack = _join_or_lock(layout, held)
        yield stack or held.enter_context(_databases(layout))


def run_until_signal(main: Coroutine[None, None, None]) -> None:
    """Runs `main`; the first SIGINT, SIGTERM or SIGHUP cancels it, later ones change nothing."""
    asyncio.run(_until_signal(main))


async def _until_signal(main: Coroutine[None, None, None]) -> None:
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(main)
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signals.append(signal.SIGHUP)

    def cancel() -> None:
        for each in signals:
            loop.add_signal_handler(each, lambda: None)
        task.cancel()

    for each in signals:
        loop.add_signal_handler(each, cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _prepare(layout: Layout, state: State, port: int | None = None) -> Stack:
    """Makes all that must be there before the first process; the caller holds the lock."""
    remembered = layout.load().ports
    if port is not None:
        if not ports.is_free(port):
            raise BadInputError(f"port {port} is in use; choose another with --port")
        remembered = {**remembered, GATEWAY: port}
    layout.save(replace(state, ports=remembered))
    postgres.end_left_over_server(layout)
    broker.end_left_over_server(layout)
    stack = Stack(layout, ports.choose(PORTS, remembered))
    stack.create_secrets()
    stack.postgres.initialise()
    stack.nats.initialise()
    layout.save(replace(state, ports=stack.ports))
    return stack


def _join_or_lock(layout: Layout, held: ExitStack) -> Stack | None:
    """The stack that is up, or None with its lock taken."""
    deadline = time.monotonic() + _WAIT_S
    while True:
        try:
            held.enter_context(layout.lock())
            return None
        except BusyError:
            state = layout.load()
            if state.url:
                return Stack(layout, state.ports)
            if time.monotonic() > deadline:
                raise


@contextmanager
def _databases(layout: Layout) -> Iterator[Stack]:
    stack = _prepare(layout, State())
    with ExitStack() as children:
        server = start(stack.postgres.process(), layout.logs)
        children.callback(server.stop)
        migrations = [Child(task, layout.logs) for task in stack.migrations()]
        for child in migrations:
            children.callback(child.stop)
        for child in migrations:
            child.wait_ready()
        yield stack
