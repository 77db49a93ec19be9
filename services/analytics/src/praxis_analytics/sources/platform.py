"""Platform events to facts: each event is the whole state of one thing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from praxis.platform.v1 import events_pb2
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    ENCOUNTER,
    LEDGER,
    PATIENT,
    PAYER,
    Batch,
    Ids,
    Kind,
    Source,
)

Values = dict[str, object]


class BadEvent(ValueError):
    """An event that cannot be a fact; `field` says what is at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def to_batch(envelope: events_pb2.Envelope, currency: str) -> Batch:
    """The facts of an envelope. Raises: BadEvent naming the event and field."""
    ids = Ids(uuid.UUID(envelope.practice_id), envelope.source_system)
    batch = Batch()
    for index, event in enumerate(envelope.events):
        name = event.WhichOneof("thing")
        try:
            _add(batch, event, _MAPPINGS[str(name)], ids, currency)
        except BadEvent as error:
            field = f"events[{index}].{name}.{error.field}"
            raise BadEvent(field, error.message) from error
    return batch


def _add(
    batch: Batch,
    event: events_pb2.Event,
    mapping: tuple[Kind, str, Callable[[Any, Ids], Values]],
    ids: Ids,
    currency: str,
) -> None:
    kind, name, values = mapping
    thing = getattr(event, str(event.WhichOneof("thing")))
    if getattr(thing, "currency", currency) != currency:
        raise BadEvent("currency", f"the practice keeps its books in {currency}")
    source = Source(ids.system, f"{name}/{thing.id}", event.version)
    row = kind.fact(source, thing.id, voided=event.voided, **values(thing, ids))
    batch.add(kind, row)
    if "payer" in thing.DESCRIPTOR.fields_by_name and thing.HasField("payer"):
        payer = thing.payer
        of_payer = Source(ids.system, f"payer/{payer.id}", event.version)
        batch.add(
            PAYER,
            PAYER.fact(
                of_payer,
                payer.id,
                payer_id=ids.of("payer", payer.id),
                name=payer.name,
                payer_class=payer.payer_class,
            ),
        )


def _id(ids: Ids, kind: str, text: str) -> uuid.UUID | None:
    return ids.of(kind, text) if text else None


def _at(value: Timestamp, message: Any, field: str) -> datetime | None:
    return value.ToDatetime(tzinfo=UTC) if message.HasField(field) else None


def _day(field: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadEvent(field, f"{text!r} is no calendar date") from None


def _payer(thing: Any, ids: Ids) -> uuid.UUID | None:
    return ids.of("payer", thing.payer.id) if thing.HasField("payer") else None


def _patient(thing: events_pb2.Patient, ids: Ids) -> Values:
    return {
        "patient_id": ids.of("patient", thing.id),
        "mrn": thing.mrn or None,
        "family_name": thing.family_name or None,
        "given_name": thing.given_name or None,
        "birth_date": _day("birth_date", thing.birth_date),
        "sex": thing.sex or None,
        "postal_code": thing.postal_code or None,
        "deceased_at": _at(thing.deceased_at, thing, "deceased_at"),
    }


def _encounter(thing: events_pb2.Encounter, ids: Ids) -> Values:
    return {
        "encounter_id": ids.of("encounter", thing.id),
        "patient_id": ids.of("patient", thing.patient_id),
        "provider_id": _id(ids, "provider", thing.provider_id),
        "class": getattr(thing, "class"),
        "type_code": thing.type_code or None,
        "status": thing.status,
        "start_at": _at(thing.start_at, thing, "start_at"),
        "end_at": _at(thing.end_at, thing, "end_at"),
    }


def _charge(thing: events_pb2.Charge, ids: Ids) -> Values:
    return {
        "charge_id": ids.of("charge", thing.id),
        "encounter_id": _id(ids, "encounter", thing.encounter_id),
        "claim_id": _id(ids, "claim", thing.claim_id),
        "patient_id": ids.of("patient", thing.patient_id),
        "provider_id": _id(ids, "provider", thing.provider_id),
        "payer_id": _payer(thing, ids),
        "code": thing.code or None,
        "amount": Decimal(thing.amount),
        "service_date": _day("service_date", thing.service_date),
        "posting_date": _day("posting_date", thing.posting_date),
    }


def _claim(thing: events_pb2.Claim, ids: Ids) -> Values:
    return {
        "claim_id": ids.of("claim", thing.id),
        "encounter_id": _id(ids, "encounter", thing.encounter_id),
        "patient_id": ids.of("patient", thing.patient_id),
        "provider_id": _id(ids, "provider", thing.provider_id),
        "payer_id": _payer(thing, ids),
        "claim_order": 1,
        "kind": thing.kind,
        "frequency_code": 1,
        "billed": Decimal(thing.billed),
        "created_on": _day("created_on", thing.created_on),
        "service_from": _day("service_from", thing.service_from),
    }


def _ledger_entry(thing: events_pb2.LedgerEntry, ids: Ids) -> Values:
    return {
        "entry_id": ids.of("ledger", thing.id),
        "claim_id": _id(ids, "claim", thing.claim_id),
        "encounter_id": _id(ids, "encounter", thing.encounter_id),
        "patient_id": ids.of("patient", thing.patient_id),
        "provider_id": _id(ids, "provider", thing.provider_id),
        "payer_id": _payer(thing, ids),
        "entry": thing.entry,
        "reason": thing.reason,
        "method": thing.method or None,
        "amount": Decimal(thing.amount),
        "posting_date": _day("posting_date", thing.posting_date),
    }


def _appointment(thing: events_pb2.Appointment, ids: Ids) -> Values:
    return {
        "appointment_id": ids.of("appointment", thing.id),
        "patient_id": ids.of("patient", thing.patient_id),
        "provider_id": _id(ids, "provider", thing.provider_id),
        "status": thing.status,
        "start_at": _at(thing.start_at, thing, "start_at"),
        "end_at": _at(thing.end_at, thing, "end_at"),
        "booked_at": _at(thing.booked_at, thing, "booked_at"),
        "cancelled_at": _at(thing.cancelled_at, thing, "cancelled_at"),
        "encounter_id": _id(ids, "encounter", thing.encounter_id),
    }


_MAPPINGS: Mapping[str, tuple[Kind, str, Callable[[Any, Ids], Values]]] = {
    "patient": (PATIENT, "Patient", _patient),
    "encounter": (ENCOUNTER, "Encounter", _encounter),
    "charge": (CHARGE, "Charge", _charge),
    "claim": (CLAIM, "Claim", _claim),
    "ledger_entry": (LEDGER, "LedgerEntry", _ledger_entry),
    "appointment": (APPOINTMENT, "Appointment", _appointment),
}
