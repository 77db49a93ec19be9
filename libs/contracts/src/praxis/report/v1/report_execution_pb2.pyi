import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRIORITY_UNSPECIFIED: _ClassVar[Priority]
    PRIORITY_LOW: _ClassVar[Priority]
    PRIORITY_NORMAL: _ClassVar[Priority]
    PRIORITY_HIGH: _ClassVar[Priority]
PRIORITY_UNSPECIFIED: Priority
PRIORITY_LOW: Priority
PRIORITY_NORMAL: Priority
PRIORITY_HIGH: Priority

class ExecutionError(_message.Message):
    __slots__ = ("code", "message", "hint")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    hint: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., hint: _Optional[str] = ...) -> None: ...

class LegalHold(_message.Message):
    __slots__ = ("reason", "held_by_user_id", "held_at")
    REASON_FIELD_NUMBER: _ClassVar[int]
    HELD_BY_USER_ID_FIELD_NUMBER: _ClassVar[int]
    HELD_AT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    held_by_user_id: str
    held_at: _timestamp_pb2.Timestamp
    def __init__(self, reason: _Optional[str] = ..., held_by_user_id: _Optional[str] = ..., held_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReportExecution(_message.Message):
    __slots__ = ("id", "report_id", "schedule_id", "practice_id", "report_type", "format", "status", "stage", "progress_percent", "queued_at", "started_at", "completed_at", "execution_time_ms", "result_count", "file_name", "file_size", "sha256", "as_of", "expires_at", "download_url", "error", "parameters", "requested_by_user_id", "priority", "queue_place", "contains_phi", "download_count", "last_downloaded_at", "deleted_at", "legal_hold", "retry_of_id", "is_cut_short")
    ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_PERCENT_FIELD_NUMBER: _ClassVar[int]
    QUEUED_AT_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    RESULT_COUNT_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    FILE_SIZE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    DOWNLOAD_URL_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_USER_ID_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_PLACE_FIELD_NUMBER: _ClassVar[int]
    CONTAINS_PHI_FIELD_NUMBER: _ClassVar[int]
    DOWNLOAD_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_DOWNLOADED_AT_FIELD_NUMBER: _ClassVar[int]
    DELETED_AT_FIELD_NUMBER: _ClassVar[int]
    LEGAL_HOLD_FIELD_NUMBER: _ClassVar[int]
    RETRY_OF_ID_FIELD_NUMBER: _ClassVar[int]
    IS_CUT_SHORT_FIELD_NUMBER: _ClassVar[int]
    id: str
    report_id: str
    schedule_id: str
    practice_id: str
    report_type: _report_pb2.ReportType
    format: _report_pb2.ReportFormat
    status: _report_pb2.ReportStatus
    stage: str
    progress_percent: int
    queued_at: _timestamp_pb2.Timestamp
    started_at: _timestamp_pb2.Timestamp
    completed_at: _timestamp_pb2.Timestamp
    execution_time_ms: int
    result_count: int
    file_name: str
    file_size: int
    sha256: str
    as_of: _answer_pb2.AsOf
    expires_at: _timestamp_pb2.Timestamp
    download_url: str
    error: ExecutionError
    parameters: _report_pb2.ReportParameters
    requested_by_user_id: str
    priority: Priority
    queue_place: int
    contains_phi: bool
    download_count: int
    last_downloaded_at: _timestamp_pb2.Timestamp
    deleted_at: _timestamp_pb2.Timestamp
    legal_hold: LegalHold
    retry_of_id: str
    is_cut_short: bool
    def __init__(self, id: _Optional[str] = ..., report_id: _Optional[str] = ..., schedule_id: _Optional[str] = ..., practice_id: _Optional[str] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., status: _Optional[_Union[_report_pb2.ReportStatus, str]] = ..., stage: _Optional[str] = ..., progress_percent: _Optional[int] = ..., queued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., execution_time_ms: _Optional[int] = ..., result_count: _Optional[int] = ..., file_name: _Optional[str] = ..., file_size: _Optional[int] = ..., sha256: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., download_url: _Optional[str] = ..., error: _Optional[_Union[ExecutionError, _Mapping]] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., requested_by_user_id: _Optional[str] = ..., priority: _Optional[_Union[Priority, str]] = ..., queue_place: _Optional[int] = ..., contains_phi: _Optional[bool] = ..., download_count: _Optional[int] = ..., last_downloaded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., deleted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., legal_hold: _Optional[_Union[LegalHold, _Mapping]] = ..., retry_of_id: _Optional[str] = ..., is_cut_short: _Optional[bool] = ...) -> None: ...
