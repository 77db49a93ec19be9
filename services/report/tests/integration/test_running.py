"""Runs: what they go through, what they leave behind, and every way they can fail."""

from __future__ import annotations

import asyncio
import hashlib
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import eventually
from praxis.report.v1 import report_execution_pb2, report_pb2, report_service_pb2
from praxis_chassis.database import Connection
from praxis_chassis.errors import Error, LimitExceeded
from praxis_chassis.jobs import ATTEMPTS, Job, Jobs, LeaseLost
from praxis_report.application.running import Runner
from praxis_report.blobs import sealing
from praxis_report.blobs.files import Files
from praxis_report.rendering.pool import RenderPool

from .conftest import NewClinic, Practice, Stand

PDF, CSV = report_pb2.REPORT_FORMAT_PDF, report_pb2.REPORT_FORMAT_CSV
COMPLETED, FAILED = report_pb2.REPORT_STATUS_COMPLETED, report_pb2.REPORT_STATUS_FAILED
RUNNING, PENDING = report_pb2.REPORT_STATUS_RUNNING, report_pb2.REPORT_STATUS_PENDING
Execution = report_execution_pb2.ReportExecution
_PUT_BACK = "select * from job where state = 'queued' and attempts = 1"


def _get(report_id: str) -> report_service_pb2.GetReportRequest:
    return report_service_pb2.GetReportRequest(report_id=report_id)


async def queued(stand: Stand, practice: Practice, **fields: Any) -> Execution:
    """A run in the queue."""
    report = await stand.report(practice.owner, format=CSV)
    return await stand.execute(practice.owner, report.id, **fields)


async def last_attempt(stand: Stand) -> None:
    """What is queued has one attempt left."""
    await stand.rows("update job set attempts = %s where state = 'queued'", ATTEMPTS - 1)


async def once_tried(stand: Stand) -> dict[str, Any]:
    """The one job, put back after its first attempt."""

    async def is_back() -> bool:
        return bool(await stand.rows(_PUT_BACK))

    await eventually(is_back, 20)
    [job] = await stand.rows(_PUT_BACK)
    return job


@asynccontextmanager
async def drawn_by(stand: Stand, **limits: Any) -> AsyncIterator[Runner]:
    """The runner with a render pool of its own."""
    async with RenderPool(1, **limits) as pool:
        yield replace(stand.runner, pool=pool)


