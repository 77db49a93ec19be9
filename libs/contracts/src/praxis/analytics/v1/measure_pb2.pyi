from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Measure(_message.Message):
    __slots__ = ("id", "cms_id", "title", "description", "inverse", "code_mode", "rates", "not_evaluable")
    ID_FIELD_NUMBER: _ClassVar[int]
    CMS_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    INVERSE_FIELD_NUMBER: _ClassVar[int]
    CODE_MODE_FIELD_NUMBER: _ClassVar[int]
    RATES_FIELD_NUMBER: _ClassVar[int]
    NOT_EVALUABLE_FIELD_NUMBER: _ClassVar[int]
    id: str
    cms_id: str
    title: str
    description: str
    inverse: bool
    code_mode: str
    rates: _containers.RepeatedCompositeFieldContainer[MeasureRate]
    not_evaluable: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., cms_id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., inverse: _Optional[bool] = ..., code_mode: _Optional[str] = ..., rates: _Optional[_Iterable[_Union[MeasureRate, _Mapping]]] = ..., not_evaluable: _Optional[_Iterable[str]] = ...) -> None: ...

class MeasureRate(_message.Message):
    __slots__ = ("id", "title")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ...) -> None: ...

class MeasureResult(_message.Message):
    __slots__ = ("measure_id", "title", "inverse", "code_mode", "start_date", "end_date", "groups", "not_evaluable")
    MEASURE_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    INVERSE_FIELD_NUMBER: _ClassVar[int]
    CODE_MODE_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    NOT_EVALUABLE_FIELD_NUMBER: _ClassVar[int]
    measure_id: str
    title: str
    inverse: bool
    code_mode: str
    start_date: str
    end_date: str
    groups: _containers.RepeatedCompositeFieldContainer[MeasureGroup]
    not_evaluable: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, measure_id: _Optional[str] = ..., title: _Optional[str] = ..., inverse: _Optional[bool] = ..., code_mode: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., groups: _Optional[_Iterable[_Union[MeasureGroup, _Mapping]]] = ..., not_evaluable: _Optional[_Iterable[str]] = ...) -> None: ...

class MeasureGroup(_message.Message):
    __slots__ = ("id", "title", "initial_population", "denominator", "exclusions", "exceptions", "numerator", "eligible", "rate", "reason", "gaps", "data_warning", "strata")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    INITIAL_POPULATION_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    EXCLUSIONS_FIELD_NUMBER: _ClassVar[int]
    EXCEPTIONS_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    ELIGIBLE_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    DATA_WARNING_FIELD_NUMBER: _ClassVar[int]
    STRATA_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    initial_population: int
    denominator: int
    exclusions: int
    exceptions: int
    numerator: int
    eligible: int
    rate: float
    reason: str
    gaps: int
    data_warning: str
    strata: _containers.RepeatedCompositeFieldContainer[MeasureStratum]
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., initial_population: _Optional[int] = ..., denominator: _Optional[int] = ..., exclusions: _Optional[int] = ..., exceptions: _Optional[int] = ..., numerator: _Optional[int] = ..., eligible: _Optional[int] = ..., rate: _Optional[float] = ..., reason: _Optional[str] = ..., gaps: _Optional[int] = ..., data_warning: _Optional[str] = ..., strata: _Optional[_Iterable[_Union[MeasureStratum, _Mapping]]] = ...) -> None: ...

class MeasureStratum(_message.Message):
    __slots__ = ("id", "title", "eligible", "numerator", "rate", "reason")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ELIGIBLE_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    eligible: int
    numerator: int
    rate: float
    reason: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., eligible: _Optional[int] = ..., numerator: _Optional[int] = ..., rate: _Optional[float] = ..., reason: _Optional[str] = ...) -> None: ...

class MeasureResults(_message.Message):
    __slots__ = ("results", "as_of", "today", "synthetic")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[MeasureResult]
    as_of: _answer_pb2.AsOf
    today: str
    synthetic: bool
    def __init__(self, results: _Optional[_Iterable[_Union[MeasureResult, _Mapping]]] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., today: _Optional[str] = ..., synthetic: _Optional[bool] = ...) -> None: ...
