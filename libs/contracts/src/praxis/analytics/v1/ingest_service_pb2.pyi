from google.api import annotations_pb2 as _annotations_pb2
from praxis.platform.v1 import events_pb2 as _events_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class PublishEventsResponse(_message.Message):
    __slots__ = ("envelope_id", "revision", "inserted", "changed")
    ENVELOPE_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    INSERTED_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    envelope_id: str
    revision: int
    inserted: int
    changed: int
    def __init__(self, envelope_id: _Optional[str] = ..., revision: _Optional[int] = ..., inserted: _Optional[int] = ..., changed: _Optional[int] = ...) -> None: ...
