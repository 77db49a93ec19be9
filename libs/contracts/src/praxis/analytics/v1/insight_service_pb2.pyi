from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetChangeRequest(_message.Message):
    __slots__ = ("metric", "dimension", "period", "filters")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    metric: str
    dimension: str
    period: _answer_pb2.Period
    filters: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Filter]
    def __init__(self, metric: _Optional[str] = ..., dimension: _Optional[str] = ..., period: _Optional[_Union[_answer_pb2.Period, _Mapping]] = ..., filters: _Optional[_Iterable[_Union[_answer_pb2.Filter, _Mapping]]] = ...) -> None: ...

class ChangePart(_message.Message):
    __slots__ = ("key", "label", "value", "comparison_value", "amount", "rate_amount", "mix_amount")
    KEY_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_VALUE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    RATE_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MIX_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    key: str
    label: str
    value: str
    comparison_value: str
    amount: str
    rate_amount: str
    mix_amount: str
    def __init__(self, key: _Optional[str] = ..., label: _Optional[str] = ..., value: _Optional[str] = ..., comparison_value: _Optional[str] = ..., amount: _Optional[str] = ..., rate_amount: _Optional[str] = ..., mix_amount: _Optional[str] = ...) -> None: ...

class Restatement(_message.Message):
    __slots__ = ("revision", "value", "amount")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    revision: int
    value: str
    amount: str
    def __init__(self, revision: _Optional[int] = ..., value: _Optional[str] = ..., amount: _Optional[str] = ...) -> None: ...

class Change(_message.Message):
    __slots__ = ("metric", "start_date", "end_date", "comparison_start_date", "comparison_end_date", "figure", "amount", "parts", "restatement", "sentence", "as_of", "receipt")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    FIGURE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    RESTATEMENT_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    metric: _answer_pb2.MetricUse
    start_date: str
    end_date: str
    comparison_start_date: str
    comparison_end_date: str
    figure: _answer_pb2.Figure
    amount: str
    parts: _containers.RepeatedCompositeFieldContainer[ChangePart]
    restatement: Restatement
    sentence: str
    as_of: _answer_pb2.AsOf
    receipt: str
    def __init__(self, metric: _Optional[_Union[_answer_pb2.MetricUse, _Mapping]] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ..., figure: _Optional[_Union[_answer_pb2.Figure, _Mapping]] = ..., amount: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[ChangePart, _Mapping]]] = ..., restatement: _Optional[_Union[Restatement, _Mapping]] = ..., sentence: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., receipt: _Optional[str] = ...) -> None: ...

class ListWorkListsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WorkList(_message.Message):
    __slots__ = ("id", "title", "description", "next_step", "items", "amount", "recovered_amount")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    NEXT_STEP_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    RECOVERED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    description: str
    next_step: str
    items: int
    amount: str
    recovered_amount: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., next_step: _Optional[str] = ..., items: _Optional[int] = ..., amount: _Optional[str] = ..., recovered_amount: _Optional[str] = ...) -> None: ...

class ListWorkListsResponse(_message.Message):
    __slots__ = ("work_lists", "today", "currency", "as_of")
    WORK_LISTS_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    work_lists: _containers.RepeatedCompositeFieldContainer[WorkList]
    today: str
    currency: str
    as_of: _answer_pb2.AsOf
    def __init__(self, work_lists: _Optional[_Iterable[_Union[WorkList, _Mapping]]] = ..., today: _Optional[str] = ..., currency: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ...) -> None: ...

class ListWorkItemsRequest(_message.Message):
    __slots__ = ("work_list_id", "page_size", "page_token", "revision", "today")
    WORK_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    work_list_id: str
    page_size: int
    page_token: str
    revision: int
    today: str
    def __init__(self, work_list_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., revision: _Optional[int] = ..., today: _Optional[str] = ...) -> None: ...

class WorkItem(_message.Message):
    __slots__ = ("id", "source_id", "amount", "reason", "due_date", "days_left", "date", "provider", "payer", "patient_id", "patient_name")
    ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_LEFT_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    source_id: str
    amount: str
    reason: str
    due_date: str
    days_left: int
    date: str
    provider: str
    payer: str
    patient_id: str
    patient_name: str
    def __init__(self, id: _Optional[str] = ..., source_id: _Optional[str] = ..., amount: _Optional[str] = ..., reason: _Optional[str] = ..., due_date: _Optional[str] = ..., days_left: _Optional[int] = ..., date: _Optional[str] = ..., provider: _Optional[str] = ..., payer: _Optional[str] = ..., patient_id: _Optional[str] = ..., patient_name: _Optional[str] = ...) -> None: ...

class ListWorkItemsResponse(_message.Message):
    __slots__ = ("items", "next_page_token")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[WorkItem]
    next_page_token: str
    def __init__(self, items: _Optional[_Iterable[_Union[WorkItem, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
