"""The rows behind a figure, and how they differ between two revisions.

A row carries what it adds to its part of the formula, so that the rows of a part sum to it.
Where nothing is added up (a median, the latest of something) a row carries its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS
from praxis_analytics.domain.registry.model import Part
from praxis_analytics.queries.answers import State
from praxis_analytics.queries.compile import (
    Parameters,
    axis_of,
    bucket_of,
    in_period,
    kept,
    local_day,
    value_of,
)
from praxis_analytics.queries.sources import facts_as_of, from_source
from praxis_chassis.database import Connection

_SUM = re.compile(r"(-?)sum\((.+)\)", re.DOTALL)
_DISTINCT = re.compile(r"count\(distinct (.+)\)", re.DOTALL)
_COUNT = re.compile(r"count\((.+)\)", re.DOTALL)
_OF = re.compile(r"(?:min|max|avg)\((.+)\)", re.DOTALL)
# Columns that tell people what a row is, where its source has them.
_TOLD = (
    "entry", "reason", "method", "code", "status", "type", "priority", "class", "type_code",
    "kind", "carc", "group_code", "result", "category", "service_date", "service_on", "item",
    "due_at", "balance_age", "lag_days", "units", "instrument",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """Which figure of an answer: its bucket and the values of its dimensions."""

    bucket: date | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrillRow:
    """One fact behind a figure. `adds` is what it adds to the part, or its value."""

    id: str
    source: tuple[str, str]
    day: date | None
    adds: Decimal
    provider: str
    payer: str
    patient_id: str
    patient: str
    told: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """How a part moved between two revisions, by what happened to its facts."""

    reason: str
    rows: int
    amount: Decimal


@dataclass(frozen=True)
class _Rows:
    """The pieces of a statement over a part's facts."""

    facts: str
    joins: str
    where: str
    id: str
    adds: str
    distinct: str
    parameters: Parameters


def adds_of(part: Part) -> tuple[str, str]:
    """SQL of what a fact `f` adds to a part, and of what it is counted once by (or nothing)."""
    text = part.aggregate
    if part.quantile is not None:
        return text, ""
    if text == "count(*)":
        return "1", ""
    if found := _SUM.fullmatch(text):
        # Where a sum of nothing is absent, so is what a row without an amount adds.
        value = found[2] if part.adds == "value" else f"coalesce({found[2]}, 0)"
        return f"{found[1]}{value}", ""
    if found := _DISTINCT.fullmatch(text):
        return "1", found[1]
    if found := _COUNT.fullmatch(text):
        return f"case when {found[1]} is not null then 1 else 0 end", ""
    if found := _OF.fullmatch(text):
        return found[1], ""
    raise ValueError(f"{part.id} adds {text}")


def _id_of(part: Part) -> str:
    """SQL of what identifies a fact `f` inside its source."""
    source = part.source
    if not source.rows:
        return "concat_ws(':', " + ", ".join(f"f.{name}::text" for name in source.kind.key) + ")"
    return "md5(f::text)" if "account" not in source.types else "f.account::text"


def _rows(question: Question, part: Part, period: Range, cell: Cell, newest: bool) -> _Rows:
    inside, parameters = in_period(part, question, period)
    joins, passing, more = kept(question, part, newest)
    where = [inside, passing, f"({part.where})"]
    for index, (name, key) in enumerate(zip(question.dimensions, cell.keys, strict=False)):
        axis = axis_of(DIMENSIONS[name], part, f"c{index}", newest)
        joins += axis.join
        where.append(f"{axis.key} = %(cell_{index})s")
        more[f"cell_{index}"] = key
    if cell.bucket is not None:
        where.append(f"{bucket_of(question, local_day(part))} = %(cell_bucket)s")
        more["cell_bucket"] = cell.bucket
    adds, distinct = adds_of(part)
    told = " ".join(f"f.{name}" for name in _told(part))
    mentioned = [joins, *where, adds, distinct, told, *_people(part)]
    facts = from_source(part.source, mentioned, newest)
    return _Rows(
        facts, joins, " and ".join(where), _id_of(part), adds, distinct, {**parameters, **more}
    )


