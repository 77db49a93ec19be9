"""The one server that every service is: verified callers, deadlines, validation, errors, drain."""

from __future__ import annotations

import asyncio
import re
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
import protovalidate
from google.protobuf import descriptor_pool
from google.protobuf.message import DecodeError
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from praxis_chassis import errors, logs
from praxis_chassis.caller import Call, Caller, demand, enter, permission_of
from praxis_chassis.channels import MESSAGE_BYTES
from praxis_chassis.tokens import InternalVerifier

DEFAULT_DEADLINE_S = 10.0
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VALIDATOR = protovalidate.Validator()


def validate(request: Any) -> None:
    """Checks a message against the rules in its contract. Raises: InvalidInput naming fields."""
    try:
        found = _VALIDATOR.collect_violations(request)
    except protovalidate.EvaluationError as error:
        raise errors.InvalidInput("a rule could not be applied to this request") from error
    if found:
        violations = [errors.Violation(_field_path(v), _message(v)) for v in found]
        first = violations[0]
        raise errors.InvalidInput(f"{first.field}: {first.description}", violations)


def _message(violation: Any) -> str:
    return str(violation.proto.message) or "breaks a rule"


def _field_path(violation: Any) -> str:
    path = ""
    for element in violation.proto.field.elements:
        path += ("." if path else "") + str(element.field_name)
        if element.subscript is not None:
            path += f"[{element.subscript.value}]"
    return path


Refused = Callable[[str, errors.Error], None]
# What anyone may call. All else is checked; a method outside of the contracts fails there.
_OPEN = "/grpc.health.v1.Health/"


@dataclass
class _Outcome:
    """How a call ended, as far as it is known."""

    failure: errors.Error | None = None


@dataclass(frozen=True)
class _Method:
    """One method's way from bytes to a call and a request that hold."""

    name: str
    permission: str
    verifier: InternalVerifier
    refused: Refused
    deserialize: Callable[[bytes], Any]

    def admit(self, raw: bytes, context: Any) -> tuple[Call, Any]:
        """The call and its request; the request is not read before its caller is known."""
        call = self.admit_caller(context)
        return call, self.read(raw)

    def admit_caller(self, context: Any) -> Call:
        """The call of a caller who may make it."""
        call = self._open_call(context)
        demand(call.caller, self.permission)
        return call

    def read(self, raw: bytes) -> Any:
        """A request that holds."""
        try:
            request = self.deserialize(raw)
        except DecodeError:
            raise errors.InvalidInput("the bytes are no request of this method") from None
        validate(request)
        return request

    def _open_call(self, context: Any) -> Call:
        metadata = dict(context.invocation_metadata() or ())
        given = str(metadata.get("x-request-id", ""))
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        remaining = context.time_remaining()
        seconds = DEFAULT_DEADLINE_S if remaining is None else min(remaining, 3600.0)
        deadline = time.monotonic() + seconds
        # Logged with its request id even when the token does not hold.
        nobody = Caller(uuid.UUID(int=0), "", frozenset())
        enter(Call(nobody, request_id, "", deadline))
        scheme, _, token = str(metadata.get("authorization", "")).partition(" ")
        if scheme != "Bearer":
            raise errors.NotAuthenticated("no token")
        key = str(metadata.get("idempotency-key", ""))
        call = Call(self.verifier.verify(token), request_id, token, deadline, key)
        enter(call)
        return call

    @contextmanager
    def outcome(self) -> Iterator[_Outcome]:
        """Holds back what a call fails with, tells of refusals, and logs the end."""
        started = time.monotonic()
        outcome = _Outcome()
        try:
            yield outcome
        except (asyncio.CancelledError, GeneratorExit):
            outcome.failure = errors.Cancelled("the caller went away")
            raise
        except Exception as error:
            outcome.failure = _known(error, self.name)
            if isinstance(outcome.failure, errors.Forbidden):
                self.refused(self.name, outcome.failure)
        finally:
            _log(self.name, started, outcome.failure)


class _Front(grpc.aio.ServerInterceptor):
    """What stands before every method of the contracts."""

    def __init__(self, verifier: InternalVerifier, refused: Refused) -> None:
        self._verifier = verifier
        self._refused = refused

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        details: grpc.HandlerCallDetails,
    ) -> Any:
        handler = await continuation(details)
        if handler is None or details.method.startswith(_OPEN):
            return handler
        method = _Method(
            details.method,
            permission_of(details.method),
            self._verifier,
            self._refused,
            handler.request_deserializer,
        )
        if handler.unary_unary is not None:
            unary = _unary(handler.unary_unary, method)
            return grpc.unary_unary_rpc_method_handler(unary, None, handler.response_serializer)
        if handler.unary_stream is not None:
            stream = _stream(handler.unary_stream, method)
            return grpc.unary_stream_rpc_method_handler(stream, None, handler.response_serializer)
        both = _both(handler.stream_stream, method)
        return grpc.stream_stream_rpc_method_handler(both, None, handler.response_serializer)


def _unary(inner: Any, method: _Method) -> Callable[[bytes, Any], Awaitable[Any]]:
    async def serve(raw: bytes, context: Any) -> Any:
        with method.outcome() as outcome:
            call, request = method.admit(raw, context)
            async with asyncio.timeout(call.remaining_s()):
                return await inner(request, context)
        return await _abort(context, outcome.failure)

    return serve


