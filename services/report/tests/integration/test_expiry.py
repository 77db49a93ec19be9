"""Files whose time has passed are really gone; what is held stays; all of it is on record."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from praxis.report.v1 import report_access_service_pb2 as access
from praxis.report.v1 import report_execution_pb2, report_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_chassis.caller import Caller
from praxis_chassis.errors import DependencyDown, Forbidden, Integrity, NotFound, WrongState
from praxis_report.application.expiry import Expiry
from praxis_report.application.keys import Keys
from praxis_report.blobs import sealing
from praxis_report.blobs.files import Files

from .conftest import NewClinic, Practice, Stand

Execution = report_execution_pb2.ReportExecution


async def hold(stand: Stand, who: Caller, run: Execution, reason: str = "Matter 12") -> Execution:
    request = access.HoldReportExecutionRequest(execution_id=run.id, reason=reason)
    held: Execution = await stand.call(who, "HoldReportExecution", request)
    return held


async def release(stand: Stand, who: Caller, run: Execution) -> Execution:
    request = access.ReleaseReportExecutionRequest(execution_id=run.id)
    freed: Execution = await stand.call(who, "ReleaseReportExecution", request)
    return freed


async def pass_time(stand: Stand, run: Execution) -> None:
    """A run's time has passed."""
    await stand.rows(
        "update report_executions set expires_at = clock_timestamp() - interval '1 s'"
        " where id = %s",
        run.id,
    )
    await stand.rows(
        "update file_due set due_at = clock_timestamp() - interval '1 s' where execution_id = %s",
        run.id,
    )


async def row_of(stand: Stand, run: Execution) -> dict[str, Any]:
    [row] = await stand.rows("select * from report_executions where id = %s", run.id)
    return row


async def audits(stand: Stand, practice: Practice) -> list[tuple[str, str]]:
    rows = await stand.rows(
        "select action, actor from audit_log where practice_id = %s and action in"
        " ('report.file_deleted', 'report.hold', 'report.release') order by at",
        practice.id,
    )
    return [(row["action"], row["actor"]) for row in rows]


