"""Why a metric changed: two periods by a dimension, and the earlier one as it was known then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from praxis_analytics.domain.changes import Side, Split, additive, split_ratios, split_sums
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.model import Computed, Metric
from praxis_analytics.queries.answers import Answer, AnswerRow, State, answer, state_at
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput


@dataclass(frozen=True)
class Restated:
    """What the comparison period was at the revision that was the newest when it ended."""

    revision: int
    figure: Computed


@dataclass(frozen=True)
class Changed:
    """A change, its parts by group (the largest first), and the earlier period as known then."""

    whole: Answer
    parts: tuple[tuple[AnswerRow, Split], ...]
    restated: Restated | None

    @property
    def figures(self) -> tuple[Computed, Computed]:
        """The metric's figure now and in the comparison period."""
        (row,) = self.whole.rows
        assert row.comparison is not None  # noqa: S101 - the question compares
        return row.figures[0], row.comparison[0]

    @property
    def amount(self) -> Decimal | None:
        """The change, None where either figure is absent."""
        now, before = self.figures
        return None if now.value is None or before.value is None else now.value - before.value


async def change(
    connection: Connection, practice: Practice, question: Question, state: State, small: int
) -> Changed:
    """Splits the change of a question's one metric by its one dimension.

    Raises: InvalidInput for a metric whose change has no exact parts.
    """
    (metric,) = question.uses
    fault = additive(metric)
    if fault:
        raise InvalidInput.of("metric", f"{metric.id} {fault}; its change has no exact parts")
    whole = await answer(connection, replace(question, dimensions=()), state, small)
    found = Changed(whole, (), await _restated(connection, practice, question, small))
    total = found.amount
    if total is None:
        return found
    rows = (await answer(connection, question, state, small)).rows
    if any(figure.reason == "suppressed" for row in rows for figure in _both(row)):
        return found
    splits = _split(metric, rows, total)
    parts = sorted(
        zip(rows, splits, strict=False), key=lambda part: abs(part[1].amount), reverse=True
    )
    return replace(found, parts=tuple(parts))


def _both(row: AnswerRow) -> tuple[Computed, Computed]:
    assert row.comparison is not None  # noqa: S101 - the question compares
    return row.figures[0], row.comparison[0]


def _split(metric: Metric, rows: Sequence[AnswerRow], total: Decimal) -> list[Split]:
    sides = [_both(row) for row in rows]
    if not metric.denominator:
        now, before = ([Fraction(pair[at].value or 0) for pair in sides] for at in (0, 1))
        return split_sums(now, before, total)
    scale = Fraction(metric.scale) * (100 if metric.unit == "percent" else 1)
    first, second = ([_side(pair[at]) for pair in sides] for at in (0, 1))
    return split_ratios(first, second, scale, total)


def _side(figure: Computed) -> Side:
    return Side(Fraction(figure.numerator or 0), Fraction(figure.denominator or 0))


async def _restated(
    connection: Connection, practice: Practice, question: Question, small: int
) -> Restated | None:
    assert question.comparison is not None  # noqa: S101 - the question compares
    cursor = await connection.execute(
        "select max(revision) from revision_log where practice_id = %s"
        " and recorded_at < (%s::date::timestamp at time zone %s)",
        (
            practice.practice_id,
            question.comparison.end + timedelta(days=1),
            question.time_zone,
        ),
    )
    row = await cursor.fetchone()
    if row is None or row[0] is None:
        return None
    earlier = replace(question, period=question.comparison, comparison=None, dimensions=())
    then = await state_at(connection, practice, row[0], question.today, question.subjects)
    found = await answer(connection, earlier, then, small)
    return Restated(row[0], found.rows[0].figures[0])
