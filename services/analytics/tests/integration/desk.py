"""One servicer behind the real server, and callers of it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from praxis_analytics.domain.receipts import Receipts
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.settings import Settings
from praxis_chassis.caller import Caller
from praxis_chassis.channels import open_channel
from praxis_chassis.database import Database
from praxis_chassis.records import ReadAudit
from praxis_chassis.server import Server
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_cli.stack.services import Stack
from services.analytics.tests.integration.conftest import Client


@dataclass(frozen=True)
class Parts:
    """What servicers are made of."""

    database: Database
    book: ReceiptBook
    reads: ReadAudit


@dataclass(frozen=True)
class Desk:
    """A running servicer."""

    stub: Any
    signer: InternalSigner

    def client(self, practice_id: uuid.UUID, *roles: str) -> Client:
        """A caller of a practice with these roles; without any, its owner."""
        caller = Caller(practice_id, "+".join(roles) or "owner", frozenset(roles or ("owner",)))
        return Client(self.stub, self.signer, caller)


@asynccontextmanager
async def open_desk(
    postgres: Stack,
    settings: Settings,
    grpc_module: Any,
    service: str,
    make: Callable[[Parts], Any],
) -> AsyncIterator[Desk]:
    """Serves the one service `service` of a generated module until the block ends."""
    database = Database(settings.conninfo("app"), settings.database_pool)
    await database.open()
    reads = ReadAudit(database)
    book = ReceiptBook(database, Receipts(settings.receipt_key_file.read_bytes()))
    server = Server(InternalVerifier(load_keys(settings.internal_jwks_file)), reads.refused)
    name = service.rpartition(".")[2]
    register = getattr(grpc_module, f"add_{name}Servicer_to_server")
    server.add(register, make(Parts(database, book, reads)), service)
    port = await server.start("127.0.0.1:0")
    async with open_channel(f"127.0.0.1:{port}", service) as channel:
        signer = InternalSigner("gateway", load_key(postgres.layout.secrets / "gateway.jwk"))
        yield Desk(getattr(grpc_module, f"{name}Stub")(channel), signer)
    await server.drain(0)
    await reads.stop()
    await database.close()