def _told(part: Part) -> list[str]:
    return [name for name in _TOLD if name in part.source.types]


def _people(part: Part) -> list[str]:
    """SQL of the provider, payer and patient of a fact `f`, null where its source has none."""
    found = []
    for column in ("provider_id", "payer_id", "patient_id"):
        name = part.source.column(column)
        found.append(f"f.{name}" if name else "null::uuid")
    return found


async def drill(
    connection: Connection,
    question: Question,
    part: Part,
    state: State,
    cell: Cell,
    limit: int,
    offset: int,
) -> Sequence[DrillRow]:
    """Rows behind one part of a figure, by date and id, in the caller's read transaction."""
    rows = _rows(question, part, question.period, cell, state.newest)
    provider, payer, patient = _people(part)
    own = not part.source.rows
    told = _told(part)
    columns = [
        f"{rows.id} as id",
        "f.source_system, f.source_id" if own else "'' as source_system, '' as source_id",
        f"{local_day(part)} as day" if part.date else "null::date as day",
        f"({rows.adds})::numeric as adds",
        f"{provider} as provider_id, {payer} as payer_id, {patient} as patient_id",
        *(f"f.{name}::text as told_{name}" for name in told),
    ]
    chosen = f"distinct on ({rows.distinct}) " if rows.distinct else ""
    order = f" order by {rows.distinct}, 1" if rows.distinct else ""
    inner = (
        f"select {chosen}{', '.join(columns)} from {rows.facts}{rows.joins}"
        f" where {rows.where}{order}"
    )
    joined = "".join(
        f" left join {facts_as_of(f'dim_{name}', state.newest)} {name}"
        f" on {name}.{name}_id = r.{name}_id"
        for name in ("provider", "payer", "patient")
    )
    names = "".join(f", r.told_{name}" for name in told)
    sql = (
        "select r.id, r.source_system, r.source_id, r.day, r.adds,"
        " coalesce(provider.display_name, ''), coalesce(payer.name, ''),"
        " coalesce(r.patient_id::text, ''),"
        f" concat_ws(' ', patient.given_name, patient.family_name){names}"
        f" from ({inner}) r{joined} order by r.day, r.id limit %(limit)s offset %(offset)s"
    )
    parameters = {**state.scope, **rows.parameters, "limit": limit, "offset": offset}
    found = await _fetched(connection, sql, parameters, newest=state.newest)
    return [_drill_row(row, told) for row in found]


async def _fetched(
    connection: Connection, sql: str, parameters: Parameters, *, newest: bool
) -> Sequence[Sequence[Any]]:
    """Runs a query over facts as of a revision. Statistics know nothing of what an earlier one
    held: taken for a few rows, its facts would be joined one by one."""
    if not newest:
        await connection.execute("set local enable_nestloop = off")
    found = await (await connection.execute(sql.encode(), parameters)).fetchall()
    if not newest:
        await connection.execute("set local enable_nestloop = on")
    return found


def _drill_row(row: Sequence[Any], told: Sequence[str]) -> DrillRow:
    fact_id, system, source_id, day, adds, provider, payer, patient_id, patient, *values = row
    words = {name: value for name, value in zip(told, values, strict=True) if value}
    source = (system, source_id)
    adds = Decimal(adds or 0)
    return DrillRow(fact_id, source, day, adds, provider, payer, patient_id, patient, words)


async def totals(
    connection: Connection, question: Question, part: Part, state: State, cell: Cell
) -> tuple[int, Decimal]:
    """How many rows stand behind one part of a figure, and what they add together."""
    rows = _rows(question, part, question.period, cell, state.newest)
    columns = f"count(*), coalesce(sum(({rows.adds})::numeric), 0)"
    if rows.distinct:
        columns = f"count(distinct {rows.distinct}), count(distinct {rows.distinct})"
    sql = f"select {columns} from {rows.facts}{rows.joins} where {rows.where}"
    parameters = {**state.scope, **rows.parameters}
    found = await _fetched(connection, sql, parameters, newest=state.newest)
    ((count, amount),) = found
    return count, Decimal(amount)


