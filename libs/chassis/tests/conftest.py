"""Keys of a few processes, and callers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest
from joserfc.jwk import KeySet, OKPKey

from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.tokens import InternalSigner, InternalVerifier


class Processes:
    """Processes that sign internal tokens, each with its own key."""

    def __init__(self, *names: str) -> None:
        self._keys = {n: OKPKey.generate_key("Ed25519", {"kid": f"{n}-1"}) for n in names}
        public = KeySet(list(self._keys.values())).as_dict(private=False)
        self.verifier = InternalVerifier(KeySet.import_key_set(public))

    def signer(self, name: str) -> InternalSigner:
        return InternalSigner(name, self._keys[name])

    def token(
        self, *roles: str, practice_id: uuid.UUID | None = None, name: str = "gateway"
    ) -> str:
        caller = Caller(practice_id or uuid.uuid4(), "user-7", frozenset(roles))
        return self.signer(name).mint(caller)


@pytest.fixture(scope="session")
def processes() -> Processes:
    return Processes("gateway", "report")


@pytest.fixture
def enter_caller() -> Callable[..., Call]:
    """Makes a caller the current one: `enter_caller(practice_id, user_id=…, actor=…, key=…)`."""

    def make(practice_id: uuid.UUID | None = None, **more: str) -> Call:
        key = more.pop("key", "")
        values = {"user_id": "user-7", **more}
        caller = Caller(practice_id or uuid.uuid4(), roles=frozenset({"owner"}), **values)
        call = Call(caller, uuid.uuid4().hex, "", time.monotonic() + 600, key)
        enter(call)
        return call

    return make
