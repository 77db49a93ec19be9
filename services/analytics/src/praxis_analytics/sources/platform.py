"""Platform events to facts: each event is the whole state of one thing.

Fields of the messages are named as the columns they fill, so the columns' types decide how each
is read. What differs from that stands in `_THINGS`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from praxis.platform.v1 import events_pb2
from praxis_analytics.domain import facts
from praxis_analytics.domain.facts import FIRST_YEAR, LAST_YEAR, PAYER, Batch, Ids, Kind, Source

Values = dict[str, Any]
Fact = tuple[Kind, str, Values]


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
        name = str(event.WhichOneof("thing"))
        try:
            _add(batch, event, THINGS[name], getattr(event, name), ids, currency)
        except BadEvent as error:
            field = f"events[{index}].{name}.{error.field}"
            raise BadEvent(field, error.message) from error
    return batch


@dataclass(frozen=True)
class Thing:
    """How an event becomes facts.

    `own` is what ids of this kind are made for, `id_field` the message's field with the id;
    `absent` gives columns their value when the message has none; `renamed` maps fields whose
    column has another name; `parts` are the facts of a thing that makes more than one.
    """

    kind: Kind
    name: str
    own: str
    id_field: str = "id"
    absent: Mapping[str, object] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    parts: Callable[[Any, Values, Ids], Iterator[Fact]] | None = None
    kinds: tuple[Kind, ...] = ()

    def values(self, thing: Any, ids: Ids) -> Values:
        """The columns of its fact. Raises: BadEvent."""
        found = {self.kind.key[0]: ids.of(self.own, getattr(thing, self.id_field))}
        return {**found, **self.absent, **_columns(self.kind, thing, ids, self.renamed)}


def _add(
    batch: Batch, event: events_pb2.Event, of: Thing, thing: Any, ids: Ids, currency: str
) -> None:
    if getattr(thing, "currency", "") not in ("", currency):
        raise BadEvent("currency", f"the practice keeps its books in {currency}")
    values = of.values(thing, ids)
    source_id = "/".join(str(getattr(thing, name)) for name in _id_fields(of))
    source = Source(ids.system, f"{of.name}/{source_id}", event.version)
    made: Iterator[Fact] = iter(((of.kind, source_id, values),))
    if of.parts is not None:
        made = of.parts(thing, values, ids)
        batch.yields(source, of.kinds)
    for kind, fact_id, columns in made:
        row = kind.fact(source, fact_id, voided=event.voided, **columns)
        batch.add(kind, row)
    if "payer" in thing.DESCRIPTOR.fields_by_name and thing.HasField("payer"):
        payer = thing.payer
        of_payer = Source(ids.system, f"payer/{payer.id}", event.version)
        batch.add(PAYER, PAYER.fact(of_payer, payer.id, **THINGS["payer"].values(payer, ids)))


def _id_fields(of: Thing) -> tuple[str, ...]:
    return (of.id_field, *of.kind.key[1:]) if of.parts is None else (of.id_field,)


# What a column that names something else names.
_NAMED = {
    "primary_provider_id": "provider",
    "assignee_id": "user",
    "sender_id": "user",
    "recipient_id": "user",
    "reviewed_by": "user",
    "posted_by": "user",
}


def _columns(kind: Kind, message: Any, ids: Ids, renamed: Mapping[str, str]) -> Values:
    """The columns that the set fields of a message fill, by the types of the columns."""
    types = dict(kind.columns)
    values: Values = {}
    for descriptor, value in message.ListFields():
        name = renamed.get(descriptor.name, descriptor.name)
        if descriptor.name == "payer":
            values["payer_id"] = ids.of("payer", value.id)
        elif name in types:
            values[name] = _value(name, types[name], value, ids)
        elif name == "ended_on":
            raise BadEvent(name, "is only of medications")
    return values


def _value(name: str, sql_type: str, value: Any, ids: Ids) -> object:
    if value == "":
        return None
    if sql_type == "uuid":
        return ids.of(_NAMED.get(name) or name.removesuffix("_id"), value)
    if sql_type == "date":
        return _day(name, value)
    if sql_type == "timestamptz":
        return _instant(name, value)
    if sql_type.startswith("numeric"):
        return Decimal(value)
    return list(value) if sql_type == "text[]" else value


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadEvent(name, "is no calendar date") from None
    _check_year(name, day.year)
    return day


def _instant(name: str, value: Any) -> datetime:
    try:
        instant: datetime = value.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadEvent(name, "is out of range") from None
    _check_year(name, instant.year)
    return instant


def _check_year(name: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadEvent(name, f"must lie between {FIRST_YEAR} and {LAST_YEAR}")


def _survey(thing: Any, values: Values, ids: Ids) -> Iterator[Fact]:
    """A survey and its answers."""
    yield facts.SURVEY, thing.id, values
    for answer in thing.answers:
        own = _columns(facts.SURVEY_ANSWER, answer, ids, {})
        yield (
            facts.SURVEY_ANSWER,
            f"{thing.id}|{answer.item}",
            {"response_id": values["response_id"], **own},
        )


def _observation(thing: Any, values: Values, ids: Ids) -> Iterator[Fact]:
    """The value itself as row 0, components as 1, 2 …"""
    for number, result in enumerate((thing.result, *thing.components)):
        own = _columns(facts.OBSERVATION, result, ids, {})
        yield facts.OBSERVATION, thing.id, {**values, **own, "component_no": number}


def _care(kind: Kind, name: str, day: str) -> Thing:
    own = kind.key[0].removesuffix("_id")
    return Thing(kind, name, own, absent={"not_done": False}, renamed={"day": day})


THINGS: Mapping[str, Thing] = {
    "patient": Thing(facts.PATIENT, "Patient", "patient"),
    "provider": Thing(facts.PROVIDER, "Provider", "provider"),
    "staff_user": Thing(facts.STAFF_USER, "StaffUser", "user"),
    "payer": Thing(PAYER, "payer", "payer"),
    "location": Thing(facts.LOCATION, "Location", "location"),
    "coverage": Thing(facts.COVERAGE, "Coverage", "coverage"),
    "slot": Thing(facts.SLOT, "Slot", "slot"),
    "appointment": Thing(facts.APPOINTMENT, "Appointment", "appointment"),
    "encounter": Thing(facts.ENCOUNTER, "Encounter", "encounter"),
    "charge": Thing(facts.CHARGE, "Charge", "charge"),
    "claim": Thing(facts.CLAIM, "Claim", "claim", absent={"claim_order": 1, "frequency_code": 1}),
    "claim_event": Thing(facts.CLAIM_EVENT, "ClaimEvent", "claim", id_field="claim_id"),
    "ledger_entry": Thing(facts.LEDGER, "LedgerEntry", "ledger"),
    "task": Thing(facts.TASK, "Task", "task"),
    "document": Thing(facts.DOCUMENT, "Document", "document"),
    "verification": Thing(facts.VERIFICATION, "Verification", "verification"),
    "message": Thing(facts.MESSAGE, "StaffMessage", "message"),
    "survey": Thing(
        facts.SURVEY,
        "Survey",
        "response",
        parts=_survey,
        kinds=(facts.SURVEY, facts.SURVEY_ANSWER),
    ),
    "condition": Thing(facts.CONDITION, "Condition", "condition"),
    "observation": Thing(
        facts.OBSERVATION,
        "Observation",
        "observation",
        parts=_observation,
        kinds=(facts.OBSERVATION,),
    ),
    "procedure": _care(facts.PROCEDURE, "Procedure", "performed_on"),
    "medication": _care(facts.MEDICATION, "MedicationRequest", "ordered_on"),
    "immunization": _care(facts.IMMUNIZATION, "Immunization", "performed_on"),
    "service_request": _care(facts.SERVICE_REQUEST, "ServiceRequest", "ordered_on"),
    "device_request": _care(facts.DEVICE_REQUEST, "DeviceRequest", "ordered_on"),
}
