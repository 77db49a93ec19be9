"""An example of a platform: tells Praxis, over the broker, what happens in a clinic all day.

Read it as a sample: one envelope a practice, ids of the sender, versions that rise, money as
exact decimal text.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from nats.errors import Error as NatsError

from praxis.platform.v1 import events_pb2, office_pb2
from praxis_chassis import nkeys
from praxis_cli.stack.services import Stack

SUBJECT = "praxis.platform.v1.envelope"
USER = "platform"
_SYSTEM = "platform-demo"
_PAYERS = (
    ("p1", "Harbor Mutual", "commercial"),
    ("p2", "Medicare", "medicare"),
    ("p3", "State Medicaid", "medicaid"),
)
_ASKS = 0.2
_FEES = ("92.00", "131.50", "187.25", "240.00")


def _stamp(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at.astimezone(UTC).replace(tzinfo=None))
    return stamp


@dataclass(frozen=True)
class _Visit:
    """What happens to one patient: the numbers that its events share."""

    number: str
    patient: str
    today: str
    start: datetime
    now: datetime
    payer: events_pb2.Payer
    fee: Decimal
    paid: Decimal
    outcome: str
    lead: timedelta


def _draw(zone: str, now: datetime, chance: random.Random) -> _Visit:
    payer_id, name, payer_class = chance.choice(_PAYERS)
    fee = Decimal(chance.choice(_FEES))
    return _Visit(
        number=f"{now:%Y%m%d%H%M%S%f}",
        patient=f"live-{chance.randrange(400)}",
        today=now.astimezone(ZoneInfo(zone)).date().isoformat(),
        start=now - timedelta(minutes=20),
        now=now,
        payer=events_pb2.Payer(id=payer_id, name=name, payer_class=payer_class),
        fee=fee,
        paid=(fee * Decimal(chance.randrange(45, 90)) / 100).quantize(Decimal("0.01")),
        outcome=chance.choices(("fulfilled", "noshow", "cancelled"), (85, 8, 7))[0],
        lead=timedelta(days=chance.randrange(1, 30)),
    )


def _care(visit: _Visit) -> list[events_pb2.Event]:
    """The patient, the encounter and the appointment it came of."""
    patient = events_pb2.Patient(id=visit.patient, family_name="Live", sex="other")
    encounter = events_pb2.Encounter(
        id=f"e{visit.number}",
        patient_id=visit.patient,
        status="finished",
        type_code="185349003",
        start_at=_stamp(visit.start),
        end_at=_stamp(visit.now),
        **{"class": "AMB"},
    )
    appointment = events_pb2.Appointment(
        id=f"a{visit.number}",
        patient_id=visit.patient,
        status=visit.outcome,
        start_at=_stamp(visit.start),
        end_at=_stamp(visit.now),
        booked_at=_stamp(visit.start - visit.lead),
        encounter_id=encounter.id,
        reminder_sent_at=_stamp(visit.start - timedelta(days=1)),
    )
    if visit.outcome == "fulfilled":
        appointment.checked_in_at.CopyFrom(_stamp(visit.start - timedelta(minutes=8)))
        appointment.roomed_at.CopyFrom(_stamp(visit.start + timedelta(minutes=2)))
        appointment.checked_out_at.CopyFrom(_stamp(visit.now))
    return [
        events_pb2.Event(patient=patient),
        events_pb2.Event(encounter=encounter),
        events_pb2.Event(appointment=appointment),
    ]


def _money(visit: _Visit) -> list[events_pb2.Event]:
    """The claim, its charge and a first payment."""
    claim = events_pb2.Claim(
        id=f"c{visit.number}",
        patient_id=visit.patient,
        encounter_id=f"e{visit.number}",
        payer=visit.payer,
        kind="professional",
        billed=str(visit.fee),
        currency="USD",
        created_on=visit.today,
        service_from=visit.today,
    )
    charge = events_pb2.Charge(
        id=f"h{visit.number}",
        patient_id=visit.patient,
        encounter_id=f"e{visit.number}",
        claim_id=claim.id,
        payer=visit.payer,
        code="99213",
        amount=str(visit.fee),
        currency="USD",
        service_date=visit.today,
        posting_date=visit.today,
    )
    payment = events_pb2.LedgerEntry(
        id=f"l{visit.number}",
        patient_id=visit.patient,
        claim_id=claim.id,
        payer=visit.payer,
        entry="payment",
        reason="insurance",
        method="eft",
        amount=str(visit.paid),
        currency="USD",
        posting_date=visit.today,
    )
    return [
        events_pb2.Event(claim=claim),
        events_pb2.Event(charge=charge),
        events_pb2.Event(ledger_entry=payment),
    ]


def _desk(practice_id: uuid.UUID, visit: _Visit) -> list[events_pb2.Event]:
    """A question to the practice's owner, not yet read; its recipient is a user of sign-in."""
    owner = office_pb2.StaffUser(
        id=str(uuid.uuid5(practice_id, "owner")), display_name="Owner", role="owner", active=True
    )
    message = office_pb2.StaffMessage(
        id=f"m{visit.number}",
        thread_id=f"m{visit.number}",
        recipient_id=owner.id,
        patient_id=visit.patient,
        sent_at=_stamp(visit.now),
    )
    return [events_pb2.Event(staff_user=owner), events_pb2.Event(message=message)]


def envelope(practice_id: uuid.UUID, zone: str, now: datetime, chance: random.Random) -> bytes:
    """One patient's visit, booked, charged, claimed and paid, and at times a question about it,
    as a serialised envelope."""
    visit = _draw(zone, now, chance)
    made = events_pb2.Envelope(
        envelope_id=str(uuid.uuid4()), practice_id=str(practice_id), source_system=_SYSTEM
    )
    asks = chance.random() < _ASKS
    for event in (*_care(visit), *_money(visit), *(_desk(practice_id, visit) if asks else ())):
        event.event_id = str(uuid.uuid4())
        event.version = time.time_ns() // 1000
        event.occurred_at.CopyFrom(_stamp(now))
        made.events.append(event)
    return made.SerializeToString()


async def publish(
    stack: Stack, practice_id: uuid.UUID, zone: str, say: Callable[[str], None], every_s: float = 2
) -> None:
    """Publishes a visit every two seconds until cancelled; a lost broker is waited for."""
    seed = stack.nats.seed_file(USER)
    client = await nkeys.connect(
        stack.nats.url,
        seed,
        inbox_prefix=f"_INBOX_{USER}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
    )
    chance = random.Random()  # noqa: S311  (a sample, not a secret)
    try:
        while True:
            content = envelope(practice_id, zone, datetime.now(UTC), chance)
            headers = {"Nats-Msg-Id": str(uuid.uuid4())}
            try:
                await client.jetstream(timeout=5).publish(SUBJECT, content, headers=headers)
            except (NatsError, TimeoutError):
                say("the broker did not take a visit; trying the next one")
            await asyncio.sleep(every_s)
    finally:
        await client.close()
