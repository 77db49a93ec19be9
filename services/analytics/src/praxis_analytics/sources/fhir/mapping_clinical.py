"""Conditions, observations, procedures, medications, immunizations and requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from praxis_analytics.domain.facts import (
    CONDITION,
    DEVICE_REQUEST,
    IMMUNIZATION,
    MEDICATION,
    OBSERVATION,
    PROCEDURE,
    SERVICE_REQUEST,
    Kind,
)
from praxis_analytics.sources.context import Fact
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import (
    Value,
    at,
    clean,
    code,
    codings,
    display,
    label,
    listed,
    number,
)
from praxis_analytics.sources.overlay_office import HBA1C

_DAYS_OF = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "mo": 30, "month": 30, "a": 365}


def _coded(concept: Value) -> dict[str, object]:
    """The first coding, and all of them."""
    return {
        "code_system": clean(at(concept, "coding", "system")),
        "code": label(concept),
        "codings": codings(concept),
    }


def condition(e: Entry) -> Iterator[Fact]:
    """Condition → fact_condition."""
    verification = code(e.get("verificationStatus"))
    e.voided = verification == "entered-in-error"
    yield e.fact(
        CONDITION,
        condition_id=e.own_id("condition"),
        patient_id=e.patient_id,
        encounter_id=e.encounter_id,
        **_coded(e.get("code")),
        display=display(e.get("code")),
        category=code(e.get("category")),
        clinical_status=code(e.get("clinicalStatus")),
        verification_status=verification,
        body_site=code(e.get("bodySite")),
        onset_on=e.day("onsetDateTime") or e.day("onsetPeriod", "start"),
        abated_on=e.day("abatementDateTime") or e.day("abatementPeriod", "end"),
        recorded_on=e.day("recordedDate"),
    )


def observation(e: Entry) -> Iterator[Fact]:
    """Observation → fact_observation: row 0 is the value itself, components are 1, 2 …"""
    e.need("code")
    observation_id = e.own_id("observation")
    same = {
        "patient_id": e.patient_id,
        "encounter_id": e.encounter_id,
        "status": e.need("status"),
        "category": code(e.get("category")),
        "effective_at": e.instant("effectiveDateTime")
        or e.instant("effectivePeriod", "start")
        or e.instant("effectiveInstant"),
        "effective_end": e.instant("effectivePeriod", "end"),
        "issued_at": e.instant("issued"),
    }
    parts = [e.resource, *listed(e.resource.get("component"))]
    if any("valueQuantity" in part and _unit(part) is None for part in parts):
        e.warn("missing_unit")
    for component_no, part in enumerate(parts):
        yield e.fact(
            OBSERVATION,
            observation_id=observation_id,
            component_no=component_no,
            **same,
            **_coded(part.get("code")),
            **_value(part),
            absent_reason=code(part.get("dataAbsentReason")),
        )
    if e.context.overlay and code(e.get("code")) == HBA1C:
        yield from _followup(e, same["effective_at"])


def _followup(e: Entry, taken: object) -> Iterator[Fact]:
    """With the overlay, a result calls for a task on its day."""
    if isinstance(taken, datetime):
        on = taken.astimezone(e.context.zone).date()
        if on <= e.context.today:
            yield e.overlay_task("lab_followup", on)


def _unit(part: Resource) -> str | None:
    quantity = part["valueQuantity"]
    return clean(quantity.get("code")) or clean(quantity.get("unit"))


def _value(part: Resource) -> dict[str, object]:
    """The value of an observation or component. Free text is not kept: it may name people."""
    element = next((name for name in part if name.startswith("value")), None)
    if element is None:
        return {}
    value, kind = part[element], element.removeprefix("value").lower()
    if kind == "quantity":
        return {
            "value_type": kind,
            "value_num": number(value.get("value")),
            "unit": _unit(part),
        }
    if kind == "integer":
        return {"value_type": kind, "value_num": number(value)}
    if kind == "codeableconcept":
        return {"value_type": kind, "value_code": code(value)}
    if kind in ("boolean", "datetime", "time"):
        return {"value_type": kind, "value_code": str(value).lower()}
    return {"value_type": kind}


def _clinical(e: Entry, kind: Kind, concept: Value, **values: object) -> Fact:
    """A fact of the shape that procedures, medications and requests share."""
    return e.fact(
        kind,
        **{kind.key[0]: e.own_id(kind.key[0].removesuffix("_id"))},
        patient_id=e.patient_id,
        encounter_id=e.encounter_id,
        **_coded(concept),
        status=e.text("status"),
        intent=e.text("intent"),
        reason_code=code(e.get("reasonCode")),
        **values,
    )


def procedure(e: Entry) -> Iterator[Fact]:
    """Procedure → fact_procedure."""
    on = e.day("performedPeriod", "start") or e.day("performedDateTime")
    not_done = e.get("status") == "not-done"
    yield _clinical(e, PROCEDURE, e.get("code"), not_done=not_done, performed_on=on)


def immunization(e: Entry) -> Iterator[Fact]:
    """Immunization → fact_immunization."""
    yield _clinical(
        e,
        IMMUNIZATION,
        e.need("vaccineCode"),
        not_done=e.get("status") == "not-done",
        performed_on=e.day("occurrenceDateTime"),
    )


def medication_request(e: Entry) -> Iterator[Fact]:
    """MedicationRequest → fact_medication; a contained medication gives its code."""
    inside = e.contained(e.get("medicationReference")) or {}
    ordered = e.day("authoredOn")
    yield _clinical(
        e,
        MEDICATION,
        e.get("medicationCodeableConcept") or inside.get("code"),
        not_done=e.get("doNotPerform") is True,
        ordered_on=ordered,
        ended_on=e.day("dispenseRequest", "validityPeriod", "end") or _supply_end(e, ordered),
    )


def _supply_end(e: Entry, ordered: date | None) -> date | None:
    supply = e.get("dispenseRequest", "expectedSupplyDuration")
    days = _DAYS_OF.get(str(at(supply, "code") or at(supply, "unit")))
    length = number(at(supply, "value"))
    if ordered is None or days is None or length is None:
        return None
    return ordered + timedelta(days=int(length * days))


def service_request(e: Entry) -> Iterator[Fact]:
    """ServiceRequest → fact_service_request."""
    not_done = e.get("doNotPerform") is True
    on = e.day("authoredOn")
    yield _clinical(e, SERVICE_REQUEST, e.get("code"), not_done=not_done, ordered_on=on)


def device_request(e: Entry) -> Iterator[Fact]:
    """DeviceRequest → fact_device_request."""
    on = e.day("authoredOn")
    yield _clinical(e, DEVICE_REQUEST, e.get("codeCodeableConcept"), not_done=False, ordered_on=on)
