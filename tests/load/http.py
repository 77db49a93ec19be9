"""A client that costs next to nothing, so that what is measured is the server."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Http:
    """One kept connection to `url`, signed in by `token`."""

    def __init__(self, url: str, token: str) -> None:
        self._host = urlsplit(url).netloc
        self._token = token

    async def __aenter__(self) -> Self:
        host, _, port = self._host.rpartition(":")
        self._reader, self._writer = await asyncio.open_connection(host, int(port), limit=2**24)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def ask(self, verb: str, path: str, body: Any, more: dict[str, str]) -> Reply:
        """Sends one request with a JSON body or none, and reads the whole answer."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"Host": self._host, "Authorization": f"Bearer {self._token}", **more}
        if content:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        lines = [f"{verb} {path} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        first, *rest = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
        told = {name.lower(): text for name, _, text in (line.partition(": ") for line in rest)}
        size = int(told["content-length"])
        return Reply(int(first.split()[1]), told, await self._reader.readexactly(size))
