"""Explains figures: the sums behind them, the facts counted, and those left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.model import Part
from praxis_analytics.queries.answers import State
from praxis_analytics.queries.compile import in_period, kept, value_of
from praxis_analytics.queries.sources import facts_as_of, from_source
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
    """Counts what stands behind one part, in the caller's read transaction.

    At a moment the rows are what a source makes of facts: a balance is open, or it is left out.
    """
    inside, parameters = in_period(part, question, question.period)
    joins, passing, filter_parameters = kept(question, part, state.newest)
    meant, whole = f"({part.where})", f"{inside} and {passing}"
    voided = "0"
    if not part.source.moment:
        table = facts_as_of(part.source.kind.table, state.newest, voided=True)
        voided = f"(select count(*) from {table} v)"
    columns = (
        f"{value_of(part, whole)}, count(*) filter (where {meant} and {whole}),"
        f" count(*) filter (where {meant} is not true),"
        f" count(*) filter (where {meant} and ({inside}) is not true),"
        f" count(*) filter (where {meant} and {inside} and not ({passing})), {voided}"
    )
    facts = from_source(part.source, (columns, joins), state.newest, settled=True)
    cursor = await connection.execute(
        f"select {columns} from {facts}{joins}".encode(),
        {**state.scope, **parameters, **filter_parameters},
    )
    ((value, rows, *left_out),) = await cursor.fetchall()
    known = Decimal(value or 0) if state.has(part, question.period) else None
    names = ("settled_or_credit", *_LEFT_OUT[1:]) if part.source.moment else _LEFT_OUT
    reasons = {name: count for name, count in zip(names, left_out, strict=True) if count}
    return Component(part, known, rows, reasons)
