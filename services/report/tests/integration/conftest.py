"""The report service as it is wired, before the real analytics service, on real PostgreSQL."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest
import pytest_asyncio
from psycopg.rows import dict_row

from conftest import enter_as, eventually
from praxis.analytics.v1 import (
    analytics_service_pb2_grpc,
    insight_service_pb2_grpc,
    measure_service_pb2_grpc,
    sql_service_pb2_grpc,
)
from praxis.report.v1 import (
    report_access_service_pb2_grpc,
    report_execution_pb2,
    report_pb2,
    report_service_pb2_grpc,
    report_template_service_pb2_grpc,
)
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_analytics.api.custom_sql import SqlServicer
from praxis_analytics.api.insights import InsightServicer
from praxis_analytics.api.measures import MeasureServicer
from praxis_analytics.api.servicer import AnalyticsServicer
from praxis_analytics.domain.receipts import Receipts
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.queries.custom_sql import CustomSql
from praxis_analytics.settings import Settings as AnalyticsSettings
from praxis_chassis.caller import Caller
from praxis_chassis.channels import metadata
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import DependencyDown, from_rpc
from praxis_chassis.jobs import Job
from praxis_chassis.records import ReadAudit
from praxis_chassis.server import Server
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_cli.stack.services import Stack
from praxis_report.application.running import Runner
from praxis_report.bootstrap import Service, assembled
from praxis_report.settings import Settings
from tests.e2e.seeding import Clinic, open_practice, seed

ENDED = (
    report_pb2.REPORT_STATUS_COMPLETED,
    report_pb2.REPORT_STATUS_FAILED,
    report_pb2.REPORT_STATUS_CANCELLED,
)


@dataclass
class Analytics:
    """The real analytics service, which can be taken away and brought back."""

    settings: AnalyticsSettings
    port: int = 0
    _server: Server | None = None
    _logins: tuple[Database, ...] = ()

    async def start(self) -> None:
        """Serves, on the port it had before if it had one."""
        logins = ("app", "worker", "sql")
        self._logins = tuple(Database(self.settings.conninfo(login)) for login in logins)
        for login in self._logins:
            await login.open()
        self._server = Server(InternalVerifier(load_keys(self.settings.internal_jwks_file)))
        for name, add, servicer in self._servicers(*self._logins):
            self._server.add(add, servicer, f"praxis.analytics.v1.{name}")
        self.port = await self._server.start(f"127.0.0.1:{self.port}")

    def _servicers(
        self, serving: Database, working: Database, reading: Database
    ) -> Iterator[tuple[str, Any, Any]]:
        """What a report asks for: the name, how it is added, and what answers."""
        book = ReceiptBook(serving, Receipts(self.settings.receipt_key_file.read_bytes()))
        reads = ReadAudit(serving)
        yield (
            "AnalyticsService",
            analytics_service_pb2_grpc.add_AnalyticsServiceServicer_to_server,
            AnalyticsServicer(serving, book, reads),
        )
        yield (
            "MeasureService",
            measure_service_pb2_grpc.add_MeasureServiceServicer_to_server,
            MeasureServicer(serving, reads),
        )
        yield (
            "InsightService",
            insight_service_pb2_grpc.add_InsightServiceServicer_to_server,
            InsightServicer(serving, book, reads),
        )
        yield (
            "SqlService",
            sql_service_pb2_grpc.add_SqlServiceServicer_to_server,
            SqlServicer(CustomSql(serving, working, reading)),
        )

    async def stop(self) -> None:
        """Is gone."""
        assert self._server is not None
        await self._server.drain(0)
        for login in self._logins:
            await login.close()


@dataclass
class Stand:
    """The service, those who call it, and a look behind it."""

    settings: Settings
    service: Service
    analytics: Analytics
    gateway: InternalSigner
    channel: grpc.aio.Channel
    conninfo: str
    _callers: dict[uuid.UUID, Caller] = field(default_factory=dict)

    @property
    def runner(self) -> Runner:
        return self.service.runner

    def _call(self, who: Caller, key: str, request_id: str) -> tuple[tuple[str, str], ...]:
        return metadata(self.gateway.mint(who), request_id, idempotency_key=key)

    async def call(
        self, who: Caller, method: str, request: Any, *, key: str = "", request_id: str = ""
    ) -> Any:
        """Calls an RPC as the gateway does. Raises: the Error that the service raised."""
        stubs: list[Any] = [
            report_service_pb2_grpc.ReportServiceStub(self.channel),  # type: ignore[no-untyped-call]
            report_access_service_pb2_grpc.ReportAccessServiceStub(self.channel),  # type: ignore[no-untyped-call]
            report_template_service_pb2_grpc.ReportTemplateServiceStub(self.channel),  # type: ignore[no-untyped-call]
        ]
        [rpc_of] = [getattr(stub, method) for stub in stubs if hasattr(stub, method)]
        sent = self._call(who, key, request_id or uuid.uuid4().hex)
        try:
            return await rpc_of(request, metadata=sent, timeout=30)
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure

    async def watch(self, who: Caller, execution_id: str) -> AsyncGenerator[Any, None]:
        """A run's states as they come. Raises: the Error that the service raised."""
        stub: Any = report_service_pb2_grpc.ReportServiceStub(self.channel)  # type: ignore[no-untyped-call]
        request = rpc.WatchReportExecutionRequest(execution_id=execution_id)
        sent = self._call(who, "", uuid.uuid4().hex)
        states = stub.WatchReportExecution(request, metadata=sent, timeout=60)
        try:
            async for state in states:
                yield state
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        finally:
            states.cancel()

    async def download(self, url: str, **more: Any) -> tuple[Any, bytes]:
        """First piece and bytes behind a link, as the gateway fetches it for anybody."""
        path, _, token = url.partition("?token=")
        request = rpc.DownloadReportExecutionRequest(
            execution_id=path.split("/")[-2], token=token, **more
        )
        nobody = Caller(uuid.UUID(int=0), "gateway", frozenset({"service"}), address="192.0.2.7")
        stub: Any = report_service_pb2_grpc.ReportServiceStub(self.channel)  # type: ignore[no-untyped-call]
        sent = self._call(nobody, "", uuid.uuid4().hex)
        pieces = stub.DownloadReportExecution(request, metadata=sent, timeout=30)
        try:
            received = [piece async for piece in pieces]
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        return received[0], b"".join(piece.data for piece in received)

    async def report(self, who: Caller, **fields: Any) -> report_pb2.Report:
        """Defines a revenue report."""
        fields = {"report_type": report_pb2.REPORT_TYPE_REVENUE, "name": "Revenue", **fields}
        made: report_pb2.Report = await self.call(
            who, "CreateReport", rpc.CreateReportRequest(**fields)
        )
        return made

    async def execute(
        self, who: Caller, report_id: str, *, key: str = "", **fields: Any
    ) -> report_execution_pb2.ReportExecution:
        """Queues a run."""
        request = rpc.ExecuteReportRequest(report_id=report_id, **fields)
        queued: report_execution_pb2.ReportExecution = await self.call(
            who, "ExecuteReport", request, key=key
        )
        return queued

    async def execution(
        self, who: Caller, execution_id: str
    ) -> report_execution_pb2.ReportExecution:
        """How a run stands."""
        request = rpc.GetReportExecutionRequest(execution_id=execution_id)
        found: report_execution_pb2.ReportExecution = await self.call(
            who, "GetReportExecution", request
        )
        return found

    async def ended(
        self, who: Caller, execution_id: str, seconds: float = 60
    ) -> report_execution_pb2.ReportExecution:
        """A run once it has ended; somebody must be working."""

        async def is_over() -> bool:
            return (await self.execution(who, execution_id)).status in ENDED

        await eventually(is_over, seconds)
        return await self.execution(who, execution_id)

    @asynccontextmanager
    async def analytics_away(self, who: Caller) -> AsyncIterator[None]:
        """Analytics does not answer inside the block, and does again after it."""
        await self.analytics.stop()
        try:
            yield
        finally:
            await self.analytics.start()

            async def answers() -> bool:
                try:
                    await self.report(who)
                except DependencyDown:
                    return False
                return True

            await eventually(answers, 30)

    @asynccontextmanager
    async def working(self, runner: Runner | None = None) -> AsyncIterator[None]:
        """Two workers, of this runner if one is given, for as long as the block takes."""
        runner = runner or self.runner
        workers = [
            asyncio.create_task(runner.jobs.serve(runner.handle, runner.give_up, self.service.wake))
            for _ in range(2)
        ]
        try:
            yield
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def run(
        self,
        who: Caller,
        format: str = "csv",
        runner: Runner | None = None,
        parameters: dict[str, Any] | None = None,
        **fields: Any,
    ) -> report_execution_pb2.ReportExecution:
        """Defines a report, runs it, and returns the ended run."""
        number = report_pb2.ReportFormat.Value(f"REPORT_FORMAT_{format.upper()}")
        given = report_pb2.ReportParameters(**parameters or {"relative_range": "year_to_date"})
        report = await self.report(who, format=number, parameters=given, **fields)
        queued = await self.execute(who, report.id)
        async with self.working(runner):
            return await self.ended(who, queued.id)

    async def claimed(self) -> Job:
        """The next job, taken by hand."""
        job = await self.runner.jobs.claim()
        assert job is not None
        return job

    async def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """What the superuser sees, past all row-level security."""
        async with await psycopg.AsyncConnection.connect(
            self.conninfo, autocommit=True
        ) as connection:
            cursor = await connection.cursor(row_factory=dict_row).execute(sql.encode(), parameters)
            return await cursor.fetchall() if cursor.description else []

    async def due_now(self) -> None:
        """No job waits for its next attempt any longer."""
        await self.rows("update job set run_after = clock_timestamp() where state = 'queued'")

    def files(self, practice_id: uuid.UUID) -> list[str]:
        """The names of a practice's files."""
        folder = self.settings.files_dir / str(practice_id)
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest_asyncio.fixture(scope="session")
async def whole_stand(
    postgres: Stack,
    analytics_settings: AnalyticsSettings,
    report_settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Stand]:
    analytics = Analytics(analytics_settings)
    await analytics.start()
    changed = {
        "analytics_target": f"127.0.0.1:{analytics.port}",
        "files_dir": tmp_path_factory.mktemp("files"),
        "queue_most": 220,
    }
    settings = report_settings.model_copy(update=changed)
    key = postgres.layout.secrets / "gateway.jwk"
    async with assembled(settings) as service:
        port = await service.server.start("127.0.0.1:0")
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            conninfo = postgres.postgres.conninfo("praxis_report")
            signer = InternalSigner("gateway", load_key(key))
            yield Stand(settings, service, analytics, signer, channel, conninfo)
        await service.server.drain(0)
    await analytics.stop()


