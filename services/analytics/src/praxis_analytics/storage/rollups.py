"""Roll-ups as they are stored: recomputed from the facts, by month, in one snapshot.

A month's roll-up says which revision it was taken at, and is replaced only by one of a later
revision. Who reads compares that with the mark that apply left; no delta is ever kept.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from praxis_analytics.domain.periods import Range, add_months
from praxis_analytics.domain.registry.model import Part
from praxis_analytics.domain.rollups import RolledFact, join_ranges
from praxis_analytics.storage.claim_lives import with_lives
from praxis_chassis.database import Connection

# So many months are compared at once.
_COMPARED_MONTHS = 240
# Patients to a row of bits.
CHUNK = 4096
# A month that was touched a moment ago is probably being written still.
_QUIET_S = 1.0
# Every practice is looked at this often, whatever it was told: a definition may be new.
_LOOK_S = 600.0

_CLAIM = f"""
update rollup_due set looked_at = clock_timestamp()
where practice_id = (
    select practice_id from rollup_due
    where rolled_at < touched_at and looked_at < clock_timestamp() - interval '{_QUIET_S} s'
       or looked_at < clock_timestamp() - interval '{_LOOK_S} s'
    order by looked_at limit 1 for update skip locked)
returning practice_id, touched_at
"""
_DONE = """
update rollup_due set rolled_at = %(touched_at)s
where practice_id = %(practice)s and rolled_at < %(touched_at)s
"""
_DIRTY = f"""
select t.month, t.touched_at < clock_timestamp() - interval '{_QUIET_S} s'
from month_touched t left join month_rolled r
     on r.practice_id = t.practice_id and r.fact = t.fact and r.month = t.month
where t.practice_id = %(practice)s and t.fact = %(fact)s
  and (r.month is null or r.definition <> %(definition)s or r.computed_rev < t.touched_rev)
order by t.month
"""
_CLEAN = """
select r.month from month_rolled r join month_touched t
     on t.practice_id = r.practice_id and t.fact = r.fact and t.month = r.month
where r.practice_id = %(practice)s and r.fact = %(fact)s and r.definition = %(definition)s
  and t.touched_rev <= r.computed_rev
