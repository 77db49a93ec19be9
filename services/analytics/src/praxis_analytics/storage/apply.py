"""The one way facts come in: `apply` makes one batch of one practice's facts one revision.

Staged outside the lock, then, under the practice's row in `revision_head`: upsert with history,
voiding of what a corrected source no longer yields, recomputation of what follows from other
facts, the revision's log and its event. A batch that changes nothing takes no revision.
"""

from __future__ import annotations

import asyncio
import functools
import json
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from psycopg import errors as pg

from praxis.analytics.v1 import events_pb2
from praxis_analytics.domain.facts import (
    ENCOUNTER,
    PATIENT,
    SOURCE_COLUMNS,
    Batch,
    Kind,
    Row,
)
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import Conflict, InvalidInput
from praxis_chassis.records import emit

BATCH_MOST = 10_000
_STATEMENT_MS = 120_000
_TRIES = 60
# Office, virtual or home, finished, and not the certification of a death.
VISIT = (
    "status = 'finished' and class in ('AMB', 'VR', 'HH')"
    " and type_code is distinct from '308646001'"
)


@dataclass
class Applied:
    """What a batch did: the revision it became (None when nothing changed) and rows by outcome."""

    revision: int | None = None
    inserted: int = 0
    changed: int = 0
    voided: int = 0
    # Changed rows that this same import had written before: a second, different copy.
    rewritten: int = 0
    by_table: dict[str, int] = field(default_factory=dict)


async def apply(
    connection: Connection, practice_id: uuid.UUID, batch: Batch, import_batch_id: uuid.UUID
) -> Applied:
    """Applies `batch` on a connection in autocommit mode that belongs to the caller alone.

    Raises: InvalidInput for a batch over 10,000 rows; Conflict when the practice stays locked
    for about a minute; NotFound never (the caller checked the practice).
    """
    if batch.size > BATCH_MOST:
        raise InvalidInput(f"a batch holds at most {BATCH_MOST} facts, not {batch.size}")
    for attempt in range(_TRIES):
        try:
            async with transaction(connection, "BEGIN", practice_id, _STATEMENT_MS):
                work = _Work(connection, practice_id, batch, import_batch_id)
                return await work.run()
        except (pg.LockNotAvailable, pg.DeadlockDetected):
            await asyncio.sleep(random.uniform(0, min(1.0, 0.05 * 2**attempt)))  # noqa: S311
    raise Conflict("the practice is being changed by others all the time; try again later")


