"""Files in a folder: written under another name, made durable, then put in place at once."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

PIECE_BYTES = 256 * 1024


class LocalFiles:
    """A folder of files by practice. Keys are relative paths made here, never by a client."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    @staticmethod
    def key(practice_id: uuid.UUID, execution_id: uuid.UUID, fence: int) -> str:
        """The key of an execution's file; the fence keeps a stale worker's file apart."""
        return f"{practice_id}/{execution_id}.{fence}"

    def path(self, key: str) -> Path:
        """Where a key lies."""
        return self._root / key

    def temporary(self, key: str) -> Path:
        """Where to write a file before `publish`."""
        path = self._root / f"{key}.tmp"
        path.parent.mkdir(exist_ok=True, mode=0o700)
        return path

    def publish(self, key: str) -> None:
        """Puts a finished, flushed temporary file in its place and makes that durable."""
        final = self.path(key)
        os.replace(self.temporary(key), final)
        folder = os.open(final.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove(self, key: str) -> None:
        """Deletes a file, temporary or not, if it is there."""
        self.path(key).unlink(missing_ok=True)
        self.temporary(key).unlink(missing_ok=True)

    async def intact(self, key: str, sha256: str) -> bool:
        """Whether the stored bytes are those that were written."""

        def digest() -> str:
            try:
                with self.path(key).open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest()
            except FileNotFoundError:
                return ""

        return await asyncio.to_thread(digest) == sha256

    async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `offset`, in pieces of at most 256 KiB."""
        with self.path(key).open("rb") as file:
            file.seek(offset)
            while length > 0:
                piece = await asyncio.to_thread(file.read, min(PIECE_BYTES, length))
                if not piece:
                    return
                length -= len(piece)
                yield piece

    def older_than(self, seconds: float) -> dict[uuid.UUID, dict[str, uuid.UUID]]:
        """Practice → key → execution of every file, temporary or not, as old as that."""
        limit = time.time() - seconds
        found: dict[uuid.UUID, dict[str, uuid.UUID]] = {}
        for path in self._root.glob("*/*"):
            # What else somebody put here is not ours to judge.
            with suppress(ValueError, FileNotFoundError):
                practice_id = uuid.UUID(path.parent.name)
                execution_id = uuid.UUID(path.name.split(".")[0])
                if path.stat().st_mtime <= limit:
                    key = f"{practice_id}/{path.name.removesuffix('.tmp')}"
                    found.setdefault(practice_id, {})[key] = execution_id
        return found
