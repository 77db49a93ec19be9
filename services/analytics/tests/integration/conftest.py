"""The service behind its real server, a practice to ask about, and a way past row security."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import grpc
import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import analytics_service_pb2_grpc
from praxis_analytics.api.servicer import AnalyticsServicer
from praxis_analytics.bootstrap import SERVICE
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    ENCOUNTER,
    LEDGER,
    PATIENT,
    PAYER,
    PROVIDER,
)
from praxis_analytics.domain.receipts import Receipts
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import get_practice, set_business_date
from praxis_chassis.caller import Caller
from praxis_chassis.channels import metadata, open_channel
from praxis_chassis.database import Connection, Database, transaction
from praxis_chassis.errors import from_rpc
from praxis_chassis.records import ReadAudit
from praxis_chassis.server import Server
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_cli.stack.services import Stack
from services.analytics.tests.book import Book


@pytest.fixture(scope="session")
def superuser(postgres: Stack) -> Iterator[psycopg.Connection[Any]]:
    """The server's superuser in the analytics database, in autocommit mode."""
    conninfo = postgres.postgres.conninfo("praxis_analytics")
    with psycopg.connect(conninfo, autocommit=True) as opened:
        yield opened


TODAY = date(2025, 7, 10)


@dataclass(frozen=True)
class Client:
    """Calls the service as one caller. A failure comes back as the chassis's own error."""

    stub: Any
    signer: InternalSigner
    caller: Caller

    async def __call__(self, method: str, request: Any) -> Any:
        token = self.signer.mint(self.caller)
        try:
            return await getattr(self.stub, method)(
                request, metadata=metadata(token, uuid.uuid4().hex), timeout=60
            )
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure) from failure


@dataclass(frozen=True)
class Service:
    """The running service."""

    stub: Any
    signer: InternalSigner
    reads: ReadAudit

    def client(self, practice_id: uuid.UUID, *roles: str) -> Client:
        """A caller of a practice with these roles; without any, its owner."""
        roles = roles or ("owner",)
        user = str(uuid.uuid5(practice_id, "+".join(roles)))
        return Client(self.stub, self.signer, Caller(practice_id, user, frozenset(roles)))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(postgres: Stack, analytics_settings: Settings) -> AsyncIterator[Service]:
    """Analytics on the session's database."""
    secrets = postgres.layout.secrets
    database = Database(analytics_settings.conninfo("app"), analytics_settings.database_pool)
    await database.open()
    reads = ReadAudit(database)
    book = ReceiptBook(database, Receipts(analytics_settings.receipt_key_file.read_bytes()))
    verifier = InternalVerifier(load_keys(analytics_settings.internal_jwks_file))
    server = Server(verifier, reads.refused)
    register = analytics_service_pb2_grpc.add_AnalyticsServiceServicer_to_server
    server.add(register, AnalyticsServicer(database, book, reads), SERVICE)
    port = await server.start("127.0.0.1:0")
    async with open_channel(f"127.0.0.1:{port}", SERVICE) as channel:
        stub = analytics_service_pb2_grpc.AnalyticsServiceStub(channel)  # type: ignore[no-untyped-call]
        signer = InternalSigner("gateway", load_key(secrets / "gateway.jwk"))
        yield Service(stub, signer, reads)
    await server.drain(0)
    await reads.stop()
    await database.close()


@pytest_asyncio.fixture
async def clinic(connection: Connection, new_practice: NewPractice) -> Book:
    """A practice whose today is TODAY, with a little of everything."""
    book = Book(connection, await new_practice())
    async with transaction(connection, "BEGIN", book.practice_id, 10_000):
        await set_business_date(connection, book.practice_id, TODAY)
        book.practice = await get_practice(connection, book.practice_id)
    await book.apply(*_facts(book))
    return book


def _facts(book: Book) -> list[Any]:
    who = {"payer_id": book.id(PAYER, "m"), "provider_id": book.id(PROVIDER, "1")}
    money = {**who, "claim_id": book.id(CLAIM, "1")}
    at = datetime(2025, 5, 12, 13, tzinfo=UTC)
    return [
        book.entry(PAYER, "m", name="Medicare", payer_class="medicare"),
        book.entry(PROVIDER, "1", display_name="Dr Okafor"),
        book.entry(
            CHARGE, "c1", amount=Decimal("1000.00"), posting_date=date(2025, 5, 12), **money
        ),
        book.entry(CHARGE, "c0", amount=Decimal("200.00"), posting_date=date(2025, 4, 3)),
        book.entry(
            LEDGER, "p1", entry="payment", amount=Decimal("600.00"), posting_date=date(2025, 5, 30),
            **money,
        ),
        book.entry(
            LEDGER, "p0", entry="payment", amount=Decimal("480.00"), posting_date=date(2025, 4, 30)
        ),
        book.entry(
            LEDGER, "a1", entry="adjustment", reason="contractual", amount=Decimal("150.00"),
            posting_date=date(2025, 5, 30), **money,
        ),
        *(
            book.entry(
                ENCOUNTER, str(n), status="finished", start_at=at,
                patient_id=book.id(PATIENT, str(n)), **{"class": "AMB"}, **who,
            )
            for n in range(7)
        ),
        *(
            book.entry(APPOINTMENT, str(n), status=status, start_at=at, **who)
            for n, status in enumerate(["fulfilled"] * 5 + ["noshow", "cancelled", "booked"])
        ),
    ]  # fmt: skip


@pytest.fixture
def owner(service: Service, clinic: Book) -> Client:
    """The owner of that practice."""
    return service.client(clinic.practice_id)
