"""Templates: saved, in versions, listed with the starter set, and made into reports."""

from __future__ import annotations

from typing import Any

import pytest

from praxis.report.v1 import report_pb2
from praxis.report.v1 import report_template_service_pb2 as rpc
from praxis_chassis.caller import Caller
from praxis_chassis.errors import InvalidInput, NotFound
from praxis_report.domain.report_types import REPORT_TYPES
from praxis_report.domain.starters import STARTERS

from .conftest import NewClinic, Stand

NAMES = {
    *("Day sheet", "Month-end close", "A/R aging", "Denial work list", "Provider scorecard"),
    *("No-show review", "Quality summary", "Payer mix", "Task backlog", "Patient growth"),
}


async def save(stand: Stand, who: Caller, report_id: str, *, key: str = "", **more: Any) -> Any:
    request = rpc.CreateReportTemplateRequest(report_id=report_id, **more)
    return await stand.call(who, "CreateReportTemplate", request, key=key)


async def listed(stand: Stand, who: Caller) -> list[Any]:
    response = await stand.call(who, "ListReportTemplates", rpc.ListReportTemplatesRequest())
    return list(response.items)


async def make(stand: Stand, who: Caller, template_id: str, *, key: str = "", **more: Any) -> Any:
    request = rpc.CreateReportFromTemplateRequest(template_id=template_id, **more)
    return await stand.call(who, "CreateReportFromTemplate", request, key=key)


async def test_a_report_becomes_a_template_and_a_template_a_report(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice, other = await new_clinic(), await new_clinic(empty=True)
    given = report_pb2.ReportParameters(relative_range="this_year", group_by=["payer_class"])
    report = await stand.report(
        practice.owner,
        name="By payer",
        parameters=given,
        columns=["group", "total_payments"],
        sort_by="total_payments",
        format=report_pb2.REPORT_FORMAT_CSV,
    )
    first = await save(stand, practice.owner, report.id, key="k", template_name="Ours")
    again = await save(stand, practice.owner, report.id, key="k", template_name="Ours")
    assert (first.version, again) == (1, first)
    second = await save(stand, practice.owner, report.id, template_name="Ours")
    assert (second.version, second.id != first.id) == (2, True)
    [own] = [one for one in await listed(stand, practice.owner) if not one.is_starter]
    assert own == second

    made = await make(
        stand,
        practice.owner,
        first.id,
        name="Mine",
        parameters=report_pb2.ReportParameters(relative_range="previous_year"),
    )
    assert (made.name, made.is_template, made.made_from_template_id) == ("Mine", False, first.id)
    assert (list(made.columns), made.sort_by) == (["group", "total_payments"], "total_payments")
    assert made.parameters.relative_range == "previous_year"
    assert list(made.parameters.group_by) == ["payer_class"]
    queued = await stand.execute(practice.owner, made.id)
    async with stand.working():
        done = await stand.ended(practice.owner, queued.id)
    assert done.status == report_pb2.REPORT_STATUS_COMPLETED

    for stranger in (
        make(stand, other.owner, first.id),
        save(stand, other.owner, report.id),
        stand.call(
            other.owner, "GetReportTemplate", rpc.GetReportTemplateRequest(template_id=first.id)
        ),
    ):
        with pytest.raises(NotFound):
            await stranger
    with pytest.raises(NotFound):
        await make(stand, practice.owner, report.id)  # a report that is no template


async def test_every_practice_has_the_starter_set(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    starters = [one for one in await listed(stand, practice.owner) if one.is_starter]
    assert {one.template_name for one in starters} == NAMES
    names = [one.template_name.lower() for one in starters]
    assert names == sorted(names)
    assert all(one.is_built for one in starters)
    for one in starters:
        assert one.description
        request = rpc.GetReportTemplateRequest(template_id=one.id)
        assert await stand.call(practice.owner, "GetReportTemplate", request) == one
        made = await make(stand, practice.owner, one.id, format=report_pb2.REPORT_FORMAT_CSV)
        assert (made.name, made.report_type) == (one.template_name, one.report_type)
        queued = await stand.execute(practice.owner, made.id)
        async with stand.working():
            done = await stand.ended(practice.owner, queued.id)
        assert done.status == report_pb2.REPORT_STATUS_COMPLETED, done.error


async def test_a_starters_name_is_not_taken(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    report = await stand.report(practice.owner, name="Day sheet")
    with pytest.raises(InvalidInput, match="every practice has"):
        await save(stand, practice.owner, report.id)


def test_starters_name_types_of_the_contract() -> None:
    known = {name.removeprefix("REPORT_TYPE_").lower() for name in report_pb2.ReportType.keys()}  # noqa: SIM118
    assert {one.report_type for one in STARTERS} <= known
    assert len({one.id for one in STARTERS}) == len(STARTERS) == 10
    for one in STARTERS:
        kind = REPORT_TYPES[one.report_type]
        assert set(one.parameters.get("group_by", ())) <= set(kind.groupings)
