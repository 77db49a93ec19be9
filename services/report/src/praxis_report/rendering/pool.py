"""Warm child processes that draw documents, so that the event loop never does.

A job that runs too long, eats too much memory or brings its process down costs that process
only: it is killed, its half file removed, and its place filled by a fresh one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import signal
import sys
import tempfile
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any, cast

from praxis_report.domain.document import Document
from praxis_report.rendering import errors
from praxis_report.rendering.worker import LENGTH_BYTES, Job

MIB = 1024 * 1024

_COMMAND = "from praxis_report.rendering.worker import main; main()"
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)


class RenderPool:
    """A fixed number of render processes behind a bounded queue.

    Args: size: processes; queue_max: documents that may wait; timeout_s: wall time of one job;
    memory_bytes: limit of each process's writable memory (RLIMIT_DATA). The address space
    cannot be limited instead: the chart engine reserves 66 GB of it and uses 0.1. Of the data
    limit it counts 0.6 GB before any work, so 1.5 GiB leave a document about 1 GiB.
    cpu_s: processor time of one job, after which the system ends its process.
    recycle_bytes: a process whose resident memory ever passed this is replaced after its job.
    """

    def __init__(
        self,
        size: int = 2,
        *,
        queue_max: int = 64,
        timeout_s: float = 120.0,
        memory_bytes: int = 1536 * MIB,
        recycle_bytes: int = 512 * MIB,
        cpu_s: int = 120,
    ) -> None:
        self._queue_max = queue_max
        self._timeout_s = timeout_s
        self._recycle_bytes = recycle_bytes
        self._waiting = 0
        self._closed = False
        self._scratch = tempfile.TemporaryDirectory(prefix="praxis-render-")
        limits = (str(memory_bytes), str(cpu_s))
        self._children = [_Child(limits, self._scratch.name) for _ in range(size)]
        self._idle: asyncio.Queue[_Child] = asyncio.Queue()

    async def start(self) -> None:
        """Start the processes; they warm up on their own while the service goes on."""
        await asyncio.gather(*(child.ensure() for child in self._children))
        for child in self._children:
            self._idle.put_nowait(child)

    async def close(self) -> None:
        """End all processes at once; a job still running fails with RenderCrashed."""
        self._closed = True
        await asyncio.gather(*(child.end() for child in self._children))
        self._scratch.cleanup()

    async def __aenter__(self) -> RenderPool:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def pids(self) -> list[int]:
        """The living render processes."""
        return [child.pid for child in self._children if child.pid]

    async def render(
        self, document: Document, format: str, path: Path, *, timeout_s: float | None = None
    ) -> tuple[int, str]:
        """Draw the document into `path`, synced to disk; the caller moves it into place.

        Args: timeout_s: wall time for this job, the pool's where None.
        Returns: size in bytes and SHA-256 in hexadecimal.
        Raises: RenderError (see `errors`); the file is gone then, also when cancelled.
        """
        child = await self._borrow()
        try:
            answer = await self._ask(
                child, Job(document, format, path), timeout_s or self._timeout_s
            )
        except BaseException:
            child.kill()
            path.unlink(missing_ok=True)
            raise
        finally:
            self._idle.put_nowait(child)
        if "error" in answer:
            kind: type[errors.RenderError] = getattr(errors, answer["error"])
            raise kind(answer["message"])
        return answer["size"], answer["sha256"]

    async def _borrow(self) -> _Child:
        if self._idle.empty() and self._waiting >= self._queue_max:
            raise errors.RenderQueueFull(f"{self._waiting} documents wait already")
        self._waiting += 1
        try:
            child = await self._idle.get()
        finally:
            self._waiting -= 1
        if self._closed:
            self._idle.put_nowait(child)
            raise errors.RenderCrashed("the render processes are shut down")
        return child

    async def _ask(self, child: _Child, job: Job, timeout_s: float) -> dict[str, Any]:
        message = await asyncio.to_thread(pickle.dumps, job)
        try:
            async with asyncio.timeout(timeout_s):
                answer = await child.ask(message)
        except TimeoutError as error:
            raise errors.RenderTimeout(f"stopped after {timeout_s:g} s") from error
        if answer["peak_bytes"] > self._recycle_bytes or answer.get("error") == "RenderFailed":
            child.kill()
        return answer


class _Child:
    """One render process, started when none is alive."""

    def __init__(self, limits: tuple[str, str], scratch: str) -> None:
        self._limits = limits
        self._scratch = scratch
        self._process: Process | None = None
        self._killed = False

    @property
    def pid(self) -> int | None:
        """The process's id, None when none is alive."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    async def ensure(self) -> Process:
        """The living process, started if need be."""
        if self._killed:
            await self.end()
        if self._process is None or self._process.returncode is not None:
            command = (sys.executable, "-P", "-c", _COMMAND, *self._limits)
            environment = _environment(self._scratch)
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=environment
            )
            self._killed = False
        return self._process

    async def ask(self, message: bytes) -> dict[str, Any]:
        """Send one job and wait for its answer. Raises: RenderCrashed when none comes;
        RenderTimeout when the job computed for too long."""
        process = await self.ensure()
        jobs, answers = cast(StreamWriter, process.stdin), cast(StreamReader, process.stdout)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            jobs.write(len(message).to_bytes(LENGTH_BYTES) + message)
            await jobs.drain()
        line = await answers.readline()
        if not line.endswith(b"\n"):
            code = await process.wait()
            if code == -signal.SIGXCPU:
                raise errors.RenderTimeout(f"stopped after {self._limits[1]} s of computing")
            raise errors.RenderCrashed(f"the render process ended with status {code}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def kill(self) -> None:
        """End the process now; the next job starts another."""
        self._killed = True
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """Kill the process and wait until it is gone."""
        self.kill()
        if self._process is not None:
            await self._process.wait()


def _environment(scratch: str) -> dict[str, str]:
    """What a child may know: no secrets of the service. Its fonts are stamped 1970, not now."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {"TMPDIR": scratch, "SOURCE_DATE_EPOCH": "0"}
