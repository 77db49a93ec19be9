"""Questions answered from roll-ups where these stand for the facts, and from facts where not.

A month's roll-up stands for its facts at revision R if nothing touched the month after the
smaller of R and the revision it was computed at. The rest of a period, and every part that is
no plain flow, is read from the facts; sums of both are added. What follows from the events of a
claim is rolled up as if all of them had happened, and stands on a day when all had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS
from praxis_analytics.domain.registry.model import Part
from praxis_analytics.domain.rollups import (
    Pieces,
    RolledFact,
    can_roll,
    counts_patients,
    fact_name,
    is_days,
    rolled_facts,
    split,
    stored_as,
)
from praxis_analytics.queries.compile import (
    Axis,
    Parameters,
    Statement,
    axis_of,
    bucket_of,
    flows,
    groups_of,
    in_period,
    kept,
    local_day,
)
from praxis_analytics.queries.sources import facts_as_of
from praxis_analytics.storage.rollups import CHUNK, bit_of
from praxis_chassis.database import Connection

_NONE = Pieces((), (), ())
# What counts all time up to a day is read from facts before this one.
_EARLIEST = date(1990, 1, 1)
Dirty = Mapping[str, frozenset[date]]
"""Months of each fact for which a question has to read the facts."""

_MONTHS_OF = ("", "month", "quarter")
_DIRTY = """
select t.fact, t.month
from unnest(%(facts)s::text[], %(definitions)s::text[], %(follow)s::boolean[])
    d (fact, definition, follows)
join month_touched t on t.practice_id = %(practice)s and t.fact = d.fact
left join month_rolled r on r.practice_id = %(practice)s and r.fact = t.fact
     and r.month = t.month and r.definition = d.definition
where t.month between %(first)s and %(last)s
  and (t.touched_rev > least(%(revision)s, coalesce(r.computed_rev, -1))
       or d.follows and exists (
           select from fact_claim_event e
           where e.practice_id = %(practice)s and e.occurred_on > %(today)s))
