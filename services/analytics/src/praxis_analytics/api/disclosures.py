"""The RPC that accounts for disclosures of a patient."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from praxis.analytics.v1 import disclosure_service_pb2, disclosure_service_pb2_grpc
from praxis_analytics.storage.disclosures import disclosures_of
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.records import audit

_PAGE = 100


class DisclosureServicer(disclosure_service_pb2_grpc.DisclosureServiceServicer):
    """Disclosures of the caller's practice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ListDisclosures(  # noqa: N802
        self, request: disclosure_service_pb2.ListDisclosuresRequest, context: Any
    ) -> disclosure_service_pb2.ListDisclosuresResponse:
        """To whom a patient was shown; its audit row commits before it is sent."""
        size = request.page_size if request.HasField("page_size") else _PAGE
        offset = int(request.page_token or 0)
        practice_id, patient_id = current().caller.practice_id, uuid.UUID(request.patient_id)
        async with self._database.write(practice_id) as connection:
            found = await disclosures_of(connection, practice_id, patient_id, offset, size + 1)
            await audit(connection, "disclosures.read", "patient", patient_id)
        return disclosure_service_pb2.ListDisclosuresResponse(
            disclosures=[
                disclosure_service_pb2.Disclosure(**asdict(each)) for each in found[:size]
            ],
            next_page_token=str(offset + size) if len(found) > size else "",
        )
