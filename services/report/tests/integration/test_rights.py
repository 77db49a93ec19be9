"""Who sees files about persons, and who changes what others made."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from praxis.report.v1 import report_access_service_pb2 as access
from praxis.report.v1 import report_execution_pb2, report_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis.report.v1 import report_template_service_pb2 as templates
from praxis_chassis.caller import Caller
from praxis_chassis.errors import Forbidden, LinkExpired, NotFound, WrongState
from praxis_report.domain.links import Links

from .conftest import NewClinic, Practice, Stand

Execution = report_execution_pb2.ReportExecution


async def a_personal_run(stand: Stand, practice: Practice, level: int) -> Execution:
    """The owner's claims with their work list, as a file."""
    parameters = {"relative_range": "this_year", "phi_level": level, "purpose": "Working denials"}
    kind = report_pb2.REPORT_TYPE_CLAIMS
    run = await stand.run(practice.owner, "json", parameters=parameters, report_type=kind)
    assert (run.status, run.contains_phi) == (report_pb2.REPORT_STATUS_COMPLETED, True)
    return run


def share_with(report_id: str, user_id: str) -> access.CreateReportShareRequest:
    return access.CreateReportShareRequest(report_id=report_id, user_id=user_id)


async def totals(stand: Stand, who: Caller) -> dict[str, int]:
    """How much each list says there is, after checking that it shows as much."""
    found = {}
    for method, request in (
        ("ListReports", rpc.ListReportsRequest()),
        ("ListReportExecutions", rpc.ListReportExecutionsRequest()),
        ("ListReportFiles", access.ListReportFilesRequest()),
    ):
        page = await stand.call(who, method, request)
        assert (page.total, page.has_more) == (len(page.items), False)
        found[method] = page.total
    stats = await stand.call(who, "GetReportStats", rpc.GetReportStatsRequest())
    assert stats.total == found["ListReports"]
    return found


@pytest.mark.parametrize("level", ["LIMITED", "IDENTIFIED"])
async def test_what_says_something_about_persons_is_not_there_for_an_analyst(
    stand: Stand, new_clinic: NewClinic, level: str
) -> None:
    practice = await new_clinic()
    run = await a_personal_run(stand, practice, report_pb2.PhiLevel.Value(f"PHI_LEVEL_{level}"))
    plain = await stand.run(practice.owner)
    analyst, colleague = practice.caller("analyst", "ann"), practice.caller("billing", "ben")
    # Given to them too: a share does not stand in for the permission.
    await stand.call(practice.owner, "CreateReportShare", share_with(run.report_id, "ann"))
    request = templates.CreateReportTemplateRequest(report_id=run.report_id)
    template = await stand.call(practice.owner, "CreateReportTemplate", request)

    one: dict[str, Any] = {"execution_id": run.id}
    other = {"other_execution_id": plain.id}
    crossed = {"execution_id": plain.id, "other_execution_id": run.id}
    unseen: tuple[tuple[str, Any], ...] = (
        ("GetReport", rpc.GetReportRequest(report_id=run.report_id)),
        ("UpdateReport", rpc.UpdateReportRequest(report_id=run.report_id)),
        ("DeleteReport", rpc.DeleteReportRequest(report_id=run.report_id)),
        ("ExecuteReport", rpc.ExecuteReportRequest(report_id=run.report_id)),
        ("GetReportExecution", rpc.GetReportExecutionRequest(**one)),
        ("RerunReportExecution", rpc.RerunReportExecutionRequest(**one)),
        ("RetryReportExecution", rpc.RetryReportExecutionRequest(**one)),
        ("CancelReportExecution", rpc.CancelReportExecutionRequest(**one)),
        ("CompareReportExecutions", rpc.CompareReportExecutionsRequest(**one, **other)),
        ("CompareReportExecutions", rpc.CompareReportExecutionsRequest(**crossed)),
        ("CreateReportShare", share_with(run.report_id, "fay")),
        ("ListReportShares", access.ListReportSharesRequest(report_id=run.report_id)),
        ("CreateReportTemplate", templates.CreateReportTemplateRequest(report_id=run.report_id)),
        ("GetReportTemplate", templates.GetReportTemplateRequest(template_id=template.id)),
        (
            "CreateReportFromTemplate",
            templates.CreateReportFromTemplateRequest(template_id=template.id),
        ),
    )
    for method, wanted in unseen:
        with pytest.raises(NotFound):
            await stand.call(analyst, method, wanted)
    with pytest.raises(NotFound):
        await anext(stand.watch(analyst, run.id))
    assert set((await totals(stand, analyst)).values()) == {1}
    # Billing sees patients, and so all of it.
    assert (await stand.execution(colleague, run.id)).download_url
    found = await totals(stand, colleague)
    assert found == {"ListReports": 3, "ListReportExecutions": 2, "ListReportFiles": 2}


