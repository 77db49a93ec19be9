"""Every shape of SQL that questions on facts become plans, and would run practice by practice."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date

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


@pytest.mark.parametrize("newest", [True, False])
async def test_every_shape_plans(
    connection: Connection, new_practice: NewPractice, newest: bool
) -> None:
    """Once per text; what differs in parameters only is one shape."""
    practice = await new_practice()
    shapes = {
        statement.sql: statement for metric in ASKED for statement in _compiled(metric, newest)
    }
    # Each tenth: metrics of one source differ in aggregates, and share joins and conditions.
    chosen = list(shapes.values())[::10]
    async with transaction(connection, READ, practice.practice_id, 60_000):
        for one in chosen:
            await connection.execute(f"explain {one.sql}".encode(), one.parameters)
    assert len(chosen) > 50
