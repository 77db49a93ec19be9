"""The overlay's facts that follow from stored visits: appointments, and the tasks, eligibility
checks and surveys that belong to them; and the demo users who do the tasks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from praxis_analytics.application.import_batches import Loader
from praxis_analytics.application.import_queries import Stored, StoredVisit
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    STAFF_USER,
    SURVEY,
    SURVEY_ANSWER,
    TASK,
    VERIFICATION,
    Batch,
    Source,
)
from praxis_analytics.sources import overlay, overlay_office
from praxis_analytics.sources.context import Context, Fact
from praxis_analytics.storage.apply import BATCH_MOST

_KINDS = (APPOINTMENT, TASK, VERIFICATION, SURVEY, SURVEY_ANSWER)
# Three appointments with a task and a check each, one more task, a survey with two answers.
_FACTS_MOST = 13
_PAGE = BATCH_MOST // _FACTS_MOST


async def make_visit_facts(loader: Loader, stored: Stored, context: Context) -> None:
    """Gives every visit what the overlay makes of it, and takes back what no longer follows.

    Without the overlay all that an earlier import made is taken back.
    """
    await loader.apply(_users(context))
    last = uuid.UUID(int=0)
    while visits := await stored.visits_after(last, _PAGE):
        batch = Batch()
        for visit in visits:
            resource = f"{overlay.NAME}/Encounter/{visit.source_id}"
            source = Source(context.ids.system, resource, synthetic=True)
            batch.yields(source, _KINDS)
            if visit.is_visit and context.overlay:
                for kind, row in _facts(visit, source, context):
                    batch.add(kind, row)
        await loader.apply(batch)
        last = visits[-1].encounter_id


def _users(context: Context) -> Batch:
    """The demo users, or with no overlay that there are none."""
    batch = Batch()
    source = Source(context.ids.system, f"{overlay.NAME}/User", synthetic=True)
    batch.yields(source, (STAFF_USER,))
    for number in range(1, overlay_office.USERS + 1) if context.overlay else ():
        row = STAFF_USER.fact(
            source,
            str(number),
            user_id=_id(context, "user", str(number)),
            display_name=f"Demo user {number}",
            role="staff",
            active=True,
        )
        batch.add(STAFF_USER, row)
    return batch


def _id(context: Context, kind: str, key: str) -> uuid.UUID:
    return overlay.overlay_id(context.ids.practice_id, kind, key)


def _facts(visit: StoredVisit, source: Source, context: Context) -> Iterator[Fact]:
    on = visit.start_at.astimezone(context.zone).date()
    age = _age(visit.birth_date, on)
    visited = overlay.Visited(visit.source_id, on, age, visit.payer_class, visit.is_new)
    for made in overlay.appointments(visited, context.zone, context.today):
        yield _appointment(visit, made, source, context)
        yield from _tasks(visit, made, source, context)
        if overlay_office.is_insured(visit.payer_class):
            yield _verification(visit, made, source, context)
        if made.status == "fulfilled":
            yield from _survey(visit, made, source, context)


def _appointment(
    visit: StoredVisit, made: overlay.Appointment, source: Source, context: Context
) -> Fact:
    return APPOINTMENT, APPOINTMENT.fact(
        source,
        made.key,
        appointment_id=_id(context, "appointment", made.key),
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


def _tasks(
    visit: StoredVisit, made: overlay.Appointment, source: Source, context: Context
) -> Iterator[Fact]:
    on = made.start_at.date()
    kinds = ["insurance_verification"] if overlay_office.is_insured(visit.payer_class) else []
    if made.status == "noshow" and on + timedelta(1) <= context.today:
        kinds.append("patient_outreach")
    for kind in kinds:
        yield context.overlay_task(source, visit.patient_id, kind, made.key, on)


def _verification(
    visit: StoredVisit, made: overlay.Appointment, source: Source, context: Context
) -> Fact:
    found = overlay_office.verification(made)
    return VERIFICATION, VERIFICATION.fact(
        source,
        made.key,
        verification_id=_id(context, "verification", made.key),
        patient_id=visit.patient_id,
        payer_id=visit.payer_id,
        appointment_id=_id(context, "appointment", made.key),
        requested_at=found.requested_at,
        responded_at=found.responded_at,
        result=found.result,
        method="x12_271",
    )


def _survey(
    visit: StoredVisit, made: overlay.Appointment, source: Source, context: Context
) -> Iterator[Fact]:
    found = overlay_office.survey(made, context.today)
    response_id = _id(context, "survey", made.key)
    yield (
        SURVEY,
        SURVEY.fact(
            source,
            made.key,
            response_id=response_id,
            patient_id=visit.patient_id,
            encounter_id=visit.encounter_id,
            provider_id=visit.provider_id,
            instrument="cg_cahps_3",
            sent_at=found.sent_at,
            completed_at=found.completed_at,
        ),
    )
    for item in ("provider_rating", "recommend") if found.rating is not None else ():
        yield (
            SURVEY_ANSWER,
            SURVEY_ANSWER.fact(
                source,
                f"{made.key}|{item}",
                response_id=response_id,
                item=item,
                value_num=found.rating,
            ),
        )


def _age(born: date | None, on: date) -> int | None:
    """Completed years."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
