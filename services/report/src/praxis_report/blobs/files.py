"""Sealed report files in a folder, an S3 bucket or an Azure container, by one interface.

A file appears whole or not at all. In a folder it is written aside, synced, and put in its place;
in a bucket an upload becomes visible with its last part. What a worker left behind when it died is
found by `older_than` and `clear_scratch`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, LocalStore, S3Store

from praxis_chassis.errors import DependencyDown, Integrity
from praxis_report.blobs import sealing

PIECE_BYTES = 256 * 1024
# Larger files go up in parts.
_WHOLE_BYTES = 4 * 1024 * 1024
_MISSING = "the stored file is missing or was changed; run the report again"


class StoreFailed(Exception):
    """The store does not take a file; the message is the system's, without names."""


@dataclass(frozen=True)
class Files:
    """A store of sealed files by practice. Keys are made here, never by a client.

    Attributes: backend: local, s3 or azure; bucket: the bucket or container, empty for a folder;
    scratch: where files are drawn before they are sealed, on the disk of this process; folder:
    the store's folder when it is one.
    """

    backend: str
    bucket: str
    store: LocalStore | S3Store | AzureStore
    scratch: Path
    folder: Path | None = None

    @staticmethod
    def key(practice_id: uuid.UUID, execution_id: uuid.UUID, fence: int) -> str:
        """The key of an execution's file; the fence keeps a stale worker's file apart."""
        return f"{practice_id}/{execution_id}.{fence}"

    def draft(self, key: str) -> Path:
        """Where to draw a file before `publish`; it is removed there, or by `discard`."""
        return self.scratch / key.rpartition("/")[2]

    def rows(self, key: str) -> Path:
        """Where rows lie that the draft is drawn from; `discard` removes them too."""
        draft = self.draft(key)
        return draft.with_name(f"{draft.name}.rows")

    def discard(self, key: str) -> None:
        """Removes a draft and its rows, if they are there."""
        for path in (self.draft(key), self.rows(key)):
            path.unlink(missing_ok=True)

    async def publish(self, key: str, data_key: bytes) -> None:
        """Seals a finished draft into its place, durably, and removes it.

        Raises: StoreFailed; then nothing is visible under the key.
        """
        draft = self.draft(key)
        try:
            size = draft.stat().st_size
            with draft.open("rb") as file:
                chunks = sealing.seal(file, size, data_key)
                if self.folder is not None:
                    await asyncio.to_thread(self._place, self.folder / key, chunks)
                elif size <= _WHOLE_BYTES:
                    whole = await asyncio.to_thread(b"".join, chunks)
                    await obstore.put_async(self.store, key, whole, mode="create")
                else:
                    await obstore.put_async(self.store, key, chunks, max_concurrency=2)
        except OSError as error:
            raise StoreFailed(error.strerror or type(error).__name__) from error
        except BaseError as error:
            raise StoreFailed(f"the file store failed ({type(error).__name__})") from error
        finally:
            draft.unlink(missing_ok=True)

    def _place(self, final: Path, chunks: Iterable[bytes]) -> None:
        final.parent.mkdir(exist_ok=True, mode=0o700)
        aside = self.scratch / f"{final.name}.sealed"
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.writelines(chunks)
                out.flush()
                os.fsync(handle)
            os.replace(aside, final)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        _sync_folder(final.parent)

    async def remove(self, key: str) -> None:
        """Deletes a file, if it is there. Raises: DependencyDown."""
        try:
            await obstore.delete_async(self.store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _down(error) from error

    async def check(self, key: str, size: int) -> None:
        """Raises: Integrity unless a file of `size` bytes lies there sealed; DependencyDown."""
        try:
            found = await obstore.head_async(self.store, key)
        except FileNotFoundError:
            raise Integrity(_MISSING) from None
        except (BaseError, OSError) as error:
            raise _down(error) from error
        if found["size"] != sealing.sealed_size(size):
            raise Integrity(_MISSING)

    async def read(
        self, key: str, data_key: bytes, size: int, offset: int, length: int
    ) -> AsyncIterator[bytes]:
        """`length` bytes from `offset` of a file of `size`, in pieces of at most 256 KiB.

        Only the chunks that hold them are fetched. Raises: Integrity, DependencyDown.
        """
        end = min(offset + length, size)
        while offset < end:
            index, skip = divmod(offset, sealing.CHUNK_BYTES)
            chunk = await self._chunk(key, data_key, size, index)
            part = chunk[skip : skip + end - offset]
            offset += len(part)
            for start in range(0, len(part), PIECE_BYTES):
                yield part[start : start + PIECE_BYTES]

    async def _chunk(self, key: str, data_key: bytes, size: int, index: int) -> bytes:
        start, end = sealing.sealed_span(index, size)
        try:
            sealed = await obstore.get_range_async(self.store, key, start=start, end=end)
        except FileNotFoundError:
            raise Integrity(_MISSING) from None
        except (BaseError, OSError) as error:
            raise _down(error) from error
        return await asyncio.to_thread(sealing.unseal, bytes(sealed), index, size, data_key)

    async def older_than(self, seconds: float) -> dict[uuid.UUID, dict[str, uuid.UUID]]:
        """Practice → key → execution of every file as old as that. Raises: DependencyDown."""
        limit = datetime.now(UTC) - timedelta(seconds=seconds)
        found: dict[uuid.UUID, dict[str, uuid.UUID]] = {}
        try:
            async for batch in obstore.list(self.store):
                for one in batch:
                    # What else somebody put here is not ours to judge.
                    with contextlib.suppress(ValueError):
                        practice, name = one["path"].split("/")
                        practice_id, execution_id = (
                            uuid.UUID(practice),
                            uuid.UUID(name.split(".")[0]),
                        )
                        if one["last_modified"] <= limit:
                            found.setdefault(practice_id, {})[one["path"]] = execution_id
        except (BaseError, OSError) as error:
            raise _down(error) from error
        return found

    def clear_scratch(self, seconds: float) -> int:
        """Removes drafts as old as that, whose workers died. Returns how many."""
        limit, removed = time.time() - seconds, 0
        for path in self.scratch.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.lstat().st_mtime <= limit:
                    path.unlink()
                    removed += 1
        return removed


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _down(error: Exception) -> DependencyDown:
    return DependencyDown(f"the file store does not answer ({type(error).__name__})")
