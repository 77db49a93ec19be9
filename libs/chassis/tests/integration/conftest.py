"""A service that is nothing but chassis, with a database of its own, and a server to call."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from praxis.analytics.v1 import analytics_service_pb2_grpc as analytics
from praxis.analytics.v1 import ingest_service_pb2_grpc as ingest
from praxis.report.v1 import report_service_pb2_grpc as report
from praxis_chassis.channels import metadata
from praxis_chassis.database import Connection, Database
from praxis_chassis.migrations import migrate
from praxis_chassis.server import Server
from praxis_chassis.settings import DatabaseSettings
from praxis_cli.stack import postgres as cluster
from praxis_cli.stack.services import Stack

_FIRST_VERSION = '''"""What every service has, and one table of practices' rows."""

from praxis_chassis.migrations import create_chassis_tables, execute_script, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis_tables("{service}")
    execute_script("""
        create table thing (practice_id uuid not null, thing_id uuid not null, name text,
                            primary key (practice_id, thing_id));
        comment on table thing is 'distributed: 100% of what {service} keeps';
    """)
    protect("{service}", "thing")
'''


@dataclass(frozen=True)
class Scratch:
    """A service made for tests: its settings, its package, and who it may log in as."""

    name: str
    stack: Stack
    folder: Path

    @property
    def package(self) -> str:
        return f"praxis_{self.name}"

    @property
    def versions(self) -> Path:
        """Where its migrations stand; `NNNN.py` may be added."""
        return self.folder / self.package / "storage" / "migrations" / "versions"

    @property
    def settings(self) -> DatabaseSettings:
        secrets = self.stack.layout.secrets
        values: dict[str, Any] = {
            f"database_{login}_password_file": secrets / f"{self.name}_{login}.password"
            for login in cluster.LOGINS
        }
        values |= {
            "internal_jwks_file": secrets / "internal.jwks",
            "signing_key_file": secrets / "gateway.jwk",
            "database_port": self.stack.ports["postgres"],
            "database_name": f"praxis_{self.name}",
        }
        return DatabaseSettings(**values)

    def migrate(self) -> None:
        migrate(self.settings, self.package)

    def admin(self, **more: Any) -> psycopg.Connection:
        """A superuser's connection to its database."""
        conninfo = self.stack.postgres.conninfo(self.settings.database_name)
        return psycopg.connect(conninfo, autocommit=True, **more)


def make_scratch(stack: Stack, name: str, folder: Path) -> Scratch:
    """A service `name` with its database and logins, and one migration that has not run."""
    for login in cluster.logins(name):
        (stack.layout.secrets / f"{login}.password").write_text(f"secret of {login}")
    stack.postgres.create_databases((name,))
    scratch = Scratch(name, stack, folder)
    scratch.versions.mkdir(parents=True)
    (folder / scratch.package / "__init__.py").touch()
    (scratch.versions.parent / "env.py").write_text(
        "from praxis_chassis.migrations import run\n\nrun()\n"
    )
    (scratch.versions / "0001.py").write_text(_FIRST_VERSION.format(service=name))
    return scratch


MakeScratch = Callable[[str], Scratch]


@pytest.fixture(scope="session")
def new_scratch(postgres: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeScratch]:
    folder = tmp_path_factory.mktemp("scratch")
    sys.path.insert(0, str(folder))
    yield lambda name: make_scratch(postgres, name, folder)
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def scratch(new_scratch: MakeScratch) -> Scratch:
    """A migrated service; tests keep apart by practice."""
    made = new_scratch("scratch")
    made.migrate()
    return made


@asynccontextmanager
async def opened(conninfo: str, size: int = 4) -> AsyncIterator[Database]:
    """A pool that is closed at the end."""
    database = Database(conninfo, size)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="session")
async def app(scratch: Scratch) -> AsyncIterator[Database]:
    async with opened(scratch.settings.conninfo("app")) as database:
        yield database


@pytest.fixture(scope="session")
async def worker(scratch: Scratch) -> AsyncIterator[Database]:
    async with opened(scratch.settings.conninfo("worker")) as database:
        yield database


class Proxy:
    """A way to the server that can be cut, or lose the answer to a commit."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._ways: set[asyncio.Task[None]] = set()
        self.through = True
        self.lose_commits = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Listens while the block runs; yields the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await self.cut()

    async def cut(self) -> None:
        """Breaks what goes through now, and lets nothing through any more."""
        self.through = False
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = asyncio.current_task()
        assert way is not None
        self._ways.add(way)
        try:
            if self.through:
                await self._forward(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._ways.discard(way)
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._server_port)
        committing = False

        async def ask() -> None:
            nonlocal committing
            while data := await reader.read(65536):
                committing = self.lose_commits and b"COMMIT" in data
                back.write(data)
                await back.drain()

        async def answer() -> None:
            while data := await there.read(65536):
                if committing:
                    return
                writer.write(data)
                await writer.drain()

        pumps = [asyncio.create_task(ask()), asyncio.create_task(answer())]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            back.close()


@asynccontextmanager
async def through_proxy(conninfo: str, size: int = 4) -> AsyncIterator[tuple[Database, Proxy]]:
    """A pool whose way to the server can be disturbed."""
    proxy = Proxy(int(conninfo_to_dict(conninfo)["port"] or 0))
    async with (
        proxy.running() as port,
        opened(make_conninfo(conninfo, port=port), size) as database,
    ):
        yield database, proxy


async def add_thing(connection: Connection, practice_id: uuid.UUID, name: str = "a") -> uuid.UUID:
    """Adds a row to the scratch table."""
    thing_id = uuid.uuid4()
    await connection.execute(
        "insert into thing (practice_id, thing_id, name) values (%s, %s, %s)",
        (practice_id, thing_id, name),
    )
    return thing_id


async def count_things(database: Database, practice_id: uuid.UUID) -> int:
    """How many rows of the practice there are, seen by itself."""
    async with database.read(practice_id) as connection:
        row = await (await connection.execute("select count(*) from thing")).fetchone()
    assert row is not None
    return int(row[0])


ANALYTICS = "praxis.analytics.v1.AnalyticsService"
INGEST = "praxis.analytics.v1.IngestService"
REPORT = "praxis.report.v1.ReportService"


class Answers:
    """What the served methods do: set these to functions of request and context."""

    unary: Any = None
    stream: Any = None
    both: Any = None

    def __init__(self) -> None:
        self.refused: list[tuple[str, Any]] = []
        outer = self

        class Analytics(analytics.AnalyticsServiceServicer):
            async def GetPractice(self, request: Any, context: Any) -> Any:  # noqa: N802
                return await outer.unary(request, context)

            Ask = GetRevenueMetrics = GetPractice

        class Report(report.ReportServiceServicer):
            async def DownloadReportExecution(  # noqa: N802
                self, request: Any, context: Any
            ) -> AsyncIterator[Any]:
                async for piece in outer.stream(request, context):
                    yield piece

        class Ingest(ingest.IngestServiceServicer):
            async def StreamEvents(  # noqa: N802
                self, requests: Any, context: Any
            ) -> AsyncIterator[Any]:
                async for piece in outer.both(requests, context):
                    yield piece

        self.analytics, self.ingest, self.report = Analytics(), Ingest(), Report()


class Stand:
    """A running server, its answers, and stubs that call it."""

    def __init__(self, server: Server, answers: Answers, port: int, processes: Any) -> None:
        self.server, self.answers, self.processes = server, answers, processes
        self.target = f"127.0.0.1:{port}"
        self.channel = grpc.aio.insecure_channel(self.target)
        self.analytics = analytics.AnalyticsServiceStub(self.channel)  # type: ignore[no-untyped-call]
        self.ingest = ingest.IngestServiceStub(self.channel)  # type: ignore[no-untyped-call]
        self.report = report.ReportServiceStub(self.channel)  # type: ignore[no-untyped-call]

    def signed(self, *roles: str, request_id: str = "r-1", **more: Any) -> Any:
        """Metadata of a call by someone with these roles."""
        practice_id = more.pop("practice_id", None)
        token = self.processes.token(*(roles or ("owner",)), practice_id=practice_id)
        return metadata(token, request_id, **more)


@asynccontextmanager
async def serving(processes: Any, **options: Any) -> AsyncIterator[Stand]:
    """A server with the answers of the test."""
    answers = Answers()
    server = Server(
        processes.verifier, lambda method, error: answers.refused.append((method, error)), **options
    )
    server.add(analytics.add_AnalyticsServiceServicer_to_server, answers.analytics, ANALYTICS)
    server.add(ingest.add_IngestServiceServicer_to_server, answers.ingest, INGEST)
    server.add(report.add_ReportServiceServicer_to_server, answers.report, REPORT)
    port = await server.start("127.0.0.1:0")
    stand = Stand(server, answers, port, processes)
    try:
        yield stand
    finally:
        await stand.channel.close()
        await server._server.stop(0)


@pytest.fixture
async def stand(processes: Any) -> AsyncIterator[Stand]:
    async with serving(processes) as made:
        yield made
