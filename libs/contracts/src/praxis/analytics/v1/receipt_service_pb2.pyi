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

class ListReceiptRowsRequest(_message.Message):
    __slots__ = ("receipt", "field", "component", "bucket", "keys", "page_size", "page_token")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    receipt: str
    field: str
    component: str
    bucket: str
    keys: _containers.RepeatedScalarFieldContainer[str]
    page_size: int
    page_token: str
    def __init__(self, receipt: _Optional[str] = ..., field: _Optional[str] = ..., component: _Optional[str] = ..., bucket: _Optional[str] = ..., keys: _Optional[_Iterable[str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class DrillComponent(_message.Message):
    __slots__ = ("name", "description", "rows", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    rows: int
    value: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., rows: _Optional[int] = ..., value: _Optional[str] = ...) -> None: ...

class DrillRow(_message.Message):
    __slots__ = ("id", "amount", "date", "provider", "payer", "source_system", "source_id", "patient_id", "patient_name", "details")
    class DetailsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_NAME_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    id: str
    amount: str
    date: str
    provider: str
    payer: str
    source_system: str
    source_id: str
    patient_id: str
    patient_name: str
    details: _containers.ScalarMap[str, str]
    def __init__(self, id: _Optional[str] = ..., amount: _Optional[str] = ..., date: _Optional[str] = ..., provider: _Optional[str] = ..., payer: _Optional[str] = ..., source_system: _Optional[str] = ..., source_id: _Optional[str] = ..., patient_id: _Optional[str] = ..., patient_name: _Optional[str] = ..., details: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ListReceiptRowsResponse(_message.Message):
    __slots__ = ("metric", "component", "components", "rows", "next_page_token", "as_of")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    metric: _answer_pb2.MetricUse
    component: DrillComponent
    components: _containers.RepeatedScalarFieldContainer[str]
    rows: _containers.RepeatedCompositeFieldContainer[DrillRow]
    next_page_token: str
    as_of: _answer_pb2.AsOf
    def __init__(self, metric: _Optional[_Union[_answer_pb2.MetricUse, _Mapping]] = ..., component: _Optional[_Union[DrillComponent, _Mapping]] = ..., components: _Optional[_Iterable[str]] = ..., rows: _Optional[_Iterable[_Union[DrillRow, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ...) -> None: ...

class GetReceiptDifferenceRequest(_message.Message):
    __slots__ = ("receipt", "field", "bucket", "keys")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    receipt: str
    field: str
    bucket: str
    keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, receipt: _Optional[str] = ..., field: _Optional[str] = ..., bucket: _Optional[str] = ..., keys: _Optional[_Iterable[str]] = ...) -> None: ...

class DifferenceReason(_message.Message):
    __slots__ = ("reason", "rows", "amount")
    REASON_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    rows: int
    amount: str
    def __init__(self, reason: _Optional[str] = ..., rows: _Optional[int] = ..., amount: _Optional[str] = ...) -> None: ...

class ComponentDifference(_message.Message):
    __slots__ = ("name", "description", "amount", "reasons")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    amount: str
    reasons: _containers.RepeatedCompositeFieldContainer[DifferenceReason]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., amount: _Optional[str] = ..., reasons: _Optional[_Iterable[_Union[DifferenceReason, _Mapping]]] = ...) -> None: ...

class FigureMove(_message.Message):
    __slots__ = ("metric", "figure", "figure_now", "difference", "components", "sentence")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    FIGURE_FIELD_NUMBER: _ClassVar[int]
    FIGURE_NOW_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    metric: _answer_pb2.MetricUse
    figure: _answer_pb2.Figure
    figure_now: _answer_pb2.Figure
    difference: str
    components: _containers.RepeatedCompositeFieldContainer[ComponentDifference]
    sentence: str
    def __init__(self, metric: _Optional[_Union[_answer_pb2.MetricUse, _Mapping]] = ..., figure: _Optional[_Union[_answer_pb2.Figure, _Mapping]] = ..., figure_now: _Optional[_Union[_answer_pb2.Figure, _Mapping]] = ..., difference: _Optional[str] = ..., components: _Optional[_Iterable[_Union[ComponentDifference, _Mapping]]] = ..., sentence: _Optional[str] = ...) -> None: ...

class ReceiptDifference(_message.Message):
    __slots__ = ("as_of", "as_of_now", "figures")
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    AS_OF_NOW_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    as_of: _answer_pb2.AsOf
    as_of_now: _answer_pb2.AsOf
    figures: _containers.RepeatedCompositeFieldContainer[FigureMove]
    def __init__(self, as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., as_of_now: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., figures: _Optional[_Iterable[_Union[FigureMove, _Mapping]]] = ...) -> None: ...