class _Work:
    """One attempt at one batch."""

    def __init__(
        self,
        connection: Connection,
        practice_id: uuid.UUID,
        batch: Batch,
        import_batch_id: uuid.UUID,
    ) -> None:
        self._connection = connection
        self._batch = batch
        self._done = Applied()
        self._patients: set[uuid.UUID] = set()
        self._head: dict[str, object] = {
            "practice": practice_id,
            "import": import_batch_id,
        }

    async def run(self) -> Applied:
        await self._stage()
        await self._take_revision()
        for kind in self._batch.rows:
            await self._upsert(kind)
        for kind in self._kinds_to_void():
            await self._void_gone(kind)
        if self._patients:
            await self._recompute()
        if self._done.by_table:
            await self._record()
        return self._done

    # Staging, before the lock.

    async def _stage(self) -> None:
        for kind in {*self._batch.rows, *self._kinds_to_void()}:
            await self._connection.execute(_stage_ddl(kind).encode())
            rows = self._batch.rows.get(kind)
            if rows:
                await self._copy(f"stage_{kind.table}", rows.values())
        if self._batch.resources:
            await self._connection.execute(
                "create temp table if not exists stage_resource"
                " (source_resource text, source_version bigint) on commit delete rows"
            )
            versions = ((name, version) for name, (version, _) in self._batch.resources.items())
            await self._copy("stage_resource", versions)

    async def _copy(self, table: str, rows: object) -> None:
        cursor = self._connection.cursor()
        async with cursor.copy(f"copy {table} from stdin".encode()) as copy:
            lines: list[str] = []
            for row in rows:  # type: ignore[attr-defined]
                lines.append(copy_line(row))
                if len(lines) == 1000:
                    await copy.write("".join(lines))
                    lines.clear()
            await copy.write("".join(lines))

    # Under the lock.

    async def _take_revision(self) -> None:
        cursor = await self._connection.execute(
            "select revision + 1, greatest(recorded_at, clock_timestamp()) from revision_head"
            " where practice_id = %(practice)s for update",
            self._head,
        )
        row = await cursor.fetchone()
        if row is None:
            raise InvalidInput("the practice has no revision head")
        self._head["revision"], self._head["recorded_at"] = row

    async def _count(self, statement: str, kind: Kind) -> tuple[int, ...]:
        cursor = await self._connection.execute(statement.encode(), self._head)
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101  (an aggregate always answers)
        *counts, patients = row
        self._patients.update(patients or ())
        total = sum(counts[:2])
        if total:
            by_table = self._done.by_table
            by_table[kind.table] = by_table.get(kind.table, 0) + total
        return tuple(counts)

    async def _upsert(self, kind: Kind) -> None:
        inserted, changed, rewritten = await self._count(_upsert_sql(kind), kind)
        self._done.inserted += inserted
        self._done.changed += changed
        self._done.rewritten += rewritten
        version = len(kind.columns) + 3
        if any(row[version] for row in self._batch.rows[kind].values()):
            await self._connection.execute(_raise_version_sql(kind).encode(), self._head)

    def _kinds_to_void(self) -> list[Kind]:
        kinds = {kind: None for _, kinds in self._batch.resources.values() for kind in kinds}
        return list(kinds)

    async def _void_gone(self, kind: Kind) -> None:
        _, voided = await self._count(_void_gone_sql(kind), kind)
        self._done.voided += voided

    async def _recompute(self) -> None:
        parameters = {**self._head, "patients": list(self._patients)}
        for table, statement in (
            ("fact_encounter", _NEW_PATIENT_SQL),
            ("dim_patient", _REGISTERED_SQL),
        ):
            cursor = await self._connection.execute(statement.encode(), parameters)
            row = await cursor.fetchone()
            if row is not None and row[0]:
                self._done.by_table.setdefault(table, row[0])

    async def _record(self) -> None:
        self._done.revision = int(str(self._head["revision"]))
        changed = json.dumps(self._done.by_table, sort_keys=True)
        await self._connection.execute(
            "insert into revision_log (practice_id, revision, recorded_at, import_batch_id,"
            " changed) values (%(practice)s, %(revision)s, %(recorded_at)s, %(import)s,"
            " %(changed)s::jsonb)",
            {**self._head, "changed": changed},
        )
        await self._connection.execute(
            "update revision_head set revision = %(revision)s, recorded_at = %(recorded_at)s"
            " where practice_id = %(practice)s",
            self._head,
        )
        practice_id = self._head["practice"]
        assert isinstance(practice_id, uuid.UUID)  # noqa: S101
        payload = events_pb2.RevisionRecorded(
            practice_id=str(practice_id), revision=self._done.revision, changed=self._done.by_table
        )
        subject = "praxis.analytics.v1.revision.recorded"
        await emit(self._connection, practice_id, subject, payload)


# The statements of a kind, made once.

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})


def _text(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (list, tuple)):
        items = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in value)
        return ("{" + ",".join(f'"{item}"' for item in items) + "}").translate(_ESCAPES)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def copy_line(row: Row) -> str:
    """One line of COPY's text form."""
    return "\t".join(map(_text, row)) + "\n"


@functools.cache
def _stage_ddl(kind: Kind) -> str:
    columns = ", ".join(f"{name} {t}" for name, t in (*kind.columns, *SOURCE_COLUMNS))
    return f"create temp table if not exists stage_{kind.table} ({columns}) on commit delete rows"


def _list(names: object, prefix: str = "") -> str:
    return ", ".join(prefix + name for name in names)  # type: ignore[attr-defined]


def _touched_patients(kind: Kind, source: str) -> str:
    """Patients whose derived facts may change with rows of `kind`."""
    if kind is not ENCOUNTER:
        return "null::uuid[]"
    return (
        f"(select array_agg(distinct p) from (select old_patient p from {source}"
        f" union select new_patient from {source}) touched where p is not null)"
    )


def _patient_columns(kind: Kind) -> str:
    if kind is not ENCOUNTER:
        return ""
    return ", old.patient_id as old_patient, new.patient_id as new_patient"


@functools.cache
def _upsert_sql(kind: Kind) -> str:
    given = [*kind.names, *(name for name, _ in SOURCE_COLUMNS)]
    content = [*kind.names[len(kind.key) :], "source_resource", "voided", "synthetic"]
    stored = [name for name, _ in kind.stored]
    after_key = [name for name in given if name not in kind.key]
    book = (
        "void_reason = excluded.void_reason, recorded_at = excluded.recorded_at,"
        " rev_from = excluded.rev_from, import_batch_id = excluded.import_batch_id"
    )
    return f"""
    with written as (
        insert into {kind.table} as f
            (practice_id, {_list(given)}, void_reason, recorded_at, rev_from, import_batch_id)
        select %(practice)s, {_list(given, "s.")}, case when s.voided then 'source' end,
               %(recorded_at)s, %(revision)s, %(import)s
        from stage_{kind.table} s
        on conflict (practice_id, {_list(kind.key)}) do update
        set {", ".join(f"{name} = excluded.{name}" for name in after_key)}, {book}
        where ({_list(content, "f.")}) is distinct from ({_list(content, "excluded.")})
          and excluded.source_version >= f.source_version
          and (f.void_reason is distinct from 'source' or excluded.voided
               or excluded.source_version > f.source_version)
        returning old.practice_id is null as inserted{_patient_columns(kind)},
                  {", ".join(f"old.{name} as {name}" for name in stored)}
    ), kept as (
        insert into {kind.table}_history (practice_id, {_list(stored)}, rev_to)
        select %(practice)s, {_list(stored)}, %(revision)s from written where not inserted
    )
    select count(*) filter (where inserted), count(*) filter (where not inserted),
           count(*) filter (where not inserted and import_batch_id = %(import)s),
           {_touched_patients(kind, "written")}
    from written"""


