"""Defining and finding reports: what is refused and how, keys, pages, what each role sees."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct

from praxis.report.v1 import report_pb2, report_service_pb2_grpc
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_chassis.errors import (
    Forbidden,
    InvalidInput,
    KeyReused,
    NotFound,
    OutOfRange,
)

from .conftest import NewClinic, Stand

REVENUE = report_pb2.REPORT_TYPE_REVENUE
CSV, JSON = report_pb2.REPORT_FORMAT_CSV, report_pb2.REPORT_FORMAT_JSON


def struct(**values: Any) -> Struct:
    made = Struct()
    made.update(values)
    return made


def parameters(**values: Any) -> report_pb2.ReportParameters:
    return report_pb2.ReportParameters(**values)


def create(**fields: Any) -> rpc.CreateReportRequest:
    return rpc.CreateReportRequest(**{"report_type": REVENUE, "name": "Revenue", **fields})


BAD: list[tuple[str, dict[str, Any]]] = [
    ("report_type", {"report_type": report_pb2.REPORT_TYPE_UNSPECIFIED}),
    ("report_type", {"report_type": 99}),
    ("name", {"name": ""}),
    ("name", {"name": "n" * 201}),
    ("name", {"name": "line\nbreak"}),
    ("name", {"name": "bell\x07"}),
    ("description", {"description": "d" * 2001}),
    ("format", {"format": 99}),
    ("columns[1]", {"columns": ["total_charges", "patient_name"]}),
    ("columns[0]", {"columns": ["Total Charges"]}),
    ("columns", {"columns": ["refunds", "refunds"]}),
    ("sort_by", {"sort_by": "patient_name"}),
    ("sort_order", {"sort_order": "upwards"}),
    ("metadata", {"metadata": struct(text="x" * 16_400)}),
    ("template_name", {"template_name": "t" * 201}),
    ("practice_id", {"practice_id": "not-an-id"}),
]
BAD_PARAMETERS: list[tuple[str, dict[str, Any]]] = [
    ("start_date", {"start_date": "2025-02-30", "end_date": "2025-03-01"}),
    ("start_date", {"start_date": "soon", "end_date": "2025-03-01"}),
    ("start_date", {"end_date": "2025-03-01"}),
    ("end_date", {"start_date": "2025-03-01"}),
    ("end_date", {"start_date": "2025-03-02", "end_date": "2025-03-01"}),
    ("end_date", {"start_date": "2014-03-01", "end_date": "2025-03-01"}),
    ("relative_range", {"relative_range": "next_year"}),
    ("relative_range", {"relative_range": "this_year", "start_date": "2025-01-01"}),
    ("comparison_start_date", {"relative_range": "today", "comparison_end_date": "2025-01-01"}),
    ("compare_to", {"compare_to": "best_year_ever"}),
    ("group_by[0]", {"group_by": ["patient"]}),
    ("group_by", {"group_by": ["month", "provider"]}),
    (
        "group_by[0]",
        {"group_by": ["day"], "start_date": "2020-01-01", "end_date": "2025-01-01"},
    ),
    ("filters.patient", {"filters": struct(patient="1")}),
    ("filters.payer_class", {"filters": struct(payer_class="gold")}),
    ("filters.payer_class", {"filters": struct(payer_class=7)}),
    ("filters.payer_class", {"filters": struct(payer_class=[])}),
    ("filters.provider", {"filters": struct(provider="Dr. Okafor")}),
    ("filters.provider", {"filters": struct(provider=[str(uuid.UUID(int=i)) for i in range(101)])}),
    ("phi_level", {"phi_level": report_pb2.PHI_LEVEL_IDENTIFIED}),
    ("today", {"today": "2025-13-01"}),
    ("today", {"today": "2099-01-01"}),
    ("today", {"today": "0001-01-01"}),
    ("start_date", {"start_date": "1899-12-01", "end_date": "1900-01-31"}),
    ("start_date", {"start_date": "1900-01-01", "end_date": "1900-01-31"}),  # with 1899
    (
        "comparison_start_date",
        {
            "relative_range": "today",
            "comparison_start_date": "1899-01-01",
            "comparison_end_date": "1899-01-31",
        },
    ),
]


@pytest.mark.parametrize(("field", "fields"), BAD)
async def test_a_bad_field_is_named(
    stand: Stand, new_clinic: NewClinic, field: str, fields: dict[str, Any]
) -> None:
    practice = await new_clinic(empty=True)
    with pytest.raises(InvalidInput) as refused:
        await stand.call(practice.owner, "CreateReport", create(**fields))
    assert refused.value.violations[0].field == field
    assert await stand.rows("select 1 from reports where practice_id = %s", practice.id) == []


@pytest.mark.parametrize(("field", "values"), BAD_PARAMETERS)
async def test_a_bad_parameter_is_named_when_defined_and_when_run(
    stand: Stand, new_clinic: NewClinic, field: str, values: dict[str, Any]
) -> None:
    practice = await new_clinic(empty=True)
    given = parameters(**values)
    with pytest.raises(InvalidInput) as refused:
        await stand.call(practice.owner, "CreateReport", create(parameters=given))
    assert refused.value.violations[0].field == f"parameters.{field}"
    report = await stand.report(practice.owner)
    with pytest.raises(InvalidInput) as refused:
        await stand.execute(practice.owner, report.id, parameters=given)
    assert refused.value.violations[0].field == f"parameters.{field}"
    assert await stand.rows("select 1 from job where practice_id = %s", practice.id) == []


async def test_a_revision_that_never_was_is_out_of_range(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    with pytest.raises(OutOfRange) as refused:
        await stand.report(practice.owner, parameters=parameters(revision=2))
    assert refused.value.violations[0].field == "parameters.revision"
    assert (await stand.report(practice.owner, parameters=parameters(revision=1))).id


@pytest.mark.parametrize("number", sorted(set(report_pb2.ReportType.values()) - {0}))
async def test_every_type_of_the_contract_is_built(
    stand: Stand, new_clinic: NewClinic, number: Any
) -> None:
    practice = await new_clinic(empty=True)
    asked = {"metrics": ["visits"]} if number == report_pb2.REPORT_TYPE_CUSTOM else {}
    given = {"relative_range": "previous_month", **asked}
    run = await stand.run(practice.owner, "json", parameters=given, report_type=number)
    assert run.status == report_pb2.REPORT_STATUS_COMPLETED, run.error
    document = json.loads((await stand.download(run.download_url))[1])
    assert any(section.get("main") for section in document["sections"])


async def test_every_field_comes_back_as_it_was_given(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    given: dict[str, Any] = {
        "name": 'Quarter "=1+1" <b>ärzte</b>',
        "description": "first\nsecond",
        "parameters": parameters(
            relative_range="this_quarter",
            compare_to="same_period_last_year",
            group_by=["payer_class"],
            filters=struct(payer_class=["medicare", "self_pay"]),
        ),
        "format": JSON,
        "columns": ["group", "total_payments"],
        "sort_by": "total_charges",
        "sort_order": "desc",
        "is_template": True,
        "template_name": "Quarterly",
        "metadata": struct(colour="blue", nested={"list": [1, None, True]}),
        "practice_id": str(practice.id),
    }
    made = await stand.report(practice.owner, **given)
    found = await stand.call(practice.owner, "GetReport", rpc.GetReportRequest(report_id=made.id))
    assert found == made
    for field, value in given.items():
        assert getattr(found, field) == value, field
    assert (found.status, found.created_by_user_id) == (report_pb2.REPORT_STATUS_PENDING, "ada")
    assert found.download_count == 0
    assert not found.HasField("file_path")


# Keys.


async def test_a_key_makes_one_report_however_often_it_comes(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic(empty=True)

    async def one() -> str:
        made = await stand.call(practice.owner, "CreateReport", create(), key="monthly")
        return str(made.id)

    ids = await asyncio.gather(*(one() for _ in range(20)))
    assert len(set(ids)) == 1
    assert len(await stand.rows("select 1 from reports where practice_id = %s", practice.id)) == 1
    events = await stand.rows("select 1 from event_log where practice_id = %s", practice.id)
    assert len(events) == 1
    audits = await stand.rows(
        "select 1 from audit_log where practice_id = %s and action = 'report.create'", practice.id
    )
    assert len(audits) == 1
    with pytest.raises(KeyReused):
        await stand.call(practice.owner, "CreateReport", create(name="Other"), key="monthly")


async def test_a_key_starts_one_run(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    report = await stand.report(practice.owner)
    other = await stand.report(practice.owner)
    runs = await asyncio.gather(
        *(stand.execute(practice.owner, report.id, key="now") for _ in range(20))
    )
    assert len({run.id for run in runs}) == 1
    assert len(await stand.rows("select 1 from job where practice_id = %s", practice.id)) == 1
    with pytest.raises(KeyReused):
        await stand.execute(practice.owner, report.id, key="now", format=CSV)
    with pytest.raises(KeyReused):
        await stand.execute(practice.owner, other.id, key="now")
    # Another user's key is another key.
    theirs = await stand.execute(practice.caller("billing", "ben"), report.id, key="now")
    assert theirs.id != runs[0].id


@pytest.mark.parametrize("key", ["k" * 256, "two words"])
async def test_a_malformed_key_is_refused(stand: Stand, new_clinic: NewClinic, key: str) -> None:
    practice = await new_clinic(empty=True)
    with pytest.raises(InvalidInput) as refused:
        await stand.call(practice.owner, "CreateReport", create(), key=key)
    assert refused.value.violations[0].field == "Idempotency-Key"


# Pages.


async def listed(stand: Stand, who: Any, **wanted: Any) -> rpc.ListReportsResponse:
    found: rpc.ListReportsResponse = await stand.call(
        who, "ListReports", rpc.ListReportsRequest(**wanted)
    )
    return found


async def test_pages_by_offset_count_and_end(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    made = [(await stand.report(practice.owner)).id for _ in range(5)]
    newest_first = list(reversed(made))
    first = await listed(stand, practice.owner, limit=2)
    assert [item.id for item in first.items] == newest_first[:2]
    assert (first.total, first.skip, first.limit, first.has_more) == (5, 0, 2, True)
    last = await listed(stand, practice.owner, skip=4, limit=2)
    assert [item.id for item in last.items] == newest_first[4:]
    assert (last.total, last.has_more) == (5, False)
    beyond = await listed(stand, practice.owner, skip=9)
    assert (list(beyond.items), beyond.total, beyond.limit) == ([], 5, 50)


async def test_pages_by_cursor_are_stable_while_reports_are_added(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic(empty=True)
    made = [(await stand.report(practice.owner)).id for _ in range(7)]
    seen: list[str] = []
    token = None
    while True:
        more: dict[str, str] = {"page_token": token} if token else {}
        page = await listed(stand, practice.owner, page_size=3, **more)
        seen += [item.id for item in page.items]
        assert page.has_more == page.HasField("next_page_token")
        if not page.has_more:
            break
        token = page.next_page_token
        await stand.report(practice.owner)
    assert seen == list(reversed(made))


@pytest.mark.parametrize("token", ["x", "bm90IGEgdG9rZW4=", "%%%", "ü"])
async def test_a_token_of_no_page_is_refused(
    stand: Stand, new_clinic: NewClinic, token: str
) -> None:
    practice = await new_clinic(empty=True)
    with pytest.raises(InvalidInput) as refused:
        await listed(stand, practice.owner, page_token=token)
    assert refused.value.violations[0].field == "page_token"


async def test_filters_choose_by_form_state_and_template(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner, "csv")
    template = await stand.report(practice.owner, format=JSON, is_template=True)
    done = await listed(stand, practice.owner, status=report_pb2.REPORT_STATUS_COMPLETED)
    assert [item.id for item in done.items] == [run.report_id]
    pending = await listed(stand, practice.owner, status=report_pb2.REPORT_STATUS_PENDING)
    assert [item.id for item in pending.items] == [template.id]
    templates = await listed(stand, practice.owner, templates_only=True)
    assert [item.id for item in templates.items] == [template.id]
    assert (await listed(stand, practice.owner, format=CSV)).total == 1
    assert (await listed(stand, practice.owner, report_type=REVENUE)).total == 2
    nothing = report_pb2.REPORT_TYPE_CLAIMS
    assert (await listed(stand, practice.owner, report_type=nothing)).total == 0


# What a role may know of.


async def test_who_may_not_see_money_neither_makes_nor_meets_a_revenue_report(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    desk = practice.caller("front_desk", "fay")
    with pytest.raises(Forbidden):
        await stand.call(desk, "CreateReport", create())
    run = await stand.run(practice.owner)
    for method, request in (
        ("GetReport", rpc.GetReportRequest(report_id=run.report_id)),
        ("ExecuteReport", rpc.ExecuteReportRequest(report_id=run.report_id)),
        ("GetReportExecution", rpc.GetReportExecutionRequest(execution_id=run.id)),
        ("RerunReportExecution", rpc.RerunReportExecutionRequest(execution_id=run.id)),
    ):
        with pytest.raises(NotFound):
            await stand.call(desk, method, request)
    assert (await listed(stand, desk)).total == 0
    runs = await stand.call(desk, "ListReportExecutions", rpc.ListReportExecutionsRequest())
    assert (runs.total, list(runs.items)) == (0, [])
    refusals = await _eventually_refused(stand, practice.id)
    assert refusals == [("call.refused", "/praxis.report.v1.ReportService/CreateReport", "fay")]


async def _eventually_refused(stand: Stand, practice_id: uuid.UUID) -> list[tuple[Any, ...]]:
    sql = "select action, object_id, actor from audit_log where practice_id = %s and actor = 'fay'"
    async with asyncio.timeout(5):
        for _ in range(100):
            rows = await stand.rows(f"{sql} and action = 'call.refused'", practice_id)
            if rows:
                return [tuple(row.values()) for row in rows]
            await asyncio.sleep(0.05)
    raise AssertionError("no refusal was recorded")


@pytest.mark.parametrize("role", ["provider", "auditor"])
async def test_who_may_not_run_reports_is_refused(
    stand: Stand, new_clinic: NewClinic, role: str
) -> None:
    practice = await new_clinic(empty=True)
    with pytest.raises(Forbidden):
        await stand.report(practice.caller(role))


@pytest.mark.parametrize("role", ["owner", "admin", "billing", "analyst"])
async def test_who_may_see_money_runs_revenue(
    stand: Stand, new_clinic: NewClinic, role: str
) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.caller(role, role))
    assert run.status == report_pb2.REPORT_STATUS_COMPLETED
    assert run.requested_by_user_id == role


async def test_without_a_token_nothing_is_answered(stand: Stand) -> None:
    stub: Any = report_service_pb2_grpc.ReportServiceStub(stand.channel)  # type: ignore[no-untyped-call]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.ListReports(rpc.ListReportsRequest(), timeout=5)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