order by r.month
"""
_HEAD = """
select h.revision, p.time_zone from revision_head h join practice p using (practice_id)
where practice_id = %(practice)s
"""
_STORE = """
insert into month_rolled as r (practice_id, fact, month, definition, computed_rev)
select %(practice)s, %(fact)s, month, %(definition)s, %(revision)s
from unnest(%(months)s::date[]) month
on conflict (practice_id, fact, month) do update
set definition = excluded.definition, computed_rev = excluded.computed_rev
where r.computed_rev < excluded.computed_rev or r.definition <> excluded.definition
returning month
"""


async def claim(connection: Connection) -> tuple[uuid.UUID, datetime] | None:
    """A practice whose months have to be looked at, and when it was touched last; or None."""
    row = await (await connection.execute(_CLAIM.encode())).fetchone()
    return (row[0], row[1]) if row is not None else None


async def done(connection: Connection, practice_id: uuid.UUID, touched_at: datetime) -> None:
    """Notes that all that was touched by then is rolled up."""
    await connection.execute(_DONE, {"practice": practice_id, "touched_at": touched_at})


async def roll(connection: Connection, practice_id: uuid.UUID, fact: RolledFact) -> bool:
    """Brings the months of a fact up to date, in the caller's REPEATABLE READ transaction.

    Returns whether none was left for being touched just now. Raises: SerializationFailure or
    UniqueViolation where another worker was faster; then nothing is lost by giving up.
    """
    values: dict[str, Any] = {"practice": practice_id, "fact": fact.name}
    head = await (await connection.execute(_HEAD, values)).fetchone()
    if head is None:
        return True
    values |= {"revision": head[0], **_meant(fact, head[1])}
    found = await (await connection.execute(_DIRTY.encode(), values)).fetchall()
    values["months"] = [month for month, quiet in found if quiet]
    if values["months"]:
        stored = await (await connection.execute(_STORE, values)).fetchall()
        await _replace(connection, fact, values, sorted(month for (month,) in stored))
    return all(quiet for _, quiet in found)


async def _replace(
    connection: Connection, fact: RolledFact, values: dict[str, Any], months: Sequence[date]
) -> None:
    for table in _tables(fact):
        await connection.execute(
            f"delete from {table} where practice_id = %(practice)s and fact = %(fact)s"
            " and month = any(%(months)s)".encode(),
            values,
        )
    for run in _whole(months):
        bounds = {**values, "start": run.start, "after": run.end + timedelta(1)}
        if fact.patients:
            await connection.execute(_number(fact), bounds)
        for table, select in _tables(fact).items():
            await connection.execute(f"insert into {table} {select}".encode(), bounds)


async def difference(
    connection: Connection, practice_id: uuid.UUID, fact: RolledFact
) -> tuple[int, str]:
    """How many months of a fact have roll-ups that stand for it, and the first row in which one
    of them is not what the facts say; empty where none is."""
    values: dict[str, Any] = {"practice": practice_id, "fact": fact.name}
    head = await (await connection.execute(_HEAD, values)).fetchone()
    if head is None:
        return 0, ""
    values |= _meant(fact, head[1])
    rows = await (await connection.execute(_CLEAN, values)).fetchall()
    months = sorted(month for (month,) in rows)
    for first in range(0, len(months), _COMPARED_MONTHS):
        for run in _whole(months[first : first + _COMPARED_MONTHS]):
            bounds = {**values, "start": run.start, "after": run.end + timedelta(1)}
            for table, select in _tables(fact).items():
                compared = _compared(table, select).encode()
                row = await (await connection.execute(compared, bounds)).fetchone()
                found = row and (row[0] or row[1])
                if found:
                    return len(months), f"{table} in {run.start} to {run.end}, {found[:300]}"
    return len(months), ""


def _compared(table: str, select: str) -> str:
    """The first row that only the store has, and the first that only the facts make."""
    return f"""
        with facts as materialized ({select}), stored as materialized (
            select * from {table} where practice_id = %(practice)s and fact = %(fact)s
            and month >= %(start)s and month < %(after)s)
        select (select 'stored: ' || s::text from (table stored except table facts) s limit 1),
               (select 'facts: ' || f::text from (table facts except table stored) f limit 1)"""


def _whole(months: Iterable[date]) -> Sequence[Range]:
    """Months that follow each other as one."""
    return join_ranges(Range(month, add_months(month, 1) - timedelta(1)) for month in months)


def _meant(fact: RolledFact, zone: str) -> dict[str, Any]:
    # Who asks as of a day on which not all had happened yet reads the facts.
    return {"zone": zone, "definition": fact.definition(zone), "tomorrow": date.max}


def _local_day(fact: RolledFact) -> str:
    return f"(f.{fact.date} at time zone %(zone)s)::date" if fact.instant else f"f.{fact.date}"


def _facts(fact: RolledFact) -> str:
    """The facts of the months from `start` to before `after`, with their local day."""
    zone = " at time zone %(zone)s" if fact.instant else ""
    table = with_lives(fact.added) if fact.added else fact.table
    # A day more on both sides, for midnights that daylight saving moves; the day itself decides.
    return f"""(
        select * from (
            select f.*, {_local_day(fact)} as local_day,
                   date_trunc('month', {_local_day(fact)}::timestamp)::date as local_month
            from {table} f
            where f.practice_id = %(practice)s and not f.voided
              and f.{fact.date} >= (%(start)s::date - 1)::timestamp{zone}
              and f.{fact.date} < (%(after)s::date + 1)::timestamp{zone}
        ) f where local_day >= %(start)s and local_day < %(after)s) f"""


def _sums(fact: RolledFact) -> str:
    sums = (
        f"coalesce({part.aggregate} filter (where {part.where}), 0)::numeric" for part in fact.sums
    )
    return f"array[{', '.join(sums)}]::numeric[]"


def _key_of(axis: str) -> str:
    """The text that a fact `f` is stored under by an axis; empty without a value."""
    return f"coalesce(f.{axis}::text, '')" if axis else "''"


@functools.cache
def _tables(fact: RolledFact) -> Mapping[str, str]:
    """What each table holds of a fact: all its columns, from the facts of some months."""
    axes = ("", *fact.axes)
    tables = {
        "rollup_day": " union all ".join(_days(fact, axis) for axis in axes),
        "rollup_month": " union all ".join(_months(fact, axis) for axis in axes),
    }
    if fact.patients:
        tables["rollup_patients"] = " union all ".join(
            _bits(fact, part, axis) for part in fact.patients for axis in axes
        )
    return tables


def _days(fact: RolledFact, axis: str) -> str:
    return f"""
        select %(practice)s::uuid, %(fact)s::text, '{axis}', local_month, local_day,
               {_key_of(axis)}, bool_or(f.synthetic), {_sums(fact)}
        from {_facts(fact)} group by 4, 5, 6"""


def _months(fact: RolledFact, axis: str) -> str:
    return f"""
        select %(practice)s::uuid, %(fact)s::text, '{axis}', local_month, {_key_of(axis)},
               bool_or(f.synthetic), {_sums(fact)}
        from {_facts(fact)} group by 4, 5"""


@functools.cache
def _number(fact: RolledFact) -> bytes:
    """Numbers patients that have none, after the last number of the practice."""
    return f"""
        insert into patient_number (practice_id, patient_id, number)
        select %(practice)s, patient_id, last + row_number() over ()
        from (
            select distinct f.patient_id from {_facts(fact)} where f.patient_id is not null
              and not exists (select from patient_number n where n.practice_id = %(practice)s
                              and n.patient_id = f.patient_id)
        ) fresh, (select coalesce(max(number), -1) as last from patient_number
                  where practice_id = %(practice)s) numbered""".encode()


def bit_of(number: str) -> str:
    """A row of bits with only a patient's own."""
    return f"set_bit(repeat('0', {CHUNK})::bit({CHUNK}), mod({number}, {CHUNK}), 1)"


def _bits(fact: RolledFact, part: Part, axis: str) -> str:
    return f"""
        select %(practice)s::uuid, %(fact)s::text, '{axis}', month, '{part.id}', key,
               number / {CHUNK}, bit_or({bit_of("number")})
        from (
            select distinct f.local_month as month, {_key_of(axis)} as key, n.number
            from {_facts(fact)}
            join patient_number n on n.practice_id = %(practice)s and n.patient_id = f.patient_id
            where {part.where}
        ) met group by month, key, number / {CHUNK}"""
