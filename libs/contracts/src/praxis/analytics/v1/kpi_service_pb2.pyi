from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.analytics.v1 import kpi_pb2 as _kpi_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetTrendAnalysisRequest(_message.Message):
    __slots__ = ("metric", "grain", "start_date", "end_date", "filters")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    GRAIN_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    metric: str
    grain: _answer_pb2.Grain
    start_date: str
    end_date: str
    filters: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Filter]
    def __init__(self, metric: _Optional[str] = ..., grain: _Optional[_Union[_answer_pb2.Grain, str]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., filters: _Optional[_Iterable[_Union[_answer_pb2.Filter, _Mapping]]] = ...) -> None: ...

class GetKPIDashboardRequest(_message.Message):
    __slots__ = ("category", "start_date", "end_date", "relative_range", "comparison_start_date", "comparison_end_date", "compare_to")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_RANGE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_TO_FIELD_NUMBER: _ClassVar[int]
    category: _kpi_pb2.KPICategory
    start_date: str
    end_date: str
    relative_range: str
    comparison_start_date: str
    comparison_end_date: str
    compare_to: str
    def __init__(self, category: _Optional[_Union[_kpi_pb2.KPICategory, str]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., relative_range: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ..., compare_to: _Optional[str] = ...) -> None: ...
