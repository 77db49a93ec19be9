"""Explains figures: the sums behind them, the facts counted, and those left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from praxis_analytics.domain.metrics import Part
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.answers import State
from praxis_analytics.queries.compile import facts_as_of, in_period, kept, open_balance, source_of
from praxis_chassis.database import Connection


@dataclass(frozen=True)
class Component:
    """One part of a formula: its sum, rows counted, and rows left out by reason."""

    part: Part
    value: Decimal | None
    counted: int
    left_out: Mapping[str, int]


_LEFT_OUT = ("other_kind_of_entry", "outside_period", "filtered", "voided")


async def component(
    connection: Connection, question: Question, part: Part, state: State
) -> Component:
    """Counts what stands behind one part, in the caller's read transaction."""
    if part.snapshot:
        return await _snapshot(connection, question, part, state)
    inside, parameters = in_period(part, question, question.period)
    passing, filter_parameters = kept(question, state.newest)
    meant, aggregate = f"({part.where})", part.aggregate.format(zone="%(zone)s")
    counted = f"filter (where {meant} and {inside} and {passing})"
    voided = facts_as_of(part.table, state.newest, voided=True)
    cursor = await connection.execute(
        (
            f"select {aggregate} {counted}, count(*) {counted},"
            f" count(*) filter (where {meant} is not true),"
            f" count(*) filter (where {meant} and ({inside}) is not true),"
            f" count(*) filter (where {meant} and {inside} and not ({passing})),"
            f" (select count(*) from {voided} v)"
            f" from {source_of(part.table, state.newest)} f where f.practice_id = %(practice)s"
        ).encode(),
        {**state.scope, **parameters, **filter_parameters},
    )
    ((value, rows, *left_out),) = await cursor.fetchall()
    known = Decimal(value or 0) if state.has(part, question.period) else None
    reasons = {name: count for name, count in zip(_LEFT_OUT, left_out, strict=True) if count}
    return Component(part, known, rows, reasons)


async def _snapshot(
    connection: Connection, question: Question, part: Part, state: State
) -> Component:
    """A balance: its rows are claims and self-pay visits with something still open."""
    value, counted, settled = await _balances(connection, question, part, state)
    filtered = 0
    if question.filters:
        whole = replace(question, filters=())
        _, *everyone = await _balances(connection, whole, part, state)
        filtered = sum(everyone) - counted - settled
    reasons = {"settled_or_credit": settled, "filtered": filtered}
    return Component(
        part,
        value if state.has(part, question.period) else None,
        counted,
        {name: count for name, count in reasons.items() if count},
    )


async def _balances(
    connection: Connection, question: Question, part: Part, state: State
) -> tuple[Decimal, int, int]:
    """Sum of the open balances, how many they are, and how many others there are."""
    counts = (f"count(*) filter (where b.balance {sign} 0)" for sign in (">", "<="))
    statement = open_balance(question, part, question.period, state.scope, state.newest, *counts)
    cursor = await connection.execute(statement.sql.encode(), statement.parameters)
    rows = await cursor.fetchall()
    value = sum((Decimal(row[4] or 0) for row in rows), Decimal(0))
    return value, sum(row[5] for row in rows), sum(row[6] for row in rows)
