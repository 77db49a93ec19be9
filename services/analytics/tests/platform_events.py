"""Platform events drawn at random: what stands in one is a function of thing and version."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from praxis.platform.v1 import events_pb2

SYSTEM = "platform-test"
_BEGIN = datetime(2025, 3, 1, tzinfo=UTC)


def stamp(at: datetime) -> Timestamp:
    """An instant as a message."""
    made = Timestamp()
    made.FromDatetime(at)
    return made


def draw_event(name: str, thing_id: str, version: int) -> events_pb2.Event:
    """The event of one version of a thing: every field of its message filled, one in four voided.

    Few values, so that versions sometimes agree; lists differ in length from version to version.
    """
    chance = random.Random(f"{name}|{thing_id}|{version}")
    event = events_pb2.Event(
        event_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        version=version,
        voided=chance.random() < 0.25,
        occurred_at=stamp(_BEGIN),
    )
    thing = getattr(event, name)
    thing.SetInParent()
    fill(thing, chance)
    if name == "claim_event":
        thing.claim_id, thing.seq = thing_id, 1
    else:
        thing.id = thing_id
    if "day" in thing.DESCRIPTOR.fields_by_name and name != "medication":
        thing.ClearField("ended_on")
    return event


def envelope(practice_id: uuid.UUID, *events: events_pb2.Event) -> events_pb2.Envelope:
    """An envelope of these."""
    return events_pb2.Envelope(
        envelope_id=str(uuid.uuid4()),
        practice_id=str(practice_id),
        source_system=SYSTEM,
        events=events,
    )


def fill(message: Any, chance: random.Random) -> None:
    """Gives every field of a message a value that its rules allow."""
    for field in message.DESCRIPTOR.fields:
        if field.is_repeated:
            _fill_list(message, field, chance)
        elif field.message_type is not None:
            _fill_message(message, field, chance)
        elif field.type == field.TYPE_BOOL:
            setattr(message, field.name, chance.random() < 0.5)
        elif field.type == field.TYPE_INT32:
            setattr(message, field.name, chance.randint(1, 3))
        else:
            setattr(message, field.name, _text(field, chance))


def _fill_list(message: Any, field: Any, chance: random.Random) -> None:
    for number in range(chance.randint(0, 3)):
        if field.message_type is None:
            getattr(message, field.name).append(f"c{number}")
            continue
        one = getattr(message, field.name).add()
        fill(one, chance)
        if "item" in one.DESCRIPTOR.fields_by_name:
            one.item = f"item_{number}"


def _fill_message(message: Any, field: Any, chance: random.Random) -> None:
    inner: Message = getattr(message, field.name)
    inner.SetInParent()
    if field.message_type.name == "Timestamp":
        inner.CopyFrom(stamp(_BEGIN + timedelta(hours=chance.randint(0, 3))))
    elif field.message_type.name == "Payer":
        # What is told of a payer beside other things is the same each time.
        inner.CopyFrom(events_pb2.Payer(id="p1", name="Harbor Mutual", payer_class="commercial"))
    else:
        fill(inner, chance)


_PATTERNS: dict[str, Callable[[random.Random], str]] = {
    "^[0-9]{4}-": lambda chance: (date(2025, 3, 1) + timedelta(chance.randint(0, 2))).isoformat(),
    "^-?[0-9]{1,1": lambda chance: f"{chance.randint(1, 3)}.50",
    "^[0-9]{1,11}": lambda chance: f"{chance.randint(1, 3)}.50",
    "^[A-Z]{3}$": lambda _: "USD",
    "^[A-Z]{2,10}$": lambda _: "AMB",
    "^[0-9]{10}$": lambda chance: f"999000000{chance.randint(0, 3)}",
    "^[a-z": lambda chance: chance.choice(["active", "completed"]),
}


def _text(field: Any, chance: random.Random) -> str:
    rules = _rules(field)
    if getattr(rules, "in"):
        return str(chance.choice(list(getattr(rules, "in"))))
    for start, make in _PATTERNS.items():
        if rules.pattern.startswith(start):
            return make(chance)
    return f"v{chance.randint(1, 2)}"


def _rules(field: Any) -> Any:
    from buf.validate import validate_pb2

    return field.GetOptions().Extensions[validate_pb2.field].string
