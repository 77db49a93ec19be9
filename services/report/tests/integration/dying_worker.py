"""`dying_worker.py POINT SETTINGS`: takes one run and dies by SIGKILL when it has come to POINT."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from praxis_report.application.running import Runner
from praxis_report.blobs.files import Files
from praxis_report.bootstrap import assembled
from praxis_report.rendering.pool import RenderPool
from praxis_report.settings import Settings


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(kind: type[Any], name: str) -> Callable[[], None]:
    async def wrapped(self: Any, *given: Any, **named: Any) -> None:
        await original(self, *given, **named)
        _die()

    original = getattr(kind, name)
    return lambda: setattr(kind, name, wrapped)


POINTS: dict[str, Callable[[], None]] = {
    "begun": _after(Runner, "_begin"),
    "asked": _after(Runner, "_compose"),
    "drawn": _after(RenderPool, "render"),
    "sealed": lambda: setattr(os, "replace", _die),
    "published": _after(Files, "publish"),
    "committed": _after(Runner, "_complete"),
}


async def _work(settings: Settings) -> None:
    async with assembled(settings) as service:
        job = await service.runner.jobs.claim()
        assert job is not None
        await service.runner.handle(job)


if __name__ == "__main__":
    POINTS[sys.argv[1]]()
    asyncio.run(_work(Settings.model_validate_json(Path(sys.argv[2]).read_text())))