"""


async def dirty_months(connection: Connection, question: Question, scope: Parameters) -> Dirty:
    """The months of a question and its comparison that no roll-up stands for."""
    parts = [part for metric in question.uses for part in metric.parts if can_roll(part)]
    names = {fact_name(part) for part in parts}
    facts = [fact for name, fact in rolled_facts().items() if name in names]
    found: dict[str, set[date]] = defaultdict(set)
    if facts:
        periods = [question.period, *([question.comparison] if question.comparison else [])]
        cursor = await connection.execute(
            _DIRTY.encode(),
            {
                **scope,
                "facts": [fact.name for fact in facts],
                "definitions": [fact.definition(question.time_zone) for fact in facts],
                "follow": [fact.follows for fact in facts],
                "today": question.today,
                "first": _first_day(parts, periods, question.today).replace(day=1),
                "last": max(period.end for period in periods),
            },
        )
        for name, month in await cursor.fetchall():
            found[name].add(month)
    return {fact.name: frozenset(found[fact.name]) for fact in facts}


def _first_day(parts: Sequence[Part], periods: Sequence[Range], today: date) -> date:
    """Before which no part looks, in any of the periods or a shorter one within."""
    longest = max(part.trailing for part in parts)
    first = min(period.start for period in periods)
    # What trails ends today where the period has not begun.
    first = min(first, today) - timedelta(longest) if longest else first
    return first if all(part.since for part in parts) else min(first, _EARLIEST)


def statements(
    question: Question,
    period: Range,
    scope: Parameters,
    newest: bool,
    more: Sequence[Part] = (),
    dirty: Dirty = MappingProxyType({}),
) -> list[Statement]:
    """Everything to run for one period of a question, and for `more` parts beside its own.

    What several statements say of one part of one group is to be added up. Facts that `dirty`
    does not name are not taken from roll-ups.
    """
    compiled: list[Statement] = []
    for parts in groups_of(question, more):
        plan = _plan(question, parts, period, dirty)
        if plan.rolled:
            compiled += plan.compiled(scope, newest)
        if plan.rest:
            compiled.append(flows(question, plan.rest, period, scope, newest))
    return compiled


@dataclass(frozen=True)
class _Plan:
    """How the parts of one source and date are answered: from where, and by which axis."""

    question: Question
    axis: str = ""
    pieces: Pieces = _NONE
    people: Pieces = _NONE
    rolled: list[Part] = field(default_factory=list)
    rest: list[Part] = field(default_factory=list)

    def compiled(self, scope: Parameters, newest: bool) -> list[Statement]:
        sums = [part for part in self.rolled if not counts_patients(part)]
        # Without any sum it still says which groups there are, and whether facts are synthetic.
        first = sums or self.rolled[:1]
        found = []
        if self.pieces.months or self.pieces.days:
            found.append(_stored_sums(self, sums, first[0], scope, newest))
        plain = [replace(part, since=True, trailing=0) for part in first]
        for piece in self.pieces.facts:
            statement = flows(self.question, plain, piece, scope, newest)
            found.append(statement if sums else _groups_of(self.question, statement))
        if not first[0].since:
            before = Range(date.min, _EARLIEST - timedelta(1))
            found.append(flows(self.question, first, before, scope, newest))
        for part in self.rolled:
            if counts_patients(part):
                found.append(_stored_patients(self, part, scope, newest))
        return found


def _groups_of(question: Question, statement: Statement) -> Statement:
    """The groups of a statement of one part, without its value."""
    names = [f"c{index}" for index in range(2 + 2 * len(question.dimensions))]
    columns = ", ".join(names)
    sql = f"select {columns} from ({statement.sql}) x ({columns}, value)"
    return Statement(sql, statement.parameters, ())


def _plan(question: Question, parts: Sequence[Part], period: Range, dirty: Dirty) -> _Plan:
    """Decides for parts of one source and date. Only what gains by it is rolled."""
    part = parts[0]
    fact = rolled_facts().get(fact_name(part))
    axis = _axis(question, part, fact) if fact else None
    start, end = _seen(question, part, period)
    if fact is None or axis is None or fact.name not in dirty or end < start:
        return _Plan(question, rest=list(parts))
    by_month = question.grain in _MONTHS_OF
    pieces = split(Range(start, end), dirty[fact.name], by_month=by_month, by_day=True)
    people = split(Range(start, end), dirty[fact.name], by_month=by_month, by_day=False)
    rolled = [
        one
        for one in parts
        if stored_as(fact, one) and _adds_up(question, one)
        if (people.months if counts_patients(one) else pieces.months or pieces.days)
    ]
    rest = [one for one in parts if one not in rolled]
    return _Plan(question, axis, pieces, people, rolled, rest)


def _seen(question: Question, part: Part, period: Range) -> tuple[date, date]:
    """The first and last day whose facts a part counts."""
    end = period.end if part.source.ahead else min(period.end, question.today)
    if not part.since:
        return _EARLIEST, end
    return (end - timedelta(part.trailing - 1) if part.trailing else period.start), end


def _axis(question: Question, part: Part, fact: RolledFact) -> str | None:
    """The one column of the fact that a question splits and filters by; None for another or
    more."""
    names = (*question.dimensions, *(name for name, _ in question.filters))
    dimensions = [DIMENSIONS[name] for name in names]
    axes = {part.source.column(dimension.needs) for dimension in dimensions}
    simple = all("%(" not in one.key + one.name for one in dimensions)
    if not axes:
        return ""
    (axis,) = axes if len(axes) == 1 else (None,)
    return axis if simple and axis in fact.axes else None


def _adds_up(question: Question, part: Part) -> bool:
    """Days with facts are not added over several values of an axis, nor patients over any time
    but that of the question."""
    if counts_patients(part):
        return part.since and not part.trailing
    if not is_days(part):
        return True
    by_id = all(DIMENSIONS[name].key == "f.{f}::text" for name in question.dimensions)
    return by_id and not question.filters


@dataclass(frozen=True)
class _Split:
    """The joins, keys and labels of a question's dimensions, and its filters, over rows `f`."""

    joins: str
    axes: list[Axis]
    passing: str
    parameters: Parameters


def _split(question: Question, part: Part, newest: bool) -> _Split:
    joins, passing, parameters = kept(question, part, newest)
    axes = [
        axis_of(DIMENSIONS[name], part, f"d{index}", newest)
        for index, name in enumerate(question.dimensions)
    ]
    return _Split(joins + "".join(axis.join for axis in axes), axes, passing, parameters)


def _bucket(question: Question) -> str:
    if not question.grain:
        return "null::date"
    return bucket_of(question, "f.on_day")


