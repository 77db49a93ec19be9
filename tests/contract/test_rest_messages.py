"""Every message of the contract survives JSON, and says in JSON what its schema promises."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import Any

import orjson
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st

from buf.validate import validate_pb2
from praxis_chassis.errors import InvalidInput
from praxis_gateway.contract import bindings, enum_names, is_optional, map_value, services
from praxis_gateway.decode import fill, parse
from praxis_gateway.encode import to_json
from praxis_gateway.openapi import document

DOCUMENT = document()
FILES = {service.file for service in services()}
FILES |= {dependency for file in FILES for dependency in file.dependencies}
MESSAGES = sorted(
    (message for file in FILES for message in file.message_types_by_name.values()),
    key=lambda message: message.full_name,
)
MESSAGES = [message for message in MESSAGES if message.full_name.startswith("praxis.")]
ANSWERED = sorted(
    {b.method.output_type.full_name: b.method.output_type for b in bindings()}.items()
)

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
reals = st.floats(allow_nan=False, allow_infinity=False)
# Free JSON knows one zero only.
free_reals = reals.map(lambda value: value + 0.0)
free = st.recursive(
    st.none() | st.booleans() | text | free_reals | st.integers(-(2**53), 2**53),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
SCALARS: dict[int, st.SearchStrategy[Any]] = {
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_DOUBLE: reals,
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_STRING: text,
}


@st.composite
def structs(draw: st.DrawFn) -> Struct:
    struct = Struct()
    struct.update(draw(st.dictionaries(text, free, max_size=3)))
    return struct


@st.composite
def instants(draw: st.DrawFn) -> Timestamp:
    nanos = draw(st.integers(0, 999_999_999))
    return Timestamp(seconds=draw(st.integers(-62135596800, 253402300799)), nanos=nanos)


def values(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    """One value of `field`, or one item of it."""
    if field.message_type is not None:
        return messages(field.message_type)
    if field.enum_type is not None:
        return st.sampled_from(sorted(enum_names(field.enum_type).values()))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=20)
    rules: Any = field.GetOptions().Extensions[validate_pb2.field]  # type: ignore[index]
    allowed = list(getattr(rules.string, "in"))
    return st.sampled_from(allowed) if allowed else SCALARS[field.cpp_type]


def fields(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    """What a constructor takes for `field`; None leaves an optional one unset."""
    item = map_value(field)
    if item is not None:
        return st.dictionaries(text, values(item), max_size=3)
    if field.is_repeated:
        return st.lists(values(field), max_size=3)
    return st.none() | values(field) if is_optional(field) else values(field)


def messages(descriptor: Descriptor) -> st.SearchStrategy[Message]:
    """Messages in which only optional fields are unset."""
    if descriptor is Struct.DESCRIPTOR:
        return structs()
    if descriptor is Timestamp.DESCRIPTOR:
        return instants()
    kind = GetMessageClass(descriptor)
    given_fields = {field.name: fields(field) for field in descriptor.fields}
    return st.fixed_dictionaries(given_fields).map(lambda chosen: kind(**chosen))


def test_the_contract_has_messages() -> None:
    assert len(MESSAGES) > 25
    assert {"Report", "RevenueMetrics", "Question"} <= {message.name for message in MESSAGES}


@pytest.mark.parametrize("descriptor", MESSAGES, ids=lambda d: d.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_message_survives_json(descriptor: Descriptor, data: st.DataObject) -> None:
    message = data.draw(messages(descriptor))
    body = orjson.dumps(to_json(message))
    again = GetMessageClass(descriptor)()
    fill(again, parse(body))
    assert again == message
    assert orjson.dumps(to_json(again)) == body
    assert GetMessageClass(descriptor).FromString(again.SerializeToString()) == message


@pytest.mark.parametrize("descriptor", [d for _, d in ANSWERED], ids=lambda d: d.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_answer_is_what_its_schema_says(descriptor: Descriptor, data: st.DataObject) -> None:
    value = parse(orjson.dumps(to_json(data.draw(messages(descriptor)))))
    schema = {"$ref": f"#/components/schemas/{descriptor.name}"}
    assert list(faults(value, schema, "")) == []


def test_the_schema_check_finds_faults() -> None:
    good = to_json(GetMessageClass(dict(ANSWERED)["praxis.analytics.v1.Practice"])())
    schema = {"$ref": "#/components/schemas/Practice"}
    assert list(faults(good, schema, "")) == []
    assert list(faults({**good, "name": 7}, schema, "")) == ["name"]
    assert list(faults({**good, "name": None}, schema, "")) == ["name"]
    del good["today"]
    assert list(faults(good, schema, "")) == ["today"]


def faults(value: Any, schema: dict[str, Any], path: str) -> list[str]:
    """Paths at which `value` is not what `schema` says; the part of JSON Schema that we write."""
    if "$ref" in schema:
        target = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return faults(value, target, path)
    if "anyOf" in schema:
        return min((faults(value, choice, path) for choice in schema["anyOf"]), key=len)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(is_kind(value, kind) for kind in kinds):
        return [path]
    if value is None:
        return []
    if "enum" in schema and value not in schema["enum"]:
        return [path]
    if schema.get("format") == "date-time":
        assert re.fullmatch(r".*(Z|[+-]\d\d:\d\d)", value)
        datetime.fromisoformat(value[:19])
    if schema.get("contentEncoding") == "base64":
        base64.b64decode(value, validate=True)
    return inner_faults(value, schema, path)


def inner_faults(value: Any, schema: dict[str, Any], path: str) -> list[str]:
    if isinstance(value, list):
        return [f for item in value for f in faults(item, schema["items"], f"{path}[]")]
    if not isinstance(value, dict) or schema.get("additionalProperties") is True:
        return []
    found = [name for name in schema.get("required", []) if name not in value]
    known = schema.get("properties", {})
    for name, item in value.items():
        inner = known.get(name) or schema.get("additionalProperties")
        place = f"{path}.{name}" if path else name
        found += faults(item, inner, place) if inner else [place]
    return found


def is_kind(value: Any, kind: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "number": number,
        "integer": number and isinstance(value, int),
        "null": value is None,
    }[kind]


@pytest.mark.parametrize("descriptor", MESSAGES, ids=lambda d: d.name)
@settings(max_examples=25, deadline=None)
@given(body=st.binary(max_size=40) | free.map(orjson.dumps))
def test_hostile_json_is_refused_or_kept(descriptor: Descriptor, body: bytes) -> None:
    message = GetMessageClass(descriptor)()
    try:
        fill(message, parse(body))
    except InvalidInput as error:
        assert str(error)
    else:
        GetMessageClass(descriptor).FromString(message.SerializeToString())


@pytest.mark.parametrize("descriptor", [m for m in MESSAGES if m.fields], ids=lambda d: d.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_wrong_value_is_refused_by_the_name_of_its_field(
    descriptor: Descriptor, data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(list(descriptor.fields)))
    wrong = data.draw(st.sampled_from([{"x": {"y": []}}, [[1]], "\0", float("inf")]))
    if isinstance(wrong, dict) and field.message_type is Struct.DESCRIPTOR:
        return
    with pytest.raises(InvalidInput) as refused:
        fill(GetMessageClass(descriptor)(), {field.name: wrong})
    assert refused.value.violations[0].field.startswith(field.name)
