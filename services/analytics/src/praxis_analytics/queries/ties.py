"""Drill = figure: the rows behind every component of every metric come to what answers take."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import LiteralString

from praxis_analytics.domain.findings import Finding
from praxis_analytics.domain.periods import Range, relative
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Metric, Part
from praxis_analytics.queries.answers import State, components, state_at
from praxis_analytics.queries.drill import amount_of
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import NotFound

Known = dict[tuple[Part, Range], Decimal | None]


async def ties(connection: Connection, practice_id: uuid.UUID) -> AsyncIterator[Finding]:
    """One finding per subject, from one snapshot, none for a practice that is not there.

    Looked at are the last complete month and year, and all of the time that has facts. A finding
    that does not hold names the first metric, component and period with both values.
    """
    begin: LiteralString = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    async with transaction(connection, begin, practice_id, 600_000):
        try:
            practice = await get_practice(connection, practice_id)
        except NotFound:
            return
        every = _about_everything(practice)
        state = await state_at(connection, practice, None, practice.today, every.subjects)
        for subject in sorted({metric.subject for metric in METRICS.values()}):
            yield await _subject(connection, subject, every, state)


def _about_everything(practice: Practice) -> Question:
    return Question(
        metrics=tuple(METRICS),
        period=Range(practice.today, practice.today),
        today=practice.today,
        time_zone=practice.time_zone,
        accrual_basis=practice.accrual_basis,
        active_months=practice.active_patient_months,
    )


async def _subject(connection: Connection, subject: str, every: Question, state: State) -> Finding:
    known: Known = {}
    tied = 0
    for metrics, variants in _readings(subject):
        for period in _periods(every.today, state):
            question = replace(every, metrics=metrics, variants=variants, period=period)
            wrong, count = await _differs(connection, question, state, known)
            if wrong:
                return Finding(f"drill = figure, {subject}", False, wrong)
            tied += count
    detail = f"{tied} components as their rows" if tied else "no facts"
    return Finding(f"drill = figure, {subject}", True, detail)


def _readings(subject: str) -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """The metrics of a subject as they are, then those that have variants in each of them."""
    metrics = [one for one in METRICS.values() if one.subject == subject and one.parts]
    if metrics:
        yield tuple(metric.id for metric in metrics), ()
    for turn in range(max((len(metric.variants) for metric in metrics), default=0)):
        able = [metric for metric in metrics if len(metric.variants) > turn]
        chosen = tuple((metric.id, metric.variants[turn].id) for metric in able)
        yield tuple(metric.id for metric in able), chosen


def _periods(today: date, state: State) -> list[Range]:
    whole = [relative(f"previous_{unit}", today) for unit in ("month", "year")]
    if state.tables:
        first = min(span.first for span in state.tables.values())
        whole.append(Range(first, max(today, *(span.last for span in state.tables.values()))))
    return whole


async def _differs(
    connection: Connection, question: Question, state: State, known: Known
) -> tuple[str, int]:
    """The first component that is not what its rows come to (empty: none), and how many are.

    A part that stands in several metrics is summed once.
    """
    tied, period = 0, question.period
    if not any(state.has(part, period) for metric in question.uses for part in metric.parts):
        return "", 0
    figures = await components(connection, question, state)
    for metric, part in _parts(question):
        if not state.has(part, period):
            continue
        if (part, period) not in known:
            known[part, period] = await amount_of(connection, question, part, state)
        rows = known[part, period]
        figure = figures.get(part.id, None if part.adds == "value" else Decimal(0))
        if rows != figure:
            span = f"{period.start} to {period.end}"
            return f"{metric.id}, {part.id}, {span}: rows {rows}, figure {figure}", tied
        tied += 1
    return "", tied


def _parts(question: Question) -> Iterator[tuple[Metric, Part]]:
    return ((metric, part) for metric in question.uses for part in metric.parts)
