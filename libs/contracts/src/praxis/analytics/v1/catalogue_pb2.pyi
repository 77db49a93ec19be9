from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MetricCatalogue(_message.Message):
    __slots__ = ("metrics", "dimensions")
    METRICS_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    metrics: _containers.RepeatedCompositeFieldContainer[MetricDefinition]
    dimensions: _containers.RepeatedCompositeFieldContainer[DimensionDefinition]
    def __init__(self, metrics: _Optional[_Iterable[_Union[MetricDefinition, _Mapping]]] = ..., dimensions: _Optional[_Iterable[_Union[DimensionDefinition, _Mapping]]] = ...) -> None: ...

class MetricDefinition(_message.Message):
    __slots__ = ("id", "version", "effective_date", "label", "formula", "unit", "source", "subject", "permission", "polarity", "target", "dimensions", "by_time", "parts", "variants", "caveats")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_DATE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    POLARITY_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    BY_TIME_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    CAVEATS_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    effective_date: str
    label: str
    formula: str
    unit: str
    source: str
    subject: str
    permission: str
    polarity: str
    target: TargetLimits
    dimensions: _containers.RepeatedScalarFieldContainer[str]
    by_time: bool
    parts: _containers.RepeatedCompositeFieldContainer[PartDefinition]
    variants: _containers.RepeatedCompositeFieldContainer[VariantDefinition]
    caveats: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., effective_date: _Optional[str] = ..., label: _Optional[str] = ..., formula: _Optional[str] = ..., unit: _Optional[str] = ..., source: _Optional[str] = ..., subject: _Optional[str] = ..., permission: _Optional[str] = ..., polarity: _Optional[str] = ..., target: _Optional[_Union[TargetLimits, _Mapping]] = ..., dimensions: _Optional[_Iterable[str]] = ..., by_time: _Optional[bool] = ..., parts: _Optional[_Iterable[_Union[PartDefinition, _Mapping]]] = ..., variants: _Optional[_Iterable[_Union[VariantDefinition, _Mapping]]] = ..., caveats: _Optional[_Iterable[str]] = ...) -> None: ...

class TargetLimits(_message.Message):
    __slots__ = ("good", "warning")
    GOOD_FIELD_NUMBER: _ClassVar[int]
    WARNING_FIELD_NUMBER: _ClassVar[int]
    good: str
    warning: str
    def __init__(self, good: _Optional[str] = ..., warning: _Optional[str] = ...) -> None: ...

class PartDefinition(_message.Message):
    __slots__ = ("id", "description", "fact", "deciding_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FACT_FIELD_NUMBER: _ClassVar[int]
    DECIDING_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    description: str
    fact: str
    deciding_date: str
    def __init__(self, id: _Optional[str] = ..., description: _Optional[str] = ..., fact: _Optional[str] = ..., deciding_date: _Optional[str] = ...) -> None: ...

class VariantDefinition(_message.Message):
    __slots__ = ("id", "label", "formula")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    id: str
    label: str
    formula: str
    def __init__(self, id: _Optional[str] = ..., label: _Optional[str] = ..., formula: _Optional[str] = ...) -> None: ...

class DimensionDefinition(_message.Message):
    __slots__ = ("id", "label", "values", "personal")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_FIELD_NUMBER: _ClassVar[int]
    id: str
    label: str
    values: _containers.RepeatedCompositeFieldContainer[DimensionValue]
    personal: bool
    def __init__(self, id: _Optional[str] = ..., label: _Optional[str] = ..., values: _Optional[_Iterable[_Union[DimensionValue, _Mapping]]] = ..., personal: _Optional[bool] = ...) -> None: ...

class DimensionValue(_message.Message):
    __slots__ = ("key", "label")
    KEY_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    key: str
    label: str
    def __init__(self, key: _Optional[str] = ..., label: _Optional[str] = ...) -> None: ...
