"""Imports a stored data set into a practice of its own, and asks its facts and figures."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from conftest import enter_as
from praxis_analytics.application.import_fhir import import_fhir
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.application.import_synthea import import_synthea
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.model import Computed
from praxis_analytics.queries.answers import answer, state_at
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import Practice, add_practice, get_practice
from praxis_chassis.database import Connection, transaction

ZONE = "America/New_York"
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
Figures = dict[str, Computed]
IMPORTS = {"fhir": import_fhir, "synthea": import_synthea}


async def connect(settings: Settings) -> Connection:
    return await psycopg.AsyncConnection.connect(
        settings.conninfo("app"), autocommit=True, prepare_threshold=None
    )


async def load_set(
    settings: Settings, source: str, folder: Path, as_of: date, *, overlay: bool
) -> tuple[Practice, ImportResult]:
    """A new practice with the set in it, as of a day."""
    practice_id = uuid.uuid4()
    enter_as(practice_id)
    async with await connect(settings) as connection:
        async with transaction(connection, "BEGIN", practice_id, 10_000):
            await add_practice(connection, practice_id, folder.name, ZONE)
            practice = await get_practice(connection, practice_id)
        load: Callable[..., Awaitable[ImportResult]] = IMPORTS[source]
        result = await load(connection, practice, folder, overlay=overlay, as_of=as_of)
        async with transaction(connection, READ, practice_id, 10_000):
            return await get_practice(connection, practice_id), result


async def ask(
    connection: Connection,
    practice: Practice,
    metrics: tuple[str, ...],
    start: date,
    end: date,
    **more: Any,
) -> Figures:
    """Figures by metric id; of a split or bucketed question the first by key, month or day."""
    enter_as(practice.practice_id)
    question = Question(
        metrics=metrics,
        period=Range(start, end),
        today=practice.today,
        time_zone=practice.time_zone,
        accrual_basis=False,
        **more,
    )
    async with transaction(connection, READ, practice.practice_id, 60_000):
        state = await state_at(connection, practice, None, practice.today, question.subjects)
        found = await answer(connection, question, state)
    if not question.grain and not question.dimensions:
        return dict(zip(metrics, found.rows[0].figures, strict=True))
    length = len("2025-01") if question.grain == "month" else len("2025-01-31")
    return {
        (row.bucket.isoformat()[:length] if row.bucket else row.key or ""): row.figures[0]
        for row in found.rows
    }


async def rows(connection: Connection, practice: Practice, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a statement that names its practice as `%(practice)s` and its zone as `%(zone)s`."""
    values = {"practice": practice.practice_id, "zone": practice.time_zone}
    async with transaction(connection, READ, practice.practice_id, 60_000):
        return await (await connection.execute(sql.encode(), values)).fetchall()
