"""The OpenAPI 3.1 document, made of the descriptors and their comments."""

from __future__ import annotations

import re
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor

from praxis_gateway import __version__
from praxis_gateway.contract import Binding, bindings, comment, location_of, services
from praxis_gateway.problems import STATUS
from praxis_gateway.routes.report import OPENAPI as REPORT_OPENAPI
from praxis_gateway.schemas import Schemas, field_schema, must_be_given

_JSON = "application/json"
_PROBLEM = "application/problem+json"
# What any signed-in call can meet, whatever its comment says.
_ALWAYS = (400, 401, 403, 404, 429, 431, 499, 500, 501, 503, 504)
_WITH_BODY = (413, 415)
_WITH_KEY = (409, 422)
_REASON = re.compile(r"\b[A-Z]+(?:_[A-Z]+)*\b")
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same request sent again with the same key has one effect. "
    "1 to 255 visible ASCII characters.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_REQUEST_ID = {
    "name": "X-Request-Id",
    "in": "header",
    "description": "Names this request in answers and logs; one is made when absent.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
}


def document() -> dict[str, Any]:
    """The whole document."""
    schemas = Schemas(b.method.output_type for b in bindings())
    paths: dict[str, Any] = {}
    for binding in bindings():
        paths.setdefault(binding.path, {})[binding.verb.lower()] = _operation(binding, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Praxis",
            "version": __version__,
            "description": "Analytics and reporting for healthcare practices. "
            "Paths answer with and without a trailing slash.",
        },
        "security": [{"bearer": []}],
        "tags": [{"name": s.name, "description": comment(s)} for s in services() if s.methods],
        "paths": paths | REPORT_OPENAPI | _health(),
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
            "schemas": {"Problem": _problem_schema(), **schemas.components},
            "responses": {f"Problem{status}": _problem(status) for status in _statuses()},
        },
    }


def _operation(binding: Binding, schemas: Schemas) -> dict[str, Any]:
    method = binding.method
    text = comment(method)
    operation: dict[str, Any] = {
        "operationId": method.name,
        "tags": [method.containing_service.name],
        "summary": text.partition(". ")[0].removesuffix("."),
        "description": text,
        "parameters": _parameters(binding, schemas),
        "responses": _responses(binding, schemas),
    }
    if binding.has_body:
        operation["requestBody"] = {
            "required": any(must_be_given(field) for field in _body_fields(binding)),
            "content": {_JSON: {"schema": schemas.body(method.input_type, binding.variables)}},
        }
    return operation


def _body_fields(binding: Binding) -> list[FieldDescriptor]:
    return [f for f in binding.method.input_type.fields if f.name not in binding.variables]


def _parameters(binding: Binding, schemas: Schemas) -> list[dict[str, Any]]:
    fields = binding.method.input_type.fields_by_name
    found = [
        {
            "name": field.name,
            "in": "path" if field.name in binding.variables else "query",
            "required": field.name in binding.variables or must_be_given(field),
            "description": comment(field),
            "schema": field_schema(field, schemas, nullable=False),
        }
        for field in [*(fields[name] for name in binding.variables), *binding.parameters]
    ]
    return [*found, *([_KEY_HEADER] if binding.changes else []), _REQUEST_ID]


def _responses(binding: Binding, schemas: Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": comment(binding.method.output_type),
        "content": {_JSON: {"schema": schemas.answer(binding.method.output_type)}},
    }
    headers: dict[str, Any] = {}
    if location_of(binding):
        headers["Location"] = {"description": "Where it can be fetched.", **_text_header()}
    if binding.changes:
        text = "`true` when an earlier request with this key had the effect."
        headers["Idempotency-Replayed"] = {"description": text, **_text_header()}
    if headers:
        answer["headers"] = headers
    responses = {str(binding.status): answer}
    for status in sorted(_failures(binding)):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    return responses


def _text_header() -> dict[str, Any]:
    return {"schema": {"type": "string"}}


def _failures(binding: Binding) -> set[int]:
    """The statuses this can end with: common ones, and the reasons its comment names."""
    found = {*_ALWAYS, *_named(binding.method)}
    if binding.has_body:
        found.update(_WITH_BODY)
    if binding.changes:
        found.update(_WITH_KEY)
    return found


def _named(method: MethodDescriptor) -> set[int]:
    return {STATUS[word] for word in _REASON.findall(comment(method)) if word in STATUS}


def _statuses() -> list[int]:
    return sorted(set(STATUS.values()))


def _problem(status: int) -> dict[str, Any]:
    codes = [reason.lower() for reason, its in STATUS.items() if its == status]
    return {
        "description": f"code: {', '.join(codes)}",
        "content": {_PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    violation = {
        "type": "object",
        "required": ["field", "message"],
        "properties": {
            "field": {**text, "description": "Path of the field, such as `parameters.start_date`."},
            "message": {**text, "description": "What is wrong with it."},
        },
    }
    properties = {
        "type": {**text, "description": "Names the kind of problem."},
        "title": text,
        "status": {"type": "integer"},
        "detail": {**text, "description": "What happened, for people."},
        "instance": {**text, "description": "Path of the request."},
        "code": {**text, "enum": sorted(reason.lower() for reason in STATUS)},
        "request_id": {**text, "description": "Finds the request in the log."},
        "errors": {"type": "array", "items": violation, "description": "Fields at fault."},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _health() -> dict[str, Any]:
    status = {"type": "string", "enum": ["serving"]}
    body = {"type": "object", "required": ["status"], "properties": {"status": status}}
    answers = {
        "200": {"description": "It serves.", "content": {_JSON: {"schema": body}}},
        "503": {"$ref": "#/components/responses/Problem503"},
    }
    operation = {"operationId": "GetHealth", "summary": "Whether this process serves"}
    return {"/healthz": {"get": {**operation, "security": [], "responses": answers}}}
