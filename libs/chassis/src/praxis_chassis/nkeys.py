"""Users of the message broker: Ed25519 keys in the broker's own text form ("nkeys")."""

from __future__ import annotations

import base64
import binascii
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nats.aio.client import Client

# The first five bits say seed, the next eight user; a bare public key begins with the latter.
_SEED, _USER = 18 << 3, 20 << 3
_HEAD = bytes([_SEED | _USER >> 5, (_USER & 31) << 3])


def new_seed() -> bytes:
    """A new user's seed, in text form."""
    return _encode(_HEAD + secrets.token_bytes(32))


def public_key(seed: bytes) -> str:
    """The public half of a seed in text form, as the broker's configuration names a user."""
    raw = _key(seed).public_key().public_bytes_raw()
    return _encode(bytes([_USER]) + raw).decode()


def _encode(content: bytes) -> bytes:
    check = binascii.crc_hqx(content, 0).to_bytes(2, "little")
    return base64.b32encode(content + check).rstrip(b"=")


def _key(seed: bytes) -> Ed25519PrivateKey:
    text = seed.strip()
    content = base64.b32decode(text + b"=" * (-len(text) % 8))
    if len(content) != 36 or content[:2] != _HEAD or _encode(content[:-2]) != text:
        raise ValueError("this is no seed of a broker user")
    return Ed25519PrivateKey.from_private_bytes(content[2:-2])


class UserClient(Client):
    """A client that proves who it is by signing what the server asks, with a seed from a file."""

    def _setup_nkeys_seed_connect(self) -> None:
        # The client's own way needs a package that is built with unpinned tools.
        seed = Path(str(self._nkeys_seed)).read_bytes()
        self._public_nkey = public_key(seed)
        self._signature_cb = lambda nonce: base64.b64encode(_key(seed).sign(nonce.encode()))


async def connect(url: str, seed_file: Path, **options: Any) -> UserClient:
    """A connection as the user of a seed; `options` are those of the client's `connect`."""
    client = UserClient()
    await client.connect(url, nkeys_seed=str(seed_file), **options)
    return client
