"""Live dashboards: a stream of the dashboard service becomes a WebSocket.

The client proves who it is by the subprotocol `bearer.<token>`, offered beside `praxis.v1`, or by
its first message, `{"token": "…"}`; never in the URL. The query holds the range, as for the
figures by GET. Messages are `{"type": "data", "data": {…}}` and `{"type": "heartbeat"}`.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
import uuid
from typing import Any
from urllib.parse import parse_qsl

import grpc
import orjson
from starlette.types import Receive, Scope, Send

from praxis.dashboard.v1 import dashboard_service_pb2
from praxis_chassis import errors, logs
from praxis_chassis.caller import Call, enter
from praxis_chassis.channels import metadata
from praxis_chassis.server import validate
from praxis_gateway.auth import NOBODY, Gate
from praxis_gateway.decode import JsonObject, fill
from praxis_gateway.encode import to_json

PATH = "/api/v1/dashboards/{dashboard_id}/live"
SUBPROTOCOL = "praxis.v1"
SOCKETS_MAX = 1000
_BEARER = "bearer."
_FIRST_MESSAGE_S = 10.0
# A stream is renewed this often, and with it the proof that the token still holds.
_STREAM_S = 240.0
_PATTERN = re.compile(re.escape(PATH).replace(r"\{dashboard_id\}", "([^/]+)"))
_ANSWER = dashboard_service_pb2.WatchDashboardResponse
# Error → close code; the first that fits.
_CLOSE = (
    (errors.NotAuthenticated, 4401),
    (errors.Forbidden, 4403),
    (errors.NotFound, 4404),
    (errors.InvalidInput, 4400),
    (errors.LimitExceeded, 1013),
)
_PASSING = (errors.DependencyDown, errors.TooSlow)


class Gone(Exception):
    """The client has left."""


class Live:
    """Answers sockets under PATH; None as channel: live dashboards are not served."""

    def __init__(self, channel: grpc.aio.Channel | None, gate: Gate) -> None:
        self._gate = gate
        self._open = 0
        self._rpc: Any = channel and channel.unary_stream(
            "/praxis.dashboard.v1.DashboardService/WatchDashboard",
            request_serializer=dashboard_service_pb2.GetDashboardDataRequest.SerializeToString,
            response_deserializer=_ANSWER.FromString,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one socket to its end, and closes it."""
        match = _PATTERN.fullmatch(scope["path"].removesuffix("/"))
        await receive()
        if match is None or self._rpc is None or self._open >= SOCKETS_MAX:
            # Before it is accepted, a close refuses the handshake.
            await send({"type": "websocket.close"})
            return
        started, self._open = time.monotonic(), self._open + 1
        try:
            code = await self._serve(match[1], scope, receive, send)
        finally:
            self._open -= 1
        duration_ms = round((time.monotonic() - started) * 1000, 2)
        logs.get().info("socket.ended", method=PATH, code=code, duration_ms=duration_ms)

    async def _serve(self, dashboard_id: str, scope: Scope, receive: Receive, send: Send) -> int:
        enter(Call(NOBODY, uuid.uuid4().hex, "", time.monotonic() + _FIRST_MESSAGE_S))
        offered = scope["subprotocols"]
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": chosen})
        try:
            request = _request(dashboard_id, scope["query_string"])
            token = _offered_token(offered) or await _sent_token(receive)
            await _Socket(receive, send).serve(self._pieces(token, _address(scope), request))
        except Gone:
            return 1000
        except Exception as error:
            code, reason = _close_of(error)
            # Of a client that left meanwhile nobody hears.
            await send({"type": "websocket.close", "code": code, "reason": reason})
            return code
        return 1000

    async def _pieces(self, token: str, address: str, request: Any) -> Any:
        """What the service streams, over as many streams as it takes."""
        failures = 0
        while True:
            call = self._gate.admit_token(token, address)
            rpc = self._rpc(
                request, timeout=_STREAM_S, metadata=metadata(call.token, call.request_id)
            )
            try:
                async for piece in rpc:
                    failures = 0
                    yield piece
            except grpc.aio.AioRpcError as failure:
                error = errors.from_rpc(failure)
                if not isinstance(error, _PASSING):
                    raise error from failure
                if not isinstance(error, errors.TooSlow):
                    failures += 1
                    await asyncio.sleep(random.uniform(0, min(5.0, 0.2 * 2**failures)))  # noqa: S311
            finally:
                rpc.cancel()


class _Socket:
    """One open socket: what came last goes out next; what a slow client misses is dropped."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(1)

    async def serve(self, pieces: Any) -> None:
        """Raises: Gone; what the pieces raise."""
        tasks = [
            asyncio.create_task(work)
            for work in (self._take(pieces), self._send_on(), self._until_gone())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await pieces.aclose()

    async def _take(self, pieces: Any) -> None:
        shown = None
        async for piece in pieces:
            # A renewed stream begins with what is known already.
            if piece.heartbeat or piece.data != shown:
                shown = shown if piece.heartbeat else piece.data
                self._put(piece)

    def _put(self, piece: Any) -> None:
        if self._waiting.full():
            if piece.heartbeat:
                return
            self._waiting.get_nowait()
        if piece.heartbeat:
            self._waiting.put_nowait(b'{"type":"heartbeat"}')
        else:
            self._waiting.put_nowait(orjson.dumps({"type": "data", "data": to_json(piece.data)}))

    async def _send_on(self) -> None:
        while True:
            text = (await self._waiting.get()).decode()
            await self._send({"type": "websocket.send", "text": text})

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "websocket.disconnect":
            pass
        raise Gone


def _request(dashboard_id: str, query: bytes) -> dashboard_service_pb2.GetDashboardDataRequest:
    request = dashboard_service_pb2.GetDashboardDataRequest()
    # Everything in it is text.
    fill(request, JsonObject([*parse_qsl(query.decode("ascii", "replace"))]))
    fill(request, {"dashboard_id": dashboard_id})
    validate(request)
    return request


def _address(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""


def _offered_token(offered: list[str]) -> str:
    found = (name.removeprefix(_BEARER) for name in offered if name.startswith(_BEARER))
    return next(found, "")


async def _sent_token(receive: Receive) -> str:
    """The token of the first message. Raises: NotAuthenticated, Gone."""
    try:
        async with asyncio.timeout(_FIRST_MESSAGE_S):
            message = await receive()
    except TimeoutError:
        raise errors.NotAuthenticated("sign in: no token came") from None
    if message["type"] == "websocket.disconnect":
        raise Gone
    try:
        return str(orjson.loads(message.get("text") or "")["token"])
    except (orjson.JSONDecodeError, TypeError, KeyError):
        raise errors.NotAuthenticated("sign in: the first message has no token") from None


def _close_of(error: Exception) -> tuple[int, str]:
    """Close code and reason, which is at most 123 bytes."""
    for kind, code in _CLOSE:
        if isinstance(error, kind):
            text = error.message.encode()[:120].decode(errors="ignore")
            return code, text
    logs.get().error("socket.crashed", error_type=type(error).__name__, where=logs.place_of(error))
    return 1011, "something went wrong on our side"
