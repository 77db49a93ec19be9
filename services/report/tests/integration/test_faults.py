"""Workers that die at each step, stores that are away or full: one file each, or a clear word."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from praxis.report.v1 import report_execution_pb2, report_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_report.application.running import Runner
from praxis_report.blobs.files import Files
from praxis_report.blobs.stores import open_files

from .conftest import NewClinic, Practice, Stand
from .dying_worker import POINTS

COMPLETED, FAILED = report_pb2.REPORT_STATUS_COMPLETED, report_pb2.REPORT_STATUS_FAILED
Execution = report_execution_pb2.ReportExecution


async def queued(stand: Stand, practice: Practice) -> Execution:
    report = await stand.report(practice.owner, format=report_pb2.REPORT_FORMAT_CSV)
    return await stand.execute(practice.owner, report.id)


async def die_at(stand: Stand, point: str, folder: Path) -> int:
    """Lets another process take the run in the queue; returns its exit code."""
    settings = folder / "settings.json"
    lean = stand.settings.model_copy(update={"render_processes": 1})
    settings.write_text(lean.model_dump_json())
    script = Path(__file__).with_name("dying_worker.py")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(script), point, str(settings)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await asyncio.wait_for(process.wait(), 60)


async def ledger(stand: Stand, practice: Practice) -> dict[str, int]:
    """How often a completed run was told and recorded."""
    [row] = await stand.rows(
        "select (select count(*) from event_log where practice_id = %(p)s"
        " and subject like '%%.execution.completed') as events,"
        " (select count(*) from audit_log where practice_id = %(p)s"
        " and action = 'report.completed') as audits,"
        " (select count(*) from file_due where practice_id = %(p)s) as due,"
        " (select count(*) from job where practice_id = %(p)s"
        " and state in ('queued', 'running')) as jobs".replace("%(p)s", f"'{practice.id}'")
    )
    return row


# Each starts a process; the two that leave most behind are always tried.
_ALWAYS = ("drawn", "committed")


@pytest.mark.parametrize(
    "point",
    [pytest.param(point, marks=() if point in _ALWAYS else pytest.mark.long) for point in POINTS],
)
async def test_a_worker_killed_at_any_step_leaves_one_file_and_no_stuck_run(
    stand: Stand, new_clinic: NewClinic, tmp_path: Path, point: str
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    assert await die_at(stand, point, tmp_path) == -signal.SIGKILL
    left = await stand.execution(practice.owner, run.id)
    assert (left.status == COMPLETED) == (point == "committed")
    # Its lease runs out.
    await stand.rows("update job set lease_until = clock_timestamp() where state = 'running'")
    async with stand.working():
        done = await stand.ended(practice.owner, run.id)
    assert done.status == COMPLETED
    _, content = await stand.download(done.download_url)
    assert len(content) == done.file_size
    await stand.runner.collect_orphans(0)
    fence = 1 if point == "committed" else 2
    assert stand.files(practice.id) == [f"{run.id}.{fence}"]
    assert list((stand.settings.files_dir / "scratch").glob(f"{run.id}*")) == []
    assert await ledger(stand, practice) == {"events": 1, "audits": 1, "due": 1, "jobs": 0}


async def fails_then_works(stand: Stand, practice: Practice, runner: Runner) -> Execution:
    """A run whose last attempt this runner makes; a retry of it by a sound one completes."""
    run = await queued(stand, practice)
    await stand.rows("update job set attempts = 4 where state = 'queued'")
    async with stand.working(runner):
        failed = await stand.ended(practice.owner, run.id)
    assert (failed.status, failed.error.code) == (FAILED, "dependency_down")
    assert stand.files(practice.id) == []
    assert list((stand.settings.files_dir / "scratch").glob(f"{run.id}*")) == []
    request = rpc.RetryReportExecutionRequest(execution_id=run.id)
    again = await stand.call(practice.owner, "RetryReportExecution", request)
    async with stand.working():
        done = await stand.ended(practice.owner, again.id)
    assert (done.status, done.retry_of_id) == (COMPLETED, run.id)
    return failed


async def test_a_store_that_is_away_is_told_and_a_retry_works(
    stand: Stand, new_clinic: NewClinic, tmp_path: Path
) -> None:
    practice = await new_clinic()
    (tmp_path / "key").write_text("key")
    change: dict[str, Any] = {
        "storage_backend": "s3",
        "storage_bucket": "reports",
        "storage_endpoint": "http://127.0.0.1:9",
        "storage_key_id_file": tmp_path / "key",
        "storage_secret_file": tmp_path / "key",
    }
    away = open_files(stand.settings.model_copy(update=change))
    failed = await fails_then_works(stand, practice, replace(stand.runner, files=away))
    assert "the file store failed" in failed.error.message
    assert "report files cannot be stored" in failed.error.hint


class _FullDisk(Files):
    """Where sealed files are written, the system itself says that no space is left."""

    async def publish(self, key: str, data_key: bytes) -> None:
        self.draft(f"{key}.sealed").symlink_to("/dev/full")
        await super().publish(key, data_key)


async def test_a_disk_that_is_full_while_sealing_is_told_and_a_retry_works(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    runner = replace(stand.runner, files=_FullDisk(**vars(stand.runner.files)))
    failed = await fails_then_works(stand, practice, runner)
    assert failed.error.message.endswith("No space left on device")
