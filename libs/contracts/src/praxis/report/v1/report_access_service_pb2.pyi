import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from praxis.report.v1 import report_execution_pb2 as _report_execution_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportShare(_message.Message):
    __slots__ = ("id", "report_id", "user_id", "role", "created_by_user_id", "created_at", "expires_at", "revoked_at", "is_active")
    ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_USER_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    REVOKED_AT_FIELD_NUMBER: _ClassVar[int]
    IS_ACTIVE_FIELD_NUMBER: _ClassVar[int]
    id: str
    report_id: str
    user_id: str
    role: str
    created_by_user_id: str
    created_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    revoked_at: _timestamp_pb2.Timestamp
    is_active: bool
    def __init__(self, id: _Optional[str] = ..., report_id: _Optional[str] = ..., user_id: _Optional[str] = ..., role: _Optional[str] = ..., created_by_user_id: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revoked_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., is_active: _Optional[bool] = ...) -> None: ...

class CreateReportShareRequest(_message.Message):
    __slots__ = ("report_id", "user_id", "role", "expires_at")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    user_id: str
    role: str
    expires_at: _timestamp_pb2.Timestamp
    def __init__(self, report_id: _Optional[str] = ..., user_id: _Optional[str] = ..., role: _Optional[str] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetReportShareRequest(_message.Message):
    __slots__ = ("share_id",)
    SHARE_ID_FIELD_NUMBER: _ClassVar[int]
    share_id: str
    def __init__(self, share_id: _Optional[str] = ...) -> None: ...

class ListReportSharesRequest(_message.Message):
    __slots__ = ("report_id",)
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    def __init__(self, report_id: _Optional[str] = ...) -> None: ...

class ListReportSharesResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ReportShare]
    def __init__(self, items: _Optional[_Iterable[_Union[ReportShare, _Mapping]]] = ...) -> None: ...

class DeleteReportShareRequest(_message.Message):
    __slots__ = ("share_id",)
    SHARE_ID_FIELD_NUMBER: _ClassVar[int]
    share_id: str
    def __init__(self, share_id: _Optional[str] = ...) -> None: ...

class DeleteReportShareResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListReportFilesRequest(_message.Message):
    __slots__ = ("report_id", "skip", "limit")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    skip: int
    limit: int
    def __init__(self, report_id: _Optional[str] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListReportFilesResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ReportFile]
    total: int
    skip: int
    limit: int
    has_more: bool
    def __init__(self, items: _Optional[_Iterable[_Union[ReportFile, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...

class ReportFile(_message.Message):
    __slots__ = ("report_name", "execution", "downloaded_by", "storage_backend")
    REPORT_NAME_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_FIELD_NUMBER: _ClassVar[int]
    DOWNLOADED_BY_FIELD_NUMBER: _ClassVar[int]
    STORAGE_BACKEND_FIELD_NUMBER: _ClassVar[int]
    report_name: str
    execution: _report_execution_pb2.ReportExecution
    downloaded_by: _containers.RepeatedCompositeFieldContainer[FileReader]
    storage_backend: _report_pb2.StorageBackend
    def __init__(self, report_name: _Optional[str] = ..., execution: _Optional[_Union[_report_execution_pb2.ReportExecution, _Mapping]] = ..., downloaded_by: _Optional[_Iterable[_Union[FileReader, _Mapping]]] = ..., storage_backend: _Optional[_Union[_report_pb2.StorageBackend, str]] = ...) -> None: ...

class FileReader(_message.Message):
    __slots__ = ("user_id", "downloads", "last_downloaded_at")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    DOWNLOADS_FIELD_NUMBER: _ClassVar[int]
    LAST_DOWNLOADED_AT_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    downloads: int
    last_downloaded_at: _timestamp_pb2.Timestamp
    def __init__(self, user_id: _Optional[str] = ..., downloads: _Optional[int] = ..., last_downloaded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HoldReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id", "reason")
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    reason: str
    def __init__(self, execution_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ReleaseReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id",)
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    def __init__(self, execution_id: _Optional[str] = ...) -> None: ...
