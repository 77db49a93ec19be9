"""The dashboard service on a real database, before the real analytics process."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest

from conftest import NewPractice, service_settings
from praxis.dashboard.v1 import dashboard_service_pb2_grpc
from praxis_analytics.settings import Settings as AnalyticsSettings
from praxis_chassis.caller import Caller
from praxis_chassis.channels import metadata, open_channel
from praxis_chassis.database import Connection
from praxis_chassis.errors import Error, from_rpc
from praxis_chassis.migrations import migrate
from praxis_chassis.tokens import InternalSigner, load_key
from praxis_cli.stack.probes import grpc_serving
from praxis_cli.stack.services import Stack
from praxis_dashboard.bootstrap import SERVICE, Service, assembled
from praxis_dashboard.settings import Settings
from tests.e2e.seeding import Clinic, open_practice, seed


@pytest.fixture(scope="session")
def analytics_target(postgres: Stack, analytics_settings: AnalyticsSettings) -> Iterator[str]:
    """Address of the analytics service as a process of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    target = f"127.0.0.1:{port}"
    environment = {**os.environ, **postgres.environment("analytics")}
    environment["PRAXIS_ANALYTICS_LISTEN"] = target
    process = subprocess.Popen(postgres.command("analytics", "serve"), env=environment)
    serving, deadline = grpc_serving(port), time.monotonic() + 120
    while not serving():
        assert process.poll() is None
        assert time.monotonic() < deadline, "analytics does not serve"
        time.sleep(0.1)
    yield target
    process.terminate()
    process.wait(60)


@pytest.fixture(scope="session")
async def service(postgres: Stack, analytics_target: str) -> AsyncIterator[tuple[Service, int]]:
    """The dashboard service inside this process, and its port."""
    settings: Settings = service_settings(postgres, Settings, "dashboard")
    migrate(settings, "praxis_dashboard")
    settings = settings.model_copy(update={"analytics_target": analytics_target})
    async with assembled(settings) as running:
        port = await running.server.start("127.0.0.1:0")
        workers = running.work()
        yield running, port
        assert not [worker for worker in workers if worker.done()]
        for worker in workers:
            worker.cancel()
        running.watchers.close()
        await running.server.drain(0)


@dataclass
class Client:
    """Somebody in a practice. Failures come as the errors that services raise."""

    practice_id: uuid.UUID
    stub: Any
    signer: InternalSigner
    role: str = "owner"
    user: str = "olga"
    headers: dict[str, str] = field(default_factory=dict)

    def a(self, role: str, user: str = "") -> Client:
        """Somebody else in the same practice."""
        return Client(self.practice_id, self.stub, self.signer, role, user or role)

    def _metadata(self, **more: str) -> Any:
        token = self.signer.mint(Caller(self.practice_id, self.user, frozenset({self.role})))
        return metadata(token, uuid.uuid4().hex, **more)

    async def call(self, method: str, request: Any, **more: str) -> Any:
        """One call; `more` is metadata."""
        try:
            rpc = getattr(self.stub, method)(request, metadata=self._metadata(**more), timeout=20)
            return await rpc
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure

    @asynccontextmanager
    async def watching(self, request: Any) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
        """Yields what reads the next message of a live stream."""
        rpc = self.stub.WatchDashboard(request, metadata=self._metadata(), timeout=60)

        async def following() -> Any:
            try:
                return await rpc.read()
            except grpc.aio.AioRpcError as failure:
                raise from_rpc(failure) from failure

        try:
            yield following
        finally:
            rpc.cancel()


NewClient = Callable[..., Awaitable[Client]]


@pytest.fixture
async def new_client(
    new_practice: NewPractice, service: tuple[Service, int], postgres: Stack
) -> AsyncIterator[NewClient]:
    """Makes practices without facts; gives their owner."""
    key = load_key(Path(postgres.environment("gateway")["PRAXIS_GATEWAY_SIGNING_KEY_FILE"]))
    async with open_channel(f"127.0.0.1:{service[1]}", SERVICE) as channel:
        stub = dashboard_service_pb2_grpc.DashboardServiceStub(channel)  # type: ignore[no-untyped-call]

        async def make(practice_id: uuid.UUID | None = None) -> Client:
            if practice_id is None:
                practice_id = (await new_practice()).practice_id
            return Client(practice_id, stub, InternalSigner("gateway", key))

        yield make


@pytest.fixture
async def clinic(connection: Connection, enter: Any) -> Clinic:
    """A practice with two years of facts."""
    practice_id = uuid.uuid4()
    enter(practice_id)
    await open_practice(connection, practice_id)
    return await seed(connection, practice_id)


@pytest.fixture
def enter() -> Any:
    from conftest import enter_as

    return enter_as


@pytest.fixture
def superuser(postgres: Stack) -> Iterator[psycopg.Connection[Any]]:
    """The server's superuser in the dashboard database, in autocommit mode."""
    conninfo = postgres.postgres.conninfo("praxis_dashboard")
    with psycopg.connect(conninfo, autocommit=True) as opened:
        yield opened


async def failure_of(work: Awaitable[Any]) -> Error:
    """What a call fails with."""
    try:
        found = await work
    except Error as error:
        return error
    raise AssertionError(f"it did not fail: {found}")
