"""What the scheduler asks of analytics and of the report service."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable
from typing import Any, TypeVar

import grpc

from praxis.analytics.v1 import (
    analytics_service_pb2,
    analytics_service_pb2_grpc,
    answer_pb2,
    practice_pb2,
)
from praxis.report.v1 import report_pb2, report_service_pb2, report_service_pb2_grpc
from praxis_chassis.caller import Caller, current
from praxis_chassis.channels import metadata, onward
from praxis_chassis.errors import InvalidInput, Violation, from_rpc
from praxis_chassis.tokens import InternalSigner

ANALYTICS = "praxis.analytics.v1.AnalyticsService"
REPORT = "praxis.report.v1.ReportService"
_LATER_S = 10.0
Answer = TypeVar("Answer")


class Neighbours:
    """A client of both services: in a caller's name, or on behalf of one later."""

    def __init__(
        self, analytics: grpc.aio.Channel, report: grpc.aio.Channel, signer: InternalSigner
    ) -> None:
        self._analytics = analytics_service_pb2_grpc.AnalyticsServiceStub(analytics)  # type: ignore[no-untyped-call]
        self._report = report_service_pb2_grpc.ReportServiceStub(report)  # type: ignore[no-untyped-call]
        self._signer = signer

    async def report(self, report_id: str) -> report_pb2.Report:
        """A report definition of the caller's practice. Raises: NotFound."""
        request = report_service_pb2.GetReportRequest(report_id=report_id)
        found: report_pb2.Report = await _answer(self._report.GetReport(request, **_now()))
        return found

    async def check_period(self, parameters: report_pb2.ReportParameters) -> None:
        """Whether a period means something. Raises: InvalidInput naming the parameter."""
        period = answer_pb2.Period()
        for field in period.DESCRIPTOR.fields:
            if parameters.HasField(field.name):
                setattr(period, field.name, getattr(parameters, field.name))
        try:
            await _answer(self._analytics.ResolvePeriod(period, **_now()))
        except InvalidInput as error:
            fields = [
                Violation(f"report_parameters.{v.field}", v.description) for v in error.violations
            ]
            raise InvalidInput(f"report_parameters.{error.message}", fields) from error

    async def practice(self) -> practice_pb2.Practice:
        """The caller's practice."""
        request = analytics_service_pb2.GetPracticeRequest()
        found: practice_pb2.Practice = await _answer(self._analytics.GetPractice(request, **_now()))
        return found

    async def practice_name(self, behalf: Caller) -> str:
        """The name of a practice, for work that outlived its request."""
        sent = metadata(self._signer.mint(behalf), uuid.uuid4().hex)
        request = analytics_service_pb2.GetPracticeRequest()
        call = self._analytics.GetPractice(request, metadata=sent, timeout=_LATER_S)
        found: practice_pb2.Practice = await _answer(call)
        return found.name


def _now() -> dict[str, Any]:
    call = current()
    return {"metadata": onward(call), "timeout": call.remaining_s()}


async def _answer(call: Awaitable[Answer]) -> Answer:
    try:
        return await call
    except grpc.aio.AioRpcError as failure:
        raise from_rpc(failure) from failure
