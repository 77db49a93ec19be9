"""Everything a call can fail with.

    Error
    ├── InvalidInput        a field is malformed or breaks a rule (names the field)
    ├── OutOfRange          well-formed, outside what is accepted (names the field)
    ├── NotAuthenticated    no valid token
    ├── Forbidden           the roles do not allow it
    ├── NotFound            no such object in the caller's practice
    ├── AlreadyExists       an object with this identity exists
    ├── Conflict            another change came first
    ├── WrongState          the object's state does not allow it
    │   ├── EtagMismatch    the object has changed since the caller read it
    │   ├── KeyReused       the idempotency key came with another request
    │   └── LinkExpired     the signed link is too old
    ├── LimitExceeded       a queue or quota is full
    │   ├── RateLimited     too many requests in a short time
    │   └── TooLarge        a message or body is over its limit
    ├── TooSlow             the deadline passed
    ├── Cancelled           the caller went away
    ├── DependencyDown      something this needs does not answer
    │   └── Draining        this process is about to stop
    ├── NotBuilt            known, and not built
    └── Integrity           stored data does not match its checksum

Anything else is INTERNAL with fixed words; the cause goes to the log only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

DOMAIN = "praxis"
# What grpc names the trailer that carries google.rpc.Status.
_DETAILS_KEY = "grpc-status-details-bin"
# A trailer holds 8 KiB: what is told of a failure stays well below.
_VIOLATIONS_MOST = 10
_TEXT_MOST = 200


@dataclass(frozen=True)
class Violation:
    """One field at fault: its path in snake_case, and what is wrong with it."""

    field: str
    description: str


class Error(Exception):
    """A failure that a client may be told about."""

    code = grpc.StatusCode.INTERNAL
    reason = "INTERNAL"

    def __init__(self, message: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.violations = tuple(violations)


class InvalidInput(Error):
    """A field is malformed or breaks a rule."""

    code = grpc.StatusCode.INVALID_ARGUMENT
    reason = "INVALID_FIELD"

    @classmethod
    def of(cls, field: str, description: str) -> InvalidInput:
        """One field at fault."""
        return cls(f"{field}: {description}", [Violation(field, description)])


class OutOfRange(InvalidInput):
    """A well-formed value lies outside what is accepted."""

    code = grpc.StatusCode.OUT_OF_RANGE
    reason = "OUT_OF_RANGE"


class NotAuthenticated(Error):
    """No token, or none that holds."""

    code = grpc.StatusCode.UNAUTHENTICATED
    reason = "TOKEN_INVALID"


class Forbidden(Error):
    """The caller's roles do not allow this."""

    code = grpc.StatusCode.PERMISSION_DENIED
    reason = "MISSING_PERMISSION"


class NotFound(Error):
    """No such object in the caller's practice."""

    code = grpc.StatusCode.NOT_FOUND
    reason = "NOT_FOUND"


class AlreadyExists(Error):
    """An object with this identity exists."""

    code = grpc.StatusCode.ALREADY_EXISTS
    reason = "ALREADY_EXISTS"


class Conflict(Error):
    """Another change came first."""

    code = grpc.StatusCode.ABORTED
    reason = "CONFLICT"


class WrongState(Error):
    """The object's state does not allow this."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    reason = "WRONG_STATE"


class EtagMismatch(WrongState):
    """The object has changed since the caller read it."""

    reason = "ETAG_MISMATCH"

    @classmethod
    def check(cls, wanted: str, etag: str) -> None:
        """Raises: EtagMismatch when a change is meant for another version than `etag`; `*` and
        nothing are meant for any."""
        if wanted.strip('"') not in ("", "*", etag):
            raise cls("somebody else has changed it meanwhile; read it again")


class KeyReused(WrongState):
    """The same idempotency key came with another request."""

    reason = "IDEMPOTENCY_KEY_REUSED"


class LinkExpired(WrongState):
    """The signed link is too old."""

    reason = "LINK_EXPIRED"


class LimitExceeded(Error):
    """A queue, quota or rate is full."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    reason = "QUOTA"


class RateLimited(LimitExceeded):
    """Too many requests in a short time."""

    reason = "RATE_LIMITED"


class TooLarge(LimitExceeded):
    """A message or body is over its limit."""

    reason = "TOO_LARGE"


class TooSlow(Error):
    """The deadline passed."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED
    reason = "DEADLINE"


class Cancelled(Error):
    """The caller went away."""

    code = grpc.StatusCode.CANCELLED
    reason = "CANCELLED"


class DependencyDown(Error):
    """Something this needs does not answer."""

    code = grpc.StatusCode.UNAVAILABLE
    reason = "DEPENDENCY_DOWN"


class Draining(DependencyDown):
    """This process is about to stop."""

    reason = "DRAINING"


class NotBuilt(Error):
    """Known, and not built."""

    code = grpc.StatusCode.UNIMPLEMENTED
    reason = "NOT_BUILT"


class Integrity(Error):
    """Stored data does not match its checksum."""

    code = grpc.StatusCode.DATA_LOSS
    reason = "INTEGRITY"


INTERNAL_MESSAGE = "something went wrong on our side; the request id finds it in the log"


def to_trailers(error: Error) -> tuple[tuple[str, bytes], ...]:
    """The trailing metadata that carries reason and field violations of `error`.

    Long texts are cut, and of many violations the first ten are told.
    """
    status = status_pb2.Status(code=error.code.value[0], message=short(error.message))
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN)
    _pack(status, info)
    if error.violations:
        bad = error_details_pb2.BadRequest()
        for violation in error.violations[:_VIOLATIONS_MOST]:
            bad.field_violations.add(
                field=short(violation.field), description=short(violation.description)
            )
        _pack(status, bad)
    return ((_DETAILS_KEY, status.SerializeToString()),)


def short(text: str) -> str:
    """`text` as far as it fits into an answer."""
    return text if len(text) <= _TEXT_MOST else text[: _TEXT_MOST - 1] + "…"


def _pack(status: status_pb2.Status, detail: Any) -> None:
    packed = any_pb2.Any()
    packed.Pack(detail)
    status.details.append(packed)


def _kinds(kind: type[Error]) -> Iterator[type[Error]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


_BY_REASON = {kind.reason: kind for kind in _kinds(Error)}
# For an answer without a reason we know, the most general error of its status.
_BY_CODE = {kind.code: kind for kind in reversed(list(_kinds(Error)))}


def from_rpc(failure: grpc.aio.AioRpcError) -> Error:
    """The error that a called service raised, rebuilt on the caller's side."""
    code = failure.code()
    general = _BY_CODE.get(code, Error)
    if code is grpc.StatusCode.CANCELLED:
        # Our own cancellation never comes this way: the other process let go of the call.
        general = DependencyDown
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in (
        failure.details() or ""
    ):
        general = TooLarge
    for key, value in failure.trailing_metadata() or ():
        if key == _DETAILS_KEY:
            return _from_status(status_pb2.Status.FromString(value), general)
    return general(INTERNAL_MESSAGE if general is Error else f"{general.__doc__}")


def _from_status(status: status_pb2.Status, general: type[Error]) -> Error:
    kind = general
    violations: list[Violation] = []
    for detail in status.details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            kind = _BY_REASON.get(info.reason, general)
        elif detail.Unpack(bad):
            violations = [Violation(v.field, v.description) for v in bad.field_violations]
    return kind(status.message, violations)
