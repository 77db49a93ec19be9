"""Platform events: how many are applied a second, and how soon one is seen."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any

import psycopg
from nats.js.client import JetStreamContext

from conftest import RunningStack, enter_as
from praxis.analytics.v1 import ingest_service_pb2_grpc
from praxis.platform.v1 import events_pb2
from praxis_analytics.bootstrap import INGEST
from praxis_analytics.sources.platform import to_batch
from praxis_analytics.storage.apply import apply
from praxis_chassis import nkeys
from praxis_chassis.caller import Caller
from praxis_chassis.channels import metadata, open_channel
from praxis_chassis.tokens import InternalSigner, load_key
from praxis_cli.live import SUBJECT, USER, envelope
from praxis_cli.stack.services import Stack
from tests.load.clinic import service_stack, superuser
from tests.load.row import Row

# An envelope is of so many visits, of at least six events each.
VISITS, ENVELOPES = 140, 50
SINGLES = 200
_ZONE = "America/New_York"


def run(stack: RunningStack) -> list[Row]:
    """Rows for events a second by stream and by broker, and for the delay of a single one."""
    return asyncio.run(_run(stack))


async def _run(stack: RunningStack) -> list[Row]:
    inner = service_stack(stack)
    applied = await _apply_alone(stack)
    streamed = await _stream(stack, inner)
    client = await nkeys.connect(
        inner.nats.url,
        inner.nats.seed_file(USER),
        inbox_prefix=f"_INBOX_{USER}".encode(),
    )
    try:
        jetstream = client.jetstream(timeout=10)
        published = await _publish(stack, jetstream)
        acknowledged, seen = await _delays(stack, jetstream)
    finally:
        await client.close()
    return [
        _rate("events.stream", streamed, applied),
        _rate("events.broker", published, applied),
        Row(
            "events.visible.p95", seen, "ms", acknowledged, seen / acknowledged,
            "<= 500 ms from publishing", seen <= 500,
        ),
    ]  # fmt: skip


def _rate(name: str, value: float, bare: float) -> Row:
    goal = ">= 5,000 events/s"
    return Row(name, value, "events/s", bare, value / bare, goal, value >= 5000)


def _envelopes(practice_id: uuid.UUID, count: int, visits: int) -> Iterator[events_pb2.Envelope]:
    """Envelopes of new visits, no two alike."""
    chance = random.Random(1)
    at = datetime.now(UTC) - timedelta(days=1)
    for _ in range(count):
        whole = events_pb2.Envelope()
        for _ in range(visits):
            at += timedelta(microseconds=1)
            one = events_pb2.Envelope.FromString(envelope(practice_id, _ZONE, at, chance))
            whole.MergeFrom(one)
        yield whole


def _events(sent: list[events_pb2.Envelope]) -> int:
    return sum(len(one.events) for one in sent)


async def _apply_alone(stack: RunningStack) -> float:
    """Events a second of parsed envelopes given to `apply`, without any transport."""
    practice_id = uuid.UUID(stack.practice("Bench apply"))
    sent = list(_envelopes(practice_id, ENVELOPES, VISITS))
    batches = [to_batch(one, "USD") for one in sent]
    enter_as(practice_id, "service")
    async with await psycopg.AsyncConnection.connect(
        superuser(stack), autocommit=True, prepare_threshold=None
    ) as connection:
        begun = time.perf_counter()
        for batch in batches:
            await apply(connection, practice_id, batch, uuid.uuid4())
        return _events(sent) / (time.perf_counter() - begun)


async def _stream(stack: RunningStack, inner: Stack) -> float:
    """Events a second over one gRPC stream, to the last answer."""
    practice_id = uuid.UUID(stack.practice("Bench stream"))
    sent = list(_envelopes(practice_id, ENVELOPES, VISITS))
    signer = InternalSigner("gateway", load_key(inner.layout.secrets / "gateway.jwk"))
    token = signer.mint(Caller(practice_id, "bench", frozenset({"service"})))
    async with open_channel(f"127.0.0.1:{inner.ports['analytics']}", INGEST) as channel:
        stub: Any = ingest_service_pb2_grpc.IngestServiceStub(channel)  # type: ignore[no-untyped-call]
        begun = time.perf_counter()
        call = stub.StreamEvents(iter(sent), metadata=metadata(token, "bench"), timeout=600)
        answers = [answer async for answer in call]
        seconds = time.perf_counter() - begun
    if len(answers) != ENVELOPES:
        raise RuntimeError("the stream ended early")
    return _events(sent) / seconds


async def _publish(stack: RunningStack, jetstream: JetStreamContext) -> float:
    """Events a second over the broker, until the last one is a fact."""
    practice_id = uuid.UUID(stack.practice("Bench broker"))
    sent = list(_envelopes(practice_id, ENVELOPES, VISITS))
    begun = time.perf_counter()
    for one in sent:
        await jetstream.publish(SUBJECT, one.SerializeToString())
    async with await psycopg.AsyncConnection.connect(
        superuser(stack), autocommit=True
    ) as connection:
        await _until(connection, practice_id, ENVELOPES * VISITS)
    return _events(sent) / (time.perf_counter() - begun)


async def _until(
    connection: psycopg.AsyncConnection[Any], practice_id: uuid.UUID, charges: int
) -> None:
    """Waits until a practice has so many charges."""
    while True:
        cursor = await connection.execute(
            "select count(*) from fact_charge where practice_id = %s", (practice_id,)
        )
        row = await cursor.fetchone()
        if row and row[0] >= charges:
            return
        await asyncio.sleep(0.002)


async def _delays(stack: RunningStack, jetstream: JetStreamContext) -> tuple[float, float]:
    """p95 in ms of one visit at a time: until the broker has it, and until its charge is read."""
    practice_id = uuid.UUID(stack.practice("Bench delay"))
    stored, seen = [], []
    async with await psycopg.AsyncConnection.connect(
        superuser(stack), autocommit=True
    ) as connection:
        for number, one in enumerate(_envelopes(practice_id, SINGLES, 1), 1):
            begun = time.perf_counter()
            await jetstream.publish(SUBJECT, one.SerializeToString())
            stored.append(time.perf_counter() - begun)
            await _until(connection, practice_id, number)
            seen.append(time.perf_counter() - begun)
    p95 = [quantiles(values, n=20)[-1] * 1000 for values in (stored, seen)]
    return p95[0], p95[1]
