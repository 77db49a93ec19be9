"""The overlay's appointments, made from the visits that are stored."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from praxis_analytics.application.import_batches import Loader
from praxis_analytics.application.import_queries import Stored, StoredVisit
from praxis_analytics.domain.facts import APPOINTMENT, Batch, Row, Source
from praxis_analytics.sources import overlay
from praxis_analytics.sources.fhir.entry import Context

# Encounters per batch; each makes at most three appointments.
_PAGE = 3_000


async def make_appointments(loader: Loader, stored: Stored, context: Context) -> None:
    """Gives every visit its appointments, and takes back those that no longer follow from one.

    Without the overlay all that an earlier import made are taken back.
    """
    last = uuid.UUID(int=0)
    while visits := await stored.visits_after(last, _PAGE):
        batch = Batch()
        for visit in visits:
            resource = f"{overlay.NAME}/Encounter/{visit.source_id}"
            source = Source(context.ids.system, resource, synthetic=True)
            batch.yields(source, (APPOINTMENT,))
            if visit.is_visit and context.overlay:
                for row in _rows(visit, source, context):
                    batch.add(APPOINTMENT, row)
        await loader.apply(batch)
        last = visits[-1].encounter_id


def _rows(visit: StoredVisit, source: Source, context: Context) -> Iterator[Row]:
    on = visit.start_at.astimezone(context.zone).date()
    age = _age(visit.birth_date, on)
    visited = overlay.Visited(visit.source_id, on, age, visit.payer_class, visit.is_new)
    for made in overlay.appointments(visited, context.zone, context.today):
        yield APPOINTMENT.fact(
            source,
            made.key,
            appointment_id=overlay.overlay_id(context.ids.practice_id, "appointment", made.key),
            patient_id=visit.patient_id,
            provider_id=visit.provider_id,
            location_id=visit.location_id,
            payer_id=visit.payer_id,
            visit_type=visit.type_code,
            status=made.status,
            start_at=made.start_at,
            end_at=made.end_at,
            booked_at=made.booked_at,
            cancelled_at=made.cancelled_at,
            encounter_id=visit.encounter_id if made.status == "fulfilled" else None,
        )


def _age(born: date | None, on: date) -> int | None:
    """Completed years."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
