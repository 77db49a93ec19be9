"""The one shape of every failure: `application/problem+json`."""

from __future__ import annotations

import math
from typing import Any

import grpc
import orjson
from starlette.responses import Response

from praxis_chassis import errors

# Reason → HTTP status. The first part is the contract's list, the second exists in HTTP only.
STATUS = {
    "INVALID_FIELD": 400,
    "OUT_OF_RANGE": 400,
    "TOKEN_INVALID": 401,
    "MISSING_PERMISSION": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "CONFLICT": 409,
    "WRONG_STATE": 409,
    "IDEMPOTENCY_KEY_REUSED": 422,
    "RATE_LIMITED": 429,
    "QUOTA": 429,
    "TOO_LARGE": 413,
    "DEADLINE": 504,
    "CANCELLED": 499,
    "DRAINING": 503,
    "DEPENDENCY_DOWN": 503,
    "INTERNAL": 500,
    "INTEGRITY": 500,
    "NOT_BUILT": 501,
    "LINK_EXPIRED": 410,
    "ETAG_MISMATCH": 412,
    # HTTP only
    "METHOD_NOT_ALLOWED": 405,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "RANGE_NOT_SATISFIABLE": 416,
    "HEADER_TOO_LARGE": 431,
}


class WrongMethod(errors.Error):
    """The path exists, the verb does not."""

    reason = "METHOD_NOT_ALLOWED"

    def __init__(self, allowed: str) -> None:
        super().__init__(f"this path answers to {allowed} only")
        self.headers = {"Allow": allowed}


class WrongMediaType(errors.Error):
    """A body in another form than JSON."""

    reason = "UNSUPPORTED_MEDIA_TYPE"


class RangeOutside(errors.Error):
    """The wanted bytes lie behind the end of the file."""

    reason = "RANGE_NOT_SATISFIABLE"

    def __init__(self, size: int) -> None:
        super().__init__(f"the file has {size} bytes")
        self.headers = {"Content-Range": f"bytes */{size}"}


class HeaderTooLarge(errors.Error):
    """Request line and headers are over their limit."""

    reason = "HEADER_TOO_LARGE"


class TooOften(errors.RateLimited):
    """A bucket is empty for another `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many requests; wait a moment")
        self.headers = {"Retry-After": str(math.ceil(wait_s))}


class Draining(errors.DependencyDown):
    """This process is about to stop."""

    reason = "DRAINING"


class ClientGone(errors.Error):
    """The client went away before the answer."""

    code = grpc.StatusCode.CANCELLED
    reason = "CANCELLED"


def status_of(error: errors.Error) -> int:
    """The HTTP status that tells `error`."""
    return STATUS.get(error.reason, 500)


def body_of(error: errors.Error, instance: str, request_id: str) -> bytes:
    """The problem document. Args: instance: path of the request, without its query."""
    code = error.reason.lower()
    document: dict[str, Any] = {
        "type": f"urn:praxis:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status_of(error),
        "detail": error.message,
        "instance": instance,
        "code": code,
        "request_id": request_id,
        "errors": [{"field": v.field, "message": v.description} for v in error.violations],
    }
    return orjson.dumps(document)


def response_of(error: errors.Error, instance: str, request_id: str) -> Response:
    """The answer that tells `error`."""
    status = status_of(error)
    headers = {"content-type": "application/problem+json"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="praxis"'
    if status in (429, 503):
        headers["Retry-After"] = "1"
    headers |= getattr(error, "headers", {})
    return Response(body_of(error, instance, request_id), status, headers)
