"""Idempotency keys: the same create again is the same resource, not a second one.

With a key, the id of the new resource follows from practice, user, method and key. The request's
hash is stored with the resource; the same key with another request is refused.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from praxis_chassis.caller import current
from praxis_chassis.errors import InvalidInput, KeyReused
from praxis_chassis.ids import uuid7


@dataclass(frozen=True)
class Birth:
    """The id a create gives its resource, and the hash of the request to store with it."""

    id: uuid.UUID
    request_hash: bytes

    def check(self, stored_hash: bytes) -> None:
        """Raises: KeyReused when the stored resource came of another request."""
        if stored_hash != self.request_hash:
            raise KeyReused("this idempotency key came with another request before")


def birth(method: str, request: Message) -> Birth:
    """What the create in hand gives rise to. Raises: InvalidInput for a malformed key."""
    call = current()
    digest = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
    key = call.idempotency_key
    if not key:
        return Birth(uuid7(), digest)
    if len(key) > 255 or not all("!" <= char <= "~" for char in key):
        raise InvalidInput.of("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
    # None of the parts can hold a line break.
    name = "\n".join((call.caller.user_id, method, key))
    return Birth(uuid.uuid5(call.caller.practice_id, name), digest)


def mark_replayed(context: Any) -> None:
    """Tells the client that it gets the resource of an earlier request."""
    context.set_trailing_metadata((("idempotency-replayed", "true"),))
