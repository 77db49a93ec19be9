"""Runs queued executions: ask, compose, render, store, end; each step under the fence."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from praxis.analytics.v1 import answer_pb2
from praxis.report.v1 import events_pb2, report_pb2
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import DependencyDown, Error, LimitExceeded, TooSlow
from praxis_chassis.jobs import Job, Jobs
from praxis_chassis.records import audit, emit
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import parameters_from_json, parameters_to_json
from praxis_report.application.compose import ask_request, document, resolved
from praxis_report.application.reports import built_type
from praxis_report.blobs.local import LocalFiles
from praxis_report.domain.document import Document
from praxis_report.rendering.errors import (
    PdfUnavailable,
    RenderCrashed,
    RenderError,
    RenderQueueFull,
    RenderTimeout,
    TooManyRows,
)
from praxis_report.rendering.pool import RenderPool
from praxis_report.storage import reports as store
from praxis_report.storage.reports import Record

_HINTS = {
    "dependency_down": "Wait a moment and run it again; nothing was lost.",
    "deadline": "Choose a shorter period or a coarser grouping.",
    "quota": "Wait until other runs have finished.",
    "missing_permission": "Ask the practice's owner for the right to see these figures.",
    "internal": "Run it again; if it fails again, report the execution's id.",
    "too_large": "Choose CSV, or a shorter period.",
    "not_built": "Choose another format.",
}


class _Unprintable(Error):
    """The document cannot be drawn in this form here."""

    reason = "NOT_BUILT"


class _TooLong(Error):
    """The document has more rows than this form takes."""

    reason = "TOO_LARGE"


def _known(error: RenderError) -> Error:
    """What a failure to draw means for the run."""
    if isinstance(error, RenderQueueFull):
        return LimitExceeded(str(error))
    if isinstance(error, RenderTimeout):
        return TooSlow(str(error))
    if isinstance(error, RenderCrashed):
        return DependencyDown(str(error))
    if isinstance(error, PdfUnavailable):
        return _Unprintable(str(error))
    if isinstance(error, TooManyRows):
        return _TooLong(str(error))
    return Error("the document could not be drawn")


@dataclass(frozen=True)
class Runner:
    """What running executions needs."""

    database: Database
    jobs: Jobs
    analytics: Analytics
    pool: RenderPool
    files: LocalFiles
    retention: timedelta

    async def handle(self, job: Job) -> None:
        """Runs one execution to its end. Raises: LeaseLost, or the error that ends the attempt."""
        request_id = uuid.uuid4().hex
        async with self.database.read(job.practice_id, 5_000) as connection:
            record = await store.get_execution(connection, job.practice_id, job.subject_id)
            report = record and await store.get_report(
                connection, job.practice_id, record["report_id"]
            )
        if record is None or report is None or record["status"] not in ("pending", "running"):
            async with self.jobs.ending(job, "cancelled"):
                return
        behalf = Caller(
            job.practice_id, record["requested_by_user_id"], frozenset(record["requested_roles"])
        )
        enter(Call(_by_report(behalf), request_id, "", time.monotonic() + 900))
        await self._begin(job, record)
        composed, change = await self._compose(record, report, behalf, request_id)
        await self._stage(job, "rendering", 40, change)
        await self._render(job, record, composed)

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

    async def _compose(
        self, record: Record, report: Record, behalf: Caller, request_id: str
    ) -> tuple[Document, Record]:
        kind = built_type(record["report_type"])
        parameters = parameters_from_json(record["parameters"])
        response = await self.analytics.ask(ask_request(kind, parameters), behalf, request_id)
        headline = response.answers[0]
        fixed = resolved(parameters, headline)
        definition = report_pb2.Report(
            columns=report["columns"],
            sort_by=report["sort_by"],
            sort_order=report["sort_order"],
        )
        composed = document(kind, report["name"], fixed, definition, response)
        return composed, {
            "parameters": parameters_to_json(fixed),
            **_as_of(headline.as_of),
        }

    async def _render(self, job: Job, record: Record, composed: Document) -> None:
        key = self.files.key(job.practice_id, job.subject_id, job.fence)
        try:
            size, digest = await self.pool.render(
                composed, record["format"], self.files.temporary(key)
            )
        except RenderError as error:
            self.files.remove(key)
            raise _known(error) from error
        await self._stage(job, "storing", 90, {})
        await asyncio.to_thread(self.files.publish, key)
        try:
            await self._complete(job, record, composed, (key, size, digest))
        except BaseException:
            # Without its row a file is nobody's; what a crash leaves the collector finds.
            self.files.remove(key)
            raise

    async def _complete(
        self, job: Job, record: Record, composed: Document, file: tuple[str, int, str]
    ) -> None:
        now = datetime.now(UTC)
        key, size, digest = file
        day = record["queued_at"].date().isoformat()
        name = f"{record['report_type']}-{day}.{record['format']}"
        change: Record = {
            **_ended("completed", now),
            "stage": "done",
            "progress_percent": 100,
            "result_count": len(composed.main_table.rows),
            "file_name": name,
            "file_size": size,
            "sha256": digest,
            "storage_key": key,
            "expires_at": now + self.retention,
            "error_code": None,
            "error_message": None,
            "error_hint": None,
        }
        async with self.jobs.ending(job) as connection:
            await self._end(connection, job, record, change)
        logs.get().info(
            "execution.completed",
            execution_id=str(job.subject_id),
            practice_id=str(job.practice_id),
            format=record["format"],
            bytes=size,
        )

    async def give_up(self, job: Job, error: Error) -> None:
        """Records that an execution failed, why, and what to do."""
        async with self.database.read(job.practice_id, 5_000) as connection:
            record = await store.get_execution(connection, job.practice_id, job.subject_id)
        code = error.reason.lower()
        change: Record = {
            **_ended("failed", datetime.now(UTC)),
            "error_code": code,
            "error_message": error.message,
            "error_hint": _HINTS.get(code, "Correct the report's parameters and run it again."),
        }
        async with self.jobs.ending(job, "failed") as connection:
            if record is not None:
                await self._end(connection, job, record, change)

    async def _end(
        self, connection: Connection, job: Job, record: Record, change: dict[str, Any]
    ) -> None:
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
        )
        subject = f"praxis.report.v1.execution.{status}"
        await emit(connection, job.practice_id, subject, event)

    async def collect_orphans(self, older_than_s: float = 3600) -> int:
        """Deletes files that no execution names. Returns how many."""
        removed = 0
        for practice_id, execution_id, key in list(self.files.older_than(older_than_s)):
            async with self.database.read(practice_id, 5_000) as connection:
                record = await store.get_execution(connection, practice_id, execution_id)
            if record is None or record["storage_key"] != key:
                self.files.remove(key)
                removed += 1
        return removed


def _by_report(behalf: Caller) -> Caller:
    return Caller(behalf.practice_id, behalf.user_id, behalf.roles, "report")


def _ended(status: str, now: datetime) -> Record:
    return {"status": status, "completed_at": now}


def _as_of(message: answer_pb2.AsOf) -> Record:
    return {
        "revision": message.revision,
        "recorded_at": message.recorded_at.ToDatetime(tzinfo=UTC),
        "data_through": message.data_through or None,
    }
