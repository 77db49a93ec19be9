"""The real gateway over HTTP, before real gRPC servers that give canned answers."""

from __future__ import annotations

import asyncio
import importlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.protobuf import descriptor_pool
from google.protobuf.message import Message
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from praxis_chassis import server as chassis
from praxis_chassis.caller import Call, current
from praxis_chassis.tokens import InternalVerifier, load_keys
from praxis_gateway.app import Gateway
from praxis_gateway.contract import services
from praxis_gateway.serving import Server, listen
from praxis_gateway.settings import Settings

PRACTICE = uuid.UUID("11111111-1111-4111-8111-111111111111")
USER = "user-7"

Reply = Callable[[Any, Any], Awaitable[Any]]


@dataclass
class Seen:
    """What a service was asked."""

    name: str
    request: Any
    metadata: dict[str, Any]
    call: Call
    remaining_s: float


@dataclass
class Canned:
    """Answers by RPC name: a message, an exception, or a function of request and context."""

    replies: dict[str, Any] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def servicer(self, service: str, base: type) -> Any:
        """A servicer of `service` that answers from here."""
        descriptor = descriptor_pool.Default().FindServiceByName(service)
        methods = {
            m.name: (self._stream if m.server_streaming else self._unary)(m.name)
            for m in descriptor.methods
        }
        return type("Servicer", (base,), methods)()

    def _note(self, name: str, request: Any, context: Any) -> Any:
        metadata = dict(context.invocation_metadata())
        self.seen.append(Seen(name, request, metadata, current(), context.time_remaining()))
        reply = self.replies[name]
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _unary(self, name: str) -> Any:
        async def answer(_self: Any, request: Any, context: Any) -> Any:
            reply = self._note(name, request, context)
            return reply if isinstance(reply, Message) else await reply(request, context)

        return answer

    def _stream(self, name: str) -> Any:
        async def answer(_self: Any, request: Any, context: Any) -> AsyncIterator[Any]:
            async for piece in self._note(name, request, context)(request, context):
                yield piece

        return answer


@dataclass
class Keys:
    """Files and keys of a small identity provider and of the gateway."""

    folder: Path
    issuer: OKPKey
    other: OKPKey

    @classmethod
    def create(cls, folder: Path) -> Keys:
        issuer, other, gateway = (
            OKPKey.generate_key("Ed25519", {"kid": kid}) for kid in ("idp", "idp", "gateway-1")
        )
        private = json.dumps(gateway.as_dict(private=True))
        (folder / "gateway.jwk").write_text(private)
        for name, key in (("issuer", issuer), ("internal", gateway)):
            public = json.dumps(KeySet([key]).as_dict(private=False))
            (folder / f"{name}.jwks").write_text(public)
        return cls(folder, issuer, other)

    def token(self, key: OKPKey | None = None, **changes: Any) -> str:
        """A token of the provider for an owner; `changes` replace claims."""
        now = int(time.time())
        claims = {"iss": "praxis-local", "aud": "praxis", "sub": USER, "iat": now, "exp": now + 600}
        claims |= {"practice_id": str(PRACTICE), "roles": ["owner"]} | changes
        header = {"alg": "Ed25519", "typ": "at+jwt", "kid": "idp"}
        return jwt.encode(header, claims, key or self.issuer, algorithms=["Ed25519"])

    def settings(self, target: str, **changes: Any) -> Settings:
        values: dict[str, Any] = {
            "analytics_target": target,
            "report_target": target,
            "dashboard_target": target,
            "scheduler_target": target,
            "internal_jwks_file": self.folder / "internal.jwks",
            "signing_key_file": self.folder / "gateway.jwk",
            "issuer_jwks_file": self.folder / "issuer.jwks",
            "user_rate": 1e6,
            "user_burst": 1e6,
            "practice_rate": 1e6,
            "practice_burst": 1e6,
        }
        return Settings(**(values | changes))


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[tuple[str, Gateway]]:
    """The gateway on a free port, inside this process. Yields its URL and itself."""
    gateway = Gateway(settings)
    server = Server(gateway, 0)
    listener = listen(settings.listen)
    port = listener.getsockname()[1]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{port}", gateway
    finally:
        server.should_exit = server.force_exit = True
        await task
        await gateway.close()


@dataclass
class Stand:
    """A running gateway, the services behind it, and a signed-in client."""

    url: str
    gateway: Gateway
    keys: Keys
    canned: Canned
    target: str
    client: httpx.AsyncClient

    @property
    def last(self) -> Seen:
        """The last thing a service was asked."""
        return self.canned.seen[-1]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys.create(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
async def _services(keys: Keys) -> AsyncIterator[tuple[Canned, str]]:
    canned = Canned()
    server = chassis.Server(InternalVerifier(load_keys(keys.folder / "internal.jwks")))
    for service in services():
        stubs = service.file.name.removesuffix(".proto").replace("/", ".")
        module = importlib.import_module(f"{stubs}_pb2_grpc")
        servicer = canned.servicer(service.full_name, getattr(module, f"{service.name}Servicer"))
        add = getattr(module, f"add_{service.name}Servicer_to_server")
        server.add(add, servicer, service.full_name)
    port = await server.start("127.0.0.1:0")
    yield canned, f"127.0.0.1:{port}"
    await server._server.stop(0)


@pytest.fixture(scope="session")
async def _stand(keys: Keys, _services: tuple[Canned, str]) -> AsyncIterator[Stand]:
    canned, target = _services
    headers = {"authorization": f"Bearer {keys.token()}"}
    async with (
        running(keys.settings(target)) as (url, gateway),
        httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client,
    ):
        yield Stand(url, gateway, keys, canned, target, client)


@pytest.fixture
def stand(_stand: Stand) -> Stand:
    _stand.canned.replies.clear()
    _stand.canned.seen.clear()
    return _stand
