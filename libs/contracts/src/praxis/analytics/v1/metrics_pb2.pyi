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
    __slots__ = ("revenue_today", "revenue_this_month", "appointments_today", "appointments_this_week", "pending_tasks", "overdue_tasks", "unread_messages", "pending_claims", "outstanding_balance", "new_patients_this_month", "as_of", "metric_versions", "receipt", "reasons", "synthetic")
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
    def __init__(self, revenue_today: _Optional[float] = ..., revenue_this_month: _Optional[float] = ..., appointments_today: _Optional[int] = ..., appointments_this_week: _Optional[int] = ..., pending_tasks: _Optional[int] = ..., overdue_tasks: _Optional[int] = ..., unread_messages: _Optional[int] = ..., pending_claims: _Optional[int] = ..., outstanding_balance: _Optional[float] = ..., new_patients_this_month: _Optional[int] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., metric_versions: _Optional[_Mapping[str, int]] = ..., receipt: _Optional[str] = ..., reasons: _Optional[_Mapping[str, str]] = ..., synthetic: _Optional[bool] = ...) -> None: ...
