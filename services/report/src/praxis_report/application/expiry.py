"""Files whose time has passed: hold checked, key destroyed, object deleted, all on record."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from praxis.report.v1 import report_access_service_pb2
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, current, enter
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import Error, WrongState
from praxis_chassis.records import audit
from praxis_report.application.access import seen
from praxis_report.blobs.files import Files
from praxis_report.storage import files as store
from praxis_report.storage import reports
from praxis_report.storage.reports import Record

_BATCH = 100
_FILE_S = 60.0


@dataclass(frozen=True)
class Expiry:
    """What deleting files needs."""

    database: Database
    files: Files

    async def sweep(self) -> int:
        """Deletes the files that are due. Returns how many; what failed stays due."""
        deleted, now = 0, datetime.now(UTC)
        while True:
            async with self.database.read(None, 5_000) as connection:
                due = await store.due_files(connection, now, _BATCH)
            # Each in a task of its own: for whose practice it is done must not outlive it.
            done = [
                await asyncio.create_task(self._delete(row["practice_id"], row["execution_id"]))
                for row in due
            ]
            deleted += sum(done)
            if len(due) < _BATCH or not any(done):
                return deleted

    async def _delete(self, practice_id: uuid.UUID, execution_id: uuid.UUID) -> bool:
        service = Caller(practice_id, "report", frozenset({"service"}), "report")
        enter(Call(service, uuid.uuid4().hex, "", time.monotonic() + _FILE_S))
        try:
            key = await self._destroy_key(practice_id, execution_id)
            if key is None:
                return False
            await self.files.remove(key)
            await self._bury(practice_id, execution_id)
        except Error as error:
            logs.get().warning(
                "file.not_deleted", execution_id=str(execution_id), reason=error.reason
            )
            return False
        logs.get().info("file.deleted", execution_id=str(execution_id))
        return True

    async def _destroy_key(self, practice_id: uuid.UUID, execution_id: uuid.UUID) -> str | None:
        """From here on nobody can read the file. Returns its storage key; None when it stays."""
        async with self.database.write(practice_id, 5_000) as connection:
            row = await reports.get_execution(connection, practice_id, execution_id, lock=True)
            if row is None or row["storage_key"] is None or row["held_at"] is not None:
                await store.forget_due(connection, execution_id)
                return None
            if row["expires_at"] > datetime.now(UTC):
                await store.set_due(connection, practice_id, execution_id, row["expires_at"])
                return None
            gone: Record = {"data_key": None}
            await reports.update(connection, "report_executions", practice_id, execution_id, gone)
            return str(row["storage_key"])

    async def _bury(self, practice_id: uuid.UUID, execution_id: uuid.UUID) -> None:
        async with self.database.write(practice_id, 5_000) as connection:
            gone: Record = {"storage_key": None, "deleted_at": datetime.now(UTC)}
            await reports.update(connection, "report_executions", practice_id, execution_id, gone)
            await store.forget_due(connection, execution_id)
            await audit(connection, "report.file_deleted", "execution", execution_id)


async def hold(
    database: Database, request: report_access_service_pb2.HoldReportExecutionRequest
) -> Record:
    """Keeps a run's file from being deleted. Returns the run's row."""
    practice_id = current().caller.practice_id
    async with database.write(practice_id) as connection:
        row = await _locked(connection, practice_id, request.execution_id)
        if row["data_key"] is None:
            raise WrongState("there is no file to hold")
        change: Record = {
            "hold_reason": request.reason,
            "held_by_user_id": current().caller.user_id,
            "held_at": datetime.now(UTC),
        }
        await reports.update(connection, "report_executions", practice_id, row["id"], change)
        await store.forget_due(connection, row["id"])
        await audit(connection, "report.hold", "execution", row["id"], fields=["hold_reason"])
        return row | change


async def release(
    database: Database, request: report_access_service_pb2.ReleaseReportExecutionRequest
) -> Record:
    """Takes a hold away, if there is one. Returns the run's row."""
    practice_id = current().caller.practice_id
    async with database.write(practice_id) as connection:
        row = await _locked(connection, practice_id, request.execution_id)
        if row["held_at"] is None:
            return row
        change: Record = {"hold_reason": None, "held_by_user_id": None, "held_at": None}
        await reports.update(connection, "report_executions", practice_id, row["id"], change)
        await store.set_due(connection, practice_id, row["id"], row["expires_at"])
        await audit(connection, "report.release", "execution", row["id"])
        return row | change


async def _locked(connection: Connection, practice_id: uuid.UUID, execution_id: str) -> Record:
    found = await reports.get_execution(connection, practice_id, uuid.UUID(execution_id), lock=True)
    return seen(found, "execution")
