"""Cached answers are read too: every time one is shown, analytics is told within a second."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict

import grpc

from praxis.analytics.v1 import analytics_service_pb2_grpc, read_pb2
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller
from praxis_chassis.channels import metadata
from praxis_chassis.tokens import InternalSigner

_EVERY_S, _CALL_S = 0.5, 5.0
_READS_MOST, _AT_ONCE = 10_000, 500


class Reads:
    """Gathers reads and tells them in the name of whoever read."""

    def __init__(self, channel: grpc.aio.Channel, signer: InternalSigner) -> None:
        self._tell = analytics_service_pb2_grpc.AnalyticsServiceStub(channel).RecordReads  # type: ignore[no-untyped-call]
        self._signer = signer
        self._reads: dict[Caller, list[read_pb2.Read]] = defaultdict(list)
        self._count = 0

    @property
    def full(self) -> bool:
        """True when reads could not be told for a while, and none may be added."""
        return self._count >= _READS_MOST

    def note(self, call: Call, shown: read_pb2.Shown) -> None:
        """Remembers that the caller is shown a kept answer now."""
        read = read_pb2.Read(request_id=call.request_id, shown=shown)
        read.at.FromNanoseconds(time.time_ns())
        self._reads[call.caller].append(read)
        self._count += 1

    async def run(self) -> None:
        """Tells what was gathered, again and again, until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_S)
            await self.flush()

    async def flush(self) -> None:
        """Tells what was gathered; what was not told for certain is told again next time."""
        for caller in list(self._reads):
            own = self._reads[caller]
            while batch := own[:_AT_ONCE]:
                if not await self._told(caller, batch):
                    break
                del own[: len(batch)]
                self._count -= len(batch)
            if not own:
                del self._reads[caller]

    async def _told(self, caller: Caller, reads: list[read_pb2.Read]) -> bool:
        token = self._signer.mint(caller)
        request = read_pb2.RecordReadsRequest(reads=reads)
        try:
            await self._tell(
                request, timeout=_CALL_S, metadata=metadata(token, reads[0].request_id)
            )
        except grpc.aio.AioRpcError as error:
            logs.get().warning("reads.delayed", code=error.code().name, count=len(reads))
            return False
        return True
