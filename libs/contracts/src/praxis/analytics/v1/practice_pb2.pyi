import datetime

from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TargetDirection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TARGET_DIRECTION_UNSPECIFIED: _ClassVar[TargetDirection]
    TARGET_DIRECTION_HIGHER_IS_BETTER: _ClassVar[TargetDirection]
    TARGET_DIRECTION_LOWER_IS_BETTER: _ClassVar[TargetDirection]
TARGET_DIRECTION_UNSPECIFIED: TargetDirection
TARGET_DIRECTION_HIGHER_IS_BETTER: TargetDirection
TARGET_DIRECTION_LOWER_IS_BETTER: TargetDirection

class Practice(_message.Message):
    __slots__ = ("id", "name", "time_zone", "currency", "fiscal_year_start_month", "accrual_basis", "business_date", "today", "revision", "week_start", "holidays", "active_patient_months", "small_cell_limit", "minimum_survey_answers", "minimum_ranking_answers", "variants", "etag")
    class VariantsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_START_MONTH_FIELD_NUMBER: _ClassVar[int]
    ACCRUAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    WEEK_START_FIELD_NUMBER: _ClassVar[int]
    HOLIDAYS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_PATIENT_MONTHS_FIELD_NUMBER: _ClassVar[int]
    SMALL_CELL_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_SURVEY_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_RANKING_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    time_zone: str
    currency: str
    fiscal_year_start_month: int
    accrual_basis: bool
    business_date: str
    today: str
    revision: int
    week_start: int
    holidays: _containers.RepeatedScalarFieldContainer[str]
    active_patient_months: int
    small_cell_limit: int
    minimum_survey_answers: int
    minimum_ranking_answers: int
    variants: _containers.ScalarMap[str, str]
    etag: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., time_zone: _Optional[str] = ..., currency: _Optional[str] = ..., fiscal_year_start_month: _Optional[int] = ..., accrual_basis: _Optional[bool] = ..., business_date: _Optional[str] = ..., today: _Optional[str] = ..., revision: _Optional[int] = ..., week_start: _Optional[int] = ..., holidays: _Optional[_Iterable[str]] = ..., active_patient_months: _Optional[int] = ..., small_cell_limit: _Optional[int] = ..., minimum_survey_answers: _Optional[int] = ..., minimum_ranking_answers: _Optional[int] = ..., variants: _Optional[_Mapping[str, str]] = ..., etag: _Optional[str] = ...) -> None: ...

class PracticeChange(_message.Message):
    __slots__ = ("version", "revision", "changed_at", "changed_by", "fields", "settings")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_BY_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    version: int
    revision: int
    changed_at: _timestamp_pb2.Timestamp
    changed_by: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    settings: _struct_pb2.Struct
    def __init__(self, version: _Optional[int] = ..., revision: _Optional[int] = ..., changed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., changed_by: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ..., settings: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class MetricTarget(_message.Message):
    __slots__ = ("metric_id", "label", "unit", "direction", "good_limit", "warning_limit", "effective_from", "is_default", "set_by", "set_at", "etag")
    METRIC_ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    GOOD_LIMIT_FIELD_NUMBER: _ClassVar[int]
    WARNING_LIMIT_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_FROM_FIELD_NUMBER: _ClassVar[int]
    IS_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    SET_BY_FIELD_NUMBER: _ClassVar[int]
    SET_AT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    metric_id: str
    label: str
    unit: str
    direction: TargetDirection
    good_limit: float
    warning_limit: float
    effective_from: str
    is_default: bool
    set_by: str
    set_at: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, metric_id: _Optional[str] = ..., label: _Optional[str] = ..., unit: _Optional[str] = ..., direction: _Optional[_Union[TargetDirection, str]] = ..., good_limit: _Optional[float] = ..., warning_limit: _Optional[float] = ..., effective_from: _Optional[str] = ..., is_default: _Optional[bool] = ..., set_by: _Optional[str] = ..., set_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class StaffUser(_message.Message):
    __slots__ = ("id", "display_name", "role", "department", "active")
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    role: str
    department: str
    active: bool
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., role: _Optional[str] = ..., department: _Optional[str] = ..., active: _Optional[bool] = ...) -> None: ...
