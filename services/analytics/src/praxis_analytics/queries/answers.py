"""Runs compiled questions and puts answers together: one snapshot, one revision, one receipt."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from praxis_analytics.domain.periods import Bucket, Range, buckets
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS
from praxis_analytics.domain.registry.model import EMPTY, Computed, Metric, Part, answered, compute
from praxis_analytics.queries.compile import Parameters, Statement, coverage
from praxis_analytics.queries.rollups import Dirty, dirty_months, statements
from praxis_analytics.queries.small_cells import guards, hide
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput, OutOfRange

# The values of a question's dimensions, and what people call them.
Keys = tuple[str, ...]
Cell = tuple[date | None, Keys]
Sums = dict[str, Decimal]
Groups = list[tuple[Keys, Keys]]
Table = dict[Cell, tuple[Computed, ...]]


@dataclass(frozen=True)
class Span:
    """When a kind of fact has rows: first and last local date, and the last up to today."""

    subject: str
    first: date
    last: date
    seen: date | None


@dataclass(frozen=True)
class State:
    """The state of a practice's facts that an answer is taken from."""

    practice_id: uuid.UUID
    revision: int
    recorded_at: datetime
    newest: bool
    today: date
    tables: Mapping[str, Span]
    dirty: Dirty | None = None
    """What roll-ups do not stand for; None: each answer looks, empty: all is read from facts."""

    @property
    def scope(self) -> Parameters:
        """Parameters that every statement carries."""
        return {"practice": self.practice_id, "revision": self.revision}

    @property
    def data_through(self) -> date | None:
        """The last local date, not after today, that has any fact."""
        return max((span.seen for span in self.tables.values() if span.seen), default=None)

    def has(self, part: Part, period: Range) -> bool:
        """Whether there is source data for a part in a period.

        Its kinds of fact must have rows, and the period must touch the time that its subject
        (charges and ledger together: money) has any. Facts after today are not there, except
        for sources that look ahead.
        """
        source = part.source
        if not part.covered_by:
            return bool(self.tables)
        spans = [span for span in self.tables.values() if span.subject == part.covered_by]
        if not spans or not source.needs <= self.tables.keys():
            return False
        first = min(span.first for span in spans)
        last = max(span.last if source.ahead else span.seen or first for span in spans)
        end = period.end if source.ahead else min(period.end, self.today)
        # A balance or state stands on after the last fact; a flow does not.
        return first <= end and (source.moment or not part.since or period.start <= last)


@dataclass
class _Sums:
    """What the statements of one period yielded: sums by bucket and keys, and names of keys."""

    sums: dict[Cell, Sums] = field(default_factory=dict)
    names: dict[Keys, Keys] = field(default_factory=dict)
    synthetic: bool = False
    wholes: dict[tuple[date | None, str], Sums] = field(default_factory=dict)

    def whole(self, bucket: date | None, metric: Metric) -> Sums:
        """The sums of all groups of a bucket together."""
        if (bucket, metric.id) not in self.wholes:
            groups = [sums for cell, sums in self.sums.items() if cell[0] == bucket]
            nothing = Decimal(0)
            self.wholes[bucket, metric.id] = {
                part.id: sum((group.get(part.id, nothing) for group in groups), nothing)
                for part in metric.parts
            }
        return self.wholes[bucket, metric.id]


@dataclass(frozen=True)
class AnswerRow:
    """Figures of one group, in the order of the question's metrics; one key and name for each
    of its dimensions."""

    bucket: date | None
    partial: bool
    keys: Keys
    names: Keys
    figures: tuple[Computed, ...]
    comparison: tuple[Computed, ...] | None

    @property
    def key(self) -> str | None:
        """The value of the first dimension, None without any."""
        return self.keys[0] if self.keys else None

    @property
    def label(self) -> str:
        """What people call it."""
        return self.names[0] if self.names else ""


@dataclass(frozen=True)
class Answer:
    """What a question yields at a state. Counts of fewer than `small` patients are hidden."""

    question: Question
    state: State
    rows: tuple[AnswerRow, ...]
    synthetic: bool
    small: int = 0


FIGURES_MOST = 200_000
# A revision's facts never change, so what is known of them stays true.
_SPANS: dict[tuple[uuid.UUID, int, str, date, frozenset[str]], Mapping[str, Span]] = {}
_SPANS_MOST = 10_000


