"""The broker: each user publishes under its own name and reads its own consumer, no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from praxis_chassis import nkeys
from praxis_cli.stack.broker import USERS, Nats, stream
from praxis_cli.stack.cluster import Running

_REFUSED = (NatsTimeoutError, NoRespondersError)


class Users:
    """Connections by user name, and the permission errors each was told of."""

    def __init__(self, server: Nats) -> None:
        self._server = server
        self.clients: dict[str, Client] = {}
        self.errors: dict[str, list[str]] = {name: [] for name in USERS}

    async def connect(self, user: str) -> Client:
        async def told(error: Exception) -> None:
            self.errors[user].append(str(error).lower())

        client = await nkeys.connect(
            self._server.url,
            self._server.seed_file(user),
            inbox_prefix=f"_INBOX_{user}".encode(),
            error_cb=told,
        )
        self.clients[user] = client
        return client


@pytest.fixture
async def users(nats_server: Running[Nats]) -> AsyncIterator[Users]:
    users = Users(nats_server.server)
    admin = await users.connect("admin")
    for producer in ("analytics", "report"):
        await admin.jetstream().add_stream(
            StreamConfig(name=stream(producer), subjects=[f"praxis.{producer}.>"])
        )
    await admin.jetstream().add_consumer(
        stream("analytics"), ConsumerConfig(durable_name="dashboard", ack_policy=AckPolicy.EXPLICIT)
    )
    yield users
    for producer in ("analytics", "report"):
        await admin.jetstream().delete_stream(stream(producer))
    for client in users.clients.values():
        await client.close()


async def test_a_service_publishes_under_its_own_name_only(users: Users) -> None:
    js = (await users.connect("analytics")).jetstream()
    stored = await js.publish("praxis.analytics.v1.revision.applied", b"x")
    assert (stored.stream, stored.seq) == ("PRAXIS_ANALYTICS", 1)
    with pytest.raises(_REFUSED):
        await js.publish("praxis.report.v1.report.completed", b"x", timeout=0.5)
    assert any("permissions violation for publish" in text for text in users.errors["analytics"])
    info = await users.clients["admin"].jetstream().stream_info(stream("report"))
    assert info.state.messages == 0


async def test_a_named_consumer_is_read_by_its_owner_only(users: Users) -> None:
    await (await users.connect("analytics")).jetstream().publish("praxis.analytics.v1.a.b", b"1")
    own = (
        await (await users.connect("dashboard"))
        .jetstream()
        .pull_subscribe_bind("dashboard", stream("analytics"))
    )
    [message] = await own.fetch(1, timeout=5)
    assert message.data == b"1"
    await message.ack_sync()
    foreign = (
        await (await users.connect("gateway"))
        .jetstream()
        .pull_subscribe_bind("dashboard", stream("analytics"))
    )
    with pytest.raises(_REFUSED):
        await foreign.fetch(1, timeout=0.5)
    assert any("permissions violation for publish" in text for text in users.errors["gateway"])


async def test_nobody_but_the_admin_listens_in_or_manages_streams(users: Users) -> None:
    client = await users.connect("report")
    with pytest.raises(_REFUSED):
        await client.jetstream(timeout=0.5).delete_stream(stream("analytics"))
    for subject in ("praxis.analytics.>", "_INBOX_analytics.>", ">"):
        before = len(users.errors["report"])
        await client.subscribe(subject)
        await client.flush()
        async with asyncio.timeout(5):
            while len(users.errors["report"]) == before:  # noqa: ASYNC110  told by a callback
                await asyncio.sleep(0.01)
        assert "permissions violation for subscription" in users.errors["report"][-1]
    assert (await users.clients["admin"].jetstream().stream_info(stream("analytics"))).config


async def test_anonymous_clients_are_refused(nats_server: Running[Nats]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", nats_server.server.port)
    assert (await reader.readline()).startswith(b"INFO ")
    writer.write(b'CONNECT {"verbose": false}\r\nPING\r\n')
    assert b"Authorization Violation" in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
