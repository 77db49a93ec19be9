"""Runs queued executions: ask, compose, render, store, end; each step under the fence."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from praxis.analytics.v1 import answer_pb2
from praxis.report.v1 import events_pb2
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import Error, TooSlow
from praxis_chassis.jobs import Job, Jobs, LeaseLost
from praxis_chassis.records import audit, emit
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import parameters_from_json, parameters_to_json
from praxis_report.application.compose import Definition, document
from praxis_report.application.failures import hint_of, not_drawn, not_stored
from praxis_report.application.gathering import gather
from praxis_report.application.keys import Keys
from praxis_report.application.reports import built_type
from praxis_report.application.sql_rows import Spool
from praxis_report.blobs import sealing
from praxis_report.blobs.files import Files, StoreFailed
from praxis_report.domain.document import Document
from praxis_report.rendering import SUFFIXES
from praxis_report.rendering.errors import RenderError
from praxis_report.rendering.pool import RenderPool
from praxis_report.storage import files as file_store
from praxis_report.storage import reports as store
from praxis_report.storage.reports import Record


@dataclass(frozen=True)
class Runner:
    """What running executions needs."""

    database: Database
    jobs: Jobs
    analytics: Analytics
    pool: RenderPool
    files: Files
    keys: Keys
    retention: timedelta
    attempt_s: float = 900
    receipt_link: str = ""

    async def handle(self, job: Job) -> None:
        """Runs one execution to its end. Raises: LeaseLost, or the error that ends the attempt."""
        try:
            async with asyncio.timeout(self.attempt_s):
                await self._run(job)
        except TimeoutError:
            raise TooSlow("the run took longer than a run may take") from None

    async def _run(self, job: Job) -> None:
        record = await self._open(job)
        if record is None or record["status"] not in ("pending", "running"):
            async with self.jobs.ending(job, "cancelled"):
                return
        await self._begin(job, record)
        key = self.files.key(job.practice_id, job.subject_id, job.fence)
        try:
            composed, change = await self._compose(record, key)
            await self._stage(job, "rendering", 40, change)
            await self._render(job, record | change, composed, key)
        finally:
            self.files.discard(key)

    async def _open(self, job: Job) -> Record | None:
        """The execution's row; from here on the work is done by this service for who asked."""
        async with self.database.read(job.practice_id, 5_000) as connection:
            record = await store.get_execution(connection, job.practice_id, job.subject_id)
        if record is not None:
            behalf = replace(_requester(record), actor="report")
            enter(Call(behalf, uuid.uuid4().hex, "", time.monotonic() + self.attempt_s))
        return record

    async def _begin(self, job: Job, record: Record) -> None:
        change = {"status": "running", "started_at": record["started_at"] or datetime.now(UTC)}
        async with self.jobs.step(job) as connection:
            await store.update(
                connection,
                "report_executions",
                job.practice_id,
                job.subject_id,
                {**change, "stage": "asking", "progress_percent": 10},
            )
            await self._show(connection, job, record, "running")

    async def _stage(self, job: Job, stage: str, percent: int, change: Record) -> None:
        async with self.jobs.step(job) as connection:
            await store.update(
                connection,
                "report_executions",
                job.practice_id,
                job.subject_id,
                {"stage": stage, "progress_percent": percent, **change},
            )

    async def _show(self, connection: Connection, job: Job, record: Record, status: str) -> None:
        """Shows a state on the report, unless a newer execution is shown there."""
        now = datetime.now(UTC)
        await store.set_latest(
            connection,
            job.practice_id,
            record["report_id"],
            job.subject_id,
            status,
            now,
            only_if_latest=True,
        )

    async def _compose(self, record: Record, key: str) -> tuple[Document, Record]:
        kind = built_type(record["report_type"])
        parameters = parameters_from_json(record["parameters"])
        spool = Spool(self.files.rows(key), ready=record["format"] == "csv")
        try:
            found = await gather(self.analytics, kind, parameters, _requester(record), spool)
        except OSError as error:
            raise _unstorable(error) from error
        composed = document(Definition.of(record["definition"]), found, self.receipt_link)
        change = {"parameters": parameters_to_json(found.parameters), **_as_of(found.as_of)}
        change["is_cut_short"] = found.sql is not None and found.sql.is_cut_short
        return composed, change

    async def _render(self, job: Job, record: Record, composed: Document, key: str) -> None:
        try:
            size, digest = await self.pool.render(composed, record["format"], self.files.draft(key))
        except RenderError as error:
            raise not_drawn(error) from error
        except OSError as error:
            raise _unstorable(error) from error
        data_key = sealing.new_key()
        try:
            await self._stage(job, "storing", 90, {})
            await self._publish(key, data_key)
            file: Record = {"storage_key": key, "file_size": size, "sha256": digest}
            await self._complete(job, record, composed, file, data_key)
        except LeaseLost:
            # Surely not committed. After any other failure it may have been, and the collector
            # will look: a row without its file would be worse than a file without its row.
            await self.files.remove(key)
            raise

    async def _publish(self, key: str, data_key: bytes) -> None:
        try:
            await self.files.publish(key, data_key)
        except StoreFailed as error:
            raise not_stored(str(error)) from error

    async def _complete(
        self, job: Job, record: Record, composed: Document, file: Record, data_key: bytes
    ) -> None:
        now = datetime.now(UTC)
        kept = timedelta(days=record["retention_days"]) if record["retention_days"] else None
        expires_at = now + (kept or self.retention)
        days = record["parameters"]["start_date"], record["parameters"]["end_date"]
        name = f"{record['report_type']}-{'_'.join(days)}.{SUFFIXES[record['format']]}"
        change: Record = {
            **_ended("completed", now),
            "stage": "done",
            "progress_percent": 100,
            "result_count": len(composed.main_table.rows),
            "file_name": name,
            **file,
            "expires_at": expires_at,
            "error_code": None,
            "error_message": None,
            "error_hint": None,
        }
        async with self.jobs.ending(job) as connection:
            practice_id, run_id = job.practice_id, job.subject_id
            wrapped = await self.keys.wrap(connection, practice_id, run_id, data_key)
            await file_store.set_due(connection, practice_id, run_id, expires_at)
            await self._end(connection, job, record, change | {"data_key": wrapped})
        logs.get().info(
            "execution.completed",
            execution_id=str(job.subject_id),
            practice_id=str(job.practice_id),
            format=record["format"],
            bytes=file["file_size"],
        )

    async def give_up(self, job: Job, error: Error) -> None:
        """Records that an execution failed, why, and what to do."""
        # In a task of its own: whom it is done for must not outlive it.
        await asyncio.create_task(self._fail(job, error))

    async def _fail(self, job: Job, error: Error) -> None:
        record = await self._open(job)
        code = error.reason.lower()
        change: Record = {
            **_ended("failed", datetime.now(UTC)),
            "error_code": code,
            "error_message": error.message,
            "error_hint": hint_of(error),
        }
        async with self.jobs.ending(job, "failed") as connection:
            if record is not None:
                await self._end(connection, job, record, change)

    async def _end(self, connection: Connection, job: Job, record: Record, change: Record) -> None:
        status = change["status"]
        await store.update(connection, "report_executions", job.practice_id, job.subject_id, change)
        await self._show(connection, job, record, status)
        outcome = "ok" if status == "completed" else change["error_code"]
        await audit(connection, f"report.{status}", "execution", job.subject_id, outcome=outcome)
        event = events_pb2.ExecutionEnded(
            execution_id=str(job.subject_id),
            report_id=str(record["report_id"]),
            practice_id=str(job.practice_id),
            status=status,
            file_size=change.get("file_size") or 0,
            schedule_id=str(record["schedule_id"] or ""),
            firing_id=str(record["firing_id"] or ""),
            error_message=change.get("error_message") or "",
        )
        subject = f"praxis.report.v1.execution.{status}"
        await emit(connection, job.practice_id, subject, event)

    async def collect_orphans(self, older_than_s: float = 3600) -> int:
        """Deletes files that no execution names, and drafts left behind. Returns how many."""
        removed = await asyncio.to_thread(self.files.clear_scratch, older_than_s)
        found = await self.files.older_than(older_than_s)
        for practice_id, keys in found.items():
            async with self.database.read(practice_id, 5_000) as connection:
                kept = await store.kept_files(connection, practice_id, keys.values())
            for key in keys.keys() - kept:
                await self.files.remove(key)
                removed += 1
        return removed


def _unstorable(error: OSError) -> Error:
    return not_stored(error.strerror or type(error).__name__)


def _requester(record: Record) -> Caller:
    roles = frozenset(record["requested_roles"])
    return Caller(record["practice_id"], record["requested_by_user_id"], roles)


def _ended(status: str, now: datetime) -> Record:
    return {"status": status, "completed_at": now}


def _as_of(message: answer_pb2.AsOf) -> Record:
    return {
        "revision": message.revision,
        "recorded_at": message.recorded_at.ToDatetime(tzinfo=UTC),
        "data_through": message.data_through or None,
    }
