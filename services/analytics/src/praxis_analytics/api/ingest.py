"""The ingest RPCs."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

from praxis.analytics.v1 import ingest_service_pb2, ingest_service_pb2_grpc
from praxis.platform.v1 import events_pb2
from praxis_analytics.application.ingest import Ingest
from praxis_chassis.caller import current
from praxis_chassis.errors import NotFound


class IngestServicer(ingest_service_pb2_grpc.IngestServiceServicer):
    """Takes events of the caller's practice."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    async def PublishEvents(  # noqa: N802
        self, request: events_pb2.Envelope, context: Any
    ) -> ingest_service_pb2.PublishEventsResponse:
        """One envelope."""
        return await self._take(request)

    async def StreamEvents(  # noqa: N802
        self, request_iterator: AsyncIterator[events_pb2.Envelope], context: Any
    ) -> AsyncIterator[ingest_service_pb2.PublishEventsResponse]:
        """Envelopes as they come, each answered in turn."""
        async for envelope in request_iterator:
            yield await self._take(envelope)

    async def _take(
        self, envelope: events_pb2.Envelope
    ) -> ingest_service_pb2.PublishEventsResponse:
        if uuid.UUID(envelope.practice_id) != current().caller.practice_id:
            raise NotFound("no such practice")
        applied = await self._ingest.take(envelope)
        return ingest_service_pb2.PublishEventsResponse(
            envelope_id=envelope.envelope_id,
            revision=applied.revision,
            inserted=applied.inserted,
            changed=applied.changed + applied.voided,
        )
