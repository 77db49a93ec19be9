"""Platform events on a real broker and over the gRPC stream: applied once, bad ones set apart."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
import psycopg
import pytest
import pytest_asyncio
from nats.aio.client import Client as NatsClient

from conftest import NewPractice, eventually
from praxis.analytics.v1 import ingest_service_pb2 as pb
from praxis.analytics.v1 import ingest_service_pb2_grpc
from praxis.platform.v1 import events_pb2
from praxis_analytics.api.ingest import IngestServicer
from praxis_analytics.application.ingest import Ingest
from praxis_analytics.bootstrap import INGEST
from praxis_analytics.settings import Settings
from praxis_chassis import nkeys
from praxis_chassis.broker import Broker
from praxis_chassis.caller import Caller
from praxis_chassis.channels import metadata, open_channel
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import Forbidden, InvalidInput, NotFound, from_rpc
from praxis_chassis.server import Server
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_cli.stack.cluster import start_nats
from praxis_cli.stack.services import Stack
from praxis_cli.stack.streams import ensure
from services.analytics.tests.platform_events import draw_event, envelope

SUBJECT = "praxis.platform.v1.envelope"


@dataclass(frozen=True)
class Ingesting:
    """Analytics' way in for events, running: the broker's followers and the gRPC server."""

    platform: NatsClient
    stub: Any
    signer: InternalSigner

    async def publish(self, content: bytes) -> None:
        """Publishes as the platform does."""
        await self.platform.jetstream().publish(SUBJECT, content)

    def metadata(self, practice_id: uuid.UUID, role: str = "owner") -> Any:
        """What a call of the practice's owner carries."""
        token = self.signer.mint(Caller(practice_id, "u1", frozenset({role})))
        return metadata(token, uuid.uuid4().hex)

    async def call(
        self, method: str, request: Any, practice_id: uuid.UUID, role: str = "owner"
    ) -> Any:
        """One call; a failure comes back as the chassis's own error."""
        try:
            return await getattr(self.stub, method)(
                request, metadata=self.metadata(practice_id, role), timeout=20
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ingesting(
    postgres: Stack, analytics_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ingesting]:
    database = Database(analytics_settings.conninfo("app"), 4)
    working = Database(analytics_settings.conninfo("worker"), 4)
    ingest = Ingest(database, working)
    server = Server(InternalVerifier(load_keys(analytics_settings.internal_jwks_file)))
    server.add(
        ingest_service_pb2_grpc.add_IngestServiceServicer_to_server, IngestServicer(ingest), INGEST
    )
    port = await server.start("127.0.0.1:0")
    with start_nats(tmp_path_factory.mktemp("nats")) as running:
        url, seeds = running.server.url, running.server.seed_file
        admin = await nkeys.connect(url, seeds("admin"))
        await ensure(admin.jetstream())
        platform = await nkeys.connect(url, seeds("platform"), inbox_prefix=b"_INBOX_platform")
        broker = Broker(url, "analytics", seeds("analytics"))
        broker.start()
        following = asyncio.create_task(ingest.follow(broker))
        signer = InternalSigner("gateway", load_key(postgres.layout.secrets / "gateway.jwk"))
        async with open_channel(f"127.0.0.1:{port}", INGEST) as channel:
            stub = ingest_service_pb2_grpc.IngestServiceStub(channel)  # type: ignore[no-untyped-call]
            yield Ingesting(platform, stub, signer)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await broker.stop()
        await platform.close()
        await admin.close()
    await server.drain(0)
    await database.close()
    await working.close()


def _charge(name: str, version: int = 1) -> events_pb2.Event:
    event = draw_event("charge", name, version)
    event.voided = False
    return event


def _charges(superuser: psycopg.Connection[Any], practice_id: uuid.UUID) -> set[str]:
    rows = superuser.execute(
        "select source_id from fact_charge where practice_id = %s and not voided", (practice_id,)
    )
    return {name for (name,) in rows.fetchall()}


async def _letters(ingesting: Ingesting, practice_id: uuid.UUID) -> list[Any]:
    found = await ingesting.call("ListDeadLetters", pb.ListDeadLettersRequest(), practice_id)
    return list(found.dead_letters)


async def test_a_poison_event_stands_in_nobodys_way(
    ingesting: Ingesting, superuser: psycopg.Connection[Any], new_practice: NewPractice
) -> None:
    """Of one envelope the good events are applied; envelopes behind it too; the bad is kept."""
    practice_id = (await new_practice()).practice_id
    bad = _charge("bad")
    bad.charge.currency = "EUR"
    first = envelope(practice_id, _charge("a"), bad, _charge("b")).SerializeToString()
    for content in (first, b"\xff no envelope", envelope(practice_id, _charge("c"))):
        await ingesting.publish(
            content if isinstance(content, bytes) else content.SerializeToString()
        )

    async def applied() -> bool:
        return _charges(superuser, practice_id) == {"a", "b", "c"}

    await eventually(applied)
    (letter,) = await _letters(ingesting, practice_id)
    assert letter.reason == "invalid_field: events[0].charge.currency"
    assert letter.subject == SUBJECT
    # Again, as after a crash before the acknowledgement: nothing doubles.
    await ingesting.publish(first)
    await ingesting.publish(envelope(practice_id, _charge("d")).SerializeToString())

    async def applied_more() -> bool:
        return "d" in _charges(superuser, practice_id)

    await eventually(applied_more)
    assert [one.dead_letter_id for one in await _letters(ingesting, practice_id)] == [
        letter.dead_letter_id
    ]


async def test_a_replay_applies_once_when_the_cause_is_gone(
    ingesting: Ingesting,
    superuser: psycopg.Connection[Any],
    new_practice: NewPractice,
    connection: Connection,
) -> None:
    """Events came before their practice was known; two people replay at once."""
    practice_id = uuid.uuid4()
    await ingesting.publish(envelope(practice_id, _charge("early")).SerializeToString())

    async def kept() -> bool:
        return bool(await _letters(ingesting, practice_id))

    await eventually(kept)
    (letter,) = await _letters(ingesting, practice_id)
    assert letter.reason == "not_found"
    request = pb.ReplayDeadLetterRequest(dead_letter_id=letter.dead_letter_id)
    with pytest.raises(NotFound):
        await ingesting.call("ReplayDeadLetter", request, practice_id)
    assert await _letters(ingesting, practice_id), "it is kept while it cannot be applied"

    await new_practice(practice_id=practice_id)
    both = await asyncio.gather(
        *(ingesting.call("ReplayDeadLetter", request, practice_id) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["NotFound", "PublishEventsResponse"]
    assert _charges(superuser, practice_id) == {"early"}
    assert not await _letters(ingesting, practice_id)
    actions = superuser.execute(
        "select action from audit_log where practice_id = %s and object_id = %s",
        (practice_id, letter.dead_letter_id),
    ).fetchall()
    assert actions == [("dead_letter.replayed",)]


async def test_a_discarded_letter_is_gone_and_on_record(
    ingesting: Ingesting, superuser: psycopg.Connection[Any], new_practice: NewPractice
) -> None:
    practice_id = (await new_practice()).practice_id
    other = (await new_practice()).practice_id
    for name in ("x", "y", "z"):
        bad = _charge(name)
        bad.charge.posting_date = "2025-02-30"
        await ingesting.publish(envelope(practice_id, bad).SerializeToString())

    async def kept() -> bool:
        return len(await _letters(ingesting, practice_id)) == 3

    await eventually(kept)
    pages, token = [], ""
    for _ in range(2):
        request = pb.ListDeadLettersRequest(page_size=2, page_token=token)
        page = await ingesting.call("ListDeadLetters", request, practice_id)
        pages.append([one.dead_letter_id for one in page.dead_letters])
        token = page.next_page_token
    assert [len(page) for page in pages] == [2, 1]
    assert not token
    ids = {one for page in pages for one in page}
    assert ids == {one.dead_letter_id for one in await _letters(ingesting, practice_id)}

    discard = pb.DiscardDeadLetterRequest(dead_letter_id=pages[0][0])
    with pytest.raises(NotFound):
        await ingesting.call("DiscardDeadLetter", discard, other)
    with pytest.raises(Forbidden):
        await ingesting.call("DiscardDeadLetter", discard, practice_id, role="billing")
    await ingesting.call("DiscardDeadLetter", discard, practice_id)
    left = {one.dead_letter_id for one in await _letters(ingesting, practice_id)}
    assert left == ids - {pages[0][0]}
    (row,) = superuser.execute(
        "select action from audit_log where practice_id = %s and object_id = %s",
        (practice_id, pages[0][0]),
    ).fetchall()
    assert row == ("dead_letter.discarded",)


# The gRPC stream.


def _many(practice_id: uuid.UUID, count: int, per: int = 20) -> list[events_pb2.Envelope]:
    return [envelope(practice_id, *(_charge(f"{n}-{m}") for m in range(per))) for n in range(count)]


async def test_a_stream_answers_each_envelope_in_turn(
    ingesting: Ingesting, superuser: psycopg.Connection[Any], new_practice: NewPractice
) -> None:
    practice_id = (await new_practice()).practice_id
    sent = _many(practice_id, 30)
    stream = ingesting.stub.StreamEvents(iter(sent), metadata=ingesting.metadata(practice_id))
    answers = [answer async for answer in stream]
    assert [one.envelope_id for one in answers] == [one.envelope_id for one in sent]
    revisions = [one.revision for one in answers]
    assert revisions == sorted(set(revisions))
    # 20 charges, and with the first envelope their payer.
    assert [one.inserted for one in answers] == [21] + [20] * 29
    assert len(_charges(superuser, practice_id)) == 600
    again = ingesting.stub.StreamEvents(iter(sent), metadata=ingesting.metadata(practice_id))
    assert not [answer async for answer in again if answer.HasField("revision")]


async def test_a_bad_envelope_ends_the_stream_and_what_was_answered_stays(
    ingesting: Ingesting, superuser: psycopg.Connection[Any], new_practice: NewPractice
) -> None:
    practice_id = (await new_practice()).practice_id
    sent = _many(practice_id, 10)
    sent[4].events[3].charge.posting_date = "2025-02-30"
    stream = ingesting.stub.StreamEvents(iter(sent), metadata=ingesting.metadata(practice_id))
    answered = []
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        async for answer in stream:
            answered.append(answer.envelope_id)
    error = from_rpc(refused.value)
    assert isinstance(error, InvalidInput)
    assert [one.field for one in error.violations] == ["events[3].charge.posting_date"]
    assert answered == [one.envelope_id for one in sent[:4]]
    assert _charges(superuser, practice_id) == {f"{n}-{m}" for n in range(4) for m in range(20)}


async def test_a_foreign_practice_ends_the_stream(
    ingesting: Ingesting, superuser: psycopg.Connection[Any], new_practice: NewPractice
) -> None:
    practice_id, other = (await new_practice()).practice_id, (await new_practice()).practice_id
    stream = ingesting.stub.StreamEvents(
        iter(_many(other, 1)), metadata=ingesting.metadata(practice_id)
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await anext(aiter(stream))
    assert isinstance(from_rpc(refused.value), NotFound)
    assert not _charges(superuser, other)


async def test_a_cancelled_stream_leaves_whole_envelopes_and_a_serving_server(
    ingesting: Ingesting, superuser: psycopg.Connection[Any], new_practice: NewPractice
) -> None:
    """What was answered is there; what was not is there whole or not at all."""
    practice_id = (await new_practice()).practice_id
    sent = _many(practice_id, 40)
    stream = ingesting.stub.StreamEvents(iter(sent), metadata=ingesting.metadata(practice_id))
    answers = aiter(stream)
    answered = [(await anext(answers)).envelope_id for _ in range(5)]
    stream.cancel()
    assert answered == [one.envelope_id for one in sent[:5]]
    request = envelope(practice_id, _charge("after"))
    response = await ingesting.call("PublishEvents", request, practice_id)
    assert response.inserted == 1
    found = _charges(superuser, practice_id) - {"after"}
    by_envelope = {name.split("-")[0] for name in found}
    assert {str(n) for n in range(5)} <= by_envelope
    assert found == {f"{n}-{m}" for n in by_envelope for m in range(20)}
