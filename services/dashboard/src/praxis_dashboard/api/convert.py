"""Rows as messages."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from praxis.dashboard.v1 import dashboard_pb2
from praxis.type.v1 import access_pb2
from praxis_dashboard.application.stored import ENUMS, etag, layout_of, widgets_of
from praxis_dashboard.storage.dashboards import Record

_SAME = (
    *("name", "description", "user_id", "auto_refresh", "is_public", "shared_with_users"),
    *("is_default", "is_template", "view_count", "sort_order"),
)
_INSTANTS = ("last_viewed_at", "created_at", "updated_at")


def dashboard(record: Record) -> dashboard_pb2.Dashboard:
    """A dashboard with its computed fields."""
    widgets = widgets_of(record)
    message = dashboard_pb2.Dashboard(
        id=str(record["id"]),
        practice_id=str(record["practice_id"]),
        widgets=widgets,
        widget_count=len(widgets),
        layout=layout_of(record),
        shared_with_roles=[_role(name) for name in record["shared_with_roles"]],
        is_shared=_is_shared(record),
        etag=etag(record),
        **{field: record[field] for field in _SAME},
        **{
            field: enum.Value(prefix + record[field].upper())
            for field, (enum, prefix, _) in ENUMS.items()
        },
    )
    message.metadata.update(record["metadata"])
    for field in _INSTANTS:
        if record[field] is not None:
            getattr(message, field).FromDatetime(record[field].astimezone(UTC))
    return message


def _role(name: str) -> Any:
    return access_pb2.Role.Value(f"ROLE_{name.upper()}")


def _is_shared(record: Record) -> bool:
    given = record["shared_with_users"] or record["shared_with_roles"]
    return bool(record["is_public"] or given)
