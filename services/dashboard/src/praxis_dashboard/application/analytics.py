"""What the dashboard service asks of analytics."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import grpc

from praxis.analytics.v1 import analytics_service_pb2, analytics_service_pb2_grpc, answer_pb2
from praxis_chassis.caller import current
from praxis_chassis.channels import onward
from praxis_chassis.errors import Error, Forbidden, InvalidInput, from_rpc

SERVICE = "praxis.analytics.v1.AnalyticsService"

Outcome = answer_pb2.Answer | Error


class Analytics:
    """A client of the analytics service, in the name of the current caller."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = analytics_service_pb2_grpc.AnalyticsServiceStub(channel)  # type: ignore[no-untyped-call]

    async def check_period(self, period: answer_pb2.Period) -> None:
        """Raises: InvalidInput naming what is wrong with it."""
        call = current()
        try:
            await self._stub.ResolvePeriod(
                period, metadata=onward(call), timeout=call.remaining_s()
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure

    async def _ask(
        self, questions: Sequence[answer_pb2.Question]
    ) -> analytics_service_pb2.AskResponse:
        call = current()
        request = analytics_service_pb2.AskRequest(questions=questions)
        try:
            found: analytics_service_pb2.AskResponse = await self._stub.Ask(
                request, metadata=onward(call), timeout=call.remaining_s()
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure
        return found

    async def ask(
        self, questions: Sequence[answer_pb2.Question]
    ) -> tuple[analytics_service_pb2.AskResponse, list[Outcome]]:
        """Answers at one revision; in the place of one that cannot be had stands why.

        Only Forbidden and InvalidInput stand so; anything else fails the whole.
        """
        if not questions:
            return analytics_service_pb2.AskResponse(), []
        try:
            response = await self._ask(questions)
            return response, list(response.answers)
        except (Forbidden, InvalidInput):
            outcomes = list(await asyncio.gather(*map(self._alone, questions)))
        # The good ones once more together: single answers may stand at several revisions.
        good = [i for i, found in enumerate(outcomes) if not isinstance(found, Error)]
        response = analytics_service_pb2.AskResponse()
        if good:
            response = await self._ask([questions[i] for i in good])
        for index, answer in zip(good, response.answers, strict=True):
            outcomes[index] = answer
        return response, outcomes

    async def _alone(self, question: answer_pb2.Question) -> Outcome:
        try:
            return (await self._ask([question])).answers[0]
        except (Forbidden, InvalidInput) as error:
            return error
