"""Where a stack keeps its things under `--dir`, its lock and its state file."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from praxis_cli.errors import BadInputError, BusyError

_FOLDERS = ("run", "nats", "logs", "secrets", "files", "mail")


@dataclass
class State:
    """What `run/stack.json` says. Ports outlive a stop; pid, url and pids do not."""

    ports: dict[str, int] = field(default_factory=dict)
    pid: int | None = None
    url: str | None = None
    pids: dict[str, int] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """The folders of one stack."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> Layout:
        """The layout under `root`, by its absolute path."""
        return cls(root.resolve())

    @classmethod
    def existing(cls, root: Path) -> Layout:
        """The layout of a stack that `up` made earlier. Raises: BadInputError if there is none."""
        layout = cls.at(root)
        if not layout._state_file.is_file():
            raise BadInputError(f"no stack in {root}; `praxis up --dir {root}` makes one")
        return layout

    @property
    def pg(self) -> Path:
        """The PostgreSQL data directory."""
        return self.root / "pg"

    @property
    def nats(self) -> Path:
        """The JetStream store."""
        return self.root / "nats"

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Lock, state, generated configuration, pid files."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        """Passwords, seeds and keys, readable by the owner only."""
        return self.root / "secrets"

    @property
    def files(self) -> Path:
        """Report files."""
        return self.root / "files"

    @property
    def _state_file(self) -> Path:
        return self.run / "stack.json"

    @property
    def _lock_file(self) -> Path:
        return self.run / "lock"

    def create(self) -> None:
        """Makes the folders. Raises: BadInputError when `root` holds anything else."""
        try:
            if not self._lock_file.exists() and self.root.exists() and any(self.root.iterdir()):
                raise BadInputError(f"{self.root} is not empty and not a stack; name another --dir")
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in _FOLDERS:
                (self.root / name).mkdir(mode=0o700, exist_ok=True)
                self._lock_file.touch()
        except OSError as error:
            raise BadInputError(f"cannot use {self.root}: {error.strerror}") from error

    @contextmanager
    def lock(self, wait_s: float = 0.5) -> Iterator[None]:
        """Holds the stack for this process. Raises: BusyError if another one goes on holding it."""
        try:
            file = self._lock_file.open("a")
        except OSError as error:
            raise BadInputError(f"cannot use {self.root}: {error.strerror}") from error
        with file:
            # Waits a moment, since `is_locked` of another process takes the lock to know.
            deadline = time.monotonic() + wait_s
            while not _take(file):
                if time.monotonic() > deadline:
                    raise BusyError(f"the stack in {self.root} is in use by another command")
                time.sleep(0.05)
            yield

    def is_locked(self) -> bool:
        """Whether some process holds the stack at this moment."""
        try:
            with self.lock(wait_s=0):
                return False
        except BusyError:
            return True

    def load(self) -> State:
        """The state as last saved; an empty one before the first start."""
        try:
            return State(**json.loads(self._state_file.read_text()))
        except FileNotFoundError:
            return State()

    def save(self, state: State) -> None:
        """Replaces the state file as a whole."""
        fresh = self._state_file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(state), indent=1))
        os.replace(fresh, self._state_file)

    def wipe(self) -> None:
        """Removes everything the stack keeps; the caller holds the lock."""
        for name in ("pg", *_FOLDERS):
            shutil.rmtree(self.root / name, ignore_errors=True)
        if not any(self.root.iterdir()):
            self.root.rmdir()


def _take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
