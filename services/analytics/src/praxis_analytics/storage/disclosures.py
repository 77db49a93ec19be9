"""Identified outputs: the audit row of each, and the patients it named."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from praxis_chassis.caller import current
from praxis_chassis.database import Connection
from praxis_chassis.records import acting, audit

_COLUMNS = "disclosed_at, actor, on_behalf_of, purpose, action, object_type, object_id, request_id"


@dataclass(frozen=True)
class Disclosure:
    """A patient shown to somebody, told once a day."""

    disclosed_at: datetime
    actor: str
    on_behalf_of: str
    purpose: str
    action: str
    object_type: str
    object_id: str
    request_id: str


async def disclose(
    connection: Connection,
    action: str,
    what: tuple[str, str],
    patients: Iterable[uuid.UUID],
    fields: Sequence[str] = (),
) -> None:
    """Records that the current caller is shown `patients` by `action` on `what` (type and id).

    Call it before they are sent; it commits with the caller's transaction.
    """
    await audit(connection, action, *what, fields=fields)
    call, now = current(), datetime.now(UTC)
    actor, behalf = acting(call.caller)
    made = (now, actor, behalf, call.caller.purpose, action, *what, call.request_id)
    await connection.execute(
        f"insert into disclosure (practice_id, patient_id, day, {_COLUMNS})"
        " select %s, who, %s, %s, %s, %s, %s, %s, %s, %s, %s from unnest(%s::uuid[]) who"
        " on conflict do nothing".encode(),
        (call.caller.practice_id, now.date(), *made, sorted(set(patients))),
    )


async def disclosures_of(
    connection: Connection, practice_id: uuid.UUID, patient_id: uuid.UUID, skip: int, limit: int
) -> list[Disclosure]:
    """To whom a patient was shown, the newest first."""
    cursor = await connection.execute(
        f"select {_COLUMNS} from disclosure where practice_id = %s and patient_id = %s"
        " order by day desc, disclosed_at desc, request_id, object_id"
        " offset %s limit %s".encode(),
        (practice_id, patient_id, skip, limit),
    )
    return [Disclosure(*row) for row in await cursor.fetchall()]
