import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.platform.v1 import clinical_pb2 as _clinical_pb2
from praxis.platform.v1 import office_pb2 as _office_pb2
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
    __slots__ = ("event_id", "occurred_at", "version", "voided", "patient", "encounter", "charge", "claim", "ledger_entry", "appointment", "provider", "staff_user", "payer", "location", "coverage", "slot", "claim_event", "task", "document", "verification", "message", "survey", "condition", "observation", "procedure", "medication", "immunization", "service_request", "device_request")
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
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    STAFF_USER_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    CLAIM_EVENT_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    VERIFICATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SURVEY_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    OBSERVATION_FIELD_NUMBER: _ClassVar[int]
    PROCEDURE_FIELD_NUMBER: _ClassVar[int]
    MEDICATION_FIELD_NUMBER: _ClassVar[int]
    IMMUNIZATION_FIELD_NUMBER: _ClassVar[int]
    SERVICE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    DEVICE_REQUEST_FIELD_NUMBER: _ClassVar[int]
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
    provider: _office_pb2.Provider
    staff_user: _office_pb2.StaffUser
    payer: Payer
    location: _office_pb2.Location
    coverage: _office_pb2.Coverage
    slot: _office_pb2.Slot
    claim_event: _office_pb2.ClaimEvent
    task: _office_pb2.Task
    document: _office_pb2.Document
    verification: _office_pb2.Verification
    message: _office_pb2.StaffMessage
    survey: _office_pb2.Survey
    condition: _clinical_pb2.Condition
    observation: _clinical_pb2.Observation
    procedure: _clinical_pb2.Care
    medication: _clinical_pb2.Care
    immunization: _clinical_pb2.Care
    service_request: _clinical_pb2.Care
    device_request: _clinical_pb2.Care
    def __init__(self, event_id: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ..., voided: _Optional[bool] = ..., patient: _Optional[_Union[Patient, _Mapping]] = ..., encounter: _Optional[_Union[Encounter, _Mapping]] = ..., charge: _Optional[_Union[Charge, _Mapping]] = ..., claim: _Optional[_Union[Claim, _Mapping]] = ..., ledger_entry: _Optional[_Union[LedgerEntry, _Mapping]] = ..., appointment: _Optional[_Union[Appointment, _Mapping]] = ..., provider: _Optional[_Union[_office_pb2.Provider, _Mapping]] = ..., staff_user: _Optional[_Union[_office_pb2.StaffUser, _Mapping]] = ..., payer: _Optional[_Union[Payer, _Mapping]] = ..., location: _Optional[_Union[_office_pb2.Location, _Mapping]] = ..., coverage: _Optional[_Union[_office_pb2.Coverage, _Mapping]] = ..., slot: _Optional[_Union[_office_pb2.Slot, _Mapping]] = ..., claim_event: _Optional[_Union[_office_pb2.ClaimEvent, _Mapping]] = ..., task: _Optional[_Union[_office_pb2.Task, _Mapping]] = ..., document: _Optional[_Union[_office_pb2.Document, _Mapping]] = ..., verification: _Optional[_Union[_office_pb2.Verification, _Mapping]] = ..., message: _Optional[_Union[_office_pb2.StaffMessage, _Mapping]] = ..., survey: _Optional[_Union[_office_pb2.Survey, _Mapping]] = ..., condition: _Optional[_Union[_clinical_pb2.Condition, _Mapping]] = ..., observation: _Optional[_Union[_clinical_pb2.Observation, _Mapping]] = ..., procedure: _Optional[_Union[_clinical_pb2.Care, _Mapping]] = ..., medication: _Optional[_Union[_clinical_pb2.Care, _Mapping]] = ..., immunization: _Optional[_Union[_clinical_pb2.Care, _Mapping]] = ..., service_request: _Optional[_Union[_clinical_pb2.Care, _Mapping]] = ..., device_request: _Optional[_Union[_clinical_pb2.Care, _Mapping]] = ...) -> None: ...

