"""Puts the dashboard service together; the only module that names concrete adapters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from praxis.dashboard.v1 import dashboard_service_pb2_grpc
from praxis.event.v1 import event_log_service_pb2_grpc
from praxis_chassis import consumer, logs
from praxis_chassis.broker import Broker
from praxis_chassis.catalogue import check_catalogue
from praxis_chassis.channels import open_channel
from praxis_chassis.consumer import Consumer, EventLogServicer, EventReader
from praxis_chassis.database import Database
from praxis_chassis.records import ReadAudit
from praxis_chassis.relay import Relay
from praxis_chassis.server import Server, work_until_signal
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_dashboard.api.servicer import DashboardServicer
from praxis_dashboard.application import analytics
from praxis_dashboard.application.live import REVISION_RECORDED, Live, Watchers, on_revision
from praxis_dashboard.settings import Settings

SERVICE = "praxis.dashboard.v1.DashboardService"
NAME = "dashboard"
# Besides the streams of those who watch.
_CALLS_AT_ONCE = 200


@dataclass(frozen=True)
class Service:
    """The service, ready to serve."""

    server: Server
    watchers: Watchers
    relay: Relay
    consumer: Consumer
    signals: str

    def work(self) -> list[asyncio.Task[None]]:
        """Starts what runs beside the calls. None of it ends by itself."""
        tasks = (self.relay.run(), self.consumer.run(), self.watchers.listen(self.signals))
        return [asyncio.create_task(task) for task in tasks]


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Service]:
    """Everything open and wired, nothing served or worked on yet; closes it all at the end."""
    async with AsyncExitStack() as stack:
        database = Database(settings.conninfo("app"), settings.database_pool)
        working = Database(settings.conninfo("worker"), settings.database_pool)
        for one in (database, working):
            stack.push_async_callback(one.close)
            await one.open()
            await check_catalogue(one)
        channel = open_channel(settings.analytics_target, analytics.SERVICE)
        log_channel = open_channel(settings.analytics_target, consumer.SERVICE)
        stack.push_async_callback(channel.close)
        stack.push_async_callback(log_channel.close)
        broker = Broker(settings.nats_url, NAME, settings.nats_seed_file)
        broker.start()
        stack.push_async_callback(broker.stop)
        reads = ReadAudit(database)
        reads.start()
        stack.push_async_callback(reads.stop)
        signer = InternalSigner(NAME, load_key(settings.signing_key_file))
        watchers = Watchers(settings.watchers_most)
        server = Server(
            InternalVerifier(load_keys(settings.internal_jwks_file)),
            reads.refused,
            settings.watchers_most + _CALLS_AT_ONCE,
        )
        client = analytics.Analytics(channel)
        servicer = DashboardServicer(database, client, reads, Live(watchers, signer))
        register = dashboard_service_pb2_grpc.add_DashboardServiceServicer_to_server
        server.add(register, servicer, SERVICE)
        register_log = event_log_service_pb2_grpc.add_EventLogServiceServicer_to_server
        server.add(register_log, EventLogServicer(working), consumer.SERVICE)
        follower = Consumer(
            database=working,
            broker=broker,
            reader=EventReader(log_channel, signer),
            name=NAME,
            producer="analytics",
            handlers={REVISION_RECORDED: on_revision},
        )
        relay = Relay(working, broker, NAME)
        yield Service(server, watchers, relay, follower, settings.conninfo("app"))


async def serve(settings: Settings) -> None:
    """Serves until told to stop. Raises: what something beside the calls died of."""
    logs.configure(NAME, settings.log_level)
    async with assembled(settings) as service:
        port = await service.server.start(settings.listen)
        workers = service.work()
        logs.get().info("service.started", port=port)
        broken = await work_until_signal(workers)
        service.watchers.close()
        await service.server.drain(settings.drain_s)
    logs.get().info("service.stopped")
    for worker in broken:
        worker.result()
