from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from praxis.analytics.v1 import answer_pb2 as _answer_pb2
from praxis.dashboard.v1 import dashboard_pb2 as _dashboard_pb2
from praxis.dashboard.v1 import widget_pb2 as _widget_pb2
from praxis.type.v1 import access_pb2 as _access_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateDashboardRequest(_message.Message):
    __slots__ = ("name", "description", "dashboard_type", "widgets", "layout", "theme", "refresh_interval", "auto_refresh", "is_public", "shared_with_users", "shared_with_roles", "is_default", "is_template", "sort_order", "metadata", "practice_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DASHBOARD_TYPE_FIELD_NUMBER: _ClassVar[int]
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
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    dashboard_type: _dashboard_pb2.DashboardType
    widgets: _containers.RepeatedCompositeFieldContainer[_widget_pb2.Widget]
    layout: _dashboard_pb2.DashboardLayout
    theme: _dashboard_pb2.DashboardTheme
    refresh_interval: _dashboard_pb2.RefreshInterval
    auto_refresh: bool
    is_public: bool
    shared_with_users: _containers.RepeatedScalarFieldContainer[str]
    shared_with_roles: _containers.RepeatedScalarFieldContainer[_access_pb2.Role]
    is_default: bool
    is_template: bool
    sort_order: int
    metadata: _struct_pb2.Struct
    practice_id: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., dashboard_type: _Optional[_Union[_dashboard_pb2.DashboardType, str]] = ..., widgets: _Optional[_Iterable[_Union[_widget_pb2.Widget, _Mapping]]] = ..., layout: _Optional[_Union[_dashboard_pb2.DashboardLayout, _Mapping]] = ..., theme: _Optional[_Union[_dashboard_pb2.DashboardTheme, str]] = ..., refresh_interval: _Optional[_Union[_dashboard_pb2.RefreshInterval, str]] = ..., auto_refresh: _Optional[bool] = ..., is_public: _Optional[bool] = ..., shared_with_users: _Optional[_Iterable[str]] = ..., shared_with_roles: _Optional[_Iterable[_Union[_access_pb2.Role, str]]] = ..., is_default: _Optional[bool] = ..., is_template: _Optional[bool] = ..., sort_order: _Optional[int] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., practice_id: _Optional[str] = ...) -> None: ...

class UpdateDashboardRequest(_message.Message):
    __slots__ = ("dashboard_id", "name", "description", "dashboard_type", "widgets", "layout", "theme", "refresh_interval", "auto_refresh", "is_public", "shared_with_users", "shared_with_roles", "is_default", "is_template", "sort_order", "metadata", "update_mask", "etag")
    DASHBOARD_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DASHBOARD_TYPE_FIELD_NUMBER: _ClassVar[int]
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
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    dashboard_id: str
    name: str
    description: str
    dashboard_type: _dashboard_pb2.DashboardType
    widgets: _containers.RepeatedCompositeFieldContainer[_widget_pb2.Widget]
    layout: _dashboard_pb2.DashboardLayout
    theme: _dashboard_pb2.DashboardTheme
    refresh_interval: _dashboard_pb2.RefreshInterval
    auto_refresh: bool
    is_public: bool
    shared_with_users: _containers.RepeatedScalarFieldContainer[str]
    shared_with_roles: _containers.RepeatedScalarFieldContainer[_access_pb2.Role]
    is_default: bool
    is_template: bool
    sort_order: int
    metadata: _struct_pb2.Struct
    update_mask: _containers.RepeatedScalarFieldContainer[str]
    etag: str
    def __init__(self, dashboard_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., dashboard_type: _Optional[_Union[_dashboard_pb2.DashboardType, str]] = ..., widgets: _Optional[_Iterable[_Union[_widget_pb2.Widget, _Mapping]]] = ..., layout: _Optional[_Union[_dashboard_pb2.DashboardLayout, _Mapping]] = ..., theme: _Optional[_Union[_dashboard_pb2.DashboardTheme, str]] = ..., refresh_interval: _Optional[_Union[_dashboard_pb2.RefreshInterval, str]] = ..., auto_refresh: _Optional[bool] = ..., is_public: _Optional[bool] = ..., shared_with_users: _Optional[_Iterable[str]] = ..., shared_with_roles: _Optional[_Iterable[_Union[_access_pb2.Role, str]]] = ..., is_default: _Optional[bool] = ..., is_template: _Optional[bool] = ..., sort_order: _Optional[int] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., update_mask: _Optional[_Iterable[str]] = ..., etag: _Optional[str] = ...) -> None: ...

