from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class ExecutionEnded(_message.Message):
    __slots__ = ("execution_id", "report_id", "practice_id", "status", "file_size", "schedule_id", "firing_id", "error_message")
    EXECUTION_ID_FIELD_NUMBER: _ClassVar[int]
    REPORT_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FILE_SIZE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_ID_FIELD_NUMBER: _ClassVar[int]
    FIRING_ID_FIELD_NUMBER: _ClassVar[int]
    ERROR_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    execution_id: str
    report_id: str
    practice_id: str
    status: str
    file_size: int
    schedule_id: str
    firing_id: str
    error_message: str
    def __init__(self, execution_id: _Optional[str] = ..., report_id: _Optional[str] = ..., practice_id: _Optional[str] = ..., status: _Optional[str] = ..., file_size: _Optional[int] = ..., schedule_id: _Optional[str] = ..., firing_id: _Optional[str] = ..., error_message: _Optional[str] = ...) -> None: ...

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
