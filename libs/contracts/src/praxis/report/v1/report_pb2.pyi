import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_TYPE_UNSPECIFIED: _ClassVar[ReportType]
    REPORT_TYPE_REVENUE: _ClassVar[ReportType]
    REPORT_TYPE_CLAIMS: _ClassVar[ReportType]
    REPORT_TYPE_PAYMENTS: _ClassVar[ReportType]
    REPORT_TYPE_OUTSTANDING_BALANCES: _ClassVar[ReportType]
    REPORT_TYPE_COLLECTIONS: _ClassVar[ReportType]
    REPORT_TYPE_PATIENT_DEMOGRAPHICS: _ClassVar[ReportType]
    REPORT_TYPE_APPOINTMENT_STATISTICS: _ClassVar[ReportType]
    REPORT_TYPE_PROVIDER_PRODUCTIVITY: _ClassVar[ReportType]
    REPORT_TYPE_NO_SHOWS: _ClassVar[ReportType]
    REPORT_TYPE_DIAGNOSIS_TRENDS: _ClassVar[ReportType]
    REPORT_TYPE_STAFF_PRODUCTIVITY: _ClassVar[ReportType]
    REPORT_TYPE_TASK_COMPLETION: _ClassVar[ReportType]
    REPORT_TYPE_INSURANCE_VERIFICATION: _ClassVar[ReportType]
    REPORT_TYPE_DOCUMENT_STATUS: _ClassVar[ReportType]
    REPORT_TYPE_PATIENT_SATISFACTION: _ClassVar[ReportType]
    REPORT_TYPE_CLINICAL_OUTCOMES: _ClassVar[ReportType]
    REPORT_TYPE_QUALITY_MEASURES: _ClassVar[ReportType]
    REPORT_TYPE_CUSTOM: _ClassVar[ReportType]

class ReportStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_STATUS_UNSPECIFIED: _ClassVar[ReportStatus]
    REPORT_STATUS_PENDING: _ClassVar[ReportStatus]
    REPORT_STATUS_RUNNING: _ClassVar[ReportStatus]
    REPORT_STATUS_COMPLETED: _ClassVar[ReportStatus]
    REPORT_STATUS_FAILED: _ClassVar[ReportStatus]
    REPORT_STATUS_CANCELLED: _ClassVar[ReportStatus]

class ReportFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_FORMAT_UNSPECIFIED: _ClassVar[ReportFormat]
    REPORT_FORMAT_PDF: _ClassVar[ReportFormat]
    REPORT_FORMAT_EXCEL: _ClassVar[ReportFormat]
    REPORT_FORMAT_CSV: _ClassVar[ReportFormat]
    REPORT_FORMAT_JSON: _ClassVar[ReportFormat]
    REPORT_FORMAT_HTML: _ClassVar[ReportFormat]