class Patient(_message.Message):
    __slots__ = ("id", "mrn", "family_name", "given_name", "birth_date", "sex", "postal_code", "deceased_at", "race", "ethnicity", "language", "primary_provider_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    MRN_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    BIRTH_DATE_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    DECEASED_AT_FIELD_NUMBER: _ClassVar[int]
    RACE_FIELD_NUMBER: _ClassVar[int]
    ETHNICITY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    mrn: str
    family_name: str
    given_name: str
    birth_date: str
    sex: str
    postal_code: str
    deceased_at: _timestamp_pb2.Timestamp
    race: str
    ethnicity: str
    language: str
    primary_provider_id: str
    def __init__(self, id: _Optional[str] = ..., mrn: _Optional[str] = ..., family_name: _Optional[str] = ..., given_name: _Optional[str] = ..., birth_date: _Optional[str] = ..., sex: _Optional[str] = ..., postal_code: _Optional[str] = ..., deceased_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., race: _Optional[str] = ..., ethnicity: _Optional[str] = ..., language: _Optional[str] = ..., primary_provider_id: _Optional[str] = ...) -> None: ...

class Encounter(_message.Message):
    __slots__ = ("id", "patient_id", "provider_id", "type_code", "status", "start_at", "end_at", "location_id", "codings", "discharge_disposition", "reason_code", "payer_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    CLASS_FIELD_NUMBER: _ClassVar[int]
    TYPE_CODE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    START_AT_FIELD_NUMBER: _ClassVar[int]
    END_AT_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    CODINGS_FIELD_NUMBER: _ClassVar[int]
    DISCHARGE_DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    PAYER_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    provider_id: str
    type_code: str
    status: str
    start_at: _timestamp_pb2.Timestamp
    end_at: _timestamp_pb2.Timestamp
    location_id: str
    codings: _containers.RepeatedScalarFieldContainer[str]
    discharge_disposition: str
    reason_code: str
    payer_id: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., type_code: _Optional[str] = ..., status: _Optional[str] = ..., start_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., location_id: _Optional[str] = ..., codings: _Optional[_Iterable[str]] = ..., discharge_disposition: _Optional[str] = ..., reason_code: _Optional[str] = ..., payer_id: _Optional[str] = ..., **kwargs) -> None: ...

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
    __slots__ = ("id", "patient_id", "encounter_id", "claim_id", "provider_id", "payer", "code", "amount", "currency", "service_date", "posting_date", "line_no", "code_system", "modifiers", "units", "expected_allowed", "wrvu", "voided_at")
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
    LINE_NO_FIELD_NUMBER: _ClassVar[int]
    CODE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    MODIFIERS_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    WRVU_FIELD_NUMBER: _ClassVar[int]
    VOIDED_AT_FIELD_NUMBER: _ClassVar[int]
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
    line_no: int
    code_system: str
    modifiers: _containers.RepeatedScalarFieldContainer[str]
    units: str
    expected_allowed: str
    wrvu: str
    voided_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., claim_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., payer: _Optional[_Union[Payer, _Mapping]] = ..., code: _Optional[str] = ..., amount: _Optional[str] = ..., currency: _Optional[str] = ..., service_date: _Optional[str] = ..., posting_date: _Optional[str] = ..., line_no: _Optional[int] = ..., code_system: _Optional[str] = ..., modifiers: _Optional[_Iterable[str]] = ..., units: _Optional[str] = ..., expected_allowed: _Optional[str] = ..., wrvu: _Optional[str] = ..., voided_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("id", "patient_id", "encounter_id", "provider_id", "payer", "kind", "billed", "currency", "created_on", "service_from", "claim_order", "frequency_code", "service_to", "first_submitted_on", "allowed", "paid", "patient_resp", "status", "first_adjudicated_on", "first_pass_outcome", "closed_on")
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
    CLAIM_ORDER_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    SERVICE_TO_FIELD_NUMBER: _ClassVar[int]
    FIRST_SUBMITTED_ON_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_RESP_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FIRST_ADJUDICATED_ON_FIELD_NUMBER: _ClassVar[int]
    FIRST_PASS_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CLOSED_ON_FIELD_NUMBER: _ClassVar[int]
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
    claim_order: int
    frequency_code: int
    service_to: str
    first_submitted_on: str
    allowed: str
    paid: str
    patient_resp: str
    status: str
    first_adjudicated_on: str
    first_pass_outcome: str
    closed_on: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., payer: _Optional[_Union[Payer, _Mapping]] = ..., kind: _Optional[str] = ..., billed: _Optional[str] = ..., currency: _Optional[str] = ..., created_on: _Optional[str] = ..., service_from: _Optional[str] = ..., claim_order: _Optional[int] = ..., frequency_code: _Optional[int] = ..., service_to: _Optional[str] = ..., first_submitted_on: _Optional[str] = ..., allowed: _Optional[str] = ..., paid: _Optional[str] = ..., patient_resp: _Optional[str] = ..., status: _Optional[str] = ..., first_adjudicated_on: _Optional[str] = ..., first_pass_outcome: _Optional[str] = ..., closed_on: _Optional[str] = ...) -> None: ...

