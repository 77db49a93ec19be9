"""Messages → JSON, in the one form that every client sees.

contract                    JSON
field name                  the same, snake_case
enum value                  its name in lower case without the prefix; UNSPECIFIED is null
`optional` and unset        null; every field is always present
int32, int64                number
double                      number, shortest text that reads back the same
bytes                       base64 text
Timestamp                   RFC 3339 text with offset
Struct                      plain object; {} when unset and not `optional`
map                         object, keys in order
list                        array; never null
"""

from __future__ import annotations

import base64
import functools
import math
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from praxis_gateway.contract import enum_names, is_optional, map_value

# Whole numbers up to here are exact in a double.
_EXACT = 2**53

Writer = Callable[[Any], Any]


def to_json(message: Message) -> dict[str, Any]:
    """`message` as plain values, fields in the contract's order.

    Raises: ValueError for a number that JSON cannot say.
    """
    values: dict[str, Any] = _writer(message.DESCRIPTOR)(message)
    return values


def _same(value: Any) -> Any:
    return value


def _write_real(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("JSON has no word for this number")
    return value


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _write_instant(message: Timestamp) -> str:
    return message.ToJsonString()


def _write_free(message: Struct) -> dict[str, Any]:
    return {name: _write_free_value(message.fields[name]) for name in sorted(message.fields)}


def _write_free_value(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _write_free(value.struct_value)
    if kind == "list_value":
        return [_write_free_value(item) for item in value.list_value.values]
    if kind == "number_value":
        number = _write_real(value.number_value)
        return int(number) if number.is_integer() and abs(number) <= _EXACT else number
    return None if kind in (None, "null_value") else getattr(value, kind)


_FREE_WRITERS: dict[str, Writer] = {
    "google.protobuf.Timestamp": _write_instant,
    "google.protobuf.Struct": _write_free,
}


@functools.cache
def _writer(descriptor: Descriptor) -> Writer:
    """What turns a message of this type into plain values."""
    if descriptor.full_name in _FREE_WRITERS:
        return _FREE_WRITERS[descriptor.full_name]
    blank = {field.name: _blank(field) for field in descriptor.fields}
    fields = {field.number: (field.name, _field_writer(field)) for field in descriptor.fields}

    def write(message: Any) -> dict[str, Any]:
        values = blank.copy()
        for field, value in message.ListFields():
            name, write_field = fields[field.number]
            values[name] = write_field(value)
        return values

    return write


def _blank(field: FieldDescriptor) -> Any:
    """What a field that is not set shows as."""
    if map_value(field) is not None:
        return {}
    if field.is_repeated:
        return []
    if field.message_type is Struct.DESCRIPTOR and not is_optional(field):
        return {}
    return None if field.has_presence else _value_writer(field)(field.default_value)


def _value_writer(field: FieldDescriptor) -> Writer:
    if field.message_type is not None:
        return _writer(field.message_type)
    if field.enum_type is not None:
        # A number that this process does not know yet shows as null.
        return {number: name for name, number in enum_names(field.enum_type).items()}.get
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _write_bytes
    real = (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT)
    return _write_real if field.cpp_type in real else _same


def _field_writer(field: FieldDescriptor) -> Writer:
    item = map_value(field)
    if item is not None:
        write_item = _value_writer(item)
        return lambda items: {key: write_item(items[key]) for key in sorted(items)}
    write = _value_writer(field)
    return (lambda items: [write(item) for item in items]) if field.is_repeated else write
