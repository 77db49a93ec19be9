"""Puts the report service together; the only module that names concrete adapters."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

from praxis.report.v1 import report_service_pb2_grpc
from praxis_chassis import logs
from praxis_chassis.catalogue import check_catalogue
from praxis_chassis.channels import open_channel
from praxis_chassis.database import Database
from praxis_chassis.errors import Error
from praxis_chassis.jobs import Jobs
from praxis_chassis.records import ReadAudit
from praxis_chassis.server import Server, until_signal
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_report.api.servicer import ReportServicer
from praxis_report.application import analytics
from praxis_report.application.executions import Starter
from praxis_report.application.running import Runner
from praxis_report.blobs.local import LocalFiles
from praxis_report.domain.links import Links
from praxis_report.rendering.pool import RenderPool
from praxis_report.settings import Settings

SERVICE = "praxis.report.v1.ReportService"
_COLLECT_EVERY_S = 600


async def serve(settings: Settings) -> None:
    """Serves and works until told to stop."""
    logs.configure("report", settings.log_level)
    database = Database(settings.conninfo("app"), settings.database_pool)
    working = Database(settings.conninfo("worker"), settings.database_pool)
    for one in (database, working):
        await one.open()
        await check_catalogue(one)
    reads = ReadAudit(database)
    reads.start()
    channel = open_channel(settings.analytics_target, analytics.SERVICE)
    signer = InternalSigner("report", load_key(settings.signing_key_file))
    client = analytics.Analytics(channel, signer)
    files = LocalFiles(settings.files_dir)
    wake = asyncio.Event()
    server = Server(InternalVerifier(load_keys(settings.internal_jwks_file)), reads.refused)
    servicer = ReportServicer(
        database,
        Starter(database, client, settings.queue_most),
        files,
        Links(settings.link_key_file.read_bytes()),
        reads,
        wake,
    )
    server.add(report_service_pb2_grpc.add_ReportServiceServicer_to_server, servicer, SERVICE)
    async with RenderPool(settings.render_processes) as pool:
        jobs = Jobs(working, f"report-{os.getpid()}")
        runner = Runner(working, jobs, client, pool, files, timedelta(days=settings.retention_days))
        workers = [
            asyncio.create_task(jobs.serve(runner.handle, runner.give_up, wake))
            for _ in range(settings.render_processes)
        ]
        workers.append(asyncio.create_task(_collect(runner)))
        port = await server.start(settings.listen)
        logs.get().info("service.started", port=port)
        await until_signal()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await server.drain(settings.drain_s)
    await reads.stop()
    await channel.close()
    await database.close()
    await working.close()
    logs.get().info("service.stopped")


async def _collect(runner: Runner) -> None:
    while True:
        await asyncio.sleep(_COLLECT_EVERY_S)
        try:
            removed = await runner.collect_orphans()
            if removed:
                logs.get().info("files.collected", count=removed)
        except Error as error:
            logs.get().warning("files.collection_failed", reason=error.reason)
