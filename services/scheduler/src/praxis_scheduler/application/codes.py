"""Messages as rows and back: fields by their names, enum values in lower case, messages as JSON."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from praxis_scheduler.storage.rows import Record

Filled = TypeVar("Filled", bound=Message)


def _prefix(enum: EnumDescriptor) -> str:
    return str(enum.values_by_number[0].name).removesuffix("UNSPECIFIED")


def enum_name(enum: EnumDescriptor, number: int) -> str | None:
    """`payer_mix` for PREFIX_PAYER_MIX; None for UNSPECIFIED."""
    name = str(enum.values_by_number[number].name)
    return name.removeprefix(_prefix(enum)).lower() if number else None


def given(request: Any, names: Collection[str]) -> Record:
    """What a request says about the fields `names`; what it leaves out is left out."""
    found = {
        field.name: _stored(field, value)
        for field, value in request.ListFields()
        if field.name in names
    }
    return {name: value for name, value in found.items() if value is not None}


def _stored(field: FieldDescriptor, value: Any) -> Any:
    if field.is_repeated:
        return list(value)
    if field.enum_type is not None:
        return enum_name(field.enum_type, value)
    if field.message_type is not None:
        return json_format.MessageToDict(value, preserving_proto_field_name=True)
    return value


def fill_message(message: Filled, record: Record) -> Filled:
    """Sets the fields of `message` that `record` has values for, and returns it."""
    descriptor: Any = message.DESCRIPTOR
    for field in descriptor.fields:
        value = record.get(field.name)
        if value is not None:
            _set(message, field, value)
    return message


def _set(message: Any, field: FieldDescriptor, value: Any) -> None:
    if field.is_repeated:
        getattr(message, field.name).extend(value)
    elif field.enum_type is not None:
        number = field.enum_type.values_by_name[_prefix(field.enum_type) + value.upper()].number
        setattr(message, field.name, number)
    elif field.message_type is Timestamp.DESCRIPTOR:
        set_instant(getattr(message, field.name), value)
    elif field.message_type is not None:
        json_format.ParseDict(value, getattr(message, field.name))
    else:
        setattr(message, field.name, str(value) if isinstance(value, uuid.UUID) else value)


def set_instant(message: Timestamp, value: datetime) -> None:
    """Sets a Timestamp to an aware datetime."""
    message.FromDatetime(value.astimezone(UTC))
