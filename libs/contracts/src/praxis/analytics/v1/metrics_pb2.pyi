from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RevenueMetrics(_message.Message):
    __slots__ = ("total_revenue", "total_charges", "total_payments", "total_adjustments", "outstanding_balance", "collection_rate", "average_revenue_per_patient", "period_start", "period_end", "comparison_change", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
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
    class PartsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _answer_pb2.Parts
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_answer_pb2.Parts, _Mapping]] = ...) -> None: ...
    TOTAL_REVENUE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_CHARGES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_ADJUSTMENTS_FIELD_NUMBER: _ClassVar[int]
    OUTSTANDING_BALANCE_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_RATE_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_REVENUE_PER_PATIENT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_CHANGE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    total_revenue: float
    total_charges: float
    total_payments: float
    total_adjustments: float
    outstanding_balance: float
    collection_rate: float
    average_revenue_per_patient: float
    period_start: str
    period_end: str
    comparison_change: float
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, total_revenue: _Optional[float] = ..., total_charges: _Optional[float] = ..., total_payments: _Optional[float] = ..., total_adjustments: _Optional[float] = ..., outstanding_balance: _Optional[float] = ..., collection_rate: _Optional[float] = ..., average_revenue_per_patient: _Optional[float] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., comparison_change: _Optional[float] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class AppointmentMetrics(_message.Message):
    __slots__ = ("total_appointments", "scheduled_appointments", "completed_appointments", "cancelled_appointments", "no_show_appointments", "completion_rate", "no_show_rate", "cancellation_rate", "average_appointments_per_day", "period_start", "period_end", "comparison_change", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
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
    class PartsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _answer_pb2.Parts
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_answer_pb2.Parts, _Mapping]] = ...) -> None: ...
    TOTAL_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    NO_SHOW_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_RATE_FIELD_NUMBER: _ClassVar[int]
    NO_SHOW_RATE_FIELD_NUMBER: _ClassVar[int]
    CANCELLATION_RATE_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_APPOINTMENTS_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_CHANGE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    total_appointments: int
    scheduled_appointments: int
    completed_appointments: int
    cancelled_appointments: int
    no_show_appointments: int
    completion_rate: float
    no_show_rate: float
    cancellation_rate: float
    average_appointments_per_day: float
    period_start: str
    period_end: str
    comparison_change: float
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, total_appointments: _Optional[int] = ..., scheduled_appointments: _Optional[int] = ..., completed_appointments: _Optional[int] = ..., cancelled_appointments: _Optional[int] = ..., no_show_appointments: _Optional[int] = ..., completion_rate: _Optional[float] = ..., no_show_rate: _Optional[float] = ..., cancellation_rate: _Optional[float] = ..., average_appointments_per_day: _Optional[float] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., comparison_change: _Optional[float] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...
