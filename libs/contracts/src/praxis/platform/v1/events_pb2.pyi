import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Envelope(_message.Message):
    __slots__ = ("envelope_id", "practice_id", "source_system", "events")
    ENVELOPE_ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    envelope_id: str
    practice_id: str
    source_system: str
    events: _containers.RepeatedCompositeFieldContainer[Event]
    def __init__(self, envelope_id: _Optional[str] = ..., practice_id: _Optional[str] = ..., source_system: _Optional[str] = ..., events: _Optional[_Iterable[_Union[Event, _Mapping]]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("event_id", "occurred_at", "version", "voided", "patient", "encounter", "charge", "claim", "ledger_entry", "appointment")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VOIDED_FIELD_NUMBER: _ClassVar[int]
    PATIENT_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_FIELD_NUMBER: _ClassVar[int]
    CHARGE_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    LEDGER_ENTRY_FIELD_NUMBER: _ClassVar[int]
    APPOINTMENT_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    occurred_at: _timestamp_pb2.Timestamp
    version: int
    voided: bool
    patient: Patient
    encounter: Encounter
    charge: Charge
    claim: Claim
    ledger_entry: LedgerEntry
    appointment: Appointment
    def __init__(self, event_id: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ..., voided: _Optional[bool] = ..., patient: _Optional[_Union[Patient, _Mapping]] = ..., encounter: _Optional[_Union[Encounter, _Mapping]] = ..., charge: _Optional[_Union[Charge, _Mapping]] = ..., claim: _Optional[_Union[Claim, _Mapping]] = ..., ledger_entry: _Optional[_Union[LedgerEntry, _Mapping]] = ..., appointment: _Optional[_Union[Appointment, _Mapping]] = ...) -> None: ...

class Patient(_message.Message):
    __slots__ = ("id", "mrn", "family_name", "given_name", "birth_date", "sex", "postal_code", "deceased_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    MRN_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    BIRTH_DATE_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    DECEASED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    mrn: str
    family_name: str
    given_name: str
    birth_date: str
    sex: str
    postal_code: str
    deceased_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., mrn: _Optional[str] = ..., family_name: _Optional[str] = ..., given_name: _Optional[str] = ..., birth_date: _Optional[str] = ..., sex: _Optional[str] = ..., postal_code: _Optional[str] = ..., deceased_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Encounter(_message.Message):
    __slots__ = ("id", "patient_id", "provider_id", "type_code", "status", "start_at", "end_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_FIELD_NUMBER: _ClassVar[int]
    TYPE_CODE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    START_AT_FIELD_NUMBER: _ClassVar[int]
    END_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    provider_id: str
    type_code: str
    status: str
    start_at: _timestamp_pb2.Timestamp
    end_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., type_code: _Optional[str] = ..., status: _Optional[str] = ..., start_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., **kwargs) -> None: ...

class Payer(_message.Message):
    __slots__ = ("id", "name", "payer_class")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PAYER_CLASS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    payer_class: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., payer_class: _Optional[str] = ...) -> None: ...

class Charge(_message.Message):
    __slots__ = ("id", "patient_id", "encounter_id", "claim_id", "provider_id", "payer", "code", "amount", "currency", "service_date", "posting_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    SERVICE_DATE_FIELD_NUMBER: _ClassVar[int]
    POSTING_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    encounter_id: str
    claim_id: str
    provider_id: str
    payer: Payer
    code: str
    amount: str
    currency: str
    service_date: str
    posting_date: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., claim_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., payer: _Optional[_Union[Payer, _Mapping]] = ..., code: _Optional[str] = ..., amount: _Optional[str] = ..., currency: _Optional[str] = ..., service_date: _Optional[str] = ..., posting_date: _Optional[str] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("id", "patient_id", "encounter_id", "provider_id", "payer", "kind", "billed", "currency", "created_on", "service_from")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    BILLED_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    CREATED_ON_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FROM_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    encounter_id: str
    provider_id: str
    payer: Payer
    kind: str
    billed: str
    currency: str
    created_on: str
    service_from: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., payer: _Optional[_Union[Payer, _Mapping]] = ..., kind: _Optional[str] = ..., billed: _Optional[str] = ..., currency: _Optional[str] = ..., created_on: _Optional[str] = ..., service_from: _Optional[str] = ...) -> None: ...

class LedgerEntry(_message.Message):
    __slots__ = ("id", "patient_id", "claim_id", "encounter_id", "provider_id", "payer", "entry", "reason", "method", "amount", "currency", "posting_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    POSTING_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    claim_id: str
    encounter_id: str
    provider_id: str
    payer: Payer
    entry: str
    reason: str
    method: str
    amount: str
    currency: str
    posting_date: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., claim_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., payer: _Optional[_Union[Payer, _Mapping]] = ..., entry: _Optional[str] = ..., reason: _Optional[str] = ..., method: _Optional[str] = ..., amount: _Optional[str] = ..., currency: _Optional[str] = ..., posting_date: _Optional[str] = ...) -> None: ...

class Appointment(_message.Message):
    __slots__ = ("id", "patient_id", "provider_id", "status", "start_at", "end_at", "booked_at", "cancelled_at", "encounter_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    START_AT_FIELD_NUMBER: _ClassVar[int]
    END_AT_FIELD_NUMBER: _ClassVar[int]
    BOOKED_AT_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_AT_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    provider_id: str
    status: str
    start_at: _timestamp_pb2.Timestamp
    end_at: _timestamp_pb2.Timestamp
    booked_at: _timestamp_pb2.Timestamp
    cancelled_at: _timestamp_pb2.Timestamp
    encounter_id: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., status: _Optional[str] = ..., start_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., booked_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cancelled_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., encounter_id: _Optional[str] = ...) -> None: ...
