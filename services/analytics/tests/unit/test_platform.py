"""Platform events become facts: every kind, every column, and refusals that name the field."""

from __future__ import annotations

import random
import uuid
from datetime import date
from decimal import Decimal

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from praxis.platform.v1 import events_pb2
from praxis_analytics.domain.facts import (
    CHARGE,
    CLAIM_EVENT,
    KINDS,
    MEDICATION,
    OBSERVATION,
    PAYER,
    SURVEY,
    SURVEY_ANSWER,
    Ids,
    Kind,
    Row,
)
from praxis_analytics.sources.platform import THINGS, BadEvent, to_batch
from praxis_chassis.server import validate
from services.analytics.tests.platform_events import SYSTEM, draw_event, envelope

PRACTICE = uuid.UUID("0197a000-0000-7000-8000-000000000001")
IDS = Ids(PRACTICE, SYSTEM)


def _rows(kind: Kind, *events: events_pb2.Event) -> list[dict[str, object]]:
    rows: list[Row] = list(to_batch(envelope(PRACTICE, *events), "USD").rows[kind].values())
    return [dict(zip(kind.names, row, strict=False)) for row in rows]


def test_every_kind_of_fact_has_an_event() -> None:
    """Answers are told with their survey; everything else has a message of its own."""
    event = events_pb2.Event.DESCRIPTOR.oneofs_by_name["thing"]
    assert {field.name for field in event.fields} == set(THINGS)
    assert {thing.kind for thing in THINGS.values()} | {SURVEY_ANSWER} == set(KINDS)


@pytest.mark.parametrize("name", THINGS)
def test_every_column_of_a_fact_can_be_told(name: str) -> None:
    """A drawn event fills every column; the contract accepts it."""
    kind = THINGS[name].kind
    filled: set[str] = set()
    for version in range(1, 30):
        event = draw_event(name, "x", version)
        validate(envelope(PRACTICE, event))
        for row in _rows(kind, event):
            filled |= {column for column, value in row.items() if value is not None}
    assert filled == set(kind.names)


def test_values_keep_their_types() -> None:
    charge = events_pb2.Charge(
        id="h1", patient_id="a", amount="120.10", currency="USD", units="2.5",
        service_date="2025-03-01", posting_date="2025-03-02",
        payer=events_pb2.Payer(id="p1", name="Harbor Mutual", payer_class="commercial"),
    )  # fmt: skip
    event = events_pb2.Event(version=3, charge=charge)
    (row,) = _rows(CHARGE, event)
    assert row["charge_id"] == IDS.of("charge", "h1")
    assert row["payer_id"] == IDS.of("payer", "p1")
    assert (row["amount"], row["units"]) == (Decimal("120.10"), Decimal("2.5"))
    assert row["posting_date"] == date(2025, 3, 2)
    assert row["code"] is None
    assert _rows(PAYER, event)[0]["name"] == "Harbor Mutual"


def test_parts_of_a_thing_are_facts_of_their_own() -> None:
    """Components are numbered from 1; answers carry the id of their survey."""
    pressure = events_pb2.Event(version=1)
    pressure.observation.id = "o1"
    pressure.observation.result.code = "85354-9"
    for code, value in (("8480-6", "128"), ("8462-4", "81")):
        pressure.observation.components.add(code=code, value_num=value)
    rows = _rows(OBSERVATION, pressure)
    assert [(row["component_no"], row["code"]) for row in rows] == [
        (0, "85354-9"), (1, "8480-6"), (2, "8462-4"),
    ]  # fmt: skip
    survey = events_pb2.Event(version=1)
    survey.survey.id = "s1"
    survey.survey.answers.add(item="recommend", value_num="9")
    assert _rows(SURVEY, survey)[0]["response_id"] == IDS.of("response", "s1")
    (answer,) = _rows(SURVEY_ANSWER, survey)
    assert (answer["response_id"], answer["item"]) == (IDS.of("response", "s1"), "recommend")


def test_a_step_of_a_claim_is_known_by_claim_and_place() -> None:
    events = [draw_event("claim_event", "c1", 1) for _ in range(2)]
    events[1].claim_event.seq = 2
    rows = to_batch(envelope(PRACTICE, *events), "USD").rows[CLAIM_EVENT]
    assert set(rows) == {(IDS.of("claim", "c1"), 1), (IDS.of("claim", "c1"), 2)}


def test_care_carries_its_own_day() -> None:
    event = events_pb2.Event(version=1)
    event.medication.id, event.medication.day = "m1", "2025-03-01"
    event.medication.ended_on = "2025-03-31"
    (row,) = _rows(MEDICATION, event)
    assert (row["ordered_on"], row["ended_on"]) == (date(2025, 3, 1), date(2025, 3, 31))
    assert row["not_done"] is False


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("events[1].charge.posting_date", "2025-02-30"),
        ("events[1].charge.currency", "EUR"),
        ("events[1].procedure.ended_on", "2025-03-01"),
        ("events[1].slot.start_at", Timestamp(seconds=10**15)),
        ("events[1].charge.posting_date", "1799-12-31"),
        ("events[1].encounter.start_at", Timestamp(seconds=-62_135_596_800)),  # year 1
        ("events[1].appointment.start_at", Timestamp(seconds=253_402_300_799)),  # year 9999
    ],
)
def test_what_cannot_be_a_fact_is_refused_by_field(field: str, value: object) -> None:
    _, name, column = field.split(".")
    bad = draw_event(name, "x", 1)
    thing = getattr(bad, name)
    thing.ClearField(column)
    thing.MergeFrom(type(thing)(**{column: value}))
    with pytest.raises(BadEvent) as refused:
        to_batch(envelope(PRACTICE, draw_event("patient", "a", 1), bad), "USD")
    assert refused.value.field == field


def test_of_versions_in_one_envelope_the_newest_stands() -> None:
    versions = [draw_event("task", "t", version) for version in range(1, 9)]
    last = _rows(THINGS["task"].kind, versions[-1])
    random.Random(1).shuffle(versions)
    assert _rows(THINGS["task"].kind, *versions, versions[0]) == last
