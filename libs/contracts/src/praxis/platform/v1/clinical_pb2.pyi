import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Condition(_message.Message):
    __slots__ = ("id", "patient_id", "encounter_id", "code_system", "code", "codings", "display", "category", "clinical_status", "verification_status", "body_site", "onset_on", "abated_on", "recorded_on")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    CODINGS_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    CLINICAL_STATUS_FIELD_NUMBER: _ClassVar[int]
    VERIFICATION_STATUS_FIELD_NUMBER: _ClassVar[int]
    BODY_SITE_FIELD_NUMBER: _ClassVar[int]
    ONSET_ON_FIELD_NUMBER: _ClassVar[int]
    ABATED_ON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_ON_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    encounter_id: str
    code_system: str
    code: str
    codings: _containers.RepeatedScalarFieldContainer[str]
    display: str
    category: str
    clinical_status: str
    verification_status: str
    body_site: str
    onset_on: str
    abated_on: str
    recorded_on: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., code_system: _Optional[str] = ..., code: _Optional[str] = ..., codings: _Optional[_Iterable[str]] = ..., display: _Optional[str] = ..., category: _Optional[str] = ..., clinical_status: _Optional[str] = ..., verification_status: _Optional[str] = ..., body_site: _Optional[str] = ..., onset_on: _Optional[str] = ..., abated_on: _Optional[str] = ..., recorded_on: _Optional[str] = ...) -> None: ...

class Observation(_message.Message):
    __slots__ = ("id", "patient_id", "encounter_id", "status", "category", "effective_at", "effective_end", "issued_at", "result", "components")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_AT_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_END_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    encounter_id: str
    status: str
    category: str
    effective_at: _timestamp_pb2.Timestamp
    effective_end: _timestamp_pb2.Timestamp
    issued_at: _timestamp_pb2.Timestamp
    result: Result
    components: _containers.RepeatedCompositeFieldContainer[Result]
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., status: _Optional[str] = ..., category: _Optional[str] = ..., effective_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., effective_end: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., issued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., result: _Optional[_Union[Result, _Mapping]] = ..., components: _Optional[_Iterable[_Union[Result, _Mapping]]] = ...) -> None: ...

class Result(_message.Message):
    __slots__ = ("code_system", "code", "codings", "value_type", "value_num", "unit", "value_code", "absent_reason")
    CODE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    CODINGS_FIELD_NUMBER: _ClassVar[int]
    VALUE_TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_NUM_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    VALUE_CODE_FIELD_NUMBER: _ClassVar[int]
    ABSENT_REASON_FIELD_NUMBER: _ClassVar[int]
    code_system: str
    code: str
    codings: _containers.RepeatedScalarFieldContainer[str]
    value_type: str
    value_num: str
    unit: str
    value_code: str
    absent_reason: str
    def __init__(self, code_system: _Optional[str] = ..., code: _Optional[str] = ..., codings: _Optional[_Iterable[str]] = ..., value_type: _Optional[str] = ..., value_num: _Optional[str] = ..., unit: _Optional[str] = ..., value_code: _Optional[str] = ..., absent_reason: _Optional[str] = ...) -> None: ...

class Care(_message.Message):
    __slots__ = ("id", "patient_id", "encounter_id", "code_system", "code", "codings", "status", "intent", "not_done", "reason_code", "day", "ended_on")
    ID_FIELD_NUMBER: _ClassVar[int]
    PATIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ENCOUNTER_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    CODINGS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    INTENT_FIELD_NUMBER: _ClassVar[int]
    NOT_DONE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    ENDED_ON_FIELD_NUMBER: _ClassVar[int]
    id: str
    patient_id: str
    encounter_id: str
    code_system: str
    code: str
    codings: _containers.RepeatedScalarFieldContainer[str]
    status: str
    intent: str
    not_done: bool
    reason_code: str
    day: str
    ended_on: str
    def __init__(self, id: _Optional[str] = ..., patient_id: _Optional[str] = ..., encounter_id: _Optional[str] = ..., code_system: _Optional[str] = ..., code: _Optional[str] = ..., codings: _Optional[_Iterable[str]] = ..., status: _Optional[str] = ..., intent: _Optional[str] = ..., not_done: _Optional[bool] = ..., reason_code: _Optional[str] = ..., day: _Optional[str] = ..., ended_on: _Optional[str] = ...) -> None: ...
