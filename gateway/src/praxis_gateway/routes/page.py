"""What everybody may read: the front page, health, the description of the API."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from praxis_gateway.openapi import document

_PAGE = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Praxis</title>
<h1>Praxis</h1>
<p>Analytics and reporting for healthcare practices. Every figure carries a receipt that explains
and reproduces it.</p>
<ul>
<li><a href="/openapi.json">Description of the REST API (OpenAPI 3.1)</a></li>
<li><a href="/healthz">Health of this process</a></li>
</ul>
</html>
"""


async def page(_request: Request) -> Response:
    """A few words on what this is."""
    return Response(_PAGE, media_type="text/html")


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