async def state_at(
    connection: Connection,
    practice: Practice,
    revision: int | None,
    today: date,
    subjects: frozenset[str] = frozenset(),
) -> State:
    """The state at `revision` (None: the newest), to answer questions about `subjects`.

    Raises: OutOfRange for a revision that never was.
    """
    wanted = practice.revision if revision is None else revision
    if wanted > practice.revision:
        raise OutOfRange.of("revision", f"the newest is {practice.revision}")
    newest = wanted == practice.revision
    scope = {"practice": practice.practice_id, "revision": wanted}
    key = (practice.practice_id, wanted, practice.time_zone, today, subjects)
    if (tables := _SPANS.get(key)) is None:
        sql, parameters = coverage(practice.time_zone, today, scope, newest, subjects)
        rows = await (await connection.execute(sql.encode(), parameters)).fetchall()
        tables = {table: Span(*span) for table, *span in rows if span[1] is not None}
        if len(_SPANS) >= _SPANS_MOST:
            del _SPANS[next(iter(_SPANS))]
        _SPANS[key] = tables
    recorded_at = practice.recorded_at
    if not newest:
        cursor = await connection.execute(
            "select recorded_at from revision_log where practice_id = %(practice)s"
            " and revision = %(revision)s",
            scope,
        )
        found = await cursor.fetchone()
        recorded_at = found[0] if found else practice.created_at
    return State(practice.practice_id, wanted, recorded_at, newest, today, tables)


async def _run(
    connection: Connection,
    question: Question,
    period: Range,
    state: State,
    more: Sequence[Part] = (),
) -> _Sums:
    """Gathers the sums of every part, and of `more`, over one period."""
    found = _Sums()
    compiled = statements(question, period, state.scope, state.newest, more, state.dirty or {})
    async with connection.pipeline():
        cursors = [
            await connection.execute(statement.sql.encode(), statement.parameters)
            for statement in compiled
        ]
        for statement, cursor in zip(compiled, cursors, strict=True):
            for row in await cursor.fetchall():
                _gather(found, question, statement, row)
    return found


def _gather(found: _Sums, question: Question, statement: Statement, row: Sequence[Any]) -> None:
    """Adds one row of a statement."""
    width = 1 + 2 * len(question.dimensions)
    bucket, split, synthetic, values = row[0], row[1:width], row[width], row[width + 1 :]
    keys, labels = tuple(split[::2]), split[1::2]
    before = found.names.get(keys, ("",) * len(keys))
    # Facts of one key may call it differently, and some not at all.
    found.names[keys] = tuple(
        min(filter(None, (old, DIMENSIONS[name].called(key, new))), default="")
        for old, name, key, new in zip(before, question.dimensions, keys, labels, strict=True)
    )
    found.synthetic = found.synthetic or bool(synthetic)
    sums = found.sums.setdefault((bucket, keys), {})
    for part, value in zip(statement.parts, values, strict=True):
        if value is not None:
            # Of one period, a part may come from roll-ups and the rest from facts.
            sums[part.id] = (sums.get(part.id) or Decimal(0)) + Decimal(value)


def _figures(
    question: Question, state: State, period: Range, found: _Sums, cell: Cell
) -> tuple[Computed, ...]:
    """The figures of one cell."""

    def known(part: Part, sums: Sums) -> Decimal | None:
        nothing = EMPTY if part.adds == "value" else Decimal(0)
        return sums.get(part.id, nothing) if state.has(part, period) else None

    figures = []
    for metric in question.uses:
        sums = {part.id: known(part, found.sums.get(cell, {})) for part in metric.parts}
        whole = None
        if metric.share:
            of_all = found.whole(cell[0], metric)
            whole = {part.id: known(part, of_all) for part in metric.parts}
        figure = compute(metric, sums, whole=whole)
        few = metric.answers and answered(metric, sums) < question.minimum_answers
        figures.append(Computed(None, "suppressed") if few and figure.value is not None else figure)
    return tuple(figures)