@pytest_asyncio.fixture
async def stand(whole_stand: Stand) -> AsyncIterator[Stand]:
    """The service without workers; what a test leaves in the queue is taken out after it."""
    yield whole_stand
    await whole_stand.rows(
        "update job set state = 'cancelled', lease_until = null"
        " where state in ('queued', 'running')"
    )


@dataclass(frozen=True)
class Practice:
    """A practice with two years of facts, and its people."""

    id: uuid.UUID
    clinic: Clinic

    def caller(self, role: str = "owner", user: str = "ada") -> Caller:
        """One of its people."""
        return Caller(self.id, user, frozenset({role}))

    @property
    def owner(self) -> Caller:
        return self.caller()


NewClinic = Callable[..., Awaitable[Practice]]


@pytest.fixture
def new_clinic(connection: Connection) -> NewClinic:
    """Makes practices with facts: `await new_clinic(scale=…, synthetic=…)`; `empty`: without."""

    async def make(*, empty: bool = False, **options: Any) -> Practice:
        practice_id = uuid.uuid4()
        enter_as(practice_id)
        await open_practice(connection, practice_id)
        if empty:
            return Practice(practice_id, Clinic(practice_id))
        return Practice(practice_id, await seed(connection, practice_id, **options))

    return make


@pytest.fixture
def folder(stand: Stand) -> Path:
    """Where report files are kept."""
    return stand.settings.files_dir
