"""Two practices with the same source ids: every way into the other one ends at 404."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from typing import Any

import pytest
from google.protobuf import descriptor_pool

from praxis.report.v1 import report_access_service_pb2 as access
from praxis.report.v1 import report_service_pb2 as rpc
from praxis.report.v1 import report_template_service_pb2 as templates
from praxis_chassis.errors import NotFound, WrongState

from .conftest import NewClinic, Stand

# RPC → a request that names an object of another practice: its report and its run.
ATTACKS: dict[str, Any] = {
    "GetReport": lambda report, run: rpc.GetReportRequest(report_id=report),
    "UpdateReport": lambda report, run: rpc.UpdateReportRequest(
        report_id=report, name="Mine now", update_mask=["name"]
    ),
    "DeleteReport": lambda report, run: rpc.DeleteReportRequest(report_id=report),
    "ExecuteReport": lambda report, run: rpc.ExecuteReportRequest(report_id=report),
    "GetReportExecution": lambda report, run: rpc.GetReportExecutionRequest(execution_id=run),
    "RerunReportExecution": lambda report, run: rpc.RerunReportExecutionRequest(execution_id=run),
    "CancelReportExecution": lambda report, run: rpc.CancelReportExecutionRequest(execution_id=run),
    "RetryReportExecution": lambda report, run: rpc.RetryReportExecutionRequest(execution_id=run),
    "CompareReportExecutions": lambda report, run: rpc.CompareReportExecutionsRequest(
        execution_id=run, other_execution_id=run
    ),
    "CreateReportShare": lambda report, run: access.CreateReportShareRequest(
        report_id=report, user_id="eve"
    ),
    "ListReportShares": lambda report, run: access.ListReportSharesRequest(report_id=report),
    "HoldReportExecution": lambda report, run: access.HoldReportExecutionRequest(
        execution_id=run, reason="matter"
    ),
    "ReleaseReportExecution": lambda report, run: access.ReleaseReportExecutionRequest(
        execution_id=run
    ),
    "CreateReportTemplate": lambda report, run: templates.CreateReportTemplateRequest(
        report_id=report
    ),
}
# Those that name no object, or one of another kind; each has its own test below, or beside what it
# is about.
OTHERS = {
    "CreateReport",
    "ExportAnalytics",
    "ListReportTypes",
    "PreviewReport",
    "ListReports",
    "GetReportStats",
    "ListReportExecutions",
    "DownloadReportExecution",
    "WatchReportExecution",
    "GetReportShare",
    "DeleteReportShare",
    "ListReportFiles",
    "GetReportTemplate",
    "ListReportTemplates",
    "CreateReportFromTemplate",
}
# Those that a completed run refuses whoever asks: they got as far as the run.
LATE = {"CancelReportExecution", "RetryReportExecution"}
SERVICES = ("ReportService", "ReportAccessService", "ReportTemplateService")


def test_no_rpc_is_forgotten() -> None:
    pool = descriptor_pool.Default()
    services = [pool.FindServiceByName(f"praxis.report.v1.{name}") for name in SERVICES]
    found = {method.name for service in services for method in service.methods}
    assert found == ATTACKS.keys() | OTHERS


@pytest.mark.parametrize("method", ATTACKS)
async def test_another_practices_ids_are_unknown(
    stand: Stand, new_clinic: NewClinic, method: str
) -> None:
    practice, other = await new_clinic(), await new_clinic(empty=True)
    run = await stand.run(practice.owner)
    refusals = []
    for report_id, run_id in (
        (run.report_id, run.id),
        (str(uuid.uuid4()), str(uuid.uuid4())),  # nobody's
    ):
        with pytest.raises(NotFound) as refused:
            await stand.call(other.owner, method, ATTACKS[method](report_id, run_id))
        refusals.append((type(refused.value), refused.value.message, refused.value.violations))
    assert refusals[0] == refusals[1]  # nothing tells them apart
    assert await stand.rows("select 1 from job where practice_id = %s", other.id) == []
    # The same request by the practice itself is answered.
    with pytest.raises(WrongState) if method in LATE else nullcontext():
        await stand.call(practice.owner, method, ATTACKS[method](run.report_id, run.id))


async def test_lists_hold_the_own_practice_only(stand: Stand, new_clinic: NewClinic) -> None:
    practice, other = await new_clinic(), await new_clinic()
    run, theirs = await stand.run(practice.owner), await stand.run(other.owner)
    for who, own in ((practice, run), (other, theirs)):
        reports = await stand.call(who.owner, "ListReports", rpc.ListReportsRequest())
        assert ([item.id for item in reports.items], reports.total) == ([own.report_id], 1)
        runs = await stand.call(
            who.owner, "ListReportExecutions", rpc.ListReportExecutionsRequest()
        )
        assert ([item.id for item in runs.items], runs.total) == ([own.id], 1)
        stats = await stand.call(who.owner, "GetReportStats", rpc.GetReportStatsRequest())
        assert (stats.total, stats.completed) == (1, 1)
    crossed = rpc.ListReportExecutionsRequest(report_id=run.report_id)
    assert (await stand.call(other.owner, "ListReportExecutions", crossed)).total == 0


async def test_a_page_token_opens_no_other_practice(stand: Stand, new_clinic: NewClinic) -> None:
    practice, other = await new_clinic(empty=True), await new_clinic(empty=True)
    for _ in range(3):
        await stand.report(practice.owner)
    page = await stand.call(practice.owner, "ListReports", rpc.ListReportsRequest(page_size=1))
    stolen = rpc.ListReportsRequest(page_size=10, page_token=page.next_page_token)
    assert list((await stand.call(other.owner, "ListReports", stolen)).items) == []


async def test_a_report_is_made_in_the_callers_practice_only(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice, other = await new_clinic(empty=True), await new_clinic(empty=True)
    with pytest.raises(NotFound):
        await stand.report(other.owner, practice_id=str(practice.id))
    assert await stand.rows("select 1 from reports where practice_id = %s", practice.id) == []


async def test_the_same_key_in_two_practices_makes_two_reports(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice, other = await new_clinic(empty=True), await new_clinic(empty=True)
    request = rpc.CreateReportRequest(report_type="REPORT_TYPE_REVENUE", name="Same")
    ids = {
        (await stand.call(one.owner, "CreateReport", request, key="same")).id
        for one in (practice, other)
    }
    assert len(ids) == 2


async def test_the_same_source_ids_make_two_files_of_two_truths(
    stand: Stand, new_clinic: NewClinic
) -> None:
    small, large = await new_clinic(), await new_clinic(scale=10)
    contents = []
    for practice in (small, large):
        run = await stand.run(practice.owner)
        contents.append((await stand.download(run.download_url))[1])
        assert [name.split(".")[0] for name in stand.files(practice.id)] == [run.id]
    first, second = (content.decode().splitlines() for content in contents)
    assert first[0] == second[0]
    for one, ten in zip(first[1:], second[1:], strict=True):
        (month, charges, *_), (same_month, more, *_) = one.split(","), ten.split(",")
        assert month == same_month
        assert float(more) == pytest.approx(10 * float(charges))
    assert len(first) > 5
