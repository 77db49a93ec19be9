from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.analytics.v1 import catalogue_pb2 as _catalogue_pb2
from praxis.analytics.v1 import metrics_pb2 as _metrics_pb2
from praxis.analytics.v1 import practice_pb2 as _practice_pb2
from praxis.analytics.v1 import read_pb2 as _read_pb2
from praxis.analytics.v1 import receipt_pb2 as _receipt_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AskRequest(_message.Message):
    __slots__ = ("questions", "revision", "today")
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    questions: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Question]
    revision: int
    today: str
    def __init__(self, questions: _Optional[_Iterable[_Union[_answer_pb2.Question, _Mapping]]] = ..., revision: _Optional[int] = ..., today: _Optional[str] = ...) -> None: ...

class AskResponse(_message.Message):
    __slots__ = ("answers", "practice_name", "time_zone")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Answer]
    practice_name: str
    time_zone: str
    def __init__(self, answers: _Optional[_Iterable[_Union[_answer_pb2.Answer, _Mapping]]] = ..., practice_name: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class AskTextRequest(_message.Message):
    __slots__ = ("text", "revision", "today")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    text: str
    revision: int
    today: str
    def __init__(self, text: _Optional[str] = ..., revision: _Optional[int] = ..., today: _Optional[str] = ...) -> None: ...

class AskTextResponse(_message.Message):
    __slots__ = ("question", "answer")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    question: _answer_pb2.Question
    answer: _answer_pb2.Answer
    def __init__(self, question: _Optional[_Union[_answer_pb2.Question, _Mapping]] = ..., answer: _Optional[_Union[_answer_pb2.Answer, _Mapping]] = ...) -> None: ...

class GetMetricCatalogueRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetOverviewDashboardMetricsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetReceiptRequest(_message.Message):
    __slots__ = ("receipt", "field")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    receipt: str
    field: str
    def __init__(self, receipt: _Optional[str] = ..., field: _Optional[str] = ...) -> None: ...

class GetPracticeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
