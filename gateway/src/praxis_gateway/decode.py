"""JSON → messages, strictly: what is not exactly right is refused with the path of the field.

The table of forms stands in `encode.py`; what goes out is accepted back.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import math
import re
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from praxis_chassis.errors import InvalidInput
from praxis_gateway.contract import enum_names, map_value

# The wire format allows 100 levels of messages, and a level of free JSON takes three of them.
FREE_DEPTH = 28
_NUMBER_CHARACTERS = 40
_NAME_CHARACTERS = 100
_EXACT = 2**53
_FLOAT_MAX = 3.4028234663852886e38
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}

Reader = Callable[[Any, str], Any]
Filler = Callable[[Any, Any, str], None]


class JsonObject(dict[str, Any]):
    """An object that remembers the first name it was given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice: str | None = None
        if len(self) != len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    self.twice = name
                    break
                seen.add(name)


def parse(body: bytes) -> Any:
    """Reads JSON text; what only the place in the request can judge is left to `fill`.

    Returns: JsonObject for objects; NaN or infinity for a number that no field can hold.
    Raises: InvalidInput.
    """
    try:
        return json.loads(
            body.decode(), object_pairs_hook=JsonObject, parse_int=_integer, parse_float=_decimal
        )
    except UnicodeDecodeError:
        raise InvalidInput("the body is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise InvalidInput(f"the body is not JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise InvalidInput("the body is nested too deeply") from None


def _integer(text: str) -> float:
    return int(text) if len(text) <= _NUMBER_CHARACTERS else math.inf


def _decimal(text: str) -> float:
    return float(text) if len(text) <= _NUMBER_CHARACTERS else math.inf


def fill(message: Message, value: Any) -> None:
    """Sets the fields of `message` from parsed JSON. Raises: InvalidInput with the field's path."""
    _filler(message.DESCRIPTOR)(message, value, "")


def _join(path: str, name: str) -> str:
    # A name may hold half of a surrogate pair, which no answer can.
    shown = name[:_NAME_CHARACTERS].encode(errors="backslashreplace").decode()
    return f"{path}.{shown}" if path else shown


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput.of(path, "must be text")
    if "\0" in value:
        raise InvalidInput.of(path, "must not contain NUL")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput.of(path, "is not valid Unicode") from None
    return value


def _bytes(value: Any, path: str) -> bytes:
    try:
        return base64.b64decode(_text(value, path), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput.of(path, "must be base64 text") from None


def _boolean(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput.of(path, "must be true or false")
    return value


def _check_number(value: Any, path: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput.of(path, "must be a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidInput.of(path, "must be a finite number without hundreds of digits")


def _whole_reader(low: int, high: int) -> Reader:
    def read(value: Any, path: str) -> int:
        _check_number(value, path)
        if not isinstance(value, int):
            raise InvalidInput.of(path, "must be a whole number")
        if not low <= value <= high:
            raise InvalidInput.of(path, f"must be between {low} and {high}")
        return value

    return read


def _real_reader(most: float) -> Reader:
    def read(value: Any, path: str) -> float:
        _check_number(value, path)
        if abs(value) > most:
            raise InvalidInput.of(path, "is too large a number")
        return float(value)

    return read


def _enum_reader(enum: EnumDescriptor) -> Reader:
    numbers = enum_names(enum)
    complaint = f"must be one of {', '.join(numbers)}"

    def read(value: Any, path: str) -> int:
        number = numbers.get(value) if isinstance(value, str) else None
        if number is None:
            raise InvalidInput.of(path, complaint)
        return number

    return read


def _scalar_reader(field: FieldDescriptor) -> Reader:
    kind = field.cpp_type
    if kind in _INTEGERS:
        return _whole_reader(*_INTEGERS[kind])
    if field.enum_type is not None:
        return _enum_reader(field.enum_type)
    if kind == FieldDescriptor.CPPTYPE_STRING:
        return _bytes if field.type == FieldDescriptor.TYPE_BYTES else _text
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return _boolean
    return _real_reader(math.inf if kind == FieldDescriptor.CPPTYPE_DOUBLE else _FLOAT_MAX)


def _fill_instant(message: Timestamp, value: Any, path: str) -> None:
    text = _text(value, path)
    complaint = "must be an instant such as 2026-01-31T08:30:00Z"
    if not _INSTANT.fullmatch(text):
        raise InvalidInput.of(path, complaint)
    try:
        message.FromJsonString(text)
    except (ValueError, OverflowError):
        raise InvalidInput.of(path, complaint) from None


def _fill_free(message: Struct, value: Any, path: str) -> None:
    _check_free(_object(value, path), path, 1)
    message.update(value)


def _check_free(value: Any, path: str, depth: int) -> None:
    """Whether a value of free JSON can be kept exactly."""
    if depth > FREE_DEPTH:
        raise InvalidInput.of(path, f"is nested deeper than {FREE_DEPTH} levels")
    if isinstance(value, dict):
        for name, item in _object(value, path).items():
            _text(name, _join(path, name))
            _check_free(item, _join(path, name), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_free(item, f"{path}[{index}]", depth + 1)
    elif isinstance(value, str):
        _text(value, path)
    elif value is not None and not isinstance(value, bool):
        _check_number(value, path)
        if isinstance(value, int) and abs(value) > _EXACT:
            raise InvalidInput.of(path, "is too large a whole number; send it as text")


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput.of(path or "body", "must be an object")
    twice = getattr(value, "twice", None)
    if twice is not None:
        raise InvalidInput.of(_join(path, twice), "is given twice")
    return value


def _array(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInput.of(path, "must be an array")
    return value


_FREE_FORMS: dict[str, Filler] = {
    "google.protobuf.Timestamp": _fill_instant,
    "google.protobuf.Struct": _fill_free,
}


@functools.cache
def _filler(descriptor: Descriptor) -> Filler:
    """What fills a message of this type."""
    if descriptor.full_name in _FREE_FORMS:
        return _FREE_FORMS[descriptor.full_name]
    if descriptor.file.package == "google.protobuf":
        raise TypeError(f"{descriptor.full_name} has no JSON form here")
    fields = {field.name: _field_filler(field) for field in descriptor.fields}

    def fill_message(message: Any, value: Any, path: str) -> None:
        for name, item in _object(value, path).items():
            set_field = fields.get(name)
            if set_field is None:
                raise InvalidInput.of(_join(path, name), "is not a field of this request")
            if item is not None:
                set_field(message, item, _join(path, name))

    return fill_message


def _field_filler(field: FieldDescriptor) -> Filler:
    item = map_value(field)
    if item is not None:
        return _map_filler(field.name, item)
    if field.message_type is not None:
        return _message_filler(field)
    name, read = field.name, _scalar_reader(field)
    if not field.is_repeated:
        return lambda message, value, path: setattr(message, name, read(value, path))

    def extend(message: Any, value: Any, path: str) -> None:
        items = enumerate(_array(value, path))
        getattr(message, name).extend([read(item, f"{path}[{i}]") for i, item in items])

    return extend


def _message_filler(field: FieldDescriptor) -> Filler:
    name, fill_one = field.name, _filler(field.message_type)

    def fill_child(message: Any, value: Any, path: str) -> None:
        child = getattr(message, name)
        child.SetInParent()
        fill_one(child, value, path)

    def add_children(message: Any, value: Any, path: str) -> None:
        for index, item in enumerate(_array(value, path)):
            fill_one(getattr(message, name).add(), item, f"{path}[{index}]")

    return add_children if field.is_repeated else fill_child


def _map_filler(name: str, item: FieldDescriptor) -> Filler:
    fill_one = None if item.message_type is None else _filler(item.message_type)
    read = _scalar_reader(item)

    def fill_map(message: Any, value: Any, path: str) -> None:
        target = getattr(message, name)
        for key, content in _object(value, path).items():
            place = _join(path, _text(key, _join(path, key)))
            if fill_one is None:
                target[key] = read(content, place)
            else:
                fill_one(target[key], content, place)

    return fill_map
