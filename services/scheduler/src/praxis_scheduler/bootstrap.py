"""Puts the scheduler together; the only module that names concrete adapters."""

from __future__ import annotations

import asyncio
import uuid
import zoneinfo
from datetime import UTC, datetime

from praxis.event.v1 import event_log_service_pb2_grpc
from praxis.scheduler.v1 import schedule_service_pb2_grpc
from praxis_chassis import consumer, logs
from praxis_chassis.broker import Broker
from praxis_chassis.catalogue import check_catalogue
from praxis_chassis.channels import open_channel
from praxis_chassis.consumer import Consumer, EventLogServicer, EventReader
from praxis_chassis.database import Database
from praxis_chassis.jobs import Jobs
from praxis_chassis.records import ReadAudit
from praxis_chassis.relay import Relay
from praxis_chassis.server import Server, work_until_signal
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_scheduler.api.events import HANDLERS
from praxis_scheduler.api.servicer import ScheduleServicer
from praxis_scheduler.application import neighbours
from praxis_scheduler.application.delivering import Deliverer
from praxis_scheduler.application.firing import Firer
from praxis_scheduler.application.neighbours import Neighbours
from praxis_scheduler.application.schedules import Schedules
from praxis_scheduler.delivery.smtp import Mailer
from praxis_scheduler.settings import Settings

SERVICE = "praxis.scheduler.v1.ScheduleService"
NAME = "scheduler"


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def mailer(settings: Settings) -> Mailer:
    """The way to the mail server."""
    return Mailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        timeout_s=settings.smtp_timeout_s,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
        ca_file=str(settings.smtp_ca_file) if settings.smtp_ca_file else None,
    )


async def serve(settings: Settings) -> None:
    """Serves, fires and delivers until told to stop."""
    logs.configure(NAME, settings.log_level)
    # The same zones everywhere: those of the pinned package, not the machine's.
    zoneinfo.reset_tzpath(to=())
    database = Database(settings.conninfo("app"), settings.database_pool)
    working = Database(settings.conninfo("worker"), settings.database_pool)
    for one in (database, working):
        await one.open()
        await check_catalogue(one)
    reads = ReadAudit(database)
    reads.start()
    signer = InternalSigner(NAME, load_key(settings.signing_key_file))
    channels = [
        open_channel(settings.analytics_target, neighbours.ANALYTICS),
        open_channel(settings.report_target, neighbours.REPORT),
        open_channel(settings.report_target, consumer.SERVICE),
    ]
    known = Neighbours(channels[0], channels[1], signer)
    broker = Broker(settings.nats_url, NAME, settings.nats_seed_file)
    broker.start()
    server = Server(InternalVerifier(load_keys(settings.internal_jwks_file)), reads.refused)
    schedules = Schedules(database, known, system_clock, tuple(settings.mail_domains))
    servicer = ScheduleServicer(database, schedules, reads, system_clock)
    server.add(schedule_service_pb2_grpc.add_ScheduleServiceServicer_to_server, servicer, SERVICE)
    server.add(
        event_log_service_pb2_grpc.add_EventLogServiceServicer_to_server,
        EventLogServicer(working),
        consumer.SERVICE,
    )
    workers = [
        *_events(working, broker, EventReader(channels[2], signer)),
        *_work(settings, working, known),
    ]
    port = await server.start(settings.listen)
    logs.get().info("service.started", port=port)
    broken = await work_until_signal(workers)
    await server.drain(settings.drain_s)
    await reads.stop()
    await broker.stop()
    for channel in channels:
        await channel.close()
    await database.close()
    await working.close()
    logs.get().info("service.stopped")
    for worker in broken:
        worker.result()


def _events(working: Database, broker: Broker, reader: EventReader) -> list[asyncio.Task[None]]:
    follow = Consumer(
        database=working,
        broker=broker,
        reader=reader,
        name=NAME,
        producer="report",
        handlers=HANDLERS,
    )
    relay = Relay(working, broker, NAME)
    return [asyncio.create_task(follow.run()), asyncio.create_task(relay.run())]


def _work(settings: Settings, working: Database, known: Neighbours) -> list[asyncio.Task[None]]:
    firer = Firer(working, system_clock)
    jobs = Jobs(working, f"{NAME}-{uuid.uuid4().hex}")
    deliverer = Deliverer(working, jobs, known, mailer(settings), settings.public_url, system_clock)
    wake = asyncio.Event()
    return [
        asyncio.create_task(firer.run(settings.poll_s)),
        *(
            asyncio.create_task(jobs.serve(deliverer.handle, deliverer.give_up, wake))
            for _ in range(settings.delivery_workers)
        ),
    ]
