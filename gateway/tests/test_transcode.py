"""Translation, one row per rule, seen from both ends."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from typing import Any

import pytest
from google.protobuf import text_format

from praxis.analytics.v1 import answer_pb2, metrics_pb2, practice_pb2, receipt_pb2
from praxis.report.v1 import report_execution_pb2, report_pb2, report_service_pb2
from praxis_chassis import errors
from praxis_gateway.contract import bindings

from .conftest import PRACTICE, USER, Stand

ID = str(uuid.UUID(int=5))
DATES = {"start_date": "2026-01-01", "end_date": "2026-01-31"}


def a_report(**fields: Any) -> report_pb2.Report:
    report = report_pb2.Report(id=ID, name="Café", report_type=report_pb2.REPORT_TYPE_NO_SHOWS)
    report.created_at.FromJsonString("2026-03-08T09:30:00.25Z")
    report.metadata.update({"n": 5, "x": 0.1, "deep": [None, {"a": True}]})
    for name, value in fields.items():
        setattr(report, name, value)
    return report


# What a client sends → what it becomes in the message (text form), one row per rule.
ACCEPTED: list[tuple[dict[str, Any], str]] = [
    ({"report_type": "no_shows", "name": "x"}, 'report_type: REPORT_TYPE_NO_SHOWS name: "x"'),
    ({"description": None}, ""),
    ({"description": ""}, 'description: ""'),
    ({"format": "pdf"}, "format: REPORT_FORMAT_PDF"),
    ({"columns": ["a", "b"]}, 'columns: "a" columns: "b"'),
    ({"is_template": True}, "is_template: true"),
    ({"parameters": {"revision": 7}}, "parameters { revision: 7 }"),
    ({"parameters": {}}, "parameters { }"),
    (
        {"metadata": {"k": [1, None]}},
        'metadata { fields { key: "k" value { list_value { values { number_value: 1 } '
        "values { null_value: NULL_VALUE } } } } }",
    ),
]


@pytest.mark.parametrize(("sent", "becomes"), ACCEPTED)
async def test_a_body_becomes_a_message(stand: Stand, sent: dict[str, Any], becomes: str) -> None:
    stand.canned.replies["CreateReport"] = a_report()
    body = {"report_type": "claims", "name": "n"} | sent
    response = await stand.client.post("/api/v1/reports", json=body)
    assert response.status_code == 201, response.text
    expected = report_service_pb2.CreateReportRequest()
    if "name" not in sent:
        expected = report_service_pb2.CreateReportRequest(
            report_type="REPORT_TYPE_CLAIMS", name="n"
        )
    text_format.Merge(becomes, expected)
    assert stand.last.request == expected


REFUSED: list[tuple[Any, str, str]] = [
    ({"nme": "x"}, "nme", "not a field"),
    ({"name": 7}, "name", "text"),
    ({"name": "a\0b"}, "name", "NUL"),
    ({"is_template": 1}, "is_template", "true or false"),
    ({"report_type": "REVENUE"}, "report_type", "revenue, claims, payments"),
    ({"report_type": "unspecified"}, "report_type", "one of"),
    ({"report_type": 1}, "report_type", "one of"),
    ({"columns": "a"}, "columns", "array"),
    ({"columns": ["a", "b", 3]}, "columns[2]", "text"),
    ({"columns": ["a", None]}, "columns[1]", "text"),
    ({"parameters": []}, "parameters", "object"),
    ({"parameters": {"start_date": 5}}, "parameters.start_date", "text"),
    ({"parameters": {"revision": 1.5}}, "parameters.revision", "whole"),
    ({"parameters": {"revision": True}}, "parameters.revision", "number"),
    ({"parameters": {"revision": 2**63}}, "parameters.revision", "between"),
    ({"metadata": {"a": 2**53 + 1}}, "metadata.a", "too large"),
    ({"metadata": 5}, "metadata", "object"),
    ([], "body", "object"),
    # Rules of the contract, checked by annotation.
    ({"parameters": {"start_date": "1.1.26"}}, "parameters.start_date", ""),
    ({"columns": ["a", "B!"]}, "columns[1]", ""),
    ({"name": ""}, "name", ""),
    ({"practice_id": "7"}, "practice_id", ""),
]


@pytest.mark.parametrize(("sent", "path", "words"), REFUSED)
async def test_a_bad_field_is_named(stand: Stand, sent: Any, path: str, words: str) -> None:
    body = {"report_type": "claims", "name": "n"} | sent if isinstance(sent, dict) else sent
    response = await stand.client.post("/api/v1/reports", json=body)
    assert response.status_code == 400
    problem = response.json()
    assert problem["code"] == "invalid_field"
    assert problem["errors"][0]["field"] == path
    assert words in problem["errors"][0]["message"]
    assert stand.canned.seen == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not JSON"),
        (b'{"name": "a", "name": "b"}', "name: is given twice"),
        (b'{"parameters": {"today": "a", "today": "a"}}', "parameters.today: is given twice"),
        (b'{"metadata": {"a": {"b": 1, "b": 2}}}', "metadata.a.b: is given twice"),
        (b'{"metadata": {"a": NaN}}', "metadata.a: must be a finite number"),
        (b'{"metadata": {"a": 1e999}}', "metadata.a: must be a finite number"),
        (b'{"parameters": {"revision": ' + b"9" * 5000 + b"}}", "parameters.revision: must be"),
        (b'{"metadata": {"a": 0.' + b"1" * 5000 + b"}}", "metadata.a: must be"),
        (b'{"name": "\xff"}', "UTF-8"),
        (b'{"name": "\\ud800"}', "name: is not valid Unicode"),
        (b'{"\\ud800": 1}', "\\ud800"),
        (b'{"metadata": {"\\ud800": 1}}', "metadata.\\ud800: is not valid Unicode"),
        (b"[" * 100_000, "too deeply"),
        (b'{"metadata": ' + b'{"a":' * 65 + b"1" + b"}" * 66, "nested deeper than"),
        (b'{"metadata": {"a": ' + b"[" * 65 + b"]" * 65 + b"}}", "nested deeper than"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"null", "must be an object"),
        (b"7", "must be an object"),
    ],
)
async def test_a_hostile_body_is_refused(stand: Stand, body: bytes, words: str) -> None:
    headers = {"content-type": "application/json"}
    response = await stand.client.post("/api/v1/reports", content=body, headers=headers)
    assert response.status_code == 400
    assert words in response.json()["detail"]


async def test_the_deepest_free_json_reaches_the_service(stand: Stand) -> None:
    stand.canned.replies["CreateReport"] = a_report()
    deep: Any = 1
    for _ in range(27):
        deep = {"a": deep}
    body = {"report_type": "claims", "name": "n", "parameters": {"filters": deep}}
    response = await stand.client.post("/api/v1/reports", json=body)
    assert response.status_code == 201, response.text
    body["parameters"] = {"filters": {"a": {"a": deep}}}
    response = await stand.client.post("/api/v1/reports", json=body)
    assert response.status_code == 400


async def test_a_message_becomes_json(stand: Stand) -> None:
    stand.canned.replies["GetReport"] = a_report(download_count=2**53 + 1, file_size_mb=0.1)
    got = (await stand.client.get(f"/api/v1/reports/{ID}")).json()
    assert list(got) == [field.name for field in report_pb2.Report.DESCRIPTOR.fields]
    assert got["report_type"] == "no_shows"  # an enum value, without prefix
    assert got["status"] is None  # UNSPECIFIED
    assert got["description"] is None  # optional and unset
    assert got["is_template"] is False  # plain and unset
    assert got["download_count"] == 2**53 + 1  # int64 is a number
    assert got["file_size_mb"] == 0.1
    assert got["created_at"] == "2026-03-08T09:30:00.250Z"
    assert got["started_at"] is None
    assert got["metadata"] == {"deep": [None, {"a": True}], "n": 5, "x": 0.1}
    assert got["columns"] == []
    assert got["parameters"] is None
    assert stand.last.request.report_id == ID


async def test_free_json_is_an_object_even_when_unset(stand: Stand) -> None:
    stand.canned.replies["GetReport"] = report_pb2.Report(id=ID)
    assert (await stand.client.get(f"/api/v1/reports/{ID}")).json()["metadata"] == {}


async def test_money_prints_as_the_shortest_text(stand: Stand) -> None:
    answer = metrics_pb2.RevenueMetrics(
        total_revenue=1234567.89, total_charges=0.1, total_payments=100.0, collection_rate=0.0
    )
    answer.reasons["average_revenue_per_patient"] = "zero_denominator"
    answer.parts["z"].numerator = 1
    answer.parts["a"].denominator = 2.5
    stand.canned.replies["GetRevenueMetrics"] = answer
    response = await stand.client.post("/api/v1/reports/analytics/revenue", json=DATES)
    assert response.status_code == 200
    for part in (
        '"total_revenue":1234567.89,',
        '"total_charges":0.1,',
        '"total_payments":100.0,',
        '"collection_rate":0.0,',
        '"outstanding_balance":null,',
        '"parts":{"a":{"numerator":0.0,"denominator":2.5},"z":',
    ):
        assert part in response.text


async def test_a_number_that_json_cannot_say_is_our_fault(stand: Stand) -> None:
    stand.canned.replies["GetRevenueMetrics"] = metrics_pb2.RevenueMetrics(
        total_revenue=float("nan")
    )
    response = await stand.client.post("/api/v1/reports/analytics/revenue", json=DATES)
    assert (response.status_code, response.json()["code"]) == (500, "internal")


@pytest.mark.parametrize("slash", ["", "/"])
async def test_create_says_where(stand: Stand, slash: str) -> None:
    stand.canned.replies["CreateReport"] = a_report()
    body = {"report_type": "no_shows", "name": "Café"}
    response = await stand.client.post(f"/api/v1/reports{slash}", json=body)
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/v1/reports/{ID}"
    assert "idempotency-replayed" not in response.headers


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("verb", ["{}/execute", "executions/{}/rerun"])
async def test_starting_says_where(stand: Stand, verb: str, slash: str) -> None:
    execution = report_execution_pb2.ReportExecution(id=ID, priority="PRIORITY_HIGH")
    stand.canned.replies |= {"ExecuteReport": execution, "RerunReportExecution": execution}
    # Every field is optional, so that no body is needed.
    response = await stand.client.post(f"/api/v1/reports/{verb.format(ID)}{slash}")
    assert response.status_code == 202
    assert response.headers["location"] == f"/api/v1/reports/executions/{ID}"
    assert response.json()["priority"] == "high"


async def test_a_field_of_the_path_is_refused_in_the_body(stand: Stand) -> None:
    response = await stand.client.post(f"/api/v1/reports/{ID}/execute", json={"report_id": ID})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "report_id"


async def test_a_query_becomes_a_message(stand: Stand) -> None:
    stand.canned.replies["ListReports"] = report_service_pb2.ListReportsResponse(
        items=[a_report()], total=2**40, has_more=True
    )
    query = "report_type=outstanding_balances&templates_only=true&skip=3&limit=9&page_token=a%20b"
    response = await stand.client.get(f"/api/v1/reports/?{query}")
    assert response.status_code == 200
    assert response.json()["total"] == 2**40
    assert stand.last.request == report_service_pb2.ListReportsRequest(
        report_type=report_pb2.REPORT_TYPE_OUTSTANDING_BALANCES,
        templates_only=True,
        skip=3,
        limit=9,
        page_token="a b",
    )


@pytest.mark.parametrize(
    ("query", "path", "words"),
    [
        ("who=me", "who", "not a parameter"),
        ("skip=x", "skip", "number"),
        ("skip=1.5", "skip", "whole"),
        ("skip=٣", "skip", "number"),
        ("skip=1&skip=2", "skip", "twice"),
        ("skip=99999999999999999999", "skip", "between"),
        ("skip=-1", "skip", ""),
        ("limit=501", "limit", ""),
        ("templates_only=1", "templates_only", "true or false"),
        ("status=done", "status", "pending, running, completed, failed, cancelled"),
        ("status=", "status", "one of"),
        ("page_token=%00", "page_token", "NUL"),
    ],
)
async def test_a_bad_parameter_is_named(stand: Stand, query: str, path: str, words: str) -> None:
    response = await stand.client.get(f"/api/v1/reports?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == path
    assert words in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("query", ["page_token=%ff", "&".join(["skip=1"] * 101)])
async def test_a_bad_query_is_refused(stand: Stand, query: str) -> None:
    assert (await stand.client.get(f"/api/v1/reports?{query}")).status_code == 400


async def test_a_body_takes_no_parameters(stand: Stand) -> None:
    response = await stand.client.post("/api/v1/reports/analytics/revenue?x=1", json=DATES)
    assert response.json()["errors"][0]["field"] == "x"


async def test_literal_paths_win_over_variables(stand: Stand) -> None:
    stand.canned.replies["ListReportExecutions"] = report_service_pb2.ListReportExecutionsResponse()
    assert (await stand.client.get("/api/v1/reports/executions/")).status_code == 200
    assert stand.last.name == "ListReportExecutions"
    response = await stand.client.delete("/api/v1/reports/executions")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")


async def test_what_travels_with_a_call(stand: Stand) -> None:
    stand.canned.replies["CreateReport"] = a_report()
    headers = {"x-request-id": "req-1_a", "idempotency-key": "order!7"}
    body = {"report_type": "no_shows", "name": "n"}
    response = await stand.client.post("/api/v1/reports", json=body, headers=headers)
    assert response.headers["x-request-id"] == "req-1_a"
    seen = stand.last
    assert seen.metadata["x-request-id"] == "req-1_a"
    assert seen.metadata["idempotency-key"] == "order!7"
    assert 9 < seen.remaining_s < 9.97
    caller = seen.call.caller
    assert (caller.practice_id, caller.user_id, caller.actor) == (PRACTICE, USER, "gateway")
    assert (sorted(caller.roles), caller.address) == (["owner"], "127.0.0.1")


async def test_a_replay_is_told(stand: Stand) -> None:
    async def replay(_request: Any, context: Any) -> Any:
        context.set_trailing_metadata((("idempotency-replayed", "true"),))
        return a_report()

    stand.canned.replies["CreateReport"] = replay
    body = {"report_type": "no_shows", "name": "n"}
    response = await stand.client.post("/api/v1/reports", json=body)
    assert response.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
async def test_a_bad_idempotency_key_is_refused(stand: Stand, key: str) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1"))]
    body = {"report_type": "no_shows", "name": "n"}
    response = await stand.client.post("/api/v1/reports", json=body, headers=headers)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_a_client_that_leaves_cancels_the_call(stand: Stand) -> None:
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def wait(_request: Any, _context: Any) -> Any:
        started.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    stand.canned.replies["GetPractice"] = wait
    request = asyncio.create_task(stand.client.get("/api/v1/practice"))
    await asyncio.wait_for(started.wait(), 5)
    request.cancel()
    await asyncio.wait_for(cancelled.wait(), 1)


# What must be said for a request to reach its service, where the path does not say it all.
BODIES: dict[str, dict[str, Any]] = {
    "Ask": {"questions": [{"metrics": ["x"], "period": DATES}]},
    "AskText": {"text": "total_revenue, previous_month"},
    "PublishEvents": {
        **{"envelope_id": ID, "practice_id": str(PRACTICE), "source_system": "s"},
        "events": [
            {"event_id": ID, "occurred_at": "2026-01-01T00:00:00Z", "version": 1}
            | {"staff_user": {"id": "s"}}
        ],
    },
    "GetChange": {"metric": "total_revenue", "dimension": "payer", "period": DATES},
    "GetTrendAnalysis": {"metric": "total_revenue", **DATES},
    "GetKPIDashboard": {"category": "financial"},
    "SetTarget": {"direction": "higher_is_better", "good_limit": 95, "warning_limit": 90},
    "CheckSql": {"sql": "select 1"},
    "ExportAnalytics": {"metric_type": "revenue", "format": "csv", "date_range": DATES},
    "RunSql": {"sql": "select 1"},
    "CreateDashboard": {"name": "n"},
    "HoldReportExecution": {"reason": "r"},
    "CreateReport": {"report_type": "claims", "name": "n"},
    "PreviewReport": {"report_type": "claims"},
    "CompareReportExecutions": {"other_execution_id": ID},
    "CreateSchedule": {"name": "n"},
}


DATED = {
    binding.method.name for binding in bindings() if binding.method.input_type.name == "DateRange"
}


async def test_every_rpc_answers_at_its_path(stand: Stand) -> None:
    assert len({binding.method.containing_service.full_name for binding in bindings()}) > 10
    stand.canned.replies |= {b.method.name: errors.NotFound(b.method.name) for b in bindings()}
    for binding in bindings():
        name = binding.method.name
        given = {"receipt": "r" * 20, "metric_id": "total_revenue", "measure_id": "cms122"}
        given["work_list_id"] = "denials"
        path = binding.path.format_map(defaultdict(lambda: ID, given))
        said = BODIES.get(name, DATES if name in DATED else {})
        body, query = (said, None) if binding.has_body else (None, said)
        response = await stand.client.request(binding.verb, path, json=body, params=query)
        assert (response.status_code, response.json()["detail"]) == (404, name), response.text
        assert stand.last.name == name


async def test_answers_with_lists_of_messages(stand: Stand) -> None:
    receipt = receipt_pb2.Receipt(receipt="r" * 20, as_of=answer_pb2.AsOf(revision=3))
    receipt.figures.add(field="total_revenue", figure=answer_pb2.Figure(value="1.10"))
    stand.canned.replies["GetReceipt"] = receipt
    got = (await stand.client.get(f"/api/v1/receipts/{'r' * 20}?field=total_revenue")).json()
    assert got["figures"][0]["figure"]["value"] == "1.10"
    assert got["as_of"] == {"revision": 3, "recorded_at": None, "data_through": None}
    assert got["as_of_now"] is None


async def test_a_practice(stand: Stand) -> None:
    stand.canned.replies["GetPractice"] = practice_pb2.Practice(id=str(PRACTICE), name="A")
    assert (await stand.client.get("/api/v1/practice")).json()["name"] == "A"
