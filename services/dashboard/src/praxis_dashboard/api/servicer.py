"""The dashboard service's RPCs."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from praxis.dashboard.v1 import (
    dashboard_pb2,
    dashboard_service_pb2,
    dashboard_service_pb2_grpc,
)
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import NotFound
from praxis_chassis.idempotency import mark_replayed
from praxis_chassis.records import ReadAudit
from praxis_dashboard.api import convert
from praxis_dashboard.application.analytics import Analytics
from praxis_dashboard.application.dashboards import (
    Overviews,
    create_dashboard,
    delete_dashboard,
    update_dashboard,
)
from praxis_dashboard.application.live import Live
from praxis_dashboard.application.resolve import resolve
from praxis_dashboard.application.stored import enum_name
from praxis_dashboard.storage import dashboards as store

_PAGE = 50


class DashboardServicer(dashboard_service_pb2_grpc.DashboardServiceServicer):
    """Dashboards of the caller's practice."""

    def __init__(
        self, database: Database, analytics: Analytics, reads: ReadAudit, live: Live
    ) -> None:
        self._database = database
        self._analytics = analytics
        self._reads = reads
        self._live = live
        self._overviews = Overviews(database)

    async def CreateDashboard(  # noqa: N802
        self, request: dashboard_service_pb2.CreateDashboardRequest, context: Any
    ) -> dashboard_pb2.Dashboard:
        """Makes a dashboard."""
        record, replayed = await create_dashboard(self._database, self._analytics, request)
        if replayed:
            mark_replayed(context)
        return convert.dashboard(record)

    async def GetDashboard(  # noqa: N802
        self, request: dashboard_service_pb2.GetDashboardRequest, context: Any
    ) -> dashboard_pb2.Dashboard:
        """One dashboard, counted as opened."""
        await self._overviews.ensure()
        caller = current().caller
        async with self._database.write(caller.practice_id) as connection:
            record = await store.view(
                connection, caller, uuid.UUID(request.dashboard_id), datetime.now(UTC)
            )
        if record is None:
            raise NotFound("no such dashboard")
        self._reads.note("dashboard.read", "dashboard", request.dashboard_id)
        return convert.dashboard(record)

    async def ListDashboards(  # noqa: N802
        self, request: dashboard_service_pb2.ListDashboardsRequest, context: Any
    ) -> dashboard_service_pb2.ListDashboardsResponse:
        """A page of dashboards."""
        await self._overviews.ensure()
        caller, limit, kind = current().caller, request.limit or _PAGE, request.dashboard_type
        filters = {
            "dashboard_type": enum_name("dashboard_type", kind) if kind else None,
            "user_id": request.user_id or None,
            "is_public": request.is_public if request.HasField("is_public") else None,
            "templates_only": request.templates_only,
        }
        async with self._database.read(caller.practice_id) as connection:
            rows, total = await store.listed(connection, caller, filters, request.skip, limit)
        self._reads.note("dashboard.list", "dashboard", "*")
        return dashboard_service_pb2.ListDashboardsResponse(
            items=[convert.dashboard(row) for row in rows],
            total=total,
            skip=request.skip,
            limit=limit,
            has_more=request.skip + len(rows) < total,
        )

    async def UpdateDashboard(  # noqa: N802
        self, request: dashboard_service_pb2.UpdateDashboardRequest, context: Any
    ) -> dashboard_pb2.Dashboard:
        """Replaces fields."""
        await self._overviews.ensure()
        return convert.dashboard(await update_dashboard(self._database, self._analytics, request))

    async def DeleteDashboard(  # noqa: N802
        self, request: dashboard_service_pb2.DeleteDashboardRequest, context: Any
    ) -> dashboard_service_pb2.DeleteDashboardResponse:
        """Deletes a dashboard."""
        await delete_dashboard(self._database, request)
        return dashboard_service_pb2.DeleteDashboardResponse()

    async def GetDashboardData(  # noqa: N802
        self, request: dashboard_service_pb2.GetDashboardDataRequest, context: Any
    ) -> dashboard_service_pb2.DashboardData:
        """All figures at one revision."""
        await self._overviews.ensure()
        return await self._look(request)

    async def _look(
        self, request: dashboard_service_pb2.GetDashboardDataRequest
    ) -> dashboard_service_pb2.DashboardData:
        caller = current().caller
        async with self._database.read(caller.practice_id) as connection:
            record = await store.get(connection, caller, uuid.UUID(request.dashboard_id))
        if record is None:
            raise NotFound("no such dashboard")
        data = await resolve(self._analytics, record, request)
        self._reads.note("dashboard.data", "dashboard", request.dashboard_id)
        return data

    async def WatchDashboard(  # noqa: N802
        self, request: dashboard_service_pb2.GetDashboardDataRequest, context: Any
    ) -> AsyncIterator[dashboard_service_pb2.WatchDashboardResponse]:
        """All figures, again whenever they change."""
        await self._overviews.ensure()
        async with aclosing(self._live.watch(lambda: self._look(request))) as responses:
            async for response in responses:
                yield response
