from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class ExecutionEnded(_message.Message):
    __slots__ = ("execution_id", "report_id", "practice_id", "status", "file_size")
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FILE_SIZE_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    report_id: str
    practice_id: str
    status: str
    file_size: int
    def __init__(self, execution_id: _Optional[str] = ..., report_id: _Optional[str] = ..., practice_id: _Optional[str] = ..., status: _Optional[str] = ..., file_size: _Optional[int] = ...) -> None: ...

class ExecutionQueued(_message.Message):
    __slots__ = ("execution_id", "report_id", "practice_id")
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    report_id: str
    practice_id: str
    def __init__(self, execution_id: _Optional[str] = ..., report_id: _Optional[str] = ..., practice_id: _Optional[str] = ...) -> None: ...

class ReportCreated(_message.Message):
    __slots__ = ("report_id", "practice_id")
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    report_id: str
    practice_id: str
    def __init__(self, report_id: _Optional[str] = ..., practice_id: _Optional[str] = ...) -> None: ...
