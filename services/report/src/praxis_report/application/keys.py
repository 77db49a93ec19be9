"""Keys of files: one a file, wrapped by its practice's, which is wrapped by the master key."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from praxis_chassis.database import Connection
from praxis_chassis.errors import Integrity
from praxis_report.blobs import sealing
from praxis_report.storage import files as store


@dataclass(frozen=True)
class Keys:
    """What opens files. A practice's key is made when its first file is."""

    master: bytes

    @classmethod
    def from_file(cls, path: Path) -> Keys:
        """The keys below the master key in a file. Raises: ValueError unless it has 32 bytes."""
        master = path.read_bytes()
        if len(master) != sealing.KEY_BYTES:
            raise ValueError(f"a master key has {sealing.KEY_BYTES} bytes")
        return cls(master)

    async def wrap(
        self, connection: Connection, practice_id: uuid.UUID, execution_id: uuid.UUID, key: bytes
    ) -> bytes:
        """A file's key as it is kept with its run."""
        return sealing.wrap(await self._practice(connection, practice_id), key, str(execution_id))

    async def unwrap(
        self,
        connection: Connection,
        practice_id: uuid.UUID,
        execution_id: uuid.UUID,
        wrapped: bytes,
    ) -> bytes:
        """A file's key. Raises: Integrity when it is not this run's, or the master key another."""
        kept = await store.newest_key(connection, practice_id)
        if kept is None:
            raise Integrity("the key of this practice is missing")
        practice_key = self._open(practice_id, kept["wrapped"])
        return sealing.unwrap(practice_key, wrapped, str(execution_id))

    async def _practice(self, connection: Connection, practice_id: uuid.UUID) -> bytes:
        kept = await store.newest_key(connection, practice_id)
        if kept is None:
            fresh = sealing.wrap(self.master, sealing.new_key(), str(practice_id))
            await store.add_key(connection, practice_id, 1, fresh, datetime.now(UTC))
            # Another worker's may have come first.
            kept = await store.newest_key(connection, practice_id)
        if kept is None:
            raise Integrity("the key of this practice is missing")
        return self._open(practice_id, kept["wrapped"])

    def _open(self, practice_id: uuid.UUID, wrapped: bytes) -> bytes:
        return sealing.unwrap(self.master, wrapped, str(practice_id))
