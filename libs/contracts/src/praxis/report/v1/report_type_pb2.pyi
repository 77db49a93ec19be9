from praxis.report.v1 import report_pb2 as _report_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListReportTypesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListReportTypesResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ReportTypeInfo]
    def __init__(self, items: _Optional[_Iterable[_Union[ReportTypeInfo, _Mapping]]] = ...) -> None: ...

class ReportTypeInfo(_message.Message):
    __slots__ = ("report_type", "title", "description", "sections", "parameters", "formats", "phi_levels", "permission", "is_allowed")
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SECTIONS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    FORMATS_FIELD_NUMBER: _ClassVar[int]
    PHI_LEVELS_FIELD_NUMBER: _ClassVar[int]
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    IS_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    report_type: _report_pb2.ReportType
    title: str
    description: str
    sections: _containers.RepeatedCompositeFieldContainer[ReportTypeSection]
    parameters: _containers.RepeatedCompositeFieldContainer[ReportTypeParameter]
    formats: _containers.RepeatedScalarFieldContainer[_report_pb2.ReportFormat]
    phi_levels: _containers.RepeatedScalarFieldContainer[_report_pb2.PhiLevel]
    permission: str
    is_allowed: bool
    def __init__(self, report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., sections: _Optional[_Iterable[_Union[ReportTypeSection, _Mapping]]] = ..., parameters: _Optional[_Iterable[_Union[ReportTypeParameter, _Mapping]]] = ..., formats: _Optional[_Iterable[_Union[_report_pb2.ReportFormat, str]]] = ..., phi_levels: _Optional[_Iterable[_Union[_report_pb2.PhiLevel, str]]] = ..., permission: _Optional[str] = ..., is_allowed: _Optional[bool] = ...) -> None: ...

class ReportTypeSection(_message.Message):
    __slots__ = ("kind", "title", "metrics", "group_by")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    kind: str
    title: str
    metrics: _containers.RepeatedScalarFieldContainer[str]
    group_by: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[str] = ..., title: _Optional[str] = ..., metrics: _Optional[_Iterable[str]] = ..., group_by: _Optional[_Iterable[str]] = ...) -> None: ...

class ReportTypeParameter(_message.Message):
    __slots__ = ("name", "type", "description", "is_required", "is_list", "default", "values")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    IS_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    IS_LIST_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    description: str
    is_required: bool
    is_list: bool
    default: str
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., description: _Optional[str] = ..., is_required: _Optional[bool] = ..., is_list: _Optional[bool] = ..., default: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...
