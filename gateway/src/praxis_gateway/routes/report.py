"""What no descriptor can say of the report service.

Downloads: a signed link becomes a stream of bytes. Runs as they go on: server-sent events.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import grpc
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from praxis.report.v1 import report_execution_pb2, report_service_pb2
from praxis_chassis.caller import Call
from praxis_chassis.channels import metadata
from praxis_chassis.errors import Error, InvalidInput, TooSlow
from praxis_chassis.server import validate
from praxis_gateway.auth import Gate
from praxis_gateway.decode import JsonObject, fill
from praxis_gateway.encode import to_json
from praxis_gateway.exchange import query_of, read_body, unless_gone
from praxis_gateway.problems import RangeOutside
from praxis_gateway.transcode import remaining_s

PATH = "/api/v1/reports/executions/{execution_id}/download"
EVENTS_PATH = "/api/v1/reports/executions/{execution_id}/events"
# How long a slow client may take for a whole file.
DOWNLOAD_S = 600.0
# Then the client asks again, by itself, as event sources do.
WATCH_S = 600.0
_BEAT_S = 15.0
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_BEYOND = 10**15  # bytes: no file is as long
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,80}/[a-z0-9.+-]{1,80}(; ?charset=[a-z0-9-]{1,20})?")

Piece = Any  # DownloadReportExecutionResponse


@dataclass(frozen=True)
class Wanted:
    """The part of a file a client asks for. Without `first`, the `last` so many bytes."""

    first: int | None
    last: int | None

    def within(self, size: int) -> tuple[int, int]:
        """Start and end (exclusive) in a file of `size` bytes. Raises: RangeOutside."""
        if self.first is None:
            start, end = max(0, size - (self.last or 0)), size
        else:
            start, end = self.first, size if self.last is None else min(size, self.last + 1)
        if start >= size:
            raise RangeOutside(size)
        return start, end


def wanted_of(request: Request) -> Wanted | None:
    """The one range asked for; None for the whole file.

    Several ranges, other units and malformed ones (`bytes=5-2`) are not honoured, as RFC 9110
    allows.
    """
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or match.group(0) == "bytes=-":
        return None
    # Cut before they are read: a number of thousands of digits takes long.
    first, last = (
        min(_BEYOND, int(text.lstrip("0")[:20] or 0)) if text else None for text in match.groups()
    )
    if first is not None and last is not None and last < first:
        return None
    return Wanted(first, last)


def disposition_of(name: str) -> str:
    """Content-Disposition that saves under `name`, whatever is in it (RFC 6266)."""
    clean = re.sub(r"[\x00-\x1f\x7f/\\]+", "_", name).strip(". ")[:150] or "report"
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", clean)
    extended = "" if plain == clean else f"; filename*=UTF-8''{quote(clean, safe='')}"
    return f'attachment; filename="{plain}"{extended}'


class Download:
    """Answers a signed link."""

    def __init__(self, channel: grpc.aio.Channel, gate: Gate) -> None:
        self._gate = gate
        response = report_service_pb2.DownloadReportExecutionResponse
        self._rpc = channel.unary_stream(
            "/praxis.report.v1.ReportService/DownloadReportExecution",
            request_serializer=(
                report_service_pb2.DownloadReportExecutionRequest.SerializeToString
            ),
            response_deserializer=response.FromString,
        )

    async def __call__(self, request: Request) -> Response:
        """The file, a part, or what is known of it.

        Raises: Error, grpc.aio.AioRpcError before the first byte.
        """
        call, holder = self._gate.admit_link(request)
        await read_body(request, call.remaining_s())
        message = _message(request)
        if holder is not None:
            message.caller_practice_id = str(holder.practice_id)
        validate(message)
        known = request.headers.get("if-none-match")
        if known is not None or request.method == "HEAD":
            head = await self._head(request, call, message)
            if known is not None and _names(known, _etag(head)):
                return Response(None, 304, {"etag": _etag(head)})
            if request.method == "HEAD":
                return Response(None, 200, _headers(head, head.file_size))
        return await self._stream(request, call, message)

    async def _stream(self, request: Request, call: Call, message: Any) -> FileStream:
        wanted = wanted_of(request)
        condition = request.headers.get("if-range")
        if wanted is not None and wanted.first is not None and condition is None:
            message.offset = wanted.first
            if wanted.last is not None:
                message.length = wanted.last - wanted.first + 1
        rpc = self._opened(call, message)
        try:
            first = await unless_gone(request, _first_piece(rpc, call))
            if condition is not None and condition != _etag(first):
                wanted = None
            return FileStream(request, rpc, first, wanted, sent_from=message.offset)
        except BaseException:
            rpc.cancel()
            raise

    async def _head(self, request: Request, call: Call, message: Any) -> Piece:
        """What is known of the file, without a byte of it: no download is counted."""
        asked = report_service_pb2.DownloadReportExecutionRequest()
        asked.CopyFrom(message)
        asked.offset = _BEYOND
        rpc = self._opened(call, asked)
        try:
            return await unless_gone(request, _first_piece(rpc, call))
        finally:
            rpc.cancel()

    def _opened(self, call: Call, message: Any) -> Any:
        return self._rpc(
            message, timeout=DOWNLOAD_S, metadata=metadata(call.token, call.request_id)
        )


def _etag(head: Piece) -> str:
    return f'"{head.sha256}"'


def _names(condition: str, etag: str) -> bool:
    """Whether If-None-Match names this content."""
    known = [one.strip().removeprefix("W/") for one in condition.split(",")]
    return etag in known or known == ["*"]


def _headers(head: Piece, length: int) -> dict[str, str]:
    known = _MEDIA_TYPE.fullmatch(head.content_type)
    return {
        "content-type": head.content_type if known else "application/octet-stream",
        "content-length": str(length),
        "content-disposition": disposition_of(head.file_name),
        "accept-ranges": "bytes",
        "etag": _etag(head),
    }


def _message(request: Request) -> Any:
    message = report_service_pb2.DownloadReportExecutionRequest()
    query = query_of(request)
    for name, _ in query:
        if name != "token":
            raise InvalidInput.of(name[:100], "is not a parameter of this request")
    fill(message, JsonObject(list(query)))
    fill(message, request.path_params)
    return message


async def _first_piece(rpc: Any, call: Call) -> Piece:
    try:
        async with asyncio.timeout(remaining_s(call)):
            first = await rpc.read()
    except TimeoutError:
        raise TooSlow("the file did not arrive in time") from None
    if first is grpc.aio.EOF or not first.HasField("file_size"):
        raise Error("the file arrived without its size")
    return first


class FileStream(Response):
    """Sends pieces as they come; stops the RPC when the client leaves."""

    def __init__(
        self, request: Request, rpc: Any, first: Piece, wanted: Wanted | None, sent_from: int
    ) -> None:
        size = first.file_size
        start, end = (0, size) if wanted is None else wanted.within(size)
        self._skip = start - sent_from
        self._left = end - start
        self._request, self._rpc, self._first = request, rpc, first
        headers = _headers(first, self._left)
        if wanted is not None:
            headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
        super().__init__(None, 200 if wanted is None else 206, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises: Error, AioRpcError when the file ends early; the client sees a broken body."""
        start = {"type": "http.response.start", "status": self.status_code}
        try:
            async with asyncio.timeout(DOWNLOAD_S):
                await send({**start, "headers": self.raw_headers})
                await self._send_pieces(send)
        except TimeoutError:
            raise TooSlow("the client took too long") from None
        finally:
            self._rpc.cancel()

    async def _send_pieces(self, send: Send) -> None:
        piece = self._first
        while self._left and piece is not grpc.aio.EOF:
            await self._send(send, piece.data)
            if self._left:
                piece = await unless_gone(self._request, self._rpc.read())
        if self._left:
            raise Error("the file ended early")
        await send({"type": "http.response.body", "body": b""})

    async def _send(self, send: Send, data: bytes) -> None:
        part = data[self._skip :][: self._left]
        self._skip -= min(self._skip, len(data))
        self._left -= len(part)
        if part:
            await send({"type": "http.response.body", "body": part, "more_body": True})


