from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from praxis.analytics.v1 import practice_pb2 as _practice_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UpdatePracticeRequest(_message.Message):
    __slots__ = ("name", "time_zone", "currency", "fiscal_year_start_month", "accrual_basis", "business_date", "week_start", "holidays", "active_patient_months", "small_cell_limit", "minimum_survey_answers", "minimum_ranking_answers", "variants", "update_mask", "etag")
    class VariantsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_START_MONTH_FIELD_NUMBER: _ClassVar[int]
    ACCRUAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    WEEK_START_FIELD_NUMBER: _ClassVar[int]
    HOLIDAYS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_PATIENT_MONTHS_FIELD_NUMBER: _ClassVar[int]
    SMALL_CELL_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_SURVEY_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_RANKING_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    time_zone: str
    currency: str
    fiscal_year_start_month: int
    accrual_basis: bool
    business_date: str
    week_start: int
    holidays: _containers.RepeatedScalarFieldContainer[str]
    active_patient_months: int
    small_cell_limit: int
    minimum_survey_answers: int
    minimum_ranking_answers: int
    variants: _containers.ScalarMap[str, str]
    update_mask: _containers.RepeatedScalarFieldContainer[str]
    etag: str
    def __init__(self, name: _Optional[str] = ..., time_zone: _Optional[str] = ..., currency: _Optional[str] = ..., fiscal_year_start_month: _Optional[int] = ..., accrual_basis: _Optional[bool] = ..., business_date: _Optional[str] = ..., week_start: _Optional[int] = ..., holidays: _Optional[_Iterable[str]] = ..., active_patient_months: _Optional[int] = ..., small_cell_limit: _Optional[int] = ..., minimum_survey_answers: _Optional[int] = ..., minimum_ranking_answers: _Optional[int] = ..., variants: _Optional[_Mapping[str, str]] = ..., update_mask: _Optional[_Iterable[str]] = ..., etag: _Optional[str] = ...) -> None: ...

class ListPracticeChangesRequest(_message.Message):
    __slots__ = ("skip", "limit")
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    skip: int
    limit: int
    def __init__(self, skip: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListPracticeChangesResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_practice_pb2.PracticeChange]
    total: int
    skip: int
    limit: int
    has_more: bool
    def __init__(self, items: _Optional[_Iterable[_Union[_practice_pb2.PracticeChange, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...

class ListTargetsRequest(_message.Message):
    __slots__ = ("on",)
    ON_FIELD_NUMBER: _ClassVar[int]
    on: str
    def __init__(self, on: _Optional[str] = ...) -> None: ...

class ListTargetsResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_practice_pb2.MetricTarget]
    def __init__(self, items: _Optional[_Iterable[_Union[_practice_pb2.MetricTarget, _Mapping]]] = ...) -> None: ...

class GetTargetRequest(_message.Message):
    __slots__ = ("metric_id", "on")
    METRIC_ID_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    metric_id: str
    on: str
    def __init__(self, metric_id: _Optional[str] = ..., on: _Optional[str] = ...) -> None: ...

class SetTargetRequest(_message.Message):
    __slots__ = ("metric_id", "direction", "good_limit", "warning_limit", "effective_from", "etag")
    METRIC_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    GOOD_LIMIT_FIELD_NUMBER: _ClassVar[int]
    WARNING_LIMIT_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_FROM_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    metric_id: str
    direction: _practice_pb2.TargetDirection
    good_limit: float
    warning_limit: float
    effective_from: str
    etag: str
    def __init__(self, metric_id: _Optional[str] = ..., direction: _Optional[_Union[_practice_pb2.TargetDirection, str]] = ..., good_limit: _Optional[float] = ..., warning_limit: _Optional[float] = ..., effective_from: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteTargetRequest(_message.Message):
    __slots__ = ("metric_id", "etag")
    METRIC_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    metric_id: str
    etag: str
    def __init__(self, metric_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteTargetResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListStaffUsersRequest(_message.Message):
    __slots__ = ("active_only", "skip", "limit")
    ACTIVE_ONLY_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    active_only: bool
    skip: int
    limit: int
    def __init__(self, active_only: _Optional[bool] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListStaffUsersResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_practice_pb2.StaffUser]
    total: int
    skip: int
    limit: int
    has_more: bool
    def __init__(self, items: _Optional[_Iterable[_Union[_practice_pb2.StaffUser, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...