class StorageBackend(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STORAGE_BACKEND_UNSPECIFIED: _ClassVar[StorageBackend]
    STORAGE_BACKEND_LOCAL: _ClassVar[StorageBackend]
    STORAGE_BACKEND_S3: _ClassVar[StorageBackend]
    STORAGE_BACKEND_AZURE: _ClassVar[StorageBackend]

class PhiLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PHI_LEVEL_UNSPECIFIED: _ClassVar[PhiLevel]
    PHI_LEVEL_AGGREGATE: _ClassVar[PhiLevel]
    PHI_LEVEL_LIMITED: _ClassVar[PhiLevel]
    PHI_LEVEL_IDENTIFIED: _ClassVar[PhiLevel]
REPORT_TYPE_UNSPECIFIED: ReportType
REPORT_TYPE_REVENUE: ReportType
REPORT_TYPE_CLAIMS: ReportType
REPORT_TYPE_PAYMENTS: ReportType
REPORT_TYPE_OUTSTANDING_BALANCES: ReportType
REPORT_TYPE_COLLECTIONS: ReportType
REPORT_TYPE_PATIENT_DEMOGRAPHICS: ReportType
REPORT_TYPE_APPOINTMENT_STATISTICS: ReportType
REPORT_TYPE_PROVIDER_PRODUCTIVITY: ReportType
REPORT_TYPE_NO_SHOWS: ReportType
REPORT_TYPE_DIAGNOSIS_TRENDS: ReportType
REPORT_TYPE_STAFF_PRODUCTIVITY: ReportType
REPORT_TYPE_TASK_COMPLETION: ReportType
REPORT_TYPE_INSURANCE_VERIFICATION: ReportType
REPORT_TYPE_DOCUMENT_STATUS: ReportType
REPORT_TYPE_PATIENT_SATISFACTION: ReportType
REPORT_TYPE_CLINICAL_OUTCOMES: ReportType
REPORT_TYPE_QUALITY_MEASURES: ReportType
REPORT_TYPE_CUSTOM: ReportType
REPORT_STATUS_UNSPECIFIED: ReportStatus
REPORT_STATUS_PENDING: ReportStatus
REPORT_STATUS_RUNNING: ReportStatus
REPORT_STATUS_COMPLETED: ReportStatus
REPORT_STATUS_FAILED: ReportStatus
REPORT_STATUS_CANCELLED: ReportStatus
REPORT_FORMAT_UNSPECIFIED: ReportFormat
REPORT_FORMAT_PDF: ReportFormat
REPORT_FORMAT_EXCEL: ReportFormat
REPORT_FORMAT_CSV: ReportFormat
REPORT_FORMAT_JSON: ReportFormat
REPORT_FORMAT_HTML: ReportFormat
STORAGE_BACKEND_UNSPECIFIED: StorageBackend
STORAGE_BACKEND_LOCAL: StorageBackend
STORAGE_BACKEND_S3: StorageBackend
STORAGE_BACKEND_AZURE: StorageBackend
PHI_LEVEL_UNSPECIFIED: PhiLevel
PHI_LEVEL_AGGREGATE: PhiLevel
PHI_LEVEL_LIMITED: PhiLevel
PHI_LEVEL_IDENTIFIED: PhiLevel

class ReportParameters(_message.Message):
    __slots__ = ("start_date", "end_date", "relative_range", "comparison_start_date", "comparison_end_date", "compare_to", "filters", "group_by", "phi_level", "revision", "today", "metrics", "sql", "purpose", "include_charts")
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_RANGE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_TO_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    PHI_LEVEL_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    SQL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CHARTS_FIELD_NUMBER: _ClassVar[int]
    start_date: str
    end_date: str
    relative_range: str
    comparison_start_date: str
    comparison_end_date: str
    compare_to: str
    filters: _struct_pb2.Struct
    group_by: _containers.RepeatedScalarFieldContainer[str]
    phi_level: PhiLevel
    revision: int
    today: str
    metrics: _containers.RepeatedScalarFieldContainer[str]
    sql: str
    purpose: str
    include_charts: bool
    def __init__(self, start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., relative_range: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ..., compare_to: _Optional[str] = ..., filters: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., group_by: _Optional[_Iterable[str]] = ..., phi_level: _Optional[_Union[PhiLevel, str]] = ..., revision: _Optional[int] = ..., today: _Optional[str] = ..., metrics: _Optional[_Iterable[str]] = ..., sql: _Optional[str] = ..., purpose: _Optional[str] = ..., include_charts: _Optional[bool] = ...) -> None: ...

class Report(_message.Message):
    __slots__ = ("id", "practice_id", "report_type", "name", "description", "parameters", "columns", "sort_by", "sort_order", "status", "format", "created_by_user_id", "started_at", "completed_at", "execution_time_ms", "result_count", "file_path", "file_size", "storage_backend", "bucket_name", "error_message", "expires_at", "download_count", "last_downloaded_at", "is_shared", "shared_with_users", "is_template", "template_name", "metadata", "created_at", "updated_at", "is_completed", "is_running", "is_failed", "file_size_mb", "is_expired", "etag", "retention_days", "template_version", "made_from_template_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_USER_ID_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    RESULT_COUNT_FIELD_NUMBER: _ClassVar[int]
    FILE_PATH_FIELD_NUMBER: _ClassVar[int]
    FILE_SIZE_FIELD_NUMBER: _ClassVar[int]
    STORAGE_BACKEND_FIELD_NUMBER: _ClassVar[int]
    BUCKET_NAME_FIELD_NUMBER: _ClassVar[int]
    ERROR_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    DOWNLOAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_DOWNLOADED_AT_FIELD_NUMBER: _ClassVar[int]
    IS_SHARED_FIELD_NUMBER: _ClassVar[int]
    SHARED_WITH_USERS_FIELD_NUMBER: _ClassVar[int]
    IS_TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    IS_COMPLETED_FIELD_NUMBER: _ClassVar[int]
    IS_RUNNING_FIELD_NUMBER: _ClassVar[int]
    IS_FAILED_FIELD_NUMBER: _ClassVar[int]
    FILE_SIZE_MB_FIELD_NUMBER: _ClassVar[int]
    IS_EXPIRED_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_VERSION_FIELD_NUMBER: _ClassVar[int]
    MADE_FROM_TEMPLATE_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    practice_id: str
    report_type: ReportType
    name: str
    description: str
    parameters: ReportParameters
    columns: _containers.RepeatedScalarFieldContainer[str]
    sort_by: str
    sort_order: str
    status: ReportStatus
    format: ReportFormat
    created_by_user_id: str
    started_at: _timestamp_pb2.Timestamp
    completed_at: _timestamp_pb2.Timestamp
    execution_time_ms: int
    result_count: int
    file_path: str
    file_size: int
    storage_backend: StorageBackend
    bucket_name: str
    error_message: str
    expires_at: _timestamp_pb2.Timestamp
    download_count: int
    last_downloaded_at: _timestamp_pb2.Timestamp
    is_shared: bool
    shared_with_users: _containers.RepeatedScalarFieldContainer[str]
    is_template: bool
    template_name: str
    metadata: _struct_pb2.Struct
    created_at: _timestamp_pb2.Timestamp
    updated_at: _timestamp_pb2.Timestamp
    is_completed: bool
    is_running: bool
    is_failed: bool
    file_size_mb: float
    is_expired: bool
    etag: str
    retention_days: int
    template_version: int
    made_from_template_id: str
    def __init__(self, id: _Optional[str] = ..., practice_id: _Optional[str] = ..., report_type: _Optional[_Union[ReportType, str]] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., parameters: _Optional[_Union[ReportParameters, _Mapping]] = ..., columns: _Optional[_Iterable[str]] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ..., status: _Optional[_Union[ReportStatus, str]] = ..., format: _Optional[_Union[ReportFormat, str]] = ..., created_by_user_id: _Optional[str] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., execution_time_ms: _Optional[int] = ..., result_count: _Optional[int] = ..., file_path: _Optional[str] = ..., file_size: _Optional[int] = ..., storage_backend: _Optional[_Union[StorageBackend, str]] = ..., bucket_name: _Optional[str] = ..., error_message: _Optional[str] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., download_count: _Optional[int] = ..., last_downloaded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., is_shared: _Optional[bool] = ..., shared_with_users: _Optional[_Iterable[str]] = ..., is_template: _Optional[bool] = ..., template_name: _Optional[str] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., is_completed: _Optional[bool] = ..., is_running: _Optional[bool] = ..., is_failed: _Optional[bool] = ..., file_size_mb: _Optional[float] = ..., is_expired: _Optional[bool] = ..., etag: _Optional[str] = ..., retention_days: _Optional[int] = ..., template_version: _Optional[int] = ..., made_from_template_id: _Optional[str] = ...) -> None: ...
