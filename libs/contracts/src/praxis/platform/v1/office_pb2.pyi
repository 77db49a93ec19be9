import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Provider(_message.Message):
    __slots__ = ("id", "npi", "display_name", "specialty", "credential", "location_id", "active_from", "active_to", "fte")
    ID_FIELD_NUMBER: _ClassVar[int]
    NPI_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SPECIALTY_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FROM_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_TO_FIELD_NUMBER: _ClassVar[int]
    FTE_FIELD_NUMBER: _ClassVar[int]
    id: str
    npi: str
    display_name: str
    specialty: str
    credential: str
    location_id: str
    active_from: str
    active_to: str
    fte: str
    def __init__(self, id: _Optional[str] = ..., npi: _Optional[str] = ..., display_name: _Optional[str] = ..., specialty: _Optional[str] = ..., credential: _Optional[str] = ..., location_id: _Optional[str] = ..., active_from: _Optional[str] = ..., active_to: _Optional[str] = ..., fte: _Optional[str] = ...) -> None: ...

class StaffUser(_message.Message):
    __slots__ = ("id", "display_name", "role", "department", "provider_id", "active")
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    role: str
    department: str
    provider_id: str
    active: bool
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., role: _Optional[str] = ..., department: _Optional[str] = ..., provider_id: _Optional[str] = ..., active: _Optional[bool] = ...) -> None: ...

class Location(_message.Message):
    __slots__ = ("id", "name", "time_zone", "postal_code")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    time_zone: str
    postal_code: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., time_zone: _Optional[str] = ..., postal_code: _Optional[str] = ...) -> None: ...

class Coverage(_message.Message):
    __slots__ = ("id", "patient_id", "payer_id", "plan", "coverage_order", "valid_from", "valid_to")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_ID_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_ORDER_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    payer_id: str
    plan: str
    coverage_order: int
    valid_from: str
    valid_to: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., payer_id: _Optional[str] = ..., plan: _Optional[str] = ..., coverage_order: _Optional[int] = ..., valid_from: _Optional[str] = ..., valid_to: _Optional[str] = ...) -> None: ...

class Slot(_message.Message):
    __slots__ = ("id", "provider_id", "location_id", "visit_type", "start_at", "end_at", "status")
    ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    VISIT_TYPE_FIELD_NUMBER: _ClassVar[int]
    START_AT_FIELD_NUMBER: _ClassVar[int]
    END_AT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    id: str
    provider_id: str
    location_id: str
    visit_type: str
    start_at: _timestamp_pb2.Timestamp
    end_at: _timestamp_pb2.Timestamp
    status: str
    def __init__(self, id: _Optional[str] = ..., provider_id: _Optional[str] = ..., location_id: _Optional[str] = ..., visit_type: _Optional[str] = ..., start_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., status: _Optional[str] = ...) -> None: ...

class ClaimEvent(_message.Message):
    __slots__ = ("claim_id", "seq", "event", "occurred_on", "x12_source", "status_category", "group_code", "carc", "rarc", "amount", "currency")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    X12_SOURCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_CATEGORY_FIELD_NUMBER: _ClassVar[int]
    GROUP_CODE_FIELD_NUMBER: _ClassVar[int]
    CARC_FIELD_NUMBER: _ClassVar[int]
    RARC_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    seq: int
    event: str
    occurred_on: str
    x12_source: str
    status_category: str
    group_code: str
    carc: _containers.RepeatedScalarFieldContainer[str]
    rarc: _containers.RepeatedScalarFieldContainer[str]
    amount: str
    currency: str
    def __init__(self, claim_id: _Optional[str] = ..., seq: _Optional[int] = ..., event: _Optional[str] = ..., occurred_on: _Optional[str] = ..., x12_source: _Optional[str] = ..., status_category: _Optional[str] = ..., group_code: _Optional[str] = ..., carc: _Optional[_Iterable[str]] = ..., rarc: _Optional[_Iterable[str]] = ..., amount: _Optional[str] = ..., currency: _Optional[str] = ...) -> None: ...

