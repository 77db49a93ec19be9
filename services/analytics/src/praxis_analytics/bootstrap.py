"""Puts the analytics service together; the only module that names concrete adapters."""

from __future__ import annotations

from praxis.analytics.v1 import analytics_service_pb2_grpc
from praxis_analytics.api.servicer import AnalyticsServicer
from praxis_analytics.domain.receipts import Receipts
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.settings import Settings
from praxis_chassis import logs
from praxis_chassis.catalogue import check_catalogue
from praxis_chassis.database import Database
from praxis_chassis.records import ReadAudit
from praxis_chassis.server import Server, until_signal
from praxis_chassis.tokens import InternalVerifier, load_keys

SERVICE = "praxis.analytics.v1.AnalyticsService"


async def serve(settings: Settings) -> None:
    """Serves until told to stop."""
    logs.configure("analytics", settings.log_level)
    database = Database(settings.conninfo("app"), settings.database_pool)
    await database.open()
    await check_catalogue(database)
    reads = ReadAudit(database)
    reads.start()
    book = ReceiptBook(database, Receipts(settings.receipt_key_file.read_bytes()))
    server = Server(InternalVerifier(load_keys(settings.internal_jwks_file)), reads.refused)
    register = analytics_service_pb2_grpc.add_AnalyticsServiceServicer_to_server
    server.add(register, AnalyticsServicer(database, book, reads), SERVICE)
    port = await server.start(settings.listen)
    logs.get().info("service.started", port=port)
    await until_signal()
    await server.drain(settings.drain_s)
    await reads.stop()
    await database.close()
    logs.get().info("service.stopped")
