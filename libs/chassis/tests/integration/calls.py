"""A server whose methods do what a test wants, and how to call it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest

from praxis.analytics.v1 import analytics_service_pb2, practice_pb2
from praxis.analytics.v1 import analytics_service_pb2_grpc as analytics
from praxis.analytics.v1 import ingest_service_pb2_grpc as ingest
from praxis.report.v1 import report_service_pb2
from praxis.report.v1 import report_service_pb2_grpc as report
from praxis_chassis.caller import current
from praxis_chassis.channels import metadata
from praxis_chassis.server import Server

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


GET = analytics_service_pb2.GetPracticeRequest()
DOWNLOAD = report_service_pb2.DownloadReportExecutionRequest(
    execution_id=str(uuid.uuid4()), token="t" * 40
)


async def failure(call: Awaitable[Any]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def drained(stream: AsyncIterator[Any]) -> list[Any]:
    return [piece async for piece in stream]


async def practice(_request: Any, _context: Any) -> practice_pb2.Practice:
    return practice_pb2.Practice(id=str(current().caller.practice_id))
