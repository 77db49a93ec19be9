"""Appointments, slots, tasks, documents, messages, eligibility checks and surveys."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from praxis_analytics.domain.facts import (
    APPOINTMENT,
    DOCUMENT,
    MESSAGE,
    SLOT,
    SURVEY,
    SURVEY_ANSWER,
    TASK,
    VERIFICATION,
)
from praxis_analytics.sources.context import Fact
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import Value, at, clean, code, label, listed, number
from praxis_analytics.sources.overlay import overlay_id
from praxis_analytics.sources.overlay_office import review
from praxis_analytics.sources.problems import Skipped

_REVIEW = {"preliminary": "pending_review", "final": "reviewed", "amended": "reviewed"}


def _actor(actors: list[Value], type_name: str) -> Value:
    """The first reference that names a resource of the type."""
    return next(
        (one for one in actors if f"{type_name}/" in str(at(one, "reference"))),
        None,
    )


def appointment(e: Entry) -> Iterator[Fact]:
    """Appointment → fact_appointment."""
    actors = [at(one, "actor") for one in listed(e.resource.get("participant"))]
    reason = code(e.get("cancelationReason"))
    yield e.fact(
        APPOINTMENT,
        appointment_id=e.own_id("appointment"),
        patient_id=e.ref(_actor(actors, "Patient"), "patient"),
        provider_id=e.ref(_actor(actors, "Practitioner"), "provider")
        or e.ref(_actor(actors, "PractitionerRole"), "provider"),
        location_id=e.ref(_actor(actors, "Location"), "location"),
        visit_type=label(e.get("appointmentType")) or label(e.get("serviceType")),
        status=e.need("status"),
        start_at=e.instant("start"),
        end_at=e.instant("end"),
        booked_at=e.instant("created"),
        cancelled_by=_cancelled_by(reason),
        cancel_reason=reason,
    )


def _cancelled_by(reason: str | None) -> str | None:
    """The reason codes of FHIR begin with who cancelled."""
    words = {"pat": "patient", "prov": "provider"}
    return words.get(str(reason).partition("-")[0])


def schedule(e: Entry) -> Iterator[Fact]:
    """Schedule: no fact; its slots take provider and location from it."""
    actors = listed(e.resource.get("actor"))
    e.context.schedules[e.id] = (
        e.ref(_actor(actors, "Practitioner"), "provider"),
        e.ref(_actor(actors, "Location"), "location"),
    )
    raise Skipped("is read for its slots")
    yield  # a generator, like every mapping


def slot(e: Entry) -> Iterator[Fact]:
    """Slot → fact_slot."""
    found = e.target(e.need("schedule"))
    provider_id, location_id = e.context.schedules.get(found[1] if found else "", (None, None))
    yield e.fact(
        SLOT,
        slot_id=e.own_id("slot"),
        provider_id=provider_id,
        location_id=location_id,
        visit_type=label(e.get("appointmentType")) or label(e.get("serviceType")),
        start_at=e.instant("start"),
        end_at=e.instant("end"),
        status=e.need("status"),
    )


def task(e: Entry) -> Iterator[Fact]:
    """Task → fact_task. The end of its execution, else its last change, is when it was done."""
    status = e.need("status")
    ended = e.instant("executionPeriod", "end") or e.instant("lastModified")
    yield e.fact(
        TASK,
        task_id=e.own_id("task"),
        type=label(e.get("code")),
        status=status,
        priority=e.text("priority"),
        assignee_id=e.anyone(e.get("owner")),
        patient_id=e.ref(e.get("for"), "patient"),
        created_at=e.instant("authoredOn"),
        due_at=e.instant("restriction", "period", "end"),
        started_at=e.instant("executionPeriod", "start"),
        completed_at=ended if status == "completed" else None,
        cancelled_at=ended if status in ("cancelled", "rejected", "failed") else None,
    )


def document_reference(e: Entry) -> Iterator[Fact]:
    """DocumentReference → fact_document."""
    yield e.fact(
        DOCUMENT,
        document_id=e.own_id("document"),
        patient_id=e.patient_id,
        type=label(e.get("type")),
        status=_REVIEW.get(str(e.get("docStatus"))),
        received_at=e.instant("date"),
        reviewed_by=e.anyone(e.get("authenticator")),
    )


def diagnostic_report(e: Entry) -> Iterator[Fact]:
    """DiagnosticReport → the fact_document that the overlay makes of it; else none."""
    received = e.instant("effectiveDateTime") if e.context.overlay else None
    if received is None:
        raise Skipped("makes a fact only with the demo overlay, and a date")
    zone, today = e.context.zone, e.context.today
    if received.astimezone(zone).date() > today:
        raise Skipped("is dated after the date of the import")
    e.synthesize()
    status, reviewed = review(e.id, received, zone, today)
    yield e.fact(
        DOCUMENT,
        document_id=overlay_id(e.context.ids.practice_id, "document", e.id),
        patient_id=e.patient_id,
        type="lab_result",
        status=status,
        received_at=received,
        reviewed_at=reviewed,
    )


def communication(e: Entry) -> Iterator[Fact]:
    """Communication → fact_message; a reply belongs to the thread of what it answers."""
    earlier = e.target(e.get("inResponseTo")) or e.target(e.get("partOf"))
    yield e.fact(
        MESSAGE,
        message_id=e.own_id("message"),
        thread_id=earlier[1] if earlier else e.id,
        sender_id=e.anyone(e.get("sender")),
        recipient_id=e.anyone(e.get("recipient")),
        patient_id=e.patient_id,
        sent_at=e.instant("sent"),
        read_at=e.instant("received"),
    )


def eligibility_request(e: Entry) -> Iterator[Fact]:
    """CoverageEligibilityRequest → fact_verification; the answer comes from its response."""
    yield e.fact(
        VERIFICATION,
        verification_id=e.own_id("verification"),
        patient_id=e.patient_id,
        payer_id=_insurer(e),
        requested_at=e.instant("created"),
    )


def _insurer(e: Entry) -> object:
    found = e.target(e.get("insurer"))
    if found and found[0] == "Organization":
        return e.context.id("payer", f"Organization/{found[1]}")
    name = e.text("insurer", "display")
    return e.context.payer(name) if name else None


def eligibility_response(e: Entry) -> Iterator[Fact]:
    """CoverageEligibilityResponse → the answer of a fact_verification.

    A patch: the loader puts these columns into the row of the request, if that is loaded.
    """
    asked = e.ref(e.get("request"), "verification")
    yield e.fact(
        VERIFICATION,
        verification_id=asked or e.own_id("verification"),
        patient_id=e.patient_id,
        payer_id=_insurer(e),
        responded_at=e.instant("created"),
        result=_result(e),
        copay=_benefit(e, "copay"),
        deductible_left=_benefit(e, "deductible"),
    )


def _result(e: Entry) -> str:
    if e.get("outcome") == "error":
        return "error"
    in_force = e.get("insurance", "inforce")
    if in_force is None:
        return "pending" if e.get("outcome") in ("queued", "partial") else "not_found"
    return "active" if in_force else "inactive"


def _benefit(e: Entry, type_code: str) -> Decimal | None:
    """What is left of a benefit: allowed less used."""
    items = [
        item for one in listed(e.resource.get("insurance")) for item in listed(one.get("item"))
    ]
    for benefit in (benefit for item in items for benefit in listed(item.get("benefit"))):
        if code(benefit.get("type")) == type_code:
            allowed = e.money(benefit.get("allowedMoney"))
            used = e.money(benefit.get("usedMoney"))
            return None if allowed is None else allowed - (used or 0)
    return None


def questionnaire_response(e: Entry) -> Iterator[Fact]:
    """QuestionnaireResponse → fact_survey and one fact_survey_answer per answered item."""
    response_id = e.own_id("response")
    done = e.need("status") in ("completed", "amended")
    yield e.fact(
        SURVEY,
        response_id=response_id,
        patient_id=e.patient_id,
        encounter_id=e.encounter_id,
        instrument=_instrument(str(e.get("questionnaire")).lower()),
        completed_at=e.instant("authored") if done else None,
    )
    seen: dict[str, int] = {}
    for item, answer in _answers(e.resource):
        times = seen[item] = seen.get(item, 0) + 1
        name = item if times == 1 else f"{item}#{times}"
        values = _answer(answer)
        if values:
            yield e.fact(
                SURVEY_ANSWER, f"{e.id}|{name}", response_id=response_id, item=name, **values
            )


def _instrument(questionnaire: str) -> str:
    if "cahps" in questionnaire:
        return "cg_cahps_3"
    return "nps" if "nps" in questionnaire or "promoter" in questionnaire else "custom"


def _answers(node: Resource) -> Iterator[tuple[str, Resource]]:
    """Every (linkId, answer) below a node, in order."""
    for item in listed(node.get("item")):
        for answer in listed(item.get("answer")):
            yield clean(item.get("linkId")) or "?", answer
            yield from _answers(answer)
        yield from _answers(item)


def _answer(answer: Resource) -> dict[str, object]:
    """Numbers and codes; free text is not kept: it may name people."""
    for element in ("valueInteger", "valueDecimal"):
        if element in answer:
            return {"value_num": number(answer[element])}
    if "valueQuantity" in answer:
        return {"value_num": number(at(answer, "valueQuantity", "value"))}
    if "valueCoding" in answer:
        return {"value_code": clean(at(answer, "valueCoding", "code"))}
    if "valueBoolean" in answer:
        return {"value_code": str(answer["valueBoolean"]).lower()}
    return {}
