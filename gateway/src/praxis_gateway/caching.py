"""Shows kept answers again, and keeps new ones while changes are heard of."""

from __future__ import annotations

import asyncio
import time
import uuid

import grpc
from starlette.requests import Request
from starlette.responses import Response

from praxis.analytics.v1 import read_pb2
from praxis.event.v1 import event_pb2
from praxis_chassis.broker import Broker, Ear
from praxis_chassis.caller import Call
from praxis_chassis.tokens import InternalSigner
from praxis_gateway.cache import Cache, Key
from praxis_gateway.reads import Reads
from praxis_gateway.settings import Settings

_SHOWN = "praxis-shown-bin"
_EVENTS = "praxis.analytics.v1.envelope"
JSON = {"content-type": "application/json"}


class Caching:
    """What stands between requests and the services that answer them. Needs the event loop.

    Without a broker in the settings nothing is kept.
    """

    def __init__(
        self, settings: Settings, channel: grpc.aio.Channel, signer: InternalSigner
    ) -> None:
        self._cache = Cache()
        self._reads = Reads(channel, signer)
        self._telling: asyncio.Task[None] | None = None
        self._broker: Broker | None = None
        if settings.nats_url:
            ear = Ear(_EVENTS, self._take, self._link)
            self._broker = Broker(settings.nats_url, "gateway", settings.nats_seed_file, ear)
            self._broker.start()
            self._telling = asyncio.create_task(self._reads.run())

    async def stop(self) -> None:
        """Keeps nothing any more, and tells of the last reads."""
        self._cache.close()
        if self._broker is None or self._telling is None:
            return
        await self._broker.stop()
        self._telling.cancel()
        await asyncio.gather(self._telling, return_exceptions=True)
        await self._reads.flush()

    def _take(self, payload: bytes) -> None:
        events = event_pb2.Envelope.FromString(payload).events
        for practice_id in {event.practice_id for event in events}:
            self._cache.touch(uuid.UUID(practice_id))

    def _link(self, stands: bool) -> None:
        if stands:
            self._cache.open()
        else:
            self._cache.close()

    @property
    def now(self) -> int:
        """To be read before an answer is asked for that may be kept."""
        return self._cache.now

    def changed(self, practice_id: uuid.UUID) -> None:
        """A command of the practice has been, whatever came of it."""
        self._cache.touch(practice_id)

    def find(self, request: Request, call: Call, key: Key) -> Response | None:
        """The kept answer to a request, recorded as read; None where a new one is wanted."""
        found = None if self._reads.full else self._cache.find(key)
        if found is None or "no-cache" in request.headers.get("cache-control", ""):
            return None
        self._reads.note(call, found.shown)
        age = str(int(time.monotonic() - found.made))
        return Response(found.body, 200, {**JSON, "Age": age})

    def keep(self, key: Key, asked: int, response: Response, trailer: dict[str, bytes]) -> None:
        """Keeps an answer if its service says that it may be."""
        if _SHOWN in trailer:
            shown = read_pb2.Shown.FromString(trailer[_SHOWN])
            self._cache.keep(key, asked, bytes(response.body), shown)
