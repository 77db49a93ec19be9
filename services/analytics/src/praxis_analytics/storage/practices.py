"""Practices, their settings, and every form that the settings have had."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed
from psycopg.types.json import Jsonb

from praxis_chassis.caller import current
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import InvalidInput, NotFound
from praxis_chassis.records import audit

# What a practice may change, by column.
SETTINGS = (
    *("name", "time_zone", "currency", "fiscal_year_start_month", "accrual_basis"),
    *("business_date", "week_start", "holidays", "active_patient_months", "small_cell_limit"),
    *("minimum_survey_answers", "minimum_ranking_answers", "variants"),
)


@dataclass(frozen=True)
class Practice:
    """A practice and the settings its figures rest on.

    `week_start` is 0 for Monday; `variants` says which variant of a metric is meant where a
    question names none (metrics that are not there: the metric itself); `version` counts the
    forms of the settings.
    """

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
    week_start: int = 0
    holidays: tuple[date, ...] = ()
    active_patient_months: int = 24
    small_cell_limit: int = 11
    minimum_survey_answers: int = 11
    minimum_ranking_answers: int = 30
    variants: Mapping[str, str] = field(default_factory=dict)
    version: int = 1

    @property
    def local_today(self) -> date:
        """The local date now."""
        return datetime.now(ZoneInfo(self.time_zone)).date()

    @property
    def today(self) -> date:
        """The business date: the fixed one, or the local date now."""
        return self.business_date or self.local_today


_SELECT = """
select p.practice_id, p.name, p.time_zone, p.currency, p.fiscal_year_start_month,
       p.accrual_basis, p.business_date, h.revision, h.recorded_at, p.created_at,
       p.week_start, p.holidays, p.active_patient_months, p.small_cell_limit,
       p.minimum_survey_answers, p.minimum_ranking_answers, p.variants, p.version
from practice p join revision_head h on h.practice_id = p.practice_id
where p.practice_id = {}
"""
_HOLIDAYS = 11


async def get_practice(connection: Connection, practice_id: uuid.UUID) -> Practice:
    """The practice with its newest revision. Raises: NotFound."""
    return _practice(await (await connection.execute(_of(practice_id))).fetchone())


@asynccontextmanager
async def reading(
    database: Database, practice_id: uuid.UUID, statement_ms: int | None = None
) -> AsyncIterator[tuple[Connection, Practice]]:
    """A read transaction, and the practice as it is in it. Raises: NotFound."""
    first = _of(practice_id)
    async with database.read_first(practice_id, first, statement_ms) as (connection, row):
        yield connection, _practice(row)


def _of(practice_id: uuid.UUID) -> Composed:
    return SQL(_SELECT).format(practice_id)


def _practice(row: TupleRow | None) -> Practice:
    if row is None:
        raise NotFound("no such practice")
    values = list(row)
    values[_HOLIDAYS] = tuple(values[_HOLIDAYS])
    return Practice(*values)


def check_time_zone(field_name: str, time_zone: str) -> None:
    """Raises: InvalidInput naming the field unless the IANA database has the zone."""
    if time_zone not in available_timezones():
        raise InvalidInput.of(field_name, f"{time_zone!r} is no IANA time zone")


async def add_practice(
    connection: Connection, practice_id: uuid.UUID, name: str, time_zone: str
) -> None:
    """Creates a practice in the caller's transaction.

    Raises: InvalidInput for an empty or long name, or a zone that is not in the IANA database.
    """
    if not 1 <= len(name.strip()) <= 200:
        raise InvalidInput.of("name", "must have 1 to 200 characters")
    check_time_zone("timezone", time_zone)
    now = datetime.now(UTC)
    await connection.execute(
        "insert into practice (practice_id, name, time_zone, created_at) values (%s, %s, %s, %s)",
        (practice_id, name.strip(), time_zone, now),
    )
    await connection.execute(
        "insert into revision_head (practice_id, recorded_at) values (%s, %s)", (practice_id, now)
    )
    await audit(connection, "practice.create", "practice", practice_id)


async def write_settings(
    connection: Connection, before: Practice, changes: Mapping[str, Any], revision: int
) -> Practice:
    """Writes settings that hold from `revision` on, with their history and audit row.

    `changes` names columns of SETTINGS, at least one; the caller holds the practice's lock.
    Returns the practice as it is then.
    """
    values = dict(changes)
    if "variants" in values:
        values["variants"] = Jsonb(values["variants"])
    if "holidays" in values:
        values["holidays"] = list(values["holidays"])
    assigned = ", ".join(f"{name} = %({name})s" for name in changes)
    sql = f"update practice set {assigned}, version = version + 1 where practice_id = %(practice)s"
    await connection.execute(sql.encode(), {**values, "practice": before.practice_id})
    after = await get_practice(connection, before.practice_id)
    if before.version == 1:
        await _remember(connection, before, (0, before.created_at, ""), ())
    made = (revision, datetime.now(UTC), current().caller.user_id)
    await _remember(connection, after, made, tuple(changes))
    await audit(connection, "practice.update", "practice", before.practice_id, fields=list(changes))
    return after


async def _remember(
    connection: Connection,
    practice: Practice,
    made: tuple[int, datetime, str],
    fields: tuple[str, ...],
) -> None:
    settings = {name: getattr(practice, name) for name in SETTINGS}
    await connection.execute(
        "insert into practice_history (practice_id, version, revision, changed_at, changed_by,"
        " fields, settings) values (%s, %s, %s, %s, %s, %s, %s::jsonb)",
        (
            practice.practice_id,
            practice.version,
            *made,
            list(fields),
            json.dumps(settings, default=str, sort_keys=True),
        ),
    )


async def set_business_date(
    connection: Connection, practice_id: uuid.UUID, business_date: date
) -> None:
    """Fixes the practice's today, as for historical data, in the caller's transaction.

    Takes no revision of its own: an answer names its today, and facts come with the import.
    """
    await connection.execute(
        "select 1 from practice where practice_id = %s for update", (practice_id,)
    )
    practice = await get_practice(connection, practice_id)
    if practice.business_date != business_date:
        change = {"business_date": business_date}
        await write_settings(connection, practice, change, practice.revision)
