import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from praxis.dashboard.v1 import widget_pb2 as _widget_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DashboardType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DASHBOARD_TYPE_UNSPECIFIED: _ClassVar[DashboardType]
    DASHBOARD_TYPE_OVERVIEW: _ClassVar[DashboardType]
    DASHBOARD_TYPE_CLINICAL: _ClassVar[DashboardType]
    DASHBOARD_TYPE_FINANCIAL: _ClassVar[DashboardType]
    DASHBOARD_TYPE_OPERATIONAL: _ClassVar[DashboardType]
    DASHBOARD_TYPE_PROVIDER: _ClassVar[DashboardType]
    DASHBOARD_TYPE_PATIENT: _ClassVar[DashboardType]
    DASHBOARD_TYPE_CUSTOM: _ClassVar[DashboardType]

class DashboardTheme(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DASHBOARD_THEME_UNSPECIFIED: _ClassVar[DashboardTheme]
    DASHBOARD_THEME_LIGHT: _ClassVar[DashboardTheme]
    DASHBOARD_THEME_DARK: _ClassVar[DashboardTheme]
    DASHBOARD_THEME_CUSTOM: _ClassVar[DashboardTheme]

class RefreshInterval(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFRESH_INTERVAL_UNSPECIFIED: _ClassVar[RefreshInterval]
    REFRESH_INTERVAL_REALTIME: _ClassVar[RefreshInterval]
    REFRESH_INTERVAL_EVERY_MINUTE: _ClassVar[RefreshInterval]
    REFRESH_INTERVAL_EVERY_5_MINUTES: _ClassVar[RefreshInterval]
    REFRESH_INTERVAL_EVERY_15_MINUTES: _ClassVar[RefreshInterval]
    REFRESH_INTERVAL_EVERY_HOUR: _ClassVar[RefreshInterval]
    REFRESH_INTERVAL_MANUAL: _ClassVar[RefreshInterval]
DASHBOARD_TYPE_UNSPECIFIED: DashboardType
DASHBOARD_TYPE_OVERVIEW: DashboardType
DASHBOARD_TYPE_CLINICAL: DashboardType
DASHBOARD_TYPE_FINANCIAL: DashboardType
DASHBOARD_TYPE_OPERATIONAL: DashboardType
DASHBOARD_TYPE_PROVIDER: DashboardType
DASHBOARD_TYPE_PATIENT: DashboardType
DASHBOARD_TYPE_CUSTOM: DashboardType
DASHBOARD_THEME_UNSPECIFIED: DashboardTheme
DASHBOARD_THEME_LIGHT: DashboardTheme
DASHBOARD_THEME_DARK: DashboardTheme
DASHBOARD_THEME_CUSTOM: DashboardTheme
REFRESH_INTERVAL_UNSPECIFIED: RefreshInterval
REFRESH_INTERVAL_REALTIME: RefreshInterval
REFRESH_INTERVAL_EVERY_MINUTE: RefreshInterval
REFRESH_INTERVAL_EVERY_5_MINUTES: RefreshInterval
REFRESH_INTERVAL_EVERY_15_MINUTES: RefreshInterval
REFRESH_INTERVAL_EVERY_HOUR: RefreshInterval
REFRESH_INTERVAL_MANUAL: RefreshInterval

class Placement(_message.Message):
    __slots__ = ("widget_id", "x", "y", "width", "height")
    WIDGET_ID_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    widget_id: str
    x: int
    y: int
    width: int
    height: int
    def __init__(self, widget_id: _Optional[str] = ..., x: _Optional[int] = ..., y: _Optional[int] = ..., width: _Optional[int] = ..., height: _Optional[int] = ...) -> None: ...

class DashboardLayout(_message.Message):
    __slots__ = ("columns", "items")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    columns: int
    items: _containers.RepeatedCompositeFieldContainer[Placement]
    def __init__(self, columns: _Optional[int] = ..., items: _Optional[_Iterable[_Union[Placement, _Mapping]]] = ...) -> None: ...

class Dashboard(_message.Message):
    __slots__ = ("id", "practice_id", "name", "description", "dashboard_type", "user_id", "widgets", "layout", "theme", "refresh_interval", "auto_refresh", "is_public", "shared_with_users", "shared_with_roles", "is_default", "is_template", "view_count", "last_viewed_at", "sort_order", "metadata", "widget_count", "is_shared", "created_at", "updated_at", "etag")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DASHBOARD_TYPE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    WIDGETS_FIELD_NUMBER: _ClassVar[int]
    LAYOUT_FIELD_NUMBER: _ClassVar[int]
    THEME_FIELD_NUMBER: _ClassVar[int]
    REFRESH_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    AUTO_REFRESH_FIELD_NUMBER: _ClassVar[int]
    IS_PUBLIC_FIELD_NUMBER: _ClassVar[int]
    SHARED_WITH_USERS_FIELD_NUMBER: _ClassVar[int]
    SHARED_WITH_ROLES_FIELD_NUMBER: _ClassVar[int]
    IS_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    IS_TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    VIEW_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_VIEWED_AT_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    WIDGET_COUNT_FIELD_NUMBER: _ClassVar[int]
    IS_SHARED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    id: str
    practice_id: str
    name: str
    description: str
    dashboard_type: DashboardType
    user_id: str
    widgets: _containers.RepeatedCompositeFieldContainer[_widget_pb2.Widget]
    layout: DashboardLayout
    theme: DashboardTheme
    refresh_interval: RefreshInterval
    auto_refresh: bool
    is_public: bool
    shared_with_users: _containers.RepeatedScalarFieldContainer[str]
    shared_with_roles: _containers.RepeatedScalarFieldContainer[_access_pb2.Role]
    is_default: bool
    is_template: bool
    view_count: int
    last_viewed_at: _timestamp_pb2.Timestamp
    sort_order: int
    metadata: _struct_pb2.Struct
    widget_count: int
    is_shared: bool
    created_at: _timestamp_pb2.Timestamp
    updated_at: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, id: _Optional[str] = ..., practice_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., dashboard_type: _Optional[_Union[DashboardType, str]] = ..., user_id: _Optional[str] = ..., widgets: _Optional[_Iterable[_Union[_widget_pb2.Widget, _Mapping]]] = ..., layout: _Optional[_Union[DashboardLayout, _Mapping]] = ..., theme: _Optional[_Union[DashboardTheme, str]] = ..., refresh_interval: _Optional[_Union[RefreshInterval, str]] = ..., auto_refresh: _Optional[bool] = ..., is_public: _Optional[bool] = ..., shared_with_users: _Optional[_Iterable[str]] = ..., shared_with_roles: _Optional[_Iterable[_Union[_access_pb2.Role, str]]] = ..., is_default: _Optional[bool] = ..., is_template: _Optional[bool] = ..., view_count: _Optional[int] = ..., last_viewed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sort_order: _Optional[int] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., widget_count: _Optional[int] = ..., is_shared: _Optional[bool] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...
