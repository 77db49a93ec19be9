"""The statements that write facts, made once per kind from its declaration.

All take `practice`, `revision`, `recorded_at` and `import`, and answer one row: what they did, by
how much the sum of amounts moved, and the patients whose derived facts may change.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from praxis_analytics.domain.facts import (
    CLAIM,
    CLAIM_EVENT,
    ENCOUNTER,
    PATIENT,
    SOURCE_COLUMNS,
    Kind,
)
from praxis_analytics.domain.rollups import MARKED, marked
from praxis_analytics.storage.balances import ACCOUNT_OF, account
from praxis_analytics.storage.claim_lives import marked_by

# Kinds that a patient's derived facts follow from or stand on.
_OF_PATIENTS = (ENCOUNTER, PATIENT)
# The forms that a written row has.
_INSERTED = ("new",)
_CHANGED = ("old", "new")


def _list(names: Iterable[str], prefix: str = "") -> str:
    return ", ".join(prefix + name for name in names)


def _stored(kind: Kind) -> list[str]:
    return [name for name, _ in kind.stored]


def _same_key(kind: Kind, one: str, other: str) -> str:
    return " and ".join(f"{one}.{name} = {other}.{name}" for name in kind.key)


def _effects(kind: Kind, forms: tuple[str, ...]) -> str:
    """Columns of a written row: the move of its amount, its patients and accounts in each form,
    its new deciding dates; then its earlier form, where it has one."""
    columns = [f"{_moved(kind, forms)} as moved"]
    for form in forms:
        if kind in _OF_PATIENTS:
            columns.append(f"{form}.patient_id as {form}_patient")
        if kind in ACCOUNT_OF:
            columns.append(f"{account(kind, f'{form}.')} as {form}_account")
    if kind in (CLAIM, CLAIM_EVENT):
        columns.append("new.claim_id as claim")
    columns += [f"new.{name} as new_{name}" for name in MARKED.get(kind.table, ())]
    return _list(columns + [_earlier(kind)] * ("old" in forms))


def _moved(kind: Kind, forms: tuple[str, ...]) -> str:
    if "amount" not in kind.names:
        return "0"
    counted = "coalesce(case when not {0}.voided then {0}.amount end, 0)"
    return " - ".join(counted.format(form) for form in reversed(forms))


def _earlier(kind: Kind) -> str:
    return _list((f"{name} as {name}" for name in _stored(kind)), "old.")


def _patients(kind: Kind, source: str, forms: tuple[str, ...]) -> str:
    if kind not in _OF_PATIENTS:
        return "null::uuid[]"
    each = " union ".join(f"select {form}_patient as p from {source}" for form in forms)
    return f"(select array_agg(distinct p) from ({each}) touched where p is not null)"


def _keep(kind: Kind, source: str, which: str) -> str:
    """Puts the earlier forms of written rows into history."""
    return f"""
        insert into {kind.table}_history (practice_id, {_list(_stored(kind))}, rev_to)
        select %(practice)s, {_list(_stored(kind))}, %(revision)s from {source} where {which}"""


def _touch(kind: Kind, source: str) -> str:
    """Notes the accounts of written rows, in each of their forms."""
    if kind not in ACCOUNT_OF:
        return ""
    accounts = " union ".join(f"select {form}_account from {source}" for form in _CHANGED)
    return f", touched as (insert into stage_account {accounts})"


def _mark(kind: Kind, source: str, forms: tuple[str, ...]) -> str:
    """Marks the months of written rows' deciding dates, in each of their forms, as touched.

    An instant marks every month that it falls in somewhere on earth, so that no mark depends on
    the practice's time zone.
    """
    months = [
        f"select distinct fact, date_trunc('month', {day})::date"
        f" from {source}, unnest(array{list(marked(kind.table, name))}) fact"
        f" where {form}{name} is not null"
        for name in MARKED.get(kind.table, ())
        for form in forms
        for day in _days(form + name)
    ]
    months += marked_by(kind, source)  # a claim stands in a month by any of its dates
    if not months:
        return ""
    return f""", marked as (
        insert into month_touched (practice_id, fact, month, touched_rev, touched_at)
        select %(practice)s, fact, month, %(revision)s, %(recorded_at)s
        from ({" union ".join(months)}) touched (fact, month)
        on conflict (practice_id, fact, month) do update
        set touched_rev = excluded.touched_rev, touched_at = excluded.touched_at
    )"""


def _days(column: str) -> tuple[str, ...]:
    if not column.endswith("_at"):
        return (f"{column}::timestamp",)
    return tuple(f"{column} at time zone 'UTC' {sign} interval '14 hours'" for sign in "+-")


REMEMBER_VERSIONS = """
insert into resource_version (practice_id, source_system, source_resource, source_version)
select %(practice)s, source_system, source_resource, source_version from stage_resource
where source_version > 0
on conflict (practice_id, source_system, source_resource) do update
set source_version = excluded.source_version
where excluded.source_version > resource_version.source_version
"""

ANY_VERSIONS = "select exists (select from resource_version where practice_id = %(practice)s)"


def drop_older(stage: str) -> str:
    """Takes out of a stage what stands in an older copy of a resource than one met before."""
    return f"""
    delete from {stage} s using resource_version v
    where v.practice_id = %(practice)s and v.source_system = s.source_system
      and v.source_resource = s.source_resource and v.source_version > s.source_version"""


_BOOK = ("void_reason", "recorded_at", "rev_from", "import_batch_id")
_BOOK_VALUES = "case when s.voided then 'source' end, %(recorded_at)s, %(revision)s, %(import)s"


def _given(kind: Kind) -> list[str]:
    return [*kind.names, *(name for name, _ in SOURCE_COLUMNS)]


@functools.cache
def insert(kind: Kind) -> str:
    """Writes the staged rows whose key is new, unless the first few are not: how many, moved,
    patients.

    Nobody else writes the practice's facts meanwhile, so looking first is as safe as an upsert;
    where all is new it takes a third less.
    """
    given = _given(kind)
    staged = f"stage_{kind.table} s"
    known = (
        f"exists (select from {kind.table} f"
        f" where f.practice_id = %(practice)s and {_same_key(kind, 'f', 's')})"
    )
    first, guessed = "", ""
    if kind is ENCOUNTER:
        first, guessed = ", is_new_patient", ", first.value"
        staged += f" left join ({_first_visits('stage_fact_encounter')}) first using (encounter_id)"
    return f"""
    with written as (
        insert into {kind.table} (practice_id, {_list(given)}, {_list(_BOOK)}{first})
        select %(practice)s, {_list(given, "s.")}, {_BOOK_VALUES}{guessed}
        from {staged}
        where not {known}
          and (select bool_and(not {known}) from (table stage_{kind.table} limit 8) s)
        returning {_effects(kind, _INSERTED)}
    ){_mark(kind, "written", ("new_",))}
    select count(*), coalesce(sum(moved), 0), {_patients(kind, "written", _INSERTED)}
    from written"""


@functools.cache
def upsert(kind: Kind) -> str:
    """Writes staged rows: inserted, changed, changed of this same import, moved, patients.

    An older version changes nothing, nor does a live copy of the version that voided the fact.
    """
    given = _given(kind)
    content = [*kind.names[len(kind.key) :], "source_resource", "voided", "synthetic"]
    after_key = [name for name in given if name not in kind.key]
    return f"""
    with written as (
        insert into {kind.table} as f (practice_id, {_list(given)}, {_list(_BOOK)})
        select %(practice)s, {_list(given, "s.")}, {_BOOK_VALUES}
        from stage_{kind.table} s
        on conflict (practice_id, {_list(kind.key)}) do update
        set {_list(f"{name} = excluded.{name}" for name in (*after_key, *_BOOK))}
        where ({_list(content, "f.")}) is distinct from ({_list(content, "excluded.")})
          and excluded.source_version >= f.source_version
          and (f.void_reason is distinct from 'source' or excluded.voided
               or excluded.source_version > f.source_version)
        returning old.practice_id is null as inserted, {_effects(kind, _CHANGED)}
    ), kept as ({_keep(kind, "written", "not inserted")}
    ){_touch(kind, "written")}{_mark(kind, "written", ("", "new_"))}
    select count(*) filter (where inserted), count(*) filter (where not inserted),
           count(*) filter (where not inserted and import_batch_id = %(import)s),
           coalesce(sum(moved), 0), {_patients(kind, "written", _CHANGED)}
    from written"""


@functools.cache
def confirm(kind: Kind) -> str:
    """Remembers a newer version, or a void by the source, of a fact whose content is the same,
    so that an older copy cannot come back."""
    return f"""
    update {kind.table} f
    set source_version = s.source_version, void_reason = case when s.voided then 'source' end
    from stage_{kind.table} s
    where f.practice_id = %(practice)s and {_same_key(kind, "f", "s")}
      and (s.source_version > f.source_version
           or s.source_version = f.source_version and s.voided and f.void_reason = 'gone')"""


@functools.cache
def void_gone(kind: Kind) -> str:
    """Voids what a staged resource yielded before and does not now: voided, moved, patients."""
    return f"""
    with gone as (
        update {kind.table} f
        set voided = true, void_reason = 'gone', source_version = r.source_version,
            recorded_at = %(recorded_at)s, rev_from = %(revision)s, import_batch_id = %(import)s
        from stage_resource r
        where f.practice_id = %(practice)s and f.source_resource = r.source_resource
          and f.source_system = r.source_system
          and not f.voided and r.source_version >= f.source_version
          and not exists (select from stage_{kind.table} s where {_same_key(kind, "s", "f")})
        returning {_effects(kind, _CHANGED)}
    ), kept as ({_keep(kind, "gone", "true")}
    ){_touch(kind, "gone")}{_mark(kind, "gone", ("", "new_"))}
    select count(*), coalesce(sum(moved), 0), {_patients(kind, "gone", _CHANGED)} from gone"""


def recompute(kind: Kind, column: str, wanted: str) -> str:
    """Sets a computed column where `wanted` (key, value) differs, for `patients`. The earlier form
    is kept if it belongs to an earlier revision; the answer counts those."""
    return f"""
    with wanted as ({wanted}),
    moved as (
        update {kind.table} f
        set {column} = w.value, rev_from = %(revision)s, recorded_at = %(recorded_at)s
        from wanted w
        where f.practice_id = %(practice)s and f.patient_id = any(%(patients)s)
          and {_same_key(kind, "w", "f")} and f.{column} is distinct from w.value
        returning {_earlier(kind)}
    ), kept as ({_keep(kind, "moved", "rev_from < %(revision)s")}
    ){_mark(kind, "moved", ("",))}
    select count(*) filter (where rev_from < %(revision)s) from moved"""


# Office, virtual or home, finished, and not the certification of a death.
VISIT = (
    "status = 'finished' and class in ('AMB', 'VR', 'HH')"
    " and type_code is distinct from '308646001'"
)


def _first_visits(encounters: str) -> str:
    """Encounters and, of visits, whether they are their patient's first in three years.

    A visit is new when the patient had none in the three years before it; one exactly three years
    earlier makes it established. Visits of one instant do not precede each other.
    """
    return f"""
    select encounter_id, case when is_visit
           then before is null or before < (day - interval '3 years')::date end as value
    from (
        select encounter_id, day, is_visit,
               max(day) filter (where is_visit) over (
                   partition by patient_id order by start_at
                   groups between unbounded preceding and 1 preceding) as before
        from (
            select encounter_id, patient_id, start_at,
                   (start_at at time zone p.time_zone)::date as day,
                   ({VISIT}) is true as is_visit
            from {encounters} e cross join practice p
            where p.practice_id = %(practice)s and not e.voided
        ) encounters
    ) days"""


# Right after a visit was inserted this most often finds what was guessed of the batch alone.
NEW_PATIENT = recompute(
    ENCOUNTER,
    "is_new_patient",
    _first_visits(
        "(select * from fact_encounter where practice_id = %(practice)s"
        " and patient_id = any(%(patients)s))"
    ),
)

# A patient is registered on the local date of the first encounter of any class.
REGISTERED = recompute(
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
