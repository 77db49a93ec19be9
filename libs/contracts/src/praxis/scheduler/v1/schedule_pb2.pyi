import datetime

from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ScheduleFrequency(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCHEDULE_FREQUENCY_UNSPECIFIED: _ClassVar[ScheduleFrequency]
    SCHEDULE_FREQUENCY_DAILY: _ClassVar[ScheduleFrequency]
    SCHEDULE_FREQUENCY_WEEKLY: _ClassVar[ScheduleFrequency]
    SCHEDULE_FREQUENCY_MONTHLY: _ClassVar[ScheduleFrequency]
    SCHEDULE_FREQUENCY_QUARTERLY: _ClassVar[ScheduleFrequency]
    SCHEDULE_FREQUENCY_YEARLY: _ClassVar[ScheduleFrequency]
    SCHEDULE_FREQUENCY_CUSTOM: _ClassVar[ScheduleFrequency]

class ScheduleStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCHEDULE_STATUS_UNSPECIFIED: _ClassVar[ScheduleStatus]
    SCHEDULE_STATUS_ACTIVE: _ClassVar[ScheduleStatus]
    SCHEDULE_STATUS_PAUSED: _ClassVar[ScheduleStatus]
    SCHEDULE_STATUS_DISABLED: _ClassVar[ScheduleStatus]

class DeliveryMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_METHOD_UNSPECIFIED: _ClassVar[DeliveryMethod]
    DELIVERY_METHOD_EMAIL: _ClassVar[DeliveryMethod]
    DELIVERY_METHOD_PORTAL: _ClassVar[DeliveryMethod]
    DELIVERY_METHOD_BOTH: _ClassVar[DeliveryMethod]

class CatchUp(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CATCH_UP_UNSPECIFIED: _ClassVar[CatchUp]
    CATCH_UP_LATEST: _ClassVar[CatchUp]
    CATCH_UP_NONE: _ClassVar[CatchUp]

class Overlap(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OVERLAP_UNSPECIFIED: _ClassVar[Overlap]
    OVERLAP_QUEUE_ONE: _ClassVar[Overlap]
    OVERLAP_SKIP: _ClassVar[Overlap]

class FiringOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FIRING_OUTCOME_UNSPECIFIED: _ClassVar[FiringOutcome]
    FIRING_OUTCOME_RAN: _ClassVar[FiringOutcome]
    FIRING_OUTCOME_COALESCED: _ClassVar[FiringOutcome]
    FIRING_OUTCOME_SKIPPED: _ClassVar[FiringOutcome]

class DeliveryStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_STATUS_UNSPECIFIED: _ClassVar[DeliveryStatus]
    DELIVERY_STATUS_PENDING: _ClassVar[DeliveryStatus]
    DELIVERY_STATUS_SENT: _ClassVar[DeliveryStatus]
    DELIVERY_STATUS_FAILED: _ClassVar[DeliveryStatus]
    DELIVERY_STATUS_MAYBE_DUPLICATE: _ClassVar[DeliveryStatus]
SCHEDULE_FREQUENCY_UNSPECIFIED: ScheduleFrequency
SCHEDULE_FREQUENCY_DAILY: ScheduleFrequency
SCHEDULE_FREQUENCY_WEEKLY: ScheduleFrequency
SCHEDULE_FREQUENCY_MONTHLY: ScheduleFrequency
SCHEDULE_FREQUENCY_QUARTERLY: ScheduleFrequency
SCHEDULE_FREQUENCY_YEARLY: ScheduleFrequency
SCHEDULE_FREQUENCY_CUSTOM: ScheduleFrequency
SCHEDULE_STATUS_UNSPECIFIED: ScheduleStatus
SCHEDULE_STATUS_ACTIVE: ScheduleStatus
SCHEDULE_STATUS_PAUSED: ScheduleStatus
SCHEDULE_STATUS_DISABLED: ScheduleStatus
DELIVERY_METHOD_UNSPECIFIED: DeliveryMethod
DELIVERY_METHOD_EMAIL: DeliveryMethod
DELIVERY_METHOD_PORTAL: DeliveryMethod
DELIVERY_METHOD_BOTH: DeliveryMethod
CATCH_UP_UNSPECIFIED: CatchUp
CATCH_UP_LATEST: CatchUp
CATCH_UP_NONE: CatchUp
OVERLAP_UNSPECIFIED: Overlap
OVERLAP_QUEUE_ONE: Overlap
OVERLAP_SKIP: Overlap
FIRING_OUTCOME_UNSPECIFIED: FiringOutcome
FIRING_OUTCOME_RAN: FiringOutcome
FIRING_OUTCOME_COALESCED: FiringOutcome
FIRING_OUTCOME_SKIPPED: FiringOutcome
DELIVERY_STATUS_UNSPECIFIED: DeliveryStatus
DELIVERY_STATUS_PENDING: DeliveryStatus
DELIVERY_STATUS_SENT: DeliveryStatus
DELIVERY_STATUS_FAILED: DeliveryStatus
DELIVERY_STATUS_MAYBE_DUPLICATE: DeliveryStatus

class ReportSchedule(_message.Message):
    __slots__ = ("id", "practice_id", "name", "description", "report_type", "report_id", "report_format", "report_parameters", "frequency", "cron_expression", "day_of_week", "day_of_month", "month_of_year", "time_of_day", "timezone", "status", "is_enabled", "created_by_user_id", "delivery_method", "email_recipients", "email_subject", "email_body", "last_run_at", "last_run_status", "last_run_error", "next_run_at", "total_runs", "successful_runs", "failed_runs", "retention_days", "auto_delete_old_reports", "metadata", "is_active", "is_due", "success_rate", "catch_up", "overlap", "etag", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_FORMAT_FIELD_NUMBER: _ClassVar[int]
    REPORT_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_FIELD_NUMBER: _ClassVar[int]
    CRON_EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    DAY_OF_WEEK_FIELD_NUMBER: _ClassVar[int]
    DAY_OF_MONTH_FIELD_NUMBER: _ClassVar[int]
    MONTH_OF_YEAR_FIELD_NUMBER: _ClassVar[int]
    TIME_OF_DAY_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    IS_ENABLED_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_USER_ID_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_METHOD_FIELD_NUMBER: _ClassVar[int]
    EMAIL_RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    EMAIL_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    EMAIL_BODY_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_STATUS_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_ERROR_FIELD_NUMBER: _ClassVar[int]
    NEXT_RUN_AT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_RUNS_FIELD_NUMBER: _ClassVar[int]
    SUCCESSFUL_RUNS_FIELD_NUMBER: _ClassVar[int]
    FAILED_RUNS_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    AUTO_DELETE_OLD_REPORTS_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    IS_ACTIVE_FIELD_NUMBER: _ClassVar[int]
    IS_DUE_FIELD_NUMBER: _ClassVar[int]
    SUCCESS_RATE_FIELD_NUMBER: _ClassVar[int]
    CATCH_UP_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    practice_id: str
    name: str
    description: str
    report_type: _report_pb2.ReportType
    report_id: str
    report_format: _report_pb2.ReportFormat
    report_parameters: _report_pb2.ReportParameters
    frequency: ScheduleFrequency
    cron_expression: str
    day_of_week: int
    day_of_month: int
    month_of_year: int
    time_of_day: str
    timezone: str
    status: ScheduleStatus
    is_enabled: bool
    created_by_user_id: str
    delivery_method: DeliveryMethod
    email_recipients: _containers.RepeatedScalarFieldContainer[str]
    email_subject: str
    email_body: str
    last_run_at: _timestamp_pb2.Timestamp
    last_run_status: _report_pb2.ReportStatus
    last_run_error: str
    next_run_at: _timestamp_pb2.Timestamp
    total_runs: int
    successful_runs: int
    failed_runs: int
    retention_days: int
    auto_delete_old_reports: bool
    metadata: _struct_pb2.Struct
    is_active: bool
    is_due: bool
    success_rate: float
    catch_up: CatchUp
    overlap: Overlap
    etag: str
    created_at: _timestamp_pb2.Timestamp
    updated_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., practice_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., report_id: _Optional[str] = ..., report_format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., report_parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., frequency: _Optional[_Union[ScheduleFrequency, str]] = ..., cron_expression: _Optional[str] = ..., day_of_week: _Optional[int] = ..., day_of_month: _Optional[int] = ..., month_of_year: _Optional[int] = ..., time_of_day: _Optional[str] = ..., timezone: _Optional[str] = ..., status: _Optional[_Union[ScheduleStatus, str]] = ..., is_enabled: _Optional[bool] = ..., created_by_user_id: _Optional[str] = ..., delivery_method: _Optional[_Union[DeliveryMethod, str]] = ..., email_recipients: _Optional[_Iterable[str]] = ..., email_subject: _Optional[str] = ..., email_body: _Optional[str] = ..., last_run_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_run_status: _Optional[_Union[_report_pb2.ReportStatus, str]] = ..., last_run_error: _Optional[str] = ..., next_run_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., total_runs: _Optional[int] = ..., successful_runs: _Optional[int] = ..., failed_runs: _Optional[int] = ..., retention_days: _Optional[int] = ..., auto_delete_old_reports: _Optional[bool] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., is_active: _Optional[bool] = ..., is_due: _Optional[bool] = ..., success_rate: _Optional[float] = ..., catch_up: _Optional[_Union[CatchUp, str]] = ..., overlap: _Optional[_Union[Overlap, str]] = ..., etag: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ScheduleRun(_message.Message):
    __slots__ = ("id", "schedule_id", "fire_time", "local_time", "outcome", "reason", "fired_at", "status", "execution_id", "error", "ended_at", "deliveries")
    ID_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    FIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    LOCAL_TIME_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIRED_AT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    id: str
    schedule_id: str
    fire_time: _timestamp_pb2.Timestamp
    local_time: str
    outcome: FiringOutcome
    reason: str
    fired_at: _timestamp_pb2.Timestamp
    status: _report_pb2.ReportStatus
    execution_id: str
    error: str
    ended_at: _timestamp_pb2.Timestamp
    deliveries: _containers.RepeatedCompositeFieldContainer[Delivery]
    def __init__(self, id: _Optional[str] = ..., schedule_id: _Optional[str] = ..., fire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., local_time: _Optional[str] = ..., outcome: _Optional[_Union[FiringOutcome, str]] = ..., reason: _Optional[str] = ..., fired_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., status: _Optional[_Union[_report_pb2.ReportStatus, str]] = ..., execution_id: _Optional[str] = ..., error: _Optional[str] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., deliveries: _Optional[_Iterable[_Union[Delivery, _Mapping]]] = ...) -> None: ...

class Delivery(_message.Message):
    __slots__ = ("id", "recipient", "status", "attempts", "error", "sent_at", "message_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    SENT_AT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    recipient: str
    status: DeliveryStatus
    attempts: int
    error: str
    sent_at: _timestamp_pb2.Timestamp
    message_id: str
    def __init__(self, id: _Optional[str] = ..., recipient: _Optional[str] = ..., status: _Optional[_Union[DeliveryStatus, str]] = ..., attempts: _Optional[int] = ..., error: _Optional[str] = ..., sent_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., message_id: _Optional[str] = ...) -> None: ...

class FireTime(_message.Message):
    __slots__ = ("fire_at", "local_time", "utc_offset")
    FIRE_AT_FIELD_NUMBER: _ClassVar[int]
    LOCAL_TIME_FIELD_NUMBER: _ClassVar[int]
    UTC_OFFSET_FIELD_NUMBER: _ClassVar[int]
    fire_at: _timestamp_pb2.Timestamp
    local_time: str
    utc_offset: str
    def __init__(self, fire_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., local_time: _Optional[str] = ..., utc_offset: _Optional[str] = ...) -> None: ...