def _stream(inner: Any, method: _Method) -> Callable[[bytes, Any], AsyncIterator[Any]]:
    async def serve(raw: bytes, context: Any) -> AsyncIterator[Any]:
        with method.outcome() as outcome:
            call, request = method.admit(raw, context)
            async with aclosing(inner(request, context)) as pieces:
                while (piece := await _next(pieces, call)) is not None:
                    yield piece
        if outcome.failure is not None:
            await _abort(context, outcome.failure)

    return serve


def _both(inner: Any, method: _Method) -> Callable[[AsyncIterator[bytes], Any], AsyncIterator[Any]]:
    async def serve(raws: AsyncIterator[bytes], context: Any) -> AsyncIterator[Any]:
        with method.outcome() as outcome:
            call = method.admit_caller(context)
            requests = (method.read(raw) async for raw in raws)
            async with aclosing(inner(requests, context)) as pieces:
                while (piece := await _next(pieces, call)) is not None:
                    yield piece
        if outcome.failure is not None:
            await _abort(context, outcome.failure)

    return serve


async def _next(pieces: AsyncIterator[Any], call: Call) -> Any:
    """The next piece of a stream in the time that is left, or None at its end."""
    async with asyncio.timeout(call.remaining_s()):
        return await anext(pieces, None)


def _known(error: Exception, method: str) -> errors.Error:
    """What the caller is told; an unknown failure leaves its place in the log, never its text."""
    if isinstance(error, errors.Error):
        return error
    if isinstance(error, TimeoutError):
        return errors.TooSlow("it took longer than the caller allowed")
    if isinstance(error, grpc.aio.AioRpcError):
        return errors.from_rpc(error)
    logs.get().error(
        "call.crashed",
        method=method,
        error_type=type(error).__name__,
        where=logs.place_of(error),
    )
    return errors.Error(errors.INTERNAL_MESSAGE)


async def _abort(context: Any, failure: errors.Error | None) -> None:
    told = failure or errors.Error(errors.INTERNAL_MESSAGE)
    await context.abort(told.code, errors.short(told.message), errors.to_trailers(told))


def _log(method: str, started: float, failure: errors.Error | None) -> None:
    logs.get().info(
        "call.ended",
        method=method,
        code="OK" if failure is None else failure.code.name,
        reason="" if failure is None else failure.reason,
        duration_ms=round((time.monotonic() - started) * 1000, 2),
    )


class Server:
    """A gRPC server with health per service, ready to drain."""

    def __init__(
        self,
        verifier: InternalVerifier,
        refused: Refused = lambda _method, _error: None,
        concurrent: int = 200,
    ) -> None:
        self._health = health.aio.HealthServicer()
        self._services: list[str] = [""]
        self._server = grpc.aio.server(
            interceptors=[_Front(verifier, refused)],
            maximum_concurrent_rpcs=concurrent,
            options=[
                ("grpc.max_receive_message_length", MESSAGE_BYTES),
                ("grpc.max_send_message_length", MESSAGE_BYTES),
                ("grpc.max_connection_age_ms", 300_000),
                ("grpc.max_connection_age_grace_ms", 30_000),
                ("grpc.keepalive_time_ms", 30_000),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_ping_interval_without_data_ms", 20_000),
                ("grpc.so_reuseport", 0),
            ],
        )
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)

    def add(self, register: Callable[[Any, Any], None], servicer: Any, name: str) -> None:
        """Adds a servicer. Raises: KeyError when one of its methods names no permission."""
        for method in descriptor_pool.Default().FindServiceByName(name).methods:
            permission_of(f"/{name}/{method.name}")
        register(servicer, self._server)
        self._services.append(name)

    async def start(self, listen: str) -> int:
        """Serves on `listen` and reports itself healthy. Returns the port."""
        port: int = self._server.add_insecure_port(listen)
        await self._server.start()
        await self._report(health_pb2.HealthCheckResponse.SERVING)
        return port

    async def drain(self, serve_on_s: float) -> None:
        """Says that it is going, serves on for a while, and stops within 25 s more."""
        await self._report(health_pb2.HealthCheckResponse.NOT_SERVING)
        await asyncio.sleep(serve_on_s)
        await self._server.stop(25)

    async def _report(self, status: Any) -> None:
        for name in self._services:
            await self._health.set(name, status)


async def until_signal(signals: Sequence[int] = (signal.SIGTERM, signal.SIGINT)) -> None:
    """Returns when the process is asked to stop."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in signals:
        loop.add_signal_handler(number, asked.set)
    await asked.wait()


async def work_until_signal(workers: Sequence[asyncio.Task[None]]) -> list[asyncio.Task[None]]:
    """Lets workers work until the process is asked to stop; they are cancelled then.

    Workers do not end by themselves. One that does ends the wait, so that the process goes down
    and its supervisor brings a whole one back; such workers are returned, for their `result()`.
    """
    asked = asyncio.create_task(until_signal())
    await asyncio.wait([asked, *workers], return_when=asyncio.FIRST_COMPLETED)
    broken = [worker for worker in workers if worker.done()]
    for task in (asked, *workers):
        task.cancel()
    await asyncio.gather(asked, *workers, return_exceptions=True)
    return broken
