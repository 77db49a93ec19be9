from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WidgetType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WIDGET_TYPE_UNSPECIFIED: _ClassVar[WidgetType]
    WIDGET_TYPE_LINE_CHART: _ClassVar[WidgetType]
    WIDGET_TYPE_BAR_CHART: _ClassVar[WidgetType]
    WIDGET_TYPE_PIE_CHART: _ClassVar[WidgetType]
    WIDGET_TYPE_AREA_CHART: _ClassVar[WidgetType]
    WIDGET_TYPE_DONUT_CHART: _ClassVar[WidgetType]
    WIDGET_TYPE_METRIC_CARD: _ClassVar[WidgetType]
    WIDGET_TYPE_TABLE: _ClassVar[WidgetType]
    WIDGET_TYPE_LIST: _ClassVar[WidgetType]
    WIDGET_TYPE_CALENDAR: _ClassVar[WidgetType]
    WIDGET_TYPE_TIMELINE: _ClassVar[WidgetType]
    WIDGET_TYPE_PATIENT_LIST: _ClassVar[WidgetType]
    WIDGET_TYPE_APPOINTMENT_SCHEDULE: _ClassVar[WidgetType]
    WIDGET_TYPE_TASK_LIST: _ClassVar[WidgetType]
    WIDGET_TYPE_NOTIFICATION_FEED: _ClassVar[WidgetType]
    WIDGET_TYPE_REVENUE_SUMMARY: _ClassVar[WidgetType]
    WIDGET_TYPE_CLAIMS_STATUS: _ClassVar[WidgetType]
    WIDGET_TYPE_CUSTOM: _ClassVar[WidgetType]

class ChartKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHART_KIND_UNSPECIFIED: _ClassVar[ChartKind]
    CHART_KIND_LINE: _ClassVar[ChartKind]
    CHART_KIND_AREA: _ClassVar[ChartKind]
    CHART_KIND_BAR: _ClassVar[ChartKind]
    CHART_KIND_STACKED_BAR: _ClassVar[ChartKind]
    CHART_KIND_PIE: _ClassVar[ChartKind]
    CHART_KIND_DONUT: _ClassVar[ChartKind]

class WidgetState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WIDGET_STATE_UNSPECIFIED: _ClassVar[WidgetState]
    WIDGET_STATE_READY: _ClassVar[WidgetState]
    WIDGET_STATE_EMPTY: _ClassVar[WidgetState]
    WIDGET_STATE_MISSING_PERMISSION: _ClassVar[WidgetState]
    WIDGET_STATE_INVALID: _ClassVar[WidgetState]
WIDGET_TYPE_UNSPECIFIED: WidgetType
WIDGET_TYPE_LINE_CHART: WidgetType
WIDGET_TYPE_BAR_CHART: WidgetType
WIDGET_TYPE_PIE_CHART: WidgetType
WIDGET_TYPE_AREA_CHART: WidgetType
WIDGET_TYPE_DONUT_CHART: WidgetType
WIDGET_TYPE_METRIC_CARD: WidgetType
WIDGET_TYPE_TABLE: WidgetType
WIDGET_TYPE_LIST: WidgetType
WIDGET_TYPE_CALENDAR: WidgetType
WIDGET_TYPE_TIMELINE: WidgetType
WIDGET_TYPE_PATIENT_LIST: WidgetType
WIDGET_TYPE_APPOINTMENT_SCHEDULE: WidgetType
WIDGET_TYPE_TASK_LIST: WidgetType
WIDGET_TYPE_NOTIFICATION_FEED: WidgetType
WIDGET_TYPE_REVENUE_SUMMARY: WidgetType
WIDGET_TYPE_CLAIMS_STATUS: WidgetType
WIDGET_TYPE_CUSTOM: WidgetType
CHART_KIND_UNSPECIFIED: ChartKind
CHART_KIND_LINE: ChartKind
CHART_KIND_AREA: ChartKind
CHART_KIND_BAR: ChartKind
CHART_KIND_STACKED_BAR: ChartKind
CHART_KIND_PIE: ChartKind
CHART_KIND_DONUT: ChartKind
WIDGET_STATE_UNSPECIFIED: WidgetState
WIDGET_STATE_READY: WidgetState
WIDGET_STATE_EMPTY: WidgetState
WIDGET_STATE_MISSING_PERMISSION: WidgetState
WIDGET_STATE_INVALID: WidgetState

class WidgetQuestion(_message.Message):
    __slots__ = ("metrics", "dimension", "grain", "period", "is_pinned", "compare", "filters")
    METRICS_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    GRAIN_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    IS_PINNED_FIELD_NUMBER: _ClassVar[int]
    COMPARE_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    metrics: _containers.RepeatedScalarFieldContainer[str]
    dimension: str
    grain: _answer_pb2.Grain
    period: _answer_pb2.Period
    is_pinned: bool
    compare: bool
    filters: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Filter]
    def __init__(self, metrics: _Optional[_Iterable[str]] = ..., dimension: _Optional[str] = ..., grain: _Optional[_Union[_answer_pb2.Grain, str]] = ..., period: _Optional[_Union[_answer_pb2.Period, _Mapping]] = ..., is_pinned: _Optional[bool] = ..., compare: _Optional[bool] = ..., filters: _Optional[_Iterable[_Union[_answer_pb2.Filter, _Mapping]]] = ...) -> None: ...

class WidgetConfig(_message.Message):
    __slots__ = ("question", "chart_kind", "options")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    CHART_KIND_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    question: WidgetQuestion
    chart_kind: ChartKind
    options: _struct_pb2.Struct
    def __init__(self, question: _Optional[_Union[WidgetQuestion, _Mapping]] = ..., chart_kind: _Optional[_Union[ChartKind, str]] = ..., options: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class Widget(_message.Message):
    __slots__ = ("id", "widget_type", "title", "description", "config")
    ID_FIELD_NUMBER: _ClassVar[int]
    WIDGET_TYPE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    id: str
    widget_type: WidgetType
    title: str
    description: str
    config: WidgetConfig
    def __init__(self, id: _Optional[str] = ..., widget_type: _Optional[_Union[WidgetType, str]] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., config: _Optional[_Union[WidgetConfig, _Mapping]] = ...) -> None: ...

class WidgetData(_message.Message):
    __slots__ = ("widget_id", "widget_type", "title", "state", "message", "answer", "spec")
    WIDGET_ID_FIELD_NUMBER: _ClassVar[int]
    WIDGET_TYPE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    widget_id: str
    widget_type: WidgetType
    title: str
    state: WidgetState
    message: str
    answer: _answer_pb2.Answer
    spec: _struct_pb2.Struct
    def __init__(self, widget_id: _Optional[str] = ..., widget_type: _Optional[_Union[WidgetType, str]] = ..., title: _Optional[str] = ..., state: _Optional[_Union[WidgetState, str]] = ..., message: _Optional[str] = ..., answer: _Optional[_Union[_answer_pb2.Answer, _Mapping]] = ..., spec: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...
