"""The SQL of shares."""

from __future__ import annotations

import uuid
from datetime import datetime

from praxis_chassis.caller import Caller
from praxis_chassis.database import Connection
from praxis_report.storage.reports import Record, fetch, fetch_one

_ACTIVE = "revoked_at is null and (expires_at is null or expires_at > %(now)s)"


async def get_share(
    connection: Connection, practice_id: uuid.UUID, share_id: uuid.UUID
) -> Record | None:
    """One share, with the type, parameters and maker of its report."""
    return await fetch_one(
        connection,
        "select s.*, r.report_type, r.parameters, r.created_by_user_id as maker"
        " from report_shares s join reports r"
        " on r.practice_id = s.practice_id and r.id = s.report_id"
        " where s.practice_id = %(practice)s and s.id = %(id)s and r.deleted_at is null",
        {"practice": practice_id, "id": share_id},
    )


async def list_shares(
    connection: Connection, practice_id: uuid.UUID, report_id: uuid.UUID
) -> list[Record]:
    """A report's shares, newest first, at most 500."""
    return await fetch(
        connection,
        "select * from report_shares where practice_id = %(practice)s and report_id = %(report)s"
        " order by created_at desc, id desc limit 500",
        {"practice": practice_id, "report": report_id},
    )


async def shared_with(
    connection: Connection, caller: Caller, now: datetime
) -> dict[uuid.UUID, uuid.UUID]:
    """Report → share, of what the caller or one of the caller's roles was given and still has."""
    rows = await fetch(
        connection,
        "select report_id, id from report_shares where practice_id = %(practice)s"
        f" and (user_id = %(user)s or role = any(%(roles)s)) and {_ACTIVE}",
        {
            "practice": caller.practice_id,
            "user": caller.user_id,
            "roles": list(caller.roles),
            "now": now,
        },
    )
    return {row["report_id"]: row["id"] for row in rows}


async def revoke_all(
    connection: Connection,
    practice_id: uuid.UUID,
    report_id: uuid.UUID,
    user_id: str,
    now: datetime,
) -> None:
    """Takes every share of a report back, in the name of a user."""
    await connection.execute(
        "update report_shares set revoked_at = %(now)s, revoked_by_user_id = %(user)s"
        " where practice_id = %(practice)s and report_id = %(report)s and revoked_at is null",
        {"practice": practice_id, "report": report_id, "user": user_id, "now": now},
    )


async def is_active(
    connection: Connection,
    practice_id: uuid.UUID,
    share_id: uuid.UUID,
    report_id: uuid.UUID,
    now: datetime,
) -> bool:
    """Whether a share still gives this report away."""
    found = await fetch_one(
        connection,
        "select 1 from report_shares where practice_id = %(practice)s and id = %(id)s"
        f" and report_id = %(report)s and {_ACTIVE}",
        {"practice": practice_id, "id": share_id, "report": report_id, "now": now},
    )
    return found is not None
