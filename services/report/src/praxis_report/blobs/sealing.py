"""Files sealed with AES-256-GCM in chunks of 1 MiB, each bound to its place and to the end.

A file has a key of its own, used for nothing else, so that a chunk's index can be its nonce. The
key is kept wrapped by the practice's key, which is kept wrapped by the master key.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from praxis_chassis.errors import Integrity

CHUNK_BYTES = 1024 * 1024
KEY_BYTES = 32
_TAG_BYTES = 16
_NONCE_BYTES = 12


def new_key() -> bytes:
    """A random key."""
    return os.urandom(KEY_BYTES)


def wrap(key: bytes, secret: bytes, name: str) -> bytes:
    """`secret` as only the holder of `key` can read it, and only under the same `name`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, name.encode())


def unwrap(key: bytes, wrapped: bytes, name: str) -> bytes:
    """What was wrapped. Raises: Integrity for another key, another name or changed bytes."""
    nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, name.encode())
    except InvalidTag:
        raise Integrity(
            "a key in the store was changed, or the master key is another one"
        ) from None


def chunk_count(size: int) -> int:
    """How many chunks a file of `size` bytes has; an empty one has one."""
    return max(1, -(-size // CHUNK_BYTES))


def sealed_size(size: int) -> int:
    """Bytes that a file of `size` bytes takes when sealed."""
    return size + _TAG_BYTES * chunk_count(size)


def sealed_span(index: int, size: int) -> tuple[int, int]:
    """Start and end (exclusive) of a chunk in the sealed form of a file of `size` bytes."""
    start = index * (CHUNK_BYTES + _TAG_BYTES)
    return start, min(start + CHUNK_BYTES + _TAG_BYTES, sealed_size(size))


def seal(file: BinaryIO, size: int, key: bytes) -> Iterator[bytes]:
    """The sealed chunks of a file of `size` bytes, open for reading; one is in memory at a time."""
    box, last = AESGCM(key), chunk_count(size) - 1
    for index in range(last + 1):
        yield box.encrypt(_nonce(index), file.read(CHUNK_BYTES), _place(index, index == last))


def unseal(chunk: bytes, index: int, size: int, key: bytes) -> bytes:
    """The bytes of one chunk. Raises: Integrity when it is not the one that was written there."""
    last = index == chunk_count(size) - 1
    try:
        return AESGCM(key).decrypt(_nonce(index), chunk, _place(index, last))
    except InvalidTag:
        raise Integrity("the stored file was changed; run the report again") from None


def _nonce(index: int) -> bytes:
    return index.to_bytes(_NONCE_BYTES)


def _place(index: int, last: bool) -> bytes:
    return index.to_bytes(8) + bytes([last])
