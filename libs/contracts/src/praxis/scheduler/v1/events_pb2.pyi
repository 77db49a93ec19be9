import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.report.v1 import report_pb2 as _report_pb2
from praxis.scheduler.v1 import schedule_pb2 as _schedule_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ScheduleFired(_message.Message):
    __slots__ = ("schedule_id", "firing_id", "practice_id", "fire_time", "report_id", "report_type", "format", "parameters", "owner_user_id", "owner_roles", "delivery", "schedule_name", "fire_date", "retention_days")
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    FIRING_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    FIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    OWNER_USER_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_ROLES_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_NAME_FIELD_NUMBER: _ClassVar[int]
    FIRE_DATE_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    schedule_id: str
    firing_id: str
    practice_id: str
    fire_time: _timestamp_pb2.Timestamp
    report_id: str
    report_type: _report_pb2.ReportType
    format: _report_pb2.ReportFormat
    parameters: _report_pb2.ReportParameters
    owner_user_id: str
    owner_roles: _containers.RepeatedScalarFieldContainer[str]
    delivery: _schedule_pb2.DeliveryMethod
    schedule_name: str
    fire_date: str
    retention_days: int
    def __init__(self, schedule_id: _Optional[str] = ..., firing_id: _Optional[str] = ..., practice_id: _Optional[str] = ..., fire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., report_id: _Optional[str] = ..., report_type: _Optional[_Union[_report_pb2.ReportType, str]] = ..., format: _Optional[_Union[_report_pb2.ReportFormat, str]] = ..., parameters: _Optional[_Union[_report_pb2.ReportParameters, _Mapping]] = ..., owner_user_id: _Optional[str] = ..., owner_roles: _Optional[_Iterable[str]] = ..., delivery: _Optional[_Union[_schedule_pb2.DeliveryMethod, str]] = ..., schedule_name: _Optional[str] = ..., fire_date: _Optional[str] = ..., retention_days: _Optional[int] = ...) -> None: ...
