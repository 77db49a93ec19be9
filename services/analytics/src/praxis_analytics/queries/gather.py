"""Runs the statements of questions, many in one round trip, and adds up what they yield."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS
from praxis_analytics.domain.registry.model import Metric, Part
from praxis_analytics.queries.compile import Parameters, Statement
from praxis_analytics.queries.rollups import Dirty, statements
from praxis_chassis.database import Connection

# The values of a question's dimensions, and what people call them.
Keys = tuple[str, ...]
Cell = tuple[date | None, Keys]
Sums = dict[str, Decimal]


@dataclass
class Gathered:
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
class Asked:
    """One period of a question, and parts to sum besides its own."""

    question: Question
    period: Range
    more: tuple[Part, ...] = ()


async def gather(
    connection: Connection, asked: Sequence[Asked], scope: Parameters, newest: bool, dirty: Dirty
) -> list[Gathered]:
    """The sums of every part of each that is asked; one round trip for all."""
    known = frozenset(dirty.items())
    compiled = [_compiled(one, newest, known) for one in asked]
    async with connection.pipeline():
        cursors = [
            await connection.execute(statement.sql.encode(), {**statement.parameters, **scope})
            for each in compiled
            for statement in each
        ]
        # Read in the order of asking, while the server works on those that follow.
        answered_by = iter(cursors)
        return [
            await _gathered(one.question, each, answered_by)
            for one, each in zip(asked, compiled, strict=True)
        ]


@lru_cache(256)
def _compiled(
    asked: Asked, newest: bool, dirty: frozenset[tuple[str, frozenset[date]]]
) -> tuple[Statement, ...]:
    """The statements of what is asked; they hold neither practice nor revision."""
    found = statements(asked.question, asked.period, {}, newest, asked.more, dict(dirty))
    return tuple(found)


async def _gathered(
    question: Question, compiled: Sequence[Statement], cursors: Iterator[AsyncCursor[TupleRow]]
) -> Gathered:
    found = Gathered()
    for statement in compiled:
        for row in await next(cursors).fetchall():
            _gather(found, question, statement, row)
    return found


def _gather(found: Gathered, question: Question, statement: Statement, row: Sequence[Any]) -> None:
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
