from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.analytics.v1 import kpi_pb2 as _kpi_pb2
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

class PaymentMetrics(_message.Message):
    __slots__ = ("total_payments", "total_amount", "insurance_payments", "patient_payments", "average_payment_amount", "payment_methods", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
    class PaymentMethodsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
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
    TOTAL_PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    INSURANCE_PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    PATIENT_PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_PAYMENT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_METHODS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    total_payments: int
    total_amount: float
    insurance_payments: float
    patient_payments: float
    average_payment_amount: float
    payment_methods: _containers.ScalarMap[str, float]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, total_payments: _Optional[int] = ..., total_amount: _Optional[float] = ..., insurance_payments: _Optional[float] = ..., patient_payments: _Optional[float] = ..., average_payment_amount: _Optional[float] = ..., payment_methods: _Optional[_Mapping[str, float]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class ClaimMetrics(_message.Message):
    __slots__ = ("total_claims", "submitted_claims", "accepted_claims", "rejected_claims", "denied_claims", "pending_claims", "acceptance_rate", "average_claim_amount", "total_claim_value", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
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
    TOTAL_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    REJECTED_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    DENIED_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    PENDING_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    ACCEPTANCE_RATE_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_CLAIM_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_CLAIM_VALUE_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    total_claims: int
    submitted_claims: int
    accepted_claims: int
    rejected_claims: int
    denied_claims: int
    pending_claims: int
    acceptance_rate: float
    average_claim_amount: float
    total_claim_value: float
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, total_claims: _Optional[int] = ..., submitted_claims: _Optional[int] = ..., accepted_claims: _Optional[int] = ..., rejected_claims: _Optional[int] = ..., denied_claims: _Optional[int] = ..., pending_claims: _Optional[int] = ..., acceptance_rate: _Optional[float] = ..., average_claim_amount: _Optional[float] = ..., total_claim_value: _Optional[float] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class PatientMetrics(_message.Message):
    __slots__ = ("total_patients", "new_patients", "active_patients", "inactive_patients", "average_age", "gender_distribution", "insurance_distribution", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
    class GenderDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class InsuranceDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
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
    TOTAL_PATIENTS_FIELD_NUMBER: _ClassVar[int]
    NEW_PATIENTS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_PATIENTS_FIELD_NUMBER: _ClassVar[int]
    INACTIVE_PATIENTS_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_AGE_FIELD_NUMBER: _ClassVar[int]
    GENDER_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    INSURANCE_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    total_patients: int
    new_patients: int
    active_patients: int
    inactive_patients: int
    average_age: float
    gender_distribution: _containers.ScalarMap[str, int]
    insurance_distribution: _containers.ScalarMap[str, int]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, total_patients: _Optional[int] = ..., new_patients: _Optional[int] = ..., active_patients: _Optional[int] = ..., inactive_patients: _Optional[int] = ..., average_age: _Optional[float] = ..., gender_distribution: _Optional[_Mapping[str, int]] = ..., insurance_distribution: _Optional[_Mapping[str, int]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class TaskMetrics(_message.Message):
    __slots__ = ("total_tasks", "completed_tasks", "pending_tasks", "overdue_tasks", "completion_rate", "average_completion_time_hours", "by_type", "by_priority", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
    class ByTypeEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ByPriorityEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
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
    TOTAL_TASKS_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_TASKS_FIELD_NUMBER: _ClassVar[int]
    PENDING_TASKS_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_TASKS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_RATE_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_COMPLETION_TIME_HOURS_FIELD_NUMBER: _ClassVar[int]
    BY_TYPE_FIELD_NUMBER: _ClassVar[int]
    BY_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    total_tasks: int
    completed_tasks: int
    pending_tasks: int
    overdue_tasks: int
    completion_rate: float
    average_completion_time_hours: float
    by_type: _containers.ScalarMap[str, int]
    by_priority: _containers.ScalarMap[str, int]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, total_tasks: _Optional[int] = ..., completed_tasks: _Optional[int] = ..., pending_tasks: _Optional[int] = ..., overdue_tasks: _Optional[int] = ..., completion_rate: _Optional[float] = ..., average_completion_time_hours: _Optional[float] = ..., by_type: _Optional[_Mapping[str, int]] = ..., by_priority: _Optional[_Mapping[str, int]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class OverviewDashboardMetrics(_message.Message):
    __slots__ = ("revenue_today", "revenue_this_month", "appointments_today", "appointments_this_week", "pending_tasks", "overdue_tasks", "unread_messages", "pending_claims", "outstanding_balance", "new_patients_this_month", "as_of", "metric_versions", "receipt", "reasons", "synthetic", "suppressed")
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
    REVENUE_TODAY_FIELD_NUMBER: _ClassVar[int]
    REVENUE_THIS_MONTH_FIELD_NUMBER: _ClassVar[int]
    APPOINTMENTS_TODAY_FIELD_NUMBER: _ClassVar[int]
    APPOINTMENTS_THIS_WEEK_FIELD_NUMBER: _ClassVar[int]
    PENDING_TASKS_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_TASKS_FIELD_NUMBER: _ClassVar[int]
    UNREAD_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    PENDING_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    OUTSTANDING_BALANCE_FIELD_NUMBER: _ClassVar[int]
    NEW_PATIENTS_THIS_MONTH_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    revenue_today: float
    revenue_this_month: float
    appointments_today: int
    appointments_this_week: int
    pending_tasks: int
    overdue_tasks: int
    unread_messages: int
    pending_claims: int
    outstanding_balance: float
    new_patients_this_month: int
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    synthetic: bool
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, revenue_today: _Optional[float] = ..., revenue_this_month: _Optional[float] = ..., appointments_today: _Optional[int] = ..., appointments_this_week: _Optional[int] = ..., pending_tasks: _Optional[int] = ..., overdue_tasks: _Optional[int] = ..., unread_messages: _Optional[int] = ..., pending_claims: _Optional[int] = ..., outstanding_balance: _Optional[float] = ..., new_patients_this_month: _Optional[int] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., synthetic: _Optional[bool] = ..., suppressed: _Optional[_Iterable[str]] = ...) -> None: ...

class ProviderMetrics(_message.Message):
    __slots__ = ("provider_id", "provider_name", "total_appointments", "completed_appointments", "cancelled_appointments", "no_shows", "total_patients_seen", "unique_patients", "average_appointments_per_day", "completion_rate", "revenue_generated", "period_start", "period_end", "reasons", "parts", "suppressed")
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
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_NAME_FIELD_NUMBER: _ClassVar[int]
    TOTAL_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    NO_SHOWS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PATIENTS_SEEN_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_PATIENTS_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_APPOINTMENTS_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_RATE_FIELD_NUMBER: _ClassVar[int]
    REVENUE_GENERATED_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    provider_id: str
    provider_name: str
    total_appointments: int
    completed_appointments: int
    cancelled_appointments: int
    no_shows: int
    total_patients_seen: int
    unique_patients: int
    average_appointments_per_day: float
    completion_rate: float
    revenue_generated: float
    period_start: str
    period_end: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, provider_id: _Optional[str] = ..., provider_name: _Optional[str] = ..., total_appointments: _Optional[int] = ..., completed_appointments: _Optional[int] = ..., cancelled_appointments: _Optional[int] = ..., no_shows: _Optional[int] = ..., total_patients_seen: _Optional[int] = ..., unique_patients: _Optional[int] = ..., average_appointments_per_day: _Optional[float] = ..., completion_rate: _Optional[float] = ..., revenue_generated: _Optional[float] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ...) -> None: ...

class ProviderMetricsList(_message.Message):
    __slots__ = ("providers", "period_start", "period_end", "as_of", "metric_versions", "receipt", "synthetic")
    class MetricVersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    PROVIDERS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    providers: _containers.RepeatedCompositeFieldContainer[ProviderMetrics]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    synthetic: bool
    def __init__(self, providers: _Optional[_Iterable[_Union[ProviderMetrics, _Mapping]]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class DocumentMetrics(_message.Message):
    __slots__ = ("total_documents", "pending_review", "reviewed_documents", "approved_documents", "rejected_documents", "average_review_time_hours", "by_type", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
    class ByTypeEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
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
    TOTAL_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    PENDING_REVIEW_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    APPROVED_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    REJECTED_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_REVIEW_TIME_HOURS_FIELD_NUMBER: _ClassVar[int]
    BY_TYPE_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    total_documents: int
    pending_review: int
    reviewed_documents: int
    approved_documents: int
    rejected_documents: int
    average_review_time_hours: float
    by_type: _containers.ScalarMap[str, int]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, total_documents: _Optional[int] = ..., pending_review: _Optional[int] = ..., reviewed_documents: _Optional[int] = ..., approved_documents: _Optional[int] = ..., rejected_documents: _Optional[int] = ..., average_review_time_hours: _Optional[float] = ..., by_type: _Optional[_Mapping[str, int]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class StaffProductivityMetrics(_message.Message):
    __slots__ = ("user_id", "user_name", "tasks_assigned", "tasks_completed", "messages_sent", "patients_handled", "documents_processed", "period_start", "period_end", "reasons", "parts", "suppressed")
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
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    USER_NAME_FIELD_NUMBER: _ClassVar[int]
    TASKS_ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    TASKS_COMPLETED_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_SENT_FIELD_NUMBER: _ClassVar[int]
    PATIENTS_HANDLED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_PROCESSED_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    user_name: str
    tasks_assigned: int
    tasks_completed: int
    messages_sent: int
    patients_handled: int
    documents_processed: int
    period_start: str
    period_end: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, user_id: _Optional[str] = ..., user_name: _Optional[str] = ..., tasks_assigned: _Optional[int] = ..., tasks_completed: _Optional[int] = ..., messages_sent: _Optional[int] = ..., patients_handled: _Optional[int] = ..., documents_processed: _Optional[int] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ...) -> None: ...

class StaffProductivityMetricsList(_message.Message):
    __slots__ = ("staff", "period_start", "period_end", "as_of", "metric_versions", "receipt", "synthetic")
    class MetricVersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    STAFF_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    staff: _containers.RepeatedCompositeFieldContainer[StaffProductivityMetrics]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    synthetic: bool
    def __init__(self, staff: _Optional[_Iterable[_Union[StaffProductivityMetrics, _Mapping]]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class PayerAmount(_message.Message):
    __slots__ = ("payer_id", "payer_name", "amount")
    PAYER_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_NAME_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    payer_id: str
    payer_name: str
    amount: float
    def __init__(self, payer_id: _Optional[str] = ..., payer_name: _Optional[str] = ..., amount: _Optional[float] = ...) -> None: ...

class FinancialDashboardMetrics(_message.Message):
    __slots__ = ("revenue", "payments", "claims", "revenue_trend", "top_payers", "aging_report", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
    class AgingReportEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
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
    REVENUE_FIELD_NUMBER: _ClassVar[int]
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    REVENUE_TREND_FIELD_NUMBER: _ClassVar[int]
    TOP_PAYERS_FIELD_NUMBER: _ClassVar[int]
    AGING_REPORT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    revenue: RevenueMetrics
    payments: PaymentMetrics
    claims: ClaimMetrics
    revenue_trend: _containers.RepeatedCompositeFieldContainer[_kpi_pb2.TrendPoint]
    top_payers: _containers.RepeatedCompositeFieldContainer[PayerAmount]
    aging_report: _containers.ScalarMap[str, float]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, revenue: _Optional[_Union[RevenueMetrics, _Mapping]] = ..., payments: _Optional[_Union[PaymentMetrics, _Mapping]] = ..., claims: _Optional[_Union[ClaimMetrics, _Mapping]] = ..., revenue_trend: _Optional[_Iterable[_Union[_kpi_pb2.TrendPoint, _Mapping]]] = ..., top_payers: _Optional[_Iterable[_Union[PayerAmount, _Mapping]]] = ..., aging_report: _Optional[_Mapping[str, float]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class DiagnosisPatients(_message.Message):
    __slots__ = ("code", "display", "patients")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_FIELD_NUMBER: _ClassVar[int]
    PATIENTS_FIELD_NUMBER: _ClassVar[int]
    code: str
    display: str
    patients: int
    def __init__(self, code: _Optional[str] = ..., display: _Optional[str] = ..., patients: _Optional[int] = ...) -> None: ...

class ClinicalDashboardMetrics(_message.Message):
    __slots__ = ("appointments", "patients", "providers", "appointment_trend", "top_diagnoses", "quality_measures", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
    class QualityMeasuresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
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
    APPOINTMENTS_FIELD_NUMBER: _ClassVar[int]
    PATIENTS_FIELD_NUMBER: _ClassVar[int]
    PROVIDERS_FIELD_NUMBER: _ClassVar[int]
    APPOINTMENT_TREND_FIELD_NUMBER: _ClassVar[int]
    TOP_DIAGNOSES_FIELD_NUMBER: _ClassVar[int]
    QUALITY_MEASURES_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    appointments: AppointmentMetrics
    patients: PatientMetrics
    providers: _containers.RepeatedCompositeFieldContainer[ProviderMetrics]
    appointment_trend: _containers.RepeatedCompositeFieldContainer[_kpi_pb2.TrendPoint]
    top_diagnoses: _containers.RepeatedCompositeFieldContainer[DiagnosisPatients]
    quality_measures: _containers.ScalarMap[str, float]
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, appointments: _Optional[_Union[AppointmentMetrics, _Mapping]] = ..., patients: _Optional[_Union[PatientMetrics, _Mapping]] = ..., providers: _Optional[_Iterable[_Union[ProviderMetrics, _Mapping]]] = ..., appointment_trend: _Optional[_Iterable[_Union[_kpi_pb2.TrendPoint, _Mapping]]] = ..., top_diagnoses: _Optional[_Iterable[_Union[DiagnosisPatients, _Mapping]]] = ..., quality_measures: _Optional[_Mapping[str, float]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class WorkflowEfficiency(_message.Message):
    __slots__ = ("average_completion_time_hours", "on_time_pct", "average_review_time_hours", "verified_share", "charge_lag_days", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
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
    AVERAGE_COMPLETION_TIME_HOURS_FIELD_NUMBER: _ClassVar[int]
    ON_TIME_PCT_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_REVIEW_TIME_HOURS_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_SHARE_FIELD_NUMBER: _ClassVar[int]
    CHARGE_LAG_DAYS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    average_completion_time_hours: float
    on_time_pct: float
    average_review_time_hours: float
    verified_share: float
    charge_lag_days: float
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, average_completion_time_hours: _Optional[float] = ..., on_time_pct: _Optional[float] = ..., average_review_time_hours: _Optional[float] = ..., verified_share: _Optional[float] = ..., charge_lag_days: _Optional[float] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...

class OperationalDashboardMetrics(_message.Message):
    __slots__ = ("tasks", "documents", "staff_productivity", "task_completion_trend", "workflow_efficiency", "period_start", "period_end", "as_of", "metric_versions", "receipt", "reasons", "parts", "suppressed", "synthetic")
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
    TASKS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    STAFF_PRODUCTIVITY_FIELD_NUMBER: _ClassVar[int]
    TASK_COMPLETION_TREND_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_EFFICIENCY_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METRIC_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    tasks: TaskMetrics
    documents: DocumentMetrics
    staff_productivity: _containers.RepeatedCompositeFieldContainer[StaffProductivityMetrics]
    task_completion_trend: _containers.RepeatedCompositeFieldContainer[_kpi_pb2.TrendPoint]
    workflow_efficiency: WorkflowEfficiency
    period_start: str
    period_end: str
    as_of: _answer_pb2.AsOf
    metric_versions: _containers.ScalarMap[str, int]
    receipt: str
    reasons: _containers.ScalarMap[str, str]
    parts: _containers.MessageMap[str, _answer_pb2.Parts]
    suppressed: _containers.RepeatedScalarFieldContainer[str]
    synthetic: bool
    def __init__(self, tasks: _Optional[_Union[TaskMetrics, _Mapping]] = ..., documents: _Optional[_Union[DocumentMetrics, _Mapping]] = ..., staff_productivity: _Optional[_Iterable[_Union[StaffProductivityMetrics, _Mapping]]] = ..., task_completion_trend: _Optional[_Iterable[_Union[_kpi_pb2.TrendPoint, _Mapping]]] = ..., workflow_efficiency: _Optional[_Union[WorkflowEfficiency, _Mapping]] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., parts: _Optional[_Mapping[str, _answer_pb2.Parts]] = ..., suppressed: _Optional[_Iterable[str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...
