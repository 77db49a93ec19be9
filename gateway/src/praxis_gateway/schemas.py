"""Messages as JSON Schema: types, comments, and the limits their annotations set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from buf.validate import validate_pb2
from praxis_gateway.contract import (
    comment,
    enum_names,
    is_optional,
    map_value,
    schema_name,
    value_comment,
)

Schema = dict[str, Any]

_WELL_KNOWN: dict[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Struct": {"type": "object", "additionalProperties": True},
}
_SCALARS: dict[int, Schema] = {
    FieldDescriptor.CPPTYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.CPPTYPE_INT64: {"type": "integer", "format": "int64"},
    FieldDescriptor.CPPTYPE_UINT32: {"type": "integer", "format": "uint32", "minimum": 0},
    FieldDescriptor.CPPTYPE_UINT64: {"type": "integer", "format": "uint64", "minimum": 0},
    FieldDescriptor.CPPTYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.CPPTYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.CPPTYPE_STRING: {"type": "string"},
}
_KEYWORDS = {
    "min_len": "minLength",
    "max_len": "maxLength",
    "pattern": "pattern",
    "gte": "minimum",
    "lte": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "min_items": "minItems",
    "max_items": "maxItems",
    "unique": "uniqueItems",
}


class Schemas:
    """The named schemas of a document, gathered as they are referred to.

    A message that requests and answers share has two: requests are closed and let fields be left
    out, answers hold every field. The request's form is then called `<Message>Input`.
    """

    def __init__(self, answers: Iterable[Descriptor]) -> None:
        self.components: dict[str, Schema] = {}
        self._answered: set[str] = set()
        for answer in answers:
            _gather(answer, self._answered)

    def answer(self, message: Descriptor) -> Schema:
        """A reference to `message` as it is answered; one of free form is named as well."""
        schema = self._refer(message, schema_name(message), is_input=False)
        if "$ref" in schema:
            return schema
        name = schema_name(message)
        self.components[name] = {**schema, "description": "An object of free form."}
        return {"$ref": f"#/components/schemas/{name}"}

    def input(self, message: Descriptor) -> Schema:
        """A reference to `message` as it is sent."""
        shared = message.full_name in self._answered
        return self._refer(message, schema_name(message) + "Input" * shared, is_input=True)

    def body(self, message: Descriptor, elsewhere: tuple[str, ...]) -> Schema:
        """`message` as a request body, without the fields that the path carries."""
        reference = self.input(message)
        if elsewhere:
            schema = self.components[reference["$ref"].rpartition("/")[2]]
            for name in elsewhere:
                schema["properties"].pop(name, None)
            schema["required"] = [n for n in schema.get("required", []) if n not in elsewhere]
        return reference

    def enum(self, enum: EnumDescriptor) -> Schema:
        """A reference to `enum`."""
        if enum.name not in self.components:
            names = enum_names(enum)
            words = {name: enum.values_by_number[number].name for name, number in names.items()}
            lines = [f"`{name}`: {value_comment(enum, words[name])}" for name in names]
            self.components[enum.name] = {
                "type": "string",
                "enum": list(names),
                "description": "\n".join([comment(enum), "", *(f"- {line}" for line in lines)]),
            }
        return {"$ref": f"#/components/schemas/{enum.name}"}

    def _refer(self, message: Descriptor, name: str, *, is_input: bool) -> Schema:
        if message.full_name in _WELL_KNOWN:
            return dict(_WELL_KNOWN[message.full_name])
        if name not in self.components:
            self.components[name] = {}
            self.components[name].update(self._object(message, is_input=is_input))
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, message: Descriptor, *, is_input: bool) -> Schema:
        schema: Schema = {"type": "object", "description": comment(message), "properties": {}}
        for field in message.fields:
            needed = must_be_given(field)
            nullable = not needed if is_input else is_optional(field)
            described = field_schema(field, self, nullable=nullable, is_input=is_input)
            schema["properties"][field.name] = {**described, "description": comment(field)}
        if is_input:
            schema["required"] = [field.name for field in message.fields if must_be_given(field)]
            schema["additionalProperties"] = False
        else:
            schema["required"] = [field.name for field in message.fields]
        return schema


def _gather(message: Descriptor, names: set[str]) -> None:
    """Adds the names of `message` and of every message inside it; one may hold itself."""
    if message.full_name in names or message.full_name in _WELL_KNOWN:
        return
    names.add(message.full_name)
    for field in message.fields:
        inner = (map_value(field) or field).message_type
        if inner is not None:
            _gather(inner, names)


def field_schema(
    field: FieldDescriptor, schemas: Schemas, *, nullable: bool, is_input: bool = True
) -> Schema:
    """The schema of a field's value, with the limits of its annotations."""
    rules = _rules(field)
    entry = map_value(field)
    if entry is not None:
        item = _item_schema(entry, schemas, is_input)
        schema: Schema = {"type": "object", "additionalProperties": item}
    elif field.is_repeated:
        item = _item_schema(field, schemas, is_input) | _limits(rules.repeated.items)
        schema = {"type": "array", "items": item, **_limits(rules)}
    else:
        schema = _item_schema(field, schemas, is_input) | _limits(rules)
    return _or_null(schema) if nullable else schema


def _item_schema(field: FieldDescriptor, schemas: Schemas, is_input: bool) -> Schema:
    if field.message_type is not None:
        return schemas.input(field.message_type) if is_input else schemas.answer(field.message_type)
    if field.enum_type is not None:
        return schemas.enum(field.enum_type)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    return dict(_SCALARS[field.cpp_type])


def _or_null(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    if "enum" in schema:
        schema = {**schema, "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _rules(field: FieldDescriptor) -> Any:
    return field.GetOptions().Extensions[validate_pb2.field]  # type: ignore[index]


def _limits(rules: Any) -> Schema:
    """Annotations as keywords; those that JSON Schema cannot say stay with the validator."""
    kind = rules.WhichOneof("type")
    if kind is None:
        return {}
    typed = getattr(rules, kind)
    found = {_KEYWORDS[f.name]: v for f, v in typed.ListFields() if f.name in _KEYWORDS}
    if kind == "string":
        if getattr(typed, "in"):
            found["enum"] = list(getattr(typed, "in"))
        if typed.uuid:
            found["format"] = "uuid"
    return found


def must_be_given(field: FieldDescriptor) -> bool:
    """Whether leaving `field` out of a request breaks its annotations."""
    rules = _rules(field)
    if rules.required:
        return True
    if field.has_presence:
        return False
    limits = _limits(rules)
    if field.is_repeated:
        return bool(limits.get("minItems"))
    if field.cpp_type != FieldDescriptor.CPPTYPE_STRING:
        return bool(limits.get("minimum", 0) > 0)
    fits = re.search(limits["pattern"], "") if "pattern" in limits else True
    return bool(limits.get("minLength") or "enum" in limits or "format" in limits or not fits)
