from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Practice(_message.Message):
    __slots__ = ("id", "name", "time_zone", "currency", "fiscal_year_start_month", "accrual_basis", "business_date", "today", "revision")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_START_MONTH_FIELD_NUMBER: _ClassVar[int]
    ACCRUAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    time_zone: str
    currency: str
    fiscal_year_start_month: int
    accrual_basis: bool
    business_date: str
    today: str
    revision: int
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., time_zone: _Optional[str] = ..., currency: _Optional[str] = ..., fiscal_year_start_month: _Optional[int] = ..., accrual_basis: _Optional[bool] = ..., business_date: _Optional[str] = ..., today: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...
