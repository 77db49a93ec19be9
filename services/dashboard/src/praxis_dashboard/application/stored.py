"""Dashboards as they are stored: enum values in lower case, widgets and layout as documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf import json_format

from praxis.dashboard.v1 import dashboard_pb2, widget_pb2
from praxis.dashboard.v1.dashboard_service_pb2 import (
    CreateDashboardRequest,
    UpdateDashboardRequest,
)
from praxis_chassis.caller import role_name
from praxis_chassis.errors import InvalidInput
from praxis_dashboard.storage.dashboards import Record

Request = CreateDashboardRequest | UpdateDashboardRequest

_METADATA_BYTES = 16 * 1024
# Column → the enum and the prefix of its values, and what holds when nothing is said.
ENUMS: Mapping[str, tuple[Any, str, str]] = {
    "dashboard_type": (dashboard_pb2.DashboardType, "DASHBOARD_TYPE_", "custom"),
    "theme": (dashboard_pb2.DashboardTheme, "DASHBOARD_THEME_", "light"),
    "refresh_interval": (dashboard_pb2.RefreshInterval, "REFRESH_INTERVAL_", "realtime"),
}
_FLAGS = {"auto_refresh": True, "is_public": False, "is_default": False, "is_template": False}
DOCUMENTS = ("widgets", "layout")
# Everything that a client may change.
FIELDS = (
    *("name", "description", *ENUMS, *_FLAGS, *DOCUMENTS),
    *("shared_with_users", "shared_with_roles", "sort_order", "metadata"),
)


def enum_name(field: str, number: int) -> str:
    """An enum value as it is stored; the default when none is given."""
    enum, prefix, default = ENUMS[field]
    return str(enum.Name(number)).removeprefix(prefix).lower() if number else default


def plain_columns(request: Request, fields: Iterable[str]) -> Record:
    """The columns of these fields, those of the grid apart. Raises: InvalidInput naming one."""
    return {field: _column(request, field) for field in fields if field not in DOCUMENTS}


def _column(request: Request, field: str) -> Any:
    value = getattr(request, field)
    if field in ENUMS:
        return enum_name(field, value)
    if field == "name" and not value:
        raise InvalidInput.of("name", "cannot be empty")
    if field == "description":
        return value or None
    if field == "shared_with_users":
        return list(value)
    if field == "shared_with_roles":
        return [role_name(number) for number in value]
    if field == "metadata":
        return free(value, "metadata", _METADATA_BYTES)
    if field == "auto_refresh" and not request.HasField("auto_refresh"):
        return _FLAGS[field]
    return value


def free(value: Any, path: str, most: int) -> dict[str, Any]:
    """Free data of a client. Raises: InvalidInput when it is too large."""
    if value.ByteSize() > most:
        raise InvalidInput.of(path, f"is over {most // 1024} KiB")
    stored: dict[str, Any] = json_format.MessageToDict(value)
    return stored


def document(message: Any) -> dict[str, Any]:
    """A widget or a layout as a document."""
    stored: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return stored


def widgets_of(record: Record) -> list[widget_pb2.Widget]:
    """A dashboard's widgets."""
    return [json_format.ParseDict(one, widget_pb2.Widget()) for one in record["widgets"]]


def layout_of(record: Record) -> dashboard_pb2.DashboardLayout:
    """Where they stand."""
    return json_format.ParseDict(record["layout"], dashboard_pb2.DashboardLayout())


def etag(record: Record) -> str:
    """The version of a dashboard's content."""
    return str(record["version"])
