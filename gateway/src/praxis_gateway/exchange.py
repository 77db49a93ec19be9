"""One request and its answer: bodies within limits, and work that ends when the client leaves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from praxis_chassis.errors import InvalidInput, TooLarge, TooSlow
from praxis_gateway.problems import ClientGone, HeaderTooLarge

BODY_BYTES = 1024 * 1024
HEADER_BYTES = 16 * 1024
PARAMETERS_MAX = 100
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

T = TypeVar("T")


def check_header(request: Request) -> None:
    """Raises: HeaderTooLarge when request line and headers exceed their limit."""
    size = len(request.scope["raw_path"]) + len(request.scope["query_string"])
    size += sum(len(name) + len(value) + 4 for name, value in request.scope["headers"])
    if size > HEADER_BYTES:
        raise HeaderTooLarge(f"request line and headers are over {HEADER_BYTES} bytes")


async def read_body(request: Request, within_s: float) -> bytes:
    """The whole body. Raises: TooLarge, ClientGone, TooSlow."""
    length = request.headers.get("content-length", "0")
    if len(length) > 12 or (length.isdecimal() and int(length) > BODY_BYTES):
        raise TooLarge(f"the body is over {BODY_BYTES} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(within_s):
            async for piece in request.stream():
                body += piece
                if len(body) > BODY_BYTES:
                    raise TooLarge(f"the body is over {BODY_BYTES} bytes")
    except ClientDisconnect:
        raise ClientGone("the client went away") from None
    except TimeoutError:
        raise TooSlow("the body did not arrive in time") from None
    return bytes(body)


def query_of(request: Request) -> list[tuple[str, str]]:
    """The query's names and values, in order. Raises: InvalidInput."""
    query = request.scope["query_string"]
    if query.count(b"&") >= PARAMETERS_MAX:
        raise InvalidInput(f"the query has over {PARAMETERS_MAX} parameters")
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInput("the query is not percent-encoded UTF-8") from None


def idempotency_key(request: Request) -> str:
    """The key that the client gave this request, or empty. Raises: InvalidInput."""
    key = request.headers.get("idempotency-key", "")
    if "idempotency-key" in request.headers and not _KEY.fullmatch(key):
        raise InvalidInput.of("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
    return key


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Waits for `work`, and cancels it when the client leaves. The body must have been read.

    Raises: ClientGone.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientGone("the client went away")
    finally:
        task.cancel()
        gone.cancel()
