"""Sockets: who may open one, what comes over it, and how it ends."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Message,
    RejectConnection,
    Request,
    TextMessage,
)

from praxis.dashboard.v1 import dashboard_service_pb2, dashboard_service_pb2_grpc
from praxis_chassis import server as chassis
from praxis_chassis.errors import DependencyDown, NotFound
from praxis_chassis.tokens import InternalVerifier, load_keys
from praxis_gateway.app import Gateway
from praxis_gateway.routes.dashboards import _Socket
from praxis_gateway.serving import Server, listen

from .conftest import PRACTICE, Canned, Keys

DASHBOARD = "22222222-2222-4222-8222-222222222222"
PATH = f"/api/v1/dashboards/{DASHBOARD}/live"
Answer = dashboard_service_pb2.WatchDashboardResponse
SERVICE = "praxis.dashboard.v1.DashboardService"


def figures(name: str) -> Any:
    data = dashboard_service_pb2.DashboardData(dashboard_id=DASHBOARD, practice_name=name)
    return Answer(data=data)


@dataclass
class Socket:
    """A client that speaks the protocol and nothing else."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    protocol: WSConnection

    def send(self, event: Any) -> None:
        self.writer.write(self.protocol.send(event))

    async def next(self) -> Any:
        """The next thing the server says."""
        async with asyncio.timeout(10):
            while True:
                for event in self.protocol.events():
                    return event
                self.protocol.receive_data(await self.reader.read(65536) or None)

    async def opened(self, token: str) -> Socket:
        assert isinstance(await self.next(), AcceptConnection)
        self.send(TextMessage(json.dumps({"token": token})))
        return self

    async def message(self) -> Any:
        event = await self.next()
        assert isinstance(event, Message), event
        return json.loads(event.data)

    async def closed(self) -> CloseConnection:
        event = await self.next()
        assert isinstance(event, CloseConnection), event
        return event


