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

class StreamSqlRequest(_message.Message):
    __slots__ = ("sql", "limit", "is_plain")
    SQL_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    IS_PLAIN_FIELD_NUMBER: _ClassVar[int]
    sql: str
    limit: int
    is_plain: bool
    def __init__(self, sql: _Optional[str] = ..., limit: _Optional[int] = ..., is_plain: _Optional[bool] = ...) -> None: ...

class SqlPiece(_message.Message):
    __slots__ = ("columns", "lines", "rows", "as_of", "synthetic", "sql")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    SQL_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[SqlColumn]
    lines: bytes
    rows: int
    as_of: _answer_pb2.AsOf
    synthetic: bool
    sql: str
    def __init__(self, columns: _Optional[_Iterable[_Union[SqlColumn, _Mapping]]] = ..., lines: _Optional[bytes] = ..., rows: _Optional[int] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., synthetic: _Optional[bool] = ..., sql: _Optional[str] = ...) -> None: ...

class ListSqlViewsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SqlColumn(_message.Message):
    __slots__ = ("name", "type", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    description: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class SqlView(_message.Message):
    __slots__ = ("name", "description", "columns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    columns: _containers.RepeatedCompositeFieldContainer[SqlColumn]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., columns: _Optional[_Iterable[_Union[SqlColumn, _Mapping]]] = ...) -> None: ...

class ListSqlViewsResponse(_message.Message):
    __slots__ = ("views",)
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    views: _containers.RepeatedCompositeFieldContainer[SqlView]
    def __init__(self, views: _Optional[_Iterable[_Union[SqlView, _Mapping]]] = ...) -> None: ...

class CheckSqlRequest(_message.Message):
    __slots__ = ("sql",)
    SQL_FIELD_NUMBER: _ClassVar[int]
    sql: str
    def __init__(self, sql: _Optional[str] = ...) -> None: ...

class CheckSqlResponse(_message.Message):
    __slots__ = ("sql", "columns", "estimated_rows", "estimated_cost")
    SQL_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_ROWS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_COST_FIELD_NUMBER: _ClassVar[int]
    sql: str
    columns: _containers.RepeatedCompositeFieldContainer[SqlColumn]
    estimated_rows: int
    estimated_cost: float
    def __init__(self, sql: _Optional[str] = ..., columns: _Optional[_Iterable[_Union[SqlColumn, _Mapping]]] = ..., estimated_rows: _Optional[int] = ..., estimated_cost: _Optional[float] = ...) -> None: ...

class RunSqlRequest(_message.Message):
    __slots__ = ("sql", "limit")
    SQL_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    sql: str
    limit: int
    def __init__(self, sql: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class SqlRow(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedCompositeFieldContainer[SqlValue]
    def __init__(self, values: _Optional[_Iterable[_Union[SqlValue, _Mapping]]] = ...) -> None: ...

class SqlValue(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class RunSqlResponse(_message.Message):
    __slots__ = ("columns", "rows", "truncated", "as_of", "synthetic", "sql")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    SYNTHETIC_FIELD_NUMBER: _ClassVar[int]
    SQL_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[SqlColumn]
    rows: _containers.RepeatedCompositeFieldContainer[SqlRow]
    truncated: bool
    as_of: _answer_pb2.AsOf
    synthetic: bool
    sql: str
    def __init__(self, columns: _Optional[_Iterable[_Union[SqlColumn, _Mapping]]] = ..., rows: _Optional[_Iterable[_Union[SqlRow, _Mapping]]] = ..., truncated: _Optional[bool] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., synthetic: _Optional[bool] = ..., sql: _Optional[str] = ...) -> None: ...
