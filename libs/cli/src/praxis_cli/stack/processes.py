"""One child process: declared as data, started, watched until ready, stopped for certain."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from praxis_cli.errors import CommandError

_POLL_S = 0.05
_LOG_BYTES_MAX = 10_000_000


class NotReadyError(CommandError):
    """A process ended, or let its time run out, before it was ready."""


@dataclass(frozen=True)
class Process:
    """What to run and what must hold around it.

    Attributes:
        ready: asked again and again until true; None marks a task, which is ready when it has
            ended with 0, and is not restarted.
        needs: names that must be ready before this one starts, and that it never outlives.
        uses: names that it never outlives but need not wait for.
        on_ready: done once, after the first readiness and before others may rely on it.
        stop_signals: sent one after the other, each with the seconds to wait for the end.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    on_ready: Callable[[], None] | None = None
    ready_s: float = 60
    stop_signals: tuple[tuple[signal.Signals, float], ...] = (
        (signal.SIGTERM, 18),
        (signal.SIGKILL, 1),
    )


class Child:
    """A started process and its log, `logs/<name>.log`."""

    def __init__(self, process: Process, logs: Path) -> None:
        """Starts it, away from the terminal's signals: only its supervisor stops it."""
        self.process = process
        self._log = logs / f"{process.name}.log"
        _rotate(self._log)
        with self._log.open("ab") as out:
            self._popen = subprocess.Popen(
                process.argv,
                env={**os.environ, **process.env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._popen.poll()

    def wait_ready(self) -> None:
        """Returns when it is ready. Raises: NotReadyError with the last line of its log."""
        deadline = time.monotonic() + self.process.ready_s
        while time.monotonic() < deadline:
            code = self.exit_code()
            if self.process.ready is None and code == 0:
                return
            if code is not None:
                raise self._not_ready(f"ended with {code}")
            if self.process.ready is not None and self.process.ready():
                return
            time.sleep(_POLL_S)
        raise self._not_ready(f"was not ready after {self.process.ready_s:g} s")

    def stop(self) -> None:
        """Ends the process and everything it started; returns when they are gone."""
        for sent, wait_s in self.process.stop_signals:
            if self.exit_code() is not None:
                break
            self._popen.send_signal(sent)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(wait_s)
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)

    def _not_ready(self, what: str) -> NotReadyError:
        lines = self._log.read_text(errors="replace").splitlines()
        last = f": {lines[-1].strip()}" if lines else ""
        return NotReadyError(f"{self.process.name} {what}, see {self._log}{last}")


def start(process: Process, logs: Path) -> Child:
    """Starts a process and returns when it is ready. Raises: NotReadyError; then it is gone."""
    child = Child(process, logs)
    try:
        child.wait_ready()
        if process.on_ready:
            process.on_ready()
    except BaseException:
        child.stop()
        raise
    return child


def mortal(*argv: str, death: str = "TERM", flags: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The command, made to get signal `death` when the thread that started it dies.

    Done by setpriv and not between fork and exec, because this process may run gRPC threads.
    Where setpriv is missing (macOS) the next start clears away what was left.

    Args:
        flags: further options for setpriv, which must then exist.
    """
    if flags or _has_setpriv():
        return ("setpriv", "--pdeathsig", death, *flags, "--", *argv)
    return argv


@functools.cache
def _has_setpriv() -> bool:
    probe = ["setpriv", "--pdeathsig", "TERM", "--", "true"]
    return (
        sys.platform == "linux"
        and shutil.which("setpriv") is not None
        and subprocess.run(probe, check=False, capture_output=True).returncode == 0
    )


def end_left_over(pid_file: Path, belongs: str, signals: tuple[signal.Signals, ...]) -> None:
    """Stops the process in `pid_file` if a dead supervisor left it running.

    Args:
        belongs: an argument its command line must have; a process without it is a stranger that
            got the number later.
        signals: sent one after the other, with 30 s for each to work.
    """
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    for sent in signals:
        if belongs not in _arguments(pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sent)
        deadline = time.monotonic() + 30
        while belongs in _arguments(pid) and time.monotonic() < deadline:
            time.sleep(_POLL_S)


def _arguments(pid: int) -> list[str]:
    """The command line of a running process; nothing when it is gone or a zombie."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        except OSError:
            return []
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return listed.stdout.split()


def _rotate(log: Path) -> None:
    """Keeps one older log, so that logs stay bounded over many starts."""
    if log.exists() and log.stat().st_size > _LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))
