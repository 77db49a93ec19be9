import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Shown(_message.Message):
    __slots__ = ("answers",)
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[ShownAnswer]
    def __init__(self, answers: _Optional[_Iterable[_Union[ShownAnswer, _Mapping]]] = ...) -> None: ...

class ShownAnswer(_message.Message):
    __slots__ = ("receipt", "fields")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    receipt: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, receipt: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ...) -> None: ...

class RecordReadsRequest(_message.Message):
    __slots__ = ("reads",)
    READS_FIELD_NUMBER: _ClassVar[int]
    reads: _containers.RepeatedCompositeFieldContainer[Read]
    def __init__(self, reads: _Optional[_Iterable[_Union[Read, _Mapping]]] = ...) -> None: ...

class Read(_message.Message):
    __slots__ = ("request_id", "at", "shown")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    at: _timestamp_pb2.Timestamp
    shown: Shown
    def __init__(self, request_id: _Optional[str] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., shown: _Optional[_Union[Shown, _Mapping]] = ...) -> None: ...

class RecordReadsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