class GetDashboardRequest(_message.Message):
    __slots__ = ("dashboard_id",)
    DASHBOARD_ID_FIELD_NUMBER: _ClassVar[int]
    dashboard_id: str
    def __init__(self, dashboard_id: _Optional[str] = ...) -> None: ...

class DeleteDashboardRequest(_message.Message):
    __slots__ = ("dashboard_id", "etag")
    DASHBOARD_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    dashboard_id: str
    etag: str
    def __init__(self, dashboard_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteDashboardResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListDashboardsRequest(_message.Message):
    __slots__ = ("dashboard_type", "user_id", "is_public", "templates_only", "skip", "limit")
    DASHBOARD_TYPE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    IS_PUBLIC_FIELD_NUMBER: _ClassVar[int]
    TEMPLATES_ONLY_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    dashboard_type: _dashboard_pb2.DashboardType
    user_id: str
    is_public: bool
    templates_only: bool
    skip: int
    limit: int
    def __init__(self, dashboard_type: _Optional[_Union[_dashboard_pb2.DashboardType, str]] = ..., user_id: _Optional[str] = ..., is_public: _Optional[bool] = ..., templates_only: _Optional[bool] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListDashboardsResponse(_message.Message):
    __slots__ = ("items", "total", "skip", "limit", "has_more")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_dashboard_pb2.Dashboard]
    total: int
    skip: int
    limit: int
    has_more: bool
    def __init__(self, items: _Optional[_Iterable[_Union[_dashboard_pb2.Dashboard, _Mapping]]] = ..., total: _Optional[int] = ..., skip: _Optional[int] = ..., limit: _Optional[int] = ..., has_more: _Optional[bool] = ...) -> None: ...

class GetDashboardDataRequest(_message.Message):
    __slots__ = ("dashboard_id", "start_date", "end_date", "relative_range", "comparison_start_date", "comparison_end_date", "compare_to")
    DASHBOARD_ID_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_RANGE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_START_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_END_DATE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_TO_FIELD_NUMBER: _ClassVar[int]
    dashboard_id: str
    start_date: str
    end_date: str
    relative_range: str
    comparison_start_date: str
    comparison_end_date: str
    compare_to: str
    def __init__(self, dashboard_id: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ..., relative_range: _Optional[str] = ..., comparison_start_date: _Optional[str] = ..., comparison_end_date: _Optional[str] = ..., compare_to: _Optional[str] = ...) -> None: ...

class DashboardData(_message.Message):
    __slots__ = ("dashboard_id", "widgets", "as_of", "practice_name", "time_zone", "etag")
    DASHBOARD_ID_FIELD_NUMBER: _ClassVar[int]
    WIDGETS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    PRACTICE_NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    dashboard_id: str
    widgets: _containers.RepeatedCompositeFieldContainer[_widget_pb2.WidgetData]
    as_of: _answer_pb2.AsOf
    practice_name: str
    time_zone: str
    etag: str
    def __init__(self, dashboard_id: _Optional[str] = ..., widgets: _Optional[_Iterable[_Union[_widget_pb2.WidgetData, _Mapping]]] = ..., as_of: _Optional[_Union[_answer_pb2.AsOf, _Mapping]] = ..., practice_name: _Optional[str] = ..., time_zone: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class WatchDashboardResponse(_message.Message):
    __slots__ = ("data", "heartbeat")
    DATA_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    data: DashboardData
    heartbeat: bool
    def __init__(self, data: _Optional[_Union[DashboardData, _Mapping]] = ..., heartbeat: _Optional[bool] = ...) -> None: ...
