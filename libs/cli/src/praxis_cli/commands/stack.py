"""`up`, `status`, `down`: the local stack as a whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from typing import Annotated

import typer

from praxis_cli.errors import BusyError, CommandError
from praxis_cli.options import DEFAULT_DIR, Dir
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.local import run_until_signal, started
from praxis_cli.stack.services import PORTS

_STOP_S = 50


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(up)
    app.command()(status)
    app.command()(down)


def up(
    directory: Dir = DEFAULT_DIR,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the page and the REST API.")
    ] = None,
) -> None:
    """Start everything and stay until Ctrl-C; the data remains in the folder."""
    run_until_signal(_up(Layout.at(directory), port))
    say("stopped")


def status(directory: Dir = DEFAULT_DIR) -> None:
    """Show what runs; exit code 1 when the stack is not ready."""
    layout = Layout.existing(directory)
    state = layout.load()
    if not layout.is_locked():
        print("stopped")
        raise typer.Exit(1)
    for name, pid in state.pids.items():
        port = state.ports[name] if name in PORTS else "-"
        print(f"{name:<18} pid {pid:<8} port {port:<6} restarts {state.restarts.get(name, 0)}")
    print(f"ready {state.url}" if state.url else "starting, stopping or in use by a command")
    if not state.url:
        raise typer.Exit(1)


def down(
    directory: Dir = DEFAULT_DIR,
    wipe: Annotated[bool, typer.Option("--wipe", help="Also remove all its data.")] = False,
) -> None:
    """Stop the stack if it runs."""
    layout = Layout.existing(directory)
    if layout.is_locked():
        _stop(layout)
    if wipe:
        with layout.lock():
            layout.wipe()
    print("removed" if wipe else "stopped")


def say(text: str) -> None:
    """Prints a progress line at once; a closed output ends nothing."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


async def _up(layout: Layout, port: int | None) -> None:
    async with started(layout, say, port) as stack:
        say(f"ready {stack.url}")
        await asyncio.Event().wait()


def _stop(layout: Layout) -> None:
    pid = layout.load().pid
    if pid is None:
        raise BusyError(f"the stack in {layout.root} is in use by another command")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_S
    while layout.is_locked():
        if time.monotonic() > deadline:
            raise CommandError(f"process {pid} did not stop within {_STOP_S} s")
        time.sleep(0.1)
