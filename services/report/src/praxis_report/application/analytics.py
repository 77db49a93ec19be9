"""What the report service asks of analytics."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import grpc

from praxis.analytics.v1 import (
    analytics_service_pb2,
    analytics_service_pb2_grpc,
    answer_pb2,
    insight_service_pb2,
    insight_service_pb2_grpc,
    measure_pb2,
    measure_service_pb2,
    measure_service_pb2_grpc,
    practice_pb2,
    sql_service_pb2,
    sql_service_pb2_grpc,
)
from praxis_chassis.caller import Caller, current
from praxis_chassis.channels import metadata, onward
from praxis_chassis.errors import from_rpc
from praxis_chassis.tokens import InternalSigner
from praxis_report.application.plans import Catalogue

SERVICE = "praxis.analytics.v1.AnalyticsService"
_RUN_S = 600.0


class Analytics:
    """A client of the analytics service: in a caller's name, or on behalf of one later.

    Every method raises what analytics answers, as this process's own errors.
    """

    def __init__(self, channel: grpc.aio.Channel, signer: InternalSigner) -> None:
        self._stub = analytics_service_pb2_grpc.AnalyticsServiceStub(channel)  # type: ignore[no-untyped-call]
        self._sql = sql_service_pb2_grpc.SqlServiceStub(channel)  # type: ignore[no-untyped-call]
        self._insights = insight_service_pb2_grpc.InsightServiceStub(channel)  # type: ignore[no-untyped-call]
        self._measures = measure_service_pb2_grpc.MeasureServiceStub(channel)  # type: ignore[no-untyped-call]
        self._signer = signer
        self._catalogue: Catalogue | None = None

    async def resolve(
        self, period: answer_pb2.Period, behalf: Caller | None = None
    ) -> answer_pb2.ResolvedPeriod:
        """A period as fixed dates."""
        found: answer_pb2.ResolvedPeriod = await self._call(
            self._stub.ResolvePeriod, period, behalf
        )
        return found

    async def practice(self, behalf: Caller | None = None) -> practice_pb2.Practice:
        """The practice, its settings and the newest revision of its facts."""
        request = analytics_service_pb2.GetPracticeRequest()
        found: practice_pb2.Practice = await self._call(self._stub.GetPractice, request, behalf)
        return found

    async def newest_revision(self) -> int:
        """The state of the practice's facts, in the name of the current caller."""
        return int((await self.practice()).revision)

    async def catalogue(self, behalf: Caller | None = None) -> Catalogue:
        """What can be asked; it changes with the code of analytics only."""
        if self._catalogue is None:
            request = analytics_service_pb2.GetMetricCatalogueRequest()
            found = await self._call(self._stub.GetMetricCatalogue, request, behalf)
            self._catalogue = Catalogue(found)
        return self._catalogue

    async def ask(
        self, request: analytics_service_pb2.AskRequest, behalf: Caller | None = None
    ) -> analytics_service_pb2.AskResponse:
        """Answers to several questions at one revision."""
        found: analytics_service_pb2.AskResponse = await self._call(self._stub.Ask, request, behalf)
        return found

    async def measures(
        self, request: measure_service_pb2.EvaluateMeasuresRequest, behalf: Caller | None = None
    ) -> measure_pb2.MeasureResults:
        """How the practice stands in its quality measures."""
        found: measure_pb2.MeasureResults = await self._call(
            self._measures.EvaluateMeasures, request, behalf
        )
        return found

    async def work_items(
        self, request: insight_service_pb2.ListWorkItemsRequest, behalf: Caller | None = None
    ) -> insight_service_pb2.ListWorkItemsResponse:
        """A page of a work list; it names patients."""
        found: insight_service_pb2.ListWorkItemsResponse = await self._call(
            self._insights.ListWorkItems, request, behalf
        )
        return found

    async def check_sql(self, sql: str) -> sql_service_pb2.CheckSqlResponse:
        """What a query would do, without running it."""
        request = sql_service_pb2.CheckSqlRequest(sql=sql)
        found: sql_service_pb2.CheckSqlResponse = await self._call(self._sql.CheckSql, request)
        return found

    async def run_sql(
        self, sql: str, limit: int, behalf: Caller | None = None
    ) -> sql_service_pb2.RunSqlResponse:
        """The first rows of a query."""
        request = sql_service_pb2.RunSqlRequest(sql=sql, limit=limit)
        found: sql_service_pb2.RunSqlResponse = await self._call(self._sql.RunSql, request, behalf)
        return found

    async def stream_sql(
        self, sql: str, limit: int, behalf: Caller, *, plain: bool = False
    ) -> AsyncIterator[sql_service_pb2.SqlPiece]:
        """All rows of a query up to `limit`, in pieces; `plain` as for spreadsheets."""
        request = sql_service_pb2.StreamSqlRequest(sql=sql, limit=limit, is_plain=plain)
        headers, timeout = self._from(behalf)
        call = self._sql.StreamSql(request, metadata=headers, timeout=timeout)
        try:
            async for piece in call:
                yield piece
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        finally:
            call.cancel()

    async def _call(self, method: Any, request: Any, behalf: Caller | None = None) -> Any:
        headers, timeout = self._from(behalf)
        try:
            return await method(request, metadata=headers, timeout=timeout)
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure

    def _from(self, behalf: Caller | None) -> tuple[Any, float]:
        """In the name of the current caller, or for work that outlived its request with the
        rights of who asked for it. Returns: metadata and seconds."""
        call = current()
        if behalf is None:
            return onward(call), call.remaining_s()
        return metadata(self._signer.mint(behalf), call.request_id), _RUN_S
