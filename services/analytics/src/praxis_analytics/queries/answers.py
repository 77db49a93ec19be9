"""Runs compiled questions and puts answers together: one snapshot, one revision, one receipt."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from praxis_analytics.domain.metrics import Computed, Part, compute
from praxis_analytics.domain.periods import Range, buckets
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.compile import Parameters, Statement, coverage, statements
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection
from praxis_chassis.errors import OutOfRange

Key = tuple[date | None, str | None]
Sums = dict[str, Decimal | None]


@dataclass(frozen=True)
class State:
    """The state of a practice's facts that an answer is taken from."""

    practice_id: uuid.UUID
    revision: int
    recorded_at: datetime
    newest: bool
    # Table → first and last local date with facts, and its domain.
    tables: Mapping[str, tuple[str, date, date]]
    data_through: date | None

    @property
    def scope(self) -> Parameters:
        """Parameters that every statement carries."""
        return {"practice": self.practice_id, "revision": self.revision}

    def has(self, part: Part, period: Range) -> bool:
        """Whether there is source data for a part in a period.

        Its kind of fact must have rows, and the period must touch the time that its domain
        (charges and ledger together: money) has any.
        """
        tables = {"fact_charge", "fact_ledger"} if part.snapshot else {part.table}
        if not tables <= self.tables.keys():
            return False
        spans = [span for span in self.tables.values() if span[0] == part.domain]
        first, last = min(span[1] for span in spans), max(span[2] for span in spans)
        # A balance stands on after the last posting; a flow does not.
        return first <= period.end and (part.snapshot or period.start <= last)


@dataclass
class Group:
    """Sums of one bucket and key."""

    label: str = ""
    sums: Sums = field(default_factory=dict)


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
    sql, parameters = coverage(practice.time_zone, scope, newest)
    rows = await (await connection.execute(sql.encode(), parameters)).fetchall()
    tables = {row[0]: (row[1], row[2], row[3]) for row in rows}
    through = max((min(last, today) for _, _, last in tables.values()), default=None)
    recorded_at = practice.recorded_at
    if not newest:
        cursor = await connection.execute(
            "select recorded_at from revision_log where practice_id = %(practice)s"
            " and revision = %(revision)s",
            scope,
        )
        found = await cursor.fetchone()
        recorded_at = found[0] if found else practice.created_at
    return State(practice.practice_id, wanted, recorded_at, newest, tables, through)


async def _sums(
    connection: Connection, compiled: Sequence[Statement]
) -> tuple[dict[Key, Group], bool]:
    """Runs statements and gathers their sums by bucket and key."""
    groups: dict[Key, Group] = {}
    synthetic = False
    for statement in compiled:
        cursor = await connection.execute(statement.sql.encode(), statement.parameters)
        for bucket, key, label, is_synthetic, *values in await cursor.fetchall():
            group = groups.setdefault((bucket, key), Group())
            group.label = label or group.label
            synthetic = synthetic or bool(is_synthetic)
            for part, value in zip(statement.parts, values, strict=True):
                group.sums[part.id] = Decimal(value or 0)
    return groups, synthetic


def _figures(question: Question, state: State, period: Range, sums: Sums) -> tuple[Computed, ...]:
    def known(part: Part) -> Decimal | None:
        return (sums.get(part.id) or Decimal(0)) if state.has(part, period) else None

    figures = []
    for metric in question.uses:
        parts = metric.parts(question.accrual_basis)
        values = {part.id: known(part) for part in parts}
        figures.append(compute(metric, values, question.accrual_basis))
    return tuple(figures)


def _spine(question: Question, keys: Iterable[Key]) -> list[tuple[Key, bool]]:
    """Every bucket of the period times every key met, in order; partial buckets marked."""
    found = sorted({key for _, key in keys}, key=lambda key: key or "") or [None]
    if not question.dimension:
        found = [None]
    if not question.grain:
        return [((None, key), False) for key in found]
    return [
        ((bucket.start, key), not bucket.whole or bucket.start <= question.today < bucket.last)
        for bucket in buckets(question.period, question.grain)
        for key in found
    ]


async def answer(connection: Connection, question: Question, state: State) -> Answer:
    """Answers one question from one state, inside the caller's read transaction."""
    compiled = statements(question, question.period, state.scope, state.newest)
    groups, synthetic = await _sums(connection, compiled)
    before: dict[Key, Group] | None = None
    if question.comparison is not None:
        earlier = statements(question, question.comparison, state.scope, state.newest)
        before, _ = await _sums(connection, earlier)
    keys = [*groups, *(before or {})]
    rows = []
    for key, partial in _spine(question, keys):
        group = groups.get(key, Group())
        figures = _figures(question, state, question.period, group.sums)
        comparison = None
        if before is not None and question.comparison is not None:
            earlier_group = before.get(key, Group())
            group.label = group.label or earlier_group.label
            comparison = _figures(question, state, question.comparison, earlier_group.sums)
        rows.append(AnswerRow(key[0], partial, key[1], group.label, figures, comparison))
    return Answer(question, state, tuple(rows), synthetic)
