"""Runs compiled questions and puts answers together: one snapshot, one revision, one receipt."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from praxis_analytics.domain.metrics import Computed, Part, compute
from praxis_analytics.domain.periods import Bucket, Range, buckets
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.compile import Parameters, coverage, statements
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection
from praxis_chassis.errors import OutOfRange

Key = tuple[date | None, str | None]
Sums = dict[str, Decimal | None]


@dataclass(frozen=True)
class Span:
    """When a kind of fact has rows: first and last local date, and the last up to today."""

    domain: str
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

        Its kind of fact must have rows, and the period must touch the time that its domain
        (charges and ledger together: money) has any. Facts after today are not there, except
        for parts that look ahead.
        """
        tables = {"fact_charge", "fact_ledger"} if part.snapshot else {part.table}
        if not tables <= self.tables.keys():
            return False
        spans = [span for span in self.tables.values() if span.domain == part.domain]
        first = min(span.first for span in spans)
        last = max(span.last if part.future else span.seen or first for span in spans)
        end = period.end if part.future else min(period.end, self.today)
        # A balance or state stands on after the last fact; a flow does not.
        return first <= end and (part.snapshot or not part.since or period.start <= last)


@dataclass
class _Sums:
    """What the statements of one period yielded: sums by bucket and key, and labels of keys."""

    sums: dict[Key, Sums] = field(default_factory=dict)
    labels: dict[str | None, str] = field(default_factory=dict)
    synthetic: bool = False


@dataclass(frozen=True)
class AnswerRow:
    """Figures of one group, in the order of the question's metrics."""

    bucket: date | None
    partial: bool
    key: str | None
    label: str
    figures: tuple[Computed, ...]
    comparison: tuple[Computed, ...] | None


@dataclass(frozen=True)
class Answer:
    """What a question yields at a state."""

    question: Question
    state: State
    rows: tuple[AnswerRow, ...]
    synthetic: bool


async def state_at(
    connection: Connection, practice: Practice, revision: int | None, today: date
) -> State:
    """The state at `revision` (None: the newest). Raises: OutOfRange for one that never was."""
    wanted = practice.revision if revision is None else revision
    if wanted > practice.revision:
        raise OutOfRange.of("revision", f"the newest is {practice.revision}")
    newest = wanted == practice.revision
    scope = {"practice": practice.practice_id, "revision": wanted}
    sql, parameters = coverage(practice.time_zone, today, scope, newest)
    rows = await (await connection.execute(sql.encode(), parameters)).fetchall()
    tables = {table: Span(*span) for table, *span in rows if span[1] is not None}
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


async def _run(connection: Connection, question: Question, period: Range, state: State) -> _Sums:
    """Gathers the sums of every part over one period."""
    found = _Sums()
    for statement in statements(question, period, state.scope, state.newest):
        cursor = await connection.execute(statement.sql.encode(), statement.parameters)
        for bucket, key, label, synthetic, *values in await cursor.fetchall():
            found.labels[key] = label or found.labels.get(key, "")
            found.synthetic = found.synthetic or bool(synthetic)
            sums = found.sums.setdefault((bucket, key), {})
            for part, value in zip(statement.parts, values, strict=True):
                sums[part.id] = Decimal(value or 0)
    return found


def _figures(question: Question, state: State, period: Range, sums: Sums) -> tuple[Computed, ...]:
    def known(part: Part) -> Decimal | None:
        return (sums.get(part.id) or Decimal(0)) if state.has(part, period) else None

    figures = []
    for metric in question.uses:
        parts = metric.parts(question.accrual_basis)
        values = {part.id: known(part) for part in parts}
        figures.append(compute(metric, values, question.accrual_basis))
    return tuple(figures)


def _keys(question: Question, *found: _Sums) -> list[tuple[str | None, str]]:
    """Every key met, with its label, in the order of labels."""
    if not question.dimension:
        return [(None, "")]
    labels: dict[str | None, str] = {}
    for one in found:
        labels = {
            **labels,
            **{key: label or labels.get(key, "") for key, label in one.labels.items()},
        }
    return sorted(labels.items(), key=lambda item: (item[1], item[0] or "")) or [(None, "")]


def _spans(question: Question, period: Range) -> list[Bucket | None]:
    """The buckets of a period; one that is none without a grain."""
    return list(buckets(period, question.grain)) if question.grain else [None]


async def answer(connection: Connection, question: Question, state: State) -> Answer:
    """Answers one question from one state, inside the caller's read transaction.

    Buckets are compared with those of the comparison period in order: the first with the first.
    """
    period, comparison = question.period, question.comparison
    now, before = await _run(connection, question, period, state), _Sums()
    earlier: list[Bucket | None] = []
    if comparison is not None:
        before = await _run(connection, question, comparison, state)
        earlier = _spans(question, comparison)
    rows, keys = [], _keys(question, now, before)
    for index, bucket in enumerate(_spans(question, period)):
        for key, label in keys:
            start = bucket.start if bucket else None
            figures = _figures(question, state, period, now.sums.get((start, key), {}))
            compared = None
            if comparison is not None and index < len(earlier):
                then = earlier[index]
                sums = before.sums.get((then.start if then else None, key), {})
                compared = _figures(question, state, comparison, sums)
            partial = bucket is not None and _is_partial(bucket, question.today)
            rows.append(AnswerRow(start, partial, key, label, figures, compared))
    return Answer(question, state, tuple(rows), now.synthetic or before.synthetic)


def _is_partial(bucket: Bucket, today: date) -> bool:
    return not bucket.whole or bucket.start <= today < bucket.last
