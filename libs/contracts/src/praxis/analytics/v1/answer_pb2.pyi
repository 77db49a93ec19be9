import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Grain(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRAIN_UNSPECIFIED: _ClassVar[Grain]
    GRAIN_DAY: _ClassVar[Grain]
    GRAIN_WEEK: _ClassVar[Grain]
    GRAIN_MONTH: _ClassVar[Grain]
    GRAIN_QUARTER: _ClassVar[Grain]
GRAIN_UNSPECIFIED: Grain
GRAIN_DAY: Grain
GRAIN_WEEK: Grain
GRAIN_MONTH: Grain
GRAIN_QUARTER: Grain

class AsOf(_message.Message):
    __slots__ = ("revision", "recorded_at", "data_through")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    DATA_THROUGH_FIELD_NUMBER: _ClassVar[int]
    revision: int
    recorded_at: _timestamp_pb2.Timestamp
    data_through: str
    def __init__(self, revision: _Optional[int] = ..., recorded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data_through: _Optional[str] = ...) -> None: ...

class Parts(_message.Message):
    __slots__ = ("numerator", "denominator")
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    numerator: float
    denominator: float
    def __init__(self, numerator: _Optional[float] = ..., denominator: _Optional[float] = ...) -> None: ...

class DateRange(_message.Message):
    __slots__ = ("start_date", "end_date", "comparison_start_date", "comparison_end_date")
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    start_date: str
    end_date: str
    comparison_start_date: str
    comparison_end_date: str
    def __init__(self, start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ...) -> None: ...

class Period(_message.Message):
    __slots__ = ("start_date", "end_date", "relative_range", "comparison_start_date", "comparison_end_date", "compare_to")
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_RANGE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_TO_FIELD_NUMBER: _ClassVar[int]
    start_date: str
    end_date: str
    relative_range: str
    comparison_start_date: str
    comparison_end_date: str
    compare_to: str
    def __init__(self, start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., relative_range: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ..., compare_to: _Optional[str] = ...) -> None: ...

class ResolvedPeriod(_message.Message):
    __slots__ = ("start_date", "end_date", "comparison_start_date", "comparison_end_date", "today", "time_zone")
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    start_date: str
    end_date: str
    comparison_start_date: str
    comparison_end_date: str
    today: str
    time_zone: str
    def __init__(self, start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ..., today: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class Question(_message.Message):
    __slots__ = ("metrics", "dimension", "grain", "period", "compare", "filters", "dimensions", "order", "limit", "page_size", "page_token", "variants")
    class VariantsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    METRICS_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    GRAIN_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    COMPARE_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    metrics: _containers.RepeatedScalarFieldContainer[str]
    dimension: str
    grain: Grain
    period: Period
    compare: bool
    filters: _containers.RepeatedCompositeFieldContainer[Filter]
    dimensions: _containers.RepeatedScalarFieldContainer[str]
    order: Order
    limit: int
    page_size: int
    page_token: str
    variants: _containers.ScalarMap[str, str]
    def __init__(self, metrics: _Optional[_Iterable[str]] = ..., dimension: _Optional[str] = ..., grain: _Optional[_Union[Grain, str]] = ..., period: _Optional[_Union[Period, _Mapping]] = ..., compare: _Optional[bool] = ..., filters: _Optional[_Iterable[_Union[Filter, _Mapping]]] = ..., dimensions: _Optional[_Iterable[str]] = ..., order: _Optional[_Union[Order, _Mapping]] = ..., limit: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., variants: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("by", "descending")
    BY_FIELD_NUMBER: _ClassVar[int]
    DESCENDING_FIELD_NUMBER: _ClassVar[int]
    by: str
    descending: bool
    def __init__(self, by: _Optional[str] = ..., descending: _Optional[bool] = ...) -> None: ...

class Filter(_message.Message):
    __slots__ = ("dimension", "values")
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    dimension: str
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dimension: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...

class Figure(_message.Message):
    __slots__ = ("value", "reason", "numerator", "denominator", "comparison_value", "comparison_reason", "change_percent")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_VALUE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_REASON_FIELD_NUMBER: _ClassVar[int]
    CHANGE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    value: str
    reason: str
    numerator: str
    denominator: str
    comparison_value: str
    comparison_reason: str
    change_percent: str
    def __init__(self, value: _Optional[str] = ..., reason: _Optional[str] = ..., numerator: _Optional[str] = ..., denominator: _Optional[str] = ..., comparison_value: _Optional[str] = ..., comparison_reason: _Optional[str] = ..., change_percent: _Optional[str] = ...) -> None: ...

class AnswerRow(_message.Message):
    __slots__ = ("bucket", "partial", "key", "label", "figures", "keys", "labels")
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    bucket: str
    partial: bool
    key: str
    label: str
    figures: _containers.RepeatedCompositeFieldContainer[Figure]
    keys: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, bucket: _Optional[str] = ..., partial: _Optional[bool] = ..., key: _Optional[str] = ..., label: _Optional[str] = ..., figures: _Optional[_Iterable[_Union[Figure, _Mapping]]] = ..., keys: _Optional[_Iterable[str]] = ..., labels: _Optional[_Iterable[str]] = ...) -> None: ...

class MetricUse(_message.Message):
    __slots__ = ("id", "version", "label", "unit", "formula", "source", "variant")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    VARIANT_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    label: str
    unit: str
    formula: str
    source: str
    variant: str
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., label: _Optional[str] = ..., unit: _Optional[str] = ..., formula: _Optional[str] = ..., source: _Optional[str] = ..., variant: _Optional[str] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("start_date", "end_date", "comparison_start_date", "comparison_end_date", "today", "metrics", "rows", "as_of", "receipt", "synthetic", "currency", "total_rows", "next_page_token", "small_cell_limit")
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_ROWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SMALL_CELL_LIMIT_FIELD_NUMBER: _ClassVar[int]
    start_date: str
    end_date: str
    comparison_start_date: str
    comparison_end_date: str
    today: str
    metrics: _containers.RepeatedCompositeFieldContainer[MetricUse]
    rows: _containers.RepeatedCompositeFieldContainer[AnswerRow]
    as_of: AsOf
    receipt: str
    synthetic: bool
    currency: str
    total_rows: int
    next_page_token: str
    small_cell_limit: int
    def __init__(self, start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ..., today: _Optional[str] = ..., metrics: _Optional[_Iterable[_Union[MetricUse, _Mapping]]] = ..., rows: _Optional[_Iterable[_Union[AnswerRow, _Mapping]]] = ..., as_of: _Optional[_Union[AsOf, _Mapping]] = ..., receipt: _Optional[str] = ..., synthetic: _Optional[bool] = ..., currency: _Optional[str] = ..., total_rows: _Optional[int] = ..., next_page_token: _Optional[str] = ..., small_cell_limit: _Optional[int] = ...) -> None: ...
