"""The OpenAPI document: whole, and true to the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.api import annotations_pb2

from praxis_gateway.contract import bindings, comment, location_of, services
from praxis_gateway.openapi import document
from praxis_gateway.problems import STATUS

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    operation["operationId"]: (verb, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for verb, operation in item.items()
}
ANNOTATED = [
    method
    for service in services()
    for method in service.methods
    if method.GetOptions().HasExtension(annotations_pb2.http)
]
KEYWORDS = {
    *("type", "description", "properties", "required", "additionalProperties", "items", "anyOf"),
    *("enum", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems"),
    *("maxItems", "uniqueItems", "contentEncoding", "$ref", "exclusiveMinimum"),
}


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside the document."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from nodes(item)


def schemas(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """`value` and every schema inside it."""
    yield value
    inner = [*value.get("properties", {}).values(), *value.get("anyOf", [])]
    for name in ("items", "additionalProperties"):
        if isinstance(value.get(name), dict):
            inner.append(value[name])
    for schema in inner:
        yield from schemas(schema)


def test_it_says_what_it_is() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert set(DOCUMENT["info"]) == {"title", "version", "description"}
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT
    assert DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_reference_leads_somewhere_and_nothing_is_left_over() -> None:
    used = {node["$ref"] for node in nodes(DOCUMENT) if "$ref" in node}
    there = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in DOCUMENT["components"][kind]
    }
    assert used <= there
    spare = {f"#/components/responses/Problem{status}" for status in set(STATUS.values())}
    assert there - used <= spare


def test_every_schema_is_one() -> None:
    for schema in SCHEMAS.values():
        for node in schemas(schema):
            assert node.keys() <= KEYWORDS
            assert "type" in node or "$ref" in node or "anyOf" in node
            re.compile(node.get("pattern", ""))
            if "properties" in node and "required" in node:
                assert set(node["required"]) <= set(node["properties"])


@pytest.mark.parametrize("method", ANNOTATED, ids=lambda method: method.name)
def test_every_annotated_rpc_is_described(method: Any) -> None:
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    verb, path, operation = OPERATIONS[method.name]
    assert getattr(rule, verb) == path
    assert operation["description"] == comment(method) != ""
    assert operation["tags"] == [method.containing_service.name]
    assert ("requestBody" in operation) == (rule.body == "*")
    in_path = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
    assert in_path == set(re.findall(r"\{(\w+)\}", path))
    good = [status for status in operation["responses"] if status < "400"]
    answer = operation["responses"][good[0]]["content"]["application/json"]["schema"]
    assert answer == {"$ref": f"#/components/schemas/{method.output_type.name}"}
    assert {"400", "401", "403", "404", "429", "500", "503", "504"} <= set(operation["responses"])


def test_every_rpc_with_a_path_is_routed_once() -> None:
    assert len(ANNOTATED) >= 12
    assert [binding.method.name for binding in bindings()] == [m.name for m in ANNOTATED]
    assert len({(binding.verb, binding.path) for binding in bindings()}) == len(ANNOTATED)


def test_statuses_and_locations() -> None:
    found = {b.method.name: (b.status, location_of(b)) for b in bindings() if b.changes}
    executions = "/api/v1/reports/executions/{id}"
    made = {
        "CreateReport": (201, "/api/v1/reports/{id}"),
        "CreateSchedule": (201, "/api/v1/reports/schedules/{id}"),
        "CreateDashboard": (201, "/api/v1/dashboards/{id}"),
        "ExecuteReport": (202, executions),
        "RerunReportExecution": (202, executions),
        "RetryReportExecution": (202, executions),
        "CreateReportShare": (201, "/api/v1/reports/shares/{id}"),
        "CreateReportTemplate": (201, "/api/v1/reports/templates/{id}"),
        "CreateReportFromTemplate": (201, "/api/v1/reports/{id}"),
    }
    assert {name: found.pop(name) for name in made} == made
    assert set(found.values()) == {(200, None)}
    assert {"UpdateReport", "DeleteReport", "PauseSchedule", "PublishEvents"} <= found.keys()
    assert {b.status for b in bindings() if not b.changes} == {200}


def test_every_field_and_enum_value_is_explained() -> None:
    for name, schema in SCHEMAS.items():
        if name == "Problem":
            continue
        assert schema["description"], name
        for field, described in schema.get("properties", {}).items():
            assert described["description"], f"{name}.{field}"
        for value in schema.get("enum", []):
            assert re.search(rf"^- `{value}`: \S", schema["description"], re.MULTILINE)


def test_limits_come_from_the_annotations() -> None:
    create = SCHEMAS["CreateReportRequest"]
    assert create["additionalProperties"] is False
    assert create["required"] == ["report_type", "name"]
    assert create["properties"]["name"]["maxLength"] == 200
    assert create["properties"]["columns"]["items"]["pattern"] == "^[a-z0-9_]{1,60}$"
    assert create["properties"]["sort_order"]["enum"] == ["asc", "desc", None]
    assert SCHEMAS["DateRange"]["required"] == ["start_date", "end_date"]
    assert SCHEMAS["Question"]["properties"]["metrics"]["minItems"] == 1
    parameters = OPERATIONS["ListReports"][2]["parameters"]
    limit = next(p for p in parameters if p["name"] == "limit")
    assert limit["schema"] == {"type": "integer", "format": "int32", "minimum": 1, "maximum": 500}
    assert limit["required"] is False


def test_requests_and_answers_differ_where_they_must() -> None:
    answered, sent = SCHEMAS["ReportParameters"], SCHEMAS["ReportParametersInput"]
    assert set(answered["required"]) == set(answered["properties"])
    assert sent["required"] == []
    assert "additionalProperties" not in answered
    assert "report_id" not in SCHEMAS["ExecuteReportRequest"]["properties"]
    body = OPERATIONS["ExecuteReport"][2]["requestBody"]
    assert body["required"] is False
    assert OPERATIONS["CreateReport"][2]["requestBody"]["required"] is True
    revenue = SCHEMAS["RevenueMetrics"]["properties"]
    assert revenue["total_revenue"]["type"] == ["number", "null"]
    assert revenue["period_start"]["type"] == "string"


def test_only_what_changes_something_takes_an_idempotency_key() -> None:
    for binding in bindings():
        names = {p["name"] for p in OPERATIONS[binding.method.name][2]["parameters"]}
        assert ("Idempotency-Key" in names) == binding.changes


def test_what_needs_no_token_says_so() -> None:
    open_to_all = {
        name for name, (_, _, operation) in OPERATIONS.items() if "security" in operation
    }
    assert open_to_all == {"DownloadReportExecution", "GetHealth"}
