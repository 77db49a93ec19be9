from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from praxis.report.v1 import report_execution_pb2 as _report_execution_pb2
from praxis.report.v1 import report_export_pb2 as _report_export_pb2
from praxis.report.v1 import report_type_pb2 as _report_type_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateReportRequest(_message.Message):
    __slots__ = ("report_type", "name", "description", "parameters", "format", "columns", "sort_by", "sort_order", "is_template", "template_name", "metadata", "practice_id", "retention_days")
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    IS_TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    report_type: _report_pb2.ReportType
    name: str
    description: str
    parameters: _report_pb2.ReportParameters
    format: _report_pb2.ReportFormat
    columns: _containers.RepeatedScalarFieldContainer[str]
    sort_by: str
    sort_order: str
    is_template: bool
    template_name: str
    metadata: _struct_pb2.Struct
    practice_id: str
    retention_days: int
    def __init__(self, report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., columns: _Optional[_Iterable[str]] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ..., is_template: _Optional[bool] = ..., template_name: _Optional[str] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., practice_id: _Optional[str] = ..., retention_days: _Optional[int] = ...) -> None: ...

class PreviewReportRequest(_message.Message):
    __slots__ = ("report_type", "name", "description", "parameters", "format", "columns", "sort_by", "sort_order")
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    report_type: _report_pb2.ReportType
    name: str
    description: str
    parameters: _report_pb2.ReportParameters
    format: _report_pb2.ReportFormat
    columns: _containers.RepeatedScalarFieldContainer[str]
    sort_by: str
    sort_order: str
    def __init__(self, report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., columns: _Optional[_Iterable[str]] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ...) -> None: ...

class ReportPreview(_message.Message):
    __slots__ = ("document", "row_count", "cut_short", "parameters")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    CUT_SHORT_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    document: _struct_pb2.Struct
    row_count: int
    cut_short: bool
    parameters: _report_pb2.ReportParameters
    def __init__(self, document: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., row_count: _Optional[int] = ..., cut_short: _Optional[bool] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ...) -> None: ...

class GetReportRequest(_message.Message):
    __slots__ = ("report_id",)
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    def __init__(self, report_id: _Optional[str] = ...) -> None: ...

class UpdateReportRequest(_message.Message):
    __slots__ = ("report_id", "name", "description", "parameters", "format", "columns", "sort_by", "sort_order", "is_template", "template_name", "metadata", "etag", "update_mask", "retention_days")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    IS_TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    name: str
    description: str
    parameters: _report_pb2.ReportParameters
    format: _report_pb2.ReportFormat
    columns: _containers.RepeatedScalarFieldContainer[str]
    sort_by: str
    sort_order: str
    is_template: bool
    template_name: str
    metadata: _struct_pb2.Struct
    etag: str
    update_mask: _containers.RepeatedScalarFieldContainer[str]
    retention_days: int
    def __init__(self, report_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., columns: _Optional[_Iterable[str]] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ..., is_template: _Optional[bool] = ..., template_name: _Optional[str] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., etag: _Optional[str] = ..., update_mask: _Optional[_Iterable[str]] = ..., retention_days: _Optional[int] = ...) -> None: ...