def _keys(question: Question, *found: _Sums) -> Groups:
    """Every group met, with its names, in their order; where none is, one without keys."""
    names = {keys: labels for one in reversed(found) for keys, labels in one.names.items()}

    def place(item: tuple[Keys, Keys]) -> tuple[object, ...]:
        return tuple(
            DIMENSIONS[name].place(key, label)
            for name, key, label in zip(question.dimensions, *item, strict=True)
        )

    return sorted(names.items(), key=place) or [((), ())]


def _spans(question: Question, period: Range) -> list[Bucket | None]:
    """The buckets of a period; one that is none without a grain."""
    return list(buckets(period, question.grain)) if question.grain else [None]


async def answer(
    connection: Connection, question: Question, state: State, small: int = 0
) -> Answer:
    """Answers one question from one state, inside the caller's read transaction.

    Buckets are compared with those of the comparison period in order: the first with the first.
    What rests on fewer than `small` patients is hidden. Raises: InvalidInput naming the field for
    more than FIGURES_MOST figures.
    """
    if state.dirty is None:
        state = replace(state, dirty=await dirty_months(connection, question, state.scope))
    more = guards(question) if small else ()
    now = await _run(connection, question, question.period, state, more)
    before = _Sums()
    if question.comparison is not None:
        before = await _run(connection, question, question.comparison, state, more)
    groups = await _in_order(connection, question, state, _keys(question, now, before), now)
    if not small:
        # What is hidden depends on every group; without it, those left out need no figures.
        groups = groups[: question.limit or None]
    _bound(question, len(groups))
    figures = _table(question, state, question.period, now, groups, small)
    compared: Table = {}
    if question.comparison is not None:
        compared = _table(question, state, question.comparison, before, groups, small)
    rows = tuple(_rows(question, groups[: question.limit or None], figures, compared))
    return Answer(question, state, rows, now.synthetic or before.synthetic, small)


def _bound(question: Question, groups: int) -> None:
    """Raises: InvalidInput for more figures than anybody reads, which take seconds to make."""
    count = groups * len(_spans(question, question.period)) * len(question.metrics)
    if count > FIGURES_MOST:
        field_name = "grain" if question.grain else "dimensions"
        raise InvalidInput.of(
            field_name,
            f"makes {count:,} figures, over {FIGURES_MOST:,}; take a longer grain, a shorter"
            " range, fewer dimensions or a limit",
        )


async def _in_order(
    connection: Connection, question: Question, state: State, groups: Groups, found: _Sums
) -> Groups:
    """The groups as the question orders them; by a metric, over the whole period."""
    order = question.order
    if not order.metric:
        return groups[::-1] if order.descending else groups
    if question.grain:
        question = replace(question, grain="")
        found = await _run(connection, question, question.period, state)
    index, sign = question.metrics.index(order.metric), -1 if order.descending else 1

    def rank(group: tuple[Keys, Keys]) -> tuple[bool, Decimal]:
        value = _figures(question, state, question.period, found, (None, group[0]))[index].value
        return value is None, sign * (value or Decimal(0))

    return sorted(groups, key=rank)


def _table(
    question: Question, state: State, period: Range, found: _Sums, groups: Groups, small: int
) -> Table:
    """The figures of every cell of a period."""
    cells = [
        (span.start if span else None, keys)
        for span in _spans(question, period)
        for keys, _ in groups
    ]
    figures = {cell: _figures(question, state, period, found, cell) for cell in cells}
    if not small:
        return figures
    counts = {
        cell: {
            part.id: int(found.sums.get(cell, {}).get(part.id) or 0) for part in guards(question)
        }
        for cell in cells
    }
    return hide(question, {cell: (counts[cell], figures[cell]) for cell in cells}, small)


def _rows(
    question: Question, groups: Groups, figures: Table, compared: Table
) -> Iterator[AnswerRow]:
    earlier = _spans(question, question.comparison) if question.comparison else []
    for index, bucket in enumerate(_spans(question, question.period)):
        then = earlier[index] if index < len(earlier) else None
        partial = bucket is not None and _is_partial(bucket, question.today)
        for keys, names in groups:
            start = bucket.start if bucket else None
            before = None
            if index < len(earlier):
                before = compared[(then.start if then else None, keys)]
            yield AnswerRow(start, partial, keys, names, figures[(start, keys)], before)


def _is_partial(bucket: Bucket, today: date) -> bool:
    return not bucket.whole or bucket.start <= today < bucket.last
