"""Signed links to files: who may fetch which file until when."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

VALID = timedelta(minutes=15)
_KEY_ID = "1"


@dataclass(frozen=True)
class Link:
    """What a token stands for."""

    practice_id: uuid.UUID
    execution_id: uuid.UUID
    user_id: str
    # What its subject was when it was given out.
    roles: frozenset[str]
    expires_at: int
    # The share that it was given out on; None for who sees the figures anyway.
    share_id: uuid.UUID | None = None

    def expired(self, now: datetime) -> bool:
        """Whether its time has passed."""
        return now.timestamp() >= self.expires_at


def path_of(execution_id: uuid.UUID) -> str:
    """The path that the file of an execution is fetched from."""
    return f"/api/v1/reports/executions/{execution_id}/download"


class Links:
    """Signs and opens link tokens with one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a link key has at least 32 bytes")
        self._key = key

    def _mac(self, execution_id: uuid.UUID, body: str) -> str:
        signed = "\n".join((_KEY_ID, "GET", path_of(execution_id), body))
        digest = hmac.digest(self._key, signed.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def url(
        self,
        practice_id: uuid.UUID,
        execution_id: uuid.UUID,
        user_id: str,
        roles: Iterable[str],
        now: datetime,
        share_id: uuid.UUID | None = None,
    ) -> str:
        """A relative link, good for 15 minutes."""
        expires_at = int((now + VALID).timestamp())
        content = [str(practice_id), user_id, sorted(roles), expires_at, secrets.token_urlsafe(8)]
        content += [str(share_id)] if share_id else []
        body = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
        return f"{path_of(execution_id)}?token={body}.{self._mac(execution_id, body)}"

    def open(self, execution_id: uuid.UUID, token: str) -> Link | None:
        """The link that a token stands for, or None when it was not signed for this file."""
        body, _, mac = token.partition(".")
        expected = self._mac(execution_id, body)
        if not hmac.compare_digest(mac.encode(), expected.encode()):
            return None
        try:
            raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
            practice_id, user_id, roles, expires_at, _, *share = json.loads(raw)
            subject = uuid.UUID(practice_id), execution_id, user_id, frozenset(roles)
            return Link(*subject, expires_at, uuid.UUID(share[0]) if share else None)
        except (binascii.Error, ValueError):
            return None
