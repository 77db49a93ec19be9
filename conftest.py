"""Real parts for tests: one PostgreSQL with every service's schema, and one whole stack.

Tests keep apart by practice, as customers do: each makes its own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio

from praxis_analytics.settings import Settings as AnalyticsSettings
from praxis_analytics.storage.practices import Practice, add_practice, get_practice
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Connection, transaction
from praxis_chassis.migrations import migrate
from praxis_cli.stack.cluster import start_postgres
from praxis_cli.stack.keys import access_token
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import PORTS, Stack
from praxis_report.settings import Settings as ReportSettings

ROOT = Path(__file__).parent
DATA = ROOT.parent / "shared" / "data"


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a whole stack, or works on a service's database, takes long in sum."""
    for item in items:
        on_a_service = item.path.match("services/*/tests/integration/*.py")
        if on_a_service or "stack" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A migrated server; only its database runs."""
    with start_postgres(tmp_path_factory.mktemp("postgres")) as running:
        for name in PORTS:
            running.stack.ports.setdefault(name, 1)
        migrate(service_settings(running.stack, AnalyticsSettings, "analytics"), "praxis_analytics")
        migrate(service_settings(running.stack, ReportSettings, "report"), "praxis_report")
        yield running.stack


def service_settings(stack: Stack, kind: type[Any], name: str) -> Any:
    """A service's settings as the stack gives them in its environment."""
    prefix = f"PRAXIS_{name.upper()}_"
    environment = stack.environment(name)
    return kind(**{key.removeprefix(prefix).lower(): value for key, value in environment.items()})


@pytest.fixture(scope="session")
def analytics_settings(postgres: Stack) -> AnalyticsSettings:
    """Settings of analytics on the session's database."""
    settings: AnalyticsSettings = service_settings(postgres, AnalyticsSettings, "analytics")
    return settings


@pytest.fixture(scope="session")
def report_settings(postgres: Stack) -> ReportSettings:
    """Settings of report on the session's database."""
    settings: ReportSettings = service_settings(postgres, ReportSettings, "report")
    return settings


@pytest_asyncio.fixture
async def connection(analytics_settings: AnalyticsSettings) -> AsyncIterator[Connection]:
    """A connection of the analytics application login, in autocommit mode."""
    async with await psycopg.AsyncConnection.connect(
        analytics_settings.conninfo("app"), autocommit=True, prepare_threshold=None
    ) as opened:
        yield opened


def enter_as(practice_id: uuid.UUID, *roles: str, user: str = "tester") -> Caller:
    """Makes a caller of the practice the current one."""
    caller = Caller(practice_id, user, frozenset(roles or ("owner",)))
    enter(Call(caller, uuid.uuid4().hex, "", time.monotonic() + 600))
    return caller


NewPractice = Callable[..., Awaitable[Practice]]


@pytest.fixture
def new_practice(connection: Connection) -> NewPractice:
    """Makes practices: `await new_practice(time_zone=…, practice_id=…)`; enters it as its owner."""

    async def make(
        time_zone: str = "America/New_York", practice_id: uuid.UUID | None = None
    ) -> Practice:
        chosen = practice_id or uuid.uuid4()
        enter_as(chosen)
        async with transaction(connection, "BEGIN", chosen, 10_000):
            await add_practice(connection, chosen, "Test practice", time_zone)
            return await get_practice(connection, chosen)

    return make


@dataclass(frozen=True)
class RunningStack:
    """A whole stack, started by its own command as anyone would."""

    directory: Path
    url: str
    process: subprocess.Popen[str]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `./praxis … --dir DIR`."""
        return subprocess.run(
            [sys.executable, "-m", "praxis_cli", *arguments, "--dir", str(self.directory)],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def practice(self, name: str = "Clinic", zone: str = "America/New_York") -> str:
        """Adds a practice; returns its id."""
        done = self.command("practice", "add", "--name", name, "--timezone", zone)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[-1]

    def token(self, practice: str, role: str = "owner", user: str | None = None) -> str:
        """A bearer token of the local issuer."""
        who = uuid.UUID(user) if user else None
        return access_token(Layout.existing(self.directory), uuid.UUID(practice), role, who)

    def client(self, practice: str, role: str = "owner", user: str | None = None) -> httpx.Client:
        """A REST client signed in to a practice."""
        headers = {"Authorization": f"Bearer {self.token(practice, role, user)}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)


def start_stack(directory: Path) -> RunningStack:
    """Starts `up` on a folder and waits for `ready`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "praxis_cli", "up", "--dir", str(directory)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("ready "):
            return RunningStack(directory, line.split()[1], process)
    raise AssertionError("the stack did not start:\n" + "".join(seen))


def stop_stack(stack: RunningStack) -> int:
    """Asks the stack to stop and returns its exit code."""
    if stack.process.poll() is None:
        os.kill(stack.process.pid, signal.SIGTERM)
    stack.process.communicate(timeout=60)
    return stack.process.returncode


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The whole stack, shared by the session; never kill its processes (start your own)."""
    running = start_stack(tmp_path_factory.mktemp("stack") / "dir")
    yield running
    assert stop_stack(running) == 0


def wait_for_execution(client: httpx.Client, execution_id: str, seconds: float = 60) -> Any:
    """The execution once it has ended."""
    deadline = time.monotonic() + seconds
    while True:
        found = client.get(f"/reports/executions/{execution_id}").json()
        if found["status"] in ("completed", "failed", "cancelled"):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Waits until `check` holds."""
    deadline = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < deadline, "it never came to hold"
        await asyncio.sleep(0.05)