async def test_a_link_opens_for_what_its_subject_may_see(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await a_personal_run(stand, practice, report_pb2.PHI_LEVEL_IDENTIFIED)
    links = Links(stand.settings.link_key_file.read_bytes())
    subject = practice.id, uuid.UUID(run.id), "ann"
    for role in ("analyst", "front_desk", "auditor"):
        with pytest.raises(NotFound, match="no such file"):
            await stand.download(links.url(*subject, {role}, datetime.now(UTC)))
    _, content = await stand.download(links.url(*subject, {"billing"}, datetime.now(UTC)))
    assert len(content) == run.file_size


async def test_only_its_maker_and_managers_change_a_report(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    ben, ann = practice.caller("billing", "ben"), practice.caller("analyst", "ann")
    report = await stand.report(ben)
    given = await stand.call(ben, "CreateReportShare", share_with(report.id, "fay"))
    named = {"report_id": report.id, "template_name": "Ben's"}
    saved = templates.CreateReportTemplateRequest(**named)
    template = await stand.call(ben, "CreateReportTemplate", saved)
    renamed = rpc.UpdateReportRequest(report_id=report.id, name="Other", update_mask=["name"])
    refused: tuple[tuple[str, Any], ...] = (
        ("UpdateReport", renamed),
        ("DeleteReport", rpc.DeleteReportRequest(report_id=report.id)),
        ("DeleteReport", rpc.DeleteReportRequest(report_id=template.id)),
        ("CreateReportShare", share_with(report.id, "eve")),
        ("DeleteReportShare", access.DeleteReportShareRequest(share_id=given.id)),
        ("CreateReportTemplate", saved),
    )
    for method, request in refused:
        with pytest.raises(Forbidden, match="manage_practice"):
            await stand.call(ann, method, request)
    seen = await stand.call(ann, "GetReport", rpc.GetReportRequest(report_id=report.id))
    assert (seen.name, list(seen.shared_with_users)) == ("Revenue", ["fay"])
    mine = await stand.report(ann, name="Mine")
    for who, what in ((ann, mine.id), (ben, report.id), (practice.caller("admin", "al"), mine.id)):
        change = rpc.UpdateReportRequest(report_id=what, name="New", update_mask=["name"])
        assert (await stand.call(who, "UpdateReport", change)).name == "New"


async def test_a_run_is_stopped_by_who_asked_who_made_the_report_and_managers(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic(empty=True)
    ben, ann = practice.caller("billing", "ben"), practice.caller("analyst", "ann")
    report = await stand.report(ben)
    theirs, own = await stand.execute(ben, report.id), await stand.execute(ann, report.id)
    cancel, retry = rpc.CancelReportExecutionRequest, rpc.RetryReportExecutionRequest
    for method, request in (("Cancel", cancel), ("Retry", retry)):
        with pytest.raises(Forbidden):
            await stand.call(ann, f"{method}ReportExecution", request(execution_id=theirs.id))
    for who, run in ((ann, own), (practice.owner, theirs)):
        stopped = await stand.call(who, "CancelReportExecution", cancel(execution_id=run.id))
        assert stopped.status == report_pb2.REPORT_STATUS_CANCELLED
    again = await stand.call(ben, "RetryReportExecution", retry(execution_id=own.id))
    assert again.retry_of_id == own.id


async def test_files_of_a_deleted_report_stay_and_its_shares_end(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    fay = practice.caller("front_desk", "fay")
    await stand.call(practice.owner, "CreateReportShare", share_with(run.report_id, "fay"))
    link = (await stand.execution(fay, run.id)).download_url
    request = rpc.DeleteReportRequest(report_id=run.report_id)
    await stand.call(practice.owner, "DeleteReport", request)
    with pytest.raises(LinkExpired):
        await stand.download(link)
    with pytest.raises(NotFound):
        await stand.execution(fay, run.id)
    found = await totals(stand, practice.owner)
    assert found == {"ListReports": 0, "ListReportExecutions": 1, "ListReportFiles": 1}
    _, content = await stand.download((await stand.execution(practice.owner, run.id)).download_url)
    assert len(content) == run.file_size


async def test_sql_is_not_run_again_at_an_earlier_revision(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    parameters = {"sql": "SELECT class, count(*) AS visits FROM visits GROUP BY class"}
    run = await stand.run(
        practice.owner, parameters=parameters, report_type=report_pb2.REPORT_TYPE_CUSTOM
    )
    request = rpc.RerunReportExecutionRequest(execution_id=run.id)
    with pytest.raises(WrongState, match="newest facts"):
        await stand.call(practice.owner, "RerunReportExecution", request)
    request.now = True
    queued = await stand.call(practice.owner, "RerunReportExecution", request)
    async with stand.working():
        done = await stand.ended(practice.owner, queued.id)
    assert done.status == report_pb2.REPORT_STATUS_COMPLETED
