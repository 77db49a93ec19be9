"""Events of every kind in any order, doubled, late and voided end in the same facts."""

from __future__ import annotations

import random
import uuid
from typing import Any

import psycopg
import pytest

from conftest import NewPractice
from praxis.platform.v1 import events_pb2
from praxis_analytics.domain.facts import KINDS, Ids
from praxis_analytics.sources.platform import THINGS, to_batch
from praxis_analytics.storage.apply import apply
from praxis_chassis.database import Connection
from services.analytics.tests.platform_events import SYSTEM, draw_event, envelope

VERSIONS = range(1, 5)
THINGS_EACH = ("a", "b", "c", "d", "e")


def _facts(superuser: psycopg.Connection[Any], practice_id: uuid.UUID) -> dict[str, list[Any]]:
    """What counts of a practice, but for who wrote it when; ids by what they are made from, so
    that two practices compare."""
    found: dict[str, list[Any]] = {}
    for kind in KINDS:
        own = [name for name, sql in kind.columns if sql != "uuid"]
        names = [*own, "source_id", "source_version"]
        rows = superuser.execute(
            f"select {', '.join(names)} from {kind.table} where practice_id = %s and not voided"
            f" order by source_id, {', '.join(own) or '1'}".encode(),
            (practice_id,),
        ).fetchall()
        found[kind.table] = rows
    return found


async def _tell(
    connection: Connection,
    practice_id: uuid.UUID,
    events: list[events_pb2.Event],
    chance: random.Random,
) -> None:
    """Sends events in envelopes of random sizes."""
    while events:
        size = chance.randint(1, 40)
        some, events = events[:size], events[size:]
        await apply(
            connection, practice_id, to_batch(envelope(practice_id, *some), "USD"), uuid.uuid4()
        )


def _history() -> list[events_pb2.Event]:
    """Every version of two things of each kind, oldest first."""
    return [
        draw_event(name, thing_id, version)
        for version in VERSIONS
        for name in THINGS
        for thing_id in THINGS_EACH
    ]


@pytest.mark.parametrize("seed", range(2))
async def test_any_order_ends_in_the_same_facts(
    connection: Connection,
    superuser: psycopg.Connection[Any],
    new_practice: NewPractice,
    seed: int,
) -> None:
    """One practice hears the newest versions once, in order; the other hears everything, shuffled,
    one in three twice."""
    chance = random.Random(seed)
    calm, wild = (await new_practice()).practice_id, (await new_practice()).practice_id
    history = _history()
    newest = [event for event in history if event.version == VERSIONS[-1]]
    await _tell(connection, calm, newest, chance)
    noise = history + [event for event in history if chance.random() < 0.33]
    chance.shuffle(noise)
    await _tell(connection, wild, noise, chance)
    expected = _facts(superuser, calm)
    assert all(expected.values()), "every kind has facts"
    assert any(event.voided for event in newest), "some are voided"
    assert _facts(superuser, wild) == expected
    await _tell(connection, wild, noise, chance)
    assert _facts(superuser, wild) == expected


async def test_a_void_stays_when_the_thing_it_voids_comes_late(
    connection: Connection, superuser: psycopg.Connection[Any], new_practice: NewPractice
) -> None:
    practice_id = (await new_practice()).practice_id
    event = draw_event("charge", "h", 7)
    event.voided = False
    void = events_pb2.Event()
    void.CopyFrom(event)
    void.voided, void.version = True, 8
    for one in (void, event, void):
        await apply(
            connection, practice_id, to_batch(envelope(practice_id, one), "USD"), uuid.uuid4()
        )
    key = Ids(practice_id, SYSTEM).of("charge", "h")
    (row,) = superuser.execute(
        "select voided, source_version from fact_charge where practice_id = %s and charge_id = %s",
        (practice_id, key),
    ).fetchall()
    assert row == (True, 8)
