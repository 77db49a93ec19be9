from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExplainedFigure(_message.Message):
    __slots__ = ("field", "metric", "figure", "figure_now", "difference", "components")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    FIGURE_FIELD_NUMBER: _ClassVar[int]
    FIGURE_NOW_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    field: str
    metric: _answer_pb2.MetricUse
    figure: _answer_pb2.Figure
    figure_now: _answer_pb2.Figure
    difference: str
    components: _containers.RepeatedCompositeFieldContainer[Component]
    def __init__(self, field: _Optional[str] = ..., metric: _Optional[_Union[_answer_pb2.MetricUse, _Mapping]] = ..., figure: _Optional[_Union[_answer_pb2.Figure, _Mapping]] = ..., figure_now: _Optional[_Union[_answer_pb2.Figure, _Mapping]] = ..., difference: _Optional[str] = ..., components: _Optional[_Iterable[_Union[Component, _Mapping]]] = ...) -> None: ...

class Component(_message.Message):
    __slots__ = ("name", "description", "value", "rows_counted", "rows_left_out", "left_out_reasons")
    class LeftOutReasonsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ROWS_COUNTED_FIELD_NUMBER: _ClassVar[int]
    ROWS_LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_REASONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    value: str
    rows_counted: int
    rows_left_out: int
    left_out_reasons: _containers.ScalarMap[str, int]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., value: _Optional[str] = ..., rows_counted: _Optional[int] = ..., rows_left_out: _Optional[int] = ..., left_out_reasons: _Optional[_Mapping[str, int]] = ...) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("receipt", "as_of", "as_of_now", "period_start", "period_end", "time_zone", "today", "filters", "figures")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    AS_OF_NOW_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    receipt: str
    as_of: _answer_pb2.AsOf
    as_of_now: _answer_pb2.AsOf
    period_start: str
    period_end: str
    time_zone: str
    today: str
    filters: _containers.RepeatedScalarFieldContainer[str]
    figures: _containers.RepeatedCompositeFieldContainer[ExplainedFigure]
    def __init__(self, receipt: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., as_of_now: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., time_zone: _Optional[str] = ..., today: _Optional[str] = ..., filters: _Optional[_Iterable[str]] = ..., figures: _Optional[_Iterable[_Union[ExplainedFigure, _Mapping]]] = ...) -> None: ...