class DeleteReportRequest(_message.Message):
    __slots__ = ("report_id", "etag")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    etag: str
    def __init__(self, report_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteReportResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetReportStatsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReportStats(_message.Message):
    __slots__ = ("total", "completed", "running", "failed", "total_downloads", "by_type", "by_format")
    class ByTypeEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ByFormatEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_DOWNLOADS_FIELD_NUMBER: _ClassVar[int]
    BY_TYPE_FIELD_NUMBER: _ClassVar[int]
    BY_FORMAT_FIELD_NUMBER: _ClassVar[int]
    total: int
    completed: int
    running: int
    failed: int
    total_downloads: int
    by_type: _containers.ScalarMap[str, int]
    by_format: _containers.ScalarMap[str, int]
    def __init__(self, total: _Optional[int] = ..., completed: _Optional[int] = ..., running: _Optional[int] = ..., failed: _Optional[int] = ..., total_downloads: _Optional[int] = ..., by_type: _Optional[_Mapping[str, int]] = ..., by_format: _Optional[_Mapping[str, int]] = ...) -> None: ...

class ListReportsRequest(_message.Message):
    __slots__ = ("report_type", "status", "format", "templates_only", "skip", "limit", "page_size", "page_token")
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    TEMPLATES_ONLY_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    report_type: _report_pb2.ReportType
    status: _report_pb2.ReportStatus
    format: _report_pb2.ReportFormat
    templates_only: bool
    skip: int
    limit: int
    page_size: int
    page_token: str
    def __init__(self, report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., status: _Optional[_Union[_report_pb2.ReportStatus, str]] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., templates_only: _Optional[bool] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListReportsResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more", "next_page_token")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_report_pb2.Report]
    total: int
    skip: int
    limit: int
    has_more: bool
    next_page_token: str
    def __init__(self, items: _Optional[_Iterable[_Union[_report_pb2.Report, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ExecuteReportRequest(_message.Message):
    __slots__ = ("report_id", "format", "parameters", "priority")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    format: _report_pb2.ReportFormat
    parameters: _report_pb2.ReportParameters
    priority: _report_execution_pb2.Priority
    def __init__(self, report_id: _Optional[str] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., priority: _Optional[_Union[_report_execution_pb2.Priority, str]] = ...) -> None: ...

class GetReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id",)
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    def __init__(self, execution_id: _Optional[str] = ...) -> None: ...

class RerunReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id", "format", "now")
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    format: _report_pb2.ReportFormat
    now: bool
    def __init__(self, execution_id: _Optional[str] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., now: _Optional[bool] = ...) -> None: ...

class CancelReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id",)
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    def __init__(self, execution_id: _Optional[str] = ...) -> None: ...

class RetryReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id",)
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    def __init__(self, execution_id: _Optional[str] = ...) -> None: ...

class WatchReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id",)
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    def __init__(self, execution_id: _Optional[str] = ...) -> None: ...

class CompareReportExecutionsRequest(_message.Message):
    __slots__ = ("execution_id", "other_execution_id")
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    other_execution_id: str
    def __init__(self, execution_id: _Optional[str] = ..., other_execution_id: _Optional[str] = ...) -> None: ...

class ReportComparison(_message.Message):
    __slots__ = ("first", "second", "first_answers", "second_answers", "differences", "difference_count")
    FIRST_FIELD_NUMBER: _ClassVar[int]
    SECOND_FIELD_NUMBER: _ClassVar[int]
    FIRST_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    SECOND_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    first: _report_execution_pb2.ReportExecution
    second: _report_execution_pb2.ReportExecution
    first_answers: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Answer]
    second_answers: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Answer]
    differences: _containers.RepeatedCompositeFieldContainer[FigureDifference]
    difference_count: int
    def __init__(self, first: _Optional[_Union[_report_execution_pb2.ReportExecution, _Mapping]] = ..., second: _Optional[_Union[_report_execution_pb2.ReportExecution, _Mapping]] = ..., first_answers: _Optional[_Iterable[_Union[_answer_pb2.Answer, _Mapping]]] = ..., second_answers: _Optional[_Iterable[_Union[_answer_pb2.Answer, _Mapping]]] = ..., differences: _Optional[_Iterable[_Union[FigureDifference, _Mapping]]] = ..., difference_count: _Optional[int] = ...) -> None: ...

class FigureDifference(_message.Message):
    __slots__ = ("question", "row", "metric", "first_value", "second_value", "difference")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ROW_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    FIRST_VALUE_FIELD_NUMBER: _ClassVar[int]
    SECOND_VALUE_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    question: int
    row: str
    metric: str
    first_value: str
    second_value: str
    difference: str
    def __init__(self, question: _Optional[int] = ..., row: _Optional[str] = ..., metric: _Optional[str] = ..., first_value: _Optional[str] = ..., second_value: _Optional[str] = ..., difference: _Optional[str] = ...) -> None: ...

class ListReportExecutionsRequest(_message.Message):
    __slots__ = ("report_id", "status", "skip", "limit")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    status: _report_pb2.ReportStatus
    skip: int
    limit: int
    def __init__(self, report_id: _Optional[str] = ..., status: _Optional[_Union[_report_pb2.ReportStatus, str]] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListReportExecutionsResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_report_execution_pb2.ReportExecution]
    total: int
    skip: int
    limit: int
    has_more: bool
    def __init__(self, items: _Optional[_Iterable[_Union[_report_execution_pb2.ReportExecution, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...

class DownloadReportExecutionRequest(_message.Message):
    __slots__ = ("execution_id", "token", "offset", "length", "caller_practice_id")
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    CALLER_PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    token: str
    offset: int
    length: int
    caller_practice_id: str
    def __init__(self, execution_id: _Optional[str] = ..., token: _Optional[str] = ..., offset: _Optional[int] = ..., length: _Optional[int] = ..., caller_practice_id: _Optional[str] = ...) -> None: ...

class DownloadReportExecutionResponse(_message.Message):
    __slots__ = ("data", "file_name", "content_type", "file_size", "sha256")
    DATA_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILE_SIZE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    file_name: str
    content_type: str
    file_size: int
    sha256: str
    def __init__(self, data: _Optional[bytes] = ..., file_name: _Optional[str] = ..., content_type: _Optional[str] = ..., file_size: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...