async def test_a_file_whose_time_has_passed_is_deleted_with_its_key(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run, other = await stand.run(practice.owner), await stand.run(practice.owner)
    copy = (stand.settings.files_dir / str(practice.id) / stand.files(practice.id)[0]).read_bytes()
    assert len(copy) == sealing.sealed_size(run.file_size)
    assert await stand.service.expiry.sweep() == 0  # not yet
    await pass_time(stand, run)
    assert await stand.service.expiry.sweep() == 1
    assert [name.split(".")[0] for name in stand.files(practice.id)] == [other.id]
    row = await row_of(stand, run)
    assert (row["data_key"], row["storage_key"]) == (None, None)
    found = await stand.execution(practice.owner, run.id)
    assert found.HasField("deleted_at")
    assert not found.HasField("download_url")
    assert (found.sha256, found.file_size) == (run.sha256, run.file_size)  # the record stays
    assert await audits(stand, practice) == [("report.file_deleted", "report")]
    assert await stand.rows("select 1 from file_due where execution_id = %s", run.id) == []
    with pytest.raises(NotFound):
        await stand.download(run.download_url)
    assert await stand.service.expiry.sweep() == 0
    assert (await stand.download(other.download_url))[0].file_size == other.file_size


async def test_what_is_held_is_not_deleted_until_it_is_released(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    with pytest.raises(Forbidden):
        await hold(stand, practice.caller("admin"), run)
    held = await hold(stand, practice.owner, run)
    assert (held.legal_hold.reason, held.legal_hold.held_by_user_id) == ("Matter 12", "ada")
    await pass_time(stand, run)
    # Even when it was found due just before it was held.
    await stand.rows(
        "insert into file_due values (%s, %s, clock_timestamp() - interval '1 s')",
        practice.id,
        uuid.UUID(run.id),
    )
    assert await stand.service.expiry.sweep() == 0
    still = await stand.execution(practice.owner, run.id)
    await stand.download(still.download_url)
    freed = await release(stand, practice.owner, run)
    assert not freed.HasField("legal_hold")
    assert await stand.service.expiry.sweep() == 1
    assert stand.files(practice.id) == []
    names = [action for action, _ in await audits(stand, practice)]
    assert names == ["report.hold", "report.release", "report.file_deleted"]
    with pytest.raises(WrongState):
        await hold(stand, practice.owner, run)
    await release(stand, practice.owner, run)  # without a hold nothing happens


class _Away(Files):
    """A store that does not answer."""

    async def remove(self, key: str) -> None:
        raise DependencyDown("the file store does not answer")


async def test_a_store_that_is_away_leaves_no_readable_file_and_is_tried_again(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    await pass_time(stand, run)
    files = stand.runner.files
    away = _Away(files.backend, files.bucket, files.store, files.scratch, files.folder)
    assert await Expiry(stand.runner.database, away).sweep() == 0
    row = await row_of(stand, run)
    assert row["data_key"] is None  # nobody can read it any longer
    assert row["storage_key"] is not None
    assert await stand.runner.collect_orphans(0) == 0
    assert await stand.service.expiry.sweep() == 1
    assert stand.files(practice.id) == []
    assert await audits(stand, practice) == [("report.file_deleted", "report")]


async def test_a_report_says_how_long_its_files_are_kept(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    for days, expected in ((None, stand.settings.retention_days), (3, 3)):
        run = await stand.run(practice.owner, retention_days=days)
        kept = run.expires_at.ToDatetime() - run.completed_at.ToDatetime()
        assert kept.days == expected
    change = rpc.UpdateReportRequest(
        report_id=run.report_id, retention_days=9, update_mask=["retention_days"]
    )
    changed = await stand.call(practice.owner, "UpdateReport", change)
    assert changed.retention_days == 9


COMPLETED = report_pb2.REPORT_STATUS_COMPLETED


async def test_each_practice_has_a_key_of_its_own_below_the_master_key(
    stand: Stand, new_clinic: NewClinic, tmp_path: Path
) -> None:
    practice, other = await new_clinic(), await new_clinic()
    run, theirs = await stand.run(practice.owner), await stand.run(other.owner)
    kept = await stand.rows(
        "select practice_id, wrapped from practice_keys where practice_id = any(%s)",
        [practice.id, other.id],
    )
    assert len({bytes(row["wrapped"]) for row in kept}) == 2
    # A key of one run opens no other run's file, not even in the same place.
    await stand.rows(
        "update report_executions set data_key ="
        " (select data_key from report_executions where id = %s) where id = %s",
        theirs.id,
        run.id,
    )
    with pytest.raises(Integrity):
        await stand.download(run.download_url)
    for broken in (b"", b"x" * 16, b"x" * 48):
        (tmp_path / "short").write_bytes(broken)
        with pytest.raises(ValueError, match="32 bytes"):
            Keys(tmp_path / "short").masters()


async def test_a_new_master_key_wraps_what_the_old_one_did_and_no_file_is_touched(
    stand: Stand, new_clinic: NewClinic, tmp_path: Path
) -> None:
    practice, later = await new_clinic(), await new_clinic()
    old = stand.settings.master_key_file.read_bytes()
    runner = replace(stand.runner, keys=Keys(tmp_path / "master"))
    link = (await stand.run(practice.owner)).download_url
    [file] = stand.files(practice.id)
    before = (stand.settings.files_dir / str(practice.id) / file).read_bytes()
    versions = "select version, wrapped from practice_keys where practice_id = %s order by version"
    [first] = await stand.rows(versions, practice.id)

    new = sealing.new_key()
    try:
        runner.keys.path.write_bytes(new + old)
        assert await runner.keys.rewrap(runner.database) >= 1
        assert await runner.keys.rewrap(runner.database) == 0
        [kept, second] = await stand.rows(versions, practice.id)
        assert (kept, second["version"]) == (first, 2)
        opened = sealing.unwrap(new, second["wrapped"], str(practice.id))
        assert opened == sealing.unwrap(old, first["wrapped"], str(practice.id))
        # The old one is not needed any longer: not for new files, nor for those of new practices.
        runner.keys.path.write_bytes(new)
        for one in (practice, later):
            assert (await stand.run(one.owner, runner=runner)).status == COMPLETED
        with pytest.raises(Integrity):  # and who has only the old one is told
            await stand.download(link)
    finally:  # the other tests of the session have the old one
        runner.keys.path.write_bytes(old + new)
        await runner.keys.rewrap(runner.database)
    assert (stand.settings.files_dir / str(practice.id) / file).read_bytes() == before
    assert (await stand.download(link))[1]


async def test_a_lost_master_key_is_told_before_anything_is_published(
    stand: Stand, new_clinic: NewClinic, tmp_path: Path
) -> None:
    practice = await new_clinic()
    await stand.run(practice.owner)
    [kept] = stand.files(practice.id)
    (tmp_path / "another").write_bytes(sealing.new_key())
    runner = replace(stand.runner, keys=Keys(tmp_path / "another"))
    failed = await stand.run(practice.owner, runner=runner)
    assert failed.status == report_pb2.REPORT_STATUS_FAILED
    assert failed.error.code == "integrity"
    await stand.runner.collect_orphans(0)
    assert stand.files(practice.id) == [kept]