async def test_a_run_leaves_its_file_its_row_its_audit_and_its_events(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    report = await stand.report(practice.owner, format=CSV)
    run = await stand.execute(practice.owner, report.id)
    assert (run.status, run.stage, run.progress_percent) == (PENDING, "queued", 0)
    assert not run.HasField("download_url")
    async with stand.working():
        done = await stand.ended(practice.owner, run.id)
    assert (done.status, done.stage, done.progress_percent) == (COMPLETED, "done", 100)
    assert done.result_count == 1
    assert done.parameters.start_date == "2025-09-01"  # the previous month of 2025-10-15
    assert (done.as_of.revision, done.as_of.data_through) == (1, "2025-10-15")
    assert done.file_name == "revenue-2025-09-01_2025-09-30.csv"
    assert done.expires_at.ToDatetime() > done.completed_at.ToDatetime()

    [name] = stand.files(practice.id)
    stored = (stand.settings.files_dir / str(practice.id) / name).read_bytes()
    assert len(stored) == sealing.sealed_size(done.file_size)
    assert b"total_charges" not in stored

    _, content = await stand.download(done.download_url)
    assert content.startswith(b"group,total_charges")
    assert len(content) == done.file_size
    assert hashlib.sha256(content).hexdigest() == done.sha256
    audits = await stand.rows(
        "select * from audit_log where practice_id = %s and action like 'report.%%'"
        " and action not in ('report.read', 'report.list') order by at",
        practice.id,
    )
    assert [row["action"] for row in audits] == [
        "report.create",
        "report.execute",
        "report.completed",
        "report.download",
    ]
    assert [row["object_id"] for row in audits] == [report.id, run.id, run.id, run.id]
    assert [row["actor"] for row in audits] == ["ada", "ada", "report", "ada"]
    assert audits[2]["on_behalf_of"] == "ada"
    assert audits[3]["address"] == "192.0.2.7"
    assert all(row["request_id"] and row["outcome"] == "ok" for row in audits)
    events = await stand.rows(
        "select subject, payload from event_log where practice_id = %s order by ord", practice.id
    )
    assert [row["subject"].removeprefix("praxis.report.v1.") for row in events] == [
        "report.created",
        "execution.queued",
        "execution.completed",
    ]
    listed = await stand.call(practice.owner, "GetReport", _get(report.id))
    assert (listed.download_count, listed.is_completed) == (1, True)


async def test_progress_only_rises_and_the_report_follows(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice, format=PDF)
    seen: list[tuple[int, str]] = []
    async with stand.working():
        while not seen or seen[-1][1] != "done":
            found = await stand.execution(practice.owner, run.id)
            seen.append((found.progress_percent, found.stage))
            await asyncio.sleep(0.01)
    percents = [percent for percent, _ in seen]
    assert percents == sorted(percents)
    assert {stage for _, stage in seen} >= {"rendering", "done"}


async def test_two_workers_never_take_the_same_run(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    report = await stand.report(practice.owner, format=CSV)
    runs = [await stand.execute(practice.owner, report.id) for _ in range(12)]
    async with stand.working(), stand.working():
        for run in runs:
            assert (await stand.ended(practice.owner, run.id)).status == COMPLETED
    assert len(stand.files(practice.id)) == 12
    events = await stand.rows(
        "select 1 from event_log where practice_id = %s and subject like '%%completed'",
        practice.id,
    )
    assert len(events) == 12


async def test_high_priority_goes_first_and_practices_share(
    stand: Stand, new_clinic: NewClinic
) -> None:
    busy, other = await new_clinic(), await new_clinic()
    low = await queued(stand, busy, priority=report_execution_pb2.PRIORITY_LOW)
    normal = await queued(stand, busy)
    high = await queued(stand, busy, priority=report_execution_pb2.PRIORITY_HIGH)
    theirs = await queued(stand, other, priority=report_execution_pb2.PRIORITY_LOW)
    order = [str((await stand.claimed()).subject_id) for _ in range(4)]
    assert order == [high.id, theirs.id, normal.id, low.id]


async def test_two_hundred_runs_wait_and_the_limit_is_a_quota(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    report = await stand.report(practice.owner, format=CSV)

    async def one() -> str:
        return (await stand.execute(practice.owner, report.id)).id

    accepted = []
    for _ in range(10):
        accepted += await asyncio.gather(*(one() for _ in range(20)))
    assert len(set(accepted)) == 200
    most = stand.settings.queue_most
    await stand.rows(
        "insert into job (job_id, practice_id, kind, subject_id)"
        " select gen_random_uuid(), %s, 'execution', gen_random_uuid()"
        " from generate_series(1, %s)",
        practice.id,
        most - 200,
    )
    with pytest.raises(LimitExceeded) as refused:
        await one()
    assert refused.value.reason == "QUOTA"
    rows = await stand.rows("select 1 from report_executions where report_id = %s", report.id)
    assert len(rows) == 200  # the refused one left nothing


# Failures that another attempt may heal.


async def test_analytics_away_a_run_waits_and_completes_when_it_is_back(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    async with stand.analytics_away(practice.owner), stand.working():
        job = await once_tried(stand)
        assert job["run_after"] > job["created_at"]
        assert (await stand.execution(practice.owner, run.id)).status == RUNNING
    await stand.due_now()
    async with stand.working():
        done = await stand.ended(practice.owner, run.id)
    assert done.status == COMPLETED
    assert done.error.code == ""


async def test_analytics_away_for_good_ends_with_a_reason_and_a_hint(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    await last_attempt(stand)
    async with stand.analytics_away(practice.owner), stand.working():
        done = await stand.ended(practice.owner, run.id)
    assert (done.status, done.error.code) == (FAILED, "dependency_down")
    assert "run it again" in done.error.hint
    report = await stand.call(practice.owner, "GetReport", _get(run.report_id))
    assert report.is_failed
    assert report.error_message == done.error.message
    [audit] = await stand.rows(
        "select * from audit_log where practice_id = %s and action = 'report.failed'", practice.id
    )
    assert (audit["outcome"], audit["actor"]) == ("dependency_down", "report")
    assert audit["request_id"]


async def test_a_full_disk_is_told_and_the_next_run_works(
    stand: Stand, new_clinic: NewClinic, folder: Path
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    await last_attempt(stand)
    # The file system itself says that no space is left.
    (folder / "scratch" / f"{run.id}.1").symlink_to("/dev/full")
    async with stand.working():
        done = await stand.ended(practice.owner, run.id)
    assert (done.status, done.error.code) == (FAILED, "dependency_down")
    assert done.error.message.endswith("No space left on device")
    assert "report files cannot be stored" in done.error.hint
    assert stand.files(practice.id) == []
    assert (await stand.run(practice.owner)).status == COMPLETED


async def test_a_folder_that_takes_no_files_is_told_and_the_next_run_works(
    stand: Stand, new_clinic: NewClinic, folder: Path
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    in_the_way = folder / str(practice.id)
    in_the_way.write_text("no folder")
    async with stand.working():
        await once_tried(stand)
        in_the_way.unlink()
        await stand.due_now()
        done = await stand.ended(practice.owner, run.id)
    assert done.status == COMPLETED
    assert len(stand.files(practice.id)) == 1


async def test_a_crash_of_the_renderer_is_told_with_a_way_out(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice, format=PDF)
    await last_attempt(stand)
    async with drawn_by(stand, memory_bytes=200 * 1024 * 1024) as runner, stand.working(runner):
        done = await stand.ended(practice.owner, run.id)
    assert (done.status, done.error.code) == (FAILED, "dependency_down")
    assert "choose CSV" in done.error.hint
    assert stand.files(practice.id) == []


# Failures that no further attempt would heal.


async def test_a_drawing_that_takes_too_long_fails_at_once_with_a_hint(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    async with drawn_by(stand, timeout_s=0.01) as runner:
        done = await stand.run(practice.owner, "pdf", runner)
    assert (done.status, done.error.code) == (FAILED, "deadline")
    assert "shorter period" in done.error.hint
    assert stand.files(practice.id) == []


async def test_without_the_pdf_libraries_csv_works_and_pdf_says_what_to_do(
    stand: Stand, new_clinic: NewClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = await new_clinic()
    # The render process finds an engine whose libraries cannot be loaded.
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load libpango-1.0.so')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    async with drawn_by(stand) as runner:
        pdf = await stand.run(practice.owner, "pdf", runner)
        csv = await stand.run(practice.owner, "csv", runner)
    assert (pdf.status, pdf.error.code) == (FAILED, "not_built")
    assert "Pango" in pdf.error.message
    assert "CSV" in pdf.error.hint
    assert csv.status == COMPLETED


async def test_rights_are_those_of_who_asked(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    await stand.rows(
        "update report_executions set requested_roles = '{front_desk}' where id = %s", run.id
    )
    async with stand.working():
        done = await stand.ended(practice.owner, run.id)
    assert (done.status, done.error.code) == (FAILED, "missing_permission")
    assert "owner" in done.error.hint


# Workers that come late, and those that die.


async def test_a_worker_that_lost_its_lease_changes_nothing(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    late = await stand.claimed()
    await stand.rows("update job set lease_until = clock_timestamp() - interval '1 s'")
    async with stand.working():
        done = await stand.ended(practice.owner, run.id)
    assert done.status == COMPLETED
    with pytest.raises(LeaseLost):
        await stand.runner.handle(late)
    with pytest.raises(LeaseLost):
        await stand.runner.give_up(late, Error("too late"))
    after = await stand.execution(practice.owner, run.id)
    for one in (after, done):
        one.ClearField("download_url")  # each look gives a fresh one
    assert after == done
    assert stand.files(practice.id) == [f"{run.id}.2"]


async def test_a_lease_lost_while_the_file_is_drawn_publishes_nothing(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice, format=PDF)
    short = Jobs(stand.runner.database, "short", lease_s=0.2, renew_s=30)
    job = await short.claim()
    assert job is not None
    slow = asyncio.create_task(replace(stand.runner, jobs=short).handle(job))
    await asyncio.sleep(0.3)
    async with stand.working():
        done = await stand.ended(practice.owner, run.id)
    with pytest.raises(LeaseLost):
        await slow
    assert done.status == COMPLETED
    assert stand.files(practice.id) == [f"{run.id}.{job.fence + 1}"]


async def test_what_a_dead_worker_left_is_collected_and_nothing_else(
    stand: Stand, new_clinic: NewClinic, folder: Path
) -> None:
    practice = await new_clinic()
    done = await stand.run(practice.owner)
    kept = stand.files(practice.id)
    own = folder / str(practice.id)
    (folder / "scratch" / f"{done.id}.99").write_text("half a file of a run that completed")
    (own / f"{done.id}.98").write_text("a file whose row was never committed")
    (own / f"{uuid.uuid4()}.1").write_text("a file of no run at all")
    (own / "notes.txt").write_text("somebody else's")
    assert await stand.runner.collect_orphans(3600) == 0  # all too young
    assert await stand.runner.collect_orphans(0) == 3
    assert stand.files(practice.id) == sorted([*kept, "notes.txt"])


async def test_a_file_whose_commit_is_uncertain_is_kept_for_the_collector(
    stand: Stand, new_clinic: NewClinic
) -> None:
    """The connection breaks where nobody can tell whether the end was committed."""
    practice = await new_clinic()
    run = await queued(stand, practice)
    job = await stand.claimed()
    broken = replace(stand.runner, jobs=_Torn(stand.runner.database, "torn"))
    with pytest.raises(ConnectionError):
        await broken.handle(job)
    done = await stand.execution(practice.owner, run.id)
    assert done.status == COMPLETED
    assert stand.files(practice.id) == [f"{run.id}.1"]
    assert (await stand.download(done.download_url))[0].file_size == done.file_size


class _Torn(Jobs):
    """Commits the end and loses the connection before it is told so."""

    @asynccontextmanager
    async def ending(self, job: Job, state: str = "done") -> AsyncIterator[Connection]:
        async with super().ending(job, state) as connection:
            yield connection
        raise ConnectionError("lost at COMMIT")


async def test_files_of_runs_are_private(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    await stand.run(practice.owner)
    own = stand.settings.files_dir / str(practice.id)
    [name] = stand.files(practice.id)
    assert os.stat(own).st_mode & 0o077 == 0
    assert os.stat(own / name).st_mode & 0o077 == 0
    assert Files.key(practice.id, uuid.UUID(int=1), 3).startswith(f"{practice.id}/")
