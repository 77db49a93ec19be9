"""The gateway as an ASGI application: routes, request ids, headers, problems, one log line each."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Awaitable, Callable

import grpc
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from praxis_chassis import errors, logs
from praxis_chassis.caller import Call, enter
from praxis_chassis.channels import open_channel
from praxis_chassis.tokens import ExternalVerifier, InternalSigner, load_key, load_keys
from praxis_gateway import problems
from praxis_gateway.auth import NOBODY, Gate
from praxis_gateway.caching import Caching
from praxis_gateway.contract import bindings, services
from praxis_gateway.exchange import check_header
from praxis_gateway.limits import RateLimiter
from praxis_gateway.routes import dashboards, page, report
from praxis_gateway.settings import Settings
from praxis_gateway.transcode import Transcoder

DEADLINE_S = 10.0
IN_FLIGHT_MAX = 1000
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VERBS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]

Endpoint = Callable[[Request], Awaitable[Response]]


class Routes:
    """Paths and their verbs. A literal segment wins over a variable; a last slash is ignored."""

    def __init__(self) -> None:
        self._verbs: dict[str, dict[str, Endpoint]] = {}
        self._patterns: list[tuple[re.Pattern[str], str]] = []

    def add(self, verb: str, path: str, endpoint: Endpoint) -> None:
        """Answers `verb` on `path` (`/a/{b}`) by `endpoint`."""
        self._verbs.setdefault(path, {})[verb] = endpoint
        ranked = sorted(self._verbs, key=lambda p: ["{" in part for part in p.split("/")])
        self._patterns = [
            (re.compile(re.sub(r"\\?\{(\w+)\\?\}", r"(?P<\1>[^/]+)", re.escape(p))), p)
            for p in ranked
        ]

    def find(self, path: str) -> tuple[str, dict[str, str]]:
        """The path's template and its variables. Raises: NotFound."""
        if path.endswith("/") and path != "/":
            path = path[:-1]
        for pattern, template in self._patterns:
            match = pattern.fullmatch(path)
            if match is not None:
                return template, match.groupdict()
        raise errors.NotFound("there is nothing at this path")

    def verbs(self, template: str) -> dict[str, Endpoint]:
        """Verb → endpoint of a path."""
        return self._verbs[template]


class Gateway:
    """The application. Create it inside the running event loop; close it there."""

    def __init__(self, settings: Settings) -> None:
        self.draining = False
        self._in_flight = 0
        self._routes = Routes()
        self._channels = {
            service.full_name: open_channel(
                settings.target(service.file.package), service.full_name
            )
            for service in services()
            if settings.target(service.file.package)
        }
        signer = InternalSigner("gateway", load_key(settings.signing_key_file))
        gate = _gate(settings, signer)
        analytics = self._channels["praxis.analytics.v1.AnalyticsService"]
        self._caching = Caching(settings, analytics, signer)
        for binding in bindings():
            channel = self._channels.get(binding.method.containing_service.full_name)
            if channel is not None:
                endpoint = Transcoder(binding, channel, gate, self._caching)
                self._routes.add(binding.verb, binding.path, endpoint)
        reports = self._channels["praxis.report.v1.ReportService"]
        download = report.Download(reports, gate)
        for verb in ("GET", "HEAD"):
            self._routes.add(verb, report.PATH, download)
        self._routes.add("GET", report.EVENTS_PATH, report.Events(reports, gate))
        live_channel = self._channels.get("praxis.dashboard.v1.DashboardService")
        self._live = dashboards.Live(live_channel, gate)
        for path, answer in page.endpoints().items():
            self._routes.add("GET", path, answer)

    async def close(self) -> None:
        """Closes the channels; calls under way are cancelled."""
        await self._caching.stop()
        for channel in self._channels.values():
            await channel.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or serves one socket, whatever happens."""
        if scope["type"] == "websocket":
            await self._live(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = _Answer(request, send, self.draining)
        enter(Call(NOBODY, answer.request_id, "", time.monotonic() + DEADLINE_S))
        self._in_flight += 1
        try:
            response = await self._endpoint(request, answer)(request)
            await response(scope, receive, answer.send)
        except Exception as error:
            await answer.fail(_known(error, answer.route))
        finally:
            self._in_flight -= 1
            answer.log()

    def _endpoint(self, request: Request, answer: _Answer) -> Endpoint:
        check_header(request)
        if self._in_flight > IN_FLIGHT_MAX:
            raise errors.LimitExceeded("the gateway is busy; try again in a moment")
        template, variables = self._routes.find(request.scope["path"])
        answer.route = template
        if self.draining and template == "/healthz":
            raise problems.Draining("this process is about to stop")
        verbs = self._routes.verbs(template)
        if request.method not in verbs:
            raise problems.WrongMethod(", ".join(sorted(verbs)))
        request.scope["path_params"] = variables
        return verbs[request.method]


class _Answer:
    """What becomes of one request, as far as it is known."""

    def __init__(self, request: Request, send: Send, is_last: bool) -> None:
        given = request.headers.get("x-request-id", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        self.route = "-"
        self._request = request
        self._send = send
        # Clients that keep connections open move to another process while this one drains.
        self._more_headers = [*_HEADERS, (b"connection", b"close")] if is_last else _HEADERS
        self._started = time.monotonic()
        self._status = 0
        self._reason = ""

    async def send(self, message: Message) -> None:
        """Passes a message on, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            given = {name for name, _ in message["headers"]}
            own = [(b"x-request-id", self.request_id.encode()), *self._more_headers]
            own = [(name, value) for name, value in own if name not in given]
            message["headers"] = [*message["headers"], *own]
        await self._send(message)

    async def fail(self, error: errors.Error) -> None:
        """Tells `error`; once bytes are out, leaves the answer unfinished, which breaks it off."""
        self._reason = error.reason.lower()
        if self._status == 0:
            instance = self._request.scope["raw_path"].decode("ascii", "replace")
            response = problems.response_of(error, instance, self.request_id)
            await response(self._request.scope, self._request.receive, self.send)

    def log(self) -> None:
        """One line: the route, never the path or the query."""
        verb = self._request.method
        logs.get().info(
            "request.ended",
            method=f"{verb if verb in _VERBS else '-'} {self.route}",
            code=self._status,
            reason=self._reason,
            duration_ms=round((time.monotonic() - self._started) * 1000, 2),
        )


def _gate(settings: Settings, signer: InternalSigner) -> Gate:
    keys = load_keys(settings.issuer_jwks_file)
    return Gate(
        ExternalVerifier(keys, settings.issuer, settings.audience),
        signer,
        RateLimiter(settings.practice_rate, settings.practice_burst),
        RateLimiter(settings.user_rate, settings.user_burst),
    )


def _known(error: Exception, route: str) -> errors.Error:
    """What the client is told; an unknown failure leaves its place in the log, never its text."""
    if isinstance(error, errors.Error):
        return error
    if isinstance(error, grpc.aio.AioRpcError):
        return errors.from_rpc(error)
    logs.get().error(
        "request.crashed",
        method=route,
        error_type=type(error).__name__,
        where=logs.place_of(error),
    )
    return errors.Error(errors.INTERNAL_MESSAGE)
