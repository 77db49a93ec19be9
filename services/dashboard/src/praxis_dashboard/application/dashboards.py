"""Commands on dashboards."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime

from praxis.dashboard.v1 import dashboard_pb2, dashboard_service_pb2, events_pb2, widget_pb2
from praxis_chassis.caller import Caller, current
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import EtagMismatch, Forbidden, InvalidInput, NotFound, WrongState
from praxis_chassis.idempotency import birth
from praxis_chassis.records import audit, emit
from praxis_dashboard.application.analytics import Analytics
from praxis_dashboard.application.grid import check_widgets, grid_columns, remaining
from praxis_dashboard.application.resolve import check_questions
from praxis_dashboard.application.stored import (
    DOCUMENTS,
    FIELDS,
    etag,
    layout_of,
    plain_columns,
    widgets_of,
)
from praxis_dashboard.domain import overview
from praxis_dashboard.storage import dashboards as store
from praxis_dashboard.storage.dashboards import RUNS_PRACTICE, Record
from praxis_dashboard.storage.signals import announce

_SUBJECT = "praxis.dashboard.v1.dashboard"
_KNOWN_PRACTICES = 10_000


async def create_dashboard(
    database: Database,
    analytics: Analytics,
    request: dashboard_service_pb2.CreateDashboardRequest,
) -> tuple[Record, bool]:
    """Makes a dashboard. Returns its row, and True when an earlier request had made it."""
    caller = current().caller
    if request.practice_id and uuid.UUID(request.practice_id) != caller.practice_id:
        raise NotFound("no such practice")
    new = birth("CreateDashboard", request)
    await _check(analytics, request.widgets)
    columns = plain_columns(request, FIELDS) | grid_columns(request.widgets, request.layout)
    record = _record(caller, new.id, new.request_hash, {**columns, "user_id": caller.user_id})
    async with database.write(caller.practice_id) as connection:
        made = await store.insert(connection, record)
        if made:
            if record["is_default"]:
                await store.keep_one_default(connection, caller, record)
            await _leave_record(connection, caller, new.id, "created")
        row = await store.get_born(connection, caller, new.id)
    new.check(row["request_hash"])
    if row["deleted_at"] is not None:
        raise NotFound("no such dashboard")
    return row, not made


async def _check(analytics: Analytics, widgets: Sequence[widget_pb2.Widget]) -> None:
    check_widgets(widgets)
    await check_questions(analytics, widgets)


def _record(caller: Caller, dashboard_id: uuid.UUID, digest: bytes, columns: Record) -> Record:
    now = datetime.now(UTC)
    born = {"created_at": now, "updated_at": now, "request_hash": digest}
    return {"practice_id": caller.practice_id, "id": dashboard_id, **columns, **born}


_PAST = {"created": "create", "updated": "update", "deleted": "delete"}


async def _leave_record(
    connection: Connection,
    caller: Caller,
    dashboard_id: uuid.UUID,
    happened: str,
    fields: Sequence[str] = (),
) -> None:
    """The audit row, the event, and the signal to those who watch."""
    await audit(
        connection, f"dashboard.{_PAST[happened]}", "dashboard", dashboard_id, fields=fields
    )
    event = events_pb2.DashboardChanged(
        dashboard_id=str(dashboard_id), practice_id=str(caller.practice_id)
    )
    await emit(connection, caller.practice_id, f"{_SUBJECT}.{happened}", event)
    await announce(connection, caller.practice_id)


async def update_dashboard(
    database: Database,
    analytics: Analytics,
    request: dashboard_service_pb2.UpdateDashboardRequest,
) -> Record:
    """Replaces fields of a dashboard. Returns the row."""
    caller, fields = current().caller, _masked(request)
    if "widgets" in fields:
        await _check(analytics, request.widgets)
    async with database.write(caller.practice_id) as connection:
        row = await _editable(connection, request.dashboard_id, request.etag)
        columns = plain_columns(request, fields)
        if set(DOCUMENTS) & set(fields):
            columns |= _new_grid(row, request, fields)
        columns["updated_at"] = datetime.now(UTC)
        row = await store.change(connection, caller.practice_id, row["id"], columns)
        if columns.get("is_default") and row["user_id"] is not None:
            await store.keep_one_default(connection, caller, row)
        await _leave_record(connection, caller, row["id"], "updated", fields)
    return row


def _masked(request: dashboard_service_pb2.UpdateDashboardRequest) -> list[str]:
    """The fields to replace: those named, or else those that are set."""
    for index, name in enumerate(request.update_mask):
        if name not in FIELDS:
            raise InvalidInput.of(f"update_mask[{index}]", f"{name!r} cannot be changed")
    given = {field.name for field, _ in request.ListFields()}
    return [field for field in FIELDS if field in (request.update_mask or given)]


def _new_grid(
    row: Record, request: dashboard_service_pb2.UpdateDashboardRequest, fields: Sequence[str]
) -> Record:
    widgets = list(request.widgets) if "widgets" in fields else widgets_of(row)
    layout: dashboard_pb2.DashboardLayout
    layout = request.layout if "layout" in fields else remaining(layout_of(row), widgets)
    return grid_columns(widgets, layout)


async def _editable(connection: Connection, dashboard_id: str, wanted: str) -> Record:
    """The row, locked, if the caller may change it and means this version of it."""
    caller = current().caller
    row = await store.get(connection, caller, uuid.UUID(dashboard_id), lock=True)
    if row is None:
        raise NotFound("no such dashboard")
    if row["user_id"] != caller.user_id and not RUNS_PRACTICE & caller.roles:
        raise Forbidden("only its maker, an owner or an admin may change it")
    EtagMismatch.check(wanted, etag(row))
    return row


async def delete_dashboard(
    database: Database, request: dashboard_service_pb2.DeleteDashboardRequest
) -> None:
    """Deletes a dashboard; its row is kept."""
    caller = current().caller
    async with database.write(caller.practice_id) as connection:
        row = await _editable(connection, request.dashboard_id, request.etag)
        if row["id"] == overview.overview_id(caller.practice_id):
            raise WrongState("the built-in overview cannot be deleted")
        change = {"deleted_at": datetime.now(UTC), "is_default": False}
        await store.change(connection, caller.practice_id, row["id"], change)
        await _leave_record(connection, caller, row["id"], "deleted")


class Overviews:
    """Gives every practice its built-in dashboard, on first sight by this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[uuid.UUID, None] = OrderedDict()

    async def ensure(self) -> None:
        """Makes sure that the current caller's practice has it."""
        caller = current().caller
        if caller.practice_id in self._known:
            return
        dashboard_id = overview.overview_id(caller.practice_id)
        async with self._database.write(caller.practice_id) as connection:
            if await store.insert(connection, _record(caller, dashboard_id, b"", _built_in())):
                await _leave_record(connection, caller, dashboard_id, "created")
        self._known[caller.practice_id] = None
        if len(self._known) > _KNOWN_PRACTICES:
            self._known.popitem(last=False)


def _built_in() -> Record:
    request = dashboard_service_pb2.CreateDashboardRequest(
        name=overview.NAME,
        description=overview.DESCRIPTION,
        dashboard_type=dashboard_pb2.DASHBOARD_TYPE_OVERVIEW,
        is_public=True,
        is_default=True,
    )
    widgets = widgets_of({"widgets": overview.WIDGETS})
    for widget_id, (x, y, width, height) in overview.PLACES.items():
        request.layout.items.add(widget_id=widget_id, x=x, y=y, width=width, height=height)
    return plain_columns(request, FIELDS) | grid_columns(widgets, request.layout)