async def amount_of(
    connection: Connection, question: Question, part: Part, state: State
) -> Decimal | None:
    """What the rows behind a part come to: their sum, or what the part takes of their values
    (None where there is none)."""
    if part.adds != "value":
        return (await totals(connection, question, part, state, Cell()))[1]
    rows = _rows(question, part, question.period, Cell(), state.newest)
    name = part.aggregate.lstrip("-").partition("(")[0]
    aggregate = "f.adds" if part.quantile is not None else f"{name}(f.adds)"
    value = value_of(replace(part, aggregate=aggregate, where="true"))
    facts = f"select ({rows.adds})::numeric as adds from {rows.facts}{rows.joins}"
    cursor = await connection.execute(
        f"select {value} from ({facts} where {rows.where}) f".encode(),
        {**state.scope, **rows.parameters},
    )
    ((taken,),) = await cursor.fetchall()
    return None if taken is None else Decimal(taken)


async def differences(
    connection: Connection,
    question: Question,
    part: Part,
    cell: Cell,
    then: State,
    now: State,
) -> list[Difference] | None:
    """Why a part of a cell is not what it was, the amounts adding up to the whole move; None
    where a part is no sum and cannot be split.

    voided: counted then and void now. late: came since, dated before the day the old figure was
    recorded. new: came since. corrected: known then, and counts differently now.
    """
    if part.adds == "value":
        return None
    if then.revision == now.revision:
        return []
    before = _rows(question, part, question.period, cell, newest=False)
    after = _rows(question, part, question.period, cell, newest=now.newest)
    day = f"{local_day(part)}" if part.date else "null::date"
    selects = [
        f"select {one.distinct or one.id} as id, {'1' if one.distinct else f'sum({one.adds})'}"
        f" as adds, min({day}) as day from {one.facts}{one.joins} where {one.where} group by 1"
        for one in (before, after)
    ]
    known, gone = _lives(part, before.distinct)
    sql = f"""
    with was as ({selects[0]}), "is" as ({selects[1]}), moved as (
        select coalesce(n.id::text, b.id::text) as id, n.day, b.id is null as came,
               n.id is null as went, coalesce(n.adds, 0) - coalesce(b.adds, 0) as amount
        from "is" n full join was b on n.id = b.id
        where n.adds is distinct from b.adds)
    select case when came and not ({known}) then
                     case when m.day < %(seen_on)s then 'late' else 'new' end
                when went and {gone} then 'voided' else 'corrected' end,
           count(*), sum(amount)
    from moved m group by 1 order by 1"""
    seen_on = then.recorded_at.astimezone(UTC).date()
    parameters = {**then.scope, **before.parameters, **after.parameters, "seen_on": seen_on}
    found = await _fetched(connection, sql, parameters, newest=False)
    return [Difference(name, rows, Decimal(amount)) for name, rows, amount in found]


def _lives(part: Part, distinct: str) -> tuple[str, str]:
    """SQL that a fact `m.id` was known at the old revision, and that it is void now."""
    if part.source.rows or distinct:
        return "false", "false"  # a balance or a patient is no fact that could be void
    table, (first, *others) = part.source.kind.table, part.source.kind.key
    same = f"x.practice_id = %(practice)s and x.{first} = split_part(m.id, ':', 1)::uuid"
    for place, name in enumerate(others, 2):
        same += f" and x.{name}::text = split_part(m.id, ':', {place})"
    known = " or ".join(
        f"exists (select from {name} x where {same} and x.rev_from <= %(revision)s)"
        for name in (table, f"{table}_history")
    )
    return known, f"exists (select from {table} x where {same} and x.voided)"