@functools.cache
def _raise_version_sql(kind: Kind) -> str:
    """A newer version with the same content: remembered, so that an older one cannot come back."""
    same_key = " and ".join(f"f.{name} = s.{name}" for name in kind.key)
    return f"""
    update {kind.table} f set source_version = s.source_version
    from stage_{kind.table} s
    where f.practice_id = %(practice)s and {same_key} and s.source_version > f.source_version"""


@functools.cache
def _void_gone_sql(kind: Kind) -> str:
    stored = [name for name, _ in kind.stored]
    same_key = " and ".join(f"s.{name} = f.{name}" for name in kind.key)
    return f"""
    with gone as (
        update {kind.table} f
        set voided = true, void_reason = 'gone', source_version = r.source_version,
            recorded_at = %(recorded_at)s, rev_from = %(revision)s, import_batch_id = %(import)s
        from stage_resource r
        where f.practice_id = %(practice)s and f.source_resource = r.source_resource
          and not f.voided and r.source_version >= f.source_version
          and f.rev_from < %(revision)s
          and not exists (select from stage_{kind.table} s where {same_key})
        returning true as done{_patient_columns(kind)},
                  {", ".join(f"old.{name} as {name}" for name in stored)}
    ), kept as (
        insert into {kind.table}_history (practice_id, {_list(stored)}, rev_to)
        select %(practice)s, {_list(stored)}, %(revision)s from gone
    )
    select 0, count(*), {_touched_patients(kind, "gone")} from gone"""


def _recompute_sql(kind: Kind, column: str, wanted: str) -> str:
    """Sets a computed column where `wanted` (key, value) differs; keeps the earlier row if it
    belongs to an earlier revision."""
    stored = [name for name, _ in kind.stored]
    same_key = " and ".join(f"w.{name} = f.{name}" for name in kind.key)
    return f"""
    with wanted as ({wanted}),
    moved as (
        update {kind.table} f
        set {column} = w.value, rev_from = %(revision)s, recorded_at = %(recorded_at)s
        from wanted w
        where f.practice_id = %(practice)s and {same_key} and f.{column} is distinct from w.value
        returning {", ".join(f"old.{name} as {name}" for name in stored)}
    ), kept as (
        insert into {kind.table}_history (practice_id, {_list(stored)}, rev_to)
        select %(practice)s, {_list(stored)}, %(revision)s from moved where rev_from < %(revision)s
    )
    select count(*) from moved"""


# The three-year rule: a visit is new when the patient had none in the three years before it;
# one exactly three years earlier makes it established. Visits of one instant do not precede
# each other.
_NEW_PATIENT_SQL = _recompute_sql(
    ENCOUNTER,
    "is_new_patient",
    f"""
    with days as (
        select encounter_id, patient_id, start_at,
               (start_at at time zone p.time_zone)::date as day,
               {VISIT} as is_visit
        from fact_encounter e join practice p on p.practice_id = e.practice_id
        where e.practice_id = %(practice)s and e.patient_id = any(%(patients)s) and not e.voided
    ), visits as (
        select encounter_id, day,
               max(day) over (partition by patient_id order by start_at
                              groups between unbounded preceding and 1 preceding) as before
        from days where is_visit
    )
    select d.encounter_id, case when d.is_visit
           then v.before is null or v.before < (v.day - interval '3 years')::date end as value
    from days d left join visits v on v.encounter_id = d.encounter_id""",
)

_REGISTERED_SQL = _recompute_sql(
    # A patient is registered on the local date of the first encounter of any class.
    PATIENT,
    "registered_on",
    """
    select t.patient_id, min((e.start_at at time zone p.time_zone)::date) as value
    from dim_patient t
    join practice p on p.practice_id = t.practice_id
    left join fact_encounter e on e.practice_id = t.practice_id
         and e.patient_id = t.patient_id and not e.voided
    where t.practice_id = %(practice)s and t.patient_id = any(%(patients)s)
    group by t.patient_id""",
)
