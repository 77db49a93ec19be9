"""Practices and their settings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput, NotFound
from praxis_chassis.records import audit


@dataclass(frozen=True)
class Practice:
    """A practice and the settings its figures rest on."""

    practice_id: uuid.UUID
    name: str
    time_zone: str
    currency: str
    fiscal_year_start_month: int
    accrual_basis: bool
    business_date: date | None
    revision: int
    recorded_at: datetime
    created_at: datetime

    @property
    def today(self) -> date:
        """The business date: the fixed one, or the local date now."""
        return self.business_date or datetime.now(ZoneInfo(self.time_zone)).date()


_SELECT = """
select p.practice_id, p.name, p.time_zone, p.currency, p.fiscal_year_start_month,
       p.accrual_basis, p.business_date, h.revision, h.recorded_at, p.created_at
from practice p join revision_head h on h.practice_id = p.practice_id
where p.practice_id = %s
"""


async def get_practice(connection: Connection, practice_id: uuid.UUID) -> Practice:
    """The practice with its newest revision. Raises: NotFound."""
    row = await (await connection.execute(_SELECT, (practice_id,))).fetchone()
    if row is None:
        raise NotFound("no such practice")
    return Practice(*row)


async def add_practice(
    connection: Connection, practice_id: uuid.UUID, name: str, time_zone: str
) -> None:
    """Creates a practice in the caller's transaction.

    Raises: InvalidInput for an empty or long name, or a zone that is not in the IANA database.
    """
    if not 1 <= len(name.strip()) <= 200:
        raise InvalidInput.of("name", "must have 1 to 200 characters")
    if time_zone not in available_timezones():
        raise InvalidInput.of("timezone", f"{time_zone!r} is no IANA time zone")
    now = datetime.now(UTC)
    await connection.execute(
        "insert into practice (practice_id, name, time_zone, created_at) values (%s, %s, %s, %s)",
        (practice_id, name.strip(), time_zone, now),
    )
    await connection.execute(
        "insert into revision_head (practice_id, recorded_at) values (%s, %s)", (practice_id, now)
    )
    await audit(connection, "practice.create", "practice", practice_id)


async def set_business_date(
    connection: Connection, practice_id: uuid.UUID, business_date: date
) -> None:
    """Fixes the practice's today, as for historical data, in the caller's transaction."""
    cursor = await connection.execute(
        "update practice set business_date = %s"
        " where practice_id = %s and business_date is distinct from %s",
        (business_date, practice_id, business_date),
    )
    if cursor.rowcount:
        await audit(
            connection, "practice.update", "practice", practice_id, fields=["business_date"]
        )
