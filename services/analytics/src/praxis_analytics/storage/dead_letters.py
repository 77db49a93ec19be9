"""Events that could not be applied, kept with the reason; for the worker login only."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from praxis_chassis.database import Connection
from praxis_chassis.dead_letters import DeadLetter
from praxis_chassis.errors import InvalidInput, NotFound

PRODUCER = "platform"
# The practice of what cannot be read far enough to tell.
NO_PRACTICE = uuid.UUID(int=0)


async def bury(
    connection: Connection, practice_id: uuid.UUID, subject: str, payload: bytes, reason: str
) -> None:
    """Keeps `payload`; the same content again changes nothing."""
    await connection.execute(
        "insert into dead_letter (producer, event_id, practice_id, subject, payload, reason, at)"
        " values (%s, %s, %s, %s, %s, %s, clock_timestamp()) on conflict do nothing",
        (
            PRODUCER,
            uuid.uuid5(uuid.NAMESPACE_OID, payload.hex()),
            practice_id,
            subject,
            payload,
            reason,
        ),
    )


async def list_letters(
    connection: Connection, practice_id: uuid.UUID | None, limit: int, page_token: str = ""
) -> tuple[list[DeadLetter], str]:
    """Up to `limit` of a practice (None: of all), the newest first, and the next page's token.

    Raises: InvalidInput for a token that is none of ours.
    """
    at, event_id = _place(page_token)
    cursor = await connection.execute(
        "select event_id, practice_id, subject, reason, at, length(payload) from dead_letter"
        " where producer = %(producer)s and (at, event_id) < (%(at)s, %(id)s)"
        " and (%(practice)s::uuid is null or practice_id = %(practice)s)"
        " order by at desc, event_id desc limit %(limit)s",
        {
            "producer": PRODUCER,
            "at": at,
            "id": event_id,
            "practice": practice_id,
            "limit": limit + 1,
        },
    )
    found = [DeadLetter(*row) for row in await cursor.fetchall()]
    if len(found) <= limit:
        return found, ""
    last = found[limit - 1]
    return found[:limit], f"{last.at.astimezone(UTC).isoformat()}/{last.id}"


def _place(page_token: str) -> tuple[datetime, uuid.UUID]:
    if not page_token:
        return datetime.max.replace(tzinfo=UTC), uuid.UUID(int=0)
    at, _, event_id = page_token.partition("/")
    try:
        return datetime.fromisoformat(at), uuid.UUID(event_id)
    except ValueError:
        raise InvalidInput.of("page_token", "comes from no page") from None


async def take_out(connection: Connection, practice_id: uuid.UUID, letter_id: uuid.UUID) -> bytes:
    """Deletes a dead letter of a practice and returns its payload.

    Raises: NotFound; also when another transaction took it out first.
    """
    cursor = await connection.execute(
        "delete from dead_letter where producer = %(producer)s and event_id = %(id)s"
        " and practice_id = %(practice)s returning payload",
        {"producer": PRODUCER, "id": letter_id, "practice": practice_id},
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("no such dead letter")
    return bytes(row[0])
