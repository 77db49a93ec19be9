"""Receipts: question hash and revision, signed for one practice, in 40 letters and digits."""

from __future__ import annotations

import base64
import hmac
import uuid

from praxis_analytics.domain.questions import HASH_BYTES

PATH = "/api/v1/receipts/"
_REVISION_BYTES = 5
_MAC_BYTES = 8


class Receipts:
    """Signs and opens receipts with one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a receipt key has at least 32 bytes")
        self._key = key

    def _mac(self, practice_id: uuid.UUID, body: bytes) -> bytes:
        return hmac.digest(self._key, practice_id.bytes + body, "sha256")[:_MAC_BYTES]

    def issue(self, practice_id: uuid.UUID, question_hash: bytes, revision: int) -> str:
        """The receipt of an answer."""
        body = question_hash + revision.to_bytes(_REVISION_BYTES, "big")
        return _text(body + self._mac(practice_id, body))

    def open(self, practice_id: uuid.UUID, receipt: str) -> tuple[bytes, int] | None:
        """Question hash and revision, or None when it is not of this practice and key."""
        try:
            raw = base64.b32decode(receipt.encode(), casefold=True)
        except ValueError:
            return None
        if _text(raw) != receipt:
            return None  # one spelling only
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if len(body) != HASH_BYTES + _REVISION_BYTES:
            return None
        if not hmac.compare_digest(mac, self._mac(practice_id, body)):
            return None
        return body[:HASH_BYTES], int.from_bytes(body[HASH_BYTES:], "big")


def _text(raw: bytes) -> str:
    """Base 32: a line break in a page or a mail adds or takes no hyphen."""
    return base64.b32encode(raw).decode().lower()
