"""Explains figures: the sums behind them, the facts counted, and those left out and why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from praxis_analytics.domain.metrics import Part
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.answers import State
from praxis_analytics.queries.compile import facts_as_of, flow_condition, open_balance
from praxis_chassis.database import Connection


@dataclass(frozen=True)
class Component:
    """One part of a formula: its sum, rows counted, and rows left out by reason."""

    part: Part
    value: Decimal | None
    counted: int
    left_out: Mapping[str, int]


async def _voided(connection: Connection, table: str, practice_id: uuid.UUID) -> int:
    cursor = await connection.execute(
        f"select count(*) from {table} where practice_id = %s and voided".encode(), (practice_id,)
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def component(
    connection: Connection, question: Question, part: Part, state: State
) -> Component:
    """Counts what stands behind one part, in the caller's read transaction."""
    if part.snapshot:
        return await _snapshot(connection, question, part, state)
    condition, parameters = flow_condition(question, part, question.period, state.newest)
    kind, aggregate = part.where, part.aggregate.format(zone="%(zone)s")
    cursor = await connection.execute(
        (
            f"select {aggregate} filter (where {condition} and ({kind})),"
            f" count(*) filter (where {condition} and ({kind})),"
            f" count(*) filter (where not ({kind}) is true),"
            f" count(*) filter (where ({kind}) and not ({condition}))"
            f" from {facts_as_of(part.table, state.newest)} f where f.practice_id = %(practice)s"
        ).encode(),
        {**state.scope, **parameters},
    )
    row = await cursor.fetchone()
    value, counted, other, outside = row if row is not None else (None, 0, 0, 0)
    left_out = {
        "outside_period": outside,
        "other_kind_of_entry": other,
        "voided": await _voided(connection, part.table, state.practice_id),
    }
    known = Decimal(value or 0) if state.has(part, question.period) else None
    return Component(part, known, counted, {k: v for k, v in left_out.items() if v})


async def _snapshot(
    connection: Connection, question: Question, part: Part, state: State
) -> Component:
    """A balance: its rows are claims and self-pay visits with something still open."""
    open_ones, others = (f"count(*) filter (where b.balance {sign} 0)" for sign in (">", "<="))
    statement = open_balance(
        question, part, question.period, state.scope, state.newest, open_ones, others
    )
    cursor = await connection.execute(statement.sql.encode(), statement.parameters)
    rows = await cursor.fetchall()
    value = sum((Decimal(row[4] or 0) for row in rows), Decimal(0))
    settled = sum(row[6] for row in rows)
    return Component(
        part,
        value if state.has(part, question.period) else None,
        sum(row[5] for row in rows),
        {"settled_or_credit": settled} if settled else {},
    )
