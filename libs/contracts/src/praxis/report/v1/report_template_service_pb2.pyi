import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportTemplate(_message.Message):
    __slots__ = ("id", "template_name", "description", "version", "is_starter", "is_built", "report_type", "format", "parameters", "columns", "sort_by", "sort_order", "created_by_user_id", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    IS_STARTER_FIELD_NUMBER: _ClassVar[int]
    IS_BUILT_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_USER_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    template_name: str
    description: str
    version: int
    is_starter: bool
    is_built: bool
    report_type: _report_pb2.ReportType
    format: _report_pb2.ReportFormat
    parameters: _report_pb2.ReportParameters
    columns: _containers.RepeatedScalarFieldContainer[str]
    sort_by: str
    sort_order: str
    created_by_user_id: str
    created_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., template_name: _Optional[str] = ..., description: _Optional[str] = ..., version: _Optional[int] = ..., is_starter: _Optional[bool] = ..., is_built: _Optional[bool] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., columns: _Optional[_Iterable[str]] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ..., created_by_user_id: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateReportTemplateRequest(_message.Message):
    __slots__ = ("report_id", "template_name")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    template_name: str
    def __init__(self, report_id: _Optional[str] = ..., template_name: _Optional[str] = ...) -> None: ...

class GetReportTemplateRequest(_message.Message):
    __slots__ = ("template_id",)
    TEMPLATE_ID_FIELD_NUMBER: _ClassVar[int]
    template_id: str
    def __init__(self, template_id: _Optional[str] = ...) -> None: ...

class ListReportTemplatesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListReportTemplatesResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ReportTemplate]
    def __init__(self, items: _Optional[_Iterable[_Union[ReportTemplate, _Mapping]]] = ...) -> None: ...

class CreateReportFromTemplateRequest(_message.Message):
    __slots__ = ("template_id", "name", "format", "parameters")
    TEMPLATE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    template_id: str
    name: str
    format: _report_pb2.ReportFormat
    parameters: _report_pb2.ReportParameters
    def __init__(self, template_id: _Optional[str] = ..., name: _Optional[str] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ...) -> None: ...
