"""Reports given to others: what they may see, for how long, and who fetched what."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from praxis.report.v1 import report_access_service_pb2 as access
from praxis.report.v1 import report_execution_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_chassis.caller import Caller
from praxis_chassis.errors import Forbidden, InvalidInput, KeyReused, LinkExpired, NotFound

from .conftest import NewClinic, Stand

Execution = report_execution_pb2.ReportExecution


async def share(stand: Stand, who: Caller, report_id: str, *, key: str = "", **to: Any) -> Any:
    request = access.CreateReportShareRequest(report_id=report_id, **to)
    return await stand.call(who, "CreateReportShare", request, key=key)


async def revoke(stand: Stand, who: Caller, share_id: str) -> None:
    await stand.call(who, "DeleteReportShare", access.DeleteReportShareRequest(share_id=share_id))


async def files(stand: Stand, who: Caller, **only: Any) -> Any:
    return await stand.call(who, "ListReportFiles", access.ListReportFilesRequest(**only))


async def get_report(stand: Stand, who: Caller, report_id: str) -> Any:
    return await stand.call(who, "GetReport", rpc.GetReportRequest(report_id=report_id))


@pytest.mark.parametrize(
    ("role", "to"), [("front_desk", {"user_id": "bob"}), ("provider", {"role": "provider"})]
)
async def test_who_is_given_a_report_sees_that_one_only(
    stand: Stand, new_clinic: NewClinic, role: str, to: dict[str, str]
) -> None:
    practice = await new_clinic()
    run, hidden = await stand.run(practice.owner), await stand.run(practice.owner)
    bob = practice.caller(role, "bob")
    with pytest.raises(NotFound):
        await get_report(stand, bob, run.report_id)
    given = await share(stand, practice.owner, run.report_id, **to)
    assert given.is_active
    assert (await get_report(stand, bob, run.report_id)).id == run.report_id
    listed = await stand.call(bob, "ListReports", rpc.ListReportsRequest())
    assert [one.id for one in listed.items] == [run.report_id]
    runs = await stand.call(bob, "ListReportExecutions", rpc.ListReportExecutionsRequest())
    assert [one.id for one in runs.items] == [run.id]
    centre = await files(stand, bob)
    assert [one.execution.id for one in centre.items] == [run.id]
    unseen: dict[str, Any] = {
        "GetReport": rpc.GetReportRequest(report_id=hidden.report_id),
        "GetReportExecution": rpc.GetReportExecutionRequest(execution_id=hidden.id),
    }
    for method, request in unseen.items():
        with pytest.raises(NotFound):
            await stand.call(bob, method, request)
    # Seeing is not running, changing, or giving on.
    beyond: dict[str, Any] = {
        "ExecuteReport": rpc.ExecuteReportRequest(report_id=run.report_id),
        "DeleteReport": rpc.DeleteReportRequest(report_id=run.report_id),
        "CreateReportShare": access.CreateReportShareRequest(
            report_id=run.report_id, user_id="eve"
        ),
    }
    for method, request in beyond.items():
        # What is seen and not theirs to change is refused; the others are for those of its type.
        unseen_or_refused = NotFound if method == "ExecuteReport" else Forbidden
        with pytest.raises(Forbidden if role == "provider" else unseen_or_refused):
            await stand.call(bob, method, request)

    seen = await stand.execution(bob, run.id)
    _, content = await stand.download(seen.download_url)
    assert len(content) == run.file_size
    await revoke(stand, practice.owner, given.id)
    with pytest.raises(LinkExpired):
        await stand.download(seen.download_url)  # the link went with the share
    with pytest.raises(NotFound):
        await stand.execution(bob, run.id)
    assert (await files(stand, bob)).total == 0


async def test_a_share_ends_by_itself_and_shows_on_the_report(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    bob = practice.caller("front_desk", "bob")
    soon = datetime.now(UTC) + timedelta(days=1)
    given = await share(stand, practice.owner, run.report_id, user_id="bob", expires_at=soon)
    shown = await get_report(stand, practice.owner, run.report_id)
    assert (shown.is_shared, list(shown.shared_with_users)) == (True, ["bob"])
    await stand.rows(
        "update report_shares set expires_at = clock_timestamp() where id = %s", given.id
    )
    with pytest.raises(NotFound):
        await stand.execution(bob, run.id)
    shown = await get_report(stand, practice.owner, run.report_id)
    assert (shown.is_shared, list(shown.shared_with_users)) == (False, [])
    request = access.ListReportSharesRequest(report_id=run.report_id)
    [ended] = (await stand.call(practice.owner, "ListReportShares", request)).items
    assert (ended.id, ended.is_active) == (given.id, False)


async def test_shares_are_made_once_and_for_one_recipient(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice, other = await new_clinic(empty=True), await new_clinic(empty=True)
    report = await stand.report(practice.owner)
    first = await share(stand, practice.owner, report.id, user_id="bob", key="k")
    assert (await share(stand, practice.owner, report.id, user_id="bob", key="k")).id == first.id
    with pytest.raises(KeyReused):
        await share(stand, practice.owner, report.id, user_id="eve", key="k")
    past = datetime.now(UTC) - timedelta(seconds=1)
    for wrong in (
        {},
        {"user_id": "bob", "role": "billing"},
        {"role": "auditor"},
        {"role": "billing", "expires_at": past},
    ):
        with pytest.raises(InvalidInput):
            await share(stand, practice.owner, report.id, **wrong)
    for stranger in (first.id, str(uuid.uuid4())):
        with pytest.raises(NotFound):
            await revoke(stand, other.owner, stranger)
        with pytest.raises(NotFound):
            request = access.GetReportShareRequest(share_id=stranger)
            await stand.call(other.owner, "GetReportShare", request)
    # A share of one practice gives nothing in another, whoever has the same name there.
    with pytest.raises(NotFound):
        await get_report(stand, other.caller("front_desk", "bob"), report.id)
    rows = await stand.rows(
        "select actor from audit_log where practice_id = %s and action = 'report.share'",
        practice.id,
    )
    assert [row["actor"] for row in rows] == ["ada"]


async def test_the_download_centre_tells_who_fetched_what(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice, other = await new_clinic(), await new_clinic()
    run = await stand.run(practice.owner)
    await stand.run(other.owner)
    for user, times in (("ada", 1), ("carl", 2)):
        who = practice.caller("billing", user)
        for _ in range(times):
            await stand.download((await stand.execution(who, run.id)).download_url)
    page = await files(stand, practice.owner)
    assert (page.total, page.has_more) == (1, False)
    [one] = page.items
    assert (one.report_name, one.execution.download_count) == ("Revenue", 3)
    assert [(r.user_id, r.downloads) for r in one.downloaded_by] == [("carl", 2), ("ada", 1)]
    assert one.execution.last_downloaded_at == one.downloaded_by[0].last_downloaded_at
    assert not one.execution.contains_phi
    await stand.download(one.execution.download_url)
    assert (await get_report(stand, practice.owner, run.report_id)).download_count == 4
    assert (await files(stand, practice.owner, report_id=str(uuid.uuid4()))).total == 0


async def test_a_file_about_persons_says_so(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner)
    await stand.rows(
        "update report_executions set parameters ="
        ' parameters || \'{"phi_level": "PHI_LEVEL_IDENTIFIED"}\' where id = %s',
        run.id,
    )
    assert (await stand.execution(practice.owner, run.id)).contains_phi
