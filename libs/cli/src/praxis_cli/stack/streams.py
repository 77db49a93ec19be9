"""`python -m praxis_cli.stack.streams DIR URL`: keeps the broker's streams and readers there.

Services may not administer streams, so that none can drop another's events. This process, with
the admin user, makes what is missing at start and looks again every few seconds: a broker whose
store was deleted has its streams back before anyone asks.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import nats
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StreamConfig
from nats.js.client import JetStreamContext

from praxis_chassis import nkeys
from praxis_cli.stack import broker
from praxis_cli.stack.layout import Layout

_EVERY_S = 3
_DAYS = 14
_BYTES = 1 << 30


def ready_file(layout: Layout) -> Path:
    """Touched after every look at which nothing was missing."""
    return layout.run / "streams.ready"


async def ensure(jetstream: JetStreamContext) -> None:
    """Makes every producer's stream and each reader's durable consumer, where missing."""
    for producer in broker.CONSUMES:
        config = StreamConfig(
            name=broker.stream(producer),
            subjects=[f"praxis.{producer}.>"],
            retention=RetentionPolicy.LIMITS,
            max_age=_DAYS * 86_400,
            max_bytes=_BYTES,
            duplicate_window=120,
        )
        try:
            await jetstream.stream_info(broker.stream(producer))
        except nats.js.errors.NotFoundError:
            await jetstream.add_stream(config)
    for reader, producers in broker.CONSUMES.items():
        for producer in producers:
            await _ensure_reader(jetstream, broker.stream(producer), reader)


async def _ensure_reader(jetstream: JetStreamContext, stream: str, reader: str) -> None:
    try:
        await jetstream.consumer_info(stream, reader)
    except nats.js.errors.NotFoundError:
        limits = ConsumerConfig(
            durable_name=reader,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=30,
            max_ack_pending=256,
        )
        await jetstream.add_consumer(stream, limits)


async def keep(layout: Layout, url: str) -> None:
    """Looks until it is stopped."""
    seed = layout.secrets / f"nats-{broker.ADMIN}.seed"
    while True:
        try:
            client = await nkeys.connect(
                url, seed, max_reconnect_attempts=-1, reconnect_time_wait=1
            )
            break
        except (NatsError, OSError, TimeoutError):
            await asyncio.sleep(1)
    while True:
        try:
            await ensure(client.jetstream(timeout=5))
            ready_file(layout).touch()
        except (NatsError, TimeoutError, ConnectionError):
            ready_file(layout).unlink(missing_ok=True)
        await asyncio.sleep(_EVERY_S)


if __name__ == "__main__":
    asyncio.run(keep(Layout.at(Path(sys.argv[1])), sys.argv[2]))
