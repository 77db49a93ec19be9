import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExportRequest(_message.Message):
    __slots__ = ("metric_type", "format", "date_range", "filters", "include_charts")
    METRIC_TYPE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    DATE_RANGE_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CHARTS_FIELD_NUMBER: _ClassVar[int]
    metric_type: str
    format: _report_pb2.ReportFormat
    date_range: _answer_pb2.DateRange
    filters: _struct_pb2.Struct
    include_charts: bool
    def __init__(self, metric_type: _Optional[str] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., date_range: _Optional[_Union[_answer_pb2.DateRange, _Mapping]] = ..., filters: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., include_charts: _Optional[bool] = ...) -> None: ...

class ExportResponse(_message.Message):
    __slots__ = ("export_id", "file_path", "file_size", "format", "expires_at", "download_url")
    EXPORT_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_PATH_FIELD_NUMBER: _ClassVar[int]
    FILE_SIZE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    DOWNLOAD_URL_FIELD_NUMBER: _ClassVar[int]
    export_id: str
    file_path: str
    file_size: int
    format: _report_pb2.ReportFormat
    expires_at: _timestamp_pb2.Timestamp
    download_url: str
    def __init__(self, export_id: _Optional[str] = ..., file_path: _Optional[str] = ..., file_size: _Optional[int] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., download_url: _Optional[str] = ...) -> None: ...
