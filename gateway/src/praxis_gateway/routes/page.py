"""What everybody may read: the page and its files, health, the description of the API."""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

import orjson
from starlette.requests import Request
from starlette.responses import Response

from praxis_chassis.errors import NotFound
from praxis_gateway.openapi import document

# Where the page shows one of its views; all of them are the same document.
VIEWS = ("/", "/reports", "/schedules", "/work-lists", "/measures")
ASSETS = "/assets/{file}"
_STATIC = files("praxis_gateway") / "static"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
# The page runs its own files only, talks to its own origin only, and is framed by nobody.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE_HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-cache",
}
# A file's name holds the hash of its content, so it never changes.
_ASSET_HEADERS = {"cache-control": "public, max-age=31536000, immutable"}
_ZIPPED_FROM = 1000

Endpoint = Callable[[Request], Awaitable[Response]]


def endpoints() -> Mapping[str, Endpoint]:
    """Path → endpoint of every GET that is served from here."""
    return {
        **dict.fromkeys(VIEWS, page),
        ASSETS: asset,
        "/healthz": health,
        "/openapi.json": OpenApi(),
    }


async def page(request: Request) -> Response:
    """The document of the page; the browser asks whether it is still the same."""
    body = _content("index.html")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**_PAGE_HEADERS, "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


async def asset(request: Request) -> Response:
    """A built file. Raises: NotFound."""
    name = request.path_params["file"]
    if name not in _assets():
        raise NotFound("there is no such file")
    headers = {**_ASSET_HEADERS, "vary": "accept-encoding"}
    headers["content-type"] = _TYPES[name[name.rindex(".") :]]
    body = _content(f"assets/{name}")
    if len(body) >= _ZIPPED_FROM and _takes_gzip(request):
        body, headers["content-encoding"] = _zipped(name), "gzip"
    return Response(body, headers=headers)


async def health(_request: Request) -> Response:
    """That this process serves; while it is stopping, the gateway refuses before this."""
    return Response(b'{"status":"serving"}', media_type="application/json")


class OpenApi:
    """The document, made once."""

    def __init__(self) -> None:
        self._body = orjson.dumps(document())

    async def __call__(self, _request: Request) -> Response:
        """The document as JSON."""
        return Response(self._body, media_type="application/json")


@functools.cache
def _assets() -> frozenset[str]:
    found: list[Traversable] = list((_STATIC / "assets").iterdir())
    return frozenset(one.name for one in found)


@functools.cache
def _content(path: str) -> bytes:
    return (_STATIC / path).read_bytes()


@functools.cache
def _zipped(name: str) -> bytes:
    return gzip.compress(_content(f"assets/{name}"), mtime=0)


def _takes_gzip(request: Request) -> bool:
    """Whether the client accepts gzip; `gzip;q=0` says that it does not."""
    accepted = request.headers.get("accept-encoding", "")
    return re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted) is not None
