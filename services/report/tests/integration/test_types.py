"""What the types of reports say of themselves."""

from __future__ import annotations

from praxis.report.v1 import report_pb2, report_type_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_report.application.codes import type_number
from praxis_report.domain.report_types import REPORT_TYPES

from .conftest import NewClinic, Practice, Stand

LEVELS = ["aggregate", "limited", "identified"]


async def types_of(
    stand: Stand, practice: Practice, role: str
) -> dict[int, report_type_pb2.ReportTypeInfo]:
    request = report_type_pb2.ListReportTypesRequest()
    answer = await stand.call(practice.caller(role), "ListReportTypes", request)
    return {one.report_type: one for one in answer.items}


def parameter(
    one: report_type_pb2.ReportTypeInfo, name: str
) -> report_type_pb2.ReportTypeParameter | None:
    return next((found for found in one.parameters if found.name == name), None)


async def test_every_type_says_what_it_shows_and_takes(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    types = await types_of(stand, practice, "owner")
    assert list(types) == [type_number(name) for name in REPORT_TYPES]
    fields = set(report_pb2.ReportParameters.DESCRIPTOR.fields_by_name)
    for one in types.values():
        kind = REPORT_TYPES[report_pb2.ReportType.Name(one.report_type)[12:].lower()]
        assert (one.title, one.description, one.is_allowed) == (kind.title, kind.question, True)
        assert f"PERMISSION_{one.permission.upper()}" == kind.permission
        assert len(one.formats) == 5
        assert {found.name for found in one.parameters} <= fields
        shown = {metric for section in one.sections for metric in section.metrics}
        assert shown == {*kind.cards, *kind.columns, *(m for s in kind.more for m in s.metrics)} - (
            {m for s in kind.more if not s.table for m in s.metrics if m not in s.drawn} - shown
        )
        assert all(section.title for section in one.sections if section.kind != "chart")
        levels = parameter(one, "phi_level")
        assert (list(levels.values) if levels else LEVELS[:1]) == LEVELS[: len(one.phi_levels)]
        assert (len(one.phi_levels) == 3) == bool(kind.work)
    revenue = types[report_pb2.REPORT_TYPE_REVENUE]
    grouping = parameter(revenue, "group_by")
    assert grouping is not None
    assert (grouping.default, grouping.values[4]) == ("month", "payer_class")


async def test_what_a_type_offers_works(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    types = await types_of(stand, practice, "owner")
    for number in (report_pb2.REPORT_TYPE_REVENUE, report_pb2.REPORT_TYPE_NO_SHOWS):
        ranges, grouping = (parameter(types[number], n) for n in ("relative_range", "group_by"))
        assert ranges is not None
        assert grouping is not None
        for range_ in ranges.values:
            given = report_pb2.ReportParameters(relative_range=range_.replace("_N_", "_30_"))
            await stand.report(practice.owner, report_type=number, parameters=given)
        for by in grouping.values:
            given = report_pb2.ReportParameters(relative_range="this_month", group_by=[by])
            await stand.report(practice.owner, report_type=number, parameters=given)
        filters = parameter(types[number], "filters")
        assert filters is not None
        for dimension in filters.values:
            given = report_pb2.ReportParameters(filters={dimension: ""})
            await stand.call(
                practice.owner,
                "CreateReport",
                rpc.CreateReportRequest(report_type=number, name="F", parameters=given),
            )


async def test_what_the_caller_may_not_do_is_not_offered(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic(empty=True)
    for role, money, sql in (("front_desk", False, False), ("analyst", True, True)):
        types = await types_of(stand, practice, role)
        assert types[report_pb2.REPORT_TYPE_REVENUE].is_allowed is money
        custom = types[report_pb2.REPORT_TYPE_CUSTOM]
        assert custom.is_allowed
        assert (parameter(custom, "sql") is not None) is sql