class Events:
    """Answers with a run as it goes on."""

    def __init__(self, channel: grpc.aio.Channel, gate: Gate) -> None:
        self._gate = gate
        self._rpc = channel.unary_stream(
            "/praxis.report.v1.ReportService/WatchReportExecution",
            request_serializer=report_service_pb2.WatchReportExecutionRequest.SerializeToString,
            response_deserializer=report_execution_pb2.ReportExecution.FromString,
        )

    async def __call__(self, request: Request) -> EventStream:
        """The events. Raises: Error, grpc.aio.AioRpcError before the first one."""
        call = self._gate.admit(request)
        await read_body(request, call.remaining_s())
        for name, _ in query_of(request):
            raise InvalidInput.of(name[:100], "is not a parameter of this request")
        message = report_service_pb2.WatchReportExecutionRequest()
        fill(message, request.path_params)
        validate(message)
        rpc = self._rpc(message, timeout=WATCH_S, metadata=metadata(call.token, call.request_id))
        try:
            return EventStream(request, rpc, await unless_gone(request, _first_state(rpc, call)))
        except BaseException:
            rpc.cancel()
            raise


async def _first_state(rpc: Any, call: Call) -> Any:
    try:
        async with asyncio.timeout(remaining_s(call)):
            return await rpc.read()
    except TimeoutError:
        raise TooSlow("the run's state did not arrive in time") from None


