"""Keys of files: one a file, wrapped by its practice's, which is wrapped by the master key.

A new master key is put before the one in force, in the same file. What is wrapped from then on
takes the first; what was wrapped before is opened by the one that fits, and is wrapped anew.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import Integrity
from praxis_report.blobs import sealing
from praxis_report.storage import files as store


@dataclass(frozen=True)
class Keys:
    """What opens files. A practice's key is made when its first file is.

    `path`: the master keys, 32 bytes each, the one in force first. It is read each time: other
    processes may have put a new one there.
    """

    path: Path

    def masters(self) -> list[bytes]:
        """The master keys. Raises: ValueError unless each has 32 bytes."""
        found, length = self.path.read_bytes(), sealing.KEY_BYTES
        if not found or len(found) % length:
            raise ValueError(f"a master key has {length} bytes")
        return [found[start : start + length] for start in range(0, len(found), length)]

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
            fresh = sealing.wrap(self.masters()[0], sealing.new_key(), str(practice_id))
            await store.add_key(connection, practice_id, 1, fresh, datetime.now(UTC))
            # Another worker's may have come first.
            kept = await store.newest_key(connection, practice_id)
        if kept is None:
            raise Integrity("the key of this practice is missing")
        return self._open(practice_id, kept["wrapped"])

    async def rewrap(self, database: Database) -> int:
        """Wraps every practice's key by the master key in force. Returns how many were not.

        No file is touched: their keys stay wrapped by the practice's. Raises: Integrity for one
        that no master key opens.
        """
        async with database.read(None) as connection:
            practices = await store.practices_with_keys(connection)
        return sum([await self._rewrap(database, one) for one in practices])

    async def _rewrap(self, database: Database, practice_id: uuid.UUID) -> bool:
        async with database.write(practice_id) as connection:
            kept = await store.newest_key(connection, practice_id)
            if kept is None:
                return False
            master, name = self.masters()[0], str(practice_id)
            with suppress(Integrity):
                sealing.unwrap(master, kept["wrapped"], name)
                return False
            fresh = sealing.wrap(master, self._open(practice_id, kept["wrapped"]), name)
            version = kept["version"] + 1
            await store.add_key(connection, practice_id, version, fresh, datetime.now(UTC))
            return True

    def _open(self, practice_id: uuid.UUID, wrapped: bytes) -> bytes:
        *newer, last = self.masters()
        for master in newer:
            with suppress(Integrity):
                return sealing.unwrap(master, wrapped, str(practice_id))
        return sealing.unwrap(last, wrapped, str(practice_id))
