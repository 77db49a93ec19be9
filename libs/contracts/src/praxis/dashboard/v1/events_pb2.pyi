from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class DashboardChanged(_message.Message):
    __slots__ = ("dashboard_id", "practice_id")
    DASHBOARD_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    dashboard_id: str
    practice_id: str
    def __init__(self, dashboard_id: _Optional[str] = ..., practice_id: _Optional[str] = ...) -> None: ...
