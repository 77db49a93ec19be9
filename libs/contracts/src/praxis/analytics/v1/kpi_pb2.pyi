import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.analytics.v1 import practice_pb2 as _practice_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TrendDirection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TREND_DIRECTION_UNSPECIFIED: _ClassVar[TrendDirection]
    TREND_DIRECTION_UP: _ClassVar[TrendDirection]
    TREND_DIRECTION_DOWN: _ClassVar[TrendDirection]
    TREND_DIRECTION_STABLE: _ClassVar[TrendDirection]

class KPICategory(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KPI_CATEGORY_UNSPECIFIED: _ClassVar[KPICategory]
    KPI_CATEGORY_FINANCIAL: _ClassVar[KPICategory]
    KPI_CATEGORY_CLINICAL: _ClassVar[KPICategory]
    KPI_CATEGORY_OPERATIONAL: _ClassVar[KPICategory]

class KPIStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KPI_STATUS_UNSPECIFIED: _ClassVar[KPIStatus]
    KPI_STATUS_GOOD: _ClassVar[KPIStatus]
    KPI_STATUS_WARNING: _ClassVar[KPIStatus]
    KPI_STATUS_CRITICAL: _ClassVar[KPIStatus]
TREND_DIRECTION_UNSPECIFIED: TrendDirection
TREND_DIRECTION_UP: TrendDirection
TREND_DIRECTION_DOWN: TrendDirection
TREND_DIRECTION_STABLE: TrendDirection
KPI_CATEGORY_UNSPECIFIED: KPICategory
KPI_CATEGORY_FINANCIAL: KPICategory
KPI_CATEGORY_CLINICAL: KPICategory
KPI_CATEGORY_OPERATIONAL: KPICategory
KPI_STATUS_UNSPECIFIED: KPIStatus
KPI_STATUS_GOOD: KPIStatus
KPI_STATUS_WARNING: KPIStatus
KPI_STATUS_CRITICAL: KPIStatus

class TrendPoint(_message.Message):
    __slots__ = ("date", "value", "label", "partial", "reason")
    DATE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    date: str
    value: float
    label: str
    partial: bool
    reason: str
    def __init__(self, date: _Optional[str] = ..., value: _Optional[float] = ..., label: _Optional[str] = ..., partial: _Optional[bool] = ..., reason: _Optional[str] = ...) -> None: ...

class TrendAnalysis(_message.Message):
    __slots__ = ("metric_name", "metric_id", "unit", "data_points", "trend_direction", "trend_percentage", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "suppressed", "synthetic", "small_cell_limit")
    class MetricVersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ReasonsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    METRIC_NAME_FIELD_NUMBER: _ClassVar[int]
    METRIC_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    DATA_POINTS_FIELD_NUMBER: _ClassVar[int]
    TREND_DIRECTION_FIELD_NUMBER: _ClassVar[int]
    TREND_PERCENTAGE_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    SMALL_CELL_LIMIT_FIELD_NUMBER: _ClassVar[int]
    metric_name: str
    metric_id: str
    unit: str
    data_points: _containers.RepeatedCompositeFieldContainer[TrendPoint]
    trend_direction: TrendDirection
    trend_percentage: float
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    small_cell_limit: int
    def __init__(self, metric_name: _Optional[str] = ..., metric_id: _Optional[str] = ..., unit: _Optional[str] = ..., data_points: _Optional[_Iterable[_Union[TrendPoint, _Mapping]]] = ..., trend_direction: _Optional[_Union[TrendDirection, str]] = ..., trend_percentage: _Optional[float] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ..., small_cell_limit: _Optional[int] = ...) -> None: ...

class KPIMetric(_message.Message):
    __slots__ = ("name", "value", "unit", "target", "comparison_value", "comparison_period", "trend", "trend_percentage", "status", "metric_id", "direction", "warning_limit", "reasons", "parts", "data_warning")
    class ReasonsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_VALUE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_PERIOD_FIELD_NUMBER: _ClassVar[int]
    TREND_FIELD_NUMBER: _ClassVar[int]
    TREND_PERCENTAGE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    METRIC_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    WARNING_LIMIT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    DATA_WARNING_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    unit: str
    target: float
    comparison_value: float
    comparison_period: str
    trend: TrendDirection
    trend_percentage: float
    status: KPIStatus
    metric_id: str
    direction: _practice_pb2.TargetDirection
    warning_limit: float
    reasons: _containers.ScalarMap[str, str]
    parts: _answer_pb2.Parts
    data_warning: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., unit: _Optional[str] = ..., target: _Optional[float] = ..., comparison_value: _Optional[float] = ..., comparison_period: _Optional[str] = ..., trend: _Optional[_Union[TrendDirection, str]] = ..., trend_percentage: _Optional[float] = ..., status: _Optional[_Union[KPIStatus, str]] = ..., metric_id: _Optional[str] = ..., direction: _Optional[_Union[_practice_pb2.TargetDirection, str]] = ..., warning_limit: _Optional[float] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Union[_answer_pb2.Parts, _Mapping]] = ..., data_warning: _Optional[str] = ...) -> None: ...

class KPIDashboard(_message.Message):
    __slots__ = ("category", "metrics", "period_start", "period_end", "last_updated", "as_of", "metric_versions", "receipt", "trend_receipt", "suppressed", "synthetic", "small_cell_limit")
    class MetricVersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    LAST_UPDATED_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    TREND_RECEIPT_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    SMALL_CELL_LIMIT_FIELD_NUMBER: _ClassVar[int]
    category: KPICategory
    metrics: _containers.RepeatedCompositeFieldContainer[KPIMetric]
    period_start: str
    period_end: str
    last_updated: _timestamp_pb2.Timestamp
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    trend_receipt: str
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    small_cell_limit: int
    def __init__(self, category: _Optional[_Union[KPICategory, str]] = ..., metrics: _Optional[_Iterable[_Union[KPIMetric, _Mapping]]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., last_updated: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., trend_receipt: _Optional[str] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ..., small_cell_limit: _Optional[int] = ...) -> None: ...
