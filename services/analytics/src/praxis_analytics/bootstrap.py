"""Puts the analytics service together; the only module that names concrete adapters."""

from __future__ import annotations

import asyncio

from praxis.analytics.v1 import (
    analytics_service_pb2_grpc,
    disclosure_service_pb2_grpc,
    ingest_service_pb2_grpc,
    insight_service_pb2_grpc,
    kpi_service_pb2_grpc,
    measure_service_pb2_grpc,
    practice_service_pb2_grpc,
    receipt_service_pb2_grpc,
    sql_service_pb2_grpc,
)
from praxis.event.v1 import event_log_service_pb2_grpc
from praxis_analytics.api.custom_sql import SqlServicer
from praxis_analytics.api.disclosures import DisclosureServicer
from praxis_analytics.api.ingest import IngestServicer
from praxis_analytics.api.insights import InsightServicer
from praxis_analytics.api.kpis import KPIServicer
from praxis_analytics.api.measures import MeasureServicer
from praxis_analytics.api.practice import PracticeServicer
from praxis_analytics.api.receipts import ReceiptServicer
from praxis_analytics.api.servicer import AnalyticsServicer
from praxis_analytics.application.ingest import Ingest
from praxis_analytics.application.rollup import RollUps
from praxis_analytics.domain.receipts import Receipts
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.queries.custom_sql import CustomSql
from praxis_analytics.settings import Settings
from praxis_chassis import consumer, logs
from praxis_chassis.broker import Broker
from praxis_chassis.catalogue import check_catalogue
from praxis_chassis.database import Database
from praxis_chassis.records import ReadAudit
from praxis_chassis.relay import Relay
from praxis_chassis.server import Server, work_until_signal
from praxis_chassis.tokens import InternalVerifier, load_keys

SERVICE = "praxis.analytics.v1.AnalyticsService"
INGEST = "praxis.analytics.v1.IngestService"
MEASURES = "praxis.analytics.v1.MeasureService"
PRACTICE = "praxis.analytics.v1.PracticeService"
KPIS = "praxis.analytics.v1.KPIService"
INSIGHTS = "praxis.analytics.v1.InsightService"
RECEIPTS = "praxis.analytics.v1.ReceiptService"
SQL = "praxis.analytics.v1.SqlService"
DISCLOSURES = "praxis.analytics.v1.DisclosureService"
_SQL_CONNECTIONS = 3

_ANALYTICS = analytics_service_pb2_grpc.add_AnalyticsServiceServicer_to_server
_PRACTICE = practice_service_pb2_grpc.add_PracticeServiceServicer_to_server
_KPIS = kpi_service_pb2_grpc.add_KPIServiceServicer_to_server
_INSIGHTS = insight_service_pb2_grpc.add_InsightServiceServicer_to_server
_RECEIPTS = receipt_service_pb2_grpc.add_ReceiptServiceServicer_to_server
_SQL = sql_service_pb2_grpc.add_SqlServiceServicer_to_server
_MEASURES = measure_service_pb2_grpc.add_MeasureServiceServicer_to_server
_DISCLOSURES = disclosure_service_pb2_grpc.add_DisclosureServiceServicer_to_server
_INGEST = ingest_service_pb2_grpc.add_IngestServiceServicer_to_server
_EVENTS = event_log_service_pb2_grpc.add_EventLogServiceServicer_to_server


async def serve(settings: Settings) -> None:
    """Serves, takes the platform's events and publishes its own, until told to stop."""
    logs.configure("analytics", settings.log_level)
    database = Database(settings.conninfo("app"), settings.database_pool)
    working = Database(settings.conninfo("worker"), settings.database_pool)
    reading = Database(settings.conninfo("sql"), _SQL_CONNECTIONS)
    for one in (database, working, reading):
        await one.open()
        await check_catalogue(one)
    reads = ReadAudit(database)
    reads.start()
    broker = Broker(settings.nats_url, "analytics", settings.nats_seed_file)
    broker.start()
    ingest = Ingest(database, working)
    server = Server(InternalVerifier(load_keys(settings.internal_jwks_file)), reads.refused)
    book = ReceiptBook(database, Receipts(settings.receipt_key_file.read_bytes()))
    for add, servicer, name in (
        (_ANALYTICS, AnalyticsServicer(database, book, reads), SERVICE),
        (_PRACTICE, PracticeServicer(database), PRACTICE),
        (_KPIS, KPIServicer(database, book, reads), KPIS),
        (_INSIGHTS, InsightServicer(database, book, reads), INSIGHTS),
        (_RECEIPTS, ReceiptServicer(database, book, reads), RECEIPTS),
        (_SQL, SqlServicer(CustomSql(database, working, reading)), SQL),
        (_MEASURES, MeasureServicer(database, reads), MEASURES),
        (_DISCLOSURES, DisclosureServicer(database), DISCLOSURES),
        (_INGEST, IngestServicer(ingest), INGEST),
        (_EVENTS, consumer.EventLogServicer(working), consumer.SERVICE),
    ):
        server.add(add, servicer, name)
    work = [
        asyncio.create_task(Relay(working, broker, "analytics").run()),
        asyncio.create_task(ingest.follow(broker)),
        asyncio.create_task(RollUps(working).run()),
    ]
    port = await server.start(settings.listen)
    logs.get().info("service.started", port=port)
    broken = await work_until_signal(work)
    await server.drain(settings.drain_s)
    await reads.stop()
    await broker.stop()
    await database.close()
    await working.close()
    await reading.close()
    logs.get().info("service.stopped")
    for task in broken:
        task.result()
