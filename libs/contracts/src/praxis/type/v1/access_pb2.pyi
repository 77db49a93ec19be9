from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_OWNER: _ClassVar[Role]
    ROLE_ADMIN: _ClassVar[Role]
    ROLE_BILLING: _ClassVar[Role]
    ROLE_PROVIDER: _ClassVar[Role]
    ROLE_FRONT_DESK: _ClassVar[Role]
    ROLE_ANALYST: _ClassVar[Role]
    ROLE_AUDITOR: _ClassVar[Role]
    ROLE_SERVICE: _ClassVar[Role]

class Permission(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERMISSION_UNSPECIFIED: _ClassVar[Permission]
    PERMISSION_READ_PRACTICE: _ClassVar[Permission]
    PERMISSION_ASK: _ClassVar[Permission]
    PERMISSION_READ_FINANCIAL: _ClassVar[Permission]
    PERMISSION_READ_OPERATIONAL: _ClassVar[Permission]
    PERMISSION_RUN_REPORTS: _ClassVar[Permission]
    PERMISSION_REDEEM_LINK: _ClassVar[Permission]
    PERMISSION_READ_EVENTS: _ClassVar[Permission]
    PERMISSION_PUBLISH_EVENTS: _ClassVar[Permission]
    PERMISSION_READ_REPORTS: _ClassVar[Permission]
    PERMISSION_HOLD_FILES: _ClassVar[Permission]
    PERMISSION_MANAGE_PRACTICE: _ClassVar[Permission]
    PERMISSION_READ_PATIENTS: _ClassVar[Permission]
    PERMISSION_MANAGE_EVENTS: _ClassVar[Permission]
    PERMISSION_RUN_SQL: _ClassVar[Permission]
    PERMISSION_READ_AUDIT: _ClassVar[Permission]
ROLE_UNSPECIFIED: Role
ROLE_OWNER: Role
ROLE_ADMIN: Role
ROLE_BILLING: Role
ROLE_PROVIDER: Role
ROLE_FRONT_DESK: Role
ROLE_ANALYST: Role
ROLE_AUDITOR: Role
ROLE_SERVICE: Role
PERMISSION_UNSPECIFIED: Permission
PERMISSION_READ_PRACTICE: Permission
PERMISSION_ASK: Permission
PERMISSION_READ_FINANCIAL: Permission
PERMISSION_READ_OPERATIONAL: Permission
PERMISSION_RUN_REPORTS: Permission
PERMISSION_REDEEM_LINK: Permission
PERMISSION_READ_EVENTS: Permission
PERMISSION_PUBLISH_EVENTS: Permission
PERMISSION_READ_REPORTS: Permission
PERMISSION_HOLD_FILES: Permission
PERMISSION_MANAGE_PRACTICE: Permission
PERMISSION_READ_PATIENTS: Permission
PERMISSION_MANAGE_EVENTS: Permission
PERMISSION_RUN_SQL: Permission
PERMISSION_READ_AUDIT: Permission
PERMISSION_FIELD_NUMBER: _ClassVar[int]
permission: _descriptor.FieldDescriptor
GRANTED_TO_FIELD_NUMBER: _ClassVar[int]
granted_to: _descriptor.FieldDescriptor