class LedgerEntry(_message.Message):
    __slots__ = ("id", "patient_id", "claim_id", "encounter_id", "provider_id", "payer", "entry", "reason", "method", "amount", "currency", "posting_date", "charge_id", "group_code", "carc", "service_date", "deposit_date", "posted_by")
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
    CHARGE_ID_FIELD_NUMBER: _ClassVar[int]
    GROUP_CODE_FIELD_NUMBER: _ClassVar[int]
    CARC_FIELD_NUMBER: _ClassVar[int]
    SERVICE_DATE_FIELD_NUMBER: _ClassVar[int]
    DEPOSIT_DATE_FIELD_NUMBER: _ClassVar[int]
    POSTED_BY_FIELD_NUMBER: _ClassVar[int]
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
    charge_id: str
    group_code: str
    carc: str
    service_date: str
    deposit_date: str
    posted_by: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., claim_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., payer: _Optional[_Union[Payer, _Mapping]] = ..., entry: _Optional[str] = ..., reason: _Optional[str] = ..., method: _Optional[str] = ..., amount: _Optional[str] = ..., currency: _Optional[str] = ..., posting_date: _Optional[str] = ..., charge_id: _Optional[str] = ..., group_code: _Optional[str] = ..., carc: _Optional[str] = ..., service_date: _Optional[str] = ..., deposit_date: _Optional[str] = ..., posted_by: _Optional[str] = ...) -> None: ...

class Appointment(_message.Message):
    __slots__ = ("id", "patient_id", "provider_id", "status", "start_at", "end_at", "booked_at", "cancelled_at", "encounter_id", "location_id", "payer_id", "visit_type", "cancelled_by", "cancel_reason", "checked_in_at", "roomed_at", "checked_out_at", "reminder_sent_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    START_AT_FIELD_NUMBER: _ClassVar[int]
    END_AT_FIELD_NUMBER: _ClassVar[int]
    BOOKED_AT_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_AT_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_ID_FIELD_NUMBER: _ClassVar[int]
    VISIT_TYPE_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_BY_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REASON_FIELD_NUMBER: _ClassVar[int]
    CHECKED_IN_AT_FIELD_NUMBER: _ClassVar[int]
    ROOMED_AT_FIELD_NUMBER: _ClassVar[int]
    CHECKED_OUT_AT_FIELD_NUMBER: _ClassVar[int]
    REMINDER_SENT_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    provider_id: str
    status: str
    start_at: _timestamp_pb2.Timestamp
    end_at: _timestamp_pb2.Timestamp
    booked_at: _timestamp_pb2.Timestamp
    cancelled_at: _timestamp_pb2.Timestamp
    encounter_id: str
    location_id: str
    payer_id: str
    visit_type: str
    cancelled_by: str
    cancel_reason: str
    checked_in_at: _timestamp_pb2.Timestamp
    roomed_at: _timestamp_pb2.Timestamp
    checked_out_at: _timestamp_pb2.Timestamp
    reminder_sent_at: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., provider_id: _Optional[str] = ..., status: _Optional[str] = ..., start_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., booked_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cancelled_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., encounter_id: _Optional[str] = ..., location_id: _Optional[str] = ..., payer_id: _Optional[str] = ..., visit_type: _Optional[str] = ..., cancelled_by: _Optional[str] = ..., cancel_reason: _Optional[str] = ..., checked_in_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., roomed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., checked_out_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reminder_sent_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
