"""Every shape of SQL that questions on facts become plans, and runs practice by practice.

On PostgreSQL always; with PRAXIS_TEST_CITUS_DSN on Citus as well, where each has to be the task
of one shard. It names a database that has the extension; what is made there is rolled back.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import psycopg
import pytest

from conftest import NewPractice
from praxis_analytics.domain.facts import KINDS
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import dimensions_of
from praxis_analytics.domain.registry.model import Metric
from praxis_analytics.queries.compile import Statement, statements
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.integration.loaded import READ

YEAR, TODAY = Range(date(2024, 7, 1), date(2025, 6, 30)), date(2025, 6, 30)
ASKED = [metric for metric in METRICS.values() if not metric.absent]
_TABLES = "|".join(name for kind in KINDS for name in (kind.table, f"{kind.table}_history"))
_READ = re.compile(rf"\b(?:from|join)\s+(?:{_TABLES})\b")
_OF_PRACTICE = re.compile(rf"\bfrom\s+(?:{_TABLES})\s+where practice_id = %\(practice\)s")
# What depends on the session, the moment or chance: a shard has none of the caller's settings.
_LOOSE = re.compile(
    r"\b(now\(|random\(|current_(?:date|time|timestamp|setting)\b|set_config|clock_timestamp|"
    r"statement_timestamp|localtime|for update|merge into)"
)


def _compiled(metric: Metric, newest: bool) -> Iterator[Statement]:
    """The metric as a whole, by time, and by each of its dimensions."""
    splits: list[tuple[tuple[str, ...], str]] = [((), "")]
    splits += [((name,), "") for name in dimensions_of(metric)]
    splits += [((), "month")] if metric.trendable else []
    scope = {"practice": uuid.uuid4(), "revision": 1}
    for dimensions, grain in splits:
        question = Question(
            (metric.id,), YEAR, TODAY, "America/New_York", accrual_basis=False,
            dimensions=dimensions, grain=grain,
        )  # fmt: skip
        yield from statements(question, YEAR, scope, newest)


@pytest.mark.parametrize("newest", [True, False])
def test_every_table_is_read_for_one_practice_and_nothing_hangs_on_the_session(
    newest: bool,
) -> None:
    seen = 0
    for metric in ASKED:
        for statement in _compiled(metric, newest):
            sql = statement.sql.lower()
            seen += (reads := len(_READ.findall(sql)))
            assert reads == len(_OF_PRACTICE.findall(sql)), (metric.id, sql)
            assert not _LOOSE.search(sql), (metric.id, sql)
            assert "date_trunc" not in sql or "::timestamp)" in sql, (metric.id, sql)
    assert seen > 1000


def _shapes(newest: bool) -> list[Statement]:
    """Each text once; what differs in parameters only is one shape."""
    found = {one.sql: one for metric in ASKED for one in _compiled(metric, newest)}
    # Each tenth: metrics of one source differ in aggregates, and share joins and conditions.
    return list(found.values())[::10]


_CITUS = os.environ.get("PRAXIS_TEST_CITUS_DSN", "")
_DISTRIBUTED = """
select c.relname, string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ')
from pg_class c join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped
where c.relnamespace = 'public'::regnamespace and obj_description(c.oid) ~ '^distributed'
group by 1 order by 1
"""


@asynccontextmanager
async def _citus(superuser: psycopg.Connection[Any]) -> AsyncIterator[psycopg.AsyncCursor[Any]]:
    """The tables of practices as they are here, each distributed by its practice."""
    async with await psycopg.AsyncConnection.connect(_CITUS) as opened:
        # Values go into the text, so that the planner sees which practice is meant.
        cursor = psycopg.AsyncClientCursor(opened)
        await cursor.execute("create schema shapes")
        await cursor.execute("set local search_path to shapes, public")
        for table, columns in superuser.execute(_DISTRIBUTED).fetchall():
            await cursor.execute(f"create table {table} ({columns})".encode())
            await cursor.execute("select create_distributed_table(%s, 'practice_id')", (table,))
        yield cursor
        await opened.rollback()


@pytest.mark.parametrize("newest", [True, False])
@pytest.mark.parametrize("store", ["postgresql", *(["citus"] if _CITUS else [])])
async def test_every_shape_plans(
    connection: Connection,
    new_practice: NewPractice,
    superuser: psycopg.Connection[Any],
    store: str,
    newest: bool,
) -> None:
    chosen = _shapes(newest)
    assert len(chosen) > 50
    if store == "citus":
        async with _citus(superuser) as cursor:
            for one in chosen:
                await cursor.execute(f"explain {one.sql}".encode(), one.parameters)
                plan = "\n".join(line for (line,) in await cursor.fetchall())
                assert "Task Count: 1\n" in plan, one.sql
        return
    practice = await new_practice()
    async with transaction(connection, READ, practice.practice_id, 60_000):
        for one in chosen:
            await connection.execute(f"explain {one.sql}".encode(), one.parameters)
