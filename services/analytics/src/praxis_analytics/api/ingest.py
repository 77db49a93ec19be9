"""The ingest RPCs."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

from praxis.analytics.v1 import ingest_service_pb2, ingest_service_pb2_grpc
from praxis.platform.v1 import events_pb2
from praxis_analytics.application.ingest import Ingest
from praxis_analytics.storage.apply import Applied
from praxis_chassis.caller import current
from praxis_chassis.errors import NotFound

_PAGE = 50


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

    async def ListDeadLetters(  # noqa: N802
        self, request: ingest_service_pb2.ListDeadLettersRequest, context: Any
    ) -> ingest_service_pb2.ListDeadLettersResponse:
        """The practice's dead letters, a page."""
        practice_id = current().caller.practice_id
        found, token = await self._ingest.letters(
            practice_id, request.page_size or _PAGE, request.page_token
        )
        response = ingest_service_pb2.ListDeadLettersResponse(next_page_token=token or None)
        for letter in found:
            response.dead_letters.add(
                dead_letter_id=str(letter.id),
                subject=letter.subject,
                reason=letter.reason,
                at=letter.at,
                size_bytes=letter.size,
            )
        return response

    async def ReplayDeadLetter(  # noqa: N802
        self, request: ingest_service_pb2.ReplayDeadLetterRequest, context: Any
    ) -> ingest_service_pb2.PublishEventsResponse:
        """Applies a dead letter."""
        letter_id = uuid.UUID(request.dead_letter_id)
        return _response(*await self._ingest.replay(current().caller.practice_id, letter_id))

    async def DiscardDeadLetter(  # noqa: N802
        self, request: ingest_service_pb2.DiscardDeadLetterRequest, context: Any
    ) -> ingest_service_pb2.DiscardDeadLetterResponse:
        """Gives a dead letter up."""
        letter_id = uuid.UUID(request.dead_letter_id)
        await self._ingest.discard(current().caller.practice_id, letter_id)
        return ingest_service_pb2.DiscardDeadLetterResponse()

    async def _take(
        self, envelope: events_pb2.Envelope
    ) -> ingest_service_pb2.PublishEventsResponse:
        if uuid.UUID(envelope.practice_id) != current().caller.practice_id:
            raise NotFound("no such practice")
        return _response(envelope.envelope_id, await self._ingest.take(envelope))


def _response(envelope_id: str, applied: Applied) -> ingest_service_pb2.PublishEventsResponse:
    return ingest_service_pb2.PublishEventsResponse(
        envelope_id=envelope_id,
        revision=applied.revision,
        inserted=applied.inserted,
        changed=applied.changed + applied.voided,
    )
