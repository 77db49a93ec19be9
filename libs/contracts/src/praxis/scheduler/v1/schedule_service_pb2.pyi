import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from praxis.scheduler.v1 import schedule_pb2 as _schedule_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateScheduleRequest(_message.Message):
    __slots__ = ("name", "description", "report_type", "report_id", "report_format", "report_parameters", "frequency", "cron_expression", "day_of_week", "day_of_month", "month_of_year", "time_of_day", "timezone", "status", "is_enabled", "delivery_method", "email_recipients", "email_subject", "email_body", "retention_days", "auto_delete_old_reports", "metadata", "catch_up", "overlap", "business_days_only", "practice_id")
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
    DELIVERY_METHOD_FIELD_NUMBER: _ClassVar[int]
    EMAIL_RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    EMAIL_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    EMAIL_BODY_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    AUTO_DELETE_OLD_REPORTS_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CATCH_UP_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DAYS_ONLY_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    report_type: _report_pb2.ReportType
    report_id: str
    report_format: _report_pb2.ReportFormat
    report_parameters: _report_pb2.ReportParameters
    frequency: _schedule_pb2.ScheduleFrequency
    cron_expression: str
    day_of_week: int
    day_of_month: int
    month_of_year: int
    time_of_day: str
    timezone: str
    status: _schedule_pb2.ScheduleStatus
    is_enabled: bool
    delivery_method: _schedule_pb2.DeliveryMethod
    email_recipients: _containers.RepeatedScalarFieldContainer[str]
    email_subject: str
    email_body: str
    retention_days: int
    auto_delete_old_reports: bool
    metadata: _struct_pb2.Struct
    catch_up: _schedule_pb2.CatchUp
    overlap: _schedule_pb2.Overlap
    business_days_only: bool
    practice_id: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., report_id: _Optional[str] = ..., report_format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., report_parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., frequency: _Optional[_Union[_schedule_pb2.ScheduleFrequency, str]] = ..., cron_expression: _Optional[str] = ..., day_of_week: _Optional[int] = ..., day_of_month: _Optional[int] = ..., month_of_year: _Optional[int] = ..., time_of_day: _Optional[str] = ..., timezone: _Optional[str] = ..., status: _Optional[_Union[_schedule_pb2.ScheduleStatus, str]] = ..., is_enabled: _Optional[bool] = ..., delivery_method: _Optional[_Union[_schedule_pb2.DeliveryMethod, str]] = ..., email_recipients: _Optional[_Iterable[str]] = ..., email_subject: _Optional[str] = ..., email_body: _Optional[str] = ..., retention_days: _Optional[int] = ..., auto_delete_old_reports: _Optional[bool] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., catch_up: _Optional[_Union[_schedule_pb2.CatchUp, str]] = ..., overlap: _Optional[_Union[_schedule_pb2.Overlap, str]] = ..., business_days_only: _Optional[bool] = ..., practice_id: _Optional[str] = ...) -> None: ...

class GetScheduleRequest(_message.Message):
    __slots__ = ("schedule_id",)
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    schedule_id: str
    def __init__(self, schedule_id: _Optional[str] = ...) -> None: ...

