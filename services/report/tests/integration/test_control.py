"""Runs under control: their place, their progress, stopping, trying again, comparing."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from conftest import enter_as, eventually
from praxis.report.v1 import report_execution_pb2, report_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_chassis.caller import Caller
from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput, LimitExceeded, NotFound, WrongState
from praxis_report.rendering.pool import RenderPool

from .conftest import NewClinic, Practice, Stand

CANCELLED, COMPLETED = report_pb2.REPORT_STATUS_CANCELLED, report_pb2.REPORT_STATUS_COMPLETED
FAILED, RUNNING = report_pb2.REPORT_STATUS_FAILED, report_pb2.REPORT_STATUS_RUNNING
PDF, CSV = report_pb2.REPORT_FORMAT_PDF, report_pb2.REPORT_FORMAT_CSV
Execution = report_execution_pb2.ReportExecution


async def queued(stand: Stand, practice: Practice, **fields: Any) -> Execution:
    report = await stand.report(practice.owner, format=CSV)
    return await stand.execute(practice.owner, report.id, **fields)


async def cancel(stand: Stand, who: Caller, run: Execution) -> Execution:
    request = rpc.CancelReportExecutionRequest(execution_id=run.id)
    stopped: Execution = await stand.call(who, "CancelReportExecution", request)
    return stopped


async def retry(stand: Stand, who: Caller, run: Execution, key: str = "") -> Execution:
    request = rpc.RetryReportExecutionRequest(execution_id=run.id)
    again: Execution = await stand.call(who, "RetryReportExecution", request, key=key)
    return again


async def compare(stand: Stand, who: Caller, first: Execution, second: Execution) -> Any:
    request = rpc.CompareReportExecutionsRequest(
        execution_id=first.id, other_execution_id=second.id
    )
    return await stand.call(who, "CompareReportExecutions", request)


async def test_a_waiting_run_knows_its_place(stand: Stand, new_clinic: NewClinic) -> None:
    practice, other = await new_clinic(empty=True), await new_clinic(empty=True)
    await queued(stand, other)  # no place of ours
    first, second = await queued(stand, practice), await queued(stand, practice)
    high = await queued(stand, practice, priority=report_execution_pb2.PRIORITY_HIGH)
    places = {}
    for name, run in (("first", first), ("second", second), ("high", high)):
        places[name] = (await stand.execution(practice.owner, run.id)).queue_place
    assert places == {"high": 1, "first": 2, "second": 3}
    await cancel(stand, practice.owner, high)
    assert (await stand.execution(practice.owner, second.id)).queue_place == 2
    assert not (await stand.execution(practice.owner, high.id)).HasField("queue_place")


async def test_a_cancelled_run_is_never_taken_up(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    run = await queued(stand, practice)
    stopped = await cancel(stand, practice.owner, run)
    assert stopped.status == CANCELLED
    assert stopped.HasField("completed_at")
    assert (await cancel(stand, practice.owner, run)).status == CANCELLED  # again: the same
    assert await stand.runner.jobs.claim() is None
    events = await stand.rows(
        "select subject from event_log where practice_id = %s and subject like '%%cancelled'",
        practice.id,
    )
    audits = await stand.rows(
        "select actor from audit_log where practice_id = %s and action = 'report.cancelled'",
        practice.id,
    )
    assert (len(events), [row["actor"] for row in audits]) == (1, ["ada"])


async def test_a_run_that_works_stops_within_a_second(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    report = await stand.report(practice.owner, format=PDF)
    async with RenderPool(1) as pool, stand.working(replace(stand.runner, pool=pool)):
        [renderer] = pool.pids
        # A drawing that would take for ever: its process is held until it is killed.

        os.kill(renderer, signal.SIGSTOP)
        run = await stand.execute(practice.owner, report.id)

        async def draws() -> bool:
            return (await stand.execution(practice.owner, run.id)).stage == "rendering"

        await eventually(draws)
        began = time.monotonic()
        stopped = await cancel(stand, practice.owner, run)
        assert stopped.status == CANCELLED

        async def is_gone() -> bool:
            return renderer not in pool.pids

        await eventually(is_gone, 5)
        took = time.monotonic() - began
        # The next one is drawn by a fresh process.
        done = await stand.ended(
            practice.owner, (await stand.execute(practice.owner, report.id)).id
        )
    assert done.status == COMPLETED
    assert took < 1
    assert len(stand.files(practice.id)) == 1
    assert list((stand.settings.files_dir / "scratch").glob(f"{run.id}*")) == []
    assert (await stand.execution(practice.owner, run.id)).status == CANCELLED


async def test_what_ended_is_not_cancelled(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    with pytest.raises(WrongState, match="completed already"):
        await cancel(stand, practice.owner, run)
    with pytest.raises(WrongState, match="only what broke off"):
        await retry(stand, practice.owner, run)


async def test_a_run_that_broke_off_is_tried_again_and_both_stay(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    given = report_pb2.ReportParameters(relative_range="this_year", group_by=["payer_class"])
    first = await queued(
        stand, practice, parameters=given, priority=report_execution_pb2.PRIORITY_HIGH
    )
    await cancel(stand, practice.owner, first)
    second = await retry(stand, practice.owner, first, key="again")
    assert second.id != first.id
    assert second.id == (await retry(stand, practice.owner, first, key="again")).id
    assert (second.retry_of_id, second.priority) == (first.id, first.priority)
    assert second.parameters == first.parameters
    async with stand.working():
        assert (await stand.ended(practice.owner, second.id)).status == COMPLETED
    assert (await stand.execution(practice.owner, first.id)).status == CANCELLED


async def test_a_run_over_its_time_is_stopped_with_a_hint(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await queued(stand, practice)
    await stand.rows("update job set attempts = 4 where state = 'queued'")
    async with stand.working(replace(stand.runner, attempt_s=0.01)):
        done = await stand.ended(practice.owner, run.id)
    assert (done.status, done.error.code) == (FAILED, "deadline")
    assert "shorter period" in done.error.hint


async def test_watching_shows_every_change_until_the_end(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice, other = await new_clinic(), await new_clinic(empty=True)
    run = await queued(stand, practice, format=PDF)
    seen = []

    async def watch() -> None:
        async for state in stand.watch(practice.owner, run.id):
            seen.append(state)

    watching = asyncio.create_task(watch())

    async def has_begun() -> bool:
        return bool(seen)

    await eventually(has_begun)
    assert (seen[0].stage, seen[0].queue_place) == ("queued", 1)
    async with stand.working():
        await asyncio.wait_for(watching, 60)
    assert (seen[-1].status, seen[-1].progress_percent) == (COMPLETED, 100)
    assert seen[-1].download_url
    percents = [state.progress_percent for state in seen]
    assert percents == sorted(percents)
    with pytest.raises(NotFound):
        await anext(stand.watch(other.owner, run.id))


async def test_watchers_are_bounded_and_make_room_when_they_leave(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic(empty=True)
    run = await queued(stand, practice)
    watching = [stand.watch(practice.owner, run.id) for _ in range(64)]
    for one in watching:
        await anext(one)
    with pytest.raises(LimitExceeded):
        await anext(stand.watch(practice.owner, run.id))
    for one in watching:
        await one.aclose()

    async def has_room() -> bool:
        try:
            async for _ in (late := stand.watch(practice.owner, run.id)):
                await late.aclose()
                return True
        except LimitExceeded:
            return False
        return False

    await eventually(has_room)


async def test_a_rerun_now_is_the_same_period_with_todays_facts(
    stand: Stand, new_clinic: NewClinic, connection: Connection
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner, parameters={"relative_range": "previous_month"})
    enter_as(practice.id)
    await practice.clinic.correct(connection)
    ids = []
    for now in (False, True):
        request = rpc.RerunReportExecutionRequest(execution_id=run.id, now=now)
        ids.append((await stand.call(practice.owner, "RerunReportExecution", request)).id)
    async with stand.working():
        then, newer = [await stand.ended(practice.owner, one) for one in ids]
    assert (then.sha256, then.as_of.revision) == (run.sha256, run.as_of.revision)
    assert newer.sha256 != run.sha256
    assert newer.as_of.revision > run.as_of.revision
    assert newer.parameters.start_date == run.parameters.start_date

    same = await compare(stand, practice.owner, run, then)
    assert (same.difference_count, list(same.differences)) == (0, [])
    assert same.first_answers[0].rows[0].figures[0].value
    found = await compare(stand, practice.owner, run, newer)
    assert found.difference_count == len(found.differences) > 0
    assert (found.first.id, found.second.id) == (run.id, newer.id)
    for one in found.differences:
        assert one.first_value != one.second_value
        assert Decimal(one.difference) == Decimal(one.second_value) - Decimal(one.first_value)
    metrics = [metric.id for metric in found.second_answers[0].metrics]
    for one in found.differences:
        if one.question == 0:
            figure = found.second_answers[0].rows[0].figures[metrics.index(one.metric)]
            assert figure.value == one.second_value


async def test_runs_that_cannot_be_compared_are_refused(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    grouped = {"relative_range": "year_to_date", "group_by": ["payer_class"]}
    other = await stand.run(practice.owner, parameters=grouped)
    with pytest.raises(InvalidInput, match="grouped in another way"):
        await compare(stand, practice.owner, run, other)
    waiting = await queued(stand, practice)
    with pytest.raises(WrongState):
        await compare(stand, practice.owner, run, waiting)