@dataclass
class Stand:
    canned: Canned
    port: int
    keys: Keys
    server: Server
    sockets: list[Socket] = field(default_factory=list)

    async def open(self, path: str = PATH, offered: tuple[str, ...] = ()) -> Socket:
        """A new client; it has asked for its socket."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        socket = Socket(reader, writer, WSConnection(ConnectionType.CLIENT))
        self.sockets.append(socket)
        socket.send(Request(host="praxis", target=path, subprotocols=list(offered)))
        return socket

    async def close(self) -> None:
        """Closes every client."""
        for socket in self.sockets:
            socket.writer.close()
            with suppress(OSError):
                await socket.writer.wait_closed()


@asynccontextmanager
async def _service(keys: Keys, canned: Canned) -> AsyncIterator[str]:
    server = chassis.Server(InternalVerifier(load_keys(keys.folder / "internal.jwks")))
    servicer = canned.servicer(SERVICE, dashboard_service_pb2_grpc.DashboardServiceServicer)
    server.add(dashboard_service_pb2_grpc.add_DashboardServiceServicer_to_server, servicer, SERVICE)
    port = await server.start("127.0.0.1:0")
    yield f"127.0.0.1:{port}"
    await server._server.stop(0)


@pytest.fixture
async def live(keys: Keys) -> AsyncIterator[Stand]:
    canned = Canned()
    async with _service(keys, canned) as target:
        gateway = Gateway(keys.settings(target, dashboard_target=target))
        server, listener = Server(gateway, 0), listen("127.0.0.1:0")
        task = asyncio.create_task(server.serve(sockets=[listener]))
        stand = Stand(canned, listener.getsockname()[1], keys, server)
        yield stand
        await stand.close()
        server.should_exit = server.force_exit = True
        await task
        await gateway.close()


def streaming(*answers: Any) -> Callable[[Any, Any], AsyncIterator[Any]]:
    """A stream that says this and then nothing more."""

    async def stream(_request: Any, _context: Any) -> AsyncIterator[Any]:
        for answer in answers:
            yield answer
        await asyncio.sleep(60)

    return stream


async def test_the_first_message_signs_in_and_figures_come(live: Stand) -> None:
    live.canned.replies["WatchDashboard"] = streaming(figures("One"), Answer(heartbeat=True))
    socket = await live.open(f"{PATH}?relative_range=previous_month")
    await socket.opened(live.keys.token())
    first = await socket.message()
    assert first["type"] == "data"
    assert (first["data"]["practice_name"], first["data"]["widgets"]) == ("One", [])
    assert await socket.message() == {"type": "heartbeat"}
    (seen,) = live.canned.seen
    assert seen.request.dashboard_id == DASHBOARD
    assert seen.request.relative_range == "previous_month"
    assert seen.call.caller.practice_id == PRACTICE
    assert seen.call.caller.actor == "gateway"


async def test_a_subprotocol_signs_in_and_is_not_repeated(live: Stand) -> None:
    live.canned.replies["WatchDashboard"] = streaming(figures("One"))
    offered = ("praxis.v1", f"bearer.{live.keys.token()}")
    socket = await live.open(offered=offered)
    accepted = await socket.next()
    assert isinstance(accepted, AcceptConnection)
    assert accepted.subprotocol == "praxis.v1"
    assert (await socket.message())["type"] == "data"


@pytest.mark.parametrize(
    "said",
    ['{"token": "nonsense"}', "{}", "no json", "[1]", '{"token": null}', ""],
)
async def test_whoever_does_not_sign_in_is_sent_away(live: Stand, said: str) -> None:
    socket = await live.open()
    assert isinstance(await socket.next(), AcceptConnection)
    socket.send(TextMessage(said))
    assert (await socket.closed()).code == 4401
    assert live.canned.seen == []


async def test_a_token_of_another_key_or_time_is_sent_away(live: Stand) -> None:
    for token in (live.keys.token(live.keys.other), live.keys.token(exp=1_000_000_000)):
        socket = await (await live.open()).opened(token)
        assert (await socket.closed()).code == 4401


async def test_a_token_in_the_url_is_not_taken(live: Stand) -> None:
    socket = await live.open(f"{PATH}?token={live.keys.token()}")
    assert isinstance(await socket.next(), AcceptConnection)
    assert (await socket.closed()).code == 4400


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{PATH}?relative_range=A%20B", 4400),
        (f"{PATH}?colour=blue", 4400),
        ("/api/v1/dashboards/nonsense/live", 4400),
    ],
)
async def test_a_bad_request_is_told(live: Stand, path: str, code: int) -> None:
    socket = await live.open(path)
    assert isinstance(await socket.next(), AcceptConnection)
    assert (await socket.closed()).code == code


async def test_other_paths_have_no_socket(live: Stand) -> None:
    socket = await live.open(f"/api/v1/reports/{uuid.uuid4()}/live")
    rejected = await socket.next()
    assert isinstance(rejected, RejectConnection)
    assert rejected.status_code == 403


async def test_a_dashboard_that_is_not_there_closes(live: Stand) -> None:
    live.canned.replies["WatchDashboard"] = NotFound("no such dashboard")
    socket = await (await live.open()).opened(live.keys.token())
    closed = await socket.closed()
    assert (closed.code, closed.reason) == (4404, "no such dashboard")


async def test_a_stream_that_breaks_is_renewed_without_repeating(live: Stand) -> None:
    async def breaking(_request: Any, _context: Any) -> AsyncIterator[Any]:
        yield figures("One")
        if len(live.canned.seen) < 3:
            raise DependencyDown("away")
        yield figures("Two")
        await asyncio.sleep(60)

    live.canned.replies["WatchDashboard"] = breaking
    socket = await (await live.open()).opened(live.keys.token())
    names = [(await socket.message())["data"]["practice_name"] for _ in range(2)]
    assert names == ["One", "Two"]
    assert len(live.canned.seen) == 3


async def test_a_client_that_leaves_ends_the_stream(live: Stand) -> None:
    ended = asyncio.Event()

    async def stream(_request: Any, _context: Any) -> AsyncIterator[Any]:
        try:
            yield figures("One")
            await asyncio.sleep(60)
        finally:
            ended.set()

    live.canned.replies["WatchDashboard"] = stream
    socket = await (await live.open()).opened(live.keys.token())
    await socket.message()
    socket.writer.close()
    async with asyncio.timeout(5):
        await ended.wait()


async def test_a_drain_says_come_again(live: Stand) -> None:
    live.canned.replies["WatchDashboard"] = streaming(figures("One"))
    socket = await (await live.open()).opened(live.keys.token())
    await socket.message()
    live.server.should_exit = True
    assert (await socket.closed()).code == 1012


async def test_a_slow_client_gets_what_came_last() -> None:
    sent: list[str] = []
    slow = asyncio.Event()

    async def send(message: Any) -> None:
        sent.append(json.loads(message["text"])["data"]["practice_name"])
        await slow.wait()

    async def pieces() -> AsyncIterator[Any]:
        for number in range(100):
            yield figures(str(number))
            await asyncio.sleep(0)
        slow.set()
        await asyncio.sleep(0.1)

    async def receive() -> Any:
        await asyncio.sleep(60)

    await _Socket(receive, send).serve(pieces())
    assert sent == ["0", "99"]
