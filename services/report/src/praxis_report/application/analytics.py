"""What the report service asks of analytics."""

from __future__ import annotations

import grpc

from praxis.analytics.v1 import analytics_service_pb2, analytics_service_pb2_grpc, answer_pb2
from praxis_chassis.caller import Caller, current
from praxis_chassis.channels import metadata, onward
from praxis_chassis.errors import from_rpc
from praxis_chassis.tokens import InternalSigner

SERVICE = "praxis.analytics.v1.AnalyticsService"
_RUN_S = 600.0


class Analytics:
    """A client of the analytics service: in a caller's name, or on behalf of one later."""

    def __init__(self, channel: grpc.aio.Channel, signer: InternalSigner) -> None:
        self._stub = analytics_service_pb2_grpc.AnalyticsServiceStub(channel)  # type: ignore[no-untyped-call]
        self._signer = signer

    async def resolve(self, period: answer_pb2.Period) -> answer_pb2.ResolvedPeriod:
        """A period as fixed dates, in the name of the current caller. Raises: its errors."""
        call = current()
        try:
            found: answer_pb2.ResolvedPeriod = await self._stub.ResolvePeriod(
                period, metadata=onward(call), timeout=call.remaining_s()
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        return found

    async def newest_revision(self) -> int:
        """The state of the practice's facts, in the name of the current caller."""
        call = current()
        try:
            practice = await self._stub.GetPractice(
                analytics_service_pb2.GetPracticeRequest(),
                metadata=onward(call),
                timeout=call.remaining_s(),
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        return int(practice.revision)

    async def ask(
        self, request: analytics_service_pb2.AskRequest, behalf: Caller, request_id: str
    ) -> analytics_service_pb2.AskResponse:
        """Answers for work that outlived its request, with the rights of who asked for it."""
        token = self._signer.mint(behalf)
        try:
            found: analytics_service_pb2.AskResponse = await self._stub.Ask(
                request, metadata=metadata(token, request_id), timeout=_RUN_S
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        return found
