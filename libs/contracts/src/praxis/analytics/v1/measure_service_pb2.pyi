from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.analytics.v1 import measure_pb2 as _measure_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListMeasuresRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListMeasuresResponse(_message.Message):
    __slots__ = ("measures",)
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    measures: _containers.RepeatedCompositeFieldContainer[_measure_pb2.Measure]
    def __init__(self, measures: _Optional[_Iterable[_Union[_measure_pb2.Measure, _Mapping]]] = ...) -> None: ...

class EvaluateMeasuresRequest(_message.Message):
    __slots__ = ("measures", "period", "revision")
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    measures: _containers.RepeatedScalarFieldContainer[str]
    period: _answer_pb2.Period
    revision: int
    def __init__(self, measures: _Optional[_Iterable[str]] = ..., period: _Optional[_Union[_answer_pb2.Period, _Mapping]] = ..., revision: _Optional[int] = ...) -> None: ...

class ListMeasureGapsRequest(_message.Message):
    __slots__ = ("measure_id", "rate_id", "period_end", "page_size", "page_token")
    MEASURE_ID_FIELD_NUMBER: _ClassVar[int]
    RATE_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    measure_id: str
    rate_id: str
    period_end: str
    page_size: int
    page_token: str
    def __init__(self, measure_id: _Optional[str] = ..., rate_id: _Optional[str] = ..., period_end: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMeasureGapsResponse(_message.Message):
    __slots__ = ("patient_ids", "next_page_token", "as_of", "start_date", "end_date")
    PATIENT_IDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    patient_ids: _containers.RepeatedScalarFieldContainer[str]
    next_page_token: str
    as_of: _answer_pb2.AsOf
    start_date: str
    end_date: str
    def __init__(self, patient_ids: _Optional[_Iterable[str]] = ..., next_page_token: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ...) -> None: ...

class GetMeasureReportRequest(_message.Message):
    __slots__ = ("measure_id", "type", "patient", "period_end")
    MEASURE_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PATIENT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    measure_id: str
    type: str
    patient: str
    period_end: str
    def __init__(self, measure_id: _Optional[str] = ..., type: _Optional[str] = ..., patient: _Optional[str] = ..., period_end: _Optional[str] = ...) -> None: ...