class ListSchedulesRequest(_message.Message):
    __slots__ = ("frequency", "status", "report_type", "report_id", "skip", "limit")
    FREQUENCY_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    frequency: _schedule_pb2.ScheduleFrequency
    status: _schedule_pb2.ScheduleStatus
    report_type: _report_pb2.ReportType
    report_id: str
    skip: int
    limit: int
    def __init__(self, frequency: _Optional[_Union[_schedule_pb2.ScheduleFrequency, str]] = ..., status: _Optional[_Union[_schedule_pb2.ScheduleStatus, str]] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., report_id: _Optional[str] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListSchedulesResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_schedule_pb2.ReportSchedule]
    total: int
    skip: int
    limit: int
    has_more: bool
    def __init__(self, items: _Optional[_Iterable[_Union[_schedule_pb2.ReportSchedule, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...

class UpdateScheduleRequest(_message.Message):
    __slots__ = ("name", "description", "report_type", "report_id", "report_format", "report_parameters", "frequency", "cron_expression", "day_of_week", "day_of_month", "month_of_year", "time_of_day", "timezone", "status", "is_enabled", "delivery_method", "email_recipients", "email_subject", "email_body", "retention_days", "auto_delete_old_reports", "metadata", "catch_up", "overlap", "business_days_only", "etag", "schedule_id", "update_mask")
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
    DELIVERY_METHOD_FIELD_NUMBER: _ClassVar[int]
    EMAIL_RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    EMAIL_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    EMAIL_BODY_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    AUTO_DELETE_OLD_REPORTS_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CATCH_UP_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DAYS_ONLY_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    report_type: _report_pb2.ReportType
    report_id: str
    report_format: _report_pb2.ReportFormat
    report_parameters: _report_pb2.ReportParameters
    frequency: _schedule_pb2.ScheduleFrequency
    cron_expression: str
    day_of_week: int
    day_of_month: int
    month_of_year: int
    time_of_day: str
    timezone: str
    status: _schedule_pb2.ScheduleStatus
    is_enabled: bool
    delivery_method: _schedule_pb2.DeliveryMethod
    email_recipients: _containers.RepeatedScalarFieldContainer[str]
    email_subject: str
    email_body: str
    retention_days: int
    auto_delete_old_reports: bool
    metadata: _struct_pb2.Struct
    catch_up: _schedule_pb2.CatchUp
    overlap: _schedule_pb2.Overlap
    business_days_only: bool
    etag: str
    schedule_id: str
    update_mask: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., report_id: _Optional[str] = ..., report_format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., report_parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., frequency: _Optional[_Union[_schedule_pb2.ScheduleFrequency, str]] = ..., cron_expression: _Optional[str] = ..., day_of_week: _Optional[int] = ..., day_of_month: _Optional[int] = ..., month_of_year: _Optional[int] = ..., time_of_day: _Optional[str] = ..., timezone: _Optional[str] = ..., status: _Optional[_Union[_schedule_pb2.ScheduleStatus, str]] = ..., is_enabled: _Optional[bool] = ..., delivery_method: _Optional[_Union[_schedule_pb2.DeliveryMethod, str]] = ..., email_recipients: _Optional[_Iterable[str]] = ..., email_subject: _Optional[str] = ..., email_body: _Optional[str] = ..., retention_days: _Optional[int] = ..., auto_delete_old_reports: _Optional[bool] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., catch_up: _Optional[_Union[_schedule_pb2.CatchUp, str]] = ..., overlap: _Optional[_Union[_schedule_pb2.Overlap, str]] = ..., business_days_only: _Optional[bool] = ..., etag: _Optional[str] = ..., schedule_id: _Optional[str] = ..., update_mask: _Optional[_Iterable[str]] = ...) -> None: ...

class DeleteScheduleRequest(_message.Message):
    __slots__ = ("schedule_id", "etag")
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    schedule_id: str
    etag: str
    def __init__(self, schedule_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteScheduleResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PauseScheduleRequest(_message.Message):
    __slots__ = ("schedule_id",)
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    schedule_id: str
    def __init__(self, schedule_id: _Optional[str] = ...) -> None: ...

class ResumeScheduleRequest(_message.Message):
    __slots__ = ("schedule_id",)
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    schedule_id: str
    def __init__(self, schedule_id: _Optional[str] = ...) -> None: ...

class ListNextRunsRequest(_message.Message):
    __slots__ = ("schedule_id", "count")
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    schedule_id: str
    count: int
    def __init__(self, schedule_id: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class PreviewScheduleRequest(_message.Message):
    __slots__ = ("name", "description", "report_type", "report_id", "report_format", "report_parameters", "frequency", "cron_expression", "day_of_week", "day_of_month", "month_of_year", "time_of_day", "timezone", "status", "is_enabled", "delivery_method", "email_recipients", "email_subject", "email_body", "retention_days", "auto_delete_old_reports", "metadata", "catch_up", "overlap", "business_days_only", "after", "count")
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
    DELIVERY_METHOD_FIELD_NUMBER: _ClassVar[int]
    EMAIL_RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    EMAIL_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    EMAIL_BODY_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    AUTO_DELETE_OLD_REPORTS_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CATCH_UP_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DAYS_ONLY_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    report_type: _report_pb2.ReportType
    report_id: str
    report_format: _report_pb2.ReportFormat
    report_parameters: _report_pb2.ReportParameters
    frequency: _schedule_pb2.ScheduleFrequency
    cron_expression: str
    day_of_week: int
    day_of_month: int
    month_of_year: int
    time_of_day: str
    timezone: str
    status: _schedule_pb2.ScheduleStatus
    is_enabled: bool
    delivery_method: _schedule_pb2.DeliveryMethod
    email_recipients: _containers.RepeatedScalarFieldContainer[str]
    email_subject: str
    email_body: str
    retention_days: int
    auto_delete_old_reports: bool
    metadata: _struct_pb2.Struct
    catch_up: _schedule_pb2.CatchUp
    overlap: _schedule_pb2.Overlap
    business_days_only: bool
    after: _timestamp_pb2.Timestamp
    count: int
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., report_id: _Optional[str] = ..., report_format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., report_parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., frequency: _Optional[_Union[_schedule_pb2.ScheduleFrequency, str]] = ..., cron_expression: _Optional[str] = ..., day_of_week: _Optional[int] = ..., day_of_month: _Optional[int] = ..., month_of_year: _Optional[int] = ..., time_of_day: _Optional[str] = ..., timezone: _Optional[str] = ..., status: _Optional[_Union[_schedule_pb2.ScheduleStatus, str]] = ..., is_enabled: _Optional[bool] = ..., delivery_method: _Optional[_Union[_schedule_pb2.DeliveryMethod, str]] = ..., email_recipients: _Optional[_Iterable[str]] = ..., email_subject: _Optional[str] = ..., email_body: _Optional[str] = ..., retention_days: _Optional[int] = ..., auto_delete_old_reports: _Optional[bool] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., catch_up: _Optional[_Union[_schedule_pb2.CatchUp, str]] = ..., overlap: _Optional[_Union[_schedule_pb2.Overlap, str]] = ..., business_days_only: _Optional[bool] = ..., after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., count: _Optional[int] = ...) -> None: ...

class FireTimes(_message.Message):
    __slots__ = ("runs", "description")
    RUNS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[_schedule_pb2.FireTime]
    description: str
    def __init__(self, runs: _Optional[_Iterable[_Union[_schedule_pb2.FireTime, _Mapping]]] = ..., description: _Optional[str] = ...) -> None: ...

class ListScheduleRunsRequest(_message.Message):
    __slots__ = ("schedule_id", "skip", "limit")
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    schedule_id: str
    skip: int
    limit: int
    def __init__(self, schedule_id: _Optional[str] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListScheduleRunsResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_schedule_pb2.ScheduleRun]
    total: int
    skip: int
    limit: int
    has_more: bool
    def __init__(self, items: _Optional[_Iterable[_Union[_schedule_pb2.ScheduleRun, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...