def _stored_sums(
    plan: _Plan, parts: Sequence[Part], one: Part, scope: Parameters, newest: bool
) -> Statement:
    """Sums of whole months and of days, by an axis or of all together."""
    fact, parted = rolled_facts()[fact_name(one)], _split(plan.question, one, newest)
    rows, parameters = [], {**scope, **parted.parameters, "fact": fact.name}
    axis = _axis_column(plan.axis)
    if plan.pieces.months:
        rows.append(
            f"select month as on_day{axis}, synthetic, sums from rollup_month"
            " where practice_id = %(practice)s and fact = %(fact)s"
            f" and axis = '{plan.axis}' and month = any(%(months)s)"
        )
        parameters["months"] = list(plan.pieces.months)
    if plan.pieces.days:
        rows.append(
            f"select day as on_day{axis}, synthetic, sums from rollup_day"
            " where practice_id = %(practice)s and fact = %(fact)s"
            f" and axis = '{plan.axis}' and month = any(%(day_months)s) and day = any(%(days)s)"
        )
        parameters["day_months"] = [span.start.replace(day=1) for span in plan.pieces.days]
        parameters["days"] = [
            span.start + timedelta(n) for span in plan.pieces.days for n in range(span.days)
        ]
    kept_as = [stored_as(fact, part) for part in parts]
    values = [f"sum(f.sums[{fact.sums.index(part) + 1}])" for part in kept_as if part]
    split_by = [text for axis in parted.axes for text in (axis.key, f"min({axis.label})")]
    columns = [_bucket(plan.question), *split_by, "coalesce(bool_or(f.synthetic), false)", *values]
    sql = (
        f"select {', '.join(columns)} from ({' union all '.join(rows)}) f{parted.joins}"
        f" where {parted.passing}{_grouping(plan.question)}"
    )
    return Statement(sql, parameters, tuple(parts))


def _axis_column(axis: str) -> str:
    """The value that a roll-up is of, as the column of the fact."""
    value = "nullif(key, '')::uuid" if axis.endswith("_id") else "nullif(key, '')"
    return f", {value} as {axis}" if axis else ""


def _grouping(question: Question) -> str:
    places = ["1"] if question.grain else []
    places += [str(2 + 2 * index) for index in range(len(question.dimensions))]
    # Without any group, no row is said for no facts.
    return f" group by {', '.join(places)}" if places else " having count(*) > 0"


def _stored_patients(plan: _Plan, part: Part, scope: Parameters, newest: bool) -> Statement:
    """Distinct patients over stored bits and, for the rest of the period, over facts.

    Who has no number yet stands in no bits, and is counted beside them.
    """
    parted = _split(plan.question, part, newest)
    axis = _axis_column(plan.axis)
    sources = [
        f"select month as on_day{axis}, chunk, bits, null::uuid as unnumbered from rollup_patients"
        " where practice_id = %(practice)s and fact = %(fact)s and part = %(part)s"
        f" and axis = '{plan.axis}' and month = any(%(months)s)"
    ]
    parameters = {
        **scope,
        **parted.parameters,
        "fact": fact_name(part),
        "part": part.id,
        "months": list(plan.people.months),
        "zone": plan.question.time_zone,
    }
    for index, piece in enumerate(plan.people.facts):
        inside, bounds = in_period(part, plan.question, piece)
        for name in ("start", "after"):
            inside = inside.replace(f"%({name})s", f"%({name}_{index})s")
            parameters[f"{name}_{index}"] = bounds[name]
        column = f", f.{plan.axis}" if plan.axis else ""
        sources.append(
            f"select {local_day(part)}{column}, n.number / {CHUNK}, {bit_of('n.number')},"
            " case when n.number is null then f.patient_id end"
            f" from {facts_as_of(part.source.kind.table, newest)} f"
            " left join patient_number n on n.practice_id = %(practice)s"
            f" and n.patient_id = f.patient_id where {inside} and ({part.where})"
        )
    return Statement(_counted(plan.question, parted, sources), parameters, (part,))


def _counted(question: Question, parted: _Split, sources: Sequence[str]) -> str:
    """Patients per group of rows with bits, each counted once."""
    split_by = [
        text
        for index, axis in enumerate(parted.axes)
        for text in (f"{axis.key} as key_{index}", f"min({axis.label}) as label_{index}")
    ]
    places = [str(2 + 2 * index) for index in range(len(parted.axes))]
    inner = (
        f"select {', '.join([f'{_bucket(question)} as bucket', *split_by])}, f.chunk,"
        " bit_count(bit_or(f.bits)) as numbered, count(distinct f.unnumbered) as others"
        f" from ({' union all '.join(sources)}) f{parted.joins} where {parted.passing}"
        f" group by {', '.join(['1', *places, 'f.chunk'])}"
    )
    outer = [
        text
        for index in range(len(parted.axes))
        for text in (f"key_{index}", f"min(label_{index})")
    ]
    columns = ["bucket", *outer, "false", "sum(coalesce(numbered, 0) + others)"]
    return f"select {', '.join(columns)} from ({inner}) c group by {', '.join(['1', *places])}"
