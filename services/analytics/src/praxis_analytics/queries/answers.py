"""Runs compiled questions and puts answers together: one snapshot, one revision, one receipt."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from praxis_analytics.domain.periods import Bucket, Range, buckets
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS
from praxis_analytics.domain.registry.model import EMPTY, Computed, Part, answered, compute
from praxis_analytics.queries.compile import Parameters, coverage
from praxis_analytics.queries.gather import Asked, Cell, Gathered, Keys, Sums, gather
from praxis_analytics.queries.rollups import Dirty, dirty_months
from praxis_analytics.queries.small_cells import Cells, Hidden, guards, hidden, hide, widened
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput, OutOfRange

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


def _figures(
    question: Question, state: State, period: Range, found: Gathered, cell: Cell
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
        few = metric.answers and answered(metric, sums) < question.answers_needed
        figures.append(Computed(None, "suppressed") if few and figure.value is not None else figure)
    return tuple(figures)


def _keys(question: Question, *found: Gathered, also: Keys = ()) -> Groups:
    """Every group met, with its names, in their order; where none is, one without keys."""
    names = {keys: labels for one in reversed(found) for keys, labels in one.names.items()}
    if also:
        names.setdefault(also, also)

    def place(item: tuple[Keys, Keys]) -> tuple[object, ...]:
        return tuple(
            DIMENSIONS[name].place(key, label)
            for name, key, label in zip(question.dimensions, *item, strict=True)
        )

    return sorted(names.items(), key=place) or [((), ())]


def _spans(question: Question, period: Range) -> list[Bucket | None]:
    """The buckets of a period; one that is none without a grain."""
    if not question.grain:
        return [None]
    return list(buckets(period, question.grain, question.week_start))


async def answer(
    connection: Connection, question: Question, state: State, small: int = 0, also: Keys = ()
) -> Answer:
    """Answers one question from one state, inside the caller's read transaction.

    Buckets are compared with those of the comparison period in order: the first with the first.
    What rests on fewer than `small` patients is hidden. `also` is a group that has its rows even
    if no fact is in it. Raises: InvalidInput naming the field for more than FIGURES_MOST figures.
    """
    (found,) = await answers(connection, [question], state, small, also)
    return found


async def answers(
    connection: Connection,
    questions: Sequence[Question],
    state: State,
    small: int = 0,
    also: Keys = (),
) -> list[Answer]:
    """Answers several questions as `answer` does one, their statements in one round trip."""
    if state.dirty is None:
        state = replace(state, dirty=await _dirty(connection, questions, state))
    asked = [
        Asked(question, period, guards(question) if small else ())
        for question in questions
        for period in _periods(question)
    ]
    sums = iter(await _run(connection, asked, state))
    gathered = [[next(sums) for _ in _periods(question)] for question in questions]
    return [
        await _answer(connection, question, state, (*found, Gathered())[:2], small, also)
        for question, found in zip(questions, gathered, strict=True)
    ]


async def _run(connection: Connection, asked: Sequence[Asked], state: State) -> list[Gathered]:
    return await gather(connection, asked, state.scope, state.newest, state.dirty or {})


def _periods(question: Question) -> list[Range]:
    return [question.period, *([question.comparison] if question.comparison else [])]


async def _dirty(connection: Connection, questions: Sequence[Question], state: State) -> Dirty:
    """What roll-ups do not stand for of any of the questions."""
    if any(one.variants for one in questions):
        found: dict[str, frozenset[date]] = {}
        for one in questions:
            for name, months in (await dirty_months(connection, one, state.scope)).items():
                found[name] = found.get(name, frozenset()) | months
        return found
    periods = [period for question in questions for period in _periods(question)]
    whole = Range(min(one.start for one in periods), max(one.end for one in periods))
    metrics = dict.fromkeys(name for question in questions for name in question.metrics)
    every = replace(questions[0], metrics=tuple(metrics), period=whole, comparison=None)
    return await dirty_months(connection, every, state.scope)


async def _answer(
    connection: Connection,
    question: Question,
    state: State,
    sums: Sequence[Gathered],
    small: int,
    also: Keys,
) -> Answer:
    """An answer from the sums of the period and of the compared one."""
    now, before = sums
    met = _keys(question, now, before, also=also)
    groups = await _in_order(connection, question, state, met, now)
    if not small:
        # What is hidden depends on every group; without it, those left out need no figures.
        groups = groups[: question.limit or None]
    _bound(question, len(groups))
    tables = []
    for period, found in zip(_periods(question), sums, strict=False):
        cells = _cells(question, state, period, found, groups, small)
        wide = await _hidden_by_split(connection, question, state, period, small)
        tables.append(hide(question, cells, small, wide) if small else _shown(cells))
    figures, compared = (*tables, Table())[:2]
    if small and question.order.metric:
        groups = _hidden_last(question, met, groups, figures)
    rows = tuple(_rows(question, groups[: question.limit or None], figures, compared))
    return Answer(question, state, rows, now.synthetic or before.synthetic, small)


async def components(connection: Connection, question: Question, state: State) -> Sums:
    """What each part of a question that is not split comes to, as answers take it: part id → sum.

    Parts without a fact are not there.
    """
    dirty = await dirty_months(connection, question, state.scope)
    asked = [Asked(question, question.period)]
    (found,) = await _run(connection, asked, replace(state, dirty=dirty))
    return found.sums.get((None, ()), {})


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
    connection: Connection, question: Question, state: State, groups: Groups, found: Gathered
) -> Groups:
    """The groups as the question orders them; by a metric, over the whole period."""
    order = question.order
    if not order.metric:
        return groups[::-1] if order.descending else groups
    if question.grain:
        question = replace(question, grain="")
        (found,) = await _run(connection, [Asked(question, question.period)], state)
    index, sign = question.metrics.index(order.metric), -1 if order.descending else 1

    def rank(group: tuple[Keys, Keys]) -> tuple[bool, Decimal]:
        value = _figures(question, state, question.period, found, (None, group[0]))[index].value
        return value is None, sign * (value or Decimal(0))

    return sorted(groups, key=rank)


def _cells(
    question: Question, state: State, period: Range, found: Gathered, groups: Groups, small: int
) -> Cells:
    """The figures of every cell of a period, and the patients they rest on where that matters."""
    resting = guards(question) if small else ()
    cells = [
        (span.start if span else None, keys)
        for span in _spans(question, period)
        for keys, _ in groups
    ]
    return {
        cell: (
            {part.id: int(found.sums.get(cell, {}).get(part.id) or 0) for part in resting},
            _figures(question, state, period, found, cell),
        )
        for cell in cells
    }


def _shown(cells: Cells) -> Table:
    return {cell: figures for cell, (_, figures) in cells.items()}


async def _hidden_by_split(
    connection: Connection, question: Question, state: State, period: Range, small: int
) -> Hidden:
    """What hides when the question is split by what it is filtered by as well."""
    if not (small and question.filters):
        return {}
    wide = widened(question)
    (found,) = await _run(connection, [Asked(wide, period, guards(wide))], state)
    if not found.names:
        return {}
    groups = _keys(wide, found)
    _bound(wide, len(groups))
    return hidden(wide, _cells(wide, state, period, found, groups, small), small)


def _hidden_last(question: Question, met: Groups, groups: Groups, figures: Table) -> Groups:
    """The groups in their order; those whose figure is hidden have no place in it."""
    index = question.metrics.index(question.order.metric)
    without = {cell[1] for cell, found in figures.items() if found[index].reason == "suppressed"}
    shown = [group for group in groups if group[0] not in without]
    return shown + [group for group in met if group[0] in without]


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
