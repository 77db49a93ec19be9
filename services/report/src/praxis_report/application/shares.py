"""Commands on shares: give a report, take it back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from praxis.report.v1 import report_access_service_pb2 as rpc
from praxis_chassis.caller import current
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput
from praxis_chassis.idempotency import birth
from praxis_chassis.records import audit
from praxis_report.application.access import own_report, own_share, seen
from praxis_report.storage import reports
from praxis_report.storage import shares as store
from praxis_report.storage.reports import Record


async def create_share(
    database: Database, request: rpc.CreateReportShareRequest
) -> tuple[Record, bool]:
    """Gives a report away. Returns the share, and True when an earlier request had made it."""
    caller, now = current().caller, datetime.now(UTC)
    report_id, new = uuid.UUID(request.report_id), birth("CreateReportShare", request)
    record: Record = {
        "practice_id": caller.practice_id,
        "id": new.id,
        "report_id": report_id,
        **_recipient(request),
        "created_by_user_id": caller.user_id,
        "created_at": now,
        "expires_at": _expiry(request, now),
        "request_hash": new.request_hash,
    }
    async with database.write(caller.practice_id) as connection:
        there = await reports.get_report(connection, caller.practice_id, report_id)
        await own_report(connection, there, "report")
        made = await reports.insert(connection, "report_shares", record)
        if made:
            await audit(connection, "report.share", "report", report_id)
        row = await store.get_share(connection, caller.practice_id, new.id)
    row = seen(row, "share")
    new.check(row["request_hash"])
    return row, not made


def _recipient(request: rpc.CreateReportShareRequest) -> Record:
    user = request.user_id if request.HasField("user_id") else None
    role = request.role if request.HasField("role") else None
    if (user is None) == (role is None):
        raise InvalidInput.of("user_id", "give either a user or a role")
    return {"user_id": user, "role": role}


def _expiry(request: rpc.CreateReportShareRequest, now: datetime) -> datetime | None:
    if not request.HasField("expires_at"):
        return None
    expires_at: datetime = request.expires_at.ToDatetime(tzinfo=UTC)
    if expires_at <= now:
        raise InvalidInput.of("expires_at", "has passed")
    return expires_at


async def revoke_share(database: Database, request: rpc.DeleteReportShareRequest) -> None:
    """Takes a share back; a second time changes nothing."""
    caller, share_id = current().caller, uuid.UUID(request.share_id)
    async with database.write(caller.practice_id) as connection:
        there = await store.get_share(connection, caller.practice_id, share_id)
        row = await own_share(connection, there)
        if row["revoked_at"] is not None:
            return
        change: Record = {
            "revoked_at": datetime.now(UTC),
            "revoked_by_user_id": caller.user_id,
        }
        await reports.update(connection, "report_shares", caller.practice_id, share_id, change)
        await audit(connection, "report.unshare", "report", row["report_id"])
