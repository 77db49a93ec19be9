"""Puts the report service together; the only module that names concrete adapters."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from praxis.event.v1 import event_log_service_pb2_grpc
from praxis.report.v1 import (
    report_access_service_pb2_grpc,
    report_service_pb2_grpc,
    report_template_service_pb2_grpc,
)
from praxis_chassis import consumer, logs
from praxis_chassis.broker import Broker
from praxis_chassis.catalogue import check_catalogue
from praxis_chassis.channels import open_channel
from praxis_chassis.consumer import Consumer
from praxis_chassis.database import Database
from praxis_chassis.errors import Error
from praxis_chassis.jobs import Jobs
from praxis_chassis.records import ReadAudit
from praxis_chassis.relay import Relay
from praxis_chassis.server import Server, work_until_signal
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_report.api.access import ReportAccessServicer
from praxis_report.api.servicer import ReportServicer
from praxis_report.api.templates import ReportTemplateServicer
from praxis_report.application import analytics, scheduling
from praxis_report.application.downloads import Downloads
from praxis_report.application.executions import Starter
from praxis_report.application.expiry import Expiry
from praxis_report.application.keys import Keys
from praxis_report.application.running import Runner
from praxis_report.application.watching import Watchers
from praxis_report.blobs.stores import open_files
from praxis_report.domain.links import Links
from praxis_report.rendering.pool import RenderPool
from praxis_report.settings import Settings

SERVICE = "praxis.report.v1.ReportService"
ACCESS = "praxis.report.v1.ReportAccessService"
TEMPLATES = "praxis.report.v1.ReportTemplateService"
_COLLECT_EVERY_S = 600
_EXPIRE_EVERY_S = 60


@dataclass(frozen=True)
class Service:
    """The service's two halves: one that answers, one that works through the queue."""

    server: Server
    runner: Runner
    expiry: Expiry
    watchers: Watchers
    wake: asyncio.Event
    relay: Relay
    follower: Consumer

    def work(self, workers: int) -> list[asyncio.Task[None]]:
        """Starts the workers and what goes on beside them. None of it ends by itself."""
        runner = self.runner
        tasks = [
            asyncio.create_task(runner.jobs.serve(runner.handle, runner.give_up, self.wake))
            for _ in range(workers)
        ]
        others = (
            _repeat(_COLLECT_EVERY_S, runner.collect_orphans, "files.collected"),
            _repeat(_EXPIRE_EVERY_S, self.expiry.sweep, "files.expired"),
            *(self.relay.run(), self.follower.run()),
        )
        return [*tasks, *(asyncio.create_task(other) for other in others)]


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
        stack.push_async_callback(channel.close)
        reads = ReadAudit(database)
        reads.start()
        stack.push_async_callback(reads.stop)
        pool = await stack.enter_async_context(RenderPool(settings.render_processes))
        signer = InternalSigner("report", load_key(settings.signing_key_file))
        client = analytics.Analytics(channel, signer)
        files, wake = open_files(settings), asyncio.Event()
        keys = Keys(settings.master_key_file)
        keys.masters()  # a broken file is told before anything is served
        links = Links(settings.link_key_file.read_bytes())
        starter = Starter(database, client, settings.queue_most)
        downloads = Downloads(database, files, keys, links)
        server = Server(InternalVerifier(load_keys(settings.internal_jwks_file)), reads.refused)
        watchers = Watchers(database)
        _add_servicers(server, starter, downloads, watchers, reads, wake)
        register_log = event_log_service_pb2_grpc.add_EventLogServiceServicer_to_server
        server.add(register_log, consumer.EventLogServicer(working), consumer.SERVICE)
        jobs = Jobs(working, f"report-{uuid.uuid4().hex}")
        kept = timedelta(days=settings.retention_days)
        limit_s = settings.run_timeout_s
        address = settings.public_url
        runner = Runner(working, jobs, client, pool, files, keys, kept, limit_s, address)
        broker = Broker(settings.nats_url, "report", settings.nats_seed_file)
        broker.start()
        stack.push_async_callback(broker.stop)
        log_channel = open_channel(settings.scheduler_target, consumer.SERVICE)
        stack.push_async_callback(log_channel.close)
        follower = Consumer(
            database=working,
            broker=broker,
            reader=consumer.EventReader(log_channel, signer),
            name="report",
            producer=scheduling.PRODUCER,
            handlers=scheduling.handlers(settings.queue_most, wake),
        )
        expiry = Expiry(working, files)
        relay = Relay(working, broker, "report")
        yield Service(server, runner, expiry, watchers, wake, relay, follower)


def _add_servicers(
    server: Server,
    starter: Starter,
    downloads: Downloads,
    watchers: Watchers,
    reads: ReadAudit,
    wake: asyncio.Event,
) -> None:
    database = starter.database
    server.add(
        report_service_pb2_grpc.add_ReportServiceServicer_to_server,
        ReportServicer(starter, downloads, watchers, reads, wake),
        SERVICE,
    )
    server.add(
        report_access_service_pb2_grpc.add_ReportAccessServiceServicer_to_server,
        ReportAccessServicer(database, downloads, reads),
        ACCESS,
    )
    server.add(
        report_template_service_pb2_grpc.add_ReportTemplateServiceServicer_to_server,
        ReportTemplateServicer(database, starter.analytics, downloads.files, reads),
        TEMPLATES,
    )


async def serve(settings: Settings) -> None:
    """Serves and works until told to stop. Raises: what a worker died of."""
    logs.configure("report", settings.log_level)
    async with assembled(settings) as service:
        port = await service.server.start(settings.listen)
        workers = service.work(settings.render_processes)
        logs.get().info("service.started", port=port)
        broken = await work_until_signal(workers)
        service.watchers.close()
        await service.server.drain(settings.drain_s)
    logs.get().info("service.stopped")
    for worker in broken:
        worker.result()


async def _repeat(every_s: float, work: Callable[[], Awaitable[int]], told: str) -> None:
    """Does `work` again and again, and tells how much it did when it did something."""
    while True:
        await asyncio.sleep(every_s)
        try:
            done = await work()
            if done:
                logs.get().info(told, count=done)
        except (Error, OSError) as error:
            logs.get().warning(f"{told}_failed", error_type=type(error).__name__)


async def rewrap_keys(settings: Settings) -> int:
    """Wraps the keys of practices by the master key in force. Returns how many were not."""
    working = Database(settings.conninfo("worker"), 1)
    try:
        return await Keys(settings.master_key_file).rewrap(working)
    finally:
        await working.close()