class EventStream(Response):
    """Server-sent events named `execution`; ends when the run has, or when the client leaves."""

    def __init__(self, request: Request, rpc: Any, first: Any) -> None:
        self._request, self._rpc, self._first = request, rpc, first
        super().__init__(None, 200, {"content-type": "text/event-stream"})
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises: AioRpcError when the service breaks off; the client asks again."""
        gone = asyncio.ensure_future(self._request.receive())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._send_states(send, gone)
        finally:
            gone.cancel()
            self._rpc.cancel()

    async def _send_states(self, send: Send, gone: asyncio.Future[Any]) -> None:
        state = self._first
        while state is not grpc.aio.EOF:
            await _send_event(send, b"event: execution\ndata: " + orjson.dumps(to_json(state)))
            coming = asyncio.ensure_future(self._rpc.read())
            while not coming.done():
                await asyncio.wait(
                    (coming, gone), timeout=_BEAT_S, return_when=asyncio.FIRST_COMPLETED
                )
                if gone.done():
                    coming.cancel()
                    return
                if not coming.done():
                    # Proxies close what is silent for long.
                    await _send_event(send, b":")
            state = coming.result()
        await send({"type": "http.response.body", "body": b""})


async def _send_event(send: Send, lines: bytes) -> None:
    await send({"type": "http.response.body", "body": lines + b"\n\n", "more_body": True})


_FILE: dict[str, Any] = {"application/octet-stream": {}}
OPENAPI: dict[str, Any] = {
    PATH: {
        "get": {
            "operationId": "DownloadReportExecution",
            "tags": ["ReportService"],
            "summary": "Streams the file behind a signed link.",
            "description": "The link comes from `download_url` of an execution. A bearer token is "
            "not needed; when one is sent, the link must be of its practice. One byte range is "
            "honoured; several, and malformed ones, are not, and the whole file comes. The ETag is "
            "the SHA-256 of the content. HEAD answers the same without the file.",
            "security": [{}, {"bearer": []}],
            "parameters": [
                {
                    "name": "execution_id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "format": "uuid"},
                },
                {
                    "name": "token",
                    "in": "query",
                    "required": True,
                    "schema": {"type": "string", "minLength": 20, "maxLength": 1000},
                },
                *(
                    {"name": name, "in": "header", "schema": {"type": "string"}}
                    for name in ("Range", "If-Range", "If-None-Match")
                ),
            ],
            "responses": {
                "200": {"description": "The whole file.", "content": _FILE},
                "206": {"description": "The bytes asked for.", "content": _FILE},
                "304": {"description": "It is still the content that If-None-Match names."},
            }
            | {
                str(status): {"$ref": f"#/components/responses/Problem{status}"}
                for status in (400, 401, 404, 410, 416, 429, 499, 500, 503, 504)
            },
        }
    },
    EVENTS_PATH: {
        "get": {
            "operationId": "WatchReportExecution",
            "tags": ["ReportService"],
            "summary": "Streams a run as it goes on.",
            "description": "Server-sent events named `execution`; the data of each is the "
            "execution as `GET` gives it. The stream ends when the run has.",
            "parameters": [
                {
                    "name": "execution_id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "format": "uuid"},
                }
            ],
            "responses": {
                "200": {
                    "description": "The run's states.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}},
                }
            }
            | {
                str(status): {"$ref": f"#/components/responses/Problem{status}"}
                for status in (400, 401, 403, 404, 429, 499, 500, 503, 504)
            },
        }
    },
}