class Task(_message.Message):
    __slots__ = ("id", "type", "status", "priority", "assignee_id", "patient_id", "created_at", "due_at", "started_at", "completed_at", "cancelled_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_AT_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: str
    status: str
    priority: str
    assignee_id: str
    patient_id: str
    created_at: _timestamp_pb2.Timestamp
    due_at: _timestamp_pb2.Timestamp
    started_at: _timestamp_pb2.Timestamp
    completed_at: _timestamp_pb2.Timestamp
    cancelled_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., type: _Optional[str] = ..., status: _Optional[str] = ..., priority: _Optional[str] = ..., assignee_id: _Optional[str] = ..., patient_id: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cancelled_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Document(_message.Message):
    __slots__ = ("id", "patient_id", "type", "status", "received_at", "reviewed_at", "reviewed_by", "finalised_at", "assignee_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_AT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_AT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_BY_FIELD_NUMBER: _ClassVar[int]
    FINALISED_AT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    type: str
    status: str
    received_at: _timestamp_pb2.Timestamp
    reviewed_at: _timestamp_pb2.Timestamp
    reviewed_by: str
    finalised_at: _timestamp_pb2.Timestamp
    assignee_id: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., type: _Optional[str] = ..., status: _Optional[str] = ..., received_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reviewed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reviewed_by: _Optional[str] = ..., finalised_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., assignee_id: _Optional[str] = ...) -> None: ...

class Verification(_message.Message):
    __slots__ = ("id", "patient_id", "payer_id", "appointment_id", "requested_at", "responded_at", "result", "method", "copay", "deductible_left", "currency")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_ID_FIELD_NUMBER: _ClassVar[int]
    APPOINTMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_AT_FIELD_NUMBER: _ClassVar[int]
    RESPONDED_AT_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    COPAY_FIELD_NUMBER: _ClassVar[int]
    DEDUCTIBLE_LEFT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    payer_id: str
    appointment_id: str
    requested_at: _timestamp_pb2.Timestamp
    responded_at: _timestamp_pb2.Timestamp
    result: str
    method: str
    copay: str
    deductible_left: str
    currency: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., payer_id: _Optional[str] = ..., appointment_id: _Optional[str] = ..., requested_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., responded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., result: _Optional[str] = ..., method: _Optional[str] = ..., copay: _Optional[str] = ..., deductible_left: _Optional[str] = ..., currency: _Optional[str] = ...) -> None: ...

class StaffMessage(_message.Message):
    __slots__ = ("id", "thread_id", "sender_id", "recipient_id", "patient_id", "sent_at", "read_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    THREAD_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    SENT_AT_FIELD_NUMBER: _ClassVar[int]
    READ_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    thread_id: str
    sender_id: str
    recipient_id: str
    patient_id: str
    sent_at: _timestamp_pb2.Timestamp
    read_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., thread_id: _Optional[str] = ..., sender_id: _Optional[str] = ..., recipient_id: _Optional[str] = ..., patient_id: _Optional[str] = ..., sent_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., read_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Survey(_message.Message):
    __slots__ = ("id", "patient_id", "encounter_id", "provider_id", "instrument", "sent_at", "completed_at", "answers")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    SENT_AT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    encounter_id: str
    provider_id: str
    instrument: str
    sent_at: _timestamp_pb2.Timestamp
    completed_at: _timestamp_pb2.Timestamp
    answers: _containers.RepeatedCompositeFieldContainer[SurveyAnswer]
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., instrument: _Optional[str] = ..., sent_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., completed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., answers: _Optional[_Iterable[_Union[SurveyAnswer, _Mapping]]] = ...) -> None: ...

class SurveyAnswer(_message.Message):
    __slots__ = ("item", "value_num", "value_code")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    VALUE_NUM_FIELD_NUMBER: _ClassVar[int]
    VALUE_CODE_FIELD_NUMBER: _ClassVar[int]
    item: str
    value_num: str
    value_code: str
    def __init__(self, item: _Optional[str] = ..., value_num: _Optional[str] = ..., value_code: _Optional[str] = ...) -> None: ...
