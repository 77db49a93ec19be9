"""Log, relay, broker and consumer together: every event takes effect once and in order, whatever
the broker doubles, turns round, or loses."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from google.protobuf.wrappers_pb2 import StringValue
from nats.aio.client import Client

from conftest import eventually
from praxis.event.v1 import event_log_service_pb2_grpc, event_pb2
from praxis_chassis import nkeys
from praxis_chassis.broker import Broker
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.channels import open_channel
from praxis_chassis.consumer import SERVICE, Consumer, EventLogServicer, EventReader
from praxis_chassis.database import Connection, Database
from praxis_chassis.dead_letters import DeadLetters, run
from praxis_chassis.records import emit
from praxis_chassis.relay import Relay, read_log
from praxis_chassis.server import Server
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_cli.stack.cluster import start_nats
from praxis_cli.stack.services import Stack
from praxis_cli.stack.streams import ensure

from .conftest import MakeScratch, Scratch, opened

# The broker knows these users; the databases behind them are scratch.
PRODUCER, CONSUMER = "analytics", "dashboard"
SUBJECT, ENVELOPE = "praxis.analytics.v1.thing.made", "praxis.analytics.v1.envelope"
PRACTICE = uuid.uuid4()
_EVENT_TABLES = """
from praxis_chassis.migrations import create_event_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_event_tables("{service}")
"""


@dataclass
class Pair:
    """A producer and a consumer with a database each, a broker and a gRPC way between them."""

    told: Database
    heard: Database
    producer: Broker
    listener: Broker
    admin: Client
    reader: EventReader
    poison: set[str] = field(default_factory=set)
    order: list[str] = field(default_factory=list)

    def consumer(self) -> Consumer:
        """A consumer whose effect is a row per event; it cannot swallow what is poison."""
        return Consumer(
            database=self.heard,
            broker=self.listener,
            reader=self.reader,
            name=CONSUMER,
            producer=PRODUCER,
            handlers={SUBJECT: self.handle},
        )

    async def handle(self, connection: Connection, event: event_pb2.Event) -> None:
        """The effect of an event."""
        name = StringValue.FromString(event.payload).value
        if name in self.poison:
            raise ValueError("poison")
        await connection.execute(
            "insert into thing (practice_id, thing_id, name) values (%s, %s, %s)",
            (PRACTICE, uuid.UUID(event.event_id), name),
        )
        self.order.append(name)

    async def tell(self, *names: str) -> None:
        """One command per name, each with its event."""
        enter(Call(Caller(PRACTICE, "u", frozenset()), uuid.uuid4().hex, "", time.monotonic() + 60))
        for name in names:
            async with self.told.write(PRACTICE) as connection:
                await emit(connection, PRACTICE, SUBJECT, StringValue(value=name))

    async def log(self) -> list[event_pb2.Event]:
        """The numbered log."""
        async with self.told.read(None) as connection:
            return await read_log(connection, 0, 10_000)

    async def dead(self) -> list[tuple[str, int]]:
        """Reason and number of what could not be applied."""
        async with self.heard.read(None) as connection:
            cursor = await connection.execute("select reason, seq from dead_letter order by seq")
            return [(reason, seq) for reason, seq in await cursor.fetchall()]

    async def publish(self, *events: event_pb2.Event) -> None:
        """Puts an envelope of the producer on the broker, as it is."""
        envelope = event_pb2.Envelope(producer=PRODUCER, events=events)
        await self.producer.publish(ENVELOPE, envelope.SerializeToString(), uuid.uuid4().hex)


def _scratch(new_scratch: MakeScratch, name: str) -> Scratch:
    made = new_scratch(name)
    (made.versions / "0002.py").write_text(_EVENT_TABLES.format(service=name))
    made.migrate()
    return made


@pytest.fixture(scope="module")
def services(new_scratch: MakeScratch) -> tuple[Scratch, Scratch]:
    return _scratch(new_scratch, "teller"), _scratch(new_scratch, "listener")


@pytest.fixture
async def pair(
    postgres: Stack, services: tuple[Scratch, Scratch], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    teller, listener = services
    async with AsyncExitStack() as stack:
        told = await stack.enter_async_context(opened(teller.settings.conninfo("worker")))
        heard = await stack.enter_async_context(opened(listener.settings.conninfo("worker")))
        nats_server = stack.enter_context(start_nats(tmp_path_factory.mktemp("nats"))).server
        admin = await nkeys.connect(nats_server.url, nats_server.seed_file("admin"))
        stack.push_async_callback(admin.close)
        await ensure(admin.jetstream())
        brokers = []
        for user in (PRODUCER, CONSUMER):
            broker = Broker(nats_server.url, user, nats_server.seed_file(user))
            broker.start()
            stack.push_async_callback(broker.stop)
            brokers.append(broker)
        server = Server(InternalVerifier(load_keys(postgres.layout.secrets / "internal.jwks")))
        add = event_log_service_pb2_grpc.add_EventLogServiceServicer_to_server
        server.add(add, EventLogServicer(told), SERVICE)
        port = await server.start("127.0.0.1:0")
        stack.push_async_callback(server.drain, 0)
        channel = await stack.enter_async_context(open_channel(f"127.0.0.1:{port}", SERVICE))
        signer = InternalSigner("gateway", load_key(postgres.layout.secrets / "gateway.jwk"))
        yield Pair(told, heard, brokers[0], brokers[1], admin, EventReader(channel, signer))
    for scratch in services:
        with scratch.admin() as connection:
            connection.execute(
                "truncate event_log, cursor, dead_letter, thing; update relay set last_seq = 0,"
                " lease_owner = '', lease_until = '-infinity'"
            )


@asynccontextmanager
async def running(*work: Relay | Consumer) -> AsyncIterator[None]:
    """Relays and consumers at work."""
    tasks = [asyncio.create_task(one.run()) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(pair: Pair, names: list[str], seconds: float = 20) -> None:
    """Waits for these effects, in this order and no others."""
    deadline = time.monotonic() + seconds
    while len(pair.order) < len(names):
        assert time.monotonic() < deadline, pair.order
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    assert pair.order == names


async def test_what_was_told_is_heard_once_and_in_order(pair: Pair) -> None:
    """Two relays compete; numbers have no gaps and follow the order of the commands."""
    names = [f"n{n}" for n in range(60)]
    relays = [Relay(pair.told, pair.producer, PRODUCER) for _ in range(2)]
    async with running(*relays, pair.consumer()):
        await pair.tell(*names)
        await until(pair, names)
    log = await pair.log()
    assert [event.seq for event in log] == list(range(1, 61))
    assert [StringValue.FromString(event.payload).value for event in log] == names


async def test_a_relay_takes_over_where_a_dead_one_stopped(pair: Pair) -> None:
    """The first numbered but did not publish; what it holds runs out with its lease."""
    await pair.tell("a", "b")
    dead = Relay(pair.told, pair.producer, PRODUCER)
    fence = await dead._claim()
    assert fence is not None
    await dead._number(fence)
    assert await Relay(pair.told, pair.producer, PRODUCER)._claim() is None
    async with pair.told.write(None) as connection:
        await connection.execute("update relay set lease_until = clock_timestamp()")
    async with running(Relay(pair.told, pair.producer, PRODUCER), pair.consumer()):
        await pair.tell("c")
        await until(pair, ["a", "b", "c"])
        assert await dead._number(fence) == 0, "a fenced relay numbers nothing"


async def test_doubled_reordered_and_missing_envelopes_are_put_right(pair: Pair) -> None:
    names = [f"n{n}" for n in range(1, 9)]
    await pair.tell(*names)
    numbering = Relay(pair.told, pair.producer, PRODUCER)
    fence = await numbering._claim()
    assert fence is not None
    await numbering._number(fence)
    log = await pair.log()
    # 3 and 4 come first, 1 and 2 late and twice, 5 and 6 never, 8 before 7.
    for some in (log[2:4], log[0:2], log[0:2], log[7:8], log[6:7], log[2:4]):
        await pair.publish(*some)
    consumer = pair.consumer()
    following = asyncio.create_task(consumer._follow())
    await until(pair, names)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert await consumer.position() == 8
    assert not await pair.dead()


async def test_events_outlive_the_brokers_store(pair: Pair) -> None:
    """The stream is deleted with what nobody has read; the log gives it, and the stream is
    followed again once it is back."""
    jetstream = pair.admin.jetstream()
    relay = Relay(pair.told, pair.producer, PRODUCER)
    async with running(relay):
        await pair.tell("a", "b", "c")
        for _ in range(200):
            if (await jetstream.stream_info("PRAXIS_ANALYTICS")).state.messages:
                break
            await asyncio.sleep(0.05)
        await jetstream.delete_stream("PRAXIS_ANALYTICS")
        async with running(pair.consumer()):
            await until(pair, ["a", "b", "c"])
            await ensure(jetstream)
            await pair.tell("d", "e")
            await until(pair, ["a", "b", "c", "d", "e"])


async def test_a_poison_event_is_kept_apart_with_the_cursor_beyond_it(pair: Pair) -> None:
    pair.poison = {"b"}
    consumer = pair.consumer()
    async with running(Relay(pair.told, pair.producer, PRODUCER), consumer):
        await pair.tell("a", "b", "c")
        await until(pair, ["a", "c"])
    assert await consumer.position() == 3
    assert await pair.dead() == [("ValueError", 2)]
    # A consumer that begins again does not apply or bury anything a second time.
    await consumer.catch_up()
    assert pair.order == ["a", "c"]
    assert await pair.dead() == [("ValueError", 2)]


async def test_an_operator_replays_and_discards_what_was_set_apart(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    pair.poison |= {"bad", "worse"}
    await pair.tell("good", "bad", "worse")
    consumer = pair.consumer()
    async with running(Relay(pair.told, pair.producer, PRODUCER)):

        async def numbered() -> bool:
            return len(await pair.log()) == 3

        await eventually(numbered)
    await consumer.catch_up()
    assert len(await pair.dead()) == 2
    letters = DeadLetters(pair.heard, CONSUMER, PRODUCER, {SUBJECT: pair.handle})
    worse, bad = (str(one.id) for one in await letters.found())
    assert await run(letters, ["replay", bad]) == 1
    assert "ValueError" in capsys.readouterr().err
    pair.poison.clear()
    assert await run(letters, ["replay", bad]) == 0
    assert pair.order == ["good", "bad"]
    assert await run(letters, ["discard", worse]) == 0
    assert await run(letters, ["discard", worse]) == 2
    assert await letters.found() == []
    assert pair.order == ["good", "bad"]
